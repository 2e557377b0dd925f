"""Entities are found where they stand, with their types."""

from __future__ import annotations

import pytest

from mmsearch.conversation.entities import EntityType, entities

C, Y, O, K, G, N = EntityType  # noqa: E741  # in the order in which they are declared


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("in Moldova by the end of 2023?", "en", [(C, "Moldova"), (Y, "2023")]),
        ("from 2019-2021 and 1,995 more", "en", [(Y, "2019-2021")]),
        ("What did UNDP say in phase II?", "en", [(O, "UNDP")]),
        ("the mid-term review for women", "en", [(K, "mid-term review"), (G, "women")]),
        ("Who lives in Novi Pazar in December?", "en", [(N, "Novi Pazar")]),
        ("Et pour l'Équateur ?", "fr", [(C, "Équateur")]),
        ("в Молдове и в Кыргызстане", "ru", [(C, "Молдове"), (C, "Кыргызстане")]),
        ("وبالمغرب؟", "ar", [(C, "وبالمغرب")]),
        ("in turkey and tunisia", "en", []),
    ],
)
def test_entities_stand_where_they_say(text: str, language: str, expected: list) -> None:
    assert [(e.type, text[e.start : e.end]) for e in entities(text, language)] == expected


def test_a_chat_needs_no_capitals() -> None:
    found = entities("and in tunisia or turkey", "en", careless=True)
    assert [e.key for e in found] == ["Tunisia"]
