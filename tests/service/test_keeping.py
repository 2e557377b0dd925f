"""Uploads, edits and removals over real HTTP, with the process that reads."""

from __future__ import annotations

import io
import json
import os
import signal
import socket
import subprocess
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from index.library import Library
from mmsearch.keeping.types import Limits
from mmsearch.loading import LoadOptions, load
from tests.service.conftest import bearer
from tests.service.keeping import BYTES, PATIENCE, Kept, kept, make_library

pytestmark = pytest.mark.slow
NOTE = b"Zinnober note: who leaves the harbour writes a handover of two pages."


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_library(tmp_path_factory.mktemp("kept"))


@pytest.fixture(scope="module")
def at(base: Path) -> Iterator[Kept]:
    with kept(base) as at:
        yield at


def archive(**files: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as out:
        for name, data in files.items():
            out.writestr(f"{name}.txt", data)
    return packed.getvalue()


def test_what_is_uploaded_together_is_one_generation_and_each_file_has_its_end(at: Kept) -> None:
    before = at.client.get("/health").json()["generation"]
    sent = {
        "annex/note.txt": NOTE,
        "pack.zip": archive(first=b"Vermilion reefs grow slowly.", second=b"Ochre sand is dug."),
        "fake.pdf": b"MZ\x90\x00 this is a program and no PDF" * 9,
        "../twin.txt": (at.desk.library.parent / "documents/harbour.txt").read_bytes(),
    }
    for name, data in sent.items():
        response = at.send(name, data)
        assert response.status_code == 201, response.text
        assert response.json()["state"] == "waiting"
    ended = at.ended()
    assert {file: (e["state"], e["documents"]) for file, e in ended.items()} == {
        "annex/note.txt": ("added", 1),
        "pack.zip": ("added", 2),
        "fake.pdf": ("failed", 0),
        "twin.txt": ("duplicate", 0),
    }
    assert "holds a Windows program, not a PDF" in ended["fake.pdf"]["reason"]
    assert ended["fake.pdf"]["failure"] == "not-as-named"
    assert ended["twin.txt"]["reason"] == "the same file as harbour.txt"
    assert at.client.get("/health").json()["generation"] == before + 1
    assert at.found("Zinnober handover")[0] == "annex/note.txt"
    assert at.found("Vermilion reefs")[0] == "pack.zip/first.txt"
    uploads = at.desk.library / "uploads"
    assert sorted(p.name for p in uploads.rglob("*") if p.is_file()) == ["note.txt", "pack.zip"]
    kept_files = [p.suffix for p in (at.desk.library / "incoming").glob("*")]
    assert kept_files == [".pdf"]  # what failed can be tried again
    listed = at.client.get("/keeping/documents", params={"state": "failed"}).json()
    assert [(row["file"], row["failure"]) for row in listed["documents"]] == [
        ("fake.pdf", "not-as-named")
    ]


def test_an_edit_holds_at_once_and_survives_reading_again(at: Kept) -> None:
    doc_id = at.document("harbour.txt")["doc_id"]
    fields = {"title": "Boats", "year": 2019, "countries": ["Haiti"], "kind": "Register"}
    response = at.client.patch("/keeping/documents", json={"doc_ids": [doc_id], "fields": fields})
    assert response.json()["changed"] == [doc_id]
    assert at.found("register of boats", country="Haiti", kind="register") == ["harbour.txt"]
    response = at.client.post("/keeping/again", json={"doc_ids": [doc_id]})
    assert response.status_code == 200
    assert at.ended()["harbour.txt"]["state"] == "replaced"
    folder = at.desk.library.parent / "documents"
    load([folder], LoadOptions(at.desk.library), begin=lambda _: None, each=lambda _: None)
    row = at.client.get(f"/keeping/documents/{doc_id}").json()
    assert (row["title"], row["year"], row["kind"]) == ("Boats", 2019, "register")
    assert row["edited"] == ["countries", "kind", "title", "year"]
    back = {"doc_ids": [doc_id], "fields": {"year": None, "title": None}}
    at.client.patch("/keeping/documents", json=back)
    row = at.client.get(f"/keeping/documents/{doc_id}").json()
    assert row["title"] == "The harbour office keeps a register of boats."
    assert row["edited"] == ["countries", "kind"]


def test_a_bad_edit_is_refused_by_field_and_an_unknown_document_is_not_found(at: Kept) -> None:
    doc_id = at.document("harbour.txt")["doc_id"]
    bad = {"doc_ids": [doc_id], "fields": {"year": 20190, "access": "secret"}}
    response = at.client.patch("/keeping/documents", json=bad)
    assert response.status_code == 422
    assert {wrong["where"] for wrong in response.json()["errors"]} == {"year", "access"}
    none = {"doc_ids": [doc_id, "d_none"], "fields": {"year": 2001}}
    assert at.client.patch("/keeping/documents", json=none).status_code == 404
    assert at.client.get(f"/keeping/documents/{doc_id}").json()["year"] != 2001


def test_a_new_version_replaces_and_a_bad_one_leaves_the_good_one(at: Kept) -> None:
    at.send("annex/note.txt", NOTE + b" The second edition says three.", replace="true")
    assert at.ended()["annex/note.txt"]["state"] == "replaced"
    assert at.found("second edition says three")[0] == "annex/note.txt"
    at.send("annex/note.txt", b" \n ", replace="true")
    assert at.ended()["annex/note.txt"]["state"] == "failed"
    assert at.found("second edition says three")[0] == "annex/note.txt"
    entry = at.entries()["annex/note.txt"]["entry_id"]
    assert at.client.delete(f"/keeping/uploads/{entry}").status_code == 200
    assert b"second edition" in (at.desk.library / "uploads/annex/note.txt").read_bytes()


def test_other_roots_do_not_prune_uploads_and_their_own_folder_reads_them(at: Kept) -> None:
    library = at.desk.library
    for paths in ([library.parent / "documents"], [library / "uploads"]):
        options = LoadOptions(library, prune=True)
        report = load(paths, options, begin=lambda _: None, each=lambda _: None)
        assert {result.state.value for result in report.results} == {"unchanged"}


def test_what_is_removed_is_gone_with_its_file_and_stays_gone(at: Kept) -> None:
    library = at.desk.library
    chosen = [at.document(f)["doc_id"] for f in ("annex/note.txt", "harbour.txt")]
    first = at.document("pack.zip/first.txt")["doc_id"]
    response = at.client.post("/keeping/documents/remove", json={"doc_ids": [*chosen, first]})
    assert set(response.json()["changed"]) == {*chosen, first}
    assert at.found("Zinnober note reefs of harbour boats") == ["pack.zip/second.txt"]
    assert not (library / "uploads/annex").exists()
    assert (library / "uploads/pack.zip").is_file()
    documents = library.parent / "documents"
    assert (documents / "harbour.txt").is_file()
    for paths in ([documents], [library / "uploads"]):
        report = load(paths, LoadOptions(library), begin=lambda _: None, each=lambda _: None)
        assert any("a keeper removed them" in remark for remark in report.remarks)
    assert at.found("register of harbour boats") == ["pack.zip/second.txt"]
    removed = at.client.get("/keeping/documents", params={"state": "removed"}).json()
    paths = [row["path"] for row in removed["documents"] if row["file"] == "harbour.txt"]
    at.client.post("/keeping/again", json={"paths": paths})
    assert at.ended()["harbour.txt"]["state"] == "added"
    assert at.found("register of harbour boats")[0] == "harbour.txt"


def test_a_cut_connection_leaves_nothing_behind(at: Kept) -> None:
    before = set(at.entries())
    address = urlsplit(at.where)
    for _ in range(3):
        with socket.create_connection((address.hostname, address.port)) as line:
            line.sendall(
                b"POST /keeping/uploads?name=half.txt HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                b"Content-Type: application/octet-stream\r\nContent-Length: 9000000\r\n\r\n"
            )
            line.sendall(b"x" * 1_000_000)
            _until(lambda: at.entries().get("half.txt", {}).get("state") == "receiving")
            _until(lambda: list((at.desk.library / "incoming").glob("*.part")))
        _until(lambda: "half.txt" not in at.entries())
        assert not list((at.desk.library / "incoming").glob("*.part"))
    assert set(at.entries()) == before


def _until(true: object) -> None:
    until = time.monotonic() + PATIENCE
    while not true():  # type: ignore[operator]
        assert time.monotonic() < until
        time.sleep(0.02)


def test_what_is_too_much_is_refused_as_a_problem(base: Path) -> None:
    limits = Limits(file_bytes=1000, waiting_files=2, waiting_bytes=1500, reserve_bytes=0)
    with kept(base, start=False, limits=limits) as at:
        large = at.send("large.txt", b"x" * 1001)
        assert (large.status_code, large.json()["type"]) == (
            413,
            "urn:mmsearch:problem:file-too-large",
        )
        chunks = (b"x" * 500 for _ in range(9))
        unsaid = at.client.post(
            "/keeping/uploads", params={"name": "unsaid.txt"}, content=chunks, headers=BYTES
        )
        assert unsaid.status_code == 413
        for name, data, status, kind in (
            ("manifest.csv", b"file,title", 422, "file-refused"),
            ("empty.txt", b"", 422, "file-refused"),
            ("good.txt", b"x" * 900, 201, ""),
            ("much.txt", b"x" * 900, 429, "too-much-waits"),
        ):
            response = at.send(name, data)
            assert response.status_code == status, response.text
            if kind:
                assert response.headers["content-type"] == "application/problem+json"
                assert response.json()["type"] == f"urn:mmsearch:problem:{kind}"
        form = at.client.post("/keeping/uploads", params={"name": "a.txt"}, files={"f": b"x"})
        assert form.status_code == 415
        at.client.delete(f"/keeping/uploads/{at.entries()['good.txt']['entry_id']}")
    full = Limits(reserve_bytes=1 << 60)
    with kept(base, start=False, limits=full) as at:
        response = at.send("a.txt", b"x")
        assert (response.status_code, response.json()["type"]) == (
            507,
            "urn:mmsearch:problem:disk-full",
        )


def test_only_keepers_may_and_other_sites_may_not(base: Path) -> None:
    with kept(base, start=False, tokens=True) as at:
        before = set(at.entries())
        for role, status in (("anonymous", 401), ("public", 403), ("internal", 403)):
            with httpx.Client(base_url=at.where, headers=bearer(role), timeout=60) as reader:
                for method, path, more in (
                    ("POST", "/keeping/uploads?name=a.txt", {"content": b"x", "headers": BYTES}),
                    ("GET", "/keeping/uploads", {}),
                    ("GET", "/keeping/documents", {}),
                    ("PATCH", "/keeping/documents", {"json": {"doc_ids": [], "fields": {}}}),
                    ("POST", "/keeping/documents/remove", {"json": {"doc_ids": []}}),
                    ("POST", "/keeping/documents/restore", {"json": {"doc_ids": []}}),
                    ("POST", "/keeping/again", {"json": {}}),
                ):
                    response = reader.request(method, path, **more)
                    assert response.status_code == status, path
        assert set(at.entries()) == before
    with kept(base, start=False) as at:
        for headers in (
            {"Origin": "https://evil.example"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
        ):
            response = at.client.post(
                "/keeping/uploads?name=a.txt", content=b"x", headers={**BYTES, **headers}
            )
            assert response.status_code == 403
        assert set(at.entries()) == before


def test_what_waits_outlives_a_restart_and_a_killed_reader(base: Path) -> None:
    with kept(base, start=False) as at:
        at.send("later.txt", b"Cerulean lanterns hang over the quay.")
        with Library.open(base):  # somebody else writes: the queue waits
            at.desk.start()
            _until(lambda: at.desk.runner.pid)
            os.killpg(at.desk.runner.pid, signal.SIGKILL)
            _until(lambda: not at.desk.runner.pid)
            assert at.entries()["later.txt"]["state"] == "waiting"
    with kept(base) as at:
        assert at.ended()["later.txt"]["state"] == "added"
        assert at.found("cerulean lanterns")[0] == "later.txt"


def test_an_edit_does_not_wait_for_what_is_being_read(base: Path) -> None:
    lines = [f"Line {n} says how many barrels came on day {n * 37}." for n in range(60)]
    with kept(base) as at:
        for n in range(8):
            text = "\n\n".join(f"{line} Ship {n}." for line in lines)
            at.send(f"ships/{n}.txt", text.encode())
        _until(lambda: any(e["state"] == "embedding" for e in at.entries().values()))
        doc_id = at.document("harbour.txt")["doc_id"]
        fields = {"access": "restricted", "groups": ["haiti"]}
        given = {"doc_ids": [doc_id], "fields": fields}
        assert at.client.patch("/keeping/documents", json=given).status_code == 200
        assert at.client.get(f"/keeping/documents/{doc_id}").json()["groups"] == ["haiti"]
        ended = at.ended()
        assert {ended[f"ships/{n}.txt"]["state"] for n in range(8)} == {"added"}


def test_what_was_removed_is_wiped_off_the_disk(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mmsearch.keeping.runner.WIPE_AFTER", 0.0)
    monkeypatch.setattr("index.removed.UNDO_SECONDS", 0.0)
    with kept(base) as at:
        row = at.document("ships/0.txt")
        original = base / "originals" / row["sha256"][:2] / row["sha256"]
        assert original.is_file()
        at.client.post("/keeping/documents/remove", json={"doc_ids": [row["doc_id"]]})
        at.desk.runner.wake()
        _until(lambda: not original.exists())
        assert at.found("how many barrels came") != []


def test_who_writes_is_named_while_something_waits(base: Path) -> None:
    holding = (
        "import sys, time; from pathlib import Path; from index.library import Library\n"
        "with Library.open(Path(sys.argv[1]), wait=30): print('held', flush=True); time.sleep(300)"
    )
    child = subprocess.Popen(
        [os.sys.executable, "-c", holding, str(base)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        with kept(base, start=False) as at:
            queue = at.client.get("/keeping/uploads").json()
            assert queue["blocked_by"].startswith(f"process {child.pid} on ")
    finally:
        child.kill()
        child.communicate()


def test_scripts_edit_remove_and_list_failures_alike(base: Path) -> None:
    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        command = [os.sys.executable, "-m", "mmsearch.cli", *map(str, arguments)]
        return subprocess.run(
            [*command, "--library", base], capture_output=True, text=True, check=False
        )

    edited = run("edit", "later.txt", "--year", "2018", "--country", "Serbia", "--json")
    assert edited.returncode == 0, edited.stderr
    rows = [json.loads(line) for line in run("documents", "--json").stdout.splitlines()]
    row = next(row for row in rows if row["file"] == "later.txt")
    assert (row["year"], row["countries"]) == (2018, ["Serbia"])
    wrong = run("edit", "later.txt", "--year", "soon")
    assert wrong.returncode == 2
    assert "year: 'soon' is not a year" in wrong.stderr
    assert run("remove", "later.txt").returncode == 130
    assert json.loads(run("remove", "later.txt", "--yes", "--json").stdout)["removed"] == [
        row["doc_id"]
    ]
    assert run("remove", "later.txt", "--yes").returncode == 2
    assert not (base / "uploads/later.txt").exists()
    assert row["doc_id"] in run("restore").stdout
    assert run("restore", "never.txt").returncode == 2
    undone = json.loads(run("restore", "later.txt", "--json").stdout)
    assert undone["restored"] == [row["doc_id"]]
    assert (base / "uploads/later.txt").exists()
    assert run("documents", "--failed").stdout.endswith("files failed\n")


def test_a_removal_can_be_undone_with_its_edits_and_its_file(base: Path) -> None:
    with kept(base) as at:
        at.send("mast.txt", b"Cobalt masts stand at the quay.", access="internal")
        at.ended()
        doc_id = at.document("mast.txt")["doc_id"]
        edits = {"doc_ids": [doc_id], "fields": {"title": "Masts", "year": 2011}}
        at.client.patch("/keeping/documents", json=edits)
        before = at.client.get(f"/keeping/documents/{doc_id}").json()
        passages = at.client.get(f"/documents/{doc_id}/passages").json()
        at.client.post("/keeping/documents/remove", json={"doc_ids": [doc_id]})
        assert not (base / "uploads/mast.txt").exists()
        for n in range(3):  # later generations leave what can be taken back
            at.send(f"later-{n}.txt", f"Slate roof number {n}.".encode())
            at.ended()
        removed = at.client.get("/keeping/documents", params={"state": "removed"}).json()
        (row,) = [one for one in removed["documents"] if one["file"] == "mast.txt"]
        assert row["restorable"] == doc_id
        undone = at.client.post("/keeping/documents/restore", json={"doc_ids": [doc_id]})
        assert undone.json()["changed"] == [doc_id]
        assert at.client.get(f"/keeping/documents/{doc_id}").json() == before
        assert at.client.get(f"/documents/{doc_id}/passages").json() == passages
        assert (
            at.found("cobalt masts at the quay", year_from="2011", year_to="2011")[0] == "mast.txt"
        )
        assert (base / "uploads/mast.txt").read_bytes() == b"Cobalt masts stand at the quay."
        again = at.client.post("/keeping/documents/restore", json={"doc_ids": [doc_id]})
        assert again.status_code == 404
