"""Knowing when not to answer: fit the confidence, and measure it.

Run from the repository root, with the document collection beside the checkout:

    python -m benchmarks.abstention                 AUROC, errors and calibration, as a table
    python -m benchmarks.abstention fit             fit on half of XQuAD, write the coefficients

Questions are asked three ways: as they are; with their paragraph left out of the search; and
with a name, a year or their rarest word exchanged for another question's, which nothing answers
though the paragraph is there.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import platformdirs

from benchmarks.paragraphs import ROOT, Remembering
from benchmarks.retrieval import Set, opened
from index.types import KEEPER, Filters, StoredPassage
from ingest.language import LANGUAGES, detect_question
from mmsearch.answer.abstain import NAMES, THRESHOLD, Signals, confidence, measure
from mmsearch.answer.answer import read_from
from mmsearch.answer.question import read
from mmsearch.answer.select import select
from mmsearch.evaluate.abstaining import answered_at, auroc, calibration_error, reliability
from mmsearch.evaluate.judge import holds
from mmsearch.evaluate.questions import Query

FITTED = {"known": ("en",), "foreign": ("es", "ru", "ar", "ro")}
PATH = ROOT / "mmsearch" / "answer" / "coefficients.json"
INFINITY = float("inf")
UP, DOWN = (0.0, INFINITY), (-INFINITY, 0.0)
BOUNDS = {
    **dict.fromkeys(NAMES, UP),
    "missing_names": (-INFINITY, -3.0),
    "names_apart": DOWN,
    "missing_numbers": (-INFINITY, -3.5),
    "numbers_apart": DOWN,
    "no_value": DOWN,
    "spelled": (2.0, 2.0),
}
"""What speaks for an answer never speaks against it, whatever a sample says; XQuAD has no
acronyms to spell out, and few near misses: a name or a year that the evidence lacks must weigh."""


@dataclass(frozen=True, slots=True)
class Example:
    """One question asked one way; ``right`` when the answer is among the chosen pieces."""

    signals: Signals
    way: str
    right: bool
    trusted: bool


def examples(chosen: Set, every: int, start: int) -> list[Example]:
    """Ask every n-th question in its three ways."""
    snapshot, inner = chosen.base._opened()
    embedder = Remembering(inner)
    ids = {chosen.name(e.document): e.document.doc_id for e in snapshot.catalogue.entries}
    questions = [q for q in chosen.queries if q.gains]
    chance = random.Random(7)
    found: list[Example] = []

    def ask(text: str, way: str, answers: Sequence[str], gold: str, without: bool) -> None:
        kept = tuple(i for known, i in ids.items() if known != gold)
        filters = Filters(doc_ids=kept) if without else None
        result = chosen.base.search(text, reader=KEEPER, filters=filters, limit=10)
        language = detect_question(text, LANGUAGES)
        question = read(text, language)
        base = chosen.base

        def passages(doc_id: str) -> tuple[StoredPassage, ...]:
            return base.passages(doc_id, reader=KEEPER)

        result = replace(result, hits=read_from(result.hits, embedder, passages))
        selection = select(
            question, result, embedder=embedder, text=lambda d: base.text(d, reader=KEEPER)
        )
        if not selection.chosen:
            return
        right = any(
            chosen.name(e.hit.document) == gold and holds([e.text], answers)
            for e in selection.chosen
        )
        trusted = any(e.cosine is not None for e in selection.chosen)
        found.append(Example(measure(question, selection, result), way, right, trusted))

    for query in questions[start::every]:
        gold = next(iter(query.gains))
        ask(query.text, "as it is", query.answers, gold, False)
        ask(query.text, "without", query.answers, gold, True)
        other = exchanged(query.text, questions, chance)
        if other is not None:
            ask(other, "exchanged", (), gold, False)
    return found


def exchanged(text: str, questions: Sequence[Query], chance: random.Random) -> str | None:
    """Exchange a year, else a name, else the longest word, for another question's; or None."""
    year = re.search(r"\b(1[5-9]|20)\d\d\b", text)
    if year is not None:
        other = int(year.group()) + chance.choice((-37, -12, 9, 23))
        return text[: year.start()] + str(other) + text[year.end() :]
    own = set(_names(text))
    for _ in range(40):
        donor = chance.choice(questions).text
        names = [n for n in _names(donor) if n not in text]
        if own and names:
            return text.replace(chance.choice(sorted(own)), chance.choice(names))
        words = [w for w in re.findall(r"\w{6,}", donor) if w not in text]
        mine = re.findall(r"\w{6,}", text)
        if not own and words and mine:
            return text.replace(max(mine, key=len), max(words, key=len))
    return None


