"""Reading a question and a piece token by token: how likely the piece holds the answer.

Words in common and a cosine say that a piece is about what is asked, not that it answers. Here
the vectors of the model's tokens, which are computed for the cosine anyway, are compared one by
one (the best match of each, after Khattab and Zaharia, "ColBERT", SIGIR 2020, section 3), and a
small network that was trained on questions with marked answers says for each token how likely it
is part of the answer: a token of the kind that the question wants beside tokens that match. The
score of a piece is the logarithm of the sum over its tokens.

The network's file holds the model that it was trained with; with another model, or a language
that the model does not know, nothing is read and the other features decide. It is made by

    python -m benchmarks.reader
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import pi

import numpy as np
import safetensors.numpy
from numpy.typing import NDArray

from index.errors import ModelError
from index.tokens import Tokens

Array = NDArray[np.float32]

MEMBERS = "members"
HIGHEST = 8.0
"""Scores lie within ± this: a logarithm of odds; 0 is as likely as not."""
_SPECIAL = 2
_MATCHED = 8.0
"""Weights of a question's words are scaled by about how many it has."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A text with what the network takes of its tokens.

    Attributes:
        ids: int64, (n_tokens,).
        parts: float32, (n_tokens, 2 * n_parts): the principal parts of either layer.
        unit: The same with either layer's part scaled to unit length.
    """

    ids: NDArray[np.int64]
    parts: Array
    unit: tuple[Array, Array]


class LearntReader:
    """The trained network, or the mean of several.

    Args:
        tensors: As ``benchmarks.reader`` writes them.
        fingerprint: Of the embedding model whose tokens it reads.
        members: How many networks there are.
    """

    def __init__(self, tensors: Mapping[str, Array], fingerprint: str, members: int) -> None:
        self.fingerprint = fingerprint
        self._centre, self._axes = tensors["centre"], tensors["axes"]
        self._rarity = tensors["rarity"]
        self._members = [
            {name.partition(".")[2]: t for name, t in tensors.items() if name.startswith(f"{m}.")}
            for m in range(members)
        ]

    def score(self, question: Tokens, pieces: Sequence[tuple[Tokens, int]]) -> list[float]:
        """Score the pieces that may answer a question.

        Args:
            question: The question.
            pieces: Each with where it begins in its text, in characters: what is before is its
                context, which is read and does not answer.

        Returns:
            For each a logarithm of odds within ``HIGHEST`` on either side; comparable between
            questions.
        """
        asked = self.read(question)
        found = []
        for tokens, start in pieces:
            said = self.read(tokens)
            own = own_tokens(tokens.spans, start)
            if not own.any() or len(asked.ids) <= _SPECIAL:
                found.append(-HIGHEST)
                continue
            score = self.of_arrays(asked.parts, said.parts, self.matches(asked, said), own)
            found.append(max(-HIGHEST, min(HIGHEST, score)))
        return found

    def of_arrays(self, asked: Array, said: Array, matches: Array, own: NDArray[np.bool_]) -> float:
        """Return the mean of the networks' scores for a piece, without a limit.

        Args:
            asked: Principal parts of the question's tokens.
            said: Those of the piece and its context.
            matches: See ``matches``.
            own: Which tokens are of the piece itself, at least one.
        """
        return float(np.mean([_forward(m, asked, said, matches, own) for m in self._members]))

    def read(self, tokens: Tokens) -> Reading:
        """Take the principal parts of a text's tokens."""
        parts = [
            (layer - centre) @ axes
            for layer, centre, axes in zip(tokens.layers, self._centre, self._axes, strict=True)
        ]
        return Reading(
            tokens.ids, np.concatenate(parts, axis=1), (_unit(parts[0]), _unit(parts[1]))
        )

    def matches(self, asked: Reading, said: Reading) -> Array:
        """Return how well each token of a text is asked for: float32, (n_tokens, 8).

        For either layer its best cosine with a token of the question, the sum of the cosines'
        fourth powers by the rarity of what is asked, and the best cosine by the rarity of its
        match; then whether the question has the token, and how rare that is.
        """
        weights = self._rarity[asked.ids[1:-1]].astype(np.float32)
        weights = weights / (weights.sum() or 1.0)
        columns = []
        for mine, theirs in zip(said.unit, asked.unit, strict=True):
            cosines = mine @ theirs[1:-1].T
            at = cosines.argmax(axis=1)
            best = cosines[np.arange(len(cosines)), at]
            shared = np.maximum(cosines, 0) ** 4 @ weights * _MATCHED
            columns += [best, np.minimum(shared, 2), weights[at] * best * _MATCHED]
        same = said.ids[:, None] == asked.ids[None, 1:-1]
        columns += [same.any(axis=1), (same * weights).max(axis=1) * _MATCHED]
        found = np.stack(columns, axis=1).astype(np.float32)
        found[[0, -1]] = 0
        return found


