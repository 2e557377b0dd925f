from __future__ import annotations

from pathlib import Path

import pytest

from ingest.errors import DamagedFile, LimitExceeded, NoText
from ingest.parsers import csv_table as parser
from ingest.types import ParsedDocument, Unit
from tests.unit.ingest.parsers.laws import check_laws, texts


def parsed(tmp_path: Path, text: str, encoding: str = "utf-8") -> ParsedDocument:
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode(encoding))
    document = parser.parse(path)
    check_laws(document)
    assert document.unit is Unit.ROW
    return document


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_delimiter_is_told_from_the_file(tmp_path: Path, sign: str) -> None:
    text = f"Pays{sign}Année{sign}Projet\nTunisie{sign}2020{sign}Retour, accueil; suivi\n"
    if sign in ",;":
        text = text.replace("Retour, accueil; suivi", '"Retour, accueil; suivi"')
    document = parsed(tmp_path, text)
    assert texts(document) == ["Pays: Tunisie | Année: 2020 | Projet: Retour, accueil; suivi"]
    assert document.blocks[0].first == 2


def test_excels_own_first_line(tmp_path: Path) -> None:
    document = parsed(tmp_path, "sep=;\nName;Town\nAna;Niš, Serbia\n")
    assert texts(document) == ["Name: Ana | Town: Niš, Serbia"]
    assert document.blocks[0].first == 3


def test_a_row_is_one_record_however_many_lines_it_has(tmp_path: Path) -> None:
    document = parsed(tmp_path, 'Name,Note\nAna,"first\nsecond"\nIon,third\n')
    assert [(b.first, t) for b, t in zip(document.blocks, texts(document), strict=True)] == [
        (2, "Name: Ana | Note: first second"),
        (3, "Name: Ion | Note: third"),
    ]


def test_rows_that_are_too_short_or_too_long(tmp_path: Path) -> None:
    document = parsed(tmp_path, "Name,Town\nAna\nIon,Cahul,more\n")
    assert texts(document) == ["Name: Ana", "Name: Ion | Town: Cahul | more"]
    assert document.warnings == ("More cells than the first row has stand in 1 row: 3.",)


def test_numbers_head_nothing(tmp_path: Path) -> None:
    assert texts(parsed(tmp_path, "1,2\n3,4\n")) == ["1 | 2", "3 | 4"]


def test_a_mark_that_is_never_closed_does_not_swallow_the_file(tmp_path: Path) -> None:
    rows = "\n".join(f"Ana,{n}" for n in range(500))
    document = parsed(tmp_path, f'Name,Number\nIon,"7\n{rows}\n')
    assert len(document.blocks) == 501


def test_old_encodings(tmp_path: Path) -> None:
    document = parsed(tmp_path, "Страна;Проект\nКыргызстан;Возвращение мигрантов\n", "cp1251")
    assert texts(document) == ["Страна: Кыргызстан | Проект: Возвращение мигрантов"]


def test_what_is_no_table(tmp_path: Path) -> None:
    with pytest.raises(NoText, match="holds no text"):
        parsed(tmp_path, ",,\n\n")
    with pytest.raises(DamagedFile, match="binary data"):
        parsed(tmp_path, "\x01\x02\x03\x04," * 50)


def test_too_many_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parser, "MAX_ROWS", 3)
    with pytest.raises(LimitExceeded, match="more than 3 rows"):
        parsed(tmp_path, "a,b\n" * 5)
