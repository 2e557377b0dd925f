"""Models through sentence-transformers, and ONNX Runtime held against it."""

from __future__ import annotations

import json
import shutil
import string
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.embed import load_embedder, packaged_folder
from index.embed_onnx import OnnxEmbedder
from index.embed_torch import TorchEmbedder, load_torch
from index.errors import ModelError
from index.model_folder import max_tokens_of, plain_bert
from index.model_hub import is_complete

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Normalize, Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

pytestmark = pytest.mark.filterwarnings("ignore")  # what torch and transformers warn of is theirs

TEXTS = ["a b c", "the lesson", "x", "", "lessons learned in eight countries " * 20]


def make_model(folder: Path, *, pooling: str = "mean", **settings: Any) -> Path:
    """Save a tiny random BERT with pooling as sentence-transformers does."""
    base = folder / "base"
    base.mkdir(parents=True)
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *string.ascii_lowercase]
    words += ["lesson", "##s", "learned", "countries", *(f"##{x}" for x in string.ascii_lowercase)]
    (base / "vocab.txt").write_text("\n".join(words))
    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=64,
        **settings,
    )
    model = BertModel(config)
    for parameter in model.parameters():  # as created it is nearly the same for every text
        torch.nn.init.normal_(parameter, std=0.3)
    model.save_pretrained(base)
    BertTokenizerFast(str(base / "vocab.txt")).save_pretrained(base)
    body = Transformer(str(base), max_seq_length=48)
    head = Pooling(32, pooling_mode=pooling)
    SentenceTransformer(modules=[body, head, Normalize()], device="cpu").save(str(folder / "model"))
    return folder / "model"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_model(tmp_path_factory.mktemp("tiny"))


def reference(folder: Path, texts: list[str], prompt: str = "") -> np.ndarray[Any, Any]:
    model = SentenceTransformer(str(folder), device="cpu")
    found = model.encode(texts, prompt=prompt, normalize_embeddings=True)
    return np.asarray(found)


@pytest.mark.parametrize("pooling", ["mean", "cls"])
def test_a_plain_bert_in_a_folder_needs_no_torch(tmp_path: Path, pooling: str) -> None:
    folder = make_model(tmp_path, pooling=pooling)
    embedder = load_embedder(str(folder), cache=tmp_path / "cache")
    assert isinstance(embedder, OnnxEmbedder)
    assert (embedder.precision, embedder.dim, embedder.max_tokens) == ("fp32", 32, 48)
    np.testing.assert_allclose(embedder.embed_passages(TEXTS), reference(folder, TEXTS), atol=2e-5)


def test_the_packaged_model_gives_what_sentence_transformers_gives(tmp_path: Path) -> None:
    texts = [*TEXTS, "Focal points met twice a year to plan the work on migration."]
    embedder = load_embedder(cache=tmp_path, precision="fp32")
    np.testing.assert_allclose(
        embedder.embed_passages(texts), reference(packaged_folder(), texts), atol=2e-5
    )


def test_sentence_transformers_gives_the_same_vectors(tiny: Path) -> None:
    embedder = load_torch("tiny", tiny)
    assert (embedder.dim, embedder.max_tokens, embedder.languages) == (32, 48, {"en"})
    np.testing.assert_allclose(embedder.embed_passages(TEXTS), reference(tiny, TEXTS), atol=1e-6)
    assert embedder.embed_passages([]).shape == (0, 32)
    assert embedder.embed_query("a b c").shape == (32,)
    assert embedder.count_tokens(["lessons", "a b " * 40, ""]) == [2, 80, 0]
    assert embedder.tokenizer_file == tiny / "tokenizer.json"


def test_the_fingerprint_is_that_of_the_content(tiny: Path, tmp_path: Path) -> None:
    same = make_model(tmp_path / "same")
    other = make_model(tmp_path / "other", pooling="cls")
    known = load_torch("tiny", tiny).fingerprint
    assert load_torch("tiny", same).fingerprint == known
    assert load_torch("tiny", other).fingerprint != known


def test_a_model_of_another_kind_goes_through_sentence_transformers(tmp_path: Path) -> None:
    folder = make_model(tmp_path, hidden_act="relu")
    assert plain_bert(folder) is None
    embedder = load_embedder(str(folder), cache=tmp_path / "cache")
    assert isinstance(embedder, TorchEmbedder)
    np.testing.assert_allclose(embedder.embed_passages(TEXTS), reference(folder, TEXTS), atol=1e-6)


@pytest.mark.parametrize("hidden_act", ["gelu", "relu"])
def test_the_models_own_prompts_are_put_in_front(tmp_path: Path, hidden_act: str) -> None:
    folder = make_model(tmp_path, hidden_act=hidden_act)
    settings = folder / "config_sentence_transformers.json"
    content = json.loads(settings.read_text()) | {"prompts": {"query": "a ", "passage": "b b "}}
    settings.write_text(json.dumps(content))
    embedder = load_embedder(str(folder), cache=tmp_path / "cache")
    passage, question = reference(folder, ["x y"], "b b ")[0], reference(folder, ["x y"], "a ")[0]
    np.testing.assert_allclose(embedder.embed_passages(["x y"])[0], passage, atol=2e-5)
    np.testing.assert_allclose(embedder.embed_query("x y"), question, atol=2e-5)
    assert not np.allclose(passage, question, atol=1e-3)


def test_a_name_that_is_nowhere_is_said_calmly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(ModelError, match="copy the model's folder here and give its path"):
        load_embedder("nobody/nothing-here", cache=tmp_path)


def test_a_model_fetched_before_needs_no_network(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    kept = tmp_path / "models--someone--tiny"
    (kept / "refs").mkdir(parents=True)
    (kept / "refs" / "main").write_text("0" * 40)
    shutil.copytree(tiny, kept / "snapshots" / ("0" * 40))
    embedder = load_embedder("someone/tiny", cache=tmp_path / "cache")
    assert embedder.name == "someone/tiny"
    np.testing.assert_allclose(embedder.embed_passages(TEXTS), reference(tiny, TEXTS), atol=2e-5)


@pytest.mark.parametrize("lacking", ["modules.json", "model.safetensors", "tokenizer.json"])
def test_a_download_that_broke_off_is_not_complete(
    tiny: Path, tmp_path: Path, lacking: str
) -> None:
    shutil.copytree(tiny, tmp_path / "model")
    assert is_complete(tmp_path / "model")
    (tmp_path / "model" / lacking).unlink()
    assert not is_complete(tmp_path / "model")


def test_pickled_weights_are_refused(tmp_path: Path) -> None:
    folder = make_model(tmp_path)
    (folder / "model.safetensors").unlink()
    torch.save({}, folder / "pytorch_model.bin")
    with pytest.raises(ModelError, match="a sentence-transformers model in safetensors was"):
        load_embedder(str(folder), cache=tmp_path / "cache")


def test_damaged_weights_are_refused(tmp_path: Path) -> None:
    folder = make_model(tmp_path)
    (folder / "model.safetensors").write_bytes(b"\x08\0\0\0\0\0\0\0{broken}")
    with pytest.raises(ModelError, match="not those of a BERT encoder"):
        load_embedder(str(folder), cache=tmp_path / "cache")


def test_settings_that_are_not_json_are_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{")
    with pytest.raises(ModelError, match="is not JSON"):
        plain_bert(tmp_path)


def test_a_model_without_a_limit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="how many tokens"):
        max_tokens_of(tmp_path)
