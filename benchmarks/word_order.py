"""How much of a text's words another text has, in order. Pure.

The truth is Markdown. A table of it is compared in the form that a parser gave it: where the
parsed text has "Column: value", each of the truth's cells is preceded by its column's name;
else the cells stand as they are. Markup and escapes count for nothing, nor do pictures and what the
truth's own program says of them ("Bar chart"), the names that it gives to slides without a title,
comments, which are left out on purpose, and the time of day in a date that has none. The table of
values that it gives of a chart is left aside only where each of its rows, with the names of its
columns, stands in one line of the parsed text: the cells that the chart was drawn from.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_WORD = re.compile(r"\w+")
_CHART = "\x00"
_MARKUP = (
    (re.compile(r"<!--.*?-->", re.DOTALL), " "),
    (re.compile(r"^\[author: .*$", re.MULTILINE), ""),
    (re.compile(r"^(?:Bar|Line|Pie|Scatter|Other|Area) chart$", re.MULTILINE), _CHART),
    (re.compile(r"^# Slide\d+$", re.MULTILINE), ""),
    (re.compile(r"(\d{4}-\d\d-\d\d) 00:00:00\b"), r"\1"),
    (re.compile(r"!\[[^\]]*\]\([^)]*\)"), " "),
    (re.compile(r"\[([^\]]*)\]\((?:[^()\s]|\([^)]*\))*\)"), r"\1"),
    (re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>~$&])"), r"\1"),
    (re.compile(r"</?(?:br|sub|sup|b|i|u|em|strong)\s*/?>"), " "),
)
_RULE = re.compile(r"\|(?:\s*:?-+:?\s*\|)+\s*")
_NUMBERED = re.compile(r"^\s*\d+\.\s+")


@dataclass(frozen=True, slots=True)
class Score:
    """How a parsed text compares with the truth.

    Attributes:
        in_order: Longest common subsequence of words, as a part of the truth's words.
        at_all: Words of the truth found anywhere, as a part of them.
        missing: A few of the words that are not there.
        n_words: Words of the truth.
    """

    in_order: float
    at_all: float
    missing: tuple[str, ...]
    n_words: int


def score(parsed: str, truth: str) -> Score:
    """Compare a parsed text with its truth in Markdown."""
    wanted, found = words(readable(truth, parsed)), words(parsed)
    if not wanted:
        return Score(1.0, 1.0, (), 0)
    lacking = Counter(wanted) - Counter(found)
    at_all = 1 - lacking.total() / len(wanted)
    missing = tuple(word for word, _ in lacking.most_common(8))
    return Score(longest_common(wanted, found) / len(wanted), at_all, missing, len(wanted))


def words(text: str) -> list[str]:
    """Return a text's words in small letters; underscores part them."""
    return _WORD.findall(text.casefold().replace("_", " "))


def longest_common(one: Sequence[str], other: Sequence[str]) -> int:
    """Return the length of the longest common subsequence.

    Bit-parallel, after Hyyrö, "Bit-parallel LCS-length computation revisited" (2004).
    """
    places: dict[str, int] = {}
    for at, word in enumerate(one):
        places[word] = places.get(word, 0) | (1 << at)
    full = (1 << len(one)) - 1
    vector = full
    for word in other:
        matches = vector & places.get(word, 0)
        if matches:
            vector = ((vector + matches) | (vector - matches)) & full
    return len(one) - vector.bit_count()


def readable(truth: str, parsed: str) -> str:
    """Return the truth without its markup, its tables in the form that the parsed text has."""
    for pattern, instead in _MARKUP:
        truth = pattern.sub(instead, truth)
    return html.unescape("\n".join(_lines(truth.splitlines(), parsed)))


def _lines(lines: Sequence[str], parsed: str) -> Iterator[str]:
    folded = " ".join(parsed.casefold().split())
    told = [Counter(words(line)) for line in parsed.splitlines()]
    table: list[list[str]] = []
    chart = False
    for line in [*lines, ""]:
        bare = line.strip()
        if bare.startswith("|") and bare.endswith("|") and len(bare) > 1:
            if not _RULE.fullmatch(bare):
                table.append([cell.strip() for cell in bare[1:-1].split("|")])
            continue
        if not (chart and _is_told(table, told)):
            yield from _table(table, folded)
        if table or bare:
            chart = bare == _CHART
        table = []
        yield _unnumbered(line.replace(_CHART, ""), folded)


def _is_told(rows: Sequence[Sequence[str]], told: Sequence[Counter[str]]) -> bool:
    """Tell whether each row of a table stands, with its names, in one line of the parsed text."""
    whole = [Counter(words(" ".join([*rows[0], *row]))) for row in rows[1:]]
    return all(any(not row - line for line in told) for row in whole)


def _unnumbered(line: str, parsed: str) -> str:
    """Drop a list item's number, which is Markdown's own, where the parsed text has none."""
    said = " ".join(html.unescape(line).casefold().split())
    return line if said in parsed else _NUMBERED.sub("", line)


def _table(rows: list[list[str]], parsed: str) -> Iterator[str]:
    """Yield a table's rows, labelled where the parsed text labels them."""
    if not rows:
        return
    names = [_name(cell) for cell in rows[0]]
    told = [name for name in dict.fromkeys(names) if name]
    labelled = (
        len(rows) > 1 and told and sum(f"{name}: " in parsed for name in told) * 2 > len(told)
    )
    if not labelled:
        yield from (" ".join(_merged(row)) for row in rows)
        return
    stacked = _stacked(names, rows[1], parsed) if len(rows) > 2 else None
    for row in rows[1:] if stacked is None else rows[2:]:
        cells = [(name, cell) for name, cell in zip(stacked or rows[0], row, strict=False) if cell]
        kept = [pair for at, pair in enumerate(cells) if at == 0 or pair[1] != cells[at - 1][1]]
        yield " ".join(f"{name} {cell}" for name, cell in kept)


def _name(cell: str) -> str:
    return html.unescape(cell).casefold().rstrip(": ")


def _stacked(names: Sequence[str], below: Sequence[str], parsed: str) -> list[str] | None:
    """Join the names of two header rows where the parsed text does so for every column."""
    pairs = list(zip(names, map(_name, below), strict=False))
    joined = [name if name == under else f"{name}: {under}" for name, under in pairs]
    return joined if joined != list(names) and all(f"{j}: " in parsed for j in joined) else None


def _merged(row: Sequence[str]) -> list[str]:
    """Return a row's cells, those that one merged cell fills once."""
    return [cell for at, cell in enumerate(row) if at == 0 or cell != row[at - 1]]
