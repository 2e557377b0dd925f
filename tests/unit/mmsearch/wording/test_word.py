"""Over real HTTP: a model that helps, that lies, that obeys documents, and that fails."""

from __future__ import annotations

import json
import logging
import re
import time
from dataclasses import replace
from pathlib import Path

import pytest

from index.build import Builder
from index.library import Library
from index.types import PUBLIC, Hit, SearchResult
from ingest.types import AccessLevel, Evidence
from mmsearch.knowledge import KnowledgeBase
from mmsearch.phrases.catalogue import remarks
from mmsearch.shapes import ask_shape
from mmsearch.types import Answer
from mmsearch.wording import client
from mmsearch.wording.client import OpenAIModel
from mmsearch.wording.errors import ModelUnreachable, WordingError
from mmsearch.wording.prompt import TASK
from tests.fakes import WordEmbedder, extracted
from tests.hostile_documents import EVIL, documents, obey
from tests.language_model import Endpoint
from tests.unit.mmsearch.answer.shelf import PROGRAMME, Shelf
from tests.unit.mmsearch.wording.conftest import KEY, Worder

QUESTION = "How many patients did the mobile clinic in Kenya treat in 2023?"
GOOD = "In Kenya, the mobile clinic treated 4,200 patients in 2023. [1]"
CANARY = "Zinnober"


def hold(answer: Answer) -> None:
    """Hold an answer to what every answer promises, whoever worded it."""
    numbers = {c.n for c in answer.citations}
    assert numbers == set(range(1, len(numbers) + 1))
    assert all(s.citations and set(s.citations) <= numbers for s in answer.sentences)
    assert {n for s in answer.sentences for n in s.citations} == numbers


def test_a_good_sentence_is_shown_with_its_source(stub: Endpoint, worded: Worder) -> None:
    stub.reply = lambda messages: GOOD
    answer = worded(QUESTION)
    hold(answer)
    assert [s.text for s in answer.sentences] == [
        "In Kenya, the mobile clinic treated 4,200 patients in 2023."
    ]
    assert "4,200 patients" in answer.citations[0].quote
    assert answer.wording == {"model": "stub", "state": "worded", "reason": ""}
    assert answer.checks["sentences_kept"] == 1


def test_a_citation_says_what_its_passage_is_and_how_surely_it_was_read(
    stub: Endpoint, worded: Worder
) -> None:
    def scanned(hit: Hit) -> Hit:
        passage = replace(hit.passage, evidence=Evidence.FINDING, ocr=0.9)
        return replace(hit, passage=passage)

    class Scanned(Shelf):
        def search(self, question: str) -> SearchResult:
            found = super().search(question)
            return replace(found, hits=tuple(map(scanned, found.hits)))

    stub.reply = lambda messages: GOOD
    shelf = Scanned(PROGRAMME.texts, PROGRAMME.titles, PROGRAMME.language)
    answer = worded(QUESTION, shelf)
    assert answer.wording["state"] == "worded"
    assert {(c.evidence, c.ocr) for c in answer.citations} == {(Evidence.FINDING, 0.9)}


def test_a_sentence_is_told_before_the_reply_has_ended(stub: Endpoint, worded: Worder) -> None:
    stub.trouble = "drip"
    stub.reply = lambda messages: GOOD + " The county paid for" + " more" * 40
    told: list[str] = []
    answer = worded(QUESTION, told=lambda s, c: told.append(s.text), seconds=3.0)
    assert told == [s.text for s in answer.sentences]
    assert answer.wording["state"] == "worded"
    assert answer.wording["reason"] == "timeout"


def test_the_model_gets_passages_as_data_between_marks_of_this_request(
    stub: Endpoint, worded: Worder
) -> None:
    for _ in range(2):
        worded(QUESTION)
    marks = set()
    for task, asked in stub.asked:
        assert (task["role"], asked["role"]) == ("system", "user")
        (mark,) = set(re.findall(r"<<([0-9a-f]{32})\n", asked["content"]))
        marks.add(mark)
        assert asked["content"].count(f"<<{mark}") == asked["content"].count(f"{mark}>>") > 1
        assert asked["content"].endswith(f"Question: {QUESTION}")
    assert len(marks) == 2


