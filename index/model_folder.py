"""Reading what a model's folder says about the model; weights are left alone.

The layout is that of sentence-transformers: ``modules.json`` names a transformer in the
folder itself, a pooling and perhaps a normalisation beside it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from index.errors import ModelError
from index.model_prompts import Prompts

WEIGHTS = "model.safetensors"
TOKENIZER = "tokenizer.json"
_CHUNK = 1 << 20
_LIMIT = 4 << 20


@dataclass(frozen=True, slots=True)
class BertShape:
    """What the weights of a plain BERT encoder do not say themselves."""

    layers: int
    heads: int
    dim: int
    epsilon: float
    pooling: Literal["mean", "cls"]


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file, hexadecimal.

    Raises:
        ModelError: The file cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as exc:
        raise ModelError(_unreadable(path, exc)) from exc


def fingerprint_of(weights: str, tokenizer: str, pooling: object, prompts: Prompts) -> str:
    """Digest what makes a model's vectors what they are.

    Args:
        weights: Digest of the weights.
        tokenizer: Digest of the tokenizer.
        pooling: What happens after the transformer, as plain JSON values.
        prompts: The words in front of questions and passages.
    """
    parts = {
        "weights": weights,
        "tokenizer": tokenizer,
        "pooling": pooling,
        "prompts": asdict(prompts),
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def read_json(path: Path) -> Any:
    """Read a JSON file of a model; a missing one is an empty object.

    Raises:
        ModelError: It cannot be read, is over 4 MiB or is not JSON.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_LIMIT + 1)
        if len(data) > _LIMIT:
            raise ModelError(
                f"{str(path)!r} has over {_LIMIT} bytes; a model's settings are small."
            )
        return json.loads(data)
    except FileNotFoundError:
        return {}
    except OSError as exc:
        raise ModelError(_unreadable(path, exc)) from exc
    except ValueError as exc:
        raise ModelError(
            f"{str(path)!r} is not JSON ({exc}); copy the model's folder again."
        ) from exc


def configured_prompts(folder: Path) -> dict[str, object]:
    """Return the prompts of ``config_sentence_transformers.json``, empty where it has none."""
    found = _object(folder / "config_sentence_transformers.json").get("prompts")
    return found if isinstance(found, dict) else {}


def max_tokens_of(folder: Path) -> int:
    """Return the longest input of the model in tokens, special tokens included."""
    config = _object(folder / "config.json")
    sizes = (
        _object(folder / "sentence_bert_config.json").get("max_seq_length"),
        _object(folder / "tokenizer_config.json").get("model_max_length"),
        config.get("max_position_embeddings"),
    )
    known = [size for size in sizes if isinstance(size, int) and 2 < size < 1_000_000]
    if known:
        return min(known)
    raise ModelError(f"{str(folder)!r} does not say how many tokens the model takes.")


def plain_bert(folder: Path) -> BertShape | None:
    """Return the shape of a plain BERT with mean or CLS pooling, or None for any other model."""
    config = _object(folder / "config.json")
    pooling = _pooling(folder)
    plain = (
        config.get("model_type") == "bert"
        and config.get("hidden_act", "gelu") == "gelu"
        and config.get("position_embedding_type", "absolute") == "absolute"
        and config.get("dtype", config.get("torch_dtype", "float32")) in ("float32", "float16")
        and not config.get("is_decoder")
        and not _object(folder / "sentence_bert_config.json").get("do_lower_case")
        and (folder / WEIGHTS).is_file()
        and (folder / TOKENIZER).is_file()
    )
    if not plain or pooling is None:
        return None
    sizes = [config.get(k) for k in ("num_hidden_layers", "num_attention_heads", "hidden_size")]
    layers, heads, dim = (size if isinstance(size, int) else 0 for size in sizes)
    if min(layers, heads, dim) < 1:
        return None
    return BertShape(layers, heads, dim, float(config.get("layer_norm_eps", 1e-12)), pooling)


def _pooling(folder: Path) -> Literal["mean", "cls"] | None:
    """Return mean or CLS when that is all that follows the transformer."""
    modules = read_json(folder / "modules.json")
    if not isinstance(modules, list) or not all(isinstance(module, dict) for module in modules):
        return None
    kinds = [str(module.get("type", "")).rpartition(".")[2] for module in modules]
    if kinds not in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"]):
        return None
    if modules[0].get("path") != "":
        return None
    pooling = _object(folder / str(modules[1].get("path", "")) / "config.json")
    modes = {key.removeprefix("pooling_mode_") for key, on in pooling.items() if on is True}
    named = pooling.get("pooling_mode")
    modes = {named} if isinstance(named, str) else modes - {"include_prompt"}
    if modes in ({"mean_tokens"}, {"mean"}):
        return "mean"
    return "cls" if modes in ({"cls_token"}, {"cls"}) else None


def _object(path: Path) -> dict[str, Any]:
    found = read_json(path)
    return found if isinstance(found, dict) else {}


def _unreadable(path: Path, exc: OSError) -> str:
    why = exc.strerror or type(exc).__name__
    return f"A file of the embedding model, {str(path)!r}, cannot be read: {why}."
