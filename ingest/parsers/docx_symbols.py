"""Characters of symbol fonts in Word documents, as everybody else writes them."""

from __future__ import annotations

from lxml import etree

from ingest.parsers.docx_package import WORD

#: Symbol fonts put these at private code points (Wingdings, Wingdings 2, Symbol).
_SYMBOLS = {
    ("wingdings", 0xFC): "✓",
    ("wingdings", 0xFB): "✗",
    ("wingdings", 0xFE): "☑",
    ("wingdings", 0xFD): "☒",
    ("wingdings", 0xA8): "☐",
    ("wingdings", 0x6F): "☐",
    ("wingdings", 0xE0): "→",
    ("wingdings 2", 0x50): "✓",
    ("wingdings 2", 0x4F): "✗",
    ("wingdings 2", 0x52): "☑",
    ("wingdings 2", 0xA3): "☐",
    ("symbol", 0xB7): "•",
    ("symbol", 0xAE): "→",
    ("symbol", 0xB3): "≥",
    ("symbol", 0xA3): "≤",
}


def symbol(element: etree._Element) -> str:
    """Return the character of a ``w:sym``, or "" for one that is not known."""
    font = element.get(f"{WORD}font", "").lower()
    try:
        code = int(element.get(f"{WORD}char", ""), 16) & 0xFF
    except ValueError:
        return ""
    return _SYMBOLS.get((font, code), "")
