"""Bounds that a run must keep: "ndcg@10=0.9", "language=fr:hit@5=0.8", "auroc=0.95". Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mmsearch.evaluate.errors import GateError
from mmsearch.evaluate.summary import LOWER_IS_BETTER, value_of


@dataclass(frozen=True, slots=True)
class Gate:
    """A figure, "group:figure" or that of all questions, with its bound."""

    name: str
    bound: float


def read_gates(texts: Sequence[str]) -> list[Gate]:
    """Read gates.

    Raises:
        GateError: One has no number behind its last "=".
    """
    found = []
    for text in texts:
        name, mark, bound = text.rpartition("=")
        try:
            found.append(Gate(name.strip(), float(bound)))
        except ValueError:
            mark = ""
        if not mark or not name.strip():
            raise GateError(f"the gate {text!r} is not 'figure=number', such as 'ndcg@10=0.9'")
    return found


def broken(gates: Sequence[Gate], summary: Mapping[str, Any]) -> list[str]:
    """Say which gates do not hold; figures that are better lower are bound from above.

    Raises:
        GateError: A gate names a figure that the summary has not.
    """
    failures = []
    for gate in gates:
        value = value_of(summary, gate.name)
        if value is None:
            names = ", ".join(_names(summary))
            raise GateError(f"there is no figure {gate.name!r}; there are: {names}")
        lower = gate.name.rpartition(":")[2] in LOWER_IS_BETTER
        if value > gate.bound if lower else value < gate.bound:
            failures.append(f"{gate.name} is {value:.4f}, the bound is {gate.bound:g}")
    return failures


def _names(summary: Mapping[str, Any]) -> list[str]:
    group = summary["groups"]["all"]
    numbers = [k for k, v in group["confidence"].items() if isinstance(v, float)]
    return [*group["figures"], *numbers]
