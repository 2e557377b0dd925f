from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.errors import DamagedFile, LimitExceeded, NoText, SourceError
from ingest.parsers import assemble, plain
from ingest.types import BlockKind, Unit
from tests.unit.ingest.parsers.laws import check_laws, texts

RUSSIAN = "Программа помогает странам учитывать миграцию в планах развития."
ARABIC = "يساعد البرنامج البلدان على مراعاة الهجرة في خطط التنمية."
BANGLA = "এই কর্মসূচি দেশগুলোকে উন্নয়ন পরিকল্পনায় সহায়তা করে।"
FRENCH = "Les équipes ont été formées à l’étranger, où l’accès est inégal."
SPANISH = "¿Qué países recibieron capacitación? Lo dirá el informe del año próximo."
SERBIAN = "Свака општина има особу која одговара на питања и љубазно помаже."
SERBIAN_LATIN = "Opština će pružiti pomoć: život, sloboda i rad ličnosti, đaci i škole."
ROMANIAN = "Migraţia şi dezvoltarea: cooperarea între ţări, în fiecare an."


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "note.txt"


@pytest.mark.parametrize("text", [RUSSIAN, ARABIC, BANGLA, FRENCH, "Cafe\u0301 and café", "日本語"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"]
)
def test_unicode_comes_out_exactly(text: str, encoding: str) -> None:
    if encoding.startswith("utf-16-") and text == "日本語":
        text += " is one of the languages."  # without a mark, zero bytes tell UTF-16
    assert plain.decode(text.encode(encoding)).text == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8_r"),
        (RUSSIAN, "cp866"),
        (RUSSIAN, "iso8859_5"),
        ("Миграция и развитие", "koi8_r"),
        ("Миграция и развитие", "cp1251"),
        (SERBIAN, "cp1251"),
        (SERBIAN_LATIN, "cp1250"),
        (SERBIAN_LATIN, "iso8859_2"),
        (ROMANIAN, "iso8859_2"),
        (ARABIC, "cp1256"),
        (ARABIC, "iso8859_6"),
        (FRENCH, "cp1252"),
        (SPANISH, "cp1252"),
        (SPANISH, "mac_roman"),
    ],
)
def test_legacy_encodings_are_guessed(text: str, encoding: str) -> None:
    decoded = plain.decode(text.encode(encoding))
    assert decoded.text == text
    assert "was guessed" in decoded.warnings[0]


def test_utf8_with_a_broken_character_is_still_utf8() -> None:
    data = (RUSSIAN * 3).encode() + b"\xff end"
    decoded = plain.decode(data)
    assert decoded.text == RUSSIAN * 3 + "\ufffd end"
    assert "cannot be read as utf-8" in decoded.warnings[0]


def test_a_declared_encoding_is_used_and_an_unknown_one_is_not() -> None:
    data = "Год".encode("cp866")
    assert plain.decode(data, "cp866").text == "Год"
    assert plain.decode("déjà".encode("cp1252"), "no-such-code").text == "déjà"


@pytest.mark.parametrize("data", [bytes(5000), bytes(range(256)) * 20, b"\x01\x02\x03\x04abc"])
def test_binary_data_is_refused(data: bytes) -> None:
    with pytest.raises(DamagedFile, match="binary data"):
        plain.decode(data)


def test_a_stray_nul_is_shown_as_a_replacement(file: Path) -> None:
    file.write_bytes(b"one\x00two and more words follow here")
    assert plain.parse(file).text.startswith("one\ufffdtwo")


def test_paragraphs_keep_their_lines_and_places(file: Path) -> None:
    file.write_bytes(b"\r\n  First line\r\nsecond line\r\n\r\n\r\nNext.\r\n")
    document = plain.parse(file)
    assert document.text == "\n  First line\nsecond line\n\n\nNext.\n"
    assert texts(document) == ["First line\nsecond line", "Next."]
    assert [(b.first, b.last) for b in document.blocks] == [(2, 3), (6, 6)]
    assert document.unit is Unit.LINE
    check_laws(document, places=7)


def test_an_underlined_line_is_a_heading_and_its_rule_no_text(file: Path) -> None:
    file.write_text("Findings\n========\nAll is well.\n\nA table\n---\n\n1. LOUD\nand on\n")
    document = plain.parse(file)
    assert texts(document, BlockKind.HEADING) == ["Findings"]
    assert texts(document, BlockKind.PARAGRAPH) == [
        "All is well.",
        "A table\n---",
        "1. LOUD\nand on",
    ]
    assert len(document.text) == len(file.read_text())
    check_laws(document)


@pytest.mark.parametrize("data", [b"", b" \n\t\r\n ", codecs.BOM_UTF8])
def test_a_file_without_text_says_so(file: Path, data: bytes) -> None:
    file.write_bytes(data)
    with pytest.raises(NoText, match="holds no text"):
        plain.parse(file)


def test_a_missing_file_is_a_source_error(file: Path) -> None:
    with pytest.raises(SourceError, match="Cannot read"):
        plain.parse(file)


def test_a_text_over_the_limit_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assemble, "MAX_CHARACTERS", 1000)
    file.write_text("x" * 1000)
    assert len(plain.parse(file).text) == 1000
    file.write_text("x" * 1001)
    with pytest.raises(LimitExceeded, match="more than 1,000 characters"):
        plain.parse(file)


def test_a_file_that_cannot_be_within_the_limit_is_not_read(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plain, "MAX_BYTES", 10)
    file.write_text("x" * 11)
    with pytest.raises(LimitExceeded, match="has 11 bytes"):
        plain.parse(file)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.text(
        st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\n\n\t\r =-"),
        max_size=300,
    )
)
def test_any_text_comes_out_in_blocks(file: Path, text: str) -> None:
    file.write_bytes(codecs.BOM_UTF8 + text.encode())
    expected = text.replace("\r\n", "\n").replace("\r", "\n")
    if not expected.strip():
        with pytest.raises(NoText, match="holds no text"):
            plain.parse(file)
        return
    document = plain.parse(file)
    check_laws(document, places=expected.count("\n") + 1)
    assert len(document.text) == len(expected)
    titles = sum(block.level for block in document.blocks)
    assert titles or document.text == expected
