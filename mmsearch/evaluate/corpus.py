"""Making a library of a corpus in BEIR's layout, through the same door as anybody's files."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, unquote

from ingest.types import FileState
from mmsearch.evaluate.errors import QuestionFileError
from mmsearch.loading import Begin, Each, LoadOptions, load

SUFFIX = ".txt"


def load_corpus(
    folder: Path, library: Path, files: Path, *, begin: Begin, each: Each, workers: int = 1
) -> int:
    """Load ``corpus.jsonl`` of a folder into a library, a text file for each of its documents.

    Args:
        folder: Holds ``corpus.jsonl`` with ``_id``, ``title`` and ``text``.
        library: Where the library is made, or brought up to date.
        files: An empty folder for the text files.
        begin: See ``mmsearch.loading``.
        each: See ``mmsearch.loading``.
        workers: Processes that parse.

    Returns:
        The number of documents.

    Raises:
        QuestionFileError: A line is no document, or a document could not be loaded.
    """
    files.mkdir(parents=True, exist_ok=True)
    titles: list[tuple[str, str]] = []
    for doc_id, title, text in _documents(folder / "corpus.jsonl"):
        name = quote(doc_id, safe="") + SUFFIX
        (files / name).write_text(text, encoding="utf-8")
        titles.append((name, title or doc_id))
    with (files / "manifest.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("file", "title"), *titles])
    report = load([files], LoadOptions(library, workers=workers), begin=begin, each=each)
    failed = [r for r in report.results if r.state is FileState.FAILED]
    if failed:
        raise QuestionFileError(
            f"{len(failed)} documents of {folder} could not be loaded, the first is "
            f"{document_id(failed[0].file)!r}: {failed[0].reason}"
        )
    return len(titles)


def document_id(file: str) -> str:
    """Return the corpus's id of a file that ``load_corpus`` made."""
    return unquote(file.removesuffix(SUFFIX))


def _documents(path: Path) -> Iterator[tuple[str, str, str]]:
    if not path.is_file():
        raise QuestionFileError(f"there is no {path}: a corpus in BEIR's layout has one")
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                doc_id, text = str(row["_id"]), str(row["text"])
            except (json.JSONDecodeError, KeyError, TypeError) as exc:
                raise QuestionFileError(
                    f"{path}, line {number}: a document needs '_id' and 'text'"
                ) from exc
            if text.strip():
                yield doc_id, str(row.get("title") or "").replace("_", " "), text
