"""What is embedded of a passage, and the key under which its vector is kept. Pure.

A passage in a language that the model does not know is embedded as its gloss, where there are
words to make one (``index.gloss``). The key names the passage's own text and the words of its
language, so that it does not depend on the model, and so that better words make new vectors.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from index import codec
from index.gloss import INTO, edition, gloss, glossed
from ingest.front import embedding_text
from ingest.types import Passage


def embed_key(title: str, passage: Passage) -> bytes:
    """Return the key of a passage's vector, 16 bytes.

    Args:
        title: Of its document.
        passage: The passage.
    """
    return _key(embedding_text(title, passage), passage.language)


def _key(text: str, language: str) -> bytes:
    words = f"{edition(language)}\0" if language in glossed() else ""
    return codec.embed_hash(words + text)


def embed_texts(
    title: str,
    passages: Sequence[Passage],
    known: Collection[str],
    keys: Sequence[bytes] | None = None,
) -> dict[bytes, str]:
    """Return what is embedded of some passages of one document, by key.

    Args:
        title: Of the document.
        passages: The passages.
        known: The languages that the model knows, ISO 639-1.
        keys: Under which the library keeps their vectors, where it has them already: an older
            version may have named them otherwise. ``embed_key`` of each when None.
    """
    texts = [(embedding_text(title, passage), passage.language) for passage in passages]
    if keys is None:
        keys = [_key(text, language) for text, language in texts]
    return {
        key: as_read(text, language, known)
        for key, (text, language) in zip(keys, texts, strict=True)
    }


def as_read(text: str, language: str, known: Collection[str]) -> str:
    """Return a text as a model can read it: its gloss where the model does not know its language.

    Args:
        text: Any text.
        language: Its ISO 639-1 code, or "und".
        known: The languages that the model knows.
    """
    return gloss(text, language) if is_glossed(language, known) else text


def is_glossed(language: str, known: Collection[str]) -> bool:
    """Say whether texts of a language are read as their gloss."""
    return language not in known and INTO in known and language in glossed()
