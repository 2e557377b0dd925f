"""Which requests another site may have had a browser send."""

from __future__ import annotations

import pytest

from mmsearch.api.origin import is_forged

HOST = {"host": "library.example"}
OWN = "https://library.example"


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_reading_is_never_forged(method: str) -> None:
    headers = {**HOST, "origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    assert not is_forged(method, headers, with_cookie=True, url="")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "MOVE"])
@pytest.mark.parametrize(
    ("headers", "forged"),
    [
        ({"sec-fetch-site": "same-origin"}, False),
        ({"sec-fetch-site": "none"}, False),
        ({"sec-fetch-site": "same-site"}, True),
        ({"sec-fetch-site": "cross-site", "origin": OWN}, True),
        ({"origin": OWN}, False),
        ({"origin": "https://library.example:444"}, True),
        ({"origin": "https://sub.library.example"}, True),
        ({"origin": "https://library.example.evil.example"}, True),
        ({"origin": "null"}, True),
        ({"origin": ""}, True),
        ({}, True),
        ({"origin": "https://evil.example", "authorization": "Bearer x"}, False),
    ],
)
def test_a_change_by_cookie_needs_our_own_page(
    method: str, headers: dict[str, str], forged: bool
) -> None:
    assert is_forged(method, {**HOST, **headers}, with_cookie=True, url="") is forged


def test_without_a_cookie_silence_is_a_script() -> None:
    assert not is_forged("POST", HOST, with_cookie=False, url="")
    assert is_forged("POST", {**HOST, "origin": "https://x.example"}, with_cookie=False, url="")


def test_behind_a_proxy_the_public_address_counts() -> None:
    headers = {"host": "10.0.0.5:8000", "origin": OWN}
    assert is_forged("POST", headers, with_cookie=True, url="")
    assert not is_forged("POST", headers, with_cookie=True, url=f"{OWN}/")
    assert is_forged("POST", {"origin": ""}, with_cookie=True, url="")
