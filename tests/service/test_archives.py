"""Archives and messages from the file to the library: nothing in them is unaccounted for."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest
from pypdf import PdfWriter

from index.originals import Originals
from index.types import KEEPER, PUBLIC, Reader
from ingest.types import FileState
from mmsearch.knowledge import KnowledgeBase
from mmsearch.loading import SCRATCH, LoadOptions, LoadReport, load

Load = Callable[..., LoadReport]
ZIP = "returns.zip"


def zipped(**files: bytes | str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return target.getvalue()


def message(text: str, **files: bytes) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"] = "Ana <ana@example.org>", "Ion <ion@example.org>"
    mail["Subject"], mail["Date"] = "Notes on Batken", "Mon, 02 Mar 2020 10:00:00 +0000"
    mail.set_content(text)
    for name, content in files.items():
        mail.add_attachment(
            content, maintype="application", subtype="octet-stream", filename=name.replace("_", ".")
        )
    return mail.as_bytes()


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    folder.mkdir()
    return folder


@pytest.fixture
def run(tmp_path: Path, documents: Path) -> Load:
    def run(*paths: Path, prune: bool = False) -> LoadReport:
        totals: list[int] = []
        options = LoadOptions(library=tmp_path / "library", prune=prune, workers=1)
        report = load(list(paths) or [documents], options, begin=totals.append, each=lambda _: None)
        states = [result.state for result in report.results]
        ended = len(states) - states.count(FileState.REMOVED)
        assert ended <= totals[-1]
        assert not (tmp_path / "library" / SCRATCH).exists()
        return report

    return run


def states(report: LoadReport) -> dict[str, str]:
    files = [result.file for result in report.results]
    assert len(files) == len(set(files))
    return {result.file: result.state.value for result in report.results}


@pytest.mark.slow
def test_the_life_of_an_archive(tmp_path: Path, documents: Path, run: Load) -> None:
    inner = zipped(deep_txt="Returnees in Osh receive seeds.", broken_pdf=b"%PDF-1.4 cut")
    outer = {
        "annex__one_txt": "The council of Cahul pays for the buses.",
        "two_txt": "Ten trainers were certified in Kingston.",
        "inner_zip": inner,
        "photo_png": b"\x89PNG\r\n\x1a\n",
        "_hidden": "x",
    }
    (documents / ZIP).write_bytes(zipped(**outer))
    mail = message("Batken has a new focal point.", plan_txt=b"The plan is due in May.")
    (documents / "mail.eml").write_bytes(mail)

    first = run()
    assert states(first) == {
        "mail.eml": "added",
        "mail.eml/plan.txt": "added",
        f"{ZIP}/annex/one.txt": "added",
        f"{ZIP}/two.txt": "added",
        f"{ZIP}/inner.zip/deep.txt": "added",
        f"{ZIP}/inner.zip/broken.pdf": "failed",
        f"{ZIP}/photo.png": "failed",
    }
    assert f"{ZIP}/.hidden" in first.ignored
    reasons = {result.file: result.reason for result in first.failed()}
    assert "'broken.pdf'" in reasons[f"{ZIP}/inner.zip/broken.pdf"]

    library = tmp_path / "library"
    with KnowledgeBase.open(library) as knowledge:
        hit = knowledge.search("seeds for returnees in Osh", reader=KEEPER).hits[0]
        assert hit.document.file == f"{ZIP}/inner.zip/deep.txt"
        original = Originals(library).checked(hit.document.sha256)
        assert original.read_text() == "Returnees in Osh receive seeds."

    second = run()
    assert {s for f, s in states(second).items() if "photo" not in f and "broken" not in f} == {
        "unchanged"
    }
    ids = {result.file: result.doc_id for result in first.results}
    assert all(ids[result.file] == result.doc_id for result in second.results)

    outer["two_txt"] = "Eleven trainers were certified in Kingston."
    del outer["annex__one_txt"], outer["photo_png"]
    (documents / ZIP).write_bytes(zipped(**outer))
    (documents / "mail.eml").write_bytes(message("Batken has a new focal point."))
    assert states(run(prune=True)) == {
        "mail.eml": "replaced",
        "mail.eml/plan.txt": "removed",
        f"{ZIP}/annex/one.txt": "removed",
        f"{ZIP}/two.txt": "replaced",
        f"{ZIP}/inner.zip/deep.txt": "unchanged",
        f"{ZIP}/inner.zip/broken.pdf": "failed",
    }

    (documents / ZIP).write_bytes(b"PK\x03\x04 no archive any more")
    damaged = run(prune=True)
    assert states(damaged) == {"mail.eml": "unchanged", ZIP: "failed"}
    (documents / ZIP).unlink()
    assert states(run(prune=True)) == {
        "mail.eml": "unchanged",
        f"{ZIP}/two.txt": "removed",
        f"{ZIP}/inner.zip/deep.txt": "removed",
    }


@pytest.mark.slow
def test_the_files_that_a_pdf_brings_are_documents(documents: Path, run: Load) -> None:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.add_attachment("annex.csv", b"Country,Officials\nMali,4\n")
    writer.add_attachment("cover.txt", b"The annex has the figures of Mali.")
    writer.write(documents / "report.pdf")
    (documents / "manifest.csv").write_text("file,access\nreport.pdf,internal\n")
    first = states(run())
    assert first == {
        "report.pdf": "failed",
        "report.pdf/annex.csv": "added",
        "report.pdf/cover.txt": "added",
    }
    again = states(run(prune=True))
    assert again == {file: s if s == "failed" else "unchanged" for file, s in first.items()}


@pytest.mark.slow
def test_what_is_in_a_closed_file_is_closed(tmp_path: Path, documents: Path, run: Load) -> None:
    (documents / ZIP).write_bytes(zipped(a_txt="Salaries of the staff in Tunis."))
    own = "file,access\nb.txt,restricted\n"
    (documents / "own.zip").write_bytes(
        zipped(b_txt="Appraisals of the staff.", manifest_csv=own, c_txt="Open words.")
    )
    (documents / "slip.zip").write_bytes(
        zipped(d_txt="Never taken.", manifest_csv="file,access\nd.txt,sekret\n")
    )
    rows = {"file": ZIP, "access": "restricted", "groups": ["hr"]}
    (documents / "manifest.yaml").write_text(json.dumps([rows]))
    report = run()
    assert states(report)["slip.zip/d.txt"] == "failed"
    reason = next(r.reason for r in report.results if r.file == "slip.zip/d.txt")
    assert "'sekret'" in reason

    def files(reader: Reader) -> set[str]:
        with KnowledgeBase.open(tmp_path / "library") as knowledge:
            hits = knowledge.search("staff words salaries", reader=reader, limit=20).hits
            return {hit.document.file for hit in hits}

    assert files(PUBLIC) == {"own.zip/c.txt"}
    assert files(KEEPER) == {f"{ZIP}/a.txt", "own.zip/b.txt", "own.zip/c.txt"}

    (documents / "manifest.yaml").unlink()
    (documents / ZIP).write_bytes(zipped(a_txt="Salaries in Tunis.", new_txt="Salaries in Sfax."))
    assert states(run(documents / ZIP))[f"{ZIP}/new.txt"] == "added"
    assert files(PUBLIC) == {"own.zip/c.txt"}
