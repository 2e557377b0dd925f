import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from index import changes
from index.build import Builder
from index.errors import NotFound
from index.inventory import read_generation, read_inventory
from index.library import Library
from index.publish import publish
from index.reading import Reading
from ingest.edits import read_edits
from ingest.manifest import Overrides
from ingest.types import AccessLevel, Failed, FileState, Opened, SourceFile, Unchanged


def documents(folder):
    reading = Reading(folder)
    try:
        entries = reading.documents(reading.head().generation)
        return {entry.document.file: entry.document for entry in entries}
    finally:
        reading.close()


def edited(folder, embedder, doc_ids, **fields):
    with Library.open(folder) as library:
        changed = changes.edit(library, lambda: embedder, doc_ids, read_edits(fields))
        publish(library)
    return changed


def removed(folder, *doc_ids):
    with Library.open(folder) as library:
        gone = changes.remove(library, doc_ids)
        publish(library)
    return [known.file for known in gone]


def run(folder, embedder, outcomes, overrides=lambda source: None):
    with Library.open(folder) as library:
        builder = Builder(library, embedder, overrides)
        results = list(builder.run(outcomes))
        builder.publish()
    return builder, results


def unchanged(item):
    return Unchanged(item.source, item.sha256)


def held(item, holder):
    """Return a document as if it lay in another."""
    source = SourceFile(
        holder.source.path / item.source.path.name,
        holder.source.root,
        f"{holder.source.file}/{item.source.path.name}",
        holder.source,
        item.source.path,
    )
    return replace(item, source=source)


def test_an_edit_survives_the_manifest_a_new_version_and_a_moved_folder(
    folder, fill, write, embedder
):
    (result,) = fill(write("a.txt", "old text", year=1999))
    assert edited(folder, embedder, [result.doc_id], year=2019, kind="Guide") == [result.doc_id]
    assert edited(folder, embedder, [result.doc_id], year=2019) == []
    manifest = Overrides(year=2005, title="From the manifest", kind="report")
    item = write("a.txt", "new text", year=1998)
    for outcome in (item, unchanged(item)):
        run(folder, embedder, [outcome], lambda source: manifest)
        metadata = documents(folder)["a.txt"].metadata
        assert (metadata.title, metadata.year, metadata.kind) == (
            "From the manifest",
            2019,
            "guide",
        )
    moved = item.source.root.parent / "elsewhere" / "documents"
    moved.parent.mkdir()
    shutil.move(item.source.root, moved)
    _, (again,) = run(folder, embedder, [Unchanged(_in(moved, "a.txt"), item.sha256)])
    assert again.doc_id == result.doc_id
    assert documents(folder)["a.txt"].metadata.year == 2019
    edited(folder, embedder, [result.doc_id], year=None, kind=None)
    metadata = documents(folder)["a.txt"].metadata
    assert (metadata.year, metadata.kind) == (2005, "report")


def _in(root: Path, name: str) -> SourceFile:
    return SourceFile(root / name, root, name)


def test_only_a_new_title_is_embedded(folder, fill, write, embedder):
    (result,) = fill(write("a.txt", "one\n\ntwo"))
    embedder.embedded.clear()
    edited(folder, embedder, [result.doc_id], year=2001, access="internal")
    assert embedder.embedded == []
    edited(folder, embedder, [result.doc_id], title="Another")
    assert len(embedder.embedded) == 2


def test_access_goes_on_to_what_lies_in_a_document_and_to_what_comes_later(folder, write, embedder):
    mail, inner, later = (write(n, f"text of {n}") for n in ("mail.eml", "in.txt", "later.txt"))
    first = held(inner, mail)
    run(folder, embedder, [Opened(mail.source, (first.source,)), mail, first])
    doc_id = documents(folder)["mail.eml"].doc_id
    edited(folder, embedder, [doc_id], access="restricted", groups=["haiti"], year=2001)
    second = held(later, mail)
    members = (first.source, second.source)
    run(folder, embedder, [Opened(mail.source, members), unchanged(first), second])
    for name, document in documents(folder).items():
        metadata = document.metadata
        assert (metadata.access, metadata.groups) == (AccessLevel.RESTRICTED, ("haiti",)), name
    assert documents(folder)["mail.eml/in.txt"].metadata.year is None
    assert removed(folder, doc_id) == ["mail.eml", "mail.eml/in.txt", "mail.eml/later.txt"]
    assert documents(folder) == {}


def test_nothing_changes_where_one_document_is_not_there(folder, fill, write, embedder):
    (result,) = fill(write("a.txt", "text"))
    with pytest.raises(NotFound, match="no document 'none'"):
        edited(folder, embedder, [result.doc_id, "none"], year=2001)
    with pytest.raises(NotFound, match="no document 'none'"):
        removed(folder, result.doc_id, "none")
    assert documents(folder)["a.txt"].metadata.year is None


def test_a_removed_file_is_left_out_until_it_is_taken_back(folder, fill, write, embedder):
    item, other = write("a.txt", "text of a"), write("b.txt", "text of b")
    result, _ = fill(item, other)
    removed(folder, result.doc_id)
    assert list(documents(folder)) == ["b.txt"]
    builder, results = run(folder, embedder, [unchanged(item), item, unchanged(other)])
    assert [r.file for r in results] == ["b.txt"]
    assert builder.left_out == ["a.txt", "a.txt"]
    assert builder.known_digests([item.source])[str(item.source.path)] == item.sha256
    (left,) = read_inventory(folder).left_out
    assert (left.file, left.title, left.sha256) == ("a.txt", "a", item.sha256)
    with Library.open(folder) as library:
        library.notes.take_back([str(item.source.path)])
    _, (again,) = run(folder, embedder, [item])
    assert (again.state, again.doc_id) == (FileState.ADDED, result.doc_id)


def test_a_failed_file_is_remembered_until_it_is_read_or_gone(folder, fill, write, embedder):
    item, other = write("a.txt", "text"), write("b.txt", "other")
    for reason in ("it is broken", "it is still broken"):
        none = Failed(other.source, "none", "no-text")
        run(folder, embedder, [Failed(item.source, reason), none])
    found = {one.file: one.reason for one in read_inventory(folder).failures}
    assert found == {"a.txt": "it is still broken", "b.txt": "none"}
    codes = {one.file: one.failure for one in read_inventory(folder).failures}
    assert codes == {"a.txt": "unreadable", "b.txt": "no-text"}
    run(folder, embedder, [item])
    assert [one.file for one in read_inventory(folder).failures] == ["b.txt"]
    other.source.path.unlink()
    with Library.open(folder) as library:
        builder = Builder(library, embedder, lambda source: None)
        builder.forget_failures([item.source.root])
    assert read_inventory(folder).failures == ()
    assert read_generation(folder) == Reading(folder).head().generation
