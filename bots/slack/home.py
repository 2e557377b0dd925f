"""The bot's home page and how to ask it. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bots.slack.elements import Block, bullets, header, line, link, rich, section, small, words
from bots.slack.links import Links
from bots.slack.messages import Message
from bots.slack.phrases.catalogue import say
from bots.slack.sources import DOT, about, title
from index.types import StoredDocument
from mmsearch.knowledge import Status

COMMAND = "/mmsearch"
MOST_RECENT = 8
WAYS = ("help_mention", "help_direct", "help_command", "help_shortcut")


def home(status: Status, recent: Sequence[StoredDocument], links: Links, language: str) -> Block:
    """Return the home page of one person.

    Args:
        status: What the library holds of what this person may read.
        recent: What was added last, of what this person may read.
        links: Makes addresses of documents.
        language: Language of our own sentences.
    """
    holds = say("holds", language, documents=status.n_documents, passages=status.n_passages)
    blocks = [header(say("help_title", language)), section(say("help", language)), small(holds)]
    blocks.append(rich(bullets(*_ways(language))))
    if recent:
        blocks += [{"type": "divider"}, header(say("recent", language))]
        blocks += [_recent(document, links, language) for document in recent[:MOST_RECENT]]
    return {"type": "home", "blocks": blocks}


def help_message(language: str) -> Message:
    """Return how to ask."""
    text = say("help", language)
    return Message(text, rest=(section(text), rich(bullets(*_ways(language)))))


def _ways(language: str) -> list[Block]:
    return [line(words(say(way, language, command=COMMAND))) for way in WAYS]


def _recent(document: StoredDocument, links: Links, language: str) -> Block:
    countries = ", ".join(document.metadata.countries[:3])
    added = say("added", language, date=f"{document.added:%Y-%m-%d}")
    meta = DOT.join(part for part in (about(document, None, language), countries, added) if part)
    name = link(title(document), links.published(document), bold=True)
    return rich(line(name, words(f"\n{meta}")))
