"""The sentences of the bot by name and language; those of every front end stand behind them."""

from __future__ import annotations

from collections.abc import Mapping

from bots.slack.phrases import ar, en, es, fr, ru
from mmsearch.phrases import catalogue

CATALOGUES: Mapping[str, Mapping[str, str]] = {
    "en": en.PHRASES,
    "fr": fr.PHRASES,
    "es": es.PHRASES,
    "ar": ar.PHRASES,
    "ru": ru.PHRASES,
}
"""The bot's phrases by language (ISO 639-1) and name."""


def say(name: str, language: str = catalogue.FALLBACK, **values: object) -> str:
    """Return one of our sentences; a language without a catalogue gets English.

    Raises:
        KeyError: There is no such phrase, or a placeholder has no value.
    """
    spoken = catalogue.spoken(language)
    own = CATALOGUES[spoken].get(name)
    return own.format_map(values) if own is not None else catalogue.say(name, language, **values)
