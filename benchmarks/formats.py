"""What becomes of a folder of odd, damaged and hostile files, by format.

Every file goes through the pipeline as in a real run, in killable workers with limits. The
folder's ``expected.json`` says how each must end, and names the true text of some. Prints a
line a format, then each file that ended otherwise or has fewer than 95 % of the true words in
order, and says whether they are missing or elsewhere. Exits 1 when a file did not end as expected.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean
from typing import Any

from benchmarks.word_order import Score, score
from index.embed import packaged_folder
from ingest.pipeline import Limits, extract
from ingest.recognition import find_recognition
from ingest.types import Extracted, Failed, Outcome
from ingest.walk import walk

FOLDER = Path(__file__).parent.parent.parent / "shared" / "data" / "torture"
ENOUGH = 0.95
#: Why some fall short, by the end of their names.
NOTES = {
    "right_to_left_02.pdf": "its font maps letters to others, here and in the truth, which parts "
    "words where the letters left out were",
    "docx_checkboxes.docx": "ticked boxes are ☒ here and [x] in the truth",
    "equations.docx": "formulas read in a line here, and are LaTeX in the truth",
    "table_with_equations.docx": "formulas read in a line here, and are LaTeX in the truth",
    "word_tables.docx": "a header row with empty cells is not taken for one",
    "formatting.html": "H2O is one word here and three in the truth",
    "html_rich_table_cells.html": "a nested table's caption stands before its row",
    "hyperlink_05.html": "the words that stand for a picture are not read",
    "table_05.html": "a nested table is read before its row",
    "wiki_duck.html": "the truth has the page's menus and the numbers of its notes",
    "powerpoint_sample.pptx": "columns are read one after the other, as in the truth of its .odp",
    "legacy_sample.ppt": "columns are read one after the other, as in the truth of its .odp",
    "xlsx_07_gap_tolerance_.xlsx": "rows are read from left to right, the truth goes by columns",
}
#: What a failure says that nobody foresaw.
_UNFORESEEN = ("the parser crashed", "the parser failed", "cannot be used", "was stopped after")


@dataclass(slots=True)
class File:
    """What is known of one file, and how it ended."""

    name: str
    category: str
    truth: Path | None
    characters: int
    outcomes: list[Outcome] = field(default_factory=list)
    score: Score | None = None

    @property
    def format(self) -> str:
        """The file's suffix without its dot."""
        return Path(self.name).suffix.lstrip(".").lower()


