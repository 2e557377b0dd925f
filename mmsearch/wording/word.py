"""From an answer in quotes to one that a language model has worded, as far as it holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from mmsearch.answer.cite import Locate
from mmsearch.types import Answer, Citation, Sentence
from mmsearch.wording.check import Run, check
from mmsearch.wording.client import ChatModel
from mmsearch.wording.errors import WordingError
from mmsearch.wording.prompt import build
from mmsearch.wording.reply import Worded, sentences
from mmsearch.wording.source import Source

MOST_SENTENCES = 4
"""How many sentences an answer takes from a model."""

Told = Callable[[Sentence, tuple[Citation, ...]], None]
"""Called with each sentence as soon as it is sure, and the citations it has."""


def word(
    answer: Answer,
    sources: Sequence[Source],
    *,
    model: ChatModel,
    locate: Locate,
    told: Told | None = None,
) -> Answer:
    """Let a model word an answer; every sentence that is shown has been checked.

    A sentence that does not stand is replaced by the quotes of the passages it cites, or
    dropped. Where the model fails, or nothing of it stands, the answer is made of quotes.

    Args:
        answer: The answer in quotes.
        sources: Passages that the reader may read; their order gives their numbers.
        model: The model.
        locate: Returns where a span stands in its file.
        told: See ``Told``.
    """
    draft = _Draft(answer, locate, told)
    reason = ""
    try:
        for worded in sentences(model.reply(build(answer.query or answer.question, sources))):
            draft.take(worded, sources)
            if draft.kept == MOST_SENTENCES:
                break
    except WordingError as exc:
        reason = exc.reason
    if not reason and not draft.kept:
        reason = "unverified" if draft.written else "failed"
    if reason:
        draft.quote_the_rest()
    return draft.finished(model.name, reason)


@dataclass(slots=True)
class _Draft:
    """An answer in the making: what was said so far, and what it rests on."""

    quoted: Answer
    locate: Locate
    told: Told | None
    said: list[Sentence] = field(default_factory=list)
    citations: dict[tuple[str, int, int], Citation] = field(default_factory=dict)
    written: int = 0
    kept: int = 0

    def take(self, worded: Worded, sources: Sequence[Source]) -> None:
        """Keep a sentence that stands, or say what its passages say."""
        self.written += 1
        runs = check(worded, sources)
        if runs:
            self.kept += 1
            self._say(worded.text, [self._cite(run) for run in runs])
            return
        for number in worded.numbers:
            if 1 <= number <= len(sources):
                self._quote(sources[number - 1].quotes)

    def quote_the_rest(self) -> None:
        """Say what of the answer in quotes was not said yet."""
        self._quote(self.quoted.citations)

    def finished(self, model: str, reason: str) -> Answer:
        """Return the answer."""
        checks = {"sentences_written": self.written, "sentences_kept": self.kept}
        return replace(
            self.quoted,
            sentences=tuple(self.said),
            citations=tuple(self.citations.values()),
            checks={**self.quoted.checks, **checks},
            wording={
                "model": model,
                "state": "worded" if self.kept else "quoted",
                "reason": reason,
            },
        )

    def _say(self, text: str, cited: Sequence[Citation]) -> None:
        if any(sentence.text == text for sentence in self.said):
            return
        sentence = Sentence(text, tuple(dict.fromkeys(c.n for c in cited)))
        self.said.append(sentence)
        if self.told is not None:
            self.told(sentence, tuple(cited))

    def _quote(self, quotes: Sequence[Citation]) -> None:
        """Say quotes as the answer without a model has them."""
        wanted = {quote.n for quote in quotes}
        for sentence in self.quoted.sentences:
            own = [c for c in self.quoted.citations if c.n in sentence.citations]
            if wanted.isdisjoint(sentence.citations) or all(self._covered(c) for c in own):
                continue
            self._say(sentence.text, [self._number(c) for c in own])

    def _covered(self, quote: Citation) -> bool:
        """Say whether a worded sentence already rests on a quote."""
        return any(
            c.document.doc_id == quote.document.doc_id
            and c.start <= quote.start
            and quote.end <= c.end
            for c in self.citations.values()
        )

    def _cite(self, run: Run) -> Citation:
        passage = run.source.hit.passage
        return self._number(
            Citation(
                n=0,
                passage_id=passage.passage_id,
                document=run.source.hit.document,
                quote=run.source.text[run.start : run.end],
                start=run.start,
                end=run.end,
                locator=self.locate(passage.doc_id, run.start, run.end),
                evidence=passage.evidence,
                ocr=passage.ocr,
            )
        )

    def _number(self, citation: Citation) -> Citation:
        """Give a citation the number of its span, a new one the next."""
        span = (citation.document.doc_id, citation.start, citation.end)
        if span not in self.citations:
            self.citations[span] = replace(citation, n=len(self.citations) + 1)
        return self.citations[span]
