"""What people write in Slack, as plain words: mentions, links and escapes taken apart. Pure."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

_MARK = re.compile(r"<([^<>\s][^<>]*)>")
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>")
_SPACES = re.compile(r"\s+")
_EMOJI_ALONE = re.compile(r"\s*(?::[a-z0-9_+'-]+:\s*)+")
_ASKS = re.compile(
    r"^(?:and|what|who|whom|whose|which|when|where|why|how|is|are|was|were|do|does|did|has|have|can"
    r"|could|will|should|list|show|tell|name"
    r"|et|quoi|qui|que|quel\w*|quand|où|pourquoi|comment|combien|est-ce|y a-t-il|liste\w*"
    r"|y|e|qué|quién\w*|cuál\w*|cuándo|dónde|por qué|cómo|cuánt\w*|hay|lista"
    r"|а|и|что|кто|как\w*|когда|где|почему|зачем|сколько|есть ли|перечисли\w*"
    r"|و\w*|ما|ماذا|من|متى|أين|اين|لماذا|كيف|كم|هل|أي)\b",
    re.IGNORECASE,
)
_TAKEN = {None, "file_share", "thread_broadcast"}
"""Kinds of messages that a person has written just now."""


def plain(text: str, *, bot: str = "") -> str:
    """Return what a message says, without the mention of the bot.

    Args:
        text: As Slack sends it: ``<@U1>``, ``<https://a.b|label>``, ``&amp;``.
        bot: The bot's user id; its mentions are taken out.
    """

    def words(match: re.Match[str]) -> str:
        inside, _, label = match[1].partition("|")
        if inside.startswith("@"):
            return " " if inside[1:] == bot else label
        if inside.startswith("#"):
            return f"#{label}" if label else ""
        return label or ("" if inside.startswith("!") else inside)

    return _SPACES.sub(" ", html.unescape(_MARK.sub(words, text))).strip()


def mentions(text: str, user: str) -> bool:
    """Say whether a message mentions a user."""
    return any(match[1] == user for match in _MENTION.finditer(text))


def addresses_another(text: str, bot: str) -> bool:
    """Say whether a message begins with the mention of somebody who is not the bot."""
    first = _MENTION.match(text.strip())
    return first is not None and first[1] != bot


def looks_like_a_question(text: str) -> bool:
    """Say whether plain words ask something, in en fr es ar ru."""
    if not text or _EMOJI_ALONE.fullmatch(text):
        return False
    return "?" in text or "؟" in text or _ASKS.match(text) is not None


def by_a_person(event: Mapping[str, Any]) -> bool:
    """Say whether a message event is something that a person has just written."""
    return (
        event.get("subtype") in _TAKEN
        and bool(event.get("user"))
        and bool(event.get("channel"))
        and bool(event.get("ts"))
        and not event.get("bot_id")
        and not event.get("hidden")
    )
