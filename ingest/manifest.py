"""What a library's keeper says about documents: ``manifest.csv`` or ``manifest.yaml``.

A manifest wins over what was read from the files. An empty cell says nothing. Every
mistake is reported at once, by row and column, and a manifest with a mistake is not used
at all: a slip in it could show a document to the wrong people.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path, PurePath
from typing import Self

from ingest.errors import ManifestError
from ingest.manifest_rows import COLUMNS, Row, check_header, read_rows
from ingest.manifest_values import check_row
from ingest.types import AccessLevel, Metadata, SourceFile, Why

#: A manifest may lie in a library's root under these names, in this order of preference.
NAMES = ("manifest.csv", "manifest.yaml", "manifest.yml")
_NOT_DOCUMENTS = frozenset((*NAMES, "manifest.json"))
#: So many mistakes are spelled out; the rest are counted.
_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Overrides:
    """What a manifest says about one file; None means it says nothing.

    The fields are those of ``ingest.types.Metadata``.
    """

    title: str | None = None
    year: int | None = None
    kind: str | None = None
    languages: tuple[str, ...] | None = None
    countries: tuple[str, ...] | None = None
    publisher: tuple[str, ...] | None = None
    access: AccessLevel | None = None
    groups: tuple[str, ...] | None = None
    source_url: str | None = None

    def apply(self, metadata: Metadata) -> Metadata:
        """Return the metadata with everything said here put in its place."""
        said = self._said()
        why = [entry for entry in metadata.why if entry.field not in said]
        why += [Why(name, "manifest", "the manifest wins over the file") for name in said]
        return replace(metadata, **said, why=tuple(why))  # type: ignore[arg-type]  # same fields

    def within(self, holder: Overrides | None) -> Overrides:
        """Return what is said of a file that lies in another: its own first, then the other's.

        Title and languages are each file's own; access and groups go together.
        """
        if holder is None:
            return self
        said = holder._said()
        own = ("title", "languages", *(("groups",) if self.access is not None else ()))
        return replace(
            self,
            **{
                name: value
                for name, value in said.items()
                if name not in own and getattr(self, name) is None
            },  # type: ignore[arg-type]  # the same fields
        )

    def to_json(self) -> dict[str, object]:
        """Return a plain dictionary of what is said, fit for JSON."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in self._said().items()
        }

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> Self:
        """Make it from what ``to_json`` gave."""
        known = {f.name for f in fields(cls)}
        said = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in data.items()
            if name in known and value is not None
        }
        if "access" in said:
            said["access"] = AccessLevel(str(said["access"]))
        return cls(**said)  # type: ignore[arg-type]  # the names were checked against the fields

    def _said(self) -> dict[str, object]:
        named = ((f.name, getattr(self, f.name)) for f in fields(self))
        return {name: value for name, value in named if value is not None}


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest that was read and found right.

    Attributes:
        path: The manifest file, absolute.
        entries: What it says, by file name as in ``key_of``; relative to its folder.
        warnings: What was passed over, one sentence each.
    """

    path: Path
    entries: Mapping[str, Overrides]
    warnings: tuple[str, ...] = ()
    _folded: Mapping[str, str | None] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        sizes = Counter(key.casefold() for key in self.entries)
        folded = {
            key.casefold(): key if sizes[key.casefold()] == 1 else None for key in self.entries
        }
        object.__setattr__(self, "_folded", folded)

    def find(self, path: Path, file: str) -> Overrides | None:
        """Return what is said about a file, or None.

        Args:
            path: Its absolute path; tried first, relative to the manifest's folder.
            file: Its name relative to the root it was found under; tried second.

        Upper and lower case count at first; then not, unless that fits two rows.
        """
        key = self._match(path, file)
        return None if key is None else self.entries[key]

    def unmatched(self, found: Iterable[SourceFile]) -> list[str]:
        """Return the manifest's file names that no found file answers to, in its order."""
        matched = {self._match(source.path, source.file) for source in found}
        return [key for key in self.entries if key not in matched]

    def _match(self, path: Path, file: str) -> str | None:
        keys = [key_of(str(path)), key_of(file)]
        if path.is_relative_to(self.path.parent):
            keys.insert(0, key_of(path.relative_to(self.path.parent).as_posix()))
        for key in keys:
            if key in self.entries:
                return key
        for key in keys:
            if (exact := self._folded.get(key.casefold())) is not None:
                return exact
        return None


