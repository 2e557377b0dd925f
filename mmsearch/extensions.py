"""Front ends that stand above this package and plug into its command line and its service.

Nothing here imports one. A front end names itself in its package's metadata, under the entry
point group ``mmsearch.extensions``::

    [project.entry-points."mmsearch.extensions"]
    slack = "bots.slack.extension:extension"

and is found there. What it names is an ``Extension``; that module is imported with the command
line and has to be light, what it does may import whatever it needs.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING, Protocol, cast

from starlette.types import ASGIApp

if TYPE_CHECKING:
    import typer

    from mmsearch.commands.findings import Finding
    from mmsearch.journal.journal import Journal
    from mmsearch.knowledge import KnowledgeBase
    from mmsearch.settings import Settings

GROUP = "mmsearch.extensions"
Doors = Mapping[str, ASGIApp]
"""Paths of the service that an extension answers itself, and what answers there."""

logger = logging.getLogger("mmsearch.extensions")


@dataclass(frozen=True, slots=True)
class Host:
    """What a running service shares with its extensions; all of it stays the service's.

    Attributes:
        knowledge: The open library.
        journal: Where receipts, votes and gaps are kept.
        settings: The settings.
    """

    knowledge: KnowledgeBase
    journal: Journal
    settings: Settings


class Extension(Protocol):
    """What a front end brings."""

    def add_commands(self, cli: typer.Typer) -> None:
        """Add its commands to the command line."""
        ...

    def doors(self, host: Host) -> AbstractContextManager[Doors]:
        """Answer some paths of the service while it runs; none where it is not configured.

        Requests come past the service's own guard: who may ask is the extension's to decide.
        """
        ...

    def examine(self, settings: Settings) -> Iterator[Finding]:
        """Look at whether it is set up, also beyond this machine, for ``mmsearch doctor``."""
        ...


def installed() -> dict[str, Extension]:
    """Return the extensions by name; one that cannot be imported is logged and left out."""
    found = {}
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        try:
            found[point.name] = _load(point)
        except ImportError as exc:
            logger.warning("the extension %r is left out: %s", point.name, exc)
    return found


@contextmanager
def opened(host: Host) -> Iterator[Doors]:
    """Open the doors of every extension, and close them all at the end."""
    with ExitStack() as stack:
        doors: dict[str, ASGIApp] = {}
        for extension in installed().values():
            doors.update(stack.enter_context(extension.doors(host)))
        yield doors


def _load(point: EntryPoint) -> Extension:
    return cast(Extension, point.load())
