"""What opens in front of a person: a passage with its page, more results, the whole answer. Pure.

A view is opened at once, with a word that it is coming, and filled when the content is there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bots.slack.elements import (
    MOST_VIEW_BLOCKS,
    Block,
    actions,
    bullets,
    button,
    cut,
    flowing,
    line,
    link,
    modal,
    quote,
    rich,
    section,
    small,
    words,
)
from bots.slack.links import Links
from bots.slack.phrases.catalogue import say
from bots.slack.render import sentences
from bots.slack.sources import about, cited, snippet, title
from index.types import Hit, StoredDocument
from ingest.types import Locator, Unit
from mmsearch.types import Answer, Citation

PAGE = 5
"""Passages on one page of results."""
LONGEST_PARAGRAPH = 2500
LONGEST_NEIGHBOUR = 600
MOST_SENTENCES = 60
MOST_BUTTONS = 25


@dataclass(frozen=True, slots=True)
class Paragraphs:
    """A quoted paragraph with what stands around it.

    Attributes:
        before: The paragraph before, or "".
        head: Its words before the quote.
        quoted: The quote.
        tail: Its words behind the quote.
        after: The paragraph behind, or "".
    """

    before: str
    head: str
    quoted: str
    tail: str
    after: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A passage as a person may see it.

    Attributes:
        document: Its document.
        locator: Where the quote stands.
        passage_id: The passage.
        paragraphs: Its words.
        ocr: How sure their recognition in a picture was, 0 to 1, or None.
    """

    document: StoredDocument
    locator: Locator
    passage_id: str
    paragraphs: Paragraphs
    ocr: float | None = None


def waiting(title: str, language: str) -> Block:
    """Return the view that is open while its content is made."""
    return modal(title, [section(say("searching", language))], close=say("close", language))


def told(title: str, text: str, language: str) -> Block:
    """Return a view that says one thing."""
    return modal(title, [section(text)], close=say("close", language))


def passage(shown: Shown, links: Links, language: str, *, picture: str = "") -> Block:
    """Return the view of a passage.

    Args:
        shown: The passage.
        links: Makes the address of the document.
        language: Language of our own sentences.
        picture: Slack's id of the picture of its page, or "" for none.
    """
    document, where = shown.document, shown.locator
    name = title(document)
    url = links.passage(shown.passage_id, document, where)
    meta = words(f"\n{about(document, where, language, shown.ocr)}")
    blocks = [rich(line(link(name, url, bold=True), meta))]
    if where.heading_path:
        blocks.append(small(flowing(" › ".join(where.heading_path))))
    blocks += _paragraphs(shown.paragraphs)
    if picture:
        page = where.pages[0].index + 1
        said = say("page_picture", language, page=page, title=name)
        blocks.append({"type": "image", "slack_file": {"id": picture}, "alt_text": cut(said, 2000)})
    elif where.pages and where.unit is Unit.PAGE:
        blocks.append(small(say("no_picture", language)))
    return modal(say("passage", language), blocks, close=say("close", language))


def results(
    hits: Sequence[Hit], turn_id: str, links: Links, language: str, *, first: int, more: bool
) -> Block:
    """Return a page of further passages, each with a button that shows it."""
    return modal(
        say("more_results", language),
        _hits(hits, turn_id, links, language, first=first, more=more),
        close=say("close", language),
    )


def sources(hits: Sequence[Hit], turn_id: str, links: Links, language: str) -> Block:
    """Return the passages that were found for a message."""
    return modal(
        say("sources_found", language),
        _hits(hits, turn_id, links, language, first=1, more=False),
        close=say("close", language),
    )


def whole(found: Answer, turn_id: str, links: Links, language: str) -> Block:
    """Return all of an answer with all of its sources."""
    said = sentences(found.sentences[:MOST_SENTENCES])
    paragraphs = [rich(bullets(*said))] if found.total is not None else [rich(one) for one in said]
    sources = [rich(source) for source in cited(_cited(found), links, language)]
    numbers = [one.n for one in _cited(found)][:MOST_BUTTONS]
    show = [button(say("show_number", language, number=n), f"push:{n}", turn_id) for n in numbers]
    blocks = [*paragraphs, {"type": "divider"}, *sources][: MOST_VIEW_BLOCKS - 1]
    blocks += [actions(*show)] if show else []
    return modal(say("whole_answer", language), blocks, close=say("close", language))


def _cited(found: Answer) -> Sequence[Citation]:
    numbers = {n for one in found.sentences[:MOST_SENTENCES] for n in one.citations}
    return [one for one in found.citations if one.n in numbers]


def _hits(
    hits: Sequence[Hit], turn_id: str, links: Links, language: str, *, first: int, more: bool
) -> list[Block]:
    if not hits:
        return [section(say("no_more" if first > 1 else "nothing_near", language))]
    blocks: list[Block] = []
    for number, found in enumerate(hits, start=first):
        document, where = found.document, found.passage.locator
        url = links.passage(found.passage.passage_id, document, where)
        meta = words(f"\n{about(document, where, language, found.passage.ocr)}")
        blocks.append(rich(line(link(title(document), url, bold=True), meta)))
        show = button(say("show_passage", language), f"push:{number}", turn_id)
        blocks.append(section(snippet(found.passage.text, 300), accessory=show))
    if more:
        following = button(say("more", language), f"page:{first + len(hits)}", turn_id)
        blocks.append(actions(following))
    return blocks


def _paragraphs(text: Paragraphs) -> list[Block]:
    blocks: list[Block] = []
    if text.before:
        blocks.append(rich(line(words(_end(flowing(text.before), LONGEST_NEIGHBOUR)))))
    blocks.append(
        rich(
            quote(
                words(_end(flowing_edge(text.head), LONGEST_NEIGHBOUR)),
                words(cut(flowing(text.quoted), LONGEST_PARAGRAPH), bold=True),
                words(cut(flowing_edge(text.tail), LONGEST_NEIGHBOUR)),
            )
        )
    )
    if text.after:
        blocks.append(rich(line(words(cut(flowing(text.after), LONGEST_NEIGHBOUR)))))
    return blocks


def flowing_edge(text: str) -> str:
    """Let lines run on and keep the space at both ends, which parts it from the quote."""
    if not text.strip():
        return ""
    start = " " if text[0].isspace() else ""
    end = " " if text[-1].isspace() else ""
    return f"{start}{flowing(text)}{end}"


def _end(text: str, most: int) -> str:
    """Return the last words of a text that is too long."""
    if len(text) <= most:
        return text
    return "… " + text[-most:].split(None, 1)[-1]
