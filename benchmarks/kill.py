"""kill -9 of the real command at random moments of an ingest, many times.

After each kill ``check`` must be clean and everything that was reported as added must be
listed; in the end one run must finish the rest. Prints a line a kill; exits 1 at the first loss.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SAMPLES = Path(__file__).parent.parent / "samples" / "library"


def main() -> None:
    """Run the kills."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--copies", type=int, default=25, help="of each text among the samples")
    options = parser.parse_args()
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as place:
        library = Path(place) / "library"
        documents = _copies(Path(place) / "documents", options.copies)
        reported: set[str] = set()
        rounds = 0
        for kill in range(1, options.kills + 1):
            delay = chance.uniform(0.5, 9.0)
            reported |= _killed(documents, library, delay)
            state = _check(library)
            if state is None and not reported:
                print(f"kill {kill}: after {delay:.1f} s, before there was a library")
                continue
            if state is None:
                sys.exit(f"kill {kill}: check fails, though {len(reported)} were reported")
            listed = _listed(library)
            lost = reported - listed
            print(
                f"kill {kill}: after {delay:.1f} s, {len(reported)} reported, "
                f"{len(listed)} listed, repaired {state['repaired']}"
            )
            if lost or state["problems"]:
                sys.exit(f"lost {sorted(lost)}; problems {state['problems']}")
            if _complete(documents, listed):
                rounds += 1
                shutil.rmtree(library)
                reported.clear()
        _run("ingest", str(documents), "--library", str(library), "--json")
        print(
            f"{options.kills} kills, {rounds} libraries completed on the way, nothing lost; "
            f"the last run finished the rest: {len(_listed(library))} documents"
        )


def _copies(folder: Path, copies: int) -> Path:
    """Write many texts, each a little different, so that an ingest lasts some seconds."""
    folder.mkdir()
    for path in sorted([*SAMPLES.rglob("*.md"), *SAMPLES.rglob("*.txt")]):
        text = path.read_text(encoding="utf-8")
        for n in range(copies):
            copy = folder / f"{path.stem}-{n}{path.suffix}"
            copy.write_text(f"Copy {n}\n\n{text.replace('the', f'the {n}th')}", encoding="utf-8")
    return folder


def _killed(documents: Path, library: Path, delay: float) -> set[str]:
    command = _command("ingest", str(documents), "--library", str(library), "--json")
    reported = set()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        time.sleep(delay)
        child.kill()
        for line in child.stdout or ():
            if line.endswith("\n"):
                row = json.loads(line)
                if row.get("state") in {"added", "replaced", "unchanged"}:
                    reported.add(row["file"])
    return reported


def _check(library: Path) -> dict[str, list[str]] | None:
    """Return what check says; None when it finds no library."""
    done = _run("check", "--quick", "--library", str(library), "--json")
    state: dict[str, list[str]] | None = json.loads(done) if done else None
    return state


def _listed(library: Path) -> set[str]:
    lines = _run("documents", "--library", str(library), "--json").splitlines()
    return {json.loads(line)["file"] for line in lines}


def _complete(documents: Path, listed: set[str]) -> bool:
    files = {p.relative_to(documents).as_posix() for p in documents.rglob("*") if p.is_file()}
    return len(listed) >= len({f for f in files if not f.endswith("manifest.csv")})


def _run(*arguments: str) -> str:
    return subprocess.run(_command(*arguments), capture_output=True, text=True, check=False).stdout


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "mmsearch.cli", *arguments]


if __name__ == "__main__":
    main()
