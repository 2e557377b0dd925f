from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.errors import BadFilter, BadQuery
from index.reading import Reading
from index.retrieve import MAX_QUESTION, retrieve
from index.second_stage import KNOWN, Asked, gains, shares, strengths, telling
from index.snapshot import open_snapshot
from index.types import KEEPER, PUBLIC, Filters, Reader
from ingest.types import AccessLevel, BlockKind, Evidence


@pytest.fixture
def search(folder, fill, write, embedder):
    fill(
        write("public.txt", "Mayors in Moldova were trained", countries=("Moldova",), year=2021),
        write("internal.txt", "Mayors in Serbia were trained", access=AccessLevel.INTERNAL,
              countries=("Serbia",), year=2022, kind="brief"),
        write("secret.txt", "Mayors in Tunisia were trained", access=AccessLevel.RESTRICTED,
              groups=("tunis",), countries=("Tunisia",), year=2023),
        write("nobody.txt", "Mayors in Ecuador were trained", access=AccessLevel.RESTRICTED,
              countries=("Ecuador",)),
    )  # fmt: skip
    snapshot = open_snapshot(Reading(folder))

    def search(question, reader=KEEPER, **options):
        return retrieve(snapshot, embedder, question, reader=reader, **options)

    return search


@pytest.mark.parametrize(
    ("reader", "expected"),
    [
        (PUBLIC, {"public"}),
        (Reader(internal=True), {"public", "internal"}),
        (Reader(groups=frozenset({"tunis"})), {"public", "secret"}),
        (Reader(groups=frozenset({"other"})), {"public"}),
        (KEEPER, {"public", "internal", "secret", "nobody"}),
    ],
)
def test_nobody_is_shown_or_counted_what_they_may_not_read(search, reader, expected):
    result = search("mayors trained in Tunisia Serbia Ecuador", reader)
    assert {hit.document.file.removesuffix(".txt") for hit in result.hits} == expected
    assert result.n_documents == len(expected)


def test_the_scores_of_a_public_reader_do_not_depend_on_hidden_documents(
    tmp_path, fill, write, search, embedder
):
    result = search("mayors trained", PUBLIC)
    (hit,) = result.hits
    own = (hit.passage.text, hit.passage.language)
    asked = Asked(telling("mayors trained", "en", lambda stems: dict.fromkeys(stems, 1), 1))
    head = " ".join((hit.document.metadata.title, *hit.passage.locator.heading_path))
    (alone,) = gains(shares(asked, strengths(asked, [(own[0], head, own[1])])))
    assert hit.score == pytest.approx((1.0 + alone) / (1.0 + sum(KNOWN.values())))


def test_a_filter_on_a_value_only_hidden_documents_have_is_unknown(search):
    with pytest.raises(BadFilter, match="no document has the country 'Tunisia'; there are: Mold"):
        search("mayors", PUBLIC, filters=Filters(countries=("Tunisia",)))


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(countries=("moldova", "SERBIA")), {"public", "internal"}),
        (Filters(year_from=2022), {"internal", "secret"}),
        (Filters(year_to=2021), {"public"}),
        (Filters(kinds=("brief",)), {"internal"}),
        (Filters(access=(AccessLevel.RESTRICTED,)), {"secret", "nobody"}),
        (Filters(kinds=("brief",), year_to=2021), set()),
    ],
)
def test_filters_narrow_the_search(search, filters, expected):
    result = search("mayors", filters=filters)
    assert {hit.document.file.removesuffix(".txt") for hit in result.hits} == expected


@pytest.mark.parametrize(
    ("question", "text"),
    [("", "empty"), ("  \n", "empty"), ("x" * (MAX_QUESTION + 1), "2,001"), ("?!", "no word")],
)
def test_a_question_that_cannot_be_searched_is_refused(search, question, text):
    with pytest.raises(BadQuery, match=text):
        search(question)


def test_years_that_run_backwards_are_refused(search):
    with pytest.raises(BadFilter, match="backwards"):
        search("mayors", filters=Filters(year_from=2022, year_to=2020))


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(question=st.text(max_size=200))
def test_any_question_gives_ranked_hits_or_a_clear_refusal(search, question):
    try:
        result = search(question)
    except BadQuery:
        return
    assert [hit.rank for hit in result.hits] == list(range(1, len(result.hits) + 1))
    for hit in result.hits:
        assert 0.0 <= hit.score <= 1.0 + 1e-6


def test_near_identical_passages_are_shown_once_and_named(folder, fill, write, embedder):
    text = "The depository keeps what was learned about mentoring and mobile clinics in the north"
    fill(write("a.txt", text), write("b.txt", text + "."), write("c.txt", "Other clinics"))
    snapshot = open_snapshot(Reading(folder))
    result = retrieve(snapshot, embedder, "mentoring and clinics", reader=KEEPER)
    assert [hit.document.file for hit in result.hits] == ["a.txt", "c.txt"]
    assert [file for _, file in result.hits[0].also_in] == ["b.txt"]


def test_a_twin_that_may_not_be_read_is_not_named(folder, fill, write, embedder):
    text = "The depository keeps what was learned about mentoring and mobile clinics in the north"
    fill(write("a.txt", text), write("b.txt", text, access=AccessLevel.INTERNAL))
    snapshot = open_snapshot(Reading(folder))
    result = retrieve(snapshot, embedder, "mentoring", reader=PUBLIC)
    assert result.hits[0].also_in == ()


