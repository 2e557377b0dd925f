"""Stand-ins behind the project's own protocols, quick and without a model."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.analysis import terms
from index.types import Vectors
from ingest.types import (
    AccessLevel,
    Block,
    BlockKind,
    Extracted,
    Metadata,
    ParsedDocument,
    Passage,
    SourceFile,
    Unit,
)


class WordEmbedder:
    """Embeds a text as its bag of stems: texts that share words are near each other."""

    def __init__(self, name: str = "words", dim: int = 64, languages: Sequence[str] = ("en",)):
        self.name = name
        self.fingerprint = f"fingerprint of {name}"
        self.dim = dim
        self.max_tokens = 256
        self.languages = frozenset(languages)
        self.embedded: list[str] = []

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        self.embedded.extend(texts)
        rows = [self._vector(text) for text in texts]
        return np.array(rows, dtype=np.float32).reshape(-1, self.dim)

    def embed_query(self, text: str) -> NDArray[np.float32]:
        return self._vector(text)

    def _vector(self, text: str) -> NDArray[np.float32]:
        vector = np.full(self.dim, 1e-3, dtype=np.float32)
        for stem, _ in terms(text, "en"):
            digest = hashlib.blake2b((self.name + stem).encode(), digest_size=4).digest()
            vector[int.from_bytes(digest, "little") % self.dim] += 1.0
        return vector / np.linalg.norm(vector)


def extracted(
    path: Path,
    *,
    root: Path | None = None,
    title: str | None = None,
    language: str = "en",
    access: AccessLevel = AccessLevel.PUBLIC,
    groups: tuple[str, ...] = (),
    **metadata: object,
) -> Extracted:
    """Make what the pipeline would of a text file: a passage for each paragraph."""
    raw = path.read_bytes()
    text = raw.decode()
    blocks, passages, at = [], [], 0
    for line, paragraph in enumerate(text.split("\n\n"), start=1):
        end = at + len(paragraph)
        blocks.append(Block(BlockKind.PARAGRAPH, at, end, line, line))
        passages.append(Passage(at, end, paragraph, (), "", language, BlockKind.PARAGRAPH))
        at = end + 2
    root = root or path.parent
    return Extracted(
        SourceFile(path, root, path.relative_to(root).as_posix()),
        hashlib.sha256(raw).hexdigest(),
        len(raw),
        ParsedDocument(text, tuple(blocks), Unit.LINE),
        tuple(passages),
        Metadata(
            title if title is not None else path.stem,
            access=access,
            groups=groups,
            languages=(language,),
            **metadata,  # type: ignore[arg-type]
        ),
    )
