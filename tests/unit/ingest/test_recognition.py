"""How pictures of text are read: what is installed, for which languages, said to workers."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.recognition import (
    AGAIN,
    Recognition,
    current,
    find_recognition,
    reading_pictures,
)

LATIN = Recognition("/usr/bin/tesseract", frozenset({"eng", "fra", "srp_latn", "osd"}))


def test_packs_are_those_installed_for_the_languages_in_order() -> None:
    assert LATIN.packs(["fr", "en", "fr", "ru"]) == ("fra", "eng")
    assert LATIN.packs(["sr"]) == ("srp_latn",)
    assert LATIN.packs(["fra"]) == ("fra",)


@pytest.mark.parametrize(
    ("language", "package"),
    [("ru", "tesseract-ocr-rus"), ("fr", ""), ("sr", ""), ("xx", ""), ("bn", "tesseract-ocr-ben")],
)
def test_the_package_that_a_language_lacks(language: str, package: str) -> None:
    assert LATIN.lacking(language) == package


def test_it_is_ready_when_it_is_on_and_has_a_language() -> None:
    assert LATIN.ready
    assert not Recognition().ready
    assert not Recognition("/usr/bin/tesseract", frozenset({"osd"})).ready
    assert not Recognition("/usr/bin/tesseract", frozenset({"eng"}), on=False).ready


def test_the_remedy_says_what_to_do() -> None:
    assert AGAIN in Recognition().remedy()
    assert "MMSEARCH_OCR" in Recognition(on=False).remedy()
    assert AGAIN not in Recognition(on=False).remedy()


def test_a_worker_is_told_all_of_it() -> None:
    told = Recognition("/bin/t", frozenset({"eng"}), ("fr",), 7.5, on=False)
    assert Recognition.from_json(told.to_json()) == told
    assert Recognition.from_json("{}") == Recognition()


def test_parsers_see_it_only_while_a_file_is_parsed() -> None:
    assert not current().ready
    with reading_pictures(LATIN):
        assert current() is LATIN
    assert not current().ready


def program(folder: Path, body: str) -> Path:
    path = folder / "tesseract"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


def test_languages_are_asked_of_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = program(tmp_path, 'printf "List of languages (2):\\neng\\nosd\\n"')
    monkeypatch.setenv("PATH", str(tmp_path))
    found = find_recognition(wanted=["fr"], page_seconds=5)
    assert found == Recognition(str(path), frozenset({"eng", "osd"}), ("fr",), 5)


def test_without_the_program_nothing_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not find_recognition().ready


def test_when_it_is_off_the_program_is_not_even_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path, f"touch {tmp_path}/was-run")
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    assert not find_recognition(on=False).ready
    assert not (tmp_path / "was-run").exists()
