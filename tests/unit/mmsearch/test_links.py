from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from mmsearch.links import document_link, pack_link

BASE = "https://hub.example.org/"


def told(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def test_an_address_says_what_to_open_and_mark() -> None:
    address = document_link("d_1", passage_id="d_1.4", page=7, base=BASE)
    assert address == "https://hub.example.org/?doc=d_1&passage=d_1.4&page=7"


def test_a_span_wins_over_its_passage() -> None:
    address = document_link("d_1", passage_id="d_1.4", span=(10, 25))
    assert address == "/?doc=d_1&start=10&end=25"


def test_a_question_cannot_break_out_of_its_address() -> None:
    question = "what & why? <b>=#\n«мост» \u202e"
    address = document_link("d_1", question=question, base=BASE)
    assert told(address) == {"q": question, "doc": "d_1"}


def test_a_pack_has_an_address() -> None:
    assert pack_link("p_abc") == "/?pack=p_abc"