def strictest(said: Iterable[Overrides]) -> Overrides:
    """Return the access of the most closed of some files, and nothing else.

    Files that are restricted to different groups make one that only keepers may read.
    """
    levels = list(AccessLevel)
    found = [one for one in said if one.access is not None]
    if not found:
        return Overrides()
    access = max((one.access for one in found if one.access), key=levels.index)
    if access is not AccessLevel.RESTRICTED:
        return Overrides(access=access)
    groups = [set(one.groups or ()) for one in found if one.access is access]
    return Overrides(access=access, groups=tuple(sorted(set.intersection(*groups))))


def key_of(file: str) -> str:
    """Return a file name in the form it is compared in: NFC, forward slashes, no ``./``."""
    name = unicodedata.normalize("NFC", file.strip()).replace("\\", "/")
    while name.startswith("./"):
        name = name[2:]
    return name


def load(path: Path) -> Manifest:
    """Read a manifest, CSV or YAML by its ending.

    CSV: separated by comma, semicolon or tab; UTF-8, UTF-16 with a byte order mark, or
    Windows-1252. YAML: a list of mappings with ``file``, or a mapping of files to fields.

    Raises:
        ManifestError: It cannot be read, or holds mistakes; the text names each of them.
    """
    path = path.absolute().resolve()
    columns, rows = read_rows(path)
    warnings, mistakes = check_header(path.name, columns)
    _stop_at(path, mistakes)
    entries: dict[str, Overrides] = {}
    places: dict[str, str] = {}
    for row in rows:
        key, overrides, wrong = _entry(path.name, row)
        mistakes += wrong
        if key and key in entries:
            mistakes.append(
                f"{path.name}, {row.place}, column 'file': {key!r} stands in"
                f" {places[key]} already; keep one of the two"
            )
        elif key:
            entries[key], places[key] = overrides, row.place
    _stop_at(path, mistakes)
    return Manifest(path=path, entries=entries, warnings=tuple(warnings))


def _entry(name: str, row: Row) -> tuple[str, Overrides, list[str]]:
    values, wrong = check_row(row)
    key = key_of(row.cells.get("file", ""))
    if not key:
        wrong.append(("file", "the cell is empty; name the file that the row is about"))
    mistakes = [f"{name}, {row.place}, column {column!r}: {text}" for column, text in wrong]
    mistakes += [f"{name}, {row.place}: {text}" for text in row.mistakes]
    return key, Overrides.from_json(values) if not mistakes else Overrides(), mistakes


def _stop_at(path: Path, mistakes: list[str]) -> None:
    if not mistakes:
        return
    shown = mistakes[:_SHOWN]
    if len(mistakes) > _SHOWN:
        shown.append(f"… and {len(mistakes) - _SHOWN} more")
    many = "1 mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"
    raise ManifestError(
        f"The manifest {str(path)!r} has {many}; nothing of it was used:\n" + "\n".join(shown)
    )


def find_manifest(root: Path) -> Path | None:
    """Return the manifest in a folder: a file so named whose header has a ``file`` column.

    A broken file with such a name is returned too, so that ``load`` can say what is wrong.
    """
    for name in NAMES:
        path = root / name
        if path.is_file() and _is_ours(path):
            return path
    return None


def is_manifest(path: PurePath) -> bool:
    """Tell whether a file is, by its name, a manifest and so not a document."""
    return path.name.casefold() in _NOT_DOCUMENTS


def _is_ours(path: Path) -> bool:
    try:
        columns, rows = read_rows(path)
    except ManifestError:
        return True
    return "file" in columns and (not rows or any(not row.mistakes for row in rows))


__all__ = [
    "COLUMNS",
    "Manifest",
    "Overrides",
    "find_manifest",
    "is_manifest",
    "key_of",
    "load",
    "strictest",
]
