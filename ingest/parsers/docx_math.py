"""The signs of a formula that Word keeps as structure: brackets, fractions, powers, roots."""

from __future__ import annotations

from lxml import etree

from ingest.parsers.docx_package import MATH

_BEFORE = {f"{MATH}den": "/", f"{MATH}sup": "^", f"{MATH}sub": "_", f"{MATH}rad": "√"}


def signs(element: etree._Element) -> tuple[str, str]:
    """Return what to write before and after a part of a formula, so that it reads in a line.

    A half over two is "1/2", a square "x^2", an index "x_1"; other elements get nothing.
    """
    if element.tag == f"{MATH}d":
        return _bracket(element, "begChr", "("), _bracket(element, "endChr", ")")
    if element.tag == f"{MATH}oMath":
        before = element.getprevious()
        beside = before is not None and before.tag == element.tag
        return (" " if beside else ""), ""
    sign = _BEFORE.get(str(element.tag), "")
    told = bool(sign) and any(text.text for text in element.iter(f"{MATH}t"))
    return (sign if told else ""), ""


def _bracket(element: etree._Element, name: str, usual: str) -> str:
    said = element.find(f"{MATH}dPr/{MATH}{name}")
    return usual if said is None else said.get(f"{MATH}val", usual)
