"""TREC's run and judgement files, so that trec_eval and ir_measures read what we measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import quote, unquote

from mmsearch.evaluate.errors import QuestionFileError

Ranking = Sequence[tuple[str, float]]
"""(id, score), best first."""

_KEPT = "/#.-_~:,+@"
_STEP = 1e-6


def write_run(path: Path, runs: Mapping[str, Ranking], tag: str = "mmsearch") -> None:
    """Write rankings as ``query Q0 document rank score tag``.

    White space in ids is written as in a URL. trec_eval orders by score alone, so scores that
    tie are written a hair apart, in the order of the ranking.
    """
    lines = []
    for query, ranking in runs.items():
        last = float("inf")
        for rank, (item, score) in enumerate(ranking, start=1):
            last = min(score, last - _STEP)
            lines.append(f"{_id(query)} Q0 {_id(item)} {rank} {last:.7f} {tag}\n")
    path.write_text("".join(lines), encoding="utf-8")


def write_qrels(path: Path, judgements: Mapping[str, Mapping[str, float]]) -> None:
    """Write judgements as ``query 0 document gain``; gains are whole numbers in that format."""
    lines = [
        f"{_id(query)} 0 {_id(item)} {round(gain)}\n"
        for query, gains in judgements.items()
        for item, gain in gains.items()
    ]
    path.write_text("".join(lines), encoding="utf-8")


def read_run(path: Path) -> dict[str, list[tuple[str, float]]]:
    """Read rankings, ordered by score, ties by rank.

    Raises:
        QuestionFileError: A line has not six columns, or rank or score is no number.
    """
    found: dict[str, list[tuple[float, int, str]]] = {}
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as exc:
        raise QuestionFileError(f"{path} cannot be read: {exc}") from exc
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        parts = line.split()
        try:
            query, _, item, rank, score, _ = parts
            row = (-float(score), int(rank), unquote(item))
        except ValueError:
            raise QuestionFileError(
                f"{path}, line {number}: expected 'query Q0 document rank score tag', not {line!r}"
            ) from None
        found.setdefault(unquote(query), []).append(row)
    return {
        query: [(item, -score) for score, _, item in sorted(rows)] for query, rows in found.items()
    }


def _id(text: str) -> str:
    return quote(text, safe=_KEPT)
