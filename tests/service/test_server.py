"""Serving: what is refused before anything is opened, and a clean end."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from index.errors import LibraryNotFound
from mmsearch.access import CannotListen, UnsafeToServe
from mmsearch.api.server import address, listen, serve
from mmsearch.settings import Settings, load_settings
from tests.service.conftest import client_of


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
    with pytest.raises(CannotListen, match=r"'\.\.': this is no name of a host"):
        listen("..", 0)


def test_a_folder_that_holds_something_else_is_not_made_a_library(tmp_path: Path) -> None:
    (tmp_path / "report.pdf").write_bytes(b"")
    with pytest.raises(LibraryNotFound, match=r"holds something else \('report.pdf'\)"):
        serve(load_settings(library=tmp_path), port=0)


def test_nothing_yet_is_served_as_an_empty_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(app: object, listening: socket.socket, settings: Settings) -> None:
        with client_of(app) as client:  # type: ignore[arg-type]  # what serve has made
            assert client.get("/health").json()["documents"] == 0
            found = client.get("/search", params={"q": "handover notes"}).json()
            assert (found["hits"], found["documents_searched"]) == ([], 0)
            asked = client.get("/ask", params={"q": "¿Quién escribe una nota de entrega?"}).json()
            assert asked["message"] == "La biblioteca aún está vacía."
            assert client.get("/start").json()["documents"] == []
            assert client.get("/documents", params={"country": "Haiti"}).status_code == 422
            assert client.get("/keeping/documents").json()["total"] == 0

    monkeypatch.setattr("mmsearch.api.server._run", run)
    serve(load_settings(library=tmp_path / "new" / "library"), port=0)
    assert "a new, empty one was made" in capsys.readouterr().out


def test_the_address_is_one_a_browser_opens() -> None:
    with listen("127.0.0.1", 0) as listening:
        assert address(listening) == f"http://127.0.0.1:{listening.getsockname()[1]}/"
