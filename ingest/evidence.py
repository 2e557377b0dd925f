"""What kind of evidence a passage is, from its section, its labels and its wording. Pure.

The hard part is precision: a label that is wrong misleads more than one that is missing, so a
section counts only by what its heading begins with, and an annex or a method below it ends it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from ingest.evidence_words import (
    ADVICE,
    HEADINGS,
    IMPERATIVE,
    LABELS,
    MIXED,
    NEUTRAL,
    STEMS,
    WORDING,
)
from ingest.types import BlockKind, Evidence, Passage

_NUMBERING = re.compile(
    r"(?:(?:[IVXLC]{1,6}|[A-Z]|\d{1,2}(?:\.\d{1,2}){0,3})[.):]?\s+|[•▪–—-]\s*)+(?=\S)"
)
_MOST_HEADING_WORDS = 14
_NUMBERED_LABEL = re.compile(
    r"(?:recomm[ae]ndation|recomendaci[óo]n|finding|constat|hallazgo|lesson) \d+\.?", re.IGNORECASE
)
_QUESTIONS = re.compile(
    r"(?:evaluation|review) questions\b|questions d['’][ée]valuation\b|preguntas de (?:la )?eval",
    re.IGNORECASE,
)
_LABEL_WORDS = "|".join(f"(?P<k{n}>{words})" for n, (_, words) in enumerate(LABELS))
_LABEL = re.compile(
    # Blanks have bounds: many blank lines would be looked through from each of them.
    r"(?:^|\| )[\s•▪*–—-]{0,40}+(?:" + _LABEL_WORDS.replace(r"\s*", r"\s{0,20}") + ")",
    re.IGNORECASE | re.MULTILINE,
)
#: So many characters of a passage are read: its first sentences say what it is.
_OPENING = 700
#: So many sentences that tell somebody what to do make a passage of a guide advice.
_FEW = 2
#: "As the review recommended" is said of a recommendation that stands elsewhere.
_REFERS = re.compile(r"\b(?:as|comme|como) (?:[\w'’-]+ ){0,3}$", re.IGNORECASE)
#: Kinds of document whose passages advise, and below, the one whose labels go on throughout.
_ADVISING = frozenset({"guideline", "training material"})
#: Kinds whose conclusion sums up what was done, and finds nothing.
_REPORTING = frozenset({"annual report", "meeting notes", "decision", "policy"})
_CONCLUSION = re.compile(r"^\W*(?:[IVX\d]+\W+)?conclu", re.IGNORECASE)
_RESPONDING = "management response"
#: Passages that are mostly questions are an evaluation's questions, not its findings.
_MOST_QUESTIONS = 2
_ASIDE = frozenset({BlockKind.CAPTION, BlockKind.HEADING, BlockKind.CONTENTS})


def with_evidence(passages: Iterable[Passage], document_kind: str) -> tuple[Passage, ...]:
    """Return a document's passages with their kinds of evidence.

    Args:
        passages: All of them, in order: a label counts until the next one, also over the end
            of a passage of the same table.
        document_kind: As ``ingest.metadata`` read it.
    """
    carried = Evidence.PLAIN
    done = []
    for passage in passages:
        labelled = _labelled(passage, carried, document_kind)
        carried = labelled[1]
        kind = labelled[0] or classify(passage, document_kind)
        done.append(replace(passage, evidence=kind))
    return tuple(done)


def classify(passage: Passage, document_kind: str) -> Evidence:
    """Tell the kind of a passage by itself: its section first, then its wording."""
    text = passage.text[:_OPENING]
    if passage.kind in _ASIDE or _asks(passage.text):
        return Evidence.PLAIN
    if passage.kind is BlockKind.TABLE_ROW and passage.context:
        return _row(passage)
    section = _section(_headings(passage))
    if section is Evidence.RECOMMENDATION and _only_introduces(passage):
        return Evidence.PLAIN
    if section is Evidence.FINDING and document_kind in _REPORTING and _concludes(passage):
        return Evidence.PLAIN
    if section not in {None, Evidence.PLAIN}:
        return section or Evidence.PLAIN
    if document_kind in _ADVISING and section is None and _advises(passage.text):
        return Evidence.GUIDANCE
    lower = text.lower()
    for kind, pattern in WORDING:
        if not any(stem in lower for stem in STEMS[kind]):
            continue
        found = pattern.search(text)
        if found and not _announces(text) and not _REFERS.search(text[: found.start()]):
            return kind
    return Evidence.PLAIN


def _concludes(passage: Passage) -> bool:
    """Tell whether a passage stands below a mere "Conclusion"."""
    return any(_CONCLUSION.search(heading) for heading in _headings(passage))


def _advises(text: str) -> bool:
    """Tell whether a text of a guide tells somebody what to do, and not once in passing."""
    return bool(ADVICE.search(text)) or sum(1 for _ in IMPERATIVE.finditer(text)) >= _FEW


def _headings(passage: Passage) -> list[str]:
    """Return the headings above a passage and the one that it begins with, outermost first.

    A numbered one ("Recommendation 3") is a label of the paragraph behind it and of no more.
    """
    first = passage.text.split("\n", 1)[0].strip()
    own = [first] if len(passage.text) > len(first) and len(first.split()) <= 6 else []
    above = [h for h in passage.heading_path if h == first or not _NUMBERED_LABEL.fullmatch(h)]
    return [*above, *own]


def _row(passage: Passage) -> Evidence:
    """Tell what a row of a table is by the table's columns, which its section does not cover."""
    first = passage.context.partition("|")[0].partition("\n")[0]
    if ADVICE.search(passage.text[:_OPENING]) and _section([first]) is Evidence.RECOMMENDATION:
        return Evidence.RECOMMENDATION
    return Evidence.PLAIN


