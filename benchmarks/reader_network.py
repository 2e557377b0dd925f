"""The network of ``mmsearch/answer/reader.py`` for training with torch, over padded batches."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

WIDTH = 48
HEADS = 4
REACH = 5
N_MATCHES = 8
_NEVER = -1e4


@dataclass(frozen=True, slots=True)
class Batch:
    """Questions with their pieces, padded.

    Attributes:
        asked: float32, (n_questions, most, n_parts).
        asking: bool, (n_questions, most), which tokens are there.
        said: float32, (n_pieces, most, n_parts).
        matches: float32, (n_pieces, most, 8).
        reading: bool, (n_pieces, most), which tokens are there and of the piece itself.
        answer: bool, the same shape, which of them are in the answer.
        of: int64, (n_pieces,), the question of each piece.
        linear: float32, (n_pieces,), the score of the other features.
        right: bool, (n_pieces,).
    """

    asked: Tensor
    asking: Tensor
    said: Tensor
    matches: Tensor
    reading: Tensor
    answer: Tensor
    of: Tensor
    linear: Tensor
    right: Tensor


class Network(nn.Module):  # type: ignore[misc]  # torch is not read by mypy
    """Says for each token of each piece how likely it is part of the answer.

    Args:
        n_parts: Numbers that a token is given by.
        drop: Share of them that is dropped in training.
    """

    def __init__(self, n_parts: int, drop: float) -> None:
        super().__init__()
        d = WIDTH
        self.asked, self.said = nn.Linear(n_parts, d), nn.Linear(n_parts, d)
        self.matches, self.taken = nn.Linear(N_MATCHES, d), nn.Linear(d, d)
        self.query, self.key = nn.Linear(d, d, bias=False), nn.Linear(d, d, bias=False)
        self.heads, self.wanted = nn.Linear(d, HEADS), nn.Linear(HEADS * d, 2 * d)
        self.near = nn.Conv1d(d, d, REACH, padding=REACH // 2)
        self.far = nn.Conv1d(d, d, REACH, padding=REACH // 2)
        self.joined, self.answer = nn.Linear(2 * d, d), nn.Linear(d, 1)
        self.whole = nn.Linear(3 * d, 1)
        self.before, self.after = nn.LayerNorm(d), nn.LayerNorm(d)
        self.drop = nn.Dropout(drop)

    def forward(self, x: Batch) -> Tensor:
        """Return a logit for each token: float32, (n_pieces, most)."""
        q = self.asked(self.drop(x.asked))
        heads = self.heads(torch.tanh(q)).masked_fill(~x.asking[..., None], _NEVER).softmax(1)
        wanted = self.wanted(torch.einsum("bqh,bqd->bhd", heads, q).flatten(1))
        gain, shift = wanted[x.of].chunk(2, 1)
        own = self.said(self.drop(x.said))
        z = _gelu(own + self.matches(x.matches))
        towards = torch.einsum("nsd,nqd->nsq", self.key(own), self.query(q)[x.of])
        towards = (towards / math.sqrt(WIDTH)).masked_fill(~x.asking[x.of][:, None], _NEVER)
        z = z + torch.einsum("nsq,nqd->nsd", towards.softmax(2), self.taken(q)[x.of])
        kept = x.reading[..., None]
        z = self.before(z) * kept
        z = (z + _gelu(_beside(self.near, z))) * kept
        z = self.after(z + _gelu(_beside(self.far, z)))
        most = z.masked_fill(~kept, _NEVER).amax(1)
        mean = (z * kept).sum(1) / kept.sum(1).clamp(min=1)
        answers = torch.cat([z * (1 + gain[:, None]) + shift[:, None], own], 2)
        logits = self.answer(_gelu(self.joined(self.drop(answers))))[..., 0]
        whole = self.whole(torch.cat([most, mean, most * torch.tanh(shift)], 1))
        found: Tensor = (logits + whole).masked_fill(~x.reading, _NEVER)
        return found


def loss_of(logits: Tensor, x: Batch, linear: float, absolute: float) -> Tensor:
    """Return the loss of each question.

    The answer's tokens, and the pieces that have them, are to be likely among those of all
    pieces of the question (softmax), beside what the other features say; and each piece by
    itself is right or not (logistic), so that a score means the same for every question.

    Args:
        logits: As ``Network`` returns them.
        x: What it was given.
        linear: Weight of the other features' score beside the network's.
        absolute: Weight of the logistic part.
    """
    n = len(x.asked)
    piece = torch.logsumexp(logits, 1)
    answer = torch.logsumexp(logits.masked_fill(~x.answer, _NEVER), 1)
    together, sure = piece + linear * x.linear, answer + linear * x.linear
    everything = _sums(together, x.of, n)
    by_token = everything - _sums(sure, x.of, n)
    by_piece = everything - _sums(together.masked_fill(~x.right, _NEVER), x.of, n)
    each = F.binary_cross_entropy_with_logits(
        piece.clamp(-20, 20), x.right.float(), reduction="none"
    )
    alone = torch.zeros(n).index_add(0, x.of, each)
    return 0.5 * by_token + by_piece + absolute * alone


def _sums(values: Tensor, of: Tensor, n: int) -> Tensor:
    """Return the logarithm of the sum of exponentials by question."""
    top = torch.full((n,), -1e9).scatter_reduce(0, of, values, "amax")
    return top + torch.log(torch.zeros(n).index_add(0, of, (values - top[of]).exp()) + 1e-30)


def _beside(layer: nn.Conv1d, z: Tensor) -> Tensor:
    found: Tensor = layer(z.transpose(1, 2)).transpose(1, 2)
    return found


def _gelu(x: Tensor) -> Tensor:
    return F.gelu(x, approximate="tanh")
