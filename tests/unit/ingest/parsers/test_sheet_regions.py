from __future__ import annotations

from ingest.parsers.sheet_regions import GridCell, GridRow, header_height, regions, with_carried


def grid(*lines: str) -> list[GridRow]:
    """Make rows of words; a dot is a blank cell, and a blank line a blank row."""
    rows = []
    for number, line in enumerate(lines, 1):
        words = enumerate(line.split())
        cells = tuple(GridCell(word, column) for column, word in words if word != ".")
        if cells:
            rows.append(GridRow(number, cells))
    return rows


def told(rows: list[GridRow]) -> list[list[str]]:
    return [
        [" ".join(cell.text for cell in row.cells) for row in region]
        for region in regions(with_carried(rows))
    ]


def test_blank_rows_part_tables() -> None:
    assert told(grid("a b c", "1 2 3", "", "d e f", "4 5 6")) == [
        ["a b c", "1 2 3"],
        ["d e f", "4 5 6"],
    ]


def test_tables_side_by_side_are_read_one_after_the_other() -> None:
    rows = grid("a b c . . . .", "1 2 3 . x y z", "4 5 6 . 7 8 9", "4 5 6 . 7 8 9")
    assert told(rows) == [["a b c", "1 2 3", "4 5 6", "4 5 6"], ["x y z", "7 8 9", "7 8 9"]]
    shorter = grid("a b . x y", "1 2 . 7 8", "1 2 . . .", "1 2 . . .", "1 2 . . .")
    assert len(told(shorter)) == 2
    alike = grid("year spent . year spent", "1 2 . 7 8", "3 4 . 9 9")
    assert told(alike)[1] == ["year spent", "7 8", "9 9"]


def test_a_table_with_a_spacing_column_keeps_its_rows() -> None:
    rows = grid("country year . budget spent", "Mali 1 . 7 8", "Chad 3 . 9 9")
    assert told(rows)[0][1:] == ["Mali 1 7 8", "Chad 3 9 9"]
    form = grid("1 . voltage . kV", "2 . current . A", "3 . phases . -")
    assert len(told(form)) == 1


def test_a_table_below_and_beside_another_is_one_of_its_own() -> None:
    rows = grid("a b c", "1 2 3", "4 5 6", ". . . x y z", ". . . 7 8 9")
    assert told(rows) == [["a b c", "1 2 3", "4 5 6"], ["x y z", "7 8 9"]]


def test_a_row_that_only_a_merged_cell_fills_is_no_gap() -> None:
    tall = GridRow(1, (GridCell("Mali", 0, height=3), GridCell("a", 1)))
    rows = [tall, GridRow(3, (GridCell("b", 1),))]
    assert told(rows) == [["Mali a", "Mali b"]]
    after = [tall, GridRow(5, (GridCell("c", 1),))]
    assert told(after) == [["Mali a"], ["c"]]


def test_names_below_a_merged_one_are_names() -> None:
    rows = [
        GridRow(1, (GridCell("land", 0, height=2), GridCell("plan", 1, width=2))),
        GridRow(2, (GridCell("x", 1), GridCell("y", 2))),
        *grid("", "", "Mali 1 2", "Chad 3 4"),
    ]
    assert header_height(list(with_carried(rows))) == 2
    assert header_height(grid("a b c", "d e f", "1 2 3")) == 1


def test_nothing_is_lost_or_doubled_whatever_the_grid() -> None:
    for seed in range(300):
        lines = []
        for row in range(8):
            bits = (seed * 2654435761 + row * 40503) >> 7
            lines.append(" ".join(f"{row}{c}" if bits >> c & 1 else "." for c in range(7)))
        rows = grid(*lines)
        want = sorted(cell.text for row in rows for cell in row.cells)
        have = sorted(c.text for region in regions(rows) for row in region for c in row.cells)
        assert have == want
