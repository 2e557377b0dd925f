"""Run tesseract on one picture and read its answer. Knows nothing about PDF.

A picture goes in on standard input as a grey PGM; words with boxes and confidences come out
as the tab-separated table that tesseract calls TSV.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ingest.recognition import Recognition

_TEXT_LEVEL = "5"
_COLUMNS = 12
_ROTATE = re.compile(r"^Rotate: (\d+)$", re.MULTILINE)
_SCRIPT = re.compile(r"^Script: (\w+)$", re.MULTILINE)
#: Words below this confidence that hold no letter or digit are specks.
_SPECK = 0.6


class Failed(Exception):
    """The picture could not be read: too slow, too much memory, or tesseract refused it."""


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A grey picture: ``pixels`` are its rows from the top, one byte each."""

    width: int
    height: int
    pixels: bytes
    dpi: int


class Found(NamedTuple):
    """One word: its characters, box in pixels, confidence 0–1, and (block, paragraph, line)."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    confidence: float
    place: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Orientation:
    """How a picture lies: quarter turns clockwise that put it upright, and its script."""

    turn: int
    script: str


def recognise(picture: Picture, packs: Sequence[str], how: Recognition) -> list[Found]:
    """Read the words of an upright picture, in reading order.

    Raises:
        Failed: See there.
    """
    table = _run(picture, ["-l", "+".join(packs), "--psm", "3", "tsv"], how)
    return read_table(table)


def orientation(picture: Picture, how: Recognition) -> Orientation | None:
    """Tell how a picture lies; None where that cannot be told."""
    if "osd" not in how.installed:
        return None
    try:
        said = _run(picture, ["--psm", "0"], how)
    except Failed:
        return None
    rotate, script = _ROTATE.search(said), _SCRIPT.search(said)
    if rotate is None or script is None:
        return None
    return Orientation(int(rotate[1]) // 90 % 4, script[1])


def read_table(table: str) -> list[Found]:
    """Read tesseract's table; rows that are no words, or are damaged, are left out."""
    found = []
    for row in table.splitlines()[1:]:
        fields = row.split("\t")
        if len(fields) != _COLUMNS or fields[0] != _TEXT_LEVEL:
            continue
        text = fields[11].strip()
        try:
            left, top, width, height = (float(value) for value in fields[6:10])
            confidence = min(max(float(fields[10]) / 100, 0.0), 1.0)
            place = (int(fields[2]), int(fields[3]), int(fields[4]))
        except ValueError:
            continue
        if not text or (confidence < _SPECK and not any(c.isalnum() for c in text)):
            continue
        found.append(Found(text, left, top, left + width, top + height, confidence, place))
    return found


def _run(picture: Picture, arguments: Sequence[str], how: Recognition) -> str:
    header = f"P5\n{picture.width} {picture.height}\n255\n".encode("ascii")
    command = [how.program, "stdin", "stdout", "--dpi", str(picture.dpi), *arguments]
    try:
        done = subprocess.run(  # noqa: S603 - the program that was found, fixed arguments
            command,
            input=header + picture.pixels,
            capture_output=True,
            timeout=how.page_seconds,
            check=False,
            env={**os.environ, "OMP_THREAD_LIMIT": "1", "LC_ALL": "C.UTF-8"},
        )
    except subprocess.TimeoutExpired as exc:
        raise Failed(f"reading it took more than {how.page_seconds:g} s") from exc
    except OSError as exc:
        raise Failed(f"tesseract cannot be run ({exc.strerror or exc})") from exc
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise Failed(f"tesseract failed ({said[-1][:200] if said else done.returncode})")
    return done.stdout.decode("utf-8", "replace")
