from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.metadata import KINDS, read_metadata
from ingest.metadata_countries import find_countries, known_countries, read_countries
from ingest.metadata_publishers import organisations_in
from ingest.types import AccessLevel, Block, BlockKind, Metadata, ParsedDocument, Unit

PROSE = (
    "The programme worked with four ministries over three years and trained the staff of each of"
    " them, who then wrote a plan of their own and carried most of it out before the year ended."
)


def document(
    *pieces: str | tuple[int, str],
    unit: Unit = Unit.PAGE,
    properties: Mapping[str, str] | None = None,
) -> ParsedDocument:
    """Make a document of one page; a piece with a number is a heading of that level."""
    text, blocks = "", []
    for piece in pieces:
        level, words = piece if isinstance(piece, tuple) else (0, piece)
        kind = BlockKind.HEADING if level else BlockKind.PARAGRAPH
        blocks.append(Block(kind, len(text), len(text) + len(words), 1, 1, level))
        text += words + "\n\n"
    return ParsedDocument(text.rstrip(), tuple(blocks), unit, properties=properties or {})


def un_document(*pieces: str, symbol: str = "DP/2021/7", date: str = "4 May 2021") -> Metadata:
    head = (f"United Nations {symbol}", "Distr.: General", date, "Original: English")
    parsed = document(
        *head,
        "21-04762X (E) 020421",
        "*2104762*",
        "Annual session 2021",
        "2 to 5 June 2021, New York",
        *pieces,
    )
    return read_metadata(parsed, "upload.pdf")


def title(
    *pieces: str | tuple[int, str], file: str = "x.pdf", said: str = "", unit: Unit = Unit.PAGE
) -> str:
    return read_metadata(document(*pieces, unit=unit, properties={"title": said}), file).title


# titles


def test_the_file_s_own_title_is_taken_when_it_makes_sense() -> None:
    assert title((1, "Other words"), PROSE, said="A guide to  consultations") == (
        "A guide to consultations"
    )


@pytest.mark.parametrize(
    "said",
    [
        "Microsoft Word - draft3.docx",
        "PowerPoint Presentation",
        "untitled",
        "Untitled 3",
        "report_final_v2.docx",
        "current.wpf",
        "aap-guide",
        "DP/2021/7",
        "Document1",
        "Country template",
        "Final report",
        "12345",
        "x",
        "",
    ],
)
def test_a_senseless_title_in_the_properties_is_passed_over(said: str) -> None:
    assert title((1, "Working with diasporas"), PROSE, file="aap-guide.pdf", said=said) == (
        "Working with diasporas"
    )


def test_the_first_heading_of_the_top_level_is_the_title() -> None:
    assert title((2, "Series 4"), (1, "Working with diasporas"), PROSE, (2, "Next")) == (
        "Working with diasporas"
    )


def test_without_a_heading_the_first_line_that_reads_as_a_title_is_taken() -> None:
    lines = "Version 3\nMarch 2021\nWorking with the\ndiasporas of small states\nContents"
    assert title(lines, PROSE) == "Working with the diasporas of small states"


def test_a_label_is_put_behind_the_title_it_belongs_to() -> None:
    assert title("EVALUATION BRIEF", "Working with diasporas", PROSE) == (
        "Working with diasporas: evaluation brief"
    )


def test_a_subtitle_follows_its_title() -> None:
    read = title(
        "Joint Programme on Returning Students",
        "Mid-term review of the second phase",
        "June 2021",
        PROSE,
        unit=Unit.LINE,
    )
    assert read == "Joint Programme on Returning Students: Mid-term review of the second phase"


def test_capitals_get_the_case_their_words_have_in_the_text() -> None:
    body = "An account of IOM and its work with diasporas in Moldova, and of what follows from it."
    assert title((1, "THE WORK OF IOM WITH DIASPORAS IN MOLDOVA"), body, PROSE) == (
        "The work of IOM with diasporas in Moldova"
    )


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("iom/aap-management_response-2021.pdf", "Aap management response 2021"),
        ("E_ICEF_2021_11_Rev.1.en.pdf", "E/ICEF/2021/11/Rev.1"),
        ("notes.txt", "Notes"),
        ("", "Untitled"),
    ],
)
def test_the_file_s_name_is_the_last_resort(file: str, expected: str) -> None:
    assert title("1", "2 %", file=file) == expected


def test_a_very_long_title_is_cut_between_words() -> None:
    read = title((1, "word " * 55 + "end"), PROSE)
    assert len(read) <= 251
    assert read.endswith("word…")


# documents of the United Nations


