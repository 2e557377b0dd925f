"""The rows of a manifest as text, from CSV or YAML. Knows csv and yaml; judges no value."""

from __future__ import annotations

import csv
import datetime
import difflib
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from ingest.errors import ManifestError

COLUMNS = (
    "file",
    "title",
    "year",
    "kind",
    "languages",
    "countries",
    "publisher",
    "access",
    "groups",
    "source_url",
)
#: Columns that decide who may read; a misspelling of one must not pass as "unknown".
_GUARDED = ("access", "groups")
_LARGEST = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Row:
    """One row as text.

    Attributes:
        place: Where it stands, as a person counts: "row 4" of a sheet, "entry 3" of YAML.
        cells: Trimmed text by column; a list is joined with ";".
        mistakes: What is wrong with the row as a whole.
    """

    place: str
    cells: Mapping[str, str]
    mistakes: tuple[str, ...] = ()


def read_rows(path: Path) -> tuple[tuple[str, ...], list[Row]]:
    """Read a manifest into its column names (lower case) and its rows.

    Raises:
        ManifestError: It cannot be read as CSV or YAML.
    """
    text = _decode(_read(path))
    if path.suffix.lower() in {".yaml", ".yml"}:
        return _yaml_rows(path, text)
    return _csv_rows(path, text)


def check_header(name: str, columns: Sequence[str]) -> tuple[list[str], list[str]]:
    """Judge the column names: what to warn of, and what is a mistake."""
    warnings: list[str] = []
    mistakes: list[str] = []
    if "file" not in columns:
        mistakes.append(
            f"{name}, row 1: there is no column 'file'; the first row must name the columns,"
            f" some of {', '.join(COLUMNS)}, but names {', '.join(map(repr, columns)) or 'none'}"
        )
    for column, times in Counter(columns).items():
        if times > 1 and column:
            mistakes.append(f"{name}, row 1: column {column!r} stands there {times} times")
    for column in dict.fromkeys(columns):
        if not column or column in COLUMNS:
            continue
        near = difflib.get_close_matches(column, COLUMNS, n=1, cutoff=0.7)
        hint = f"; did you mean {near[0]!r}?" if near else f" (known: {', '.join(COLUMNS)})"
        said = f"{name}, row 1: column {column!r} is not known and is passed over{hint}"
        (mistakes if near and near[0] in _GUARDED else warnings).append(said)
    return warnings, mistakes


def _read(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > _LARGEST:
            raise ManifestError(
                f"The manifest {str(path)!r} has {size:,} bytes; at most {_LARGEST:,} are read."
                " Is it really a manifest?"
            )
        return path.read_bytes()
    except OSError as exc:
        raise ManifestError(
            f"The manifest {str(path)!r} cannot be read: {exc.strerror or exc}."
        ) from exc


def _decode(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _csv_rows(path: Path, text: str) -> tuple[tuple[str, ...], list[Row]]:
    first = text.lstrip().split("\n", 1)[0]
    delimiter = max(",;\t", key=lambda mark: first.count(mark))
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as exc:
        raise ManifestError(
            f"The manifest {str(path)!r} is not CSV ({exc}). Look for a quotation mark that is"
            " not closed, or save it again as CSV."
        ) from exc
    numbered = [(n, record) for n, record in enumerate(records, 1) if any(map(str.strip, record))]
    if not numbered:
        return (), []
    columns = tuple(cell.strip().lower() for cell in numbered[0][1])
    return columns, [_csv_row(n, columns, record, delimiter) for n, record in numbered[1:]]


def _csv_row(number: int, columns: Sequence[str], record: Sequence[str], delimiter: str) -> Row:
    extra = [cell for cell in record[len(columns) :] if cell.strip()]
    mistakes = (
        (
            f"it has {len(record)} cells and the header {len(columns)}; put a cell that holds"
            f" {delimiter!r} into double quotes",
        )
        if extra
        else ()
    )
    cells = {name: cell.strip() for name, cell in zip(columns, record, strict=False)}
    return Row(f"row {number}", cells, mistakes)


def _yaml_rows(path: Path, text: str) -> tuple[tuple[str, ...], list[Row]]:
    try:
        data = yaml.safe_load(text)
        twice = _repeated_keys(text)
    except (yaml.YAMLError, ValueError, RecursionError) as exc:
        raise ManifestError(f"The manifest {str(path)!r} is not YAML: {exc}") from exc
    if twice:
        raise ManifestError(
            f"The manifest {str(path)!r} names {', '.join(map(repr, twice))} more than once;"
            " keep one of each."
        )
    rows = [_yaml_row(n, entry) for n, entry in enumerate(_entries(path, data), 1)]
    columns = dict.fromkeys(name for row in rows for name in row.cells)
    return tuple(columns), rows


def _entries(path: Path, data: object) -> list[object]:
    if data is None:
        return []
    if isinstance(data, list):
        return data
    if isinstance(data, dict):
        return [
            {"file": file, **said} if isinstance(said, dict) else {"file": file, "": said}
            for file, said in data.items()
        ]
    raise ManifestError(
        f"The manifest {str(path)!r} holds {type(data).__name__}; expected a list of mappings"
        " with 'file', or a mapping of files to their fields."
    )


def _yaml_row(number: int, entry: object) -> Row:
    place = f"entry {number}"
    if not isinstance(entry, dict):
        return Row(place, {}, ("it is not a mapping of fields to values",))
    if entry.get("", None) is not None:
        return Row(place, {"file": _text(entry["file"])}, ("its fields are not a mapping",))
    cells: dict[str, str] = {}
    mistakes: list[str] = []
    for name, value in entry.items():
        if name == "":
            continue
        try:
            cells[_text(name).lower()] = _text(value)
        except TypeError:
            mistakes.append(f"field {str(name)[:60]!r} must be text or a list of texts")
    return Row(place, cells, tuple(mistakes))


def _text(value: object) -> str:
    if isinstance(value, list):
        if any(isinstance(item, (list, dict)) for item in value):
            raise TypeError("nested")
        return ";".join(_text(item) for item in value)
    if value is None:
        return ""
    if isinstance(value, bool):
        # YAML reads a bare `no` (Norwegian, or the word) as false.
        return "yes" if value else "no"
    if isinstance(value, (str, int, float, datetime.date)):
        return str(value).strip()
    raise TypeError("not text")


def _repeated_keys(text: str) -> list[str]:
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    if not isinstance(node, yaml.MappingNode):
        return []
    times = Counter(key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode))
    return [key for key, n in times.items() if n > 1]
