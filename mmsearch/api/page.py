"""The web page and its few files, read once: nothing here depends on the library."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, Request, Response

from mmsearch.api.envelope import PAGE_POLICY
from mmsearch.api.pictures import matches
from mmsearch.api.problems import NOT_FOUND, Refused

FOLDER = Path(__file__).resolve().parent.parent / "web"
MEDIA = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
"""How each sort of file of the page is served."""


@dataclass(frozen=True, slots=True)
class Asset:
    """One file of the page."""

    content: bytes
    media: str
    tag: str


def load_assets(folder: Path = FOLDER) -> dict[str, Asset]:
    """Read the page's files into memory."""
    return {path.name: _load(path, MEDIA[path.suffix]) for path in sorted(folder.iterdir())}


def _load(path: Path, media: str) -> Asset:
    content = path.read_bytes()
    return Asset(content, media, f'"{hashlib.sha256(content).hexdigest()[:32]}"')


def page_router(assets: dict[str, Asset]) -> APIRouter:
    """Make the routes that serve the page."""
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    def page(request: Request) -> Response:
        return _serve(assets["index.html"], request)

    @router.get("/static/{name}")
    def static(request: Request, name: str) -> Response:
        asset = assets.get(name)
        if asset is None:
            raise Refused(NOT_FOUND)
        return _serve(asset, request)

    return router


def _serve(asset: Asset, request: Request) -> Response:
    headers = {
        "ETag": asset.tag,
        "Cache-Control": "no-cache",
        "Content-Security-Policy": PAGE_POLICY,
    }
    if matches(request.headers.get("if-none-match"), asset.tag):
        return Response(status_code=304, headers=headers)
    return Response(asset.content, headers={**headers, "Content-Type": asset.media})
