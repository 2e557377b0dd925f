"""The words that a model wants in front of questions and passages.

A model's own ``config_sentence_transformers.json`` decides; families that were published
before that file existed are known by name, from their model cards.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Prompts:
    """Text put in front of a question and of a passage; "" where a model wants none."""

    query: str = ""
    passage: str = ""


_SEARCHING = "Represent this sentence for searching relevant passages: "

_FAMILIES = (
    (
        re.compile(r"\b(multilingual-)?e5-(small|base|large)(-v2)?$"),
        Prompts("query: ", "passage: "),
    ),
    (re.compile(r"\bbge-(small|base|large)-en(-v1\.5)?$"), Prompts(_SEARCHING)),
    (re.compile(r"\bsnowflake-arctic-embed-[a-z]+(-v1\.5|-long)?$"), Prompts(_SEARCHING)),
    (re.compile(r"\bsnowflake-arctic-embed-[a-z]+-v2\.0$"), Prompts("query: ")),
    (re.compile(r"\bmxbai-embed-[a-z]+-v1$"), Prompts(_SEARCHING)),
)


def prompts_of(name: str, configured: Mapping[str, object]) -> Prompts:
    """Choose a model's prompts.

    Args:
        name: The model's name, or its folder's.
        configured: ``prompts`` of its ``config_sentence_transformers.json``; the keys
            "query", and "document", "passage" or "corpus" are looked at.
    """
    own = {key: text for key, text in configured.items() if isinstance(text, str)}
    passage = next((own[key] for key in ("document", "passage", "corpus") if own.get(key)), "")
    query = own.get("query", "")
    if query or passage:
        return Prompts(query, passage)
    for pattern, prompts in _FAMILIES:
        if pattern.search(name.rstrip("/").lower()):
            return prompts
    return Prompts()
