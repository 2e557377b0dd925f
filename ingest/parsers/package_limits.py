"""The zip packages that office files are: their sizes held to limits, their XML read safely."""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from lxml import etree

from ingest.errors import DamagedFile, EncryptedFile, LimitExceeded, SourceError

MAX_ENTRIES = 10_000
MAX_UNPACKED = 1_000_000_000
MAX_PART = 100_000_000
#: Real documents pack 5 to 30 times; zip bombs 1,000 times.
MAX_RATIO = 200
RATIO_MATTERS_FROM = 20_000_000
#: Names in the parts that hold a file's own properties.
CORE = {
    "title": "title",
    "creator": "author",
    "subject": "subject",
    "created": "created",
    "modified": "modified",
    "language": "language",
}
APP = {"Company": "publisher"}
#: What ``zipfile`` raises on packages with broken bytes (OSError: a place outside the file).
BROKEN_ZIP = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError),
    *(NotImplementedError, RuntimeError, ValueError),
)
#: What libraries raise on packages whose bytes are whole and whose content is not.
BROKEN_CONTENT = (
    *BROKEN_ZIP,
    *(etree.LxmlError, KeyError, IndexError, TypeError, AttributeError, AssertionError),
    *(RecursionError, ArithmeticError, StopIteration, SyntaxError, NameError),
)


def check_package(package: zipfile.ZipFile, noun: str) -> None:
    """Hold a package to the limits, before anything of it is unpacked.

    Args:
        package: Open for reading.
        noun: What it is, for the errors: "Word document".

    Raises:
        LimitExceeded: It has too many parts, or unpacks to too much.
        EncryptedFile: A part of it is encrypted.
    """
    entries = package.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if len(entries) > MAX_ENTRIES:
        raise LimitExceeded(
            f"The {noun} holds {len(entries):,} parts, the limit is {MAX_ENTRIES:,}. "
            "No document needs that many; do not open it."
        )
    swollen = unpacked > RATIO_MATTERS_FROM and unpacked > MAX_RATIO * max(1, packed)
    if unpacked > MAX_UNPACKED or swollen:
        raise LimitExceeded(
            f"The {noun} unpacks from {packed:,} to {unpacked:,} bytes; the limits are "
            f"{MAX_UNPACKED:,} bytes and {MAX_RATIO} times its size. It may be a zip bomb; "
            "do not open it."
        )


@contextmanager
def opened(path: Path, noun: str, program: str) -> Iterator[zipfile.ZipFile]:
    """Open an office file's package for a with-block, in which whatever breaks is the file's fault.

    Args:
        path: The file.
        noun: What it is, for the errors.
        program: The program to mend it with.

    Raises:
        DamagedFile: It is broken.
        EncryptedFile: It needs a password.
        LimitExceeded: It unpacks to too much.
        SourceError: It cannot be read.
    """
    try:
        with path.open("rb") as stream:
            stream.read(1)
    except OSError as exc:
        raise SourceError(
            f"Cannot read {str(path)!r}: {exc.strerror or exc}. Check that it is there and "
            "that you may read it."
        ) from exc
    try:
        with zipfile.ZipFile(path) as package:
            check_package(package, noun)
            if any(entry.flag_bits & 1 for entry in package.infolist()):
                raise EncryptedFile(f"The {noun} is encrypted. Save it without a password.")
            yield package
    except MemoryError:
        raise
    except BROKEN_CONTENT as exc:
        raise DamagedFile(
            f"The {noun} is damaged ({type(exc).__name__}: {str(exc)[:200]}). Open it in "
            f"{program}, save it anew and add that."
        ) from exc


def read_part(package: zipfile.ZipFile, name: str, noun: str) -> etree._Element | None:
    """Return the root of a part's XML, or None where there is no such part.

    Entities are not resolved, nothing is fetched, comments are dropped.

    Raises:
        DamagedFile: It declares a document type.
        LimitExceeded: It is too large.
    """
    if name not in package.NameToInfo:
        return None
    with package.open(name) as stream:
        data = stream.read(MAX_PART + 1)
    if len(data) > MAX_PART:
        raise LimitExceeded(
            f"The part {name!r} of the {noun} has more than {MAX_PART:,} bytes. Split the "
            "document into parts and add those."
        )
    root = etree.fromstring(data, safe_parser())
    if root.getroottree().docinfo.internalDTD is not None:
        raise DamagedFile(f"The part {name!r} of the {noun} declares a document type.")
    return root


def mended(package: zipfile.ZipFile) -> tuple[IO[bytes], int]:
    """Copy a package with its broken pictures and sounds empty; returns how many they were.

    A broken part of XML stays broken: the error is the caller's to tell.
    """
    target = io.BytesIO()
    broken = 0
    with zipfile.ZipFile(target, "w") as copy:
        for entry in package.infolist():
            try:
                data = package.read(entry)
            except BROKEN_ZIP:
                if entry.filename.lower().endswith((".xml", ".rels")):
                    raise
                data, broken = b"", broken + 1
            copy.writestr(entry.filename, data)
    target.seek(0)
    return target, broken


def core_properties(package: zipfile.ZipFile, noun: str) -> dict[str, str]:
    """Return title, author … as the file has them."""
    found: dict[str, str] = {}
    for part, names in (("docProps/core.xml", CORE), ("docProps/app.xml", APP)):
        try:
            tree = read_part(package, part, noun)
        except (DamagedFile, LimitExceeded, *BROKEN_CONTENT):
            continue
        for child in tree if tree is not None else ():
            key = names.get(etree.QName(child).localname)
            if key and child.text:
                found.setdefault(key, child.text.strip())
    return found


def safe_parser() -> etree.XMLParser:
    """Return a parser that resolves no entities and fetches nothing."""
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
