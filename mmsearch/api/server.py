"""Serving a library: checks who could reach it, opens it, listens, and ends cleanly."""

from __future__ import annotations

import contextlib
import errno
import logging
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import uvicorn

from mmsearch import extensions
from mmsearch.access import CannotListen, check_serving
from mmsearch.api.app import create_app
from mmsearch.beginning import begin_library
from mmsearch.keeping.desk import Desk
from mmsearch.opening import open_journal, open_knowledge
from mmsearch.packs.store import PackStore
from mmsearch.settings import Settings

LONGEST_REQUEST_LINE = 64 * 1024
"""Bytes. A question of 2,000 characters takes up to 24,000 in an address."""
SECONDS_TO_FINISH = 5


def serve(
    settings: Settings,
    host: str | None = None,
    port: int | None = None,
    library: Path | None = None,
) -> None:
    """Serve a library until Ctrl-C or SIGTERM, then finish what is being answered.

    Where there is none yet, an empty one is made, to be filled on the page.

    Args:
        settings: Where to listen, which library, and the tokens.
        host: Listen here instead.
        port: Listen on this port instead; 0 takes a free one.
        library: Serve this folder instead.

    Raises:
        UnsafeToServe: Others could reach it and there are no tokens.
        CannotListen: The address is not this machine's or the port is taken.
        LibraryError: The library cannot be opened, or none can be made in the folder.
    """
    given = {"host": host, "port": port, "library": library}
    settings = settings.model_copy(update={k: v for k, v in given.items() if v is not None})
    check_serving(settings.host, settings.access_tokens())
    listening = listen(settings.host, settings.port)
    with contextlib.closing(listening):
        if begin_library(settings.library):
            sys.stdout.write(_made(settings.library))
        _serve(settings, listening)


def _made(folder: Path) -> str:
    return (
        f"There was no library in {str(folder)!r}: a new, empty one was made. Upload documents on "
        f"the page, or load a folder with 'mmsearch ingest PATH --library {folder}'.\n"
    )


def _serve(settings: Settings, listening: socket.socket) -> None:
    with (
        open_knowledge(settings) as knowledge,
        contextlib.closing(open_journal(settings)) as journal,
        contextlib.closing(Desk.open(settings)) as desk,
    ):
        logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s")
        logging.getLogger("mmsearch").setLevel(settings.log_level.upper())
        with extensions.opened(extensions.Host(knowledge, journal, settings)) as doors:
            packs = PackStore(settings.library)
            app = create_app(
                knowledge, settings, journal=journal, doors=doors, packs=packs, desk=desk
            )
            desk.start()
            _run(app, listening, settings)


def listen(host: str, port: int) -> socket.socket:
    """Take an address before anything slow is done.

    Raises:
        CannotListen: Saying what to do.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
    except (OSError, UnicodeError) as exc:  # a name that no address can have is the latter
        why = getattr(exc, "strerror", None) or "this is no name of a host"
        raise CannotListen(f"cannot listen on {host!r}: {why}; try 127.0.0.1") from exc
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(512)
    except OSError as exc:
        listening.close()
        raise CannotListen(_why(exc, host, port)) from exc
    return listening


def _why(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"port {port} on {host!r} is in use, perhaps by another mmsearch; stop that one or "
            "choose another port with --port or MMSEARCH_PORT (0 takes a free one)"
        )
    if error.errno == errno.EACCES:
        return f"port {port} needs more rights than this user has; choose one above 1023"
    return f"cannot listen on {host!r}, port {port}: {error.strerror}; try host 127.0.0.1"


def address(listening: socket.socket) -> str:
    """Return the address to open in a browser."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def _run(app: object, listening: socket.socket, settings: Settings) -> None:
    config = uvicorn.Config(
        app,  # type: ignore[arg-type]  # an ASGI app; uvicorn's own type is private
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,  # the Host guard looks at who really calls
        h11_max_incomplete_event_size=LONGEST_REQUEST_LINE,
        timeout_graceful_shutdown=SECONDS_TO_FINISH,
        ws="none",
    )
    sys.stdout.write(f"Serving {str(settings.library)!r} at {address(listening)}  (Ctrl-C stops)\n")
    sys.stdout.flush()
    with _quiet_end():
        uvicorn.Server(config).run(sockets=[listening])


@contextlib.contextmanager
def _quiet_end() -> Iterator[None]:
    """Let Ctrl-C and SIGTERM end a run without a trace, so that the library is closed.

    uvicorn finishes its requests and then raises again the signal that it was sent.
    """
    before = None
    if threading.current_thread() is threading.main_thread():
        before = signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        yield
    except KeyboardInterrupt:
        pass
    finally:
        if before is not None:
            signal.signal(signal.SIGTERM, before)
