"""Pictures of PDF pages: marks stand where the word is, and a bad file harms nobody."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import RectangleObject
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from ingest.parsers.pdf import parse
from ingest.types import Rect
from mmsearch.pictures import PagePictures, PictureError, PictureNotFound


@pytest.fixture(scope="module")
def pictures() -> Iterator[PagePictures]:
    with PagePictures(timeout=120) as opened:
        yield opened


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.pdf"
    canvas = Canvas(str(path), pagesize=A4)
    canvas.setFont("Helvetica", 20)
    canvas.drawString(120, 440, "elsewhere")
    canvas.drawString(120, 400, "MARKED")
    canvas.save()
    return path


def pixels(png: bytes) -> NDArray[np.int16]:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(np.int16)


def yellow(image: NDArray[np.int16]) -> NDArray[np.bool_]:
    """Return where paper is marked: bright, and far less blue than red."""
    marked: NDArray[np.bool_] = (image[..., 0] > 200) & (image[..., 0] - image[..., 2] > 60)
    return marked


def dark(image: NDArray[np.int16]) -> NDArray[np.bool_]:
    ink: NDArray[np.bool_] = image.max(axis=2) < 100
    return ink


def word_rect(path: Path, word: str) -> Rect:
    parsed = parse(path)
    (found,) = parsed.words[parsed.words["start"] == parsed.text.index(word)]
    return Rect(*(float(found[name]) for name in ("x0", "y0", "x1", "y1")))


def changed(path: Path, *, rotate: int = 0, crop: tuple[float, ...] = ()) -> Path:
    writer = PdfWriter(clone_from=path)
    if crop:
        writer.pages[0].cropbox = RectangleObject(crop)
    writer.pages[0].rotate(rotate)
    target = path.with_name("changed.pdf")
    writer.write(target)
    return target


@pytest.mark.parametrize(
    ("rotate", "crop"),
    [(0, ()), (90, ()), (180, ()), (270, ()), (0, (40, 30, 500, 700)), (90, (40, 30, 500, 700))],
)
def test_the_mark_is_where_the_word_is(
    pictures: PagePictures, page: Path, rotate: int, crop: tuple[float, ...]
) -> None:
    path = changed(page, rotate=rotate, crop=crop)
    rect = word_rect(path, "MARKED")
    plain = pixels(pictures.png(path, 0, []))
    marked = pixels(pictures.png(path, 0, [rect]))
    assert plain.shape == marked.shape
    assert not yellow(plain).any()
    rows, columns = np.nonzero(yellow(marked))
    assert abs(columns.min() - 2 * rect.x0) <= 4
    assert abs(columns.max() - 2 * rect.x1) <= 4
    assert abs(rows.min() - 2 * rect.y0) <= 4
    assert abs(rows.max() - 2 * rect.y1) <= 4
    box = (slice(rows.min(), rows.max() + 1), slice(columns.min(), columns.max() + 1))
    assert dark(marked[box]).sum() == dark(plain[box]).sum() > 50
    assert dark(marked).sum() > dark(marked[box]).sum()


def test_scale_is_pixels_for_each_point(pictures: PagePictures, page: Path) -> None:
    assert pixels(pictures.png(page, 0, [], scale=1)).shape == (842, 596, 3)


def test_a_huge_page_is_drawn_smaller(page: Path) -> None:
    with PagePictures(max_pixels=10_000) as small:
        height, width, _ = pixels(small.png(page, 0, [])).shape
    assert 9_000 < height * width < 11_000


@pytest.mark.parametrize("index", [-1, 1, 10_000])
def test_a_page_that_does_not_exist_is_said(pictures: PagePictures, page: Path, index: int) -> None:
    with pytest.raises(PictureNotFound, match="there is no such page"):
        pictures.png(page, index, [])


def test_a_file_that_does_not_exist_is_said(pictures: PagePictures, tmp_path: Path) -> None:
    with pytest.raises(PictureNotFound, match="there is no file"):
        pictures.png(tmp_path / "absent.pdf", 0, [])


def test_a_broken_file_is_said_and_the_next_is_drawn(
    pictures: PagePictures, page: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.4 and no more")
    with pytest.raises(PictureError, match="cannot draw page 0"):
        pictures.png(broken, 0, [])
    assert pictures.png(page, 0, []).startswith(b"\x89PNG")


def test_a_page_that_takes_too_long_ends_its_worker(page: Path) -> None:
    with PagePictures(timeout=0.0) as hurried:
        for _ in range(2):
            with pytest.raises(PictureError, match="not drawn within 0 seconds"):
                hurried.png(page, 0, [])


@pytest.mark.parametrize("scale", [0, -1, 9, float("nan")])
def test_a_scale_out_of_range_is_refused(pictures: PagePictures, page: Path, scale: float) -> None:
    with pytest.raises(ValueError, match="scale is"):
        pictures.png(page, 0, [], scale=scale)


def test_rects_off_the_page_are_harmless(pictures: PagePictures, page: Path) -> None:
    rects = [
        Rect(-1e9, -1e9, -1e8, -1e8),
        Rect(5, 900, 1e9, 1e9),
        Rect(20, 40, 10, 30),
        Rect(float("nan"), 0, 1, 1),
    ]
    assert yellow(pixels(pictures.png(page, 0, rects))).sum() > 100


def test_a_changed_file_is_drawn_anew(pictures: PagePictures, page: Path) -> None:
    before = pictures.png(page, 0, [])
    assert pictures.png(page, 0, []) == before
    canvas = Canvas(str(page), pagesize=A4)
    canvas.drawString(50, 50, "Quite another page, of another length")
    canvas.save()
    assert pictures.png(page, 0, []) != before


def test_threads_each_get_their_own_page(pictures: PagePictures, tmp_path: Path) -> None:
    path = tmp_path / "sizes.pdf"
    canvas = Canvas(str(path))
    for i in range(8):
        canvas.setPageSize((100 + 10 * i, 100))
        canvas.showPage()
    canvas.save()
    rect = [Rect(1, 1, 2, 2)]
    with ThreadPoolExecutor(4) as pool:
        drawn = list(pool.map(lambda i: pictures.png(path, i, rect, scale=1), range(8)))
    assert [pixels(png).shape[1] for png in drawn] == [100 + 10 * i for i in range(8)]


def test_closed_pictures_draw_nothing(page: Path) -> None:
    closed = PagePictures()
    closed.close()
    with pytest.raises(PictureError, match="closed"):
        closed.png(page, 0, [])


def test_the_service_side_loads_nothing_that_reads_documents() -> None:
    code = (
        "import sys, mmsearch.pictures; print('pypdfium2' in sys.modules or 'PIL' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert found.stdout.strip() == b"False"
