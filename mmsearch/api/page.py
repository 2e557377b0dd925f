"""The web page and its few files, read once: nothing here depends on the library.

Every file is served at an address that names the version of all of them together, so that a
browser keeps it for good and never mixes two versions; modules name each other relatively and
stay within theirs. The first address, which names the version, is asked for each time.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, Request, Response

from mmsearch.api.envelope import PAGE_POLICY
from mmsearch.api.pictures import matches
from mmsearch.api.problems import NOT_FOUND, Refused

FOLDER = Path(__file__).resolve().parent.parent / "web"
INDEX = "index.html"
MEDIA = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
"""How each sort of file of the page is served."""
ASK_AGAIN = "no-cache"
FOR_GOOD = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file of the page.

    Attributes:
        content: Its bytes.
        packed: The same, compressed with gzip.
        media: Its media type.
        tag: Its entity tag.
    """

    content: bytes
    packed: bytes
    media: str
    tag: str


@dataclass(frozen=True, slots=True)
class Assets:
    """All files of the page.

    Attributes:
        version: Names what is in all of them.
        files: Each by its name.
    """

    version: str
    files: Mapping[str, Asset]


def load_assets(folder: Path = FOLDER) -> Assets:
    """Read the page's files into memory, and have the first one name the version."""
    files = sorted(path for path in folder.iterdir() if path.suffix in MEDIA)
    found = {path.name: path.read_bytes() for path in files}
    digest = hashlib.sha256()
    for name, content in found.items():
        digest.update(f"{name} {len(content)} ".encode() + content)
    version = digest.hexdigest()[:12]
    found[INDEX] = found[INDEX].replace(b'"/static/', f'"/static/{version}/'.encode())
    return Assets(version, {name: _asset(name, content) for name, content in found.items()})


def _asset(name: str, content: bytes) -> Asset:
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    packed = gzip.compress(content, compresslevel=9, mtime=0)
    return Asset(content, packed, MEDIA[Path(name).suffix], tag)


def page_router(assets: Assets) -> APIRouter:
    """Make the routes that serve the page."""
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    def page(request: Request) -> Response:
        return _serve(assets.files[INDEX], request, ASK_AGAIN)

    @router.get("/static/{name}")
    def static(request: Request, name: str) -> Response:
        return _serve(_named(assets, name), request, ASK_AGAIN)

    @router.get("/static/{version}/{name}")
    def versioned(request: Request, version: str, name: str) -> Response:
        # A page that was opened before an update asks for the version before.
        kept = FOR_GOOD if version == assets.version else ASK_AGAIN
        return _serve(_named(assets, name), request, kept)

    return router


def _named(assets: Assets, name: str) -> Asset:
    if name not in assets.files:
        raise Refused(NOT_FOUND)
    return assets.files[name]


def _serve(asset: Asset, request: Request, kept: str) -> Response:
    headers = {
        "ETag": asset.tag,
        "Cache-Control": kept,
        "Vary": "Accept-Encoding",
        "Content-Security-Policy": PAGE_POLICY,
    }
    if matches(request.headers.get("if-none-match"), asset.tag):
        return Response(status_code=304, headers=headers)
    headers["Content-Type"] = asset.media
    if takes_gzip(request.headers.get("accept-encoding", "")):
        return Response(asset.packed, headers={**headers, "Content-Encoding": "gzip"})
    return Response(asset.content, headers=headers)


def takes_gzip(accepted: str) -> bool:
    """Say whether an Accept-Encoding header allows gzip (RFC 9110, section 12.5.3)."""
    for part in accepted.split(","):
        name, _, quality = part.partition(";")
        if name.strip().lower() in {"gzip", "*"}:
            return quality.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False
