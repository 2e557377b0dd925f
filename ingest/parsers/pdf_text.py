"""Write drafts of blocks as one text, and say where each word of it stands (pure)."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, chain, repeat
from operator import add, itemgetter

import numpy as np
from numpy.typing import NDArray

from ingest.parsers.pdf_place import mirrored, turned
from ingest.parsers.pdf_words import Line, PageWords, Word
from ingest.types import WORD_DTYPE, Block, BlockKind, Words, no_words

# Words after a hyphen that stands for a missing part, as in "short- and long-term".
_SUSPENDED = frozenset({"and", "or", "to", "et", "ou", "y", "o", "и", "или", "și", "i", "ili"})
# First parts of compounds that are written with a hyphen.
_COMPOUNDING = frozenset(
    {"cross", "self", "well", "non", "half", "mid", "high", "low", "long", "short", "medium"}
)
# Last parts of compounds that are written with a hyphen.
_COMPOUNDED = frozenset(
    {"based", "building", "making", "led", "wide", "driven", "sensitive", "responsive", "specific"}
)
_ADDRESS = re.compile(r"(?:://|www\.)\S*[-/_=&?]$")
_OF_ADDRESS = re.compile(r"[-_/%=\d]|\.\w")
# Kinds whose blocks follow one another after a line end, without an empty line.
_TIGHT = (BlockKind.TABLE_ROW, BlockKind.CONTENTS)
_RIM = 0.1
_BOX = itemgetter(1, 2, 3, 4)
_PUNCTUATION = string.punctuation + "“”‘’«»–—…•¿¡،؟"


@dataclass(slots=True)
class Draft:
    """A block before it has a place in the text.

    Attributes:
        kind: What it is.
        parts: What it is made of: each part's lines, and what stands before the part.
        level: Heading level from 1, or 0.
        context: See ``Block.context``.
    """

    kind: BlockKind
    parts: list[tuple[str, list[Line]]]
    level: int = 0
    context: str = ""

    @property
    def lines(self) -> list[Line]:
        """All its lines in order."""
        return [line for _, lines in self.parts for line in lines]

    @property
    def text(self) -> str:
        """Its words, without regard to hyphens; to look at, not to store."""
        return " ".join(line.text for line in self.lines)

    @property
    def confidence(self) -> float | None:
        """How sure text recognition was of those lines that it read, 0–1, or None."""
        read = [line for line in self.lines if line.confidence is not None]
        length = sum(len(line.text) for line in read)
        if not length:
            return None
        return sum((line.confidence or 0.0) * len(line.text) for line in read) / length

    @property
    def cells(self) -> str:
        """Its words with what stands between its parts."""
        texts = (
            ("" if i == 0 else before, " ".join(line.text for line in lines))
            for i, (before, lines) in enumerate(self.parts)
        )
        return "".join(part for pair in texts for part in pair)


class Hyphens:
    """Decides whether a hyphen at a line's end belongs to the word.

    The document is the dictionary: "co-" before "operation" stays when the document
    writes "co-operation" elsewhere and goes when it writes "cooperation". A word seen
    neither way keeps its hyphen when both halves are words of the document or the right
    half begins with a capital or a digit.
    """

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines

    @cached_property
    def _seen(self) -> Counter[str]:
        """How often each word stands within a line, whole or as a part of a compound."""
        whole: Counter[str] = Counter()
        edges: Counter[str] = Counter()  # what may be half a word, at a line's ends
        for line in self._lines:
            words = line.text.split(" ")
            end = len(words) - 1 if line.hyphen else len(words)
            whole.update(words[1:end])
            edges.update((words[0], *words[max(end, 1) :]))
        seen: Counter[str] = Counter()
        for word, count in whole.items():
            seen[_bare(word)] += count
        for words_of in (whole, edges):
            for word, count in words_of.items():
                if "-" in (bare := _bare(word)):
                    for part in bare.split("-"):
                        seen[part] += count
        return seen

    def keep(self, left: str, right: str) -> bool:
        """Tell whether the hyphen between two halves stays."""
        if not right[:1].islower() or not left[-1:].isalpha():
            return True
        start, end = _bare(left.rsplit("-", 1)[-1]), _bare(right)
        whole, dashed = self._seen[start + end], self._seen[f"{start}-{end}"]
        if whole or dashed:
            return dashed > whole
        if start in _COMPOUNDING or (end in _COMPOUNDED and len(start) > 3):
            return True
        return min(len(start), len(end)) > 3 and self._seen[start] > 0 and self._seen[end] > 0


def _bare(text: str) -> str:
    return text.strip(_PUNCTUATION).casefold()


class Writer:
    """Collects text, blocks and words in order."""

    def __init__(self, hyphens: Hyphens) -> None:
        self._hyphens = hyphens
        self._text: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []
        self._spans: list[tuple[int, int, int]] = []
        self._boxes: list[tuple[float, float, float, float]] = []

    @property
    def text(self) -> str:
        """Everything written so far."""
        return "".join(self._text)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks written so far."""
        return tuple(self._blocks)

    def write(self, draft: Draft) -> None:
        """Append a draft as a block, after an empty line (rows and entries after a line end)."""
        if not any(lines for _, lines in draft.parts):
            return
        if self._blocks:
            row = draft.kind in _TIGHT and draft.kind is self._blocks[-1].kind
            self._append("\n" if row else "\n\n")
        start = self._length
        for i, (before, lines) in enumerate(draft.parts):
            if i:
                self._append(before)
            self._lines(lines)
        pages = [line.page + 1 for line in draft.lines]
        self._blocks.append(
            Block(
                draft.kind,
                start,
                self._length,
                min(pages),
                max(pages),
                draft.level,
                draft.context,
                draft.confidence,
            )
        )

    def _lines(self, lines: Sequence[Line]) -> None:
        for i, line in enumerate(lines):
            if len(line.words) > 1:
                self._all_but_last(line)
            self._last_word(line, lines[i + 1] if i + 1 < len(lines) else None)

    def _all_but_last(self, line: Line) -> None:
        words = line.words[:-1]
        texts = [word[0] for word in words]
        sizes = list(map(len, texts))
        *starts, end = accumulate((size + 1 for size in sizes), initial=self._length)
        self._spans += zip(starts, map(add, starts, sizes), repeat(line.page))
        self._boxes += map(_BOX, words)
        self._text.append(" ".join(texts) + " ")
        self._length = end

    def _last_word(self, line: Line, following: Line | None) -> None:
        word = line.words[-1]
        text = word.text
        if following is not None and _is_cut_address(text, following.words[0].text):
            # The line end is no space, and what ends it belongs to the address.
            dash = "-" if line.hyphen and not text.endswith("-") else ""
            self._word(word._replace(text=f"{text}{dash}"), line.page)
            return
        joins = following is not None and (line.hyphen or _dashed(text))
        if not (line.hyphen or joins):
            self._word(word, line.page)
            if following is not None:
                self._append(" ")
            return
        stem = text[:-1] if text.endswith("-") else text
        if following is not None and following.words[0].text in _SUSPENDED:
            self._word(word._replace(text=f"{stem}-"), line.page)
            self._append(" ")
            return
        keep = following is None or self._hyphens.keep(stem, following.words[0].text)
        self._word(word._replace(text=f"{stem}-" if keep else stem), line.page)

    def _word(self, word: Word, page: int) -> None:
        if not word.text:
            return
        self._spans.append((self._length, self._length + len(word.text), page))
        self._boxes.append((word.x0, word.y0, word.x1, word.y1))
        self._append(word.text)

    def _append(self, text: str) -> None:
        self._text.append(text)
        self._length += len(text)

    def words(self, pages: Sequence[PageWords]) -> Words:
        """Return the words written so far, their boxes as on the page as shown."""
        if not self._spans:
            return no_words()
        words = np.zeros(len(self._spans), dtype=WORD_DTYPE)
        # Four times as fast as np.array of the tuples.
        spans = np.fromiter(chain.from_iterable(self._spans), np.int64).reshape(-1, 3)
        boxes = np.fromiter(chain.from_iterable(self._boxes), np.float64).reshape(-1, 4)
        for page in pages:
            if not (page.turn or page.mirrored or page.hidden):
                continue
            mine = spans[:, 2] == page.index
            if page.hidden:
                boxes[mine] = _lowered(boxes[mine])
            if page.mirrored:
                boxes[mine] = mirrored(boxes[mine], page.extent[0])
            if page.turn:
                boxes[mine] = turned(boxes[mine], 4 - page.turn, *page.extent)
        words["start"], words["end"], words["page"] = spans.T
        words["x0"], words["y0"], words["x1"], words["y1"] = boxes.T
        return words


def _lowered(boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the boxes of a scan's text without what reaches into the lines beside them.

    The font of such a text is a stand-in, taller than what is printed, and its lines are tilted.
    """
    x0, y0, x1, y1 = boxes.T
    rim = _RIM * (y1 - y0)
    return np.stack([x0, y0 + rim, x1, y1 - rim], axis=1)


def _is_cut_address(text: str, following: str) -> bool:
    """Tell whether a web address goes on in the next line; one that ends in "/" may be whole."""
    if not _ADDRESS.search(text):
        return False
    return not text.endswith("/") or bool(_OF_ADDRESS.search(following))


def _dashed(text: str) -> bool:
    return len(text) > 1 and text[-1] == "-" and text[-2].isalpha()
