"""Reading a question and a passage together with a cross-encoder, for who has such a model.

Slow beside everything else in a search, so only the first passages are read. As of an embedding
model, only safetensors are loaded, and no code that comes with a model is run.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.embed_base import sound
from index.errors import ModelError
from index.model_folder import read_json
from index.model_hub import model_folder
from index.models import languages_of

OWNER = "cross-encoder"
"""Whose models are meant by a name without an owner."""
_BATCH = 16
_LONGEST = 512
"""Most tokens of question and passage together; passages have fewer."""


class CrossEncoderReranker:
    """A ``Reranker`` over sentence-transformers' ``CrossEncoder`` on the CPU.

    Calls are serialised: torch uses every core for one call already.
    """

    def __init__(self, name: str, model: Any, languages: frozenset[str]) -> None:
        self.name = name
        self.languages = languages
        self._model = model
        self._lock = threading.Lock()

    def score(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        """Score each passage for a question: float32, (n_passages,), on the model's own scale."""
        import torch

        pairs = [(sound(question), sound(passage)) for passage in passages]
        with self._lock:
            scores = self._model.predict(
                pairs,
                batch_size=_BATCH,
                show_progress_bar=False,
                activation_fn=torch.nn.Identity(),  # a sigmoid makes all good passages alike
                convert_to_numpy=True,
            )
        return np.asarray(scores, dtype=np.float32).reshape(len(pairs))


def load_reranker(model: str) -> CrossEncoderReranker:
    """Load a cross-encoder.

    Args:
        model: Its folder, or its name on Hugging Face; a name without an owner is looked for
            among those of ``cross-encoder``.

    Raises:
        ModelError: It is missing, gives no single score, or cannot be loaded safely.
    """
    folder = model_folder(model, owner=OWNER, kind="cross-encoder", whole=is_complete)
    loaded = _load(model, folder)
    labels = int(loaded.num_labels)
    if labels != 1:
        raise ModelError(
            f"The cross-encoder {model!r} gives {labels} values for a question and a passage; one "
            "that gives a single score is needed, as those trained on MS MARCO do."
        )
    return CrossEncoderReranker(model, loaded, languages_of(model, folder))


def is_complete(folder: Path) -> bool:
    """Whether a folder has everything that a cross-encoder needs."""
    index = read_json(folder / "model.safetensors.index.json")
    shards = set(index.get("weight_map", {}).values()) if isinstance(index, dict) else set()
    whole = all((folder / str(shard)).is_file() for shard in shards)
    tokenizers = ("tokenizer.json", "vocab.txt", "sentencepiece.bpe.model", "spiece.model")
    return (
        isinstance(read_json(folder / "config.json"), dict)
        and any(folder.glob("*.safetensors"))
        and any((folder / name).is_file() for name in tokenizers)
        and whole
    )


def _load(name: str, folder: Path) -> Any:
    """Open the model with sentence-transformers, its messages silenced."""
    import transformers
    from sentence_transformers import CrossEncoder

    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    try:
        loaded = CrossEncoder(
            str(folder),
            device="cpu",
            trust_remote_code=False,
            local_files_only=True,
            model_kwargs={"use_safetensors": True},
        )
        loaded.max_seq_length = min(loaded.max_seq_length or _LONGEST, _LONGEST)
    except Exception as exc:
        raise ModelError(
            f"The cross-encoder {name!r} cannot be loaded from {str(folder)!r} "
            f"({type(exc).__name__}): a cross-encoder of sentence-transformers in safetensors was "
            "expected, one that needs no code of its own."
        ) from exc
    return loaded
