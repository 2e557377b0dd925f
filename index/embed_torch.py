"""Embedding with sentence-transformers, for models that are not a plain BERT in a folder.

Only safetensors are read, and no code that comes with a model is run.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.embed_base import CHUNK, DescribedEmbedder, ModelCard, sound
from index.errors import ModelError
from index.model_folder import TOKENIZER, file_digest, fingerprint_of
from index.model_prompts import Prompts, prompts_of
from index.models import languages_of
from index.types import Vectors

_BATCH = 32
_LIMIT = 512


class TorchEmbedder(DescribedEmbedder):
    """An ``Embedder`` over a ``SentenceTransformer`` on the CPU.

    Calls are serialised: torch uses every core for one call already.
    """

    precision = "fp32"

    def __init__(self, model: Any, card: ModelCard) -> None:
        super().__init__(card)
        self._model = model
        self._lock = threading.Lock()

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Embed passages, in order: float32, (n_texts, dim), rows of unit length."""
        vectors = np.empty((len(texts), self.dim), dtype=np.float32)
        for start in range(0, len(texts), CHUNK):
            some = texts[start : start + CHUNK]
            vectors[start : start + len(some)] = self._encode(some, self.card.prompts.passage)
        return vectors

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Embed one question: float32, (dim,), unit length."""
        vector: NDArray[np.float32] = self._encode([text], self.card.prompts.query)[0]
        return vector

    def _encode(self, texts: Sequence[str], prompt: str) -> Vectors:
        whole = [sound(text) for text in texts]
        with self._lock:
            vectors: Vectors = self._model.encode(
                whole,
                prompt=prompt,
                batch_size=_BATCH,
                show_progress_bar=False,
                normalize_embeddings=True,
                convert_to_numpy=True,
            )
        return vectors.astype(np.float32, copy=False)


def load_torch(name: str, folder: Path, *, threads: int | None = None) -> TorchEmbedder:
    """Load a model from its folder.

    Args:
        name: What the model is called.
        folder: Its files, as sentence-transformers keeps them.
        threads: How many threads torch uses, in the whole process; its own choice when None.

    Raises:
        ModelError: It cannot be loaded, or not safely.
    """
    loaded = _load(name, folder)
    if threads is not None:
        import torch

        torch.set_num_threads(threads)
    tokenizer_file = folder / TOKENIZER
    prompts = prompts_of(name, loaded.prompts)
    limit = int(loaded.max_seq_length or _LIMIT)
    return TorchEmbedder(
        loaded,
        ModelCard(
            name=name,
            fingerprint=_fingerprint(loaded, folder, prompts, limit),
            dim=int(loaded.get_embedding_dimension()),
            max_tokens=limit,
            languages=languages_of(name, folder),
            prompts=prompts,
            tokenizer_file=tokenizer_file,
        ),
    )


def _load(name: str, folder: Path) -> Any:
    """Open the model with sentence-transformers, its messages silenced."""
    import transformers
    from sentence_transformers import SentenceTransformer

    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    try:
        return SentenceTransformer(
            str(folder),
            device="cpu",
            trust_remote_code=False,
            local_files_only=True,
            model_kwargs={"use_safetensors": True},
        )
    except Exception as exc:
        raise ModelError(
            f"The embedding model {name!r} cannot be loaded from {str(folder)!r} "
            f"({type(exc).__name__}): a sentence-transformers model in safetensors was expected, "
            "one that needs no code of its own. 'mmsearch model' lists some."
        ) from exc


def _fingerprint(loaded: Any, folder: Path, prompts: Prompts, max_tokens: int) -> str:
    """Digest the weights as loaded, the tokenizer, the modules and the prompts."""
    digest = sha256()
    state = loaded.state_dict()
    for name in sorted(state):
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(state[name].float().numpy()).tobytes())
    modules = [type(module).__name__ for module in loaded]
    settings = [str(getattr(module, "pooling_mode", "")) for module in loaded]
    pooling = {"modules": modules, "settings": settings, "max_tokens": max_tokens}
    return fingerprint_of(digest.hexdigest(), file_digest(folder / TOKENIZER), pooling, prompts)
