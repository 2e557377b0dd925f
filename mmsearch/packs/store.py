"""Where packs are kept: an SQLite file of their own beside the library.

With a rollback journal, so that SQLite's own locks are enough for several processes.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mmsearch.packs.errors import (
    NoSuchPack,
    NotYours,
    PackConflict,
    PackRefused,
    PacksUnavailable,
)
from mmsearch.packs.types import Pack, Snippet

DATABASE = "packs.db"
VERSION = 1
BUSY_SECONDS = 5.0
MOST_PACKS = 20_000
"""How many packs are kept, so that nobody fills a disk with them."""

TABLES = """
CREATE TABLE IF NOT EXISTS packs (
  pack_id TEXT PRIMARY KEY, key_digest BLOB NOT NULL, name TEXT NOT NULL, note TEXT NOT NULL,
  snippets TEXT NOT NULL, created TEXT NOT NULL, changed TEXT NOT NULL, revision INTEGER NOT NULL
) WITHOUT ROWID
"""
_COLUMNS = "pack_id, name, note, snippets, created, changed, revision"


class PackStore:
    """Keeps packs. Safe for use by several threads and processes; the file is made when needed."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / DATABASE

    def create(self, name: str, note: str, snippets: tuple[Snippet, ...]) -> tuple[Pack, str]:
        """Keep a new pack; returns it with the key that alone allows to change it.

        Raises:
            PackRefused: There are ``MOST_PACKS`` of them.
            PacksUnavailable: It cannot be written.
        """
        now = datetime.now(UTC)
        pack = Pack(f"p_{secrets.token_hex(12)}", name, note, snippets, now, now)
        key = secrets.token_urlsafe(24)
        with self._open() as connection:
            (count,) = connection.execute("SELECT count(*) FROM packs").fetchone()
            if count >= MOST_PACKS:
                raise PackRefused(f"{MOST_PACKS:,} packs are kept; delete one that is done with")
            connection.execute(
                "INSERT INTO packs VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (pack.pack_id, _digest(key), *_row(pack)),
            )
        return pack, key

    def read(self, pack_id: str) -> Pack:
        """Return a pack.

        Raises:
            NoSuchPack: There is none with this id.
            PacksUnavailable: It cannot be read.
        """
        with self._open() as connection:
            return _read(connection, pack_id)

    def may_change(self, pack_id: str, key: str) -> bool:
        """Say whether a key is the pack's own."""
        with self._open() as connection:
            return _is_key(connection, pack_id, key)

    def change(
        self,
        pack_id: str,
        key: str,
        *,
        name: str,
        note: str,
        snippets: tuple[Snippet, ...],
        revision: int,
    ) -> Pack:
        """Keep a pack's new state; returns it.

        Raises:
            NoSuchPack: There is none with this id.
            NotYours: The key is another's.
            PackConflict: ``revision`` is not the one that is kept.
            PacksUnavailable: It cannot be written.
        """
        with self._open() as connection:
            before = _read(connection, pack_id)
            if not _is_key(connection, pack_id, key):
                raise NotYours("this key does not open the pack")
            if before.revision != revision:
                raise PackConflict(f"the pack has revision {before.revision}, not {revision}")
            after = replace(
                before,
                name=name,
                note=note,
                snippets=snippets,
                changed=datetime.now(UTC),
                revision=revision + 1,
            )
            connection.execute(
                "UPDATE packs SET name = ?, note = ?, snippets = ?, created = ?, changed = ?, "
                "revision = ? WHERE pack_id = ?",
                (*_row(after), pack_id),
            )
        return after

    def delete(self, pack_id: str, key: str) -> None:
        """Delete a pack.

        Raises:
            NoSuchPack: There is none with this id.
            NotYours: The key is another's.
            PacksUnavailable: It cannot be written.
        """
        with self._open() as connection:
            _read(connection, pack_id)
            if not _is_key(connection, pack_id, key):
                raise NotYours("this key does not open the pack")
            connection.execute("DELETE FROM packs WHERE pack_id = ?", (pack_id,))

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection for one transaction, committed when the body returns."""
        try:
            if not self.path.exists():
                self.path.touch(mode=0o600)  # it quotes documents that not everybody may see
            with closing(
                sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None)
            ) as connection:
                connection.execute("PRAGMA synchronous = FULL")
                connection.execute("BEGIN IMMEDIATE")
                if not connection.execute("PRAGMA user_version").fetchone()[0]:
                    connection.execute(TABLES)
                    connection.execute(f"PRAGMA user_version = {VERSION}")
                yield connection
                connection.execute("COMMIT")
        except (sqlite3.Error, OSError) as exc:
            raise PacksUnavailable(f"{self.path.name}: {exc}") from exc


def _read(connection: sqlite3.Connection, pack_id: str) -> Pack:
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM packs WHERE pack_id = ?",  # noqa: S608  # a constant
        (pack_id,),
    ).fetchone()
    if row is None:
        raise NoSuchPack(f"there is no pack {pack_id!r}")
    return _pack(row)


def _pack(row: Any) -> Pack:
    pack_id, name, note, snippets, created, changed, revision = row
    return Pack(
        pack_id,
        name,
        note,
        tuple(Snippet(**snippet) for snippet in json.loads(snippets)),
        datetime.fromisoformat(created),
        datetime.fromisoformat(changed),
        revision,
    )


def _row(pack: Pack) -> tuple[Any, ...]:
    snippets = json.dumps([asdict(snippet) for snippet in pack.snippets])
    return (
        pack.name,
        pack.note,
        snippets,
        pack.created.isoformat(),
        pack.changed.isoformat(),
        pack.revision,
    )


def _is_key(connection: sqlite3.Connection, pack_id: str, key: str) -> bool:
    row = connection.execute(
        "SELECT key_digest FROM packs WHERE pack_id = ?", (pack_id,)
    ).fetchone()
    return row is not None and hmac.compare_digest(row[0], _digest(key))


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()
