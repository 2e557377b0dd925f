"""Tokens, rights, and where a service without tokens may listen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import KEEPER, PUBLIC, Reader
from mmsearch.access import (
    BadRights,
    Tokens,
    UnsafeToServe,
    check_serving,
    is_loopback,
    is_loopback_host_header,
    parse_rights,
    reader_for,
)

KNOCK = "a-token-of-some-length"


@pytest.mark.parametrize(
    ("text", "reader"),
    [
        ("public", PUBLIC),
        ("internal", Reader(internal=True)),
        (" Public , INTERNAL ", Reader(internal=True)),
        ("group:haiti", Reader(groups=frozenset({"haiti"}))),
        ("internal,group:haiti,group:Niger", Reader(True, frozenset({"haiti", "Niger"}))),
        ("keeper", KEEPER),
    ],
)
def test_rights_become_a_reader(text: str, reader: Reader) -> None:
    assert parse_rights(text) == reader


@pytest.mark.parametrize("text", ["", " , ", "group:", "admin", "public:yes", "keeper:x", "group"])
def test_unknown_rights_are_refused(text: str) -> None:
    with pytest.raises(BadRights, match='expected "public", "internal", "group:NAME" or "keeper"'):
        parse_rights(text)


def test_a_token_finds_its_own_reader_and_no_other() -> None:
    tokens = Tokens.build({KNOCK: "internal", KNOCK + "x": "keeper"})
    assert tokens.reader(KNOCK) == Reader(internal=True)
    assert tokens.reader(KNOCK + "x") == KEEPER
    assert tokens.reader(KNOCK[:-1]) is None
    assert tokens.reader("") is None


@given(st.text())
def test_any_other_text_is_no_token(text: str) -> None:
    tokens = Tokens.build({KNOCK: "keeper"})
    assert tokens.reader(text + "\udc80") is None


def test_tokens_do_not_show_themselves() -> None:
    tokens = Tokens.build({KNOCK: "keeper"})
    assert KNOCK not in repr(tokens)
    assert KNOCK.encode() not in b"".join(digest for digest, _ in tokens.readers)


def test_without_tokens_everybody_here_is_the_keeper() -> None:
    assert reader_for(None, Tokens.build({}), anonymous="nothing") == KEEPER


def test_with_tokens_a_stranger_reads_what_is_public_or_nothing() -> None:
    tokens = Tokens.build({KNOCK: "keeper"})
    assert reader_for(None, tokens, anonymous="public") == PUBLIC
    assert reader_for(None, tokens, anonymous="nothing") is None
    assert reader_for("wrong", tokens, anonymous="public") is None
    assert reader_for(KNOCK, tokens, anonymous="nothing") == KEEPER


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.9.8.7", "::1", "[::1]", "localhost", "LOCALHOST."]
)
def test_loopback_hosts(host: str) -> None:
    assert is_loopback(host)
    check_serving(host, Tokens.build({}))


@pytest.mark.parametrize(
    "host",
    [
        "0.0.0.0",  # noqa: S104  # the very thing that is refused
        "::",
        "",
        "10.0.0.1",
        "localhost.example.org",
        "127.0.0.1.example.org",
    ],
)
def test_other_hosts_need_a_token(host: str) -> None:
    assert not is_loopback(host)
    with pytest.raises(UnsafeToServe, match=r"secrets\.token_urlsafe\(32\)"):
        check_serving(host, Tokens.build({}))
    check_serving(host, Tokens.build({KNOCK: "public"}))


@pytest.mark.parametrize("value", ["127.0.0.1:8000", "localhost", "[::1]:8000", "[::1]"])
def test_host_headers_of_this_machine(value: str) -> None:
    assert is_loopback_host_header(value)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "evil.example",
        "127.0.0.1.evil.example:8000",
        "localhost:80@evil.example",
        "[::1",
        "[::1]evil.example",
        "127.0.0.1:x",
    ],
)
def test_other_host_headers(value: str) -> None:
    assert not is_loopback_host_header(value)
