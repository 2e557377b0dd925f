"""Draw pages of PDF files in a process of its own: ``python -m mmsearch.picture_worker``.

Reads requests from standard input and writes replies to standard output, each a frame:
the length of a JSON header and the length of a body (two unsigned 32-bit integers, big
endian), then the header, then the body. A request has "path", "page" (from 0), "scale",
"rects" (a list of x0, y0, x1, y1 in points), "max_pixels"; a reply has "ok", and either
the PNG as its body or "kind" ("missing" or "failed") and "reason". It ends with its input.
"""

from __future__ import annotations

import io
import json
import math
import os
import resource
import struct
import sys
from typing import Any, BinaryIO

import pypdfium2 as pdfium
from PIL import Image, ImageChops, ImageDraw

from ingest.confine import limit

_FRAME = struct.Struct(">II")
_MAX_HEADER = 4 * 1024 * 1024
_MEMORY = 1536 * 1024 * 1024
_YELLOW = (255, 235, 90)
_PADDING = 1.0


def render(request: dict[str, Any]) -> bytes:
    """Draw one page as a PNG, at a smaller scale where it would be too large.

    Raises:
        IndexError: There is no such page.
        pypdfium2.PdfiumError: The file or the page cannot be read.
    """
    document = pdfium.PdfDocument(request["path"])
    try:
        index = int(request["page"])
        if not 0 <= index < len(document):
            raise IndexError(f"page index {index}, of {len(document)} pages")
        page = document[index]
        scale = _scale(page.get_size(), float(request["scale"]), int(request["max_pixels"]))
        image = page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
        page.close()
    finally:
        document.close()
    if request["rects"]:
        image = _marked(image, request["rects"], scale)
    stream = io.BytesIO()
    image.save(stream, "PNG", compress_level=3)
    return stream.getvalue()


def _scale(size: tuple[float, float], wanted: float, max_pixels: int) -> float:
    width, height = max(size[0], 1.0), max(size[1], 1.0)
    return min(wanted, math.sqrt(max_pixels / (width * height)))


def _marked(image: Image.Image, rects: list[list[float]], scale: float) -> Image.Image:
    """Multiply rectangles with yellow: white becomes yellow, black stays black."""
    marks = Image.new("RGB", image.size, (255, 255, 255))
    draw = ImageDraw.Draw(marks)
    for rect in rects:
        if all(map(math.isfinite, rect)):
            _fill(draw, rect, scale, image.size)
    return ImageChops.multiply(image, marks)


def _fill(
    draw: ImageDraw.ImageDraw, rect: list[float], scale: float, size: tuple[int, int]
) -> None:
    x0, y0, x1, y1 = rect
    left = max((min(x0, x1) - _PADDING) * scale, 0)
    top = max((min(y0, y1) - _PADDING) * scale, 0)
    right = min((max(x0, x1) + _PADDING) * scale, size[0] - 1)
    bottom = min((max(y0, y1) + _PADDING) * scale, size[1] - 1)
    if left <= right and top <= bottom:
        draw.rectangle((left, top, right, bottom), fill=_YELLOW)


def _write(stream: BinaryIO, header: dict[str, Any], body: bytes = b"") -> None:
    """Write one frame and flush it."""
    encoded = json.dumps(header).encode()
    stream.write(_FRAME.pack(len(encoded), len(body)) + encoded + body)
    stream.flush()


def _read_request(stream: BinaryIO) -> dict[str, Any] | None:
    head = stream.read(_FRAME.size)
    if len(head) < _FRAME.size:
        return None
    length, _ = _FRAME.unpack(head)
    if length > _MAX_HEADER:
        return None
    request: dict[str, Any] = json.loads(stream.read(length))
    return request


def _answer(request: dict[str, Any], stream: BinaryIO) -> None:
    try:
        picture = render(request)
    except (IndexError, FileNotFoundError) as exc:
        _write(stream, {"ok": False, "kind": "missing", "reason": str(exc)})
    except (pdfium.PdfiumError, OSError, ValueError, MemoryError) as exc:
        reason = f"{type(exc).__name__}: {exc}"
        _write(stream, {"ok": False, "kind": "failed", "reason": reason})
    else:
        _write(stream, {"ok": True}, picture)


def main() -> None:
    """Answer requests until standard input ends."""
    limit(resource.RLIMIT_AS, _MEMORY)
    limit(resource.RLIMIT_CORE, 0)
    requests = sys.stdin.buffer
    # What a library prints must not get between the frames.
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    while (request := _read_request(requests)) is not None:
        _answer(request, replies)


if __name__ == "__main__":
    main()