def test_the_title_under_a_masthead_is_the_subject() -> None:
    read = un_document(
        "Item 4 of the provisional agenda",
        "Ethics",
        "Activities of the office that hears complaints\nin 2020",
        "Report of the Ethics Office",
        "Summary",
        PROSE,
    )
    assert read.title == "Activities of the office that hears complaints in 2020"
    assert read.year == 2021
    assert read.publisher == ("UNDP",)
    assert read.kind == "report"


def test_a_masthead_run_into_one_line_is_taken_apart() -> None:
    parsed = document(
        (3, "United Nations"),
        (1, "E/ICEF/2021/9"),
        "Distr.: General 24 March 2021",
        "Original: English",
        "2 to 5 June 2021, New York Item 4 of the provisional agenda Evaluation",
        (2, "Annual report on school meals, 2020"),
        "Summary",
    )
    read = read_metadata(parsed, "upload.pdf")
    assert read.title == "Annual report on school meals, 2020"
    assert (read.kind, read.publisher) == ("annual report", ("UNICEF",))


def test_a_general_title_is_named_with_its_agenda_item() -> None:
    read = un_document(
        "Agenda item 3", "Water and peace", "Progress report of the Secretary-General"
    )
    assert read.title == "Water and peace: Progress report of the Secretary-General"


def test_a_corrigendum_and_a_draft_decision_say_so() -> None:
    item = "Item 4 of the provisional agenda"
    corrected = un_document(item, "Annual report on wells, 2020", "Corrigendum", "Paragraph 3")
    draft = un_document(
        item, "Draft decision submitted to the Executive Board", "Annual report on wells", "Summary"
    )
    assert corrected.title == "Annual report on wells, 2020: Corrigendum"
    assert draft.title == "Draft decision: Annual report on wells"
    assert draft.kind == "decision"


def test_a_cover_without_an_agenda_item() -> None:
    parsed = document(
        "A/86/48\nUnited Nations\nReport of the Committee on\nthe Rights of Seafarers"
        "\nThirty-ninth session\n(2–13 December 2020)\nGeneral Assembly\nOfficial Records"
    )
    read = read_metadata(parsed, "x.pdf")
    assert read.title == "Report of the Committee on the Rights of Seafarers"
    assert read.publisher == ("UN General Assembly",)


def test_the_page_that_stands_for_a_missing_document_is_named_by_its_file() -> None:
    parsed = document("The document does not exist in the Official Document System (ODS).")
    read = read_metadata(parsed, "A_78_375.en.pdf")
    assert (read.title, read.kind, read.publisher) == ("A/78/375", "document", ())


# years


@pytest.mark.parametrize(
    ("pieces", "file", "created", "expected"),
    [
        (("A guide", "6 May 2015", PROSE), "a-2019.pdf", "", 2015),
        (("Un guide", "juin 2015", PROSE), "a.pdf", "", 2015),
        (("Una guía", "3 de marzo de 2015", PROSE), "a.pdf", "", 2015),
        (("A guide", "Template version: May 2003", "May 2015", PROSE), "a.pdf", "", 2015),
        (("Annual report 2016", PROSE), "a-2019.pdf", "", 2016),
        (("Strategy 2022-2025", PROSE), "strategy_2021.pdf", "", 2021),
        (("A guide", PROSE), "a-2019.pdf", "", 2019),
        (("A guide", PROSE), "a.pdf", "D:20180303", 2018),
        (("A guide", PROSE), "a.pdf", "2018-03-03T10:00:00Z", 2018),
        (("A guide", "May 1815", PROSE), "a-3000.pdf", "D:19000101", None),
        (("A guide", PROSE), "a.pdf", "", None),
        (("A guide", "July 19 84", PROSE), "a.pdf", "", 1984),
        (("A guide", "December 2024", PROSE), "a-2025.pdf", "D:20250110", 2025),
        (("A guide", "December 2024", PROSE), "a-2025.pdf", "D:20240110", 2024),
    ],
)
def test_year(pieces: tuple[str, ...], file: str, created: str, expected: int | None) -> None:
    parsed = document(*pieces, properties={"created": created})
    assert read_metadata(parsed, file).year == expected


def test_a_year_may_be_the_next_and_no_later() -> None:
    this = datetime.now(UTC).year
    assert read_metadata(document("A guide", f"May {this + 1}", PROSE), "a.pdf").year == this + 1
    assert read_metadata(document("A guide", f"May {this + 2}", PROSE), "a.pdf").year is None


