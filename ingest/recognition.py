"""What may be done to read pictures of text: the program, its languages, its limits.

The parent decides it once and tells its workers on their command line; a worker makes it
known to the parsers for as long as a file is parsed (``reading_pictures``).
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

#: The program's name for each language that the library knows, its packs in order.
PACKS = {
    "en": ("eng",),
    "fr": ("fra",),
    "es": ("spa",),
    "ar": ("ara",),
    "ru": ("rus",),
    "ro": ("ron",),
    "sr": ("srp", "srp_latn"),
    "bn": ("ben",),
}
#: Pictures of one file are read for at most so long, seconds; then the rest is reported.
FILE_SECONDS = 3_600.0
#: What ends every warning about text that would be read if something were installed.
AGAIN = "run ingest again"
INSTALL = f"install tesseract-ocr and {AGAIN}"
_LIST_SECONDS = 20


def no_beat() -> None:
    """Tell nobody that another picture is about to be read."""


@dataclass(frozen=True, slots=True)
class Recognition:
    """How pictures of text are read.

    Attributes:
        program: Path of tesseract, or "" where it is not installed.
        installed: The language packs it has.
        wanted: Languages or packs to use for every document; empty means the document's own.
        page_seconds: Longest time for one picture.
        on: Whether pictures are to be read at all.
        beat: Called before each picture, so that the time for the file may be extended.
    """

    program: str = ""
    installed: frozenset[str] = frozenset()
    wanted: tuple[str, ...] = ()
    page_seconds: float = 60.0
    on: bool = True
    beat: Callable[[], None] = field(default=no_beat, compare=False)

    @property
    def ready(self) -> bool:
        """Whether pictures can be read."""
        return self.on and bool(self.program) and bool(self.installed - {"osd"})

    def to_json(self) -> str:
        """Return it as a worker's option."""
        return json.dumps(
            {
                "program": self.program,
                "installed": sorted(self.installed),
                "wanted": self.wanted,
                "page_seconds": self.page_seconds,
                "on": self.on,
            }
        )

    @classmethod
    def from_json(cls, text: str) -> Recognition:
        """Read a worker's option; an empty object reads no pictures."""
        given = json.loads(text)
        return cls(
            program=given.get("program", ""),
            installed=frozenset(given.get("installed", ())),
            wanted=tuple(given.get("wanted", ())),
            page_seconds=given.get("page_seconds", 60.0),
            on=given.get("on", True),
        )

    def packs(self, languages: Sequence[str]) -> tuple[str, ...]:
        """Return the installed packs for languages (ISO 639-1, or packs), in order, each once."""
        names = [pack for code in languages for pack in PACKS.get(code, (code,))]
        return tuple(dict.fromkeys(pack for pack in names if pack in self.installed))

    def lacking(self, language: str) -> str:
        """Return the Debian package that reads a language and is not installed, or ""."""
        packs = PACKS.get(language, ())
        if not packs or self.packs([language]):
            return ""
        return f"tesseract-ocr-{packs[0].replace('_', '-')}"

    def remedy(self) -> str:
        """Return what makes pictures of text readable, as the end of a sentence."""
        if not self.on:
            return "text recognition is off (MMSEARCH_OCR)"
        return INSTALL


_CURRENT: ContextVar[Recognition | None] = ContextVar("recognition", default=None)


def current() -> Recognition:
    """Return how pictures are read in the file being parsed; outside a worker they are not."""
    return _CURRENT.get() or Recognition()


@contextmanager
def reading_pictures(recognition: Recognition) -> Iterator[None]:
    """Let the parsers read pictures within the body."""
    token = _CURRENT.set(recognition)
    try:
        yield
    finally:
        _CURRENT.reset(token)


def find_recognition(
    *, on: bool = True, wanted: Sequence[str] = (), page_seconds: float = 60.0
) -> Recognition:
    """Look for tesseract and its language packs; runs it once."""
    program = shutil.which("tesseract") or "" if on else ""
    installed = _installed(program) if program else frozenset()
    return Recognition(program, installed, tuple(wanted), page_seconds, on)


def _installed(program: str) -> frozenset[str]:
    try:
        done = subprocess.run(  # noqa: S603 - a program found on the path, fixed arguments
            [program, "--list-langs"], capture_output=True, timeout=_LIST_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return frozenset()
    lines = (done.stdout or done.stderr).decode("utf-8", "replace").splitlines()
    return frozenset(line.strip() for line in lines[1:] if line.strip())