@pytest.mark.parametrize(
    "reply",
    [
        "The mobile clinic treated 9,999 patients in Kenya. [1]",
        "The mobile clinic in Kenya treated 4,200 patients in 2022. [1]",
        "The mobile clinic in Uganda treated 4,200 patients in 2023. [1]",
        "The mobile clinic in Kenya treated 4,200 patients in 2023. [7]",
        "The mobile clinic in Kenya treated 4,200 patients in 2023. [1000]",
        "The mobile clinic in Kenya treated 4,200 patients in 2023. [2]",
        "The mobile clinic in Kenya treated 4,200 patients in 2023.",
        "The mobile clinic in Kenya treated 4,200 patients, said Doctor Who in 2023. [1]",
        "The mobile clinic in Kenya did not treat 4,200 patients in 2023. [1]",
        "(4,200 patients, see Annex 12 and [Smith 2020]) [1]",
        "The mobile clinic in Kenya treated 4,200 patients in 2023 【1†source】.",
    ],
)
def test_what_is_invented_is_never_shown(stub: Endpoint, worded: Worder, reply: str) -> None:
    stub.reply = lambda messages: reply
    answer = worded(QUESTION)
    plain = PROGRAMME.ask(QUESTION)
    hold(answer)
    assert (answer.sentences, answer.citations) == (plain.sentences, plain.citations)
    assert answer.wording["state"] == "quoted"
    assert remarks(answer)


def test_a_false_sentence_among_good_ones_gives_way_to_the_quote(
    stub: Endpoint, worded: Worder
) -> None:
    stub.reply = lambda messages: (
        "The county paid for the fuel. [1] The mobile clinic treated 5,000 patients. [1]"
    )
    answer = worded(QUESTION)
    hold(answer)
    assert [s.text for s in answer.sentences] == [
        "The county paid for the fuel.",
        "The mobile clinic in Kenya treated 4,200 patients in 2023.",
    ]


@pytest.mark.parametrize(
    ("trouble", "reason"),
    [
        ("429", "limit"),
        ("500", "failed"),
        ("401", "failed"),
        ("redirect", "failed"),
        ("silent", "timeout"),
        ("drip", "timeout"),
        ("cut", "unreachable"),
        ("unfinished", "failed"),
        ("no json", "failed"),
        ("not sse", "failed"),
        ("error event", "failed"),
        ("endless", "failed"),
    ],
)
def test_trouble_ends_in_the_answer_without_the_model(
    stub: Endpoint,
    worded: Worder,
    trouble: str,
    reason: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG, logger="mmsearch")
    stub.trouble = trouble
    stub.reply = lambda messages: "It is said, and said again, that there is a clinic. " * 4
    answer = worded(QUESTION, seconds=0.5 if reason == "timeout" else 30.0)
    plain = PROGRAMME.ask(QUESTION)
    assert (answer.sentences, answer.citations) == (plain.sentences, plain.citations)
    assert (answer.wording["state"], answer.wording["reason"]) == ("quoted", reason)
    shown = json.dumps(ask_shape(answer)) + caplog.text
    assert KEY not in shown
    assert "SECRET-ENDPOINT-TEXT" not in shown
    assert stub.redirected == 0
    assert stub.asked_after(1) == 1  # never asked again


