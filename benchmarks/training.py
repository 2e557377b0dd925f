"""The questions that the reader is trained on, with their libraries."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from benchmarks.paragraphs import ROOT
from benchmarks.retrieval import Set, opened, quiet
from mmsearch.evaluate.corpus import load_corpus
from mmsearch.evaluate.measure import by_corpus_id, by_file
from mmsearch.evaluate.questions import read_questions
from mmsearch.knowledge import KnowledgeBase

QUESTIONS = ROOT / "tests" / "questions"
REPORTS, XQUAD, OWN = SETS = ("training", "training_xquad", "training_own")


def training(name: str, libraries: Path) -> Set:
    """Make or open the library of a set of training questions.

    Args:
        name: One of ``SETS``: over reports, over XQuAD, over paragraphs of our own.
        libraries: Where libraries are kept.
    """
    queries = read_questions(QUESTIONS / f"{name}.jsonl")
    if name == OWN:
        return Set(_own(libraries / name), queries, by_corpus_id)
    named = by_file if name == REPORTS else by_corpus_id
    library = opened("staff" if name == REPORTS else "xquad/en", libraries)
    return Set(library.base, queries, named)


def _own(library: Path) -> KnowledgeBase:
    if not library.exists():
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            rows = (QUESTIONS / "paragraphs.jsonl").read_text(encoding="utf-8").splitlines()
            corpus = [{"_id": r["id"], "text": r["text"]} for r in map(json.loads, rows)]
            lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in corpus)
            (folder / "corpus.jsonl").write_text(lines, encoding="utf-8")
            load_corpus(folder, library, folder / "files", begin=quiet, each=quiet, workers=2)
    return KnowledgeBase.open(library)
