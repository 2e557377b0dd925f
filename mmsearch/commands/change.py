"""mmsearch edit, remove and restore: what a keeper changes by hand."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from index import changes
from index.embed import DEFAULT, load_embedder
from index.errors import NotFound
from index.inventory import Inventory, read_inventory
from index.library import Known, Library
from index.publish import publish
from index.types import Embedder
from ingest.edits import FIELDS, read_edits
from mmsearch.commands.output import console, styled, write_json
from mmsearch.keeping.removing import remove_documents, restore_documents
from mmsearch.keeping.store import DATABASE, Store
from mmsearch.keeping.turn import my_turn
from mmsearch.keeping.types import UPLOADS
from mmsearch.settings import Settings


def edit(
    named: Sequence[str],
    said: Mapping[str, Any],
    undo: Sequence[str],
    settings: Settings,
    *,
    wait: float,
    as_json: bool,
) -> int:
    """Edit documents; 2 when there is nothing to edit."""
    back = FIELDS if "all" in undo else undo
    given = {**dict.fromkeys(back), **said}
    if not given:
        sys.stderr.write("error: say what to edit, such as --year 2023; see --help\n")
        return 2
    change = read_edits(given)
    doc_ids = list(_chosen(read_inventory(settings.library), named))
    with my_turn(settings.library, wait=wait) as library:
        changed = changes.edit(library, lambda: _model(library, settings), doc_ids, change)
        generation = publish(library)
    if as_json:
        write_json({"changed": changed, "generation": generation})
    else:
        console().print(f"Documents changed: {len(changed)}; generation {generation}.")
    return 0


def remove(
    named: Sequence[str], settings: Settings, *, yes: bool, wait: float, as_json: bool
) -> int:
    """Remove documents, after asking on a terminal; 130 when the answer is no."""
    chosen = _chosen(read_inventory(settings.library), named)
    if not yes and not _confirmed(list(chosen.values())):
        return 130
    with my_turn(settings.library, wait=wait) as library:
        gone, generation = remove_documents(library, list(chosen))
    if (settings.library / DATABASE).exists():
        uploads = str(settings.library.resolve() / UPLOADS)
        Store(settings.library).drop(uploads, [known.file for known in gone])
    _tell("removed", gone, generation, as_json=as_json)
    return 0


def restore(named: Sequence[str], settings: Settings, *, wait: float, as_json: bool) -> int:
    """Take removed documents back, or list those that can be."""
    held = read_inventory(settings.library).held
    if not named:
        for path, doc_id in held.items():
            if as_json:
                write_json({"doc_id": doc_id, "path": path})
            else:
                console().print(styled(f"{doc_id}  {path}"))
        return 0
    chosen = [_held(held, name) for name in named]
    with my_turn(settings.library, wait=wait) as library:
        back, generation = restore_documents(library, lambda: _model(library, settings), chosen)
    _tell("restored", back, generation, as_json=as_json)
    return 0


def _tell(done: str, documents: Sequence[Known], generation: int, *, as_json: bool) -> None:
    if as_json:
        write_json({done: [known.doc_id for known in documents], "generation": generation})
        return
    for known in documents:
        console().print(styled(f"{done} {known.file}"))


def _held(held: Mapping[str, str], name: str) -> str:
    """Return the id of a removed document that somebody named.

    Raises:
        NotFound: None that can be taken back is called so, or several are.
    """
    by_path = [doc_id for path, doc_id in held.items() if f"{path}/".endswith(f"/{name}/")]
    found = [name] if name in held.values() else by_path
    if len(found) == 1:
        return found[0]
    raise NotFound(
        f"{len(found) or 'no'} removed documents that can be taken back are called {name!r}; "
        "'mmsearch restore' lists them"
    )


def failures(settings: Settings, *, as_json: bool) -> int:
    """List the files that the last runs could not read."""
    found = read_inventory(settings.library).failures
    for one in found:
        row = {
            "file": one.file,
            "path": one.path,
            "reason": one.reason,
            "failed": one.failed,
            "failure": one.failure,
        }
        if as_json:
            write_json(row)
        else:
            console().print(styled(one.path, "bold"))
            console().print(styled(f"    {one.reason}"))
    if not as_json:
        console().print(f"{len(found)} files failed")
    return 0


def _chosen(inventory: Inventory, named: Sequence[str]) -> dict[str, str]:
    """Return the documents that somebody named, as file by id.

    Raises:
        NotFound: One of the names is none, or several documents have it.
    """
    by_file: dict[str, list[str]] = {}
    for place in inventory.places.values():
        for name in {place.file, place.path}:
            by_file.setdefault(name, []).append(place.doc_id)
    chosen = {}
    for name in named:
        ids = [name] if name in inventory.places else by_file.get(name, [])
        ids = ids or by_file.get(str(Path(name).absolute()), [])
        if not ids:
            raise NotFound(f"there is no document {name!r}; 'mmsearch documents' lists them")
        if len(ids) > 1:
            raise NotFound(f"{len(ids)} documents are called {name!r}; name one by its id")
        chosen[ids[0]] = inventory.places[ids[0]].file
    return chosen


def _confirmed(files: Sequence[str]) -> bool:
    if not sys.stdin.isatty():
        sys.stderr.write("error: nothing was removed; say --yes where nobody can be asked\n")
        return False
    for file in files:
        console().print(styled(f"  {file}"))
    return console().input("Remove these documents? [y/N] ").strip().lower() in ("y", "yes")


def _model(library: Library, settings: Settings) -> Embedder:
    row = library.model_row()
    return load_embedder(row[1] if row else DEFAULT, cache=settings.cache)
