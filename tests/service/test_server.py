"""Serving: what is refused before anything is opened, and a clean end."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from index.errors import LibraryNotFound
from mmsearch.access import CannotListen, UnsafeToServe
from mmsearch.api.server import address, listen, serve
from mmsearch.settings import load_settings


def test_it_does_not_open_to_others_without_tokens(tmp_path: Path) -> None:
    with pytest.raises(UnsafeToServe, match="without tokens"):
        serve(load_settings(library=tmp_path), host="192.0.2.1")


def test_a_port_in_use_is_said_with_what_to_do(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CannotListen, match=f"port {port} on '127.0.0.1' is in use.*--port"):
            serve(load_settings(library=tmp_path), port=port)


def test_an_address_of_another_machine_cannot_be_had() -> None:
    with pytest.raises(CannotListen, match=r"cannot listen on '192\.0\.2\.1'"):
        listen("192.0.2.1", 0)


def test_a_missing_library_is_said(tmp_path: Path) -> None:
    with pytest.raises(LibraryNotFound, match="none"):
        serve(load_settings(library=tmp_path / "none"), port=0)


def test_the_address_is_one_a_browser_opens() -> None:
    with listen("127.0.0.1", 0) as listening:
        assert address(listening) == f"http://127.0.0.1:{listening.getsockname()[1]}/"
