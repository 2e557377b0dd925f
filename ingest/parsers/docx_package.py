"""The package of a Word document: its parts, unpacked within limits and read without entities."""

from __future__ import annotations

import re
import zipfile
from pathlib import PurePosixPath
from typing import IO

from lxml import etree

from ingest.errors import DamagedFile, EncryptedFile, LimitExceeded
from ingest.parsers.package_limits import (
    APP,
    BROKEN_ZIP,
    CORE,
    MAX_PART,
    check_package,
    safe_parser,
)

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
RELATIONS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
#: The strict variant of the format differs in these names only.
_STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", WORD),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", RELATIONS),
    (b"http://purl.oclc.org/ooxml/officeDocument/math", MATH),
)
_MAIN_PART = re.compile(r"word/document\d*\.xml", re.IGNORECASE)


def damaged(why: str) -> DamagedFile:
    """Return the error for a Word document that is broken in the way ``why`` says."""
    return DamagedFile(
        f"The Word document is damaged: {why}. Open it in Word, save it anew and add that."
    )


class Package:
    """The parts of a .docx, each read within limits."""

    def __init__(self, stream: IO[bytes]) -> None:
        try:
            self._zip = zipfile.ZipFile(stream)
        except BROKEN_ZIP as exc:
            raise damaged(f"it cannot be unpacked ({exc})") from exc
        check_package(self._zip, "Word document")
        self._names = {name.lower(): name for name in self._zip.namelist()}
        self._by_id: dict[str, str] | None = None
        self._main_name = self._find_main()
        main = self.part(self._main_name)
        if main is None:
            raise damaged("it has no main part 'word/document.xml'")
        self.main = main
        self._targets = self._relations(self._main_name)

    def _find_main(self) -> str:
        for kind, target in self._relations("").items():
            if kind == "officeDocument":
                return target
        found = sorted(name for name in self._names.values() if _MAIN_PART.fullmatch(name))
        return found[0] if found else "word/document.xml"

    def _relations(self, part: str) -> dict[str, str]:
        """Map the last word of a relation's type to the part it names."""
        home = PurePosixPath(part).parent
        tree = self.part(str(home / "_rels" / f"{PurePosixPath(part).name}.rels"))
        found: dict[str, str] = {}
        for relation in tree if tree is not None else ():
            target = relation.get("Target", "")
            if relation.get("TargetMode") != "External" and target:
                name = target.lstrip("/") if target.startswith("/") else str(home / target)
                found.setdefault(relation.get("Type", "").rpartition("/")[2], name)
        return found

    def by_id(self, name: str) -> etree._Element | None:
        """Return the part that the main part refers to by a relation's id, if it is there."""
        part = self._names_by_id().get(name)
        return self.part(part) if part else None

    def picture(self, name: str) -> bytes | None:
        """Return the bytes of a picture by its relation's id; None where it cannot be had."""
        actual = self._names.get(self._names_by_id().get(name, "").lower())
        entry = self._zip.getinfo(actual) if actual is not None else None
        if entry is None or entry.file_size > MAX_PART:
            return None
        try:
            return self._zip.read(entry)
        except BROKEN_ZIP:
            return None

    def _names_by_id(self) -> dict[str, str]:
        """Map the ids of the main part's relations to the parts they name."""
        if self._by_id is None:
            home = PurePosixPath(self._main_name).parent
            tree = self.part(str(home / "_rels" / f"{PurePosixPath(self._main_name).name}.rels"))
            self._by_id = {}
            for relation in tree if tree is not None else ():
                target = relation.get("Target", "")
                if target and relation.get("TargetMode") != "External":
                    whole = target.lstrip("/") if target[:1] == "/" else str(home / target)
                    self._by_id.setdefault(relation.get("Id", ""), whole)
        return self._by_id

    def related(self, kind: str) -> etree._Element | None:
        """Return the part that the main part relates to in this way, if it has one."""
        name = self._targets.get(kind)
        return self.part(name) if name else None

    def part(self, name: str) -> etree._Element | None:
        """Return the root of a part, or None where the package has no such part."""
        actual = self._names.get(name.lower())
        if actual is None:
            return None
        entry = self._zip.getinfo(actual)
        if entry.flag_bits & 1:
            raise EncryptedFile(
                f"The part {name!r} of the Word document is encrypted. Save it without a password."
            )
        if entry.file_size > MAX_PART:
            raise LimitExceeded(
                f"The part {name!r} of the Word document has {entry.file_size:,} bytes, the limit "
                f"is {MAX_PART:,}. Split the document into parts and add those."
            )
        try:
            with self._zip.open(entry) as stream:
                data = stream.read(MAX_PART + 1)
        except BROKEN_ZIP as exc:
            raise damaged(f"its part {name!r} cannot be unpacked ({exc})") from exc
        return read_xml(data, name)

    def properties(self) -> dict[str, str]:
        """Return title, author … from the document's own properties."""
        found: dict[str, str] = {}
        for part, names in (
            ("docProps/core.xml", CORE),
            ("docProps/app.xml", APP),
        ):
            tree = self.part(part)
            for child in tree if tree is not None else ():
                key = names.get(etree.QName(child).localname)
                if key and child.text:
                    found.setdefault(key, child.text.strip())
        return found


def read_xml(data: bytes, name: str) -> etree._Element:
    """Read a part's XML without entities, in the names of the transitional variant.

    Raises:
        DamagedFile: It is not well-formed, or declares a document type.
    """
    for strict, usual in _STRICT:
        data = data.replace(strict, usual.strip("{}").encode())
    try:
        root = etree.fromstring(data, safe_parser())
    except etree.XMLSyntaxError as exc:
        raise damaged(f"its part {name!r} is not well-formed ({exc.msg})") from exc
    if root.getroottree().docinfo.internalDTD is not None:
        raise damaged(f"its part {name!r} declares a document type, which Word never does")
    return root
