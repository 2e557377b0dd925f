"""A folder of text files and a library made of them, with a stand-in for the model."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from index.build import Builder
from index.library import Library
from ingest.types import Extracted, FileResult
from tests.fakes import WordEmbedder, extracted

Fill = Callable[..., list[FileResult]]


@pytest.fixture
def embedder() -> WordEmbedder:
    return WordEmbedder()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "library"


@pytest.fixture
def fill(folder: Path, embedder: WordEmbedder) -> Fill:
    """Store documents and publish them."""

    def fill(*items: Extracted, publish: bool = True) -> list[FileResult]:
        with Library.open(folder) as library:
            builder = Builder(library, embedder, lambda source: None)
            results = list(builder.run(items))
            if publish:
                builder.publish()
            return results

    return fill


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Extracted]:
    """Write a text file and return it as the pipeline would."""

    def write(name: str, text: str, **metadata: object) -> Extracted:
        path = tmp_path / "documents" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return extracted(path, root=tmp_path / "documents", **metadata)

    return write
