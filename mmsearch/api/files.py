"""How an original file is handed out so that no browser runs what is in it."""

from __future__ import annotations

from pathlib import PurePosixPath
from urllib.parse import quote

PDF_POLICY = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; base-uri 'none'"
SANDBOX = "default-src 'none'; sandbox"
OFFICE = "application/vnd.openxmlformats-officedocument."
OASIS = "application/vnd.oasis.opendocument."
DOWNLOADS = {
    ".docx": f"{OFFICE}wordprocessingml.document",
    ".pptx": f"{OFFICE}presentationml.presentation",
    ".xlsx": f"{OFFICE}spreadsheetml.sheet",
    ".doc": "application/msword",
    ".ppt": "application/vnd.ms-powerpoint",
    ".xls": "application/vnd.ms-excel",
    ".odt": f"{OASIS}text",
    ".ods": f"{OASIS}spreadsheet",
    ".odp": f"{OASIS}presentation",
    ".rtf": "application/rtf",
    ".msg": "application/vnd.ms-outlook",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
}
#: A message can hold HTML and scripts: browsers that know "message/rfc822" would show them.
TEXTS = frozenset(
    {
        *(".txt", ".text", ".md", ".markdown", ".csv", ".tsv", ".tab", ".eml"),
        *(".html", ".htm", ".xhtml", ".svg", ".xml", ".mht", ".mhtml"),
    }
)


def original_headers(file: str) -> dict[str, str]:
    """Return the headers to serve a file with, judged by its name alone.

    Only a PDF opens in the browser. Everything else is a download, HTML and SVG as plain
    text; "nosniff", which every response has, keeps a browser from thinking otherwise.
    """
    name = PurePosixPath(file).name
    suffix = PurePosixPath(name).suffix.lower()
    if suffix == ".pdf":
        return _headers("inline", name, "application/pdf", PDF_POLICY)
    if suffix in TEXTS:
        # No charset: the bytes are as they were found, in whatever encoding that was.
        return _headers("attachment", name, "text/plain", SANDBOX)
    media = DOWNLOADS.get(suffix, "application/octet-stream")
    return _headers("attachment", name, media, SANDBOX)


def _headers(disposition: str, name: str, media: str, policy: str) -> dict[str, str]:
    return {
        "Content-Type": media,
        "Content-Disposition": content_disposition(disposition, name),
        "Content-Security-Policy": policy,
    }


def content_disposition(disposition: str, name: str) -> str:
    """Write a Content-Disposition with any name (RFC 6266, RFC 8187 section 3.2).

    The plain ``filename`` keeps letters, digits and a few signs, for old clients; the exact
    name goes into ``filename*``.
    """
    printable = "".join(c if c.isprintable() else "_" for c in name) or "document"
    plain = "".join(c if c.isascii() and (c.isalnum() or c in " ._-()") else "_" for c in printable)
    exact = quote(printable.encode("utf-8", "replace"), safe="")
    return f"{disposition}; filename=\"{plain}\"; filename*=UTF-8''{exact}"
