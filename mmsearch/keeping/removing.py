"""Removing documents from a library that is open for writing, and taking them back."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from index import changes
from index.library import Known, Library
from index.publish import publish
from index.types import Embedder
from mmsearch.keeping.types import UPLOADS


def remove_documents(library: Library, doc_ids: Sequence[str]) -> tuple[list[Known], int]:
    """Remove documents from a library that is open for writing, and publish it without them.

    Files that were uploaded are deleted once no document needs them; others are not the
    library's and stay where they are.

    Raises:
        NotFound: A document is not there; nothing was removed.
    """
    gone = changes.remove(library, doc_ids)
    generation = publish(library)
    uploads = str(library.folder.resolve() / UPLOADS)
    living = {known.path for known in library.known()}
    for known in gone:
        if known.root == uploads:
            _delete_upload(library, known, living)
    return gone, generation


def restore_documents(
    library: Library, embedder: Callable[[], Embedder], doc_ids: Sequence[str]
) -> tuple[list[Known], int]:
    """Take removed documents back into a library that is open for writing, and publish it.

    Uploaded files are put back in their place from the originals that the library holds; of an
    archive only the documents in it are held.

    Raises:
        NotFound: One of them cannot be taken back any more; nothing was.
    """
    back = changes.restore(library, embedder, doc_ids)
    uploads = str(library.folder.resolve() / UPLOADS)
    for known in sorted(back, key=lambda known: known.path):  # a message before what lies in it
        if known.root == uploads and not _lies_in_another(known):
            original = library.originals.path(known.sha256)
            if original.is_file() and not Path(known.path).exists():
                Path(known.path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(original, known.path)
    return back, publish(library)


def _lies_in_another(known: Known) -> bool:
    return ".zip/" in known.file.lower() or any(map(Path.is_file, Path(known.path).parents))


def _delete_upload(library: Library, known: Known, living: set[str]) -> None:
    """Delete an uploaded file, or the archive that a document was in when nothing is left of it."""
    path = Path(known.path)
    while not path.is_file() and str(path) != known.root and path != path.parent:
        path = path.parent
    inside = f"{path}/"
    if not path.is_file() or any(one == str(path) or one.startswith(inside) for one in living):
        return
    path.unlink()
    for folder in path.parents:
        if str(folder) == known.root:
            break
        with suppress(OSError):
            folder.rmdir()
