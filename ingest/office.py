"""LibreOffice, where it is installed: it saves files of old formats in those that are read here.

It runs without a window, with a profile of its own that runs no macros, without the network
where the system allows that, and is killed with all it started when its time is up.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

from ingest.errors import DamagedFile, LimitExceeded, OldFormat, UnsupportedFile
from ingest.workers import Limits, environment

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
_ARGUMENTS = (
    "--headless",
    "--invisible",
    "--norestore",
    "--nologo",
    "--nodefault",
    "--nolockcheck",
)
#: Its exit codes that ask to be started again, and how often that is done.
_AGAIN = (79, 81)
_STARTS = 3
#: It maps far more than it uses.
_LEAST_MEMORY = 4 << 30
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"
 xmlns:xs="http://www.w3.org/2001/XMLSchema">
{items}
</oor:items>
"""
_SETTINGS = (
    ("/org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("/org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("/org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("/org.openoffice.Inet/Settings", "ooInetProxyType", "1"),
    ("/org.openoffice.Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("/org.openoffice.Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("/org.openoffice.Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("/org.openoffice.Inet/Settings", "ooInetHTTPSProxyPort", "9"),
)
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
    """Saves files one after the other, with one profile a run. For several threads."""

    def __init__(self, limits: Limits, scratch: Path) -> None:
        """Save files, with a profile that is made in the folder ``scratch``."""
        self._limits = limits
        self._profile = scratch / "office"
        self._one_at_a_time = threading.Lock()
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._stopped = False

    def save(self, path: Path, old: OldFormat, folder: Path) -> Path:
        """Save a file of an old format in the one after it.

        Args:
            path: The file.
            old: What a parser said of it.
            folder: An empty folder for the new file.

        Raises:
            UnsupportedFile: LibreOffice is not installed; the text says how to install it.
            DamagedFile: It cannot read the file.
            LimitExceeded: It took too long.
            OSError: It cannot be started, or the disk is full.
        """
        program = find_office()
        if program is None or old.successor not in _FILTERS:
            raise UnsupportedFile(f"{old} Or {INSTALL}.")
        document = folder / "document"
        document.symlink_to(path)
        with self._one_at_a_time:
            _write_profile(self._profile)
            command = _command(program, document, old.successor, self._profile, self._limits)
            # The program ends at once, asking to be started again, when its profile is new.
            for _ in range(_STARTS):
                if self._run(command) not in _AGAIN:
                    break
        saved = folder / f"document.{old.successor}"
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
            if self._child is not None:
                _kill(self._child)

    def _run(self, command: list[str]) -> int:
        """Run it to its end and return its exit code."""
        with self._lock:
            if self._stopped:
                raise UnsupportedFile("the run was stopped")
            child = self._child = subprocess.Popen(  # noqa: S603 - our own interpreter
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd=os.sep,
                env=environment(),
                start_new_session=True,
            )
        try:
            return child.wait(self._limits.seconds)
        except subprocess.TimeoutExpired:
            _kill(child)
            child.wait()
            shutil.rmtree(self._profile, ignore_errors=True)
            raise LimitExceeded(
                f"LibreOffice was stopped after {self._limits.seconds:g} s; split the file, or "
                "raise the limit on time"
            ) from None
        finally:
            _kill(child)
            child.wait()
            with self._lock:
                self._child = None


def _write_profile(profile: Path) -> None:
    """Write the settings that a new profile begins with."""
    if profile.exists():
        return
    (profile / "user").mkdir(parents=True)
    items = "\n".join(
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value>'
        "</prop></item>"
        for path, name, value in _SETTINGS
    )
    settings = profile / "user" / "registrymodifications.xcu"
    settings.write_text(_PROFILE.format(items=items), encoding="utf-8")


def _command(
    program: Path, document: Path, successor: str, profile: Path, limits: Limits
) -> list[str]:
    """Return the command that saves a file beside itself."""
    confined = [sys.executable, "-P", "-m", "ingest.office_child", "--parent", str(os.getpid())]
    memory = max(_LEAST_MEMORY, limits.memory_bytes)
    arguments = [
        *_ARGUMENTS,
        f"-env:UserInstallation={profile.as_uri()}",
        "--convert-to",
        _FILTERS[successor],
        "--outdir",
        str(document.parent),
        str(document),
    ]
    return [*confined, "--memory", str(memory), "--", str(program), *arguments]


def _kill(child: subprocess.Popen[bytes]) -> None:
    """Kill a program and all it started; it leads a process group of its own."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
