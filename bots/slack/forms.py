"""What a person fills in: narrowing a search, what was missing, a channel's settings. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bots.slack.channels import AUTO, ChannelSettings, Only
from bots.slack.elements import MOST_OPTIONS, Block, modal, option, plain, section, small
from bots.slack.phrases.catalogue import CATALOGUES, say
from index.types import PUBLIC, Filters, Reader

MENUS = {"countries": "country", "kinds": "kind", "languages": "language", "years": "year"}
"""Filter by facet; the names of the fields in the form are the filters'."""
_LABELS = {"countries": "country", "kinds": "kind", "languages": "language_of", "years": "year"}
_YEAR = re.compile(r"\d{4}")
LONGEST_REMARK = 2000
NAMES = {
    "en": "English",
    "fr": "Français",
    "es": "Español",
    "ar": "العربية",
    "ru": "Русский",
    "ro": "Română",
    "sr": "Srpski",
    "bn": "বাংলা",
}

State = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""What Slack sends of a form: block, action, value."""


def narrow(
    facets: Mapping[str, Mapping[str, int]], chosen: Filters, turn_id: str, language: str
) -> Block:
    """Return the form that narrows a search, with what there is to choose from.

    Args:
        facets: Counts of values by facet, of documents that may be shown.
        chosen: What is chosen already.
        turn_id: The turn.
        language: Language of our own sentences.
    """
    blocks = [
        _menu(field, facets.get(facet, {}), getattr(chosen, field), language)
        for field, facet in MENUS.items()
        if facets.get(facet)
    ]
    if facets.get("year"):
        years = sorted(facets["year"])
        blocks += [
            _text("year_from", say("year_from", language), chosen.year_from, years[0]),
            _text("year_to", say("year_to", language), chosen.year_to, years[-1]),
        ]
    if not blocks:
        title, text = say("narrow_title", language), say("nothing_to_narrow", language)
        return modal(title, [section(text)], close=say("close", language))
    return modal(
        say("narrow_title", language),
        blocks,
        close=say("close", language),
        submit=say("search", language),
        callback="narrow",
        data=turn_id,
    )


def narrowed(state: State) -> Filters:
    """Read the form that narrows a search."""
    only = read_filters(state)
    return Only(**only).filters()


def wrong_years(state: State, language: str) -> dict[str, str]:
    """Return what is wrong with the years of a form, by field."""
    return {
        field: say("not_a_year", language)
        for field in ("year_from", "year_to")
        if (text := _typed(state, field)) and not _is_year(text)
    }


def read_filters(state: State) -> dict[str, Any]:
    """Return the filters of a form by name, without those that are empty."""
    found: dict[str, Any] = {field: _picked(state, field) for field in MENUS}
    found["years"] = [int(year) for year in found["years"] if _is_year(year)]
    for field in ("year_from", "year_to"):
        text = _typed(state, field)
        found[field] = int(text) if _is_year(text) else None
    return {name: value for name, value in found.items() if value}


def missing(turn_id: str, language: str) -> Block:
    """Return the form that asks what was missing."""
    box: Block = {
        "type": "plain_text_input",
        "action_id": "value",
        "multiline": True,
        "max_length": LONGEST_REMARK,
    }
    block = _input("missing", say("missing_title", language), box)
    block["hint"] = plain(say("missing_hint", language), 2000)
    return modal(
        say("missing_title", language),
        [block],
        close=say("close", language),
        submit=say("send", language),
        callback="missing",
        data=turn_id,
    )


def missing_text(state: State) -> str:
    """Read the form that asks what was missing."""
    return _typed(state, "missing")[:LONGEST_REMARK]


def settings(
    now: ChannelSettings,
    collections: Sequence[str],
    facets: Mapping[str, Mapping[str, int]],
    language: str,
) -> Block:
    """Return the form with a channel's settings."""
    blocks = [small(f"{_rights(now.may_read, language)}\n{say('may_read_hint', language)}")]
    if collections:
        chosen = [("", say("whole_library", language)), *((c, c) for c in collections)]
        blocks.append(_choice("collection", say("collection", language), chosen, now.collection))
    blocks += [
        _menu(field, facets.get(facet, {}), getattr(now.own, field), language)
        for field, facet in MENUS.items()
        if facets.get(facet)
    ]
    blocks += [
        _text("year_from", say("year_from", language), now.own.year_from, ""),
        _text("year_to", say("year_to", language), now.own.year_to, ""),
    ]
    spoken = [(AUTO, say("as_asked", language)), *((code, NAMES[code]) for code in CATALOGUES)]
    blocks.append(_choice("language", say("own_language", language), spoken, now.language))
    answers = [("no", say("mention_only_no", language)), ("yes", say("mention_only_yes", language))]
    chosen_now = "yes" if now.mention_only else "no"
    blocks.append(_choice("mention_only", say("mention_only", language), answers, chosen_now))
    people: Block = {"type": "multi_users_select", "action_id": "value"}
    if users := [one for one in now.ask if one[0] in "UW"]:
        people["initial_users"] = users
    blocks.append(_input("ask", say("who_helps", language), people))
    return modal(
        say("settings_title", language),
        blocks,
        close=say("close", language),
        submit=say("save", language),
        callback="settings",
        data=now.channel_id,
    )


