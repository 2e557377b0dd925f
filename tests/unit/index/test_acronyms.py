import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.acronyms import Forms, find
from index.glossary import Glossary
from index.reading import Reading
from index.retrieve import retrieve
from index.snapshot import open_snapshot
from index.types import KEEPER, PUBLIC
from ingest.types import AccessLevel


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the Global Migration Group (GMG) met", [("GMG", "Global Migration Group")]),
        ("la Commission mixte bilatérale (CMB)", [("CMB", "Commission mixte bilatérale")]),
        ("camp coordination and camp management (CCCM)", [
            ("CCCM", "camp coordination and camp management")]),
        ("GMG (Global Migration Group) met", [("GMG", "Global Migration Group")]),
        ("el Programa Mundial de Alimentos (PMA) dijo", [("PMA", "Programa Mundial de Alimentos")]),
        ("Международная организация по миграции (МОМ) сообщила", [
            ("МОМ", "Международная организация по миграции")]),
        ("Организација уједињених нација (ОУН) каже", [("ОУН", "Организација уједињених нација")]),
        ("în cadrul Strategiei Naționale Șanse (SNȘ) din", [("SNȘ", "Strategiei Naționale Șanse")]),
        ("تعاون مع المنظمة الدولية للهجرة (IOM) في تونس", [("IOM", "المنظمة الدولية للهجرة")]),
        ("المنظمة الدولية للهجرة (IOM) في تونس", [("IOM", "المنظمة الدولية للهجرة")]),
        ("وزار خبراء المنظمة الدولية للهجرة (IOM) تونس", []),
        ("CMB\nBHN: Border Health Network\nDTM | Displacement Tracking Matrix\nITEM second thing", [
            ("BHN", "Border Health Network"), ("DTM", "Displacement Tracking Matrix")]),
        ("IOM is promoting work of all", []),
        ("a meeting (Geneva) in May (2019)", []),
        ("nothing before it. (GMG)", []),
        ("(GMG) at the start", []),
    ],
)  # fmt: skip
def test_definitions_are_read_where_they_stand(text, expected):
    assert [(d.short, d.long) for d in find(text)] == expected


def test_a_long_form_in_a_question_is_one_group():
    forms = Forms([("GMG", "Global Migration Group")])
    found = forms.groups("What did the Global Migration Group decide?", "en")
    assert [(g.start, g.end, g.acronym) for g in found] == [(3, 6, "gmg")]


def test_a_question_with_the_long_form_finds_the_short_one(folder, fill, write, embedder):
    fill(
        write("a.txt", "The Border Health Network (BHN) was founded in Tunis"),
        write("b.txt", "Nurses of the BHN vaccinated travellers"),
        write("c.txt", "Health of the network of roads at the border was poor, nurses said"),
    )
    snapshot = open_snapshot(Reading(folder))
    result = retrieve(
        snapshot, embedder, "nurses of the border health network", reader=KEEPER, limit=3
    )
    keyword = {hit.document.file: hit.keyword for hit in result.hits}
    assert keyword["b.txt"] > keyword["a.txt"]


def test_a_definition_says_where_it_stands():
    text = "In May the Border Health Network (BHN) met. DTM (Displacement Tracking Matrix) too."
    assert [text[d.start : d.end] for d in find(text)] == [
        "Border Health Network (BHN)",
        "DTM (Displacement Tracking Matrix)",
    ]


@given(st.text(alphabet="ABC abc().\nЖ ж ا ل المঅ", max_size=300))
def test_every_definition_lies_in_its_text(text):
    for found in find(text):
        assert 0 <= found.start < found.end <= len(text)
        assert found.short in text[found.start : found.end]


def test_a_question_with_the_short_form_finds_the_long_one(folder, fill, write, embedder):
    fill(
        write("a.txt", "The Border Health Network (BHN) was founded in Tunis"),
        write("b.txt", "Nurses of the Border Health Network vaccinated travellers"),
        write("c.txt", "Nurses of another network vaccinated travellers"),
    )
    snapshot = open_snapshot(Reading(folder))
    result = retrieve(snapshot, embedder, "nurses of the BHN", reader=KEEPER, limit=3)
    keyword = {hit.document.file: hit.keyword or 0.0 for hit in result.hits}
    assert keyword["b.txt"] > keyword["c.txt"]


def test_a_hidden_definition_widens_nobodys_search_and_is_not_listed(folder, fill, write, embedder):
    fill(
        write("a.txt", "The Border Health Network (BHN) was founded in Tunis",
              access=AccessLevel.RESTRICTED),
        write("b.txt", "Nurses of the BHN vaccinated travellers"),
        write("c.txt", "Roads at the coast were poor"),
    )  # fmt: skip
    snapshot = open_snapshot(Reading(folder))
    catalogue, glossary = snapshot.catalogue, snapshot.derived.glossary
    assert [t.short for t in glossary.terms(catalogue.contents(KEEPER))] == ["BHN"]
    assert glossary.terms(catalogue.contents(PUBLIC)) == []
    question = "border health network"
    shown = retrieve(snapshot, embedder, question, reader=PUBLIC, limit=3).hits
    assert [hit.keyword for hit in shown] == [None, None]
    known = retrieve(snapshot, embedder, question, reader=KEEPER, limit=3).hits
    assert any(h.keyword is not None and h.document.file == "b.txt" for h in known)


def test_the_commonest_meaning_comes_first_and_texts_are_read_once(folder, fill, write):
    fill(
        write("a.txt", "Good Movers Guild (GMG)"),
        write("b.txt", "the Global Migration Group (GMG)"),
        write("c.txt", "the global migration group (GMG)"),
    )
    snapshot = open_snapshot(Reading(folder))
    glossary = snapshot.derived.glossary
    terms = glossary.terms(snapshot.catalogue.contents(KEEPER))
    assert [(t.long, len(t.sources)) for t in terms] == [
        ("Global Migration Group", 2),
        ("Good Movers Guild", 1),
    ]

    def never(number):
        raise AssertionError(f"content {number} was read again")

    again = Glossary.build(glossary.contents, never, glossary)
    assert again.contents == glossary.contents
