from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import Font

from ingest.errors import DamagedFile, LimitExceeded, NoText
from ingest.parsers import xlsx as parser
from ingest.parsers.xlsx import shown
from ingest.types import BlockKind, ParsedDocument, Unit
from tests.unit.ingest.parsers.laws import check_laws, texts


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "book.xlsx"


def parsed(book: Any, file: Path) -> ParsedDocument:
    book.save(file)
    document = parser.parse(file)
    check_laws(document)
    assert document.unit is Unit.ROW
    return document


def filled(*rows: tuple[object, ...]) -> Any:
    book = Workbook()
    book.active.title = "Costs"
    for row in rows:
        book.active.append(row)
    return book


def test_a_row_names_its_columns_and_a_sheet_is_a_heading(file: Path) -> None:
    book = filled(("Country", "Year", "Spent"), ("Serbia", 2020, 1200), ("Haiti", 2021, 7.5))
    other = book.create_sheet("People")
    other.append(["Name", "Role", "Town"])
    other.append(["Ana", "Focal point", "Niš"])
    document = parsed(book, file)
    rows = [
        (b.kind.value, b.level, b.first, document.text[b.start : b.end]) for b in document.blocks
    ]
    assert rows == [
        ("heading", 1, 2, "Costs"),
        ("table_row", 0, 2, "Country: Serbia | Year: 2020 | Spent: 1200"),
        ("table_row", 0, 3, "Country: Haiti | Year: 2021 | Spent: 7.5"),
        ("heading", 1, 2, "People"),
        ("table_row", 0, 2, "Name: Ana | Role: Focal point | Town: Niš"),
    ]


def test_titles_above_tables_are_their_context(file: Path) -> None:
    book = filled(
        ("Budget of the hub",), (), ("Line", "2020"), ("Staff", 5), (), ("Remarks follow",)
    )
    document = parsed(book, file)
    assert texts(document)[:2] == ["Costs", "Budget of the hub"]
    assert texts(document)[-1] == "Remarks follow"
    book = filled(("Budget of the hub",), ("Line", "Spent"), ("Staff", 5))
    document = parsed(book, file)
    assert texts(document, BlockKind.TABLE_ROW) == ["Line: Staff | Spent: 5"]
    assert document.blocks[-1].context == "Budget of the hub"


@pytest.mark.parametrize("bold", [True, False])
def test_two_columns_of_text_are_headed_by_a_bold_row_only(file: Path, bold: bool) -> None:
    book = filled(("Term", "Meaning"), ("GMG", "Global Migration Group"))
    for cell in book.active[1]:
        cell.font = Font(bold=bold)
    rows = texts(parsed(book, file), BlockKind.TABLE_ROW)
    heads = ["Term: GMG | Meaning: Global Migration Group"]
    assert rows == (heads if bold else ["Term | Meaning", "GMG | Global Migration Group"])


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (0.456, "0%", "46%"),
        (0.456, "0.0%", "45.6%"),
        (1234567, "#,##0", "1,234,567"),
        (1234.5, '#,##0.00 "USD"', "1,234.50 USD"),
        (12, "General", "12"),
        (0.1 + 0.2, "General", "0.3"),
        (3.14159, "0.00", "3.14"),
        (2020, "0", "2020"),
        (True, "General", "TRUE"),
        (datetime.fromisoformat("2020-03-02"), "yyyy-mm-dd", "2020-03-02"),
        (datetime.fromisoformat("2020-03-02T14:05"), "General", "2020-03-02 14:05"),
        (date(2020, 3, 2), "General", "2020-03-02"),
        ("  two\n\n words ", "General", "two\nwords"),
    ],
)
def test_values_are_shown_as_excel_shows_them(value: object, number_format: str, text: str) -> None:
    assert shown(value, number_format) == text


