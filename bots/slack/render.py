"""An answer as a message: sentences with numbers, sources beneath, buttons last. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bots.slack.elements import (
    Block,
    actions,
    bullets,
    button,
    confirmation,
    cut,
    fallback,
    flowing,
    line,
    person,
    rich,
    small,
    words,
)
from bots.slack.links import Links
from bots.slack.messages import Message
from bots.slack.phrases.catalogue import say
from bots.slack.sources import cited, filters_in_words, hit
from index.types import Filters
from mmsearch.conversation.content import looked_for
from mmsearch.phrases.catalogue import nothing_found, remarks
from mmsearch.types import Answer, Sentence

LONGEST_ANSWER = 2400
"""Characters of an answer before it is cut at a sentence; the rest is behind a button."""
LONGEST_SENTENCE = 1200
MOST_SOURCES = 4
MOST_SHOWN = 3
MOST_NEAREST = 3
MOST_LOOKED_FOR = 12
EVERYTHING = Filters()
NOWHERE = Links()


@dataclass(frozen=True, slots=True)
class Frame:
    """What an answer is shown with.

    Attributes:
        turn_id: What its buttons carry.
        language: Language of our own sentences.
        links: Makes the addresses of sources.
        private: Only the asker sees it, and may share it.
        direct: A direct message, where there is no channel to share with.
        filters: What was searched beside everything that may be read.
        shared_by: Who shares it with a channel, or "".
        question: The question, where it is not to be seen above the answer.
    """

    turn_id: str
    language: str = "en"
    links: Links = NOWHERE
    private: bool = False
    direct: bool = False
    filters: Filters = EVERYTHING
    shared_by: str = ""
    question: str = ""


def answer(found: Answer, frame: Frame) -> Message:
    """Return the message of an answer, or of there being none."""
    return _answered(found, frame) if found.answered else _not_found(found, frame)


def sentences(said: Sequence[Sentence]) -> list[Block]:
    """Return sentences as paragraphs of a rich text, each with its numbers."""
    return [_sentence(one) for one in said]


def paragraph(said: Sentence) -> Block:
    """Return one sentence as the block that an answer shows it in."""
    return rich(_sentence(said))


def _answered(found: Answer, frame: Frame) -> Message:
    said = _fitting(found.sentences)
    numbers = {n for sentence in said for n in sentence.citations}
    shown = [one for one in found.citations if one.n in numbers]
    sources = cited(shown, frame.links, frame.language)
    is_cut = len(said) < len(found.sentences) or len(shown) > MOST_SHOWN
    is_cut = is_cut or len(sources) > MOST_SOURCES
    is_cut = is_cut or any(len(one.text) > LONGEST_SENTENCE for one in said)
    rest = [rich(source) for source in sources[:MOST_SOURCES]]
    rest += _remarks(found, frame)
    rest.append(_buttons(frame, [one.n for one in shown], whole=is_cut))
    rest.append(_votes(frame))
    text = " ".join(f"{one.text} {_numbers(one)}" for one in said)
    return Message(fallback(text), _lead(found, said, frame), tuple(rest))


def _lead(found: Answer, said: Sequence[Sentence], frame: Frame) -> tuple[Block, ...]:
    head = _heading(frame)
    if found.total is not None and found.total > 1:
        in_all = words(say("in_all", frame.language, count=found.total), bold=True)
        return (*head, rich(line(in_all)), rich(bullets(*sentences(said))))
    return (*head, *(paragraph(one) for one in said))


def _not_found(found: Answer, frame: Frame) -> Message:
    language = frame.language
    head = nothing_found(found, language)
    near = [
        hit(one, number, frame.links, language)
        for number, one in enumerate(found.nearest[:MOST_NEAREST], start=1)
    ]
    rest: list[Block] = []
    if near:
        rest.append(small(say("nearest", language)))
        rest += [rich(*pair) for pair in near]
    elif found.n_documents:
        rest.append(small(say("nothing_near", language)))
    rest += _remarks(found, frame, _searched(found, language))
    rest.append(_buttons(frame, list(range(1, len(near) + 1)), gap=True))
    return Message(
        fallback(head), (*_heading(frame), rich(line(words(head, bold=True)))), tuple(rest)
    )


def _searched(found: Answer, language: str) -> str:
    wanted = looked_for(found.query or found.question, found.language)[:MOST_LOOKED_FOR]
    parts = []
    if wanted and found.n_documents:
        joined = say("list_comma", language).join(wanted)
        parts.append(say("looked_for", language, words=joined))
    if found.n_documents:
        parts.append(say("documents_searched", language, count=found.n_documents))
    return " ".join(parts)


def _heading(frame: Frame) -> tuple[Block, ...]:
    if not frame.question:
        return ()
    asked = words(flowing(frame.question), bold=True)
    if frame.shared_by:
        by = (person(frame.shared_by), words(" " + say("shared", frame.language) + "\n"))
        return (rich(line(*by, asked)),)
    return (rich(line(asked)),)


def _fitting(said: Sequence[Sentence]) -> list[Sentence]:
    """Return the sentences that fit, at least one; one that is too long is cut where shown."""
    kept: list[Sentence] = []
    left = LONGEST_ANSWER
    for sentence in said:
        length = min(len(sentence.text), LONGEST_SENTENCE)
        if kept and length > left:
            break
        kept.append(sentence)
        left -= length
    return kept


def _sentence(said: Sentence) -> Block:
    text = cut(flowing(said.text), LONGEST_SENTENCE)
    return line(words(f"{text} "), *(words(f"[{n}]", bold=True) for n in said.citations))


def _numbers(said: Sentence) -> str:
    return "".join(f"[{n}]" for n in said.citations)


def _remarks(found: Answer, frame: Frame, first: str = "") -> list[Block]:
    said = [first] if first else []
    said += [flowing(remark) for remark in remarks(found)]
    if limits := filters_in_words(frame.filters):
        said.append(say("searched_in", frame.language, filters=limits))
    if frame.private and not frame.direct:
        said.append(say("only_you", frame.language))
    return [small("\n".join(said))] if said else []


def _buttons(
    frame: Frame, numbers: Sequence[int], *, whole: bool = False, gap: bool = False
) -> Block:
    language, turn = frame.language, frame.turn_id
    row = [_show(number, at, len(numbers), frame) for at, number in enumerate(numbers[:MOST_SHOWN])]
    if whole:
        row.append(button(say("more", language), "whole", turn))
    if gap:
        row.append(button(say("record_gap", language), "gap", turn, style="primary"))
    else:
        row.append(button(say("more_results", language), "more", turn))
    row.append(button(say("narrow_down", language), "narrow", turn))
    row.append(button(say("ask_a_person", language), "ask", turn, confirm=_sure("ask", language)))
    if frame.private and not frame.direct and not gap:
        sure = _sure("share", language)
        row.append(button(say("share", language), "share", turn, confirm=sure))
    return actions(*row)


def _show(number: int, at: int, count: int, frame: Frame) -> Block:
    """Return a button that shows a passage; behind the first, a number says enough."""
    said = say("show_number", frame.language, number=number)
    text = said if at == 0 else f"[{number}]"
    if count == 1:
        text = say("show_passage", frame.language)
    return {**button(text, f"show:{number}", frame.turn_id), "accessibility_label": said}


def _sure(what: str, language: str) -> Block:
    title = say({"ask": "ask_a_person", "share": "share"}[what], language)
    return confirmation(
        title, say(f"{what}_confirm", language), say("yes", language), say("no", language)
    )


def _votes(frame: Frame) -> Block:
    def one(name: str, value: str) -> Block:
        text = say(name, frame.language)
        label = {"type": "plain_text", "text": text, "emoji": False}
        return {"text": label, "value": f"{value} {frame.turn_id}", "accessibility_label": text}

    buttons = {
        "type": "feedback_buttons",
        "action_id": "vote",
        "positive_button": one("helpful", "up"),
        "negative_button": one("not_helpful", "down"),
    }
    return {"type": "context_actions", "elements": [buttons]}