def own_tokens(spans: NDArray[np.int64], start: int) -> NDArray[np.bool_]:
    """Say which tokens are of the piece itself, not of its context and not special."""
    begins, ends = spans.T
    own: NDArray[np.bool_] = (ends > begins) & (begins >= start)
    return own


def _forward(
    net: Mapping[str, Array], asked: Array, said: Array, matches: Array, own: NDArray[np.bool_]
) -> float:
    """Run one network; ``benchmarks.reader_network`` is the same for training."""
    q = _linear(net, "asked", asked)
    heads = _softmax(_linear(net, "heads", np.tanh(q)), axis=0)
    wanted = (heads.T @ q).reshape(-1)
    gain, shift = np.split(_linear(net, "wanted", wanted), 2)
    own_parts = _linear(net, "said", said)
    z = _gelu(own_parts + _linear(net, "matches", matches))
    towards = (z_ := own_parts @ net["key.weight"].T) @ (q @ net["query.weight"].T).T
    z = z + _softmax(towards / np.sqrt(np.float32(z_.shape[1])), axis=1) @ _linear(net, "taken", q)
    kept = own[:, None]
    z = _normal(net, "before", z) * kept
    z = (z + _gelu(_beside(net, "near", z))) * kept
    z = _normal(net, "after", z + _gelu(_beside(net, "far", z)))[own]
    most, mean = z.max(axis=0), z.mean(axis=0)
    answers = np.concatenate([z * (1 + gain) + shift, own_parts[own]], axis=1)
    logits = _linear(net, "answer", _gelu(_linear(net, "joined", answers)))[:, 0]
    whole = _linear(net, "whole", np.concatenate([most, mean, most * np.tanh(shift)]))[0]
    top = logits.max()
    return float(top + np.log(np.exp(logits - top).sum()) + whole)


def _linear(net: Mapping[str, Array], name: str, x: Array) -> Array:
    found: Array = x @ net[f"{name}.weight"].T + net[f"{name}.bias"]
    return found


def _beside(net: Mapping[str, Array], name: str, x: Array) -> Array:
    """Read each token with its neighbours: a convolution, its weights (n_out, n_in, width)."""
    weight = net[f"{name}.weight"]
    reach = weight.shape[2] // 2
    padded = np.pad(x, ((reach, reach), (0, 0)))
    found: Array = net[f"{name}.bias"] + sum(
        padded[at : at + len(x)] @ weight[:, :, at].T for at in range(weight.shape[2])
    )
    return found


def _normal(net: Mapping[str, Array], name: str, x: Array) -> Array:
    """Normalise each token (Ba et al., "Layer Normalization", 2016)."""
    x = x - x.mean(axis=1, keepdims=True)
    x = x / np.sqrt((x * x).mean(axis=1, keepdims=True) + 1e-5)
    found: Array = x * net[f"{name}.weight"] + net[f"{name}.bias"]
    return found


def _gelu(x: Array) -> Array:
    """Return x times the normal distribution at x, by its usual approximation with tanh."""
    found: Array = 0.5 * x * (1 + np.tanh(np.sqrt(np.float32(2 / pi)) * (x + 0.044715 * x**3)))
    return found


def _softmax(x: Array, axis: int) -> Array:
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    found: Array = e / e.sum(axis=axis, keepdims=True)
    return found


def _unit(x: Array) -> Array:
    found: Array = x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-6)
    return found


def learnt_for(fingerprint: str) -> LearntReader | None:
    """Return the reader for an embedding model, or None where it was trained with another.

    Raises:
        ModelError: The reader's file is not the one that was shipped.
    """
    reader = shipped()
    return reader if reader.fingerprint == fingerprint else None


@cache
def shipped() -> LearntReader:
    """Read the reader that is part of the package.

    Raises:
        ModelError: Its file is damaged.
    """
    folder = files("mmsearch.answer")
    said = json.loads(folder.joinpath("reader.json").read_text(encoding="utf-8"))
    data = folder.joinpath("reader.safetensors").read_bytes()
    if hashlib.sha256(data).hexdigest() != said["sha256"]:
        raise ModelError(
            "The file 'mmsearch/answer/reader.safetensors' is damaged: its SHA-256 is not the one "
            "in 'reader.json'. Install mmsearch again."
        )
    tensors = {n: t.astype(np.float32) for n, t in safetensors.numpy.load(data).items()}
    return LearntReader(tensors, said["fingerprint"], said[MEMBERS])
