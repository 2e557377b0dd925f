"""The reader's network over the tokens of several pieces at once, in plain numpy. Pure.

``benchmarks.reader_network`` is the same for training, and says there what it is trained for.
The tokens of all pieces stand below each other, each piece apart from the next by ``starts``.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import pi

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Network = Mapping[str, Array]


def ready(tensors: Mapping[str, Array]) -> dict[str, Array]:
    """Return a network's tensors as ``forward`` wants them, from how they are stored.

    Matrices are turned to (n_in, n_out), convolutions to (width * n_in, n_out).
    """
    found = {}
    for name, tensor in tensors.items():
        if tensor.ndim == 3:
            tensor = tensor.transpose(2, 1, 0).reshape(-1, tensor.shape[0])
        elif tensor.ndim == 2:
            tensor = tensor.T
        found[name] = np.ascontiguousarray(tensor, dtype=np.float32)
    return found


def forward(
    net: Network, asked: Array, said: Array, matches: Array, starts: NDArray[np.int64]
) -> Array:
    """Return the score of each piece: float32, (n_pieces,).

    Args:
        net: See ``ready``.
        asked: float32, (n_asked, n_parts), the question's tokens.
        said: float32, (n_tokens, n_parts), the pieces' tokens.
        matches: float32, (n_tokens, 8), how well each is asked for.
        starts: Where each piece begins among the tokens; each has one at least.
    """
    q = _linear(net, "asked", asked)
    heads = _softmax(_linear(net, "heads", np.tanh(q)), axis=0)
    gain, shift = np.split(_linear(net, "wanted", (heads.T @ q).reshape(-1)), 2)
    own = _linear(net, "said", said)
    towards: Array = (own @ net["key.weight"]) @ (q @ net["query.weight"]).T
    towards /= np.sqrt(np.float32(q.shape[1]))
    taken = _softmax(towards, axis=1) @ _linear(net, "taken", q)
    z = _normal(net, "before", _gelu(own + _linear(net, "matches", matches)) + taken)
    z = z + _gelu(_beside(net, "near", z, starts))
    z = _normal(net, "after", z + _gelu(_beside(net, "far", z, starts)))
    answers = np.concatenate([z * (1 + gain) + shift, own], axis=1)
    logits = _linear(net, "answer", _gelu(_linear(net, "joined", answers)))[:, 0]
    sizes = np.diff(starts, append=len(said))
    most = np.maximum.reduceat(z, starts)
    mean = np.add.reduceat(z, starts) / sizes[:, None].astype(np.float32)
    whole = _linear(net, "whole", np.concatenate([most, mean, most * np.tanh(shift)], axis=1))
    top = np.maximum.reduceat(logits, starts)
    total = np.add.reduceat(np.exp(logits - np.repeat(top, sizes)), starts)
    found: Array = top + np.log(total) + whole[:, 0]
    return found


def _linear(net: Network, name: str, x: Array) -> Array:
    found: Array = x @ net[f"{name}.weight"] + net[f"{name}.bias"]
    return found


def _beside(net: Network, name: str, x: Array, starts: NDArray[np.int64]) -> Array:
    """Read each token with its neighbours of the same piece: a convolution, zeros around it."""
    width = net[f"{name}.weight"].shape[0] // x.shape[1]
    reach = width // 2
    apart = np.zeros(len(x), np.int64)
    apart[starts] = reach
    places = np.arange(len(x)) + np.cumsum(apart)
    padded = np.zeros((places[-1] + reach + 1, x.shape[1]), np.float32)
    padded[places] = x
    around = np.concatenate([padded[places + at - reach] for at in range(width)], axis=1)
    return _linear(net, name, around)


def _normal(net: Network, name: str, x: Array) -> Array:
    """Normalise each token (Ba et al., "Layer Normalization", 2016)."""
    x = x - x.mean(axis=1, keepdims=True)
    x = x / np.sqrt((x * x).mean(axis=1, keepdims=True) + np.float32(1e-5))
    found: Array = x * net[f"{name}.weight"] + net[f"{name}.bias"]
    return found


def _gelu(x: Array) -> Array:
    """Return x times the normal distribution at x, by its usual approximation with tanh."""
    inner = np.float32((2 / pi) ** 0.5) * (x + np.float32(0.044715) * x * x * x)
    found: Array = np.float32(0.5) * x * (1 + np.tanh(inner))
    return found


def _softmax(x: Array, axis: int) -> Array:
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    found: Array = e / e.sum(axis=axis, keepdims=True)
    return found
