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
from functools import cache
from importlib.resources import files

import numpy as np
import safetensors.numpy
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from index.errors import ModelError
from index.tokens import Tokens
from mmsearch.answer.reader_network import Array, forward, ready

MEMBERS = "members"
HIGHEST = 8.0
"""Scores lie within ± this: a logarithm of odds; 0 is as likely as not."""
_SPECIAL = 2
_MATCHED = 8.0
"""Weights of a question's words are scaled by about how many it has."""


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
            ready({n.partition(".")[2]: t for n, t in tensors.items() if n.startswith(f"{m}.")})
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
        owns = [own_tokens(tokens.spans, start) for tokens, start in pieces]
        reads = [at for at, own in enumerate(owns) if own.any()]
        found = [-HIGHEST] * len(pieces)
        if not reads or len(question.ids) <= _SPECIAL:
            return found
        with _threads().limit(limits=1):
            scores = self._scores(question, [(pieces[at][0], owns[at]) for at in reads])
        for at, score in zip(reads, scores, strict=True):
            found[at] = round(max(-HIGHEST, min(HIGHEST, float(score))), 4)
        return found

    def _scores(
        self, question: Tokens, pieces: Sequence[tuple[Tokens, NDArray[np.bool_]]]
    ) -> Array:
        """Read the pieces' own tokens, of which each has one at least."""
        ids = np.concatenate([tokens.ids[own] for tokens, own in pieces])
        layers = np.concatenate([tokens.layers[:, own] for tokens, own in pieces], axis=1)
        starts = np.cumsum([0, *(int(own.sum()) for _, own in pieces)])[:-1]
        asked, said = self.parts(question.layers), self.parts(layers)
        matches = self.matches(question.ids, asked, ids, said)
        return self.of_parts(asked, said, matches, starts)

    def parts(self, layers: Array) -> Array:
        """Take the principal parts of tokens: float32, (n_tokens, 2 * n_parts), either layer's."""
        found = [
            (layer - centre) @ axes
            for layer, centre, axes in zip(layers, self._centre, self._axes, strict=True)
        ]
        return np.concatenate(found, axis=1)

    def matches(
        self, asked_ids: NDArray[np.int64], asked: Array, ids: NDArray[np.int64], said: Array
    ) -> Array:
        """Return how well each token of a text is asked for: float32, (n_tokens, 8).

        For either layer its best cosine with a token of the question, the sum of the cosines'
        fourth powers by the rarity of what is asked, and the best cosine by the rarity of its
        match; then whether the question has the token, and how rare that is.

        Args:
            asked_ids: The question's tokens, special ones at both ends.
            asked: Their parts.
            ids: The text's tokens.
            said: Their parts.
        """
        weights = self._rarity[asked_ids[1:-1]]
        weights = weights / (weights.sum() or 1.0)
        columns = []
        for mine, theirs in zip(_halves(said), _halves(asked[1:-1]), strict=True):
            cosines = mine @ theirs.T
            at = cosines.argmax(axis=1)
            best = cosines[np.arange(len(cosines)), at]
            shared = np.square(np.square(np.maximum(cosines, 0))) @ weights * _MATCHED
            columns += [best, np.minimum(shared, 2), weights[at] * best * _MATCHED]
        same = ids[:, None] == asked_ids[None, 1:-1]
        columns += [same.any(axis=1), (same * weights).max(axis=1) * _MATCHED]
        return np.stack(columns, axis=1).astype(np.float32)

    def of_parts(
        self, asked: Array, said: Array, matches: Array, starts: NDArray[np.int64]
    ) -> Array:
        """Return the mean of the networks' scores, without a limit; see ``forward``."""
        scores = [forward(net, asked, said, matches, starts) for net in self._members]
        found: Array = np.mean(scores, axis=0)
        return found


def own_tokens(spans: NDArray[np.int64], start: int) -> NDArray[np.bool_]:
    """Say which tokens are of the piece itself, not of its context and not special."""
    begins, ends = spans.T
    own: NDArray[np.bool_] = (ends > begins) & (begins >= start)
    return own


def _halves(parts: Array) -> list[Array]:
    """Return either layer's parts, scaled to unit length."""
    halves = np.split(parts, 2, axis=1)
    return [h / np.maximum(np.linalg.norm(h, axis=1, keepdims=True), 1e-6) for h in halves]


def learnt_for(fingerprint: str) -> LearntReader | None:
    """Return the reader for an embedding model, or None where it was trained with another.

    Raises:
        ModelError: The reader's file is not the one that was shipped.
    """
    reader = shipped()
    return reader if reader.fingerprint == fingerprint else None


@cache
def _threads() -> ThreadpoolController:
    """Return what limits numpy's threads: for products so small they cost more than they give."""
    return ThreadpoolController().select(user_api="blas")


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
