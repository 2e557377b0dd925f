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
        rb"\row {\footnote small} Last.\par}"
    )
    document = parser.parse(path)
    check_laws(document)
    assert texts(document) == [
        "План",
        "Réunion",
        "Country: Serbia | Year: 2020 | Spent: 5",
        "Last.",
    ]
    assert document.warnings == ("Its footnotes were left out.",)


def test_an_empty_document(tmp_path: Path) -> None:
    path = tmp_path / "a.rtf"
    path.write_bytes(rb"{\rtf1 }")
    with pytest.raises(NoText, match="holds no text"):
        parser.parse(path)
