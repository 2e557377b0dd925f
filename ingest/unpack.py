"""Writing a container's files out, under numbers and within limits counted while streaming.

Runs in a parse worker, into a folder that its parent made and will delete.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from ingest.errors import LimitExceeded
from ingest.held import Budget, Held, Member, free_name, safe_name, stored_name

#: The worker itself may not write larger files, see ``ingest.confine.MAX_WRITTEN_BYTES``.
MAX_MEMBER = 250_000_000
#: Real archives pack 5 to 30 times; zip bombs 1,000 times.
MAX_RATIO = 200
_RATIO_MATTERS_FROM = 20_000_000
#: Names that a walk leaves out too.
_HIDDEN = (".", "~$")
_JUNK = frozenset({"thumbs.db", "desktop.ini", "__macosx"})


class Unpacker:
    """Takes the files of one container.

    Attributes:
        text: Set by a format whose files are documents themselves, such as a message.
    """

    def __init__(self, folder: Path, budget: Budget, packed: int) -> None:
        """Take files into ``folder``.

        Args:
            folder: Where the numbered files go.
            budget: What may still be unpacked.
            packed: Size of the container in bytes, for the ratio.
        """
        self.text = False
        self._folder = folder
        self._budget = budget
        self._most = max(_RATIO_MATTERS_FROM, MAX_RATIO * packed)
        self._members: dict[str, Member] = {}
        self._ignored: list[str] = []
        self._bytes = 0

    def held(self, problem: str = "") -> Held:
        """Return what was taken so far."""
        return Held(tuple(self._members.values()), tuple(self._ignored), problem, self.text)

    def leaves_out(self, name: str) -> bool:
        """Tell whether a file is left out as in a folder, and note it if so."""
        safe = safe_name(name)
        parts = PurePosixPath(safe).parts
        out = any(part.startswith(_HIDDEN) or part.lower() in _JUNK for part in parts)
        if out:
            self.leave(name)
        return out

    def leave(self, name: str) -> None:
        """Note a file that is left out on purpose, such as a picture in a message's text."""
        if len(self._ignored) < max(self._budget.files, 1):
            self._ignored.append(safe_name(name))

    def refuse(self, name: str, reason: str) -> None:
        """Note a file that cannot be unpacked.

        Raises:
            LimitExceeded: There are too many files.
        """
        self._note(free_name(safe_name(name), self._members.__contains__), None, reason)

    def take(self, name: str, chunks: Iterable[bytes]) -> None:
        """Write a file out.

        Raises:
            LimitExceeded: The container holds too much; nothing more may be taken.
            OSError: The disk is full.
        """
        number = len(self._members)
        safe = free_name(safe_name(name), self._members.__contains__)
        target = self._folder / stored_name(number, safe)
        size = 0
        try:
            with target.open("xb") as out:
                for chunk in chunks:
                    size += len(chunk)
                    self._count(len(chunk))
                    if size > MAX_MEMBER:
                        break
                    out.write(chunk)
        except BaseException as exc:
            target.unlink(missing_ok=True)
            if isinstance(exc, OSError) and exc.errno == errno.EFBIG:
                size = MAX_MEMBER + 1
            else:
                raise
        if size > MAX_MEMBER:
            target.unlink(missing_ok=True)
            reason = (
                f"it has more than {MAX_MEMBER / 1e6:,.0f} MB; take it out and add it by itself"
            )
            self._note(safe, None, reason)
        else:
            self._note(safe, number, "")

    def _count(self, size: int) -> None:
        self._bytes += size
        if self._bytes > self._most:
            raise LimitExceeded(
                f"It unpacks to more than {MAX_RATIO} times its size. It may be a zip bomb; do "
                "not open it."
            )
        if self._bytes > self._budget.bytes:
            raise LimitExceeded(
                "The files in it have more bytes than are unpacked at once; unpack it and add "
                "its folder."
            )

    def _note(self, safe: str, number: int | None, reason: str) -> None:
        if len(self._members) >= self._budget.files:
            if number is not None:
                (self._folder / stored_name(number, safe)).unlink(missing_ok=True)
            raise LimitExceeded(
                "It holds more files than are unpacked at once; unpack it and add its folder."
            )
        self._members[safe] = Member(safe, number, reason)
