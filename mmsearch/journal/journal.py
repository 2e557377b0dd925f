"""The journal: what front ends record and what keepers read.

``record_…`` never raises: a full disk, a lock or a damaged file is logged (without a word of
the question) and the answer goes out all the same. Everything else raises ``JournalError``.
Who asked is kept only as a keyed digest, and only to count each person's vote once.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import secrets
import sqlite3
from collections.abc import Callable, Collection
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Self, TypeVar

from index.analysis import words
from index.types import Reader
from mmsearch.journal import figures, others, receipts
from mmsearch.journal.errors import JournalError, NoSuchEntry
from mmsearch.journal.figures import Asked, Votes
from mmsearch.journal.store import Store
from mmsearch.journal.types import Day, Gap, GapReason, GapState, Receipt, Recording
from mmsearch.types import Answer, new_answer_id

LONGEST_REMARK = 2000
"""Characters of what a person says was missing, or of a keeper's note."""

MOST_RECEIPTS = 200_000
"""How many receipts are kept, about 5 kB each; the oldest go first, whatever their age."""
MOST_GAPS = 20_000
PRUNE_EVERY = 1_000

_log = logging.getLogger(__name__)
_T = TypeVar("_T")

_GAP = (
    "SELECT gap_id, question, language, reason, missing, state, note, first, last, times, "
    "answer_id FROM gaps "
)


