"""Whether a sentence of a language model says what its passages say. Pure.

A sentence stands when up to three neighbouring pieces of one passage it cites (or of two, if
one is not enough) have every number, unit, date, name, country, number word and quantity in
it, count the same with each number, agree with it in negation and modality, and cover its
content words. Those pieces become the quote, so that a reader sees at once what it rests on.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from mmsearch.wording.facts import Counted, Facts, facts
from mmsearch.wording.reply import Worded
from mmsearch.wording.source import Source

MOST_PIECES = 3
"""How many neighbouring pieces of a passage one sentence may rest on."""
COVERED = 0.8
"""Share of a sentence's content words that its pieces, headings and title must have."""
OWN = 0.5
"""Share of them that the pieces themselves must have."""
MOST_UNCOVERED = 2
"""How many content words may be the model's own."""
LEAST_CONTENT = 2
LONGEST_PIECE = 2_000
"""Characters that are read of a piece, and of what stands above it."""
LONGEST = 600
"""Characters of a sentence."""

_LINK = re.compile(
    r"://|www\.|\]\(|[<>`|{}\\^~\[\]【】]|\b(?:javascript|data|mailto|file)\s*:|\S@\S"
    r"|\b[\w-]+\.(?:[a-z]{2,})(?:/|\b)|[0-9a-f]{16,}",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"[*_#]{2,}|^\s*[#>*+-]\s")


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring pieces of a passage: ``source.text[start:end]``."""

    source: Source
    start: int
    end: int


def check(worded: Worded, sources: Sequence[Source]) -> tuple[Run, ...]:
    """Return what a sentence rests on, or nothing where it does not stand.

    Args:
        worded: A sentence with the numbers it cites.
        sources: The passages by number, from 1.
    """
    if not _is_plain(worded.text):
        return ()
    cited = [sources[n - 1] for n in worded.numbers if 1 <= n <= len(sources)]
    alone = [run for source in cited if (run := _rests_on(worded.text, source))]
    if alone:
        return tuple(alone)
    for first, second in combinations(cited, 2):
        if together := _rests_on_both(worded.text, first, second):
            return together
    return ()


def _is_plain(text: str) -> bool:
    """Say whether a sentence is nothing but words: no link, no markup, nothing invisible."""
    if not 0 < len(text) <= LONGEST or _LINK.search(text) or _MARKUP.search(text):
        return False
    return not any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Cn"} for c in text)


def _rests_on(text: str, source: Source) -> Run | None:
    """Return the shortest run of pieces of a passage that a sentence stands on."""
    claim = facts(text, source.hit.passage.language)
    above = _above(source)
    return next((run for run, given in _runs(source) if _stands(claim, given, above)), None)


def _rests_on_both(text: str, first: Source, second: Source) -> tuple[Run, ...]:
    if first.hit.passage.language != second.hit.passage.language:
        return ()
    claim = facts(text, first.hit.passage.language)
    above = _above(first) | _above(second)
    for one, given in _best_first(claim, first)[:4]:
        for other, also in _best_first(claim, second)[:4]:
            if _stands(claim, given + also, above):
                return (one, other)
    return ()


def _best_first(claim: Facts, source: Source) -> list[tuple[Run, list[Facts]]]:
    ranked = [
        (-_share(claim, _keys(given)), run.start, run.end, run, given)
        for run, given in _runs(source)
        if not claim.keys.isdisjoint(_keys(given))
    ]
    return [item[3:] for item in sorted(ranked, key=lambda item: item[:3])]


def _runs(source: Source) -> Iterator[tuple[Run, list[Facts]]]:
    """Yield runs of pieces with the facts of each, the shortest first, in order."""
    language = source.hit.passage.language
    given = [facts(source.text[a : min(b, a + LONGEST_PIECE)], language) for a, b in source.spans]
    for size in range(1, MOST_PIECES + 1):
        for at in range(len(given) - size + 1):
            start, end = source.spans[at][0], source.spans[at + size - 1][1]
            yield Run(source, start, end), given[at : at + size]


def _above(source: Source) -> frozenset[str]:
    """Return the words of title, headings and context: they may name, and not count."""
    passage = source.hit.passage
    text = ". ".join((source.hit.document.metadata.title, *source.headings, passage.context))
    named = facts(text[:LONGEST_PIECE], passage.language)
    return named.keys | {f"country:{country}" for country in named.countries}


def _stands(claim: Facts, given: Sequence[Facts], above: frozenset[str]) -> bool:
    """Say whether a claim is made by pieces of passages, under what stands above them."""
    keys = _keys(given)
    known = keys | above
    numbers = [reading for piece in given for reading in piece.numbers]
    countries = frozenset().union(*(piece.countries for piece in given))
    return (
        len(claim.content) >= LEAST_CONTENT
        and all(any(not n.isdisjoint(m) for m in numbers) for n in claim.numbers)
        and all(_counts(number, given) for number in claim.counted)
        and claim.units <= frozenset().union(*(piece.units for piece in given))
        and claim.exact <= keys
        and claim.names <= known
        and claim.opening <= known | _other_forms(claim, known)
        and all(c in countries or f"country:{c}" in above for c in claim.countries)
        and _agrees(claim, given)
        and _share(claim, known) >= COVERED
        and _uncovered(claim, known) <= MOST_UNCOVERED
        and _share(claim, keys) >= OWN
    )


def _counts(number: Counted, given: Sequence[Facts]) -> bool:
    """Say whether a number counts in the source what it counts in the claim.

    "655 officials, 243 of them women" does not say that there were 243 officials.
    """
    return not number.content or any(
        not pair.isdisjoint(other.following)
        for piece in given
        for other in piece.counted
        if not number.readings.isdisjoint(other.readings)
        for pair in number.content
    )


def _agrees(claim: Facts, given: Sequence[Facts]) -> bool:
    """Say whether a claim is as negated and as certain as the piece that says most of it.

    A "may" in another clause of that piece does not touch the claim.
    """
    core = max(given, key=lambda piece: _share(claim, piece.keys))
    if claim.negated != core.negated:
        return False
    if claim.modal == core.modal:
        return True
    return any(
        clause.modal == claim.modal and _share(claim, clause.keys) >= COVERED
        for clause in core.clauses
    )


def _keys(given: Sequence[Facts]) -> frozenset[str]:
    return frozenset().union(*(piece.keys for piece in given))


def _other_forms(claim: Facts, known: frozenset[str]) -> frozenset[str]:
    """Return all forms of the content words of which one form is known."""
    return frozenset(key for pair in claim.content if not pair.isdisjoint(known) for key in pair)


def _share(claim: Facts, known: frozenset[str]) -> float:
    return 1.0 - _uncovered(claim, known) / max(1, len(claim.content))


def _uncovered(claim: Facts, known: frozenset[str]) -> int:
    return sum(pair.isdisjoint(known) for pair in claim.content)
