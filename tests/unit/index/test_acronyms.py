import pytest

from index.acronyms import definitions, groups, learn
from index.reading import Reading
from index.retrieve import retrieve
from index.snapshot import open_snapshot
from index.types import KEEPER


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the Global Migration Group (GMG) met", [("GMG", "Global Migration Group")]),
        ("la Commission mixte bilatérale (CMB)", [("CMB", "Commission mixte bilatérale")]),
        ("camp coordination and camp management (CCCM)", [
            ("CCCM", "camp coordination and camp management")]),
        ("a meeting (Geneva) in May (2019)", []),
        ("nothing before it. (GMG)", []),
        ("(GMG) at the start", []),
    ],
)  # fmt: skip
def test_definitions_are_read_where_they_stand(text, expected):
    assert list(definitions(text)) == expected


def test_the_form_that_is_defined_most_often_wins():
    texts = [
        "Good Movers Guild (GMG)",
        "Global Migration Group (GMG)",
        "Global Migration Group (GMG)",
    ]
    assert learn(texts) == {"GMG": "Global Migration Group"}


def test_a_long_form_in_a_question_is_one_group():
    stems = {"gmg": ["global", "migrat", "group"]}
    found = groups("What did the Global Migration Group decide?", "en", stems)
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
