from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.errors import SourceError
from ingest.walk import Walk, walk

Tree = Callable[..., Path]


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    def make(*names: str) -> Path:
        for name in names:
            path = tmp_path / "docs" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(name)
        return tmp_path / "docs"

    return make


def names(found: Walk) -> list[str]:
    return [source.file for source in found.files]


def test_files_are_found_in_order_with_their_root(tree: Tree) -> None:
    root = tree("b.md", "a/z.pdf", "a/b/c.docx")
    found = walk([root])
    assert names(found) == ["a/b/c.docx", "a/z.pdf", "b.md"]
    assert {source.root for source in found.files} == {root.resolve()}
    assert found.files[1].path == (root / "a/z.pdf").resolve()


def test_a_file_named_itself_has_its_parent_as_root(tree: Tree) -> None:
    root = tree("a/b.md")
    (source,) = walk([root / "a/b.md"]).files
    assert (source.file, source.root) == ("b.md", (root / "a").resolve())


def test_the_order_of_the_paths_does_not_matter(tree: Tree) -> None:
    root = tree("a/b.md", "c.md")
    paths = [root / "a/b.md", root / "a", root]
    assert walk(paths) == walk(paths[::-1])
    assert names(walk(paths)) == ["a/b.md", "c.md"]


def test_hidden_and_junk_files_are_left_out(tree: Tree) -> None:
    root = tree("a.md", ".git/config", ".hidden", "~$a.docx", "Thumbs.db", "manifest.csv")
    found = walk([root])
    assert names(found) == ["a.md"]
    assert sorted(found.ignored) == [".git", ".hidden", "Thumbs.db", "manifest.csv", "~$a.docx"]


def test_a_hidden_file_named_itself_is_taken(tree: Tree) -> None:
    assert names(walk([tree(".notes.md") / ".notes.md"])) == [".notes.md"]


def test_a_library_inside_is_not_entered(tree: Tree) -> None:
    root = tree("a.md", "library/library.db", "library/originals/a.md")
    found = walk([root])
    assert names(found) == ["a.md"]
    assert found.ignored == ("library",)


def test_a_library_itself_is_refused(tree: Tree) -> None:
    with pytest.raises(SourceError, match="is a library, not a folder of documents"):
        walk([tree("library.db", "a.md")])


def test_links_are_followed_without_going_round(tree: Tree, tmp_path: Path) -> None:
    root = tree("a/b.md")
    (root / "a/loop").symlink_to(root)
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "far.md").write_text("far")
    (root / "link").symlink_to(outside)
    assert names(walk([root])) == ["a/b.md", "link/far.md"]


def test_a_file_with_two_names_counts_once_under_its_own(tree: Tree) -> None:
    root = tree("z.md")
    (root / "a.md").symlink_to(root / "z.md")
    assert names(walk([root])) == ["z.md"]


def test_a_link_that_leads_nowhere_is_reported(tree: Tree) -> None:
    root = tree("a.md")
    (root / "b.md").symlink_to(root / "gone.md")
    (failed,) = walk([root]).failed
    assert (failed.source.file, failed.reason[:22]) == ("b.md", "this link leads nowher")


def test_a_folder_that_cannot_be_read_is_reported(
    tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tree("a.md", "closed/b.md")
    listing = os.scandir

    def guarded(path: Path) -> object:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied")
        return listing(path)

    monkeypatch.setattr(os, "scandir", guarded)
    found = walk([root])
    assert names(found) == ["a.md"]
    assert [(f.source.file, f.reason) for f in found.failed] == [
        ("closed", "this folder cannot be read: Permission denied")
    ]


def test_a_folder_that_goes_while_others_are_read_is_reported(
    tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tree("a/one.md", "b/two.md", "c/three.md")
    listing = os.scandir

    def overtaken(path: Path) -> object:
        if Path(path).name == "a":
            for gone in (root / "b" / "two.md", root / "c" / "three.md"):
                gone.unlink()
                gone.parent.rmdir()
        return listing(path)

    monkeypatch.setattr(os, "scandir", overtaken)
    found = walk([root])
    assert names(found) == ["a/one.md"]
    assert [f.source.file for f in found.failed] == ["b", "c"]


def test_odd_names_survive(tree: Tree) -> None:
    odd = ["new\nline.md", "spaced  name .md", "émigré.md", "100%.md"]
    assert names(walk([tree(*odd)])) == sorted(odd)


def test_a_name_that_is_no_utf8_fails_with_a_name_that_can_be_shown(tree: Tree) -> None:
    root = tree("a.md")
    (root / os.fsdecode(b"caf\xe9.md")).write_text("latin")
    found = walk([root])
    assert names(found) == ["a.md"]
    assert [(f.source.file, f.reason) for f in found.failed] == [
        (r"caf\xe9.md", "its name is not valid UTF-8; give it another name")
    ]


def test_a_pipe_is_left_out(tree: Tree) -> None:
    root = tree("a.md")
    os.mkfifo(root / "pipe")
    assert walk([root]).ignored == ("pipe",)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="there are no documents in"):
        walk([tmp_path])


def test_an_empty_folder_beside_a_full_one_is_refused(tree: Tree, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceError, match=r"there are no documents in .*empty"):
        walk([tree("a.md"), tmp_path / "empty"])


def test_a_folder_with_only_a_manifest_is_refused(tree: Tree) -> None:
    with pytest.raises(SourceError, match=r"there are no documents in .* \(1 left out\)"):
        walk([tree("manifest.csv")])


def test_a_path_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read: No such file"):
        walk([tmp_path / "gone"])


def test_a_link_to_itself_is_refused(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(SourceError, match="cannot be read"):
        walk([tmp_path / "loop"])