# kinds


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Evaluation of the seed fund", "evaluation"),
        ("Mid-term review of the seed fund", "evaluation"),
        ("Évaluation finale du fonds", "evaluation"),
        ("Evaluation brief: the seed fund", "brief"),
        ("Résumé d’évaluation du fonds", "brief"),
        ("Management response to the evaluation of the seed fund", "management response"),
        ("Plan de réponse de la direction", "management response"),
        ("Respuesta de la dirección", "management response"),
        ("Rapport initial d’évaluation", "inception report"),
        ("Guidelines for consultations", "guideline"),
        ("Guía para municipios", "guideline"),
        ("Lessons learned from three towns", "lessons learned"),
        ("Enseignements tirés de trois villes", "lessons learned"),
        ("Terms of reference of the board", "terms of reference"),
        ("Annual report on evaluation", "annual report"),
        ("Informe anual", "annual report"),
        ("Training manual for mayors", "training material"),
        ("Minutes of the third board meeting", "meeting notes"),
        ("Glossary of terms", "glossary"),
        ("National policy on returning students", "policy"),
        ("Resolution 70/1", "resolution"),
        ("Report of the board", "report"),
        ("A letter to the mayors", "document"),
    ],
)
def test_kind(words: str, kind: str) -> None:
    read = read_metadata(document((1, words), PROSE), "x.pdf")
    assert read.kind == kind
    assert kind in KINDS


def test_a_particular_label_goes_before_a_title_that_only_says_evaluation() -> None:
    pieces = ("Management response and action plan matrix", "Evaluation of the seed fund", PROSE)
    assert read_metadata(document(*pieces), "x.pdf").kind == "management response"


def test_a_mention_in_prose_is_no_kind() -> None:
    prose = (
        "The evaluation of the seed fund and its guidelines were read by the board in the spring."
    )
    assert read_metadata(document((1, "The seed fund"), prose), "x.pdf").kind == "document"


# countries


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Programme in Moldova and the Kyrgyz Republic", ["Moldova", "Kyrgyzstan"]),
        ("United Republic of Tanzania; Viet Nam; Vietnam", ["Tanzania", "Viet Nam", "Viet Nam"]),
        ("Plurinational State of Bolivia", ["Bolivia"]),
        ("Haïti et la République dominicaine", ["Haiti", "Dominican Republic"]),
        ("Kirghizistan, Maroc, Équateur", ["Kyrgyzstan", "Morocco", "Ecuador"]),
        ("Marruecos, Túnez y Turquía", ["Morocco", "Tunisia", "Türkiye"]),
        ("В Сербии и Республика Молдова", ["Serbia", "Moldova"]),
        ("Опыт Эквадора и Молдовой, в Тунисе", ["Ecuador", "Moldova", "Tunisia"]),
        ("تقرير عن المغرب وتونس", ["Morocco", "Tunisia"]),
        ("دعم للمغرب وبنغلاديش", ["Morocco", "Bangladesh"]),
        ("HAÏTI, CÔTE D’IVOIRE", ["Haiti", "Côte d'Ivoire"]),
        (
            "Guinea-Bissau, Guinea, Papua New Guinea",
            ["Guinea-Bissau", "Guinea", "Papua New Guinea"],
        ),
        ("Niger and Nigeria", ["Niger", "Nigeria"]),
        ("the Democratic Republic of the Congo", ["Democratic Republic of the Congo"]),
        ("New York and Geneva; New Mexico; Northern Ireland", []),
        ("a turkey in a china shop", []),
        ("বাংলাদেশে ও মরক্কোর তিউনিসিয়ায়", ["Bangladesh", "Morocco", "Tunisia"]),
        ("У Србији и Молдавији", ["Serbia", "Moldova"]),
        ("u Srbiji i Tunisu, iz Maroka", ["Serbia", "Tunisia", "Morocco"]),
        ("الدروس في إكوادور", ["Ecuador"]),
    ],
)
def test_names_of_countries(words: str, expected: list[str]) -> None:
    assert find_countries(words) == expected
    assert known_countries().issuperset(expected)


def test_a_country_in_the_title_or_the_file_s_name_counts_at_once() -> None:
    found = read_countries("A plan for Jamaica", "tunisia-plan.pdf", PROSE)
    assert found is not None
    assert (found.value, found.place) == (("Jamaica", "Tunisia"), "title and file name")


def test_a_country_named_again_and_again_counts() -> None:
    text = (PROSE + " So it was in Serbia.") * 6
    found = read_countries("A plan", "plan.pdf", text)
    assert found is not None
    assert (found.value, found.words) == (("Serbia",), "Serbia 6 times")


def test_a_list_as_long_as_the_opening_says_counts_and_no_other() -> None:
    text = "The programme works in three countries: Serbia; Ecuador and Tunisia. " + PROSE
    read = read_countries("A plan", "plan.pdf", text)
    assert read is not None
    assert read.value == ("Ecuador", "Serbia", "Tunisia")
    assert read_countries("A plan", "plan.pdf", text.replace("three", "nine")) is None


def test_a_case_study_and_the_members_of_a_committee_do_not_count() -> None:
    text = (PROSE + " So it was in Serbia.") * 6 + " The case study in Serbia lasted a week."
    assert read_countries("A plan", "plan.pdf", text) is None
    title = "Report of the Group of Representatives of India and Chile on the draft"
    assert read_countries(title, "report.pdf", PROSE) is None


