"""Cross-encoders through sentence-transformers, with a tiny random one."""

from __future__ import annotations

import string
import warnings
from pathlib import Path

import numpy as np
import pytest

from index.cross_encoder import is_complete, load_reranker
from index.errors import ModelError

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

pytestmark = pytest.mark.filterwarnings("ignore")  # what torch and transformers warn of is theirs

PASSAGES = ["a b c", "lesson a", "", "lesson b c d " * 60]


def make_cross_encoder(folder: Path, labels: int = 1) -> Path:
    """Save a tiny random BERT that gives one score, as a cross-encoder is saved."""
    folder.mkdir(parents=True)
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "lesson", *string.ascii_lowercase]
    (folder / "vocab.txt").write_text("\n".join(words))
    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=64,
        num_labels=labels,
    )
    model = BertForSequenceClassification(config).eval()
    for parameter in model.parameters():  # as created it is nearly the same for every text
        torch.nn.init.normal_(parameter, std=0.3)
    model.save_pretrained(folder)
    BertTokenizerFast(str(folder / "vocab.txt"), model_max_length=64).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_cross_encoder(tmp_path_factory.mktemp("tiny") / "model")


def test_scores_are_the_models_own_logits(tiny: Path) -> None:
    reranker = load_reranker(str(tiny))
    tokenizer = BertTokenizerFast.from_pretrained(tiny)
    model = BertForSequenceClassification.from_pretrained(tiny).eval()
    pairs = tokenizer(
        ["which lesson"] * 4,
        PASSAGES,
        truncation=True,
        max_length=64,
        padding=True,
        return_tensors="pt",
    )
    with torch.no_grad():
        expected = model(**pairs).logits[:, 0].numpy()
    scores = reranker.score("which lesson", PASSAGES)
    assert (scores.shape, scores.dtype) == ((4,), np.float32)
    np.testing.assert_allclose(scores, expected, atol=1e-4)
    assert reranker.score("which lesson", []).shape == (0,)
    assert (reranker.name, reranker.languages) == (str(tiny), {"en"})


def test_a_name_that_is_nowhere_is_said_calmly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(ModelError, match="The cross-encoder 'nothing-here' is not here"):
        load_reranker("nothing-here")


def test_a_model_that_gives_several_values_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="gives 3 values"):
        load_reranker(str(make_cross_encoder(tmp_path / "model", labels=3)))


def test_pickled_weights_and_a_models_own_code_are_refused(tmp_path: Path) -> None:
    folder = make_cross_encoder(tmp_path / "model")
    assert is_complete(folder)
    (folder / "model.safetensors").unlink()
    torch.save({}, folder / "pytorch_model.bin")
    assert not is_complete(folder)
    with pytest.raises(ModelError, match="in safetensors was expected, one that needs no code"):
        load_reranker(str(folder))
