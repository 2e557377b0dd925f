"""ZIP archives, opened as the folders that they are."""

from __future__ import annotations

import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from ingest.errors import DamagedFile, EncryptedFile
from ingest.parsers.charset import guess
from ingest.unpack import Unpacker

_BLOCK = 1 << 18
_UTF8_NAME = 0x800
_ENCRYPTED = 1
#: What ``zipfile`` raises on archives with broken bytes.
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError),
    *(NotImplementedError, RuntimeError, ValueError),
)


def unpack(path: Path, into: Unpacker) -> None:
    """Take every file of an archive that is not hidden; what cannot be taken is noted.

    Raises:
        DamagedFile: It is no archive, or its directory is broken.
        EncryptedFile: All of its files need a password.
        LimitExceeded: It holds too much.
        OSError: It cannot be read, or the disk is full.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if entries and all(entry.flag_bits & _ENCRYPTED for entry in entries):
                raise EncryptedFile(
                    "The archive is protected by a password. Unpack it and add its folder."
                )
            for entry in entries:
                _take(archive, entry, into)
    except _BROKEN as exc:
        raise DamagedFile(
            f"The archive is damaged ({exc}). Copy it again from where it came from, or unpack "
            "what can be unpacked and add that folder."
        ) from exc


def _take(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, into: Unpacker) -> None:
    name = _name(entry)
    if into.leaves_out(name):
        return
    if entry.flag_bits & _ENCRYPTED:
        into.refuse(name, "it needs a password; unpack the archive and add its folder")
    elif stat.S_ISLNK(entry.external_attr >> 16):
        into.refuse(name, "it is a link; add the file that it leads to")
    else:
        try:
            into.take(name, _chunks(archive, entry))
        except _BROKEN as exc:
            into.refuse(name, f"it is damaged in the archive ({exc})")


def _chunks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(entry) as stream:
        while block := stream.read(_BLOCK):
            yield block


def _name(entry: zipfile.ZipInfo) -> str:
    """Return an entry's name; old programs wrote it in whatever encoding the machine had."""
    name = entry.filename
    if entry.flag_bits & _UTF8_NAME or name.isascii():
        return name
    try:
        raw = name.encode("cp437")
    except UnicodeEncodeError:
        return name
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode(guess(raw), "replace")
