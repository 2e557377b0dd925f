"""Numbers in the format of their cell, as a spreadsheet shows them (pure).

The format codes are those of ECMA-376 part 1, section 18.8.31. Colours, padding, conditions and
the brackets around negative numbers are left aside: a minus can be searched for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation, localcontext
from functools import lru_cache

_SECTIONS = re.compile(r';(?=(?:[^"]*"[^"]*")*[^"]*$)')
#: Parts of a code that print nothing of their own: padding, fill, conditions, colours.
_SILENT = re.compile(r"_.|\*.|\[(?!\$)[^\]]*\]")
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]\-]*)[^\]]*\]|([$€£¥₽])')
_PLACES = re.compile(r"(?P<whole>[#0?]*[#0][#0?,]*)(?:\.(?P<decimals>[#0?]+))?(?P<scale>,*)")
#: Dates, fractions, exponents, text.
_OTHER = re.compile(r"General|[Ee/ydhms@]")
_MARK = "\x00"
#: Longest format in characters that is read; what is longer was made to take time.
_LONGEST = 1_000
_MOST_DECIMALS = 30
_DIGITS = 40


@dataclass(frozen=True, slots=True)
class _Code:
    """One section of a format.

    Attributes:
        before: Words before the number, parted from it.
        after: Words after it.
        decimals: Most decimals.
        optional: How many of them go where they are zero.
        least: Digits before the point, filled up with zeros.
        grouped: Whether thousands are parted.
        shift: Powers of ten that it is multiplied by: 2 for percent, -3 for thousands.
    """

    before: str
    after: str
    decimals: int
    optional: int
    least: int
    grouped: bool
    shift: int


def number_shown(value: int | float, number_format: str) -> str:
    """Return a number in its format: decimals, thousands, percent, scale, and words around it.

    Halves are rounded away from zero, as spreadsheets do. A format that is not understood
    gives the number with at most 15 digits.
    """
    sections = _sections(number_format if len(number_format) <= _LONGEST else "")
    code = _code(sections[1] if value < 0 and len(sections) > 1 else sections[0])
    digits = _digits(value, code) if code is not None else ""
    if code is None or not digits:
        return str(value) if isinstance(value, int) else f"{value:.15g}"
    sign = "-" if digits.startswith("-") else ""
    return f"{sign}{code.before}{digits.removeprefix('-')}{code.after}"


@lru_cache(1_000)
def _sections(number_format: str) -> list[str]:
    return _SECTIONS.split(number_format)


@lru_cache(1_000)
def _code(section: str) -> _Code | None:
    """Read a section of a format; None where it does not show a plain number."""
    words: list[str] = []

    def literal(found: re.Match[str]) -> str:
        words.append(next((part for part in found.groups() if part is not None), ""))
        return _MARK

    bare = _LITERAL.sub(literal, _SILENT.sub("", section))
    places = _PLACES.search(bare)
    if places is None or _OTHER.search(bare) or len(places["decimals"] or "") > _MOST_DECIMALS:
        return None
    n_before, n_through = (bare[:at].count(_MARK) for at in places.span())
    whole, decimals = places["whole"], places["decimals"] or ""
    scale = places["scale"] or whole[len(whole.rstrip(",")) :]
    percent = "%" in bare
    return _Code(
        before=_leading("".join(words[:n_before]).strip()),
        after=("%" if percent else "") + _trailing("".join(words[n_through:]).strip()),
        decimals=len(decimals),
        optional=len(decimals) - len(decimals.rstrip("#?")),
        least=min(whole.count("0"), _MOST_DECIMALS),
        grouped="," in whole.rstrip(","),
        shift=2 * percent - 3 * len(scale),
    )


def _leading(words: str) -> str:
    """Part a word from the number after it; a sign of currency stands next to it."""
    return f"{words} " if words[-1:].isalnum() else words


def _trailing(words: str) -> str:
    return f" {words}" if words[:1].isalnum() or (words[:1] in "$€£¥₽" and words) else words


def _digits(value: float, code: _Code) -> str:
    """Return the number alone, or "" where it has too many digits."""
    try:
        with localcontext() as context:
            context.prec = _DIGITS
            number = Decimal(repr(value)).scaleb(code.shift)
            number = number.quantize(Decimal(1).scaleb(-code.decimals), ROUND_HALF_UP)
    except InvalidOperation:
        return ""
    text = f"{number:,f}" if code.grouped else f"{number:f}"
    if code.optional:
        cut = len(text) - code.optional
        text = (text[:cut] + text[cut:].rstrip("0")).rstrip(".")
    elif not code.decimals and not code.grouped:
        text = text.zfill(code.least)
    return text