def test_hidden_sheets_are_read_and_say_so(file: Path) -> None:
    book = filled(("Open words",))
    for name, state in (("Lists", "hidden"), ("Cache", "veryHidden")):
        sheet = book.create_sheet(name)
        sheet.append([f"words of {name}", 1])
        sheet.sheet_state = state
    document = parsed(book, file)
    assert texts(document, BlockKind.HEADING) == ["Costs", "Lists (hidden sheet)"]
    assert "words of Lists" in document.text
    assert "words of Cache" not in document.text
    assert document.warnings == (
        "The sheet 'Cache' was left out, as Excel itself does not show it.",
    )


def test_merged_cells_name_their_columns_and_reach_into_rows_below(file: Path) -> None:
    book = filled(("Country", "Plan"), (None, "first", "second"), ("Serbia", 1, 2), (None, 3, 4))
    for cells in ("A1:A2", "B1:C1", "A3:A4"):
        book.active.merge_cells(cells)
    assert texts(parsed(book, file), BlockKind.TABLE_ROW) == [
        "Country: Serbia | Plan: first: 1 | Plan: second: 2",
        "Country: Serbia | Plan: first: 3 | Plan: second: 4",
    ]


def _with_chart(values: Reference, sheet: Any) -> None:
    chart = BarChart()
    chart.title = "Spending by year"
    chart.add_data(values, titles_from_data=True)
    sheet.add_chart(chart, "F7")


def test_a_chart_says_its_title_and_not_again_the_cells_it_was_drawn_from(file: Path) -> None:
    book = filled(("Year", "Spent"), (2020, 5), (2021, 7))
    _with_chart(Reference(book.active, min_col=2, min_row=1, max_row=3), book.active)
    document = parsed(book, file)
    assert texts(document)[1:] == [
        "Year: 2020 | Spent: 5",
        "Year: 2021 | Spent: 7",
        "Spending by year",
    ]
    assert document.blocks[-1].first == 7


def test_a_chart_of_cells_that_are_not_read_says_its_values(file: Path) -> None:
    book = filled(("Open words",))
    closed = book.create_sheet("Closed")
    closed.sheet_state = "veryHidden"
    _with_chart(Reference(closed, min_col=2, min_row=1, max_row=2), book.active)
    book.save(file)
    cache = b"<c:numCache><c:ptCount val='1'/><c:pt idx='0'><c:v>41</c:v></c:pt></c:numCache>"
    rewrite(file, "xl/charts/chart1.xml", lambda xml: xml.replace(b"</numRef>", cache_of(cache)))
    assert "41" in texts(parser.parse(file))


def cache_of(cache: bytes) -> bytes:
    return cache.replace(b"c:", b"") + b"</numRef>"


def rewrite(file: Path, part: str, change: Callable[[bytes], bytes]) -> None:
    with zipfile.ZipFile(file) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts[part] = change(parts[part])
    with zipfile.ZipFile(file, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data)


def test_a_sheet_that_claims_to_be_huge_is_read_by_what_it_holds(file: Path) -> None:
    book = filled(("one", "two", "three"), ("a", "b", "c"))
    book.active["A900000"] = "far below"
    document = parsed(book, file)
    assert (document.blocks[-1].first, texts(document)[-1]) == (900000, "far below")


def test_too_many_cells(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parser, "MAX_CELLS", 5)
    with pytest.raises(LimitExceeded, match="more than 5 filled cells"):
        parsed(filled((1, 2, 3), (4, 5, 6)), file)


def test_an_empty_workbook(file: Path) -> None:
    with pytest.raises(NoText, match="holds no text"):
        parsed(Workbook(), file)


def test_a_workbook_that_was_cut(file: Path) -> None:
    filled(("a", "b")).save(file)
    file.write_bytes(file.read_bytes()[:-200])
    with pytest.raises(DamagedFile, match="Excel workbook is damaged"):
        parser.parse(file)


def test_formulas_that_were_never_calculated_are_counted(file: Path) -> None:
    document = parsed(
        filled(("Line", "Plan", "Spent"), ("Staff", "=1+1", '=CONCAT("a","b")')), file
    )
    assert texts(document, BlockKind.TABLE_ROW) == ["Line: Staff"]
    assert document.warnings[0].startswith("2 formulas have no stored result")
