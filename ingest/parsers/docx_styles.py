"""What a Word document's styles and numbering say about a paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from ingest.parsers.docx_package import WORD

_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


def local_name(element: etree._Element) -> str:
    """Return an element's name without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def value_of(parent: etree._Element | None, path: str, attribute: str = "val") -> str | None:
    """Return an attribute of a child found by local names, "a/b"; "" when it has none."""
    for name in path.split("/"):
        parent = None if parent is None else parent.find(WORD + name)
    return None if parent is None else parent.get(WORD + attribute, "")


def flag(parent: etree._Element | None, name: str) -> bool:
    """Tell whether a child switches something on, which it does by being there."""
    value = value_of(parent, name)
    return value is not None and value.lower() not in ("0", "false", "off", "none")


def whole(text: str | None, default: int) -> int:
    """Read a whole number, or return ``default``."""
    try:
        return int(text or "")
    except ValueError:
        return default


class Styles:
    """What paragraph styles say: heading level, caption, numbering, each through its parents."""

    def __init__(self, tree: etree._Element | None) -> None:
        self._styles: dict[str, etree._Element] = {}
        for style in tree.findall(f"{WORD}style") if tree is not None else ():
            self._styles.setdefault(style.get(f"{WORD}styleId", ""), style)

    def _chain(self, style_id: str) -> Iterator[etree._Element]:
        seen: set[str] = set()
        while style_id in self._styles and style_id not in seen:
            seen.add(style_id)
            style = self._styles[style_id]
            yield style
            style_id = value_of(style, "basedOn") or ""

    def level(self, style_id: str) -> int:
        """Return the heading level of a style, 0 for body text."""
        for style in self._chain(style_id):
            outline = value_of(style, "pPr/outlineLvl")
            if outline is not None:
                return whole(outline, 9) + 1 if whole(outline, 9) < 9 else 0
            name = (value_of(style, "name") or "").lower()
            heading = re.fullmatch(r"heading ([1-9])", name)
            if heading:
                return int(heading[1])
            if name == "title":
                return 1
        if style_id not in self._styles:
            heading = re.fullmatch(r"(?i)heading ?([1-9])", style_id)
            return int(heading[1]) if heading else 0
        return 0

    def is_caption(self, style_id: str) -> bool:
        """Tell whether a style is a caption's."""
        return any((value_of(s, "name") or "").lower() == "caption" for s in self._chain(style_id))

    def numbering(self, style_id: str) -> etree._Element | None:
        """Return a style's numbering properties."""
        for style in self._chain(style_id):
            found = style.find(f"{WORD}pPr/{WORD}numPr")
            if found is not None:
                return found
        return None


class Numbering:
    """Counts list items and writes their numbers as Word does."""

    def __init__(self, tree: etree._Element | None) -> None:
        self._levels: dict[str, dict[int, etree._Element]] = {}
        self._abstract: dict[str, str] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._restarts: dict[str, dict[int, int]] = {}
        if tree is None:
            return
        for abstract in tree.findall(f"{WORD}abstractNum"):
            key = abstract.get(f"{WORD}abstractNumId", "")
            self._levels[key] = {
                whole(level.get(f"{WORD}ilvl"), 0): level
                for level in abstract.findall(f"{WORD}lvl")
            }
        for number in tree.findall(f"{WORD}num"):
            key = number.get(f"{WORD}numId", "")
            self._abstract[key] = value_of(number, "abstractNumId") or ""
            self._restarts[key] = {
                whole(override.get(f"{WORD}ilvl"), 0): whole(value_of(override, "startOverride"), 1)
                for override in number.findall(f"{WORD}lvlOverride")
                if override.find(f"{WORD}startOverride") is not None
            }

    def label(self, properties: etree._Element) -> str | None:
        """Count one item; return "3. ", "" for a bullet, or None when it is no list item."""
        number = value_of(properties, "numId") or ""
        depth = min(8, max(0, whole(value_of(properties, "ilvl"), 0)))
        abstract = self._abstract.get(number)
        if abstract is None:
            return None
        levels = self._levels.get(abstract, {})
        counts = self._counts.setdefault(abstract, {})
        restart = self._restarts[number].pop(depth, None)
        start = whole(value_of(levels.get(depth), "start"), 1)
        counts[depth] = restart if restart is not None else counts.get(depth, start - 1) + 1
        for deeper in [level for level in counts if level > depth]:
            del counts[deeper]
        shape = value_of(levels.get(depth), "lvlText") or ""
        kind = value_of(levels.get(depth), "numFmt") or "decimal"
        if kind in ("bullet", "none") or "%" not in shape:
            return ""

        def written(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            count = counts.get(at, whole(value_of(levels.get(at), "start"), 1))
            return _number(count, value_of(levels.get(at), "numFmt") or "decimal")

        return re.sub(r"%([1-9])", written, shape).strip() + " "


def _number(count: int, kind: str) -> str:
    if kind.endswith("Letter") and 0 < count <= 26 * 9:
        text = chr(97 + (count - 1) % 26) * ((count - 1) // 26 + 1)
    elif kind.endswith("Roman") and 0 < count < 40:
        text = ""
        for value, sign in _ROMAN:
            while count >= value:
                text, count = text + sign, count - value
    else:
        return str(count)
    return text.upper() if kind.startswith("upper") else text