def _names(text: str) -> list[str]:
    return re.findall(r"(?<=[\w,] )[A-ZÀ-ÝА-Я]\w{3,}", text)


def fit(found: Sequence[Example], bounds: dict[str, tuple[float, float]]) -> dict[str, float]:
    """Fit a bounded logistic regression by projected gradient with momentum."""
    used = [e for e in found if e.way != "as it is" or e.right]
    x = np.array([[*e.signals.vector(), 1.0] for e in used])
    y = np.array([e.way == "as it is" for e in used], dtype=float)
    share = {"as it is": 1.0, "without": 0.6, "exchanged": 0.25}
    w = np.array([share[e.way] for e in used])
    low, high = np.array([*(bounds[name] for name in NAMES), (-INFINITY, INFINITY)]).T
    shrink = np.array([*(1.0 for _ in NAMES), 0.0])
    beta = np.clip(np.zeros(x.shape[1]), low, high)
    before = beta.copy()
    rate = 4.0 / float(np.linalg.norm(x * np.sqrt(w)[:, None], 2) ** 2 + 1.0)
    for step in range(1, 6001):
        ahead = beta + (step - 1) / (step + 2) * (beta - before)
        p = 1 / (1 + np.exp(-x @ ahead))
        before = beta
        beta = np.clip(ahead + rate * (x.T @ (w * (y - p)) - shrink * ahead), low, high)
    return {name: round(float(b), 3) for name, b in zip((*NAMES, "bias"), beta, strict=True)}


def report(name: str, found: Sequence[Example]) -> None:
    """Print one line of the table."""
    sure: dict[str, list[float]] = {way: [] for way in ("as it is", "without", "exchanged")}
    for e in found:
        sure[e.way].append(confidence(e.signals, trusted=e.trusted))
    yes = sure["as it is"]
    said = [c for way in ("as it is", "without") for c in sure[way]]
    true = [way == "as it is" for way in ("as it is", "without") for _ in sure[way]]
    cells = [
        f"{auroc(yes, sure[way]):.3f} ({answered_at(yes, sure[way]):.0%})"
        for way in ("without", "exchanged")
    ]
    cells.append(f"{np.mean([c >= THRESHOLD for c in yes]):.0%}")
    cells.append(f"{np.mean([c >= THRESHOLD for c in sure['without']]):.0%}")
    cells.append(f"{calibration_error(reliability(said, true)):.3f}")
    print(f"| {name} | {' | '.join(cells)} |", flush=True)


def main() -> None:
    """Fit or measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="?", choices=["measure", "fit"], default="measure")
    parser.add_argument("--languages", nargs="*", default=["en", "es", "ar", "ru", "ro"])
    parser.add_argument("--every", type=int, default=1, help="take every n-th question")
    parser.add_argument(
        "--libraries",
        type=Path,
        default=Path(platformdirs.user_cache_dir("mmsearch")) / "benchmarks",
        help="where the libraries are kept",
    )
    options = parser.parse_args()
    if options.what == "fit":
        fitted = {}
        for name, languages in FITTED.items():
            step = 2 if name == "known" else 8
            found = [
                e
                for code in languages
                for e in examples(opened(f"xquad/{code}", options.libraries), step, 0)
            ]
            bounds = dict(BOUNDS)
            if name == "foreign":
                bounds["cosine"] = bounds["passage"] = (0.0, 0.0)
            fitted[name] = fit(found, bounds)
        PATH.write_text(json.dumps(fitted, indent=1) + "\n", encoding="utf-8")
        print(json.dumps(fitted, indent=1))
        return
    print("| XQuAD | AUROC without (answered at 90 %) | exchanged | answered | wrongly | ECE |")
    print("|---|---|---|---|---|---|")
    for code in options.languages:
        chosen = opened(f"xquad/{code}", options.libraries)
        report(code, examples(chosen, 2 * options.every, 1))


if __name__ == "__main__":
    main()