def main() -> None:
    """Run the folder and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=FOLDER)
    parser.add_argument("--only", default="", help="formats to run, such as pdf,docx")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--show", action="store_true", help="print how every file ended")
    options = parser.parse_args()
    only = {name for name in options.only.split(",") if name}
    files = [file for file in expected(options.folder) if not only or file.format in only]
    start = time.monotonic()
    run(options.folder, files, options.workers)
    seconds = time.monotonic() - start
    wrong = {file.name: mistake for file in files if (mistake := mistake_of(file))}
    if options.show:
        for file in files:
            print(f"{file.name}: {ending(file)}")
    table(files, wrong)
    short(files)
    for name, mistake in sorted(wrong.items()):
        print(f"NOT AS EXPECTED {name}: {mistake}")
    print(f"{len(files)} files in {seconds:.0f} s, {len(wrong)} not as expected")
    sys.exit(1 if wrong else 0)


def expected(folder: Path) -> list[File]:
    """Read ``expected.json``: the files, how they must end, and their true text."""
    rows: list[dict[str, Any]] = json.loads((folder / "expected.json").read_text("utf-8"))
    return [
        File(
            name=row["file"],
            category=row["category"],
            truth=folder / row["groundtruth"] if row.get("groundtruth") else None,
            characters=_characters(row.get("pypdf") or ""),
        )
        for row in rows
    ]


def _characters(said: str) -> int:
    """Return how many characters an independent reader found: "OK pages characters"."""
    parts = said.split()
    return int(parts[-1]) if len(parts) == 3 and parts[-1].isdigit() else 0


def run(folder: Path, files: Sequence[File], workers: int) -> None:
    """Put the files through the pipeline."""
    sources = {source.file: source for source in walk([folder]).files}
    by_name = {file.name: file for file in files}
    chosen = [sources[file.name] for file in files if file.name in sources]
    outcomes = extract(
        chosen,
        known={},
        tokenizer_file=packaged_folder() / "tokenizer.json",
        max_tokens=256,
        workers=workers,
        limits=Limits(seconds=120, memory_bytes=1_024_000_000),
        recognition=find_recognition(),
    )
    for outcome in outcomes:
        file = by_name[_owner(outcome.source.file, by_name)]
        file.outcomes.append(outcome)
        if isinstance(outcome, Extracted) and outcome.source.file == file.name and file.truth:
            file.score = score(outcome.parsed.text, file.truth.read_text("utf-8"))


def _owner(name: str, files: Iterable[str]) -> str:
    """Return the file on disk that holds a document, which is that file itself or inside it."""
    return next(file for file in files if name == file or name.startswith(f"{file}/"))


def mistake_of(file: File) -> str:
    """Say what is wrong with how a file ended, or "" when it ended as it must."""
    own = [o for o in file.outcomes if o.source.file == file.name] or file.outcomes
    if not own:
        return "it is not accounted for"
    reason = next((o.reason for o in own if isinstance(o, Failed)), "")
    if any(sign in reason for sign in _UNFORESEEN):
        return reason
    if file.category == "encrypted-password":
        said = [o.reason for o in file.outcomes if isinstance(o, Failed)]
        said += [w for o in own if isinstance(o, Extracted) for w in o.parsed.warnings]
        return "" if "password" in " ".join(said) else "it needs a password, and that is not said"
    must_read = file.category == "encrypted-empty-user-password" or file.category.startswith(
        ("format-", "rtl-", "sample", "odd-")
    )
    if file.format == "pdf":
        must_read = must_read and file.characters > 60
    return reason if must_read and reason else ""


def ending(file: File) -> str:
    """Say in a line how a file ended."""
    words = []
    for outcome in file.outcomes:
        if isinstance(outcome, Failed):
            words.append(f"failed: {outcome.reason}")
        elif isinstance(outcome, Extracted):
            parsed = outcome.parsed
            words.append(f"{len(parsed.text)} characters, {len(outcome.passages)} passages")
    return "; ".join(words) or "nothing"


def table(files: Sequence[File], wrong: dict[str, str]) -> None:
    """Print a line a format."""
    groups: dict[str, list[File]] = defaultdict(list)
    for file in files:
        groups[file.format].append(file)
    print("format  files  as expected  read  with truth  in order (mean)  95 % or more")
    for name, group in sorted(groups.items()):
        read = sum(any(isinstance(o, Extracted) for o in file.outcomes) for file in group)
        good = sum(file.name not in wrong for file in group)
        scores = [file.score.in_order for file in group if file.score]
        mean = f"{100 * fmean(scores):.1f} %" if scores else "–"
        enough = f"{sum(s >= ENOUGH for s in scores)}" if scores else "–"
        print(
            f"{name:<6}  {len(group):5}  {good:11}  {read:4}  {len(scores):10}"
            f"  {mean:>15}  {enough:>12}"
        )


def short(files: Sequence[File]) -> None:
    """Print what falls short, and whether words are missing or only elsewhere."""
    for file in sorted(files, key=lambda file: file.name):
        if file.score is None or file.score.in_order >= ENOUGH:
            continue
        found = file.score
        note = NOTES.get(Path(file.name).name, "")
        missing = f"; {note}" if note else f"; missing: {' '.join(found.missing)}"
        print(
            f"SHORT {file.name}: {100 * found.in_order:.1f} % of {found.n_words} words in order, "
            f"{100 * found.at_all:.1f} % at all{missing}"
        )


if __name__ == "__main__":
    main()
