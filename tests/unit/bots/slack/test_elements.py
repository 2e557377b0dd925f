"""Words of documents stay words, and fit what Slack takes."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.slack.elements import cut, fallback, is_address, line, link, plain, rich, words
from tests.bots.limits import message_mistakes, texts

ANYTHING = st.text(max_size=4000)


@given(ANYTHING)
def test_no_text_is_live_in_a_notification(text: str) -> None:
    inert = fallback(text)
    assert not set("<>") & set(inert)
    assert re.sub(r"&(?:amp|lt|gt);", "", inert).count("&") == 0
    assert not re.search(r"[*_~`@#:](?=[^\s\u2060])", inert)
    assert len(inert) < 12_000


@given(ANYTHING)
def test_no_text_is_live_in_a_block(text: str) -> None:
    block = rich(line(words("a"), words(text), link(text, f"https://a.example/{text}")))
    section = {"type": "section", "text": plain(text)}
    assert message_mistakes({"blocks": [block, section]}) == []
    assert "mrkdwn" not in json.dumps([block, section])
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08]", "".join(texts(block["elements"])))


@given(ANYTHING, st.integers(20, 400))
def test_a_text_is_cut_to_what_fits(text: str, most: int) -> None:
    short = cut(text, most)
    assert len(short) <= most + 2
    assert short == text or short.endswith("…")


def test_a_text_is_cut_behind_a_sentence_where_there_is_one() -> None:
    assert (
        cut("One is here. Two is there. Three is far away.", 30) == "One is here. Two is there. …"
    )
    assert cut("A single sentence without any end", 20) == "A single sentence …"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "ftp://a.example",
        "https://a.example/ b",
        "https://a.example|label",
        "https://a.example>",
        "//a.example",
        "https://",
        "",
        "https://a.example/" + "x" * 3000,
    ],
)
def test_what_is_no_address_is_no_link(url: str) -> None:
    assert not is_address(url)
    assert link("title", url)["type"] == "text"


def test_an_address_is_a_link() -> None:
    assert link("title", "https://a.example/?q=1&b=2")["url"] == "https://a.example/?q=1&b=2"
