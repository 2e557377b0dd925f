"""The sheets of OpenDocument workbooks: values as they are shown."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from ingest.errors import LimitExceeded
from ingest.parsers.assemble import Piece
from ingest.parsers.odf_text import TABLE, TEXT, Styles, table_rows, whole
from ingest.parsers.sheet_regions import MOST_CARRIED, GridCell, GridRow
from ingest.parsers.sheets import sheet_name, sheet_pieces, under_name

MAX_CELLS = 2_000_000
MAX_COLUMNS = 1_000
#: A filled row that is repeated more often than this is a fill, not content.
_MAX_REPEATED_ROWS = 1_000
_MAX_ROW = 10_000_000


def sheets(body: etree._Element, styles: Styles) -> Iterator[Piece]:
    """Yield each sheet's name and its rows; of an empty sheet nothing.

    Args:
        body: The workbook's body.
        styles: The file's styles, which hide sheets.

    Raises:
        LimitExceeded: It has more than ``MAX_CELLS`` filled cells.
    """
    count = 0
    for table in body.findall(f"{TABLE}table"):
        hidden = styles.is_hidden(table.get(f"{TABLE}style-name", ""))
        name = sheet_name(table.get(f"{TABLE}name", ""), hidden=hidden)
        for piece in under_name(name, sheet_pieces(_rows(table, styles))):
            count += piece.text.count(" | ") + 1
            if count > MAX_CELLS:
                raise LimitExceeded(
                    f"The workbook has more than {MAX_CELLS:,} filled cells, the limit for one "
                    "document. Split it into several and add those."
                )
            yield piece


def _rows(table: etree._Element, styles: Styles) -> Iterator[GridRow]:
    number = 1
    for row, _ in table_rows(table):
        repeated = whole(row.get(f"{TABLE}number-rows-repeated"), 1, _MAX_ROW)
        cells = tuple(_cells(row, styles))
        if cells:
            for at in range(min(repeated, _MAX_REPEATED_ROWS)):
                yield GridRow(number + at, cells)
        number += repeated


def _cells(row: etree._Element, styles: Styles) -> Iterator[GridCell]:
    column = 0
    for cell in row:
        if cell.tag not in (f"{TABLE}table-cell", f"{TABLE}covered-table-cell"):
            continue
        repeated = whole(cell.get(f"{TABLE}number-columns-repeated"), 1, _MAX_ROW)
        text = "\n".join(filter(None, (_shown(p) for p in cell.findall(f"{TEXT}p"))))
        bold = bool(text) and styles.is_bold("table-cell", cell.get(f"{TABLE}style-name", ""))
        width = whole(cell.get(f"{TABLE}number-columns-spanned"), 1, MAX_COLUMNS)
        height = whole(cell.get(f"{TABLE}number-rows-spanned"), 1, MOST_CARRIED)
        for at in range(min(repeated, MAX_COLUMNS) if text else 0):
            yield GridCell(text, column + at, bold, width, height)
        column += repeated
        if column > MAX_COLUMNS:
            return


def _shown(paragraph: etree._Element) -> str:
    return " ".join("".join(str(part) for part in paragraph.itertext()).split())
