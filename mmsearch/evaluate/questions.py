"""Reading questions with their gold: our own lines, or a folder in BEIR's layout."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from mmsearch.evaluate.errors import QuestionFileError


@dataclass(frozen=True, slots=True)
class Gold:
    """One place that answers a question; several are alternatives.

    Attributes:
        file: The document, as ``mmsearch documents`` shows it.
        pages: Pages from 1, any of them; empty takes the whole document.
        quotes: Short literal facts; one of them stands there.
    """

    file: str
    pages: tuple[int, ...] = ()
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """A question with what is known of its answer.

    Attributes:
        query_id: Stays the same from run to run.
        text: As a person asks it.
        language: ISO 639-1 code, or "und".
        kind: A word to group by: "figure", "list", "follow-up" …, or "".
        answerable: False where nothing in the library answers it.
        gold: Places that answer it.
        answers: Texts of which one must be said; empty where only places are known.
        gains: Judged gain by document file or id, beyond or in place of ``gold``.
        history: The questions of the conversation before it, oldest first.
    """

    query_id: str
    text: str
    language: str = "und"
    kind: str = ""
    answerable: bool = True
    gold: tuple[Gold, ...] = ()
    answers: tuple[str, ...] = ()
    gains: Mapping[str, float] = field(default_factory=dict)
    history: tuple[str, ...] = ()

    @property
    def judged(self) -> bool:
        """Whether a place that answers is known."""
        return bool(self.gold) or any(gain > 0 for gain in self.gains.values())


def read_questions(path: Path, qrels: Path | None = None) -> list[Query]:
    """Read a JSON-lines file of questions, or a folder in BEIR's layout.

    A line is an object with ``question`` (or ``text``) and as much as is known of ``id`` (or
    ``_id``), ``language``, ``kind``, ``answerable``, ``answers``, ``history`` and ``gold``: a
    list of ``{"file", "pages", "quotes"}``. A folder holds ``queries.jsonl`` and ``qrels.tsv``
    (or ``qrels/test.tsv``).

    Args:
        path: The file or folder.
        qrels: Judgements (TREC's or BEIR's) that are added to the questions' own.

    Raises:
        QuestionFileError: A line is wrong, an id stands twice, or there is no question.
    """
    folder = path.is_dir()
    lines = path / "queries.jsonl" if folder else path
    queries = [_query(lines, n, row) for n, row in _rows(lines)]
    _check_ids(lines, queries)
    judgements = qrels if qrels is not None else _qrels_of(path) if folder else None
    if judgements is None:
        return queries
    gains = read_qrels(judgements)
    return [_judged(query, gains.get(query.query_id, {})) for query in queries]


def read_qrels(path: Path) -> dict[str, dict[str, float]]:
    """Read judgements: TREC's four columns or BEIR's three with a header; gains by query.

    Raises:
        QuestionFileError: A line has neither three nor four columns, or a gain is no number.
    """
    found: dict[str, dict[str, float]] = {}
    for number, line in enumerate(_text(path).splitlines(), start=1):
        parts = line.split("\t") if "\t" in line else line.split()
        if not line.strip() or (number == 1 and parts[-1].strip() in ("score", "relevance")):
            continue
        if len(parts) not in (3, 4):
            raise QuestionFileError(
                f"{path}, line {number}: {len(parts)} columns; judgements have 'query 0 document "
                "gain' (TREC) or 'query document gain' (BEIR)"
            )
        query, document, gain = parts[0], parts[-2], parts[-1]
        try:
            found.setdefault(query.strip(), {})[document.strip()] = float(gain)
        except ValueError:
            raise QuestionFileError(
                f"{path}, line {number}: the gain {gain!r} is no number"
            ) from None
    return found


def _judged(query: Query, gains: Mapping[str, float]) -> Query:
    return replace(query, gains={**query.gains, **gains}) if gains else query


def _qrels_of(folder: Path) -> Path:
    for name in ("qrels.tsv", "qrels/test.tsv", "qrels/dev.tsv"):
        if (folder / name).is_file():
            return folder / name
    raise QuestionFileError(f"{folder} has no qrels.tsv and no qrels/test.tsv: name one by --qrels")


def _rows(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    some = False
    # Texts may hold other line ends than JSON lines have, such as U+2028.
    for number, line in enumerate(_text(path).split("\n"), start=1):
        if not line.strip():
            continue
        some = True
        try:
            row = json.loads(line)
        except json.JSONDecodeError as exc:
            raise QuestionFileError(f"{path}, line {number} is no JSON: {exc.msg}") from exc
        if not isinstance(row, dict):
            raise QuestionFileError(f"{path}, line {number}: expected an object, not {line[:40]!r}")
        yield number, row
    if not some:
        raise QuestionFileError(f"{path} holds no question: write one JSON object a line")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise QuestionFileError(
            f"there is no file {str(path)!r}: name one with a question and its gold a line, or a "
            "folder in BEIR's layout"
        ) from None
    except (OSError, UnicodeDecodeError) as exc:
        raise QuestionFileError(f"{path} cannot be read as UTF-8 text: {exc}") from exc


def _query(path: Path, number: int, row: Mapping[str, Any]) -> Query:
    where = f"{path}, line {number}"
    text = row.get("question", row.get("text"))
    if not isinstance(text, str) or not text.strip():
        raise QuestionFileError(f"{where}: there is no text in 'question'")
    answers = _texts(where, row, "answers")
    gold = row.get("gold") or []
    if not isinstance(gold, list):
        raise QuestionFileError(f"{where}: 'gold' is a list of places, this is {gold!r}")
    answerable = row.get("answerable", True)
    if not isinstance(answerable, bool):
        raise QuestionFileError(f"{where}: 'answerable' is {answerable!r}, not true or false")
    if gold and not answerable:
        raise QuestionFileError(f"{where}: it is not answerable and yet has gold")
    return Query(
        query_id=str(row.get("id", row.get("_id", f"q{number}"))),
        text=text.strip(),
        language=str(row.get("language") or "und"),
        kind=str(row.get("kind") or ""),
        answerable=answerable,
        gold=tuple(_gold(where, item) for item in gold),
        answers=answers,
        gains=_gains(where, row),
        history=_texts(where, row, "history"),
    )


def _gold(where: str, item: object) -> Gold:
    if not isinstance(item, dict) or not isinstance(item.get("file"), str):
        raise QuestionFileError(f"{where}: a gold place needs a 'file', this is {item!r}")
    pages = item.get("pages") or []
    if not isinstance(pages, list) or not all(isinstance(p, int) and p > 0 for p in pages):
        raise QuestionFileError(f"{where}: 'pages' are numbers from 1, these are {pages!r}")
    quotes = _texts(where, item, "quotes") or _texts(where, item, "must_contain")
    return Gold(item["file"], tuple(pages), quotes)


def _gains(where: str, row: Mapping[str, Any]) -> dict[str, float]:
    value = row.get("gains") or {}
    try:
        return {name: float(gain) for name, gain in value.items()}
    except (AttributeError, TypeError, ValueError):
        raise QuestionFileError(
            f"{where}: 'gains' are numbers by document, this is {value!r}"
        ) from None


def _texts(where: str, row: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = row.get(name) or []
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise QuestionFileError(f"{where}: {name!r} is a list of texts, this is {value!r}")
    return tuple(value)


def _check_ids(path: Path, queries: list[Query]) -> None:
    seen: set[str] = set()
    for query in queries:
        if query.query_id in seen:
            raise QuestionFileError(f"{path}: the id {query.query_id!r} stands twice")
        seen.add(query.query_id)