@pytest.mark.parametrize("trouble", ["429", "silent", "500"])
def test_a_model_that_does_not_answer_is_left_alone_for_a_while(
    stub: Endpoint, trouble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stub.trouble = trouble
    model = OpenAIModel(
        url=stub.url, model="m", key="", seconds=2.0 if trouble == "silent" else 30.0
    )
    for _ in range(3):
        with pytest.raises(WordingError, match=r"endpoint|reply"):
            list(model.reply([]))
    wanted = 3 if trouble == "500" else 1
    assert stub.asked_after(wanted) == wanted
    stub.trouble = ""
    later = time.monotonic() + client.REST_SECONDS
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert list(model.reply([]))
    model.close()


def test_nobody_there() -> None:
    model = OpenAIModel(url="http://127.0.0.1:9/v1", model="m", key="", seconds=1.0)
    with pytest.raises(ModelUnreachable, match="no connection"):
        list(model.reply([]))
    model.close()


def test_the_key_goes_to_the_endpoint_and_the_environment_stays_out(
    stub: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_BASE_URL"):
        monkeypatch.setenv(name, "from-the-environment")
    model = OpenAIModel(url=stub.url, model="m", key=KEY, seconds=30.0)
    assert list(model.reply([]))
    model.close()
    (headers,) = stub.headers
    assert headers["authorization"] == f"Bearer {KEY}"
    assert "from-the-environment" not in json.dumps(headers)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a library of the hostile documents and one that the public may not read."""
    root = tmp_path_factory.mktemp("hostile")
    items = []
    for number, hostile in enumerate(documents()):
        path = root / f"{number:02}.txt"
        path.write_text(hostile.text, encoding="utf-8")
        items.append(extracted(path, root=root, title=f"Clinic note {number}"))
    secret = root / "secret.txt"
    secret.write_text(f"The clinic of every town treated patients in 2023 for {CANARY}.")
    items.append(extracted(secret, root=root, access=AccessLevel.INTERNAL))
    with Library.open(root / "library") as opened:
        builder = Builder(opened, WordEmbedder(), lambda source: None)
        assert len(list(builder.run(items))) == len(items)
        builder.publish()
    return root / "library"


def test_an_obedient_model_and_sixty_hostile_documents_leak_nothing(
    library: Path, stub: Endpoint
) -> None:
    stub.reply = obey
    hostile = documents()
    assert len(hostile) == 60
    model = OpenAIModel(url=stub.url, model="stub", key=KEY, seconds=30.0)
    embedder = WordEmbedder()
    texts = " ".join(h.text for h in hostile)
    with KnowledgeBase.open(library, embedder=embedder, writer=model) as knowledge:
        for one in hostile:
            told: list[str] = []
            answer = knowledge.ask(
                one.question, reader=PUBLIC, told=lambda s, c, told=told: told.append(s.text)
            )
            assert answer.answered, one.question
            hold(answer)
            assert told == [s.text for s in answer.sentences]
            for citation in answer.citations:
                text = knowledge.text(citation.document.doc_id, reader=PUBLIC).text
                assert text[citation.start : citation.end] == citation.quote
            for sentence in answer.sentences:
                assert not leaks(sentence.text, stub.asked[-1], texts), sentence.text
    model.close()
    assert len(stub.asked) == 60
    assert CANARY not in json.dumps(stub.asked)
    assert any(len(obey(request)) > 200 for request in stub.asked)  # it did obey


def leaks(shown: str, request: list[dict[str, str]], permitted: str) -> list[str]:
    """Name what a shown sentence has that it may not have."""
    mark = re.findall(r"<<([0-9a-f]{32})", request[0]["content"])[0]
    forbidden = [mark, mark[::-1], KEY, CANARY, "word answers for the readers", TASK[:40]]
    found = [word for word in forbidden if word in shown]
    if shown not in permitted:  # not a quote: then no link, no markup, and only words of theirs
        found += re.findall(r"https?:|www\.|[<>\[\]{}|]|javascript:|@|[\u200b\u202e]", shown)
        found += [w for w in re.findall(r"\d[\d,.]*\d|\d", shown) if w not in permitted]
        found += [EVIL] if EVIL in shown else []
        unknown = [
            w for w in re.findall(r"[^\W\d]{4,}", shown) if w.lower() not in permitted.lower()
        ]
        found += unknown if len(unknown) > 2 else []
    return found
