"""LibreOffice, where it is installed: it saves files of old formats in those that are read here.

It runs without a window, with profiles of its own that run no macros, without the network
where the system allows that, and is killed with all it started when its time is up.
"""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

from ingest.errors import DamagedFile, NeedsOffice, OldFormat, UnsupportedFile
from ingest.office_desk import Desk
from ingest.workers import Limits

_PLACES = (
    "/usr/lib/libreoffice/program/soffice.bin",
    "/usr/lib64/libreoffice/program/soffice.bin",
    "/opt/libreoffice/program/soffice.bin",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)
_FILTERS = {
    "docx": "docx:MS Word 2007 XML",
    "xlsx": "xlsx:Calc MS Excel 2007 XML",
    "pptx": "pptx:Impress MS PowerPoint 2007 XML",
}
INSTALL = (
    "install LibreOffice (on Debian and Ubuntu: apt-get install libreoffice-writer-nogui "
    "libreoffice-calc-nogui libreoffice-impress-nogui; elsewhere from libreoffice.org) and run "
    "it again"
)


def find_office() -> Path | None:
    """Return LibreOffice's program, or None where it is not installed."""
    found = next((Path(place) for place in _PLACES if Path(place).is_file()), None)
    if found is not None:
        return found
    command = shutil.which("soffice") or shutil.which("libreoffice")
    return Path(command).resolve() if command else None


class Office:
    """Saves files for several threads, each with a LibreOffice of its own."""

    def __init__(self, limits: Limits, scratch: Path) -> None:
        """Save files, with profiles that are made in the folder ``scratch``."""
        self._limits = limits
        self._scratch = scratch
        self._lock = threading.Lock()
        self._desks: dict[int, Desk] = {}
        self._stopped = False

    def save(self, path: Path, old: OldFormat, folder: Path) -> Path:
        """Save a file of an old format in the one after it.

        Args:
            path: The file.
            old: What a parser said of it.
            folder: An empty folder for the new file.

        Raises:
            NeedsOffice: LibreOffice is not installed; the text says how to install it.
            DamagedFile: It cannot read the file.
            LimitExceeded: It took too long.
            OSError: It cannot be started, or the disk is full.
        """
        program = find_office()
        if program is None or old.successor not in _FILTERS:
            raise NeedsOffice(f"{old} Or {INSTALL}.")
        document = folder / "document"
        document.symlink_to(path)
        saved = folder / f"document.{old.successor}"
        self._desk().save(program, document, saved, _FILTERS[old.successor])
        if not saved.is_file():
            raise DamagedFile(
                "LibreOffice cannot read it: it may be damaged or need a password. Open it in "
                f"the program that made it, save it as .{old.successor} and add that."
            )
        return saved

    def stop(self) -> None:
        """Kill what is running and start nothing more. May be called from another thread."""
        with self._lock:
            self._stopped = True
            desks = list(self._desks.values())
        for desk in desks:
            desk.stop()

    def _desk(self) -> Desk:
        """Return the calling thread's own desk."""
        with self._lock:
            if self._stopped:
                raise UnsupportedFile("the run was stopped")
            number = len(self._desks)
            place = self._scratch / f"office-{number}"
            return self._desks.setdefault(threading.get_ident(), Desk(self._limits, place))
