"""Keeping a run: one folder with its outcomes, its summary and TREC's two files."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from mmsearch.evaluate.errors import QuestionFileError
from mmsearch.evaluate.judge import Outcome
from mmsearch.evaluate.trec import write_qrels, write_run

OUTCOMES, SUMMARY, RUN, QRELS = "outcomes.jsonl", "summary.json", "run.trec", "qrels.trec"
_FIELDS = frozenset(field.name for field in fields(Outcome))


def save(folder: Path, outcomes: Sequence[Outcome], summary: Mapping[str, Any]) -> None:
    """Write a run into a folder; an earlier one there is replaced.

    Raises:
        OSError: The folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps(asdict(o), ensure_ascii=False) + "\n" for o in outcomes]
    (folder / OUTCOMES).write_text("".join(lines), encoding="utf-8")
    text = json.dumps(summary, ensure_ascii=False, indent=1)
    (folder / SUMMARY).write_text(text + "\n", encoding="utf-8")
    judged = [o for o in outcomes if any(gain > 0 for gain in o.gains.values())]
    write_run(folder / RUN, {o.query_id: o.ranking for o in judged})
    write_qrels(folder / QRELS, {o.query_id: o.gains for o in judged})


def is_saved(folder: Path) -> bool:
    """Say whether a folder holds a run."""
    return (folder / OUTCOMES).is_file()


def load(folder: Path) -> list[Outcome]:
    """Read a run's outcomes.

    Raises:
        QuestionFileError: There is no run, or a line of it is no outcome.
    """
    path = folder / OUTCOMES
    if not path.is_file():
        raise QuestionFileError(
            f"{folder} holds no run: 'mmsearch eval … --out {folder}' makes one"
        )
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if not line:
            continue
        try:
            row = json.loads(line)
            row["sentences"] = tuple(row.get("sentences", ()))
            row["ranking"] = tuple((item, float(score)) for item, score in row.get("ranking", ()))
            found.append(Outcome(**{k: v for k, v in row.items() if k in _FIELDS}))
        except (ValueError, TypeError, AttributeError) as exc:
            raise QuestionFileError(f"{path}, line {number} is no outcome: {exc}") from exc
    return found
