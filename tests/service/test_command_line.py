"""The command ``mmsearch`` as a script sees it: shapes, exit codes, clear errors."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

HIT = {"rank", "score", "passage_id", "doc_id", "file", "title", "page", "text", "language"}
CITATION = {"n", "passage_id", "doc_id", "file", "title", "page", "quote", "start", "end"}


def run(*arguments: object, stdin: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mmsearch.cli", *map(str, arguments)]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("MMSEARCH_")}
    return subprocess.run(
        command,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        env=environment | variables,
        timeout=300,
    )


def lines(done: subprocess.CompletedProcess[str]) -> list[dict]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def questions(samples: Path) -> list[dict]:
    text = (samples / "questions.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture(scope="module")
def library(tmp_path_factory, samples) -> Path:
    folder = tmp_path_factory.mktemp("command-line") / "library"
    done = run("ingest", samples / "library", "--library", folder, "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    rows = lines(done)
    assert {row["state"] for row in rows[:-1]} == {"added"}
    assert rows[-1]["summary"]["failed"] == 0
    return folder


def test_a_second_run_embeds_nothing(library, samples):
    done = run("ingest", samples / "library", "--library", library, "--json")
    rows = lines(done)
    assert {row["state"] for row in rows[:-1]} == {"unchanged"}
    assert done.returncode == 0


def test_questions_from_standard_input_give_one_object_each_in_order(library, samples):
    asked = questions(samples)
    texts = [row["question"] for row in asked]
    for command, part in (("search", HIT), ("ask", CITATION)):
        done = run(command, "-", "--library", library, "--json", stdin="\n".join(texts))
        assert done.returncode == 0, done.stderr
        rows = lines(done)
        assert [row["question"] for row in rows] == texts
        for row in rows:
            inner = row["hits"] if command == "search" else row["citations"]
            assert all(part <= item.keys() for item in inner)
            assert isinstance(row["generation"], int)


def test_most_sample_questions_find_their_file_first_or_second(library, samples):
    asked = questions(samples)
    gold = [row for row in asked if row["answerable"]]
    done = run("search", "-", "--library", library, "--json", "--limit", 2,
               stdin="\n".join(row["question"] for row in gold))  # fmt: skip
    found = sum(
        any(hit["file"] == row["file"] for hit in result["hits"])
        for row, result in zip(gold, lines(done), strict=True)
    )
    assert found >= 0.8 * len(gold)


def test_every_quote_is_a_span_of_its_document(library, samples):
    from index.types import KEEPER
    from mmsearch.knowledge import KnowledgeBase

    asked = questions(samples)
    text = "\n".join(row["question"] for row in asked)
    rows = lines(run("ask", "-", "--library", library, "--json", stdin=text))
    citations = [citation for row in rows for citation in row["citations"]]
    assert citations
    with KnowledgeBase.open(library) as knowledge:
        for citation in citations:
            whole = knowledge.text(citation["doc_id"], reader=KEEPER).text
            assert whole[citation["start"] : citation["end"]] == citation["quote"]


def test_a_bad_line_is_answered_in_its_place(library):
    done = run("ask", "-", "--library", library, "--json", stdin="Who leads?\n\nAnd where?\n")
    rows = lines(done)
    assert [row["question"] for row in rows] == ["Who leads?", "", "And where?"]
    assert rows[1]["answered"] is False
    assert "empty" in rows[1]["error"]
    assert done.returncode == 2


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (["search", ""], 2, "the question is empty"),
        (["ask", "x" * 10_000], 2, "10,000 characters"),
        (["search", "training", "--country", "Atlantis"], 2, "no document has the country"),
        (["search", "training", "--access", "everyone"], 2, "everyone"),
        (["nonsense"], 2, "nonsense"),
    ],
)
def test_a_wrong_command_says_what_is_wrong(library, arguments, code, text):
    done = run(*arguments, MMSEARCH_LIBRARY=str(library))
    assert done.returncode == code
    assert text in done.stderr
    assert "Traceback" not in done.stderr


def test_no_library_and_another_model_are_told_apart(tmp_path, library):
    missing = run("search", "training", "--library", tmp_path / "none")
    assert (missing.returncode, "mmsearch ingest" in missing.stderr) == (3, True)
    other = run("search", "training", "--library", library, MMSEARCH_MODEL="/no/such/model")
    assert other.returncode == 3
    assert "Traceback" not in other.stderr


def test_a_place_that_cannot_be_used_is_named(library, tmp_path, samples):
    (tmp_path / "file").touch()
    for arguments in (
        ["ingest", samples / "library", "--library", tmp_path / "file"],
        ["gaps", "--library", library, "--csv", tmp_path / "none" / "gaps.csv"],
    ):
        done = run(*arguments)
        assert done.returncode == 3, arguments
        assert str(tmp_path) in done.stderr
        assert "Traceback" not in done.stderr


def test_an_output_without_the_script_of_a_title_is_no_reason_to_stop(library):
    narrow = {"PYTHONIOENCODING": "ascii"}
    wide = lines(run("documents", "--library", library, "--json"))
    years = ("--year", 2023, "--year", 2024)
    chosen = lines(run("documents", "--library", library, "--json", *years))
    assert {row["year"] for row in chosen} == {2023, 2024}
    assert len(chosen) == sum(row["year"] in {2023, 2024} for row in wide)
    assert any(not row["title"].isascii() for row in wide)
    assert lines(run("documents", "--library", library, "--json", **narrow)) == wide
    shown = run("documents", "--library", library, **narrow)
    assert shown.returncode == 0, shown.stderr
    assert f"{len(wide)} documents" in shown.stdout


def test_what_is_piped_is_not_wrapped(library):
    documents = lines(run("documents", "--library", library, "--json"))
    table = run("documents", "--library", library).stdout.splitlines()
    for document in documents:
        (row,) = (line for line in table if line.rstrip().endswith(document["file"]))
        assert row.startswith(document["title"])
    answer = run("ask", "How many officials had been trained in Moldova by the end of 2023?",
                 "--library", library).stdout  # fmt: skip
    assert answer.splitlines()[0].endswith("[1]")


def test_the_version_is_said(library):
    said = run("--version")
    assert (said.returncode, said.stdout) == (0, f"mmsearch {version('mmsearch')}\n")


def test_search_does_not_import_torch(library):
    code = (
        "import sys; from mmsearch.cli import app; "
        f"app(['search', 'training', '--library', {str(library)!r}], standalone_mode=False); "
        "assert 'torch' not in sys.modules and 'transformers' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_check_documents_doctor_and_model_answer_in_json(library):
    check = lines(run("check", "--library", library, "--json"))[0]
    assert check["problems"] == []
    documents = lines(run("documents", "--library", library, "--json"))
    assert len(documents) == check["documents"] > 15
    doctor = lines(run("doctor", "--library", library, "--json"))[0]
    assert doctor["ok"] is True
    looked_at = {finding["name"] for finding in doctor["findings"]}
    assert {"tesseract (scans)", "LibreOffice (old formats)", "library"} <= looked_at
    assert lines(run("model", "--library", library, "--json"))[0]["model"] == "all-MiniLM-L6-v2"


def test_bad_files_are_listed_and_the_good_ones_stay(tmp_path):
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "good.md").write_text("# Lessons\n\nStaff turnover was high in Moldova in 2021.")
    (folder / "not-a.pdf").write_bytes(b"\x00\x01\x02 nothing of the kind")
    (folder / "empty.txt").write_bytes(b"")
    (folder / "movie.xyz").write_bytes(b"\x89\x00\x01\x02\x03")
    library = tmp_path / "library"
    done = run("ingest", folder, "--library", library, "--json")
    states = {row["file"]: row for row in lines(done)[:-1]}
    assert done.returncode == 1
    assert states["good.md"]["state"] == "added"
    assert all(states[n]["state"] == "failed" and states[n]["reason"]
               for n in ("not-a.pdf", "empty.txt", "movie.xyz"))  # fmt: skip
    shutil.rmtree(folder)
    folder.mkdir()
    (folder / "other.md").write_text("Something else entirely, about remittances.")
    kept = run("ingest", folder, "--library", library, "--json")
    assert lines(kept)[-1]["summary"]["removed"] == 0
    pruned = run("ingest", folder, "--library", library, "--json", "--prune")
    assert lines(pruned)[-1]["summary"]["removed"] == 1


def test_an_empty_folder_and_a_wrong_manifest_are_errors(tmp_path):
    (tmp_path / "empty").mkdir()
    empty = run("ingest", tmp_path / "empty", "--library", tmp_path / "library")
    assert (empty.returncode, "Traceback" in empty.stderr) == (2, False)
    (tmp_path / "a.md").write_text("Some text about migration.")
    (tmp_path / "m.csv").write_text("file,title,year\na.md,A,twenty\n")
    wrong = run("ingest", tmp_path / "a.md", "--manifest", tmp_path / "m.csv",
                "--library", tmp_path / "library")  # fmt: skip
    assert wrong.returncode == 2
    assert "year" in wrong.stderr
    assert "2" in wrong.stderr


def test_a_manifest_changes_metadata_without_embedding(tmp_path):
    (tmp_path / "a.md").write_text("# Note\n\nMentors met every month in Jamaica.")
    library = tmp_path / "library"
    run("ingest", tmp_path / "a.md", "--library", library)
    (tmp_path / "m.csv").write_text("file,title,year,access\na.md,Mentors,2019,internal\n")
    command = ("ingest", tmp_path / "a.md", "--library", library, "--json")
    assert lines(run(*command, "--manifest", tmp_path / "m.csv"))[0]["state"] == "replaced"
    document = lines(run("documents", "--library", library, "--json"))[0]
    assert (document["title"], document["year"]) == ("Mentors", 2019)
    assert lines(run(*command))[0]["state"] == "unchanged"
    assert lines(run("documents", "--library", library, "--json"))[0]["title"] == "Mentors"


def test_everything_on_a_question_comes_by_document_with_a_count(library):
    done = run("ask", "officials trained in Moldova", "--all", "--library", library, "--json")
    (found,) = lines(done)
    assert found["total"] == sum(len(d["passages"]) for d in found["documents"]) > 0
    assert found["searched"] >= len(found["documents"])
    assert any("moldova" in d["file"] for d in found["documents"])
    nothing = run("ask", "sourdough bread", "--all", "--library", library)
    assert nothing.returncode == 0
    assert nothing.stdout.startswith("0 passages in 0 of")
