"""Fonts of this machine that together can write a text.

None is shipped: a PDF takes in what it needs of the fonts that are installed, as a browser
would. Where no font has a script, the export is refused with the name of one that does.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont, TTLibError

from mmsearch.packs.errors import CannotExport

logging.getLogger("fontTools").setLevel(logging.ERROR)

_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/Library/Fonts",
    "/System/Library/Fonts",
    "~/.local/share/fonts",
    "~/.fonts",
    "~/Library/Fonts",
    "C:/Windows/Fonts",
)
_NAMES = (
    ("NotoSans-Regular", "NotoSans-Bold"),
    ("DejaVuSans", "DejaVuSans-Bold"),
    ("LiberationSans-Regular", "LiberationSans-Bold"),
    ("arial", "arialbd"),
    ("Arial", "Arial Bold"),
    ("NotoNaskhArabic-Regular", "NotoNaskhArabic-Bold"),
    ("NotoSansArabic-Regular", "NotoSansArabic-Bold"),
    ("NotoSansBengali-Regular", "NotoSansBengali-Bold"),
    ("NotoSerifBengali-Regular", "NotoSerifBengali-Bold"),
    ("Lohit-Bengali", "Lohit-Bengali"),
    ("Nirmala", "NirmalaB"),
    ("Arial Unicode", "Arial Unicode"),
    ("FreeSans", "FreeSansBold"),
)
"""Fonts worth taking, first choice first: regular and bold, by the name of their file."""


@dataclass(frozen=True, slots=True)
class Font:
    """A font's files, regular and bold."""

    name: str
    regular: Path
    bold: Path


def fonts_for(text: str) -> list[Font]:
    """Return fonts that together have every visible character of a text, first choice first.

    Raises:
        CannotExport: There are none; the text names a character and what to install.
    """
    missing = {ord(c) for c in text if c.isprintable() and not c.isspace()} - _INVISIBLE
    chosen: list[Font] = []
    for font in _installed():
        has = missing & _characters(font.regular)
        if has:
            chosen.append(font)
            missing -= has
        if not missing:
            return chosen
    # A single rare sign is no reason to refuse a whole pack; a script is.
    letters = [code for code in sorted(missing) if chr(code).isalpha()]
    if letters or not chosen:
        character = chr(letters[0]) if letters else "A"
        raise CannotExport(
            f"no installed font can write {character!r}; install the Noto fonts (on Debian "
            "'apt install fonts-noto-core'), or export as Word"
        )
    return chosen


_INVISIBLE = frozenset({0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x00AD, 0xFEFF, 0x2060})


@lru_cache(maxsize=1)
def _installed() -> tuple[Font, ...]:
    files = {path.stem.casefold(): path for path in _files()}
    found = []
    for regular, bold in _NAMES:
        path = files.get(regular.casefold())
        if path is not None:
            found.append(Font(regular, path, files.get(bold.casefold(), path)))
    return tuple(found)


def _files() -> Iterator[Path]:
    for folder in _FOLDERS:
        if folder.startswith("C:") and sys.platform != "win32":
            continue
        for parent, _, names in os.walk(Path(folder).expanduser()):
            for name in sorted(names):
                if name.lower().endswith((".ttf", ".otf")):
                    yield Path(parent) / name


@lru_cache(maxsize=64)
def _characters(path: Path) -> frozenset[int]:
    try:
        with TTFont(path, lazy=True) as font:
            return frozenset(font.getBestCmap() or ())
    except (TTLibError, OSError, KeyError):
        return frozenset()
