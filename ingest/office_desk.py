"""One LibreOffice that is kept open and saves one file after the other.

To start it takes a second of processor time, to save a small file some hundredths. So it is
started once, with an idle document open, as it ends itself after the last; each file is handed
to it by a second call of the program, which finds the first by their common profile, waits and
ends. Where that goes wrong, the file is saved by a start of its own: what an earlier file did
to an open LibreOffice is not held against a later one.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from ingest.errors import TooSlow, UnsupportedFile
from ingest.workers import Limits, environment

_ARGUMENTS = (
    "--headless",
    "--invisible",
    "--norestore",
    "--nologo",
    "--nolockcheck",
)
#: It is started anew after this many files, for what they leave behind.
FILES_A_START = 100
#: Seconds in which it must have opened its idle document.
OPEN_SECONDS = 60.0
_LOOK_AGAIN = 0.05
#: Its exit codes that ask to be started again, as with a new profile, and how often that is done.
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


class Desk:
    """A LibreOffice with a profile of its own. For one thread; any may call ``stop``."""

    def __init__(self, limits: Limits, folder: Path) -> None:
        """Keep the profile and the idle document in a folder, which need not be there yet."""
        self._limits = limits
        self._profile = folder / "profile"
        self._idle = folder / "idle.txt"
        self._lock = threading.Lock()
        self._running: list[subprocess.Popen[bytes]] = []
        self._open: subprocess.Popen[bytes] | None = None
        self._served = 0
        self._stopped = False

    def save(self, program: Path, document: Path, saved: Path, form: str) -> None:
        """Save a document in another format beside itself; ``saved`` is not there on failure.

        Args:
            program: LibreOffice's.
            document: The file.
            saved: Where it will be.
            form: The name of the format's filter, with its suffix.

        Raises:
            TooSlow: It took too long.
            UnsupportedFile: The run was stopped.
            OSError: The program cannot be started.
        """
        order = ("--convert-to", form, "--outdir", str(document.parent), str(document))
        if self._is_open(program):
            self._served += 1
            self._run(program, order)
            if saved.is_file():
                return
        self._close()
        for _ in range(_STARTS):
            if self._run(program, order) not in _AGAIN:
                break

    def stop(self) -> None:
        """Kill what is running and start nothing more. May be called from another thread."""
        with self._lock:
            self._stopped = True
            running = list(self._running)
        for child in running:
            _kill(child)
            child.wait()

    def _is_open(self, program: Path) -> bool:
        """Tell whether there is an open one to hand a file to, after opening one where needed."""
        if self._open is not None and self._open.poll() is None and self._served < FILES_A_START:
            return True
        self._close()
        _write_profile(self._profile)
        self._idle.write_text("idle\n", encoding="ascii")
        lock = self._idle.with_name(f".~lock.{self._idle.name}#")
        for _ in range(_STARTS):
            lock.unlink(missing_ok=True)
            child = self._start(program, (str(self._idle),))
            until = time.monotonic() + OPEN_SECONDS
            while child.poll() is None and not lock.exists() and time.monotonic() < until:
                time.sleep(_LOOK_AGAIN)
            if child.poll() is None and lock.exists():
                self._open, self._served = child, 0
                return True
            self._end(child)
            if child.returncode not in _AGAIN:
                break
        return False

    def _close(self) -> None:
        child, self._open = self._open, None
        if child is not None:
            self._end(child)

    def _run(self, program: Path, order: Sequence[str]) -> int:
        """Run the program to its end and return its exit code."""
        child = self._start(program, order)
        try:
            return child.wait(self._limits.seconds)
        except subprocess.TimeoutExpired:
            self._end(child)
            self._close()
            shutil.rmtree(self._profile, ignore_errors=True)
            raise TooSlow(
                f"LibreOffice was stopped after {self._limits.seconds:g} s; split the file, or "
                "raise the limit on time"
            ) from None
        finally:
            self._end(child)

    def _start(self, program: Path, order: Sequence[str]) -> subprocess.Popen[bytes]:
        confined = [sys.executable, "-P", "-m", "ingest.office_child", "--parent", str(os.getpid())]
        memory = max(_LEAST_MEMORY, self._limits.memory_bytes)
        user = f"-env:UserInstallation={self._profile.as_uri()}"
        command = [*confined, "--memory", str(memory), "--", str(program), *_ARGUMENTS, user]
        with self._lock:
            if self._stopped:
                raise UnsupportedFile("the run was stopped")
            child = subprocess.Popen(  # noqa: S603 - our own interpreter
                [*command, *order],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd=os.sep,
                env=environment(),
                start_new_session=True,
            )
            self._running.append(child)
        return child

    def _end(self, child: subprocess.Popen[bytes]) -> None:
        """Kill a program and all it started, and let go of it."""
        _kill(child)
        child.wait()
        with self._lock:
            if child in self._running:
                self._running.remove(child)


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


def _kill(child: subprocess.Popen[bytes]) -> None:
    """Kill a program and all it started; it leads a process group of its own."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
