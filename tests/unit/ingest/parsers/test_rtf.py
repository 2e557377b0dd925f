from __future__ import annotations

from pathlib import Path

import pytest

from ingest.errors import NoText
from ingest.parsers import rtf as parser
from tests.unit.ingest.parsers.laws import check_laws, texts


def test_paragraphs_tables_and_old_code_pages(tmp_path: Path) -> None:
    path = tmp_path / "a.rtf"
    path.write_bytes(
        rb"{\rtf1\ansi\ansicpg1251 {\b \'cf\'eb\'e0\'ed}\par R\u233?union\par "
        rb"\trowd\cellx1 Country\cell Year\cell Spent\cell\row\trowd Serbia\cell 2020\cell 5\cell"
        rb"\row Last.\par}"
    )
    document = parser.parse(path)
    check_laws(document)
    assert texts(document) == [
        "План",
        "Réunion",
        "Country: Serbia | Year: 2020 | Spent: 5",
        "Last.",
    ]


def test_notes_follow_what_calls_them(tmp_path: Path) -> None:
    path = tmp_path / "a.rtf"
    path.write_bytes(
        rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset204 Arial;}}\f0 One{\super\chftn"
        rb"{\footnote \pard\f0{\super\chftn} \'cf\'eb\'e0\'ed {\i see} \{4\}.}} word"
        rb"{\*\footnote\ftnalt  Last note.}s.\par Two.\par "
        rb"\trowd\cellx1 Country\cell Year\cell Spent\cell\row\trowd Serbia{\footnote In Cell.}"
        rb"\cell 2020\cell 5\cell\row Three.\par}"
    )
    document = parser.parse(path)
    check_laws(document)
    assert texts(document) == [
        "One words.",
        "План see {4}.",
        "Last note.",
        "Two.",
        "Country: Serbia | Year: 2020 | Spent: 5",
        "In Cell.",
        "Three.",
    ]
    assert [block.first for block in document.blocks] == [1, 1, 1, 2, 4, 4, 5]


def test_a_note_that_never_ends(tmp_path: Path) -> None:
    path = tmp_path / "a.rtf"
    path.write_bytes(rb"{\rtf1 One{\footnote note {\footnote inner} more")
    assert "One" in texts(parser.parse(path))[0]


def test_an_empty_document(tmp_path: Path) -> None:
    path = tmp_path / "a.rtf"
    path.write_bytes(rb"{\rtf1 }")
    with pytest.raises(NoText, match="holds no text"):
        parser.parse(path)
