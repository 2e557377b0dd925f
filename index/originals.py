"""Copies of the files that were ingested, each under the digest of its bytes.

A citation opens the very bytes it was read from, also when the file has since been changed or
deleted. The name is the checksum: a copy that does not match it is never served.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from index.errors import NotFound

FOLDER = "originals"
_BLOCK = 1 << 20


class ChangedWhileRead(Exception):
    """The file's bytes are no longer those that were parsed."""


class Originals:
    """The folder of originals in a library."""

    def __init__(self, library: Path) -> None:
        self.folder = library / FOLDER

    def path(self, sha256: str) -> Path:
        """Return where the original with this digest lies, whether or not it is there."""
        return self.folder / sha256[:2] / sha256

    def keep(self, source: Path, sha256: str) -> None:
        """Copy a file in, durably. A copy that is already there is left as it is.

        Raises:
            ChangedWhileRead: The file's digest is no longer ``sha256``.
            OSError: The file cannot be read, or the disk is full.
        """
        target = self.path(sha256)
        if target.is_file() and target.stat().st_size == source.stat().st_size:
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as out:
                digest = _copy(source, out)
                out.flush()
                os.fsync(out.fileno())
            if digest != sha256:
                raise ChangedWhileRead(str(source))
            Path(name).replace(target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    def checked(self, sha256: str) -> Path:
        """Return the original's path after comparing its bytes with the digest.

        Raises:
            NotFound: It is missing or damaged.
        """
        path = self.path(sha256)
        if not path.is_file() or file_digest(path) != sha256:
            raise NotFound(
                "the stored original is missing or damaged: run 'mmsearch check' to see which"
            )
        return path

    def keep_only(self, digests: Iterable[str]) -> None:
        """Delete originals that no document needs, and what a killed copy left."""
        wanted = set(digests)
        for path in self.folder.glob("*/*"):
            if path.name not in wanted:
                path.unlink(missing_ok=True)


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file, hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _copy(source: Path, out: BinaryIO) -> str:
    digest = hashlib.sha256()
    with source.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
            out.write(block)
    return digest.hexdigest()
