from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.held import MAX_NAME, Held, Member, free_name, from_row, safe_name, to_row


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("report.pdf", "report.pdf"),
        ("annex/report.pdf", "annex/report.pdf"),
        ("../../etc/passwd", "etc/passwd"),
        ("/etc/passwd", "etc/passwd"),
        ("C:\\Users\\me\\a.doc", "Users/me/a.doc"),
        ("a//./b.txt", "a/b.txt"),
        ("..", "unnamed"),
        ("", "unnamed"),
        ("a\nb\x00.txt", "a_b_.txt"),
        ("moc.exe\u202efdp", "moc.exe_fdp"),
        ("Отчёт.docx", "Отчёт.docx"),
    ],
)
def test_a_name_cannot_leave_its_container(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@settings(max_examples=50, deadline=None)
@given(st.text())
def test_a_safe_name_is_safe_and_stays_so(name: str) -> None:
    safe = safe_name(name)
    assert safe_name(safe) == safe
    assert all(part not in ("", ".", "..") for part in safe.split("/"))
    assert len(safe) <= MAX_NAME
    safe.encode("utf-8")


def test_a_long_name_keeps_its_suffix() -> None:
    assert safe_name("x" * 500 + ".docx").endswith("x.docx")


def test_a_name_that_is_taken_gets_a_number() -> None:
    taken = {"a/b.txt", "a/b (2).txt"}
    assert free_name("a/b.txt", taken.__contains__) == "a/b (3).txt"
    assert free_name("b.txt", taken.__contains__) == "b.txt"


def test_what_a_container_holds_survives_the_way_to_the_parent() -> None:
    held = Held(
        (Member("a.pdf", 0), Member("b.pdf", None, "it is a link")), (".DS_Store",), "cut", True
    )
    assert from_row(json.loads(json.dumps(to_row(held)))) == held


@pytest.mark.parametrize(
    ("row", "match"),
    [
        ({}, "a list is none"),
        ({"members": [["a", 0, ""], ["b", 0, ""]], "ignored": [], "problem": ""}, "one number"),
        ({"members": [["a", -1, ""]], "ignored": [], "problem": ""}, "number is none"),
        ({"members": [["a", True, ""]], "ignored": [], "problem": ""}, "number is none"),
        ({"members": [[7, 0, ""]], "ignored": [], "problem": ""}, "a text is none"),
        ({"members": [], "ignored": [], "problem": None}, "a text is none"),
    ],
)
def test_a_lying_worker_is_not_believed(row: dict[str, object], match: str) -> None:
    with pytest.raises(ValueError, match=match):
        from_row(row)


def test_a_workers_names_are_made_safe_again() -> None:
    row = {"members": [["../x", 0, ""]], "ignored": ["/y"], "problem": ""}
    held = from_row(row)
    assert (held.members[0].name, held.ignored) == ("x", ("y",))
