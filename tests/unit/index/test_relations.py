from __future__ import annotations

import pytest

from index.build import Builder
from index.library import Library
from index.reading import Reading
from index.relations import Described, relate
from index.retrieve import retrieve
from index.sketch import resemblance, sketch
from index.snapshot import open_snapshot
from index.types import KEEPER, PUBLIC, Relation
from ingest.types import AccessLevel, Metadata

TEXT = " ".join(f"word{n} and what follows it in line {n % 17}" for n in range(300))


def described(file: str, text: str = TEXT, sha256: str = "", **metadata: object) -> Described:
    metadata = {"title": file, "languages": ("en",)} | metadata
    return Described(file, file, sha256 or file, Metadata(**metadata), sketch(text))  # type: ignore[arg-type]


def related(*documents: Described) -> list[tuple[str, str, str]]:
    return [(one, relation.value, other) for one, relation, other in relate(documents)]


def test_identical_files_are_found_in_every_pair() -> None:
    files = [described(name, sha256="f00d") for name in ("a.pdf", "b.pdf", "c.pdf")]
    assert len(related(*files)) == 3
    assert {relation for _, relation, _ in related(*files)} == {"identical"}


@pytest.mark.parametrize(
    ("symbol", "other", "relation"),
    [
        ("DP/2020/3/Corr.1", "DP/2020/3", "corrects"),
        ("DP/2020/3/Rev.1", "DP/2020/3", "supersedes"),
        ("DP/2020/3/Rev.2", "DP/2020/3/Rev.1", "supersedes"),
        ("DP/2020/3/Add.2", "DP/2020/3", "adds_to"),
        ("DP/2020/3/Rev.1/Corr.2", "DP/2020/3/Rev.1", "corrects"),
    ],
)
def test_symbols_say_what_a_document_corrects_or_revises(
    symbol: str, other: str, relation: str
) -> None:
    first = described("a.pdf", "one text of its own here", symbol=symbol)
    second = described("b.pdf", "quite another text stands there", symbol=other)
    assert related(first, second) == [("a.pdf", relation, "b.pdf")]


def test_a_corrigendum_corrects_the_version_in_its_own_language() -> None:
    files = (
        described("a.pdf", "one", symbol="DP/2020/3/Corr.1", languages=("fr",)),
        described("b.pdf", "two", symbol="DP/2020/3", languages=("fr",)),
        described("c.pdf", "three", symbol="DP/2020/3", languages=("en",)),
    )
    assert ("a.pdf", "corrects", "b.pdf") in related(*files)
    assert ("a.pdf", "corrects", "c.pdf") not in related(*files)
    assert ("c.pdf", "translation", "b.pdf") in related(*files)


def test_a_draft_needs_a_text_like_the_final_one() -> None:
    final = described("guide final.pdf")
    draft = described("guide draft.docx", TEXT.replace("word1", "other1"))
    assert related(draft, final) == [("guide final.pdf", "supersedes", "guide draft.docx")]
    other = described("guide draft.docx", "a text about something else altogether " * 9)
    assert related(other, final) == []


def test_one_text_in_two_formats_is_the_same_text() -> None:
    files = described("guide.docx"), described("printed/leaflet.pdf")
    assert related(*files) == [("printed/leaflet.pdf", "same_text", "guide.docx")]


def test_a_later_version_supersedes_an_earlier_one() -> None:
    first = described("plan_v1.docx", TEXT)
    second = described("plan_v2.docx", TEXT.replace("word1", "other1"))
    assert related(first, second) == [("plan_v2.docx", "supersedes", "plan_v1.docx")]


@pytest.mark.parametrize(
    ("one", "other"),
    [("chapter 1.docx", "chapter 2.docx"), ("report-2019.pdf", "report-2020.pdf")],
)
def test_numbers_and_years_are_no_versions(one: str, other: str) -> None:
    text = TEXT.replace("word1", "other1").replace("line 3", "row 3")
    assert related(described(one), described(other, text)) == []


def test_files_of_one_name_in_two_languages_are_translations() -> None:
    english = described("guide-en.pdf", year=2020)
    french = described("guide-fr.pdf", "un texte en français", languages=("fr",), year=2020)
    assert related(english, french) == [("guide-fr.pdf", "translation", "guide-en.pdf")]
    later = described("guide-fr.pdf", "un texte en français", languages=("fr",), year=2021)
    assert related(english, later) == []


def test_a_brief_and_a_response_belong_to_the_report_on_the_same_subject() -> None:
    report = described("seed-fund-evaluation.pdf", "the report", kind="evaluation")
    brief = described("seed-fund-brief.pdf", "the brief", kind="brief")
    response = described("seed-fund-response.pdf", "the answer", kind="management response")
    other = described("harbour-works-evaluation.pdf", "the harbour", kind="evaluation")
    assert related(report, brief, response, other) == [
        ("seed-fund-brief.pdf", "brief_of", "seed-fund-evaluation.pdf"),
        ("seed-fund-response.pdf", "responds_to", "seed-fund-evaluation.pdf"),
    ]


