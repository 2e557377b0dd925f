"""Finding the files that an ingest run is about."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import SourceError
from ingest.manifest import is_manifest
from ingest.types import Failed, SourceFile

#: A folder with this file is a library; its originals are no sources.
LIBRARY_FILE = "library.db"
_JUNK = frozenset({"thumbs.db", "desktop.ini"})
_LOCK_PREFIX = "~$"


@dataclass(frozen=True, slots=True)
class Walk:
    """What was found.

    Attributes:
        files: Every file once, in the order of root and path.
        ignored: Paths of what was left out on purpose (hidden, lock files, manifests, a
            library's folder), relative to their roots.
        failed: What could not be looked into, such as a folder without permission.
    """

    files: tuple[SourceFile, ...]
    ignored: tuple[str, ...] = ()
    failed: tuple[Failed, ...] = ()


def walk(paths: Sequence[Path]) -> Walk:
    """Find the files in ``paths``, which are files and folders.

    Links are followed, but no folder is entered twice, and a file that is reached in several
    ways counts once, preferably under its own name. The order of ``paths`` does not matter:
    of nested folders the outer one is the root. A file that is named itself is taken
    whatever it is called.

    Raises:
        SourceError: A path does not exist or cannot be read, or a folder holds no files.
    """
    finder = _Finder()
    resolved = {_resolve(path) for path in paths}
    for path in sorted(resolved, key=lambda path: (len(path.parts), path)):
        if path.is_dir():
            finder.add_folder(path)
        elif path.is_file():
            finder.add_file(path, path.parent, path.name)
        else:
            raise SourceError(f"{_shown(str(path))!r} is neither a file nor a folder")
    return finder.result()


class _Finder:
    """Collects files over several roots."""

    def __init__(self) -> None:
        self.files: dict[Path, SourceFile] = {}
        self.ignored: list[str] = []
        self.failed: list[Failed] = []
        self.seen: set[tuple[int, int]] = set()

    def result(self) -> Walk:
        """Return what was found, in order."""
        files = sorted(self.files.values(), key=lambda source: (source.root, source.file))
        return Walk(tuple(files), tuple(self.ignored), tuple(self.failed))

    def add_folder(self, root: Path) -> None:
        """Add a folder that was asked for.

        Raises:
            SourceError: It is a library, cannot be read, or holds no files.
        """
        if (root / LIBRARY_FILE).exists():
            raise SourceError(
                f"{_shown(str(root))!r} is a library, not a folder of documents; name the "
                f"folder its documents come from"
            )
        try:
            os.scandir(root).close()
        except OSError as exc:
            raise SourceError(f"{_shown(str(root))!r} cannot be read: {exc.strerror}") from exc
        before = len(self.failed), len(self.ignored)
        nested = self._is_seen(root)
        for path, relative in self._below(root):
            self.add_file(path, root, relative)
        if nested or len(self.failed) > before[0]:
            return
        if not any(path.is_relative_to(root) or s.root == root for path, s in self.files.items()):
            left_out = len(self.ignored) - before[1]
            raise SourceError(
                f"there are no documents in {_shown(str(root))!r} ({left_out} left out); "
                f"check that it is the right folder and that its drive is connected"
            )

    def add_file(self, path: Path, root: Path, relative: str) -> None:
        """Add one file by its resolved path; its own name wins over a link to it."""
        source = SourceFile(path, root, _shown(relative))
        if source.file != relative:
            self.failed.append(Failed(source, "its name is not valid UTF-8; give it another name"))
            return
        known = self.files.get(path)
        if known is None or (_is_link(known) and not _is_link(source)):
            self.files[path] = source

    def _is_seen(self, folder: Path) -> bool:
        """Tell whether a folder was entered before."""
        return _identity(folder) in self.seen

    def _below(self, root: Path) -> Iterator[tuple[Path, str]]:
        """Yield (resolved path, relative path) of every file under ``root``."""
        folders = [(root, "")]
        while folders:
            folder, prefix = folders.pop()
            if self._is_seen(folder):
                continue
            if (identity := _identity(folder)) is not None:
                self.seen.add(identity)
            inner: list[tuple[Path, str]] = []
            for entry in self._entries(folder, root, prefix):
                relative = prefix + entry.name
                kind = self._kind(entry, root, relative)
                if kind == "folder":
                    inner.append((Path(entry.path).resolve(), relative + "/"))
                elif kind == "file":
                    yield Path(entry.path).resolve(), relative
            folders += reversed(inner)

    def _entries(self, folder: Path, root: Path, prefix: str) -> list[os.DirEntry[str]]:
        """List a folder by name; one that cannot be read is reported, not lost."""
        try:
            with os.scandir(folder) as entries:
                return sorted(entries, key=lambda entry: entry.name)
        except OSError as exc:
            name = prefix.rstrip("/") or "."
            source = SourceFile(folder, root, _shown(name))
            self.failed.append(Failed(source, f"this folder cannot be read: {exc.strerror}"))
            return []

    def _kind(self, entry: os.DirEntry[str], root: Path, relative: str) -> str:
        """Return "file", "folder" or "" for what is left out."""
        path = Path(entry.path)
        if entry.name.startswith((".", _LOCK_PREFIX)) or entry.name.lower() in _JUNK:
            self.ignored.append(_shown(relative))
            return ""
        try:
            mode = entry.stat().st_mode
        except OSError as exc:
            what = "this link leads nowhere" if entry.is_symlink() else "it cannot be read"
            source = SourceFile(path, root, _shown(relative))
            self.failed.append(Failed(source, f"{what}: {exc.strerror}"))
            return ""
        if stat.S_ISDIR(mode) and not (path / LIBRARY_FILE).exists():
            return "folder"
        if stat.S_ISREG(mode) and not is_manifest(path):
            return "file"
        self.ignored.append(_shown(relative))
        return ""


def _resolve(path: Path) -> Path:
    """Return the absolute path without links.

    Raises:
        SourceError: There is nothing there.
    """
    try:
        return path.expanduser().resolve(strict=True)
    except (OSError, RuntimeError, ValueError) as exc:
        reason = getattr(exc, "strerror", None) or str(exc)
        raise SourceError(
            f"{_shown(str(path))!r} cannot be read: {reason}; name a file or a folder that exists"
        ) from exc


def _identity(folder: Path) -> tuple[int, int] | None:
    """Return what makes a folder the same by whatever name; None where it has gone meanwhile."""
    try:
        found = folder.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _is_link(source: SourceFile) -> bool:
    """Tell whether a file is known under another name than its own."""
    return source.root / source.file != source.path


def _shown(name: str) -> str:
    """Return a file name with bytes that are no UTF-8 written as escapes."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")
