"""Measure answering: the right sentence, the right page, and knowing when not to answer.

Run from the repository root, with the document collection beside the checkout:

    python -m benchmarks.answers xquad en es ru ar      sentences and abstention on XQuAD
    python -m benchmarks.answers programme --library D  the question set over an ingested library
    python -m benchmarks.answers abstain en es ru ar    answerable against gold removed: AUROC
    python -m benchmarks.answers fit                    fit the abstention's coefficients
"""

from __future__ import annotations

import argparse
import html
import json
import re
import time
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.paragraphs import ROOT, Paragraphs, Remembering, lines
from index.embed import load_embedder
from index.types import KEEPER, Embedder, StoredDocument
from ingest.types import Locator
from mmsearch.answer.abstain import NAMES, THRESHOLD, Signals, confidence, measure
from mmsearch.answer.question import read
from mmsearch.answer.select import select
from mmsearch.knowledge import KnowledgeBase
from mmsearch.types import Answer

QUESTIONS = ROOT / "tests" / "questions" / "programme.jsonl"


def xquad(language: str, embedder: Embedder, every: int = 1) -> dict[str, Any]:
    """Say how often the gold answer is in the first piece, the chosen ones and the best three."""
    data = Paragraphs(language, embedder)
    found: dict[str, list[float]] = defaultdict(list)
    for asked in data.asked[::every]:
        result = data.search(asked.question)
        began = time.perf_counter()
        selection = select(
            read(asked.question, language), result, embedder=embedder, text=data.text
        )
        found["ms"].append(1000 * (time.perf_counter() - began))
        found["gold first"].append(float(result.hits[0].passage.doc_id == asked.gold))
        for name, shown in (
            ("first", selection.ranked[:1]),
            ("answer", selection.chosen),
            ("three", selection.ranked[:3]),
        ):
            right = any(
                e.hit.passage.doc_id == asked.gold and answer in e.text
                for e in shown
                for answer in asked.answers
            )
            found[name].append(float(right))
        found["pieces"].append(float(len(selection.chosen)))
    return {name: round(float(np.mean(values)), 4) for name, values in found.items()}


@dataclass(frozen=True, slots=True)
class Example:
    """One question with its signals; ``right`` when the answer is among the chosen pieces."""

    signals: Signals
    answerable: bool
    right: bool


