"""A real library with a desk for its keepers, and ways to wait for what happens there."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from mmsearch.api.app import create_app
from mmsearch.journal.journal import Journal
from mmsearch.journal.types import Recording
from mmsearch.keeping.desk import Desk
from mmsearch.keeping.types import Limits
from mmsearch.knowledge import KnowledgeBase
from mmsearch.loading import LoadOptions, load
from mmsearch.settings import load_settings
from tests.service.browsing import serving
from tests.service.conftest import BEARERS, RIGHTS

BYTES = {"Content-Type": "application/octet-stream"}
HARBOUR = "The harbour office keeps a register of boats.\n\nIt is open on Mondays and Fridays."
PATIENCE = 120.0
AT_WORK = {"receiving", "waiting", "reading", "embedding"}


def make_library(folder: Path) -> Path:
    """Load one document into a new library; returns the library's folder."""
    documents = folder / "documents"
    documents.mkdir(parents=True)
    (documents / "harbour.txt").write_text(HARBOUR)
    library = folder / "library"
    load([documents], LoadOptions(library), begin=lambda _: None, each=lambda _: None)
    return library


@dataclass
class Kept:
    """A served library, as a client of its keeper sees it."""

    where: str
    desk: Desk
    client: httpx.Client

    def send(self, name: str, data: bytes, **more: object) -> httpx.Response:
        """Upload a file."""
        params = {"name": name, **more}
        return self.client.post("/keeping/uploads", params=params, content=data, headers=BYTES)

    def entries(self) -> dict[str, dict]:
        """Return the queue by file; the last entry of each."""
        listed = self.client.get("/keeping/uploads").json()["entries"]
        return {entry["file"]: entry for entry in listed}

    def ended(self) -> dict[str, dict]:
        """Wait until nothing is at work; returns the queue."""
        until = time.monotonic() + PATIENCE
        found = self.entries()
        while any(entry["state"] in AT_WORK for entry in found.values()):
            assert time.monotonic() < until, found
            time.sleep(0.1)
            found = self.entries()
        return found

    def found(self, question: str, **filters: str) -> list[str]:
        """Return the files that a search finds, best first."""
        response = self.client.get("/search", params={"q": question, **filters})
        assert response.status_code == 200, response.text
        return [hit["file"] for hit in response.json()["hits"]]

    def document(self, file: str) -> dict:
        """Return a document of the keepers' list."""
        listed = self.client.get("/keeping/documents", params={"state": ""}).json()["documents"]
        return next(row for row in listed if row["file"] == file)


@contextmanager
def kept(
    library: Path, *, start: bool = True, tokens: bool = False, limits: Limits | None = None
) -> Iterator[Kept]:
    """Serve a library with its desk; with tokens the client is the keeper's."""
    more = {}
    if tokens:
        more["tokens"] = json.dumps({BEARERS[role]: rights for role, rights in RIGHTS.items()})
    settings = load_settings(library=library, workers=1, **more)
    with (
        KnowledgeBase.open(library) as knowledge,
        closing(Journal.open(library, recording=Recording.ON)) as journal,
        closing(Desk.open(settings, limits)) as desk,
        serving(create_app(knowledge, settings, desk=desk, journal=journal)) as where,
    ):
        if start:
            desk.start()
        headers = {"Authorization": f"Bearer {BEARERS['keeper']}"} if tokens else {}
        with httpx.Client(base_url=where, headers=headers, timeout=60) as client:
            yield Kept(where, desk, client)
