"""Writes the sample documents that are not plain text: ``python -m samples.make FOLDER``."""

from __future__ import annotations

import argparse
from pathlib import Path

from samples.source import markup, pdf, word

TEXTS = Path(__file__).resolve().parent / "source" / "texts"


def make(folder: Path) -> list[Path]:
    """Write every generated document below ``folder`` and return their paths, sorted.

    The same texts give the same bytes.
    """
    written = []
    for source in sorted(TEXTS.glob("*.md")):
        text = markup.parse(source)
        path = folder / text.file
        path.parent.mkdir(parents=True, exist_ok=True)
        (pdf if path.suffix == ".pdf" else word).write(text, path)
        written.append(path)
    return sorted(written)


def main() -> None:
    """Read the folder from the command line and say what was written."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where the documents go, e.g. samples/library")
    for path in make(parser.parse_args().folder):
        print(path)


if __name__ == "__main__":
    main()
