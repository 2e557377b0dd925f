"""Names of uploaded files: hostile text until they went through here. Pure."""

from __future__ import annotations

import unicodedata
from pathlib import PurePosixPath

from ingest.held import safe_name
from ingest.manifest import is_manifest
from mmsearch.keeping.errors import BadName

DEEPEST = 12
"""Folders within folders."""
MOST_BYTES = 200
"""Longest part of a name in UTF-8; file systems take 255."""
_JOINERS = "\u200c\u200d"  # Persian and Bangla words are written with them
_JUNK = frozenset({"thumbs.db", "desktop.ini", ".ds_store"})


def upload_name(name: str) -> str:
    """Return the path that an upload gets below the folder of uploads.

    What climbs, names a drive, hides, turns the direction of writing or breaks a line is taken
    out, and a part that is too long is cut; folders stay.

    Raises:
        BadName: Nothing is left of it, or a file so named is no document.
    """
    if PurePosixPath(name).name.lower() in _JUNK or PurePosixPath(name).name.startswith("~$"):
        raise BadName(f"{clean(name)!r} is a helper file of another program, no document")
    parts = [_part(part) for part in safe_name(clean(name)).split("/")]
    kept = [part for part in parts if part][-DEEPEST:]
    if not kept or not clean(name).strip(" ./\\"):
        raise BadName("The file has no name; give it one.")
    if is_manifest(PurePosixPath(kept[-1])):
        raise BadName(
            f"{kept[-1]!r} is named as a manifest, which is no document. Put the folder into a zip "
            "archive with it, or edit the documents here."
        )
    return "/".join(kept)


def clean(name: str) -> str:
    """Return a name in NFC without characters that control, hide or turn what is shown."""
    composed = unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode())
    return "".join(c for c in composed if c in _JOINERS or not _hidden(c))


def _hidden(char: str) -> bool:
    return unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def _part(part: str) -> str:
    """Cut a part of a path to what a file system takes, keeping its suffix; never hidden."""
    part = " ".join(part.split()).lstrip(".~ ").rstrip(". ")
    suffix = PurePosixPath(part).suffix[:20]
    room = MOST_BYTES - len(suffix.encode())
    if len(part.encode()) <= MOST_BYTES:
        return part
    return part.encode()[:room].decode("utf-8", "ignore").rstrip() + suffix
