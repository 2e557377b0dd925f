"""The messages and views of the Slack bot, as files that people can read.

``UPDATE_GOLDEN=1 pytest tests/golden/test_slack_messages.py`` writes them anew.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.bots.drawing import GOLDEN, golden, page
from tests.bots.limits import message_mistakes, texts, view_mistakes
from tests.bots.scenes import HOSTILE, all_views, messages


def scenes() -> dict[str, Any]:
    return {**{name: one.as_post() for name, one in messages().items()}, **all_views()}


SCENES = scenes()


@pytest.mark.parametrize("name", sorted(SCENES))
def test_a_message_is_what_it_was(name: str) -> None:
    path = GOLDEN / f"{name}.json"
    text = json.dumps(SCENES[name], ensure_ascii=False, indent=1) + "\n"
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text


def test_no_golden_message_is_left_over() -> None:
    assert set(golden()) == set(SCENES)


@pytest.mark.parametrize("name", sorted(SCENES))
def test_slack_would_take_it(name: str) -> None:
    scene = SCENES[name]
    assert (view_mistakes(scene) if "type" in scene else message_mistakes(scene)) == []


def test_nothing_of_a_hostile_document_is_markup() -> None:
    scene = SCENES["answer_from_a_hostile_document"]
    kinds = [kind for block in scene["blocks"] for kind in _types(block)]
    assert "mrkdwn" not in kinds
    assert "user" not in kinds
    assert "emoji" not in kinds
    links = [t for t in texts(scene["blocks"]) if t.startswith("http")]
    assert all(link.startswith("https://library.example.org/?doc=") for link in links)
    text = scene["text"]
    for live in ("<", ">", "<!channel>", "https://", ":tada:", "@here", "*bold*", "`code`", "\x07"):
        assert live not in text
    assert "\u202e" not in "".join(texts(scene))
    assert HOSTILE.split()[1] in text  # its words are there all the same


@pytest.mark.browser
def test_the_messages_fit_a_phone(chromium: str, tmp_path: Path) -> None:
    from playwright.sync_api import sync_playwright

    file = tmp_path / "page.html"
    file.write_text(page(golden()), encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        view = browser.new_page(viewport={"width": 390, "height": 844})
        view.goto(file.as_uri())
        assert view.evaluate("document.documentElement.scrollWidth") <= 390
        browser.close()


def _types(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["type"]] if isinstance(value.get("type"), str) else []
        return own + [kind for one in value.values() for kind in _types(one)]
    return [kind for one in value for kind in _types(one)] if isinstance(value, list) else []
