from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mmsearch.packs import store as packs_store
from mmsearch.packs.errors import NoSuchPack, NotYours, PackConflict, PackRefused, PacksUnavailable
from mmsearch.packs.store import PackStore
from mmsearch.packs.types import Snippet

SNIPPETS = (Snippet("s_1", "d", 3, 9, "«цитата»", "0" * 64, "q?", "n"),)


def test_what_is_kept_is_read_by_another_process(tmp_path: Path) -> None:
    pack, key = PackStore(tmp_path).create("Name", "Note", SNIPPETS)
    assert PackStore(tmp_path).read(pack.pack_id) == pack
    assert key.encode() not in (tmp_path / packs_store.DATABASE).read_bytes()


def test_only_its_owner_reads_the_file(tmp_path: Path) -> None:
    """It quotes documents that not everybody may see."""
    PackStore(tmp_path).create("Name", "Note", SNIPPETS)
    assert (tmp_path / packs_store.DATABASE).stat().st_mode & 0o077 == 0
    with pytest.raises(PacksUnavailable):
        PackStore(tmp_path / "none").create("Name", "Note", SNIPPETS)


def test_a_change_needs_the_key_and_the_last_revision(tmp_path: Path) -> None:
    store = PackStore(tmp_path)
    pack, key = store.create("Name", "", SNIPPETS)
    state = {"name": "New", "note": "x", "snippets": (), "revision": 1}
    with pytest.raises(NotYours, match="does not open"):
        store.change(pack.pack_id, "guess", **state)
    changed = store.change(pack.pack_id, key, **state)
    assert changed == replace(
        pack, name="New", note="x", snippets=(), revision=2, changed=changed.changed
    )
    with pytest.raises(PackConflict, match="revision 2, not 1"):
        store.change(pack.pack_id, key, **state)
    assert store.may_change(pack.pack_id, key)
    assert not store.may_change(pack.pack_id, "")
    store.delete(pack.pack_id, key)
    with pytest.raises(NoSuchPack, match="no pack"):
        store.read(pack.pack_id)


def test_packs_are_counted_and_trouble_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = PackStore(tmp_path)
    monkeypatch.setattr(packs_store, "MOST_PACKS", 1)
    store.create("One", "", ())
    with pytest.raises(PackRefused, match="1 packs are kept"):
        store.create("Two", "", ())
    (tmp_path / packs_store.DATABASE).write_bytes(b"no database at all" * 100)
    with pytest.raises(PacksUnavailable, match=r"packs\.db"):
        store.read("p_1")
    with pytest.raises(PacksUnavailable, match=r"packs\.db"):
        PackStore(tmp_path / "absent").create("Name", "", ())
