"""What is put in front of a passage when it is embedded: title, headings, context. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from ingest.sections import ELLIPSIS, one_line
from ingest.types import Passage

#: About how many tokens the front may have: the title's share, and what the rest shares.
TITLE_TOKENS = 16
REST_TOKENS = 48
#: Of the rest, what the context is sure of when the heading path is long.
CONTEXT_TOKENS = 26


def embedding_text(title: str, passage: Passage) -> str:
    """Return what is embedded for ``passage``: the front, then its text.

    The title, the heading path and the context each on a line, trimmed at a word to about
    64 tokens together. Headings with which the passage itself begins are not repeated.
    """
    return compose(title, passage.heading_path, passage.context, passage.text)


def compose(title: str, path: Sequence[str], context: str, text: str) -> str:
    """Return what is embedded, from its parts; see ``embedding_text``."""
    parts = (trim_title(title), front(title, unspoken(path, text), context), text)
    return "\n".join(part for part in parts if part)


def trim_title(title: str) -> str:
    """Return a document's title as it is put in front of its passages."""
    return clip(title, TITLE_TOKENS)


def front(title: str, path: Sequence[str], context: str) -> str:
    """Return heading path and context as they are put between title and text.

    A first heading that is the title again is left out. When there is too much, the
    outermost headings go first.
    """
    if path and one_line(path[0]).casefold() == one_line(title).casefold():
        path = path[1:]
    reserved = min(estimate(context, CONTEXT_TOKENS), CONTEXT_TOKENS)
    headings = clip_path(path, REST_TOKENS - reserved)
    context = clip(context, REST_TOKENS - estimate(headings, REST_TOKENS))
    return "\n".join(part for part in (headings, context) if part)


def unspoken(path: Sequence[str], text: str) -> Sequence[str]:
    """Return ``path`` without the trailing headings with which ``text`` begins."""
    if not path:
        return path
    start = one_line(text[: sum(len(part) + 1 for part in path) * 2])
    for at in range(len(path)):
        spoken = " ".join(path[at:]).removesuffix(ELLIPSIS)
        if start.startswith(spoken):
            return path[:at]
    return path


def clip_path(path: Sequence[str], tokens: float) -> str:
    """Join headings with " > ", leaving out the outermost until they fit."""
    for at in range(len(path)):
        joined = " > ".join(one_line(part) for part in path[at:])
        if at == len(path) - 1 or estimate(joined, tokens) <= tokens:
            return clip(joined, tokens)
    return ""


def clip(text: str, tokens: float) -> str:
    """Trim ``text`` at a word to about ``tokens`` tokens; white space becomes single spaces."""
    words: list[str] = []
    left = tokens
    # No word costs less than one token and none of 40 letters less than eight.
    for word in _normal(text, tokens).split():
        cost = _word_tokens(word)
        if cost > left:
            if not words:
                words.append(_clip_word(word, left))
            break
        left -= cost
        words.append(word)
    return " ".join(words)


def estimate(text: str, most: float) -> float:
    """Estimate the tokens of ``text`` without a tokenizer; exact only up to about ``most``."""
    return sum(_word_tokens(word) for word in _normal(text, most).split())


def _normal(text: str, tokens: float) -> str:
    """Return the start of ``text`` that can matter, in NFKC: one ligature can be 18 letters."""
    return unicodedata.normalize("NFKC", text[: int(tokens) * 40 + 40])


@lru_cache(maxsize=50_000)
def _word_tokens(word: str) -> float:
    """Estimate a word's tokens: a Latin word piece has about five letters, other scripts less."""
    return max(1.0, sum(_character_tokens(character) for character in word))


def _character_tokens(character: str) -> float:
    """Estimate a character's tokens, between what English and multilingual models need."""
    if character.isalpha():
        if character < "ɐ":
            return 0.2
        return 0.6 if character < "ࠀ" else 0.8
    if character.isdigit():
        return 0.5
    return 1.0 if character < "\U00010000" else 2.0


def _clip_word(word: str, tokens: float) -> str:
    """Trim a single word to about ``tokens`` tokens."""
    for at, character in enumerate(word):
        tokens -= _character_tokens(character)
        if tokens < 0:
            return word[:at]
    return word