def examples(data: Paragraphs, every: int = 1) -> list[Example]:
    """Ask each question as it is, and again with its paragraph taken away."""
    found = []
    for asked in data.asked[::every]:
        question = read(asked.question, data.language)
        for without in ("", asked.gold):
            result = data.search(asked.question, without)
            selection = select(question, result, embedder=data.embedder, text=data.text)
            if not selection.chosen:
                continue
            right = any(
                e.hit.passage.doc_id == asked.gold and answer in e.text
                for e in selection.chosen
                for answer in asked.answers
            )
            signals = measure(question, selection, result)
            found.append(Example(signals, not without, right))
    return found


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Return the chance that a positive scores above a negative; ties count half."""
    order = np.argsort(np.concatenate([positive, negative]), kind="stable")
    values = np.concatenate([positive, negative])[order]
    ranks = np.empty(len(values))
    ranks[order] = np.arange(1, len(values) + 1)
    for value in np.unique(values):
        same = order[values == value]
        ranks[same] = ranks[same].mean()
    n, m = len(positive), len(negative)
    return float((ranks[:n].sum() - n * (n + 1) / 2) / (n * m))


def abstention(found: Sequence[Example], *, trusted: bool) -> dict[str, float]:
    """Say how well the confidence separates, and what the threshold does."""
    yes = [confidence(e.signals, trusted=trusted) for e in found if e.answerable]
    no = [confidence(e.signals, trusted=trusted) for e in found if not e.answerable]
    cosine = auroc(
        [e.signals.cosine for e in found if e.answerable],
        [e.signals.cosine for e in found if not e.answerable],
    )
    return {
        "auroc": round(auroc(yes, no), 4),
        "auroc of cosine alone": round(cosine, 4),
        "answered of answerable": round(float(np.mean([c >= THRESHOLD for c in yes])), 4),
        "answered of unanswerable": round(float(np.mean([c >= THRESHOLD for c in no])), 4),
    }


INFINITY = float("inf")
#: The least and most that a coefficient may be, whatever the sample says: a signal for an
#: answer never speaks against it. XQuAD has few near misses, a programme's questions many, so
#: a name or a year that the evidence lacks must weigh; nor has XQuAD acronyms to spell out.
BOUNDS = dict.fromkeys(NAMES, (0.0, INFINITY)) | {
    "absent": (-INFINITY, 0.0),
    "missing_names": (-INFINITY, -3.0),
    "missing_numbers": (-INFINITY, -3.5),
    "no_value": (-INFINITY, 0.0),
    "spelled": (3.0, 3.0),
}


def fit(
    rows: Sequence[Sequence[float]],
    labels: Sequence[bool],
    weights: Sequence[float],
    *,
    ridge: float = 1.0,
    steps: int = 4000,
) -> dict[str, float]:
    """Fit a logistic regression by projected gradient, each coefficient in ``BOUNDS``."""
    x = np.array([[*row, 1.0] for row in rows])
    y, w = np.array(labels, dtype=float), np.array(weights)
    low, high = np.array([*(BOUNDS[name] for name in NAMES), (-INFINITY, INFINITY)]).T
    shrink = np.array([*(ridge for _ in NAMES), 0.0])
    beta = np.clip(np.zeros(x.shape[1]), low, high)
    rate = 4.0 / float((w[:, None] * x * x).sum(axis=0).max() + ridge)
    for _ in range(steps):
        p = 1 / (1 + np.exp(-x @ beta))
        gradient = x.T @ (w * (y - p)) - shrink * beta
        beta = np.clip(beta + rate * gradient, low, high)
    return {name: round(float(b), 3) for name, b in zip((*NAMES, "bias"), beta, strict=True)}


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question of the programme set, searched and asked.

    Attributes:
        row: The line of the question file.
        rank: Rank of the first hit on a gold page, or 0.
        right: A citation on a gold page, and a fact in the quotes.
        answer: What was answered.
        seconds: Spent in ``ask``.
    """

    row: dict[str, Any]
    rank: int
    right: bool
    answer: Answer
    seconds: float


def programme(base: KnowledgeBase, rows: Sequence[dict[str, Any]]) -> list[Outcome]:
    """Ask every question of the set, as the library's keeper."""
    found = []
    for row in rows:
        hits = base.search(row["question"], reader=KEEPER, limit=10).hits
        began = time.perf_counter()
        answer = base.ask(row["question"], reader=KEEPER)
        seconds = time.perf_counter() - began
        ranks = [
            h.rank for h in hits if _on_page(row, h.document, h.passage.locator, h.passage.text)
        ]
        right = any(
            _on_page(row, c.document, c.locator, c.quote) for c in answer.citations
        ) and _has_fact(row, answer)
        found.append(Outcome(row, min(ranks, default=0), right, answer, seconds))
    return found


def scores(found: Sequence[Outcome]) -> dict[str, float]:
    """Sum the outcomes up: pages found, answers right, abstentions right."""
    yes = [o for o in found if o.row["answerable"]]
    no = [o for o in found if not o.row["answerable"]]
    return {
        "page hit@1": _share(o.rank == 1 for o in yes),
        "page hit@2": _share(0 < o.rank <= 2 for o in yes),
        "page hit@5": _share(0 < o.rank <= 5 for o in yes),
        "answered": _share(o.answer.answered for o in yes),
        "answered right": _share(o.right for o in yes),
        "abstained where nothing answers": _share(not o.answer.answered for o in no),
        "median ms": round(1000 * float(np.median([o.seconds for o in found])), 1),
    }


