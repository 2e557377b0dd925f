"""Which way a text runs, and which scripts it is written in. Pure."""

from __future__ import annotations

import unicodedata


def is_rtl(text: str, *, default: bool = False) -> bool:
    """Say whether a text runs from right to left: its first strong character decides.

    Unicode Standard Annex 9, rules P2 and P3; a text without one takes ``default``.
    """
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in {"R", "AL"}:
            return True
        if kind == "L":
            return False
    return default