def _section(headings: Sequence[str]) -> Evidence | None:
    """Return the kind of the innermost heading that says one; PLAIN where one ends it."""
    for heading in reversed(headings):
        bare = _NUMBERING.sub("", heading.strip(), count=1) if _numbered(heading) else heading
        bare = bare.strip(" :.").rpartition(": ")[2] or bare
        if len(bare.split()) > _MOST_HEADING_WORDS:
            continue
        if NEUTRAL.match(bare):
            return Evidence.PLAIN
        if MIXED.search(bare):
            return None
        for kind, pattern in HEADINGS:
            if pattern.match(bare):
                return kind
    return None


def _numbered(heading: str) -> bool:
    return _NUMBERING.match(heading.strip()) is not None


def _labelled(
    passage: Passage, carried: Evidence, document_kind: str
) -> tuple[Evidence | None, Evidence]:
    """Return what most of a passage is by its labels, and the label that goes on after it.

    None where no label says anything. Labels are followed from passage to passage only in a
    table, or throughout a document that is a management response.
    """
    follows = document_kind == _RESPONDING or passage.kind is BlockKind.TABLE_ROW
    titles = set(passage.heading_path)
    marks = [
        (m.start(), _kind_of(m))
        for m in _LABEL.finditer(passage.text)
        if _line_at(passage.text, m.end()) not in titles
    ]
    if not marks and not (follows and carried is not Evidence.PLAIN):
        return None, Evidence.PLAIN
    if not follows:
        start, kind = marks[0]
        # In running text a label says what the paragraph behind it is.
        near = start <= len(passage.text) // 3
        return (kind if near and kind is not Evidence.PLAIN else None), Evidence.PLAIN
    sizes = dict.fromkeys(Evidence, 0)
    bounds = [(0, carried), *marks, (len(passage.text), Evidence.PLAIN)]
    for (start, kind), (end, _) in pairwise(bounds):
        sizes[kind] += end - start
    most = max(Evidence, key=lambda kind: sizes[kind])
    last = marks[-1][1] if marks else carried
    return most, last


def _line_at(text: str, at: int) -> str:
    """Return the line that an offset is in: a document's title is no label of what follows."""
    return text[text.rfind("\n", 0, at) + 1 :].partition("\n")[0].strip()


def _kind_of(match: re.Match[str]) -> Evidence:
    name = match.lastgroup or "k0"
    return LABELS[int(name[1:])][0]


def _asks(text: str) -> bool:
    questions = text.count("?")
    if questions and _QUESTIONS.search(text[:80]):
        return True
    return questions > _MOST_QUESTIONS and questions * 160 > len(text)


def _only_introduces(passage: Passage) -> bool:
    """Tell whether a passage of recommendations only says that some follow."""
    body = passage.text.partition("\n")[2] or passage.text
    return len(body) < 200 and not ADVICE.search(body) and body.rstrip().endswith(":")


def _announces(text: str) -> bool:
    """Tell whether a text says that findings are presented, and presents none."""
    return bool(
        re.match(
            r"(?:this|the present|cette?|le pr[ée]sent|est[ea]) (?:\w+ ){0,2}(?:presents?|outlines?"
            r"|summari[sz]es|pr[ée]sente|resume|presenta)",
            text,
            re.IGNORECASE,
        )
    )
