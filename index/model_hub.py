"""Finding a model's files by its name on Hugging Face.

What was fetched before is used without a look at the network, so an office that has a model
keeps it when the line is down. Only settings, tokenizer and safetensors are fetched: never
pickled weights, never code.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from index.errors import ModelError
from index.model_folder import TOKENIZER, read_json

_PATTERNS = ["*.json", "*.safetensors", "*.txt", "*.model", "README.md"]
_NOT = ["onnx/*", "openvino/*", "*/checkpoint*"]
_OFTEN_LEFT_OUT = "sentence-transformers"


def model_folder(
    model: str,
    *,
    owner: str = _OFTEN_LEFT_OUT,
    kind: str = "embedding model",
    whole: Callable[[Path], bool] | None = None,
) -> Path:
    """Return the folder with a model's files.

    Args:
        model: A folder, or a name on Hugging Face.
        owner: Whose model a name without an owner means.
        kind: What to call the model in an error.
        whole: Says whether a folder that was fetched before has all its files;
            ``is_complete`` when None.

    Raises:
        ModelError: It is no folder, was not fetched before and cannot be fetched now.
    """
    folder = Path(model).expanduser()
    if folder.is_dir():
        return folder
    name = model if "/" in model else f"{owner}/{model}"
    return _kept(name, whole or is_complete) or _fetch(model, name, kind)


def is_complete(folder: Path) -> bool:
    """Whether a folder has everything that a model needs; a broken-off download has not."""
    modules = read_json(folder / "modules.json")
    if not isinstance(modules, list):
        return False
    parts = [str(module.get("path", "")) for module in modules if isinstance(module, dict)]
    kinds = [str(module.get("type", "")) for module in modules if isinstance(module, dict)]
    settled = all(
        (folder / part / "config.json").is_file()
        for part, kind in zip(parts, kinds, strict=True)
        if not kind.endswith("Normalize")
    )
    weights = any(any((folder / part).glob("*.safetensors")) for part in parts[:1])
    index = read_json(folder / "model.safetensors.index.json")
    shards = set(index.get("weight_map", {}).values()) if isinstance(index, dict) else set()
    whole = all((folder / str(shard)).is_file() for shard in shards)
    return settled and weights and whole and (folder / TOKENIZER).is_file()


def _kept(name: str, whole: Callable[[Path], bool]) -> Path | None:
    """Return the folder of a model that was fetched before, whole."""
    from huggingface_hub import snapshot_download  # slow to import, and only needed by name

    try:
        folder = Path(snapshot_download(name, local_files_only=True, allow_patterns=_PATTERNS))
    except Exception:  # noqa: BLE001 - not there, in any of the hub's words for it
        return None
    return folder if whole(folder) else None


def _fetch(model: str, name: str, kind: str) -> Path:
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(name, allow_patterns=_PATTERNS, ignore_patterns=_NOT))
    except Exception as exc:
        raise ModelError(
            f"The {kind} {model!r} is not here: it is no folder, {name!r} is not in the "
            "local Hugging Face cache, and it could not be fetched from huggingface.co "
            f"({type(exc).__name__}). Check the name and the connection, or copy the model's "
            "folder here and give its path."
        ) from exc