class Journal:
    """Receipts, gaps and feedback of one library. Safe for several threads and processes."""

    def __init__(
        self,
        store: Store,
        *,
        recording: Recording = Recording.WITHOUT_TEXT,
        keep_days: int = 365,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.recording = recording
        self._store = store
        self._keep = timedelta(days=keep_days)
        self._now = now
        self._pruned: datetime | None = None
        self._writes = 0

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        recording: Recording = Recording.WITHOUT_TEXT,
        keep_days: int = 365,
    ) -> Self:
        """Open the journal beside the library in ``folder``; made with the first entry.

        Args:
            folder: The library's folder.
            recording: What is kept of questions.
            keep_days: Receipts, gaps and feedback older than this are deleted.
        """
        return cls(Store(folder), recording=recording, keep_days=keep_days)

    def close(self) -> None:
        """Close the file."""
        self._store.close()

    def record_answer(self, answer: Answer, *, reader: Reader | None = None) -> str:
        """Keep the receipt of an answer; one that did not answer also becomes a gap.

        Args:
            answer: The answer.
            reader: With which rights it was asked for, so that others who have them may be
                told of the question (``others``); without, nobody is.

        Returns:
            The answer's id, or "" when it could not be kept.
        """

        def write(connection: sqlite3.Connection) -> str:
            self._prune(connection)
            answer_id = answer.answer_id or new_answer_id()
            question = _clean(answer.question) if self.recording is Recording.ON else None
            query = _clean(answer.query or answer.question) if question is not None else None
            row = (
                answer_id,
                self._stamp(),
                question,
                query,
                answer.language,
                answer.answered,
                float(answer.confidence),
                float(answer.seconds),
                answer.generation,
                _clean(receipts.pack(answer, others.rights_text(reader) if reader else "")),
            )
            connection.execute(
                "INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row
            )
            if not answer.answered and self.recording is not Recording.OFF:
                self._add_gap(connection, question, answer.language, answer_id)
            return answer_id

        return self._quietly(write) or ""

    def receipt(self, answer_id: str, *, reader: Reader, shelf: receipts.Shelf) -> Receipt:
        """Return a receipt, compared with the library as it is now.

        Args:
            answer_id: The answer's id.
            reader: Who wants to see it.
            shelf: The library: a ``KnowledgeBase``.

        Raises:
            NoSuchEntry: There is none, or the reader may not read what it cites.
            JournalUnavailable: The journal cannot be read.
        """
        with self._store.reading() as connection:
            row = connection.execute(
                "SELECT asked, question, query, language, answered, confidence, seconds, "
                "generation, body FROM answers WHERE answer_id = ?",
                (answer_id,),
            ).fetchone()
            votes = connection.execute(
                "SELECT coalesce(sum(helpful), 0), count(*) FROM feedback WHERE answer_id = ?",
                (answer_id,),
            ).fetchone()
        body = json.loads(row[8]) if row else {}
        passages = receipts.passages(body, shelf, reader) if row else None
        if passages is None:
            raise NoSuchEntry(f"there is no receipt {answer_id!r} that you may read")
        return Receipt(
            answer_id=answer_id,
            asked=datetime.fromisoformat(row[0]),
            question=row[1],
            query=row[2],
            language=row[3],
            answered=bool(row[4]),
            confidence=row[5],
            seconds=row[6],
            generation=row[7],
            sentences=receipts.sentences(body),
            passages=passages,
            checks=body["checks"],
            wording=body["wording"],
            helpful=votes[0],
            unhelpful=votes[1] - votes[0],
        )

    def record_feedback(
        self, answer_id: str, *, helpful: bool, missing: str = "", asker: str = ""
    ) -> bool:
        """Keep a vote on an answer; a thumbs-down becomes a gap.

        Args:
            answer_id: The answer's id.
            helpful: Thumbs up or down.
            missing: What the person says was missing.
            asker: Who votes, so that one person's second vote replaces the first.

        Returns:
            Whether it was kept; False also for an answer without a receipt.
        """
        missing = _clean(missing.strip()[:LONGEST_REMARK])
        missing = missing if self.recording is not Recording.OFF else ""

        def write(connection: sqlite3.Connection) -> bool:
            row = connection.execute(
                "SELECT question, language FROM answers WHERE answer_id = ?", (answer_id,)
            ).fetchone()
            if row is None:
                return False
            who = self._digest(connection, asker) if asker else secrets.token_bytes(16)
            connection.execute(
                "INSERT OR REPLACE INTO feedback VALUES (?, ?, ?, ?, ?)",
                (answer_id, who, helpful, missing, self._stamp()),
            )
            if not helpful and self.recording is not Recording.OFF:
                self._add_gap(connection, row[0], row[1], answer_id, missing, GapReason.UNHELPFUL)
            return True

        return self._quietly(write) or False

    def record_gap(
        self,
        question: str,
        *,
        language: str = "und",
        answer_id: str = "",
        missing: str = "",
        consented: bool = False,
    ) -> str:
        """Keep a question that the library does not answer.

        Args:
            question: As asked. Kept with ``Recording.ON``, or where the person consented.
            language: Its language.
            answer_id: The receipt of the answer that was none, if there is one.
            missing: What the person says is missing.
            consented: The person asked for it to be recorded; ``Recording.OFF`` still wins.

        Returns:
            The gap's id, or "" when it was not kept.
        """
        if self.recording is Recording.OFF:
            return ""
        text = _clean(question) if consented or self.recording is Recording.ON else None
        missing = _clean(missing.strip()[:LONGEST_REMARK])

        def write(connection: sqlite3.Connection) -> str:
            self._prune(connection)
            return self._add_gap(
                connection, text, language, answer_id, missing, again=not consented
            )

        return self._quietly(write) or ""

    def gaps(self, *, state: GapState | None = None, limit: int = 1000) -> tuple[Gap, ...]:
        """List gaps, those asked most often first, then the latest.

        Raises:
            JournalUnavailable: The journal cannot be read.
        """
        where = "WHERE :state IS NULL OR state = :state "
        order = "ORDER BY times DESC, last DESC, gap_id LIMIT :limit"
        with self._store.reading() as connection:
            rows = connection.execute(_GAP + where + order, {"state": state, "limit": limit})
            return tuple(_gap(row) for row in rows)

    def days(self, last: int = 30) -> tuple[Day, ...]:
        """Count questions, answers, times and votes by day (UTC), the latest day first.

        Args:
            last: How many days back, today included; a day without questions is left out.

        Raises:
            JournalUnavailable: The journal cannot be read.
        """
        return figures.days(*self.asked_since(self.span(last)[0]))

    def asked_before(
        self, *, reader: Reader, shelf: receipts.Shelf, about: Collection[str]
    ) -> tuple[others.AskedBefore, ...]:
        """Return questions that others asked; see ``others``. None unless questions are recorded.

        Raises:
            JournalUnavailable: The journal cannot be read.
        """
        if self.recording is not Recording.ON:
            return ()
        with self._store.reading() as connection:
            rows = connection.execute(
                "SELECT question, query, asked, body FROM answers WHERE question IS NOT NULL "
                "AND answered ORDER BY asked DESC LIMIT ?",
                (others.MOST_READ,),
            ).fetchall()

        def may_see(body: dict[str, Any]) -> bool:
            return receipts.passages(body, shelf, reader) is not None

        return others.asked_before(rows, reader, may_see=may_see, about=about)

    def span(self, days: int) -> tuple[date, date]:
        """Return the first and the last of so many days, today (UTC) being the last."""
        today = self._now().date()
        return today - timedelta(days=days - 1), today

    def asked_since(self, first: date) -> tuple[list[Asked], list[Votes]]:
        """Return the questions since a day, the latest day first, and the votes by day.

        Raises:
            JournalUnavailable: The journal cannot be read.
        """
        with self._store.reading() as connection:
            return figures.read(connection, first)

    def set_gap_state(self, gap_id: str, state: GapState, *, note: str = "") -> Gap:
        """Say what became of a gap.

        Raises:
            NoSuchEntry: There is no such gap.
            JournalUnavailable: It could not be written; nothing changed.
        """
        with self._store.writing() as connection:
            connection.execute(
                "UPDATE gaps SET state = ?, note = ? WHERE gap_id = ?",
                (state, _clean(note.strip()[:LONGEST_REMARK]), gap_id),
            )
            row = connection.execute(_GAP + "WHERE gap_id = ?", (gap_id,)).fetchone()
        if row is None:
            raise NoSuchEntry(f"there is no gap {gap_id!r}: 'mmsearch gaps' lists them")
        return _gap(row)

    def _add_gap(
        self,
        connection: sqlite3.Connection,
        question: str | None,
        language: str,
        answer_id: str = "",
        missing: str = "",
        reason: GapReason = GapReason.UNANSWERED,
        *,
        again: bool = True,
    ) -> str:
        """Add a gap or count one more time; one that was thought mended is open again."""
        if question is not None:
            same = f"{reason}:{' '.join(words(question))}"
        elif reason is GapReason.UNHELPFUL:
            same = f"{reason}::{answer_id}"
        else:
            same = f"{reason}::{language}:{self._stamp()[:10]}"
        now = self._stamp()
        row = connection.execute(
            "INSERT INTO gaps VALUES (:id, :same, :question, :language, :reason, :missing, 'open',"
            " '', :now, :now, 1, :answer) ON CONFLICT (sameness) DO UPDATE SET last = :now, "
            "times = times + :again, answer_id = :answer, "
            "missing = CASE WHEN :missing = '' THEN missing ELSE :missing END, "
            "state = CASE WHEN state = 'document added' THEN 'open' ELSE state END "
            "RETURNING gap_id",
            {
                "id": f"g_{secrets.token_hex(6)}",
                "same": self._digest(connection, same),
                "question": question,
                "language": language,
                "reason": reason,
                "missing": missing,
                "now": now,
                "again": again,
                "answer": answer_id if question is not None or missing else "",
            },
        ).fetchone()
        return str(row[0])

    def _prune(self, connection: sqlite3.Connection) -> None:
        """Delete what is older, or more, than is kept; once a day and every so many writes."""
        now = self._now()
        self._writes = (self._writes + 1) % PRUNE_EVERY
        if self._writes and self._pruned is not None and now - self._pruned < timedelta(days=1):
            return
        oldest = (now - self._keep).isoformat(timespec="milliseconds")
        for table, column, most in (
            ("answers", "asked", MOST_RECEIPTS),
            ("feedback", "given", 2 * MOST_RECEIPTS),
            ("gaps", "last", MOST_GAPS),
        ):
            newest = f"SELECT {column} FROM {table} ORDER BY {column} DESC LIMIT 1 OFFSET ?"  # noqa: S608  # names of ours
            connection.execute(
                f"DELETE FROM {table} WHERE {column} < ? OR {column} <= ({newest})",  # noqa: S608  # names of ours
                (oldest, most),
            )
        self._pruned = now

    def _digest(self, connection: sqlite3.Connection, text: str) -> bytes:
        key = connection.execute("SELECT value FROM meta WHERE key = 'secret'").fetchone()[0]
        return hmac.new(key, text.encode("utf-8", "replace"), hashlib.sha256).digest()[:16]

    def _stamp(self) -> str:
        return self._now().isoformat(timespec="milliseconds")

    def _quietly(self, write: Callable[[sqlite3.Connection], _T]) -> _T | None:
        try:
            with self._store.writing() as connection:
                return write(connection)
        except JournalError as exc:
            _log.warning("nothing was recorded: %s", exc)
        except Exception:  # noqa: BLE001  # whatever it is, the answer goes out all the same
            _log.exception("nothing was recorded")
        return None


def _clean(text: str) -> str:
    """Replace what cannot be stored: half a surrogate pair."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _gap(row: tuple[object, ...]) -> Gap:
    values = dict(zip(Gap.__dataclass_fields__, row, strict=True))
    values["reason"] = GapReason(str(values["reason"]))
    values["state"] = GapState(str(values["state"]))
    values["first"] = datetime.fromisoformat(str(values["first"]))
    values["last"] = datetime.fromisoformat(str(values["last"]))
    return Gap(**values)  # type: ignore[arg-type]  # each was just made what it should be