def test_passing_mentions_do_not_count() -> None:
    names = sorted(known_countries())[:40]
    text = " ".join(f"{PROSE} Thus in {name}." for name in names)
    assert read_countries("A plan", "plan.pdf", text) is None


# publishers and languages


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("IOM–UNDP Joint Programme", ("IOM", "UNDP")),
        ("L’OIM et le PNUD", ("IOM", "UNDP")),
        ("the International Organization\nfor Migration", ("IOM",)),
        ("ONU Mujeres y UNICEF", ("UN Women", "UNICEF")),
        ("an iompol and a who", ()),
    ],
)
def test_organisations(words: str, expected: tuple[str, ...]) -> None:
    assert organisations_in(words) == expected


@pytest.mark.parametrize(
    ("symbol", "expected"),
    [
        ("DP/FPA/2021/2", "UNFPA"),
        ("DP/OPS/2021/2", "UNOPS"),
        ("E/2021/2", "ECOSOC"),
        ("UNW/2021/2", "UN Women"),
        ("JIU/REP/2021/2", "JIU"),
        ("A/86/2", "UN General Assembly"),
    ],
)
def test_the_symbol_says_who_publishes(symbol: str, expected: str) -> None:
    assert un_document("Item 4", "Wells", symbol=symbol).publisher == (expected,)


def test_the_publisher_of_the_properties_is_taken() -> None:
    parsed = document("A guide", PROSE, properties={"publisher": "Office of Wells"})
    assert read_metadata(parsed, "x.pdf").publisher == ("Office of Wells",)


def test_languages_most_used_first() -> None:
    french = "Les ministères ont adopté un plan commun et ils se sont réunis deux fois. " * 20
    assert read_metadata(document(french, PROSE * 2), "x.pdf").languages == ("fr", "en")


def test_the_stated_language_helps_where_the_text_says_nothing() -> None:
    assert read_metadata(document("1", properties={"language": "fr-CH"}), "x").languages == ("fr",)


# all together


def test_access_is_never_read_from_a_file() -> None:
    read = read_metadata(document("CONFIDENTIAL", "Restricted", PROSE), "x.pdf")
    assert (read.access, read.groups) == (AccessLevel.PUBLIC, ())


def test_an_empty_document_is_named_by_its_file() -> None:
    empty = ParsedDocument("", (), Unit.LINE)
    read = read_metadata(empty, "a-b.txt")
    assert replace(read, why=()) == Metadata(title="A b")
    assert [(why.field, why.place) for why in read.why] == [("title", "file name")]


@settings(max_examples=80, deadline=None)
@given(
    pieces=st.lists(st.text(max_size=80), max_size=8),
    said=st.text(max_size=60),
    file=st.text(max_size=40),
    unit=st.sampled_from(Unit),
)
def test_odd_input_never_raises(pieces: list[str], said: str, file: str, unit: Unit) -> None:
    read = read_metadata(document(*pieces, unit=unit, properties={"title": said}), file)
    assert read.title
    assert read.kind in KINDS


@pytest.mark.parametrize(
    "hostile",
    ["plan " * 50_000, "1 " * 50_000, "11-" * 50_000, "A/" * 50_000, "/AB.1" * 50_000,
     "x" * 200_000,
     "a@" * 50_000, "«" * 50_000, "(" * 50_000, "A. " * 50_000, "United Nations " * 9_000],
    ids=lambda text: text[:5],
)  # fmt: skip
def test_hostile_repetition_ends(hostile: str) -> None:
    parsed = document(hostile, f"United Nations {hostile[:90]}!", properties={"title": hostile})
    assert len(read_metadata(parsed, "DP_2021_1.pdf").title) <= 251


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "start", "year", "kind", "publisher"),
    [
        ("DP_2025_14.en.pdf", "Annual report on evaluation, 2024", 2025, "annual report", "UNDP"),
        ("UNW_2025_6.en.pdf", "Organizational matters: Report on the annual", 2025, "report",
         "UN Women"),
        ("A_47_435.en.pdf", "Question of East Timor", 1992, "report", "UN General Assembly"),
        ("JIU_REP_2025_2.en.pdf", "Review of policies and practices", 2025, "report", "JIU"),
    ],
)  # fmt: skip
def test_real_first_pages(
    shared_data: Path, name: str, start: str, year: int, kind: str, publisher: str
) -> None:
    from ingest.parsers.pdf import parse

    read = read_metadata(parse(shared_data / "un_documents" / "pdf" / name), name)
    assert read.title.startswith(start)
    assert (read.year, read.kind, read.publisher) == (year, kind, (publisher,))
    assert read.languages == ("en",)
