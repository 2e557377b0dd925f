"""Exported models on disk."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

import index.model_cache
from index.errors import ModelError
from index.model_cache import cached_model


class Exporter:
    """Counts how often it is asked to export."""

    def __init__(self, model: bytes = b"a model") -> None:
        self.model = model
        self.calls = 0

    def __call__(self) -> bytes:
        self.calls += 1
        return self.model


def get(folder: Path, export: Callable[[], bytes], precision: str = "int8") -> bytes:
    return cached_model(folder, precision, weights="w", export=export)


def test_a_model_is_exported_once(tmp_path: Path) -> None:
    export = Exporter()
    assert [get(tmp_path / "m", export), get(tmp_path / "m", export)] == [b"a model", b"a model"]
    assert export.calls == 1
    assert json.loads((tmp_path / "m" / "model.json").read_text())["weights"] == "w"


def test_both_precisions_lie_side_by_side(tmp_path: Path) -> None:
    get(tmp_path, Exporter(b"8"))
    get(tmp_path, Exporter(b"32"), "fp32")
    unused = Exporter()
    assert (get(tmp_path, unused), get(tmp_path, unused, "fp32")) == (b"8", b"32")
    assert unused.calls == 0


@pytest.mark.parametrize("damage", [b"a mod\x00l", b"", b"a model and more", None])
def test_a_damaged_model_is_exported_again(tmp_path: Path, damage: bytes | None) -> None:
    export = Exporter()
    get(tmp_path, export)
    model = tmp_path / "model-int8.onnx"
    if damage is None:
        model.unlink()
    else:
        model.write_bytes(damage)
    assert get(tmp_path, export) == b"a model"
    assert export.calls == 2
    assert model.read_bytes() == b"a model"


@pytest.mark.parametrize("record", ["", "{", "[]", '{"version": 1, "files": []}', '{"files": {}}'])
def test_a_damaged_record_vouches_for_nothing(tmp_path: Path, record: str) -> None:
    export = Exporter()
    get(tmp_path, export)
    (tmp_path / "model.json").write_text(record)
    assert get(tmp_path, export) == b"a model"
    assert export.calls == 2


def test_an_export_of_another_version_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    get(tmp_path, Exporter(b"old"))
    monkeypatch.setattr(index.model_cache, "VERSION", index.model_cache.VERSION + 1)
    assert get(tmp_path, Exporter(b"new")) == b"new"


def test_what_a_killed_process_left_is_cleared(tmp_path: Path) -> None:
    (tmp_path / "model-int8.onnx").write_bytes(b"half a mo")
    (tmp_path / ".model-int8.onnx.new").write_bytes(b"half")
    assert get(tmp_path, Exporter()) == b"a model"
    assert not list(tmp_path.glob("*.new"))


def test_a_failed_export_leaves_no_lock(tmp_path: Path) -> None:
    def fail() -> bytes:
        raise ModelError("no weights")

    with pytest.raises(ModelError, match="no weights"):
        get(tmp_path, fail)
    assert get(tmp_path, Exporter()) == b"a model"


def test_a_cache_that_cannot_be_made_costs_an_export(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("not a folder")
    assert get(tmp_path / "file" / "m", Exporter()) == b"a model"
    assert "cannot be kept" in caplog.text


def test_a_full_disk_costs_an_export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert get(tmp_path, Exporter()) == b"a model"
    assert not [path for path in tmp_path.iterdir() if path.suffix in (".new", ".onnx", ".json")]


def test_waiting_for_another_export_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index.model_cache, "_WAIT_S", 0.05)
    with (
        FileLock(tmp_path / "export.lock"),
        pytest.raises(ModelError, match="has been exporting the embedding model"),
    ):
        get(tmp_path, Exporter())
