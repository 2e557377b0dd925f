"""Every sentence of the bot in every language that it speaks."""

from __future__ import annotations

import pytest

from bots.slack.elements import LONGEST_BUTTON, LONGEST_VIEW_TITLE
from bots.slack.phrases.catalogue import CATALOGUES, say
from mmsearch.phrases import catalogue
from mmsearch.phrases.catalogue import placeholders

TITLES = (
    "passage",
    "whole_answer",
    "sources_found",
    "narrow_title",
    "missing_title",
    "settings_title",
    "close",
    "save",
    "send",
    "search",
    "more_results",
)
BUTTONS = ("show_passage", "more_results", "narrow_down", "ask_a_person", "share", "record_gap")


@pytest.mark.parametrize("language", CATALOGUES)
def test_a_language_has_every_phrase_with_its_values(language: str) -> None:
    english, other = CATALOGUES["en"], CATALOGUES[language]
    assert other.keys() == english.keys()
    for name, phrase in english.items():
        assert placeholders(other[name]) == placeholders(phrase), name


@pytest.mark.parametrize("language", CATALOGUES)
def test_what_stands_on_a_title_or_a_button_fits(language: str) -> None:
    assert [t for t in TITLES if len(say(t, language)) > LONGEST_VIEW_TITLE] == []
    assert [b for b in BUTTONS if len(say(b, language)) > LONGEST_BUTTON] == []


def test_the_languages_are_those_of_every_front_end() -> None:
    assert CATALOGUES.keys() == catalogue.CATALOGUES.keys()
    assert say("not_found", "fr") == catalogue.say("not_found", "fr")
    assert say("busy", "bn") == say("busy", "en")
    with pytest.raises(KeyError, match="no_such_phrase"):
        say("no_such_phrase")
