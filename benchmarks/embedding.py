"""Compare our embedding with plain sentence-transformers over the same passages.

Run ``python benchmarks/embedding.py --texts FILE.jsonl`` (objects with "text"). The two take
turns, so that a busy machine slows both; the best turn of each counts.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from index.embed import PrecisionWish, load_embedder, packaged_folder
from index.types import Embedder, Vectors

QUESTION = "What do the annual global board meetings give the countries?"
SHARED = Path(__file__).resolve().parents[1].parent / "shared" / "data"
_START = """
import time
start = time.perf_counter()
{}
print(time.perf_counter() - start)
"""
_START_OURS = (
    "from pathlib import Path; from index.embed import load_embedder; "
    "load_embedder(cache=Path({!r}), precision={!r}).embed_query('ready')"
)
_START_PLAIN = (
    "from sentence_transformers import SentenceTransformer; "
    "SentenceTransformer({!r}, device='cpu').encode('ready')"
)


@dataclass
class Contender:
    """One way to embed, and how long each turn took."""

    name: str
    passages: Callable[[Sequence[str]], Vectors]
    query: Callable[[str], object]
    seconds: list[float] = field(default_factory=list)


def read_texts(files: Sequence[Path], limit: int) -> list[str]:
    """Read the "text" of JSON lines and draw a sample that is the same each time."""
    texts = [
        json.loads(line)["text"]
        for path in files
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]
    return texts if len(texts) <= limit else random.Random(0).sample(texts, limit)


def contenders(cache: Path, precisions: Sequence[PrecisionWish]) -> list[Contender]:
    """Load plain sentence-transformers with its defaults, and ours."""
    from sentence_transformers import SentenceTransformer

    plain = SentenceTransformer(str(packaged_folder()), device="cpu")
    found = [Contender("sentence-transformers", lambda t: plain.encode(list(t)), plain.encode)]
    for precision in precisions:
        ours: Embedder = load_embedder(cache=cache, precision=precision)
        found.append(Contender(f"mmsearch {precision}", ours.embed_passages, ours.embed_query))
    return found


def query_ms(contender: Contender, turns: int = 30) -> float:
    """Return the median time of one warm question in milliseconds."""
    times = []
    for _ in range(turns):
        start = time.perf_counter()
        contender.query(QUESTION)
        times.append(time.perf_counter() - start)
    return 1000 * statistics.median(times)


def start_seconds(code: str) -> float:
    """Time a start in a fresh process, from the first import to the first vector."""
    command = [sys.executable, "-W", "ignore", "-c", _START.format(code)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return float(done.stdout.split()[-1])


def compare(found: Sequence[Contender], texts: Sequence[str], rounds: int) -> list[Vectors]:
    """Let all take turns; return each one's vectors."""
    vectors = [contender.passages(texts[:32]) for contender in found]
    for _ in range(rounds):
        for place, contender in enumerate(found):
            start = time.perf_counter()
            vectors[place] = contender.passages(texts)
            contender.seconds.append(time.perf_counter() - start)
    return vectors


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=Path, action="append", help='JSON lines with "text"')
    parser.add_argument("--limit", type=int, default=330, help="passages at most")
    parser.add_argument("--rounds", type=int, default=3, help="turns of each")
    parser.add_argument(
        "--precision", action="append", choices=("auto", "int8", "fp32"), help="ours to measure"
    )
    options = parser.parse_args()
    files = options.texts or [SHARED / name / "corpus.jsonl" for name in ("xquad/en", "gcm")]
    texts = read_texts(files, options.limit)
    with tempfile.TemporaryDirectory() as folder:
        found = contenders(Path(folder), options.precision or ["auto"])
        vectors = compare(found, texts, options.rounds)
        plain = found[0]
        print(f"{len(texts)} passages, {options.rounds} turns each, the best turn counts")
        for contender, rows in zip(found, vectors, strict=True):
            ours = contender is not plain
            code = (
                _START_OURS.format(folder, contender.name.split()[-1])
                if ours
                else _START_PLAIN.format(str(packaged_folder()))
            )
            cosine = np.einsum("ij,ij->i", rows, vectors[0])
            print(
                f"{contender.name:22} {len(texts) / min(contender.seconds):7.1f} passages/s"
                f"  ratio {min(plain.seconds) / min(contender.seconds):4.2f}"
                f"  query {query_ms(contender):5.1f} ms  start {start_seconds(code):4.2f} s"
                f"  cosine min {cosine.min():.4f} mean {cosine.mean():.4f}"
            )


if __name__ == "__main__":
    main()