@pytest.mark.parametrize(("year", "answers"), [(2024, True), (2029, False), (None, False)])
def test_a_response_answers_the_review_that_it_names_in_other_words(
    year: int | None, answers: bool
) -> None:
    files = (
        described(
            "r.pdf", "one", title="Well Programme: Mid-Term Review", kind="evaluation", year=2023
        ),
        described(
            "m.docx",
            "two",
            title="Management Response to the Mid-Term Review of the Well Programme",
            kind="management response",
            year=year,
        ),
        described(
            "b.pdf",
            "three",
            title="Mid-Term Review of the Well Programme: brief",
            kind="brief",
            year=2022,
        ),
    )
    expected = [("m.docx", "responds_to", "r.pdf")] if answers else []
    assert related(*files) == expected


def test_every_relation_has_its_inverse() -> None:
    assert all(relation.inverse.inverse is relation for relation in Relation)


def test_resemblance_is_the_share_of_common_shingles() -> None:
    half = " ".join(TEXT.split()[:1200])
    assert resemblance(sketch(TEXT), sketch(TEXT)) == 1.0
    assert resemblance(sketch(TEXT), sketch(half)) == pytest.approx(0.5, abs=0.2)
    assert resemblance(sketch(TEXT), sketch("nothing of the kind is said in here")) < 0.1
    assert resemblance(sketch("one"), sketch("one")) == 0.0


# in a library


@pytest.fixture
def library(folder, fill, write, embedder):
    """Fill a library with a paper, its revision that only keepers may read, and a translation."""
    said = "The harbour needs a new crane before winter comes to the bay"
    fill(
        write("paper.txt", said, symbol="DP/2020/3"),
        write("revised.txt", said + " again", symbol="DP/2020/3/Rev.1",
              access=AccessLevel.INTERNAL),
        write("port-fr.txt", "Le port attend une grue", language="fr"),
        write("port-en.txt", "The harbour waits for a crane, le port"),
    )  # fmt: skip

    def search(question, reader=KEEPER, **options):
        snapshot = open_snapshot(Reading(folder))
        return retrieve(snapshot, embedder, question, reader=reader, **options).hits

    return search


def test_a_search_shows_the_version_that_is_not_superseded_and_names_the_other(library):
    (hit,) = library("new crane before winter comes", limit=1)
    assert hit.document.file == "revised.txt"
    assert [(r.relation, r.file) for r in hit.document.related] == [
        (Relation.SUPERSEDES, "paper.txt")
    ]
    assert hit.document.superseded_by is None
    assert [file for _, file in hit.also_in] in ([], ["paper.txt"])


def test_nobody_learns_of_a_version_that_he_may_not_read(library):
    (hit,) = library("new crane before winter comes", PUBLIC, limit=1)
    assert (hit.document.file, hit.document.related) == ("paper.txt", ())
    assert hit.document.superseded_by is None


def test_of_many_versions_the_newest_one_is_named(folder, fill, write) -> None:
    symbols = ["DP/2020/3", *(f"DP/2020/3/Rev.{n}" for n in range(1, 12))]
    fill(
        *(
            write(f"v{n}.txt", f"text {n} of its own", symbol=symbol)
            for n, symbol in enumerate(symbols)
        )
    )
    catalogue = open_snapshot(Reading(folder)).catalogue
    for entry in catalogue.entries:
        newest = catalogue.shown(entry.document.doc_id, KEEPER).superseded_by
        assert (newest.file if newest else "v11.txt") == "v11.txt"


def test_a_superseded_document_says_so_to_those_who_may_read_the_newer_one(library, folder):
    snapshot = open_snapshot(Reading(folder))
    (paper,) = [e for e in snapshot.catalogue.entries if e.document.file == "paper.txt"]
    shown = snapshot.catalogue.shown(paper.document.doc_id, KEEPER)
    assert shown.superseded_by is not None
    assert shown.superseded_by.file == "revised.txt"


@pytest.mark.parametrize(
    ("question", "file"),
    [("What does the harbour wait for?", "port-en.txt"), ("Le port attend quoi ?", "port-fr.txt")],
)
def test_a_work_is_shown_in_the_language_of_the_question(library, question, file):
    hits = [h for h in library(question) if h.document.file.startswith("port")]
    assert hits[0].document.file == file
    assert [r.relation for r in hits[0].document.related] == [Relation.TRANSLATION]


def test_relations_follow_each_generation(folder, fill, write, embedder):
    fill(write("paper.txt", "one text", symbol="DP/2020/3"))
    assert open_snapshot(Reading(folder)).derived.relations == ()
    fill(write("new.txt", "another text", symbol="DP/2020/3/Rev.1"))
    ((newer, relation, _),) = open_snapshot(Reading(folder)).derived.relations
    assert relation is Relation.SUPERSEDES
    with Library.open(folder) as library:
        library.remove(newer)
        Builder(library, embedder, lambda source: None).publish()
    assert open_snapshot(Reading(folder)).derived.relations == ()
