"""Exported models on disk: written once, checked each time they are read.

::

    <cache>/<fingerprint>/model-int8.onnx, model-fp32.onnx
    <cache>/<fingerprint>/model.json      SHA-256 of each, and of the weights they came from

Files are replaced whole and ``model.json`` comes last, so a process that is killed leaves
at most a file that no digest vouches for, and that is exported again.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock, Timeout

from index.durable import replace_file
from index.errors import ModelError

VERSION = 2
"""Counted up when ``index.onnx_export`` writes another graph: older exports are not used."""

_log = logging.getLogger(__name__)
_WAIT_S = 120.0


def cached_model(
    folder: Path, precision: str, *, weights: str, export: Callable[[], bytes]
) -> bytes:
    """Return an exported model, from the cache where a good one is there.

    A folder that cannot be written (read-only, full) costs an export each time, no more.

    Args:
        folder: The model's own folder in the cache; made when missing.
        precision: "int8" or "fp32".
        weights: Digest of the weights, kept for the record.
        export: Makes the model; called only when there is no good one.

    Raises:
        ModelError: Another process has been exporting it for two minutes.
    """
    found = _read(folder, precision)
    if found is not None:
        return found
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / "export.lock", timeout=_WAIT_S)
        lock.acquire()
    except Timeout as exc:
        raise ModelError(
            f"Another process has been exporting the embedding model to {str(folder)!r} for "
            f"{_WAIT_S:.0f} s. Wait for it, or end it and try again."
        ) from exc
    except OSError as exc:
        return _unkept(folder, exc, export())
    try:
        return _read(folder, precision) or _keep(folder, precision, weights, export())
    finally:
        lock.release()


def _name(precision: str) -> str:
    return f"model-{precision}.onnx"


def _read(folder: Path, precision: str) -> bytes | None:
    """Return the model when its digest holds, otherwise None."""
    wanted = _record(folder).get(_name(precision))
    if wanted is None:
        return None
    try:
        model = (folder / _name(precision)).read_bytes()
    except OSError:
        return None
    if hashlib.sha256(model).hexdigest() == wanted:
        return model
    _log.warning("the exported model in %s is damaged; it is exported again", folder)
    return None


def _record(folder: Path) -> dict[str, str]:
    """Return the digests of this version's files; empty when there are none to trust."""
    try:
        record = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(record, dict) or record.get("version") != VERSION:
        return {}
    files = record.get("files")
    return files if isinstance(files, dict) else {}


def _keep(folder: Path, precision: str, weights: str, model: bytes) -> bytes:
    """Write a model and then the record that vouches for it."""
    files = _record(folder) | {_name(precision): hashlib.sha256(model).hexdigest()}
    record = {"version": VERSION, "weights": weights, "files": files}
    try:
        replace_file(folder / _name(precision), model)
        replace_file(folder / "model.json", json.dumps(record, indent=1).encode())
    except OSError as exc:
        return _unkept(folder, exc, model)
    return model


def _unkept(folder: Path, exc: OSError, model: bytes) -> bytes:
    _log.warning("the exported model cannot be kept in %s: %s", folder, exc.strerror)
    return model