def test_one_document_does_not_fill_the_page(folder, fill, write, embedder):
    long = "\n\n".join(f"clinics number {n} {'abcdefghij'[n] * 5}" for n in range(10))
    fill(write("long.txt", long), write("z.txt", "the number of clinics elsewhere"))
    snapshot = open_snapshot(Reading(folder))
    result = retrieve(snapshot, embedder, "clinics number", reader=KEEPER, limit=8)
    files = [hit.document.file for hit in result.hits]
    assert "z.txt" in files
    assert len(files) == 8


@pytest.fixture
def kinds(folder, fill, write, embedder):
    """Search two documents whose passages are of three kinds of evidence."""

    def as_evidence(item, *evidence):
        pairs = zip(item.passages, evidence, strict=True)
        return replace(item, passages=tuple(replace(p, evidence=e, ocr=0.5) for p, e in pairs))

    review = write("review.txt", "Mayors need training.\n\nTrain the mayors.")
    response = write("response.txt", "Mayors are trained.", access=AccessLevel.INTERNAL)
    fill(
        as_evidence(review, Evidence.FINDING, Evidence.RECOMMENDATION),
        as_evidence(response, Evidence.MANAGEMENT_RESPONSE),
    )
    snapshot = open_snapshot(Reading(folder))

    def search(question, reader=KEEPER, **options):
        return retrieve(snapshot, embedder, question, reader=reader, **options)

    return search


@pytest.mark.parametrize("question", ["mayors training", "nothing in common"])
@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ((Evidence.FINDING,), ["Mayors need training."]),
        (
            (Evidence.FINDING, Evidence.RECOMMENDATION),
            ["Mayors need training.", "Train the mayors."],
        ),
        ((Evidence.LESSON,), []),
    ],
)
def test_a_search_for_a_kind_of_evidence_finds_passages_of_it_alone(
    kinds, question, evidence, expected
):
    result = kinds(question, filters=Filters(evidence=evidence))
    assert sorted(hit.passage.text for hit in result.hits) == expected
    assert result.n_documents == bool(expected)
    assert {(hit.passage.evidence in evidence, hit.passage.ocr) for hit in result.hits} <= {
        (True, 0.5)
    }


def test_a_kind_of_evidence_shows_nobody_what_he_may_not_read(kinds):
    filters = Filters(evidence=(Evidence.MANAGEMENT_RESPONSE,))
    assert kinds("mayors", PUBLIC, filters=filters).n_documents == 0
    assert len(kinds("mayors", KEEPER, filters=filters).hits) == 1


def test_a_table_of_contents_does_not_stand_before_the_text(folder, fill, write, embedder):
    item = write("a.txt", "Training mayors in Moldova 12\n\nMayors in Moldova were trained twice")
    listed = replace(item.passages[0], kind=BlockKind.CONTENTS)
    fill(replace(item, passages=(listed, item.passages[1])))
    snapshot = open_snapshot(Reading(folder))
    result = retrieve(snapshot, embedder, "training mayors in Moldova", reader=KEEPER)
    assert [hit.passage.kind for hit in result.hits] == ["paragraph", "contents"]


def test_a_misspelt_word_finds_its_passage_unless_the_library_has_it(folder, fill, write, embedder):
    fill(write("a.txt", "The depository opened"), write("b.txt", "The coast road was paved"))
    lexical = open_snapshot(Reading(folder)).derived.lexical
    assert len(lexical.search("depositry", ["en"], 5)) == 1
    assert len(lexical.search("roda", ["en"], 5)) == 0
    assert len(lexical.search("coast depository", ["en"], 5)) == 2


def test_the_evidence_that_a_question_wants_named_comes_first(kinds):
    asked = "What {} say of the need of training for mayors?"
    findings = kinds(asked.format("do the findings")).hits
    named = kinds(asked.format("do the recommendations")).hits
    assert findings[0].passage.evidence is Evidence.FINDING
    assert named[0].passage.evidence is Evidence.RECOMMENDATION


def test_a_page_that_is_shown_gives_way_to_another_that_says_nearly_as_much(
    folder, fill, write, embedder
):
    item = write("a.txt", "clinics opened here\n\nclinics opened here too\n\nclinics opened there")
    blocks = tuple(replace(b, first=1 + n // 2, last=1) for n, b in enumerate(item.parsed.blocks))
    fill(replace(item, parsed=replace(item.parsed, blocks=blocks)))
    snapshot = open_snapshot(Reading(folder))
    hits = retrieve(snapshot, embedder, "Where were clinics opened?", reader=KEEPER).hits
    assert [hit.passage.locator.first for hit in hits] == [1, 2, 1]


def test_a_document_that_the_question_names_comes_before_one_that_says_the_same(
    folder, fill, write, embedder
):
    fill(
        write("a.txt", "Mayors were trained twice this year", countries=("Serbia",)),
        write("b.txt", "Mayors were trained twice in winter", countries=("Moldova",)),
        write("c.txt", "Chestnuts grow slowly"),
    )
    snapshot = open_snapshot(Reading(folder))
    for country, file in (("Serbia", "a.txt"), ("Moldova", "b.txt")):
        question = f"How often were mayors trained in {country}?"
        hits = retrieve(snapshot, embedder, question, reader=KEEPER).hits
        assert hits[0].document.file == file
        assert all(0 <= hit.score <= 1 for hit in hits)
