"""A process that ingests text files and says which are stored; made to be killed.

Run as ``python crash_child.py LIBRARY DOCUMENTS``; prints a file's name once it is reported.
"""

from __future__ import annotations

import sys
from pathlib import Path

from index.build import Builder
from index.library import Library
from tests.fakes import WordEmbedder, extracted


def main(folder: Path, documents: Path) -> None:
    with Library.open(folder, wait=-1) as library:
        builder = Builder(library, WordEmbedder(), lambda source: None, batch=1)
        known = {k.path for k in library.known()}
        files = [p for p in sorted(documents.glob("*.txt")) if str(p) not in known]
        for result in builder.run(extracted(path, root=documents) for path in files):
            print(result.file, flush=True)
        builder.publish()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
