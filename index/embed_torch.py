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


def load_torch(model: str, *, threads: int | None = None) -> TorchEmbedder:
    """Load a model by its folder, or by its name from the local cache or Hugging Face.

    Raises:
        ModelError: It is not there, or cannot be loaded safely.
    """
    loaded = _load(model)
    if threads is not None:
        import torch

        torch.set_num_threads(threads)
    folder = _folder_of(loaded, model)
    tokenizer_file = folder / TOKENIZER
    if not tokenizer_file.is_file():
        raise ModelError(
            f"The model {model!r} has no {TOKENIZER!r} in {str(folder)!r}; "
            "choose a model with a fast tokenizer."
        )
    prompts = prompts_of(model, loaded.prompts)
    limit = int(loaded.max_seq_length or 512)
    return TorchEmbedder(
        loaded,
        ModelCard(
            name=model,
            fingerprint=_fingerprint(loaded, folder, prompts, limit),
            dim=int(loaded.get_embedding_dimension()),
            max_tokens=limit,
            languages=languages_of(model, folder),
            prompts=prompts,
            tokenizer_file=tokenizer_file,
        ),
    )


def _load(model: str) -> Any:
    """Open the model with sentence-transformers, its messages silenced."""
    import transformers
    from sentence_transformers import SentenceTransformer

    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    try:
        return SentenceTransformer(
            model,
            device="cpu",
            trust_remote_code=False,
            model_kwargs={"use_safetensors": True},
        )
    except Exception as exc:
        raise ModelError(
            f"The embedding model {model!r} cannot be loaded: it is no folder with a "
            "sentence-transformers model in safetensors, it is not in the local Hugging Face "
            "cache, and it could not be fetched. Check the name, or copy the model here and "
            f"give its folder. ({type(exc).__name__})"
        ) from exc


def _folder_of(loaded: Any, model: str) -> Path:
    """Return the folder that the files were read from."""
    folder = Path(model).expanduser()
    if folder.is_dir():
        return folder
    from huggingface_hub import try_to_load_from_cache

    for repository in (model, f"sentence-transformers/{model}"):
        found = try_to_load_from_cache(repository, TOKENIZER)
        if isinstance(found, str):
            return Path(found).parent
    return Path(str(getattr(loaded[0].tokenizer, "name_or_path", model)))


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