def show(outcome: Outcome) -> None:
    """Print one answer as a reader would see it."""
    row, answer = outcome.row, outcome.answer
    wanted = "answerable" if row["answerable"] else "NO ANSWER"
    mark = "right" if outcome.right == row["answerable"] == answer.answered else "-----"
    if not row["answerable"]:
        mark = "-----" if answer.answered else "right"
    print(f"\n{mark} {row['id']} [{wanted}, rank {outcome.rank}, {answer.confidence:.2f}]")
    print(f"  {row['question']}")
    for citation in answer.citations:
        places = f"{citation.locator.unit} {citation.locator.first}"
        quote = " / ".join(citation.quote.split("\n"))
        print(f"    [{citation.n}] {quote}  ({citation.document.file}, {places})")
    if not answer.answered:
        print("    not found; nearest:", [h.document.file for h in answer.nearest[:2]])


def _on_page(row: dict[str, Any], document: StoredDocument, locator: Locator, text: str) -> bool:
    for gold in row["gold"]:
        if document.file != gold["file"]:
            continue
        if not gold["pages"]:
            return any(_plain(fact) in _plain(text) for fact in gold["must_contain"])
        return any(locator.first <= page <= locator.last for page in gold["pages"])
    return False


def _has_fact(row: dict[str, Any], answer: Answer) -> bool:
    quotes = _plain(" ".join(c.quote for c in answer.citations))
    facts = [fact for gold in row["gold"] for fact in gold["must_contain"]]
    return any(_plain(fact) in quotes for fact in facts)


def _plain(text: str) -> str:
    """Return text without differences of case, marks of layout and kind of space."""
    text = unicodedata.normalize("NFKC", html.unescape(text)).replace("\ufffe", "")
    return re.sub(r"[\s|]+", " ", text).casefold().strip()


def _share(values: Iterable[bool]) -> float:
    return round(float(np.mean(list(values))), 4)


def main() -> None:
    """Run one measurement; see the module's docstring."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["xquad", "programme", "abstain", "fit"])
    parser.add_argument("languages", nargs="*", default=[])
    parser.add_argument("--library", type=Path, help="for programme: an ingested library")
    parser.add_argument("--every", type=int, default=1, help="take every n-th question")
    parser.add_argument("--show", action="store_true", help="print every answer")
    args = parser.parse_args()
    if args.what == "programme":
        rows = [json.loads(line) for line in lines(QUESTIONS)]
        with KnowledgeBase.open(args.library) as base:
            outcomes = programme(base, rows)
        for outcome in outcomes if args.show else ():
            show(outcome)
        print(json.dumps(scores(outcomes)))
        return
    embedder = Remembering(load_embedder())
    if args.what == "fit":
        _fit(embedder)
        return
    for language in args.languages or ["en"]:
        if args.what == "xquad":
            print(language, json.dumps(xquad(language, embedder, args.every)))
        else:
            data = Paragraphs(language, embedder)
            found = examples(data, args.every)
            print(language, json.dumps(abstention(found, trusted=data.known)))


def _fit(embedder: Embedder) -> None:
    """Fit on every other question of XQuAD, print coefficients and the other half's figures."""
    for name, languages in (("KNOWN", ["en"]), ("FOREIGN", ["es", "ru", "ar"])):
        train: list[Example] = []
        test: dict[str, list[Example]] = {}
        for language in languages:
            found = examples(Paragraphs(language, embedder), 1 if name == "KNOWN" else 3)
            train += [e for i, e in enumerate(found) if i // 2 % 2 == 0]
            test[language] = [e for i, e in enumerate(found) if i // 2 % 2 == 1]
        used = [e for e in train if e.right or not e.answerable]
        rows = [e.signals.vector() for e in used]
        print(
            name, json.dumps(fit(rows, [e.answerable for e in used], [1.0] * len(rows)), indent=4)
        )
        for language, found in test.items():
            print(language, json.dumps(abstention(found, trusted=name == "KNOWN")))


if __name__ == "__main__":
    main()