def read_settings(state: State, now: ChannelSettings) -> dict[str, Any]:
    """Return what the form sets, as the file has it; None takes a value out.

    What a channel may read is no field of the form, and user groups stay as they are.
    """
    groups = [one for one in now.ask if one[0] == "S"]
    ask = groups + list(_field(state, "ask").get("selected_users") or ())
    language = _chosen(state, "language")
    return {
        "collection": _chosen(state, "collection") or None,
        "only": {name: _listed(value) for name, value in read_filters(state).items()} or None,
        "language": language if language != AUTO else None,
        "mention_only": True if _chosen(state, "mention_only") == "yes" else None,
        "ask": ask or None,
    }


def _rights(reader: Reader, language: str) -> str:
    parts = [say("everybody", language)]
    if reader.internal:
        parts.append(say("internal", language))
    parts += [say("group", language, group=group) for group in sorted(reader.groups)]
    said = parts if reader != PUBLIC else parts[:1]
    return say("may_read", language, rights=say("list_comma", language).join(said))


def _menu(field: str, counts: Mapping[str, int], chosen: Sequence[object], language: str) -> Block:
    ranked = sorted(counts, key=lambda value: (-counts[value], value))[:MOST_OPTIONS]
    ordered = sorted(ranked, reverse=field == "years")  # the latest first
    values = [value for value in ordered if len(value.encode()) <= 150]
    menu: Block = {
        "type": "multi_static_select",
        "action_id": "value",
        "placeholder": plain(say("any", language), 150),
        "options": [option(f"{_named(field, value)} ({counts[value]})", value) for value in values],
    }
    wanted = {str(value).casefold() for value in chosen}
    initial = [one for one in menu["options"] if one["value"].casefold() in wanted]
    if initial:
        menu["initial_options"] = initial
    return _input(field, say(_LABELS[field], language), menu)


def _named(field: str, value: str) -> str:
    return NAMES.get(value, value) if field == "languages" else value


def _choice(field: str, label: str, pairs: Sequence[tuple[str, str]], chosen: str) -> Block:
    options = [option(text, value or "-") for value, text in pairs][:MOST_OPTIONS]
    menu: Block = {"type": "static_select", "action_id": "value", "options": options}
    menu["initial_option"] = next(
        (one for one in options if one["value"] == (chosen or "-")), options[0]
    )
    return _input(field, label, menu)


def _text(field: str, label: str, value: int | None, placeholder: str) -> Block:
    box: Block = {"type": "plain_text_input", "action_id": "value", "max_length": 4}
    if value is not None:
        box["initial_value"] = str(value)
    if placeholder:
        box["placeholder"] = plain(placeholder, 150)
    return _input(field, label, box)


def _input(field: str, label: str, element: Block) -> Block:
    return {
        "type": "input",
        "block_id": field,
        "optional": True,
        "label": plain(label, 2000),
        "element": element,
    }


def _field(state: State, field: str) -> Mapping[str, Any]:
    return (state.get(field) or {}).get("value") or {}


def _typed(state: State, field: str) -> str:
    return str(_field(state, field).get("value") or "").strip()


def _picked(state: State, field: str) -> list[str]:
    return [str(one["value"]) for one in _field(state, field).get("selected_options") or ()]


def _chosen(state: State, field: str) -> str:
    value = str((_field(state, field).get("selected_option") or {}).get("value") or "")
    return "" if value == "-" else value


def _is_year(text: str) -> bool:
    return _YEAR.fullmatch(text) is not None and int(text) >= 1000


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
