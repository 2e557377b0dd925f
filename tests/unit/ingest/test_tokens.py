from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from index.embed import packaged_folder
from ingest.errors import IngestError
from ingest.tokens import TokenCounter, parts_at_spaces

FILE = packaged_folder() / "tokenizer.json"
COUNTER = TokenCounter(FILE)
TOKENIZER = Tokenizer.from_file(str(FILE))
TOKENIZER.no_truncation()
TOKENIZER.no_padding()

#: Letters, accents of their own, white space of every kind, and what a tokenizer deletes.
SIGNS = (
    "abé\u0301 \t\n\r\x0b\x0c\x1c\x85\xa0\u2028\u3000\u200b\ufeff\ufffd.,-'[SEP]#7миграцияهجرة移বাং"
)


def whole(text: str) -> int:
    """Count the tokens of a text in one piece."""
    return len(TOKENIZER.encode(text, add_special_tokens=False))


@given(st.lists(st.text(st.sampled_from(SIGNS), max_size=60), max_size=5))
@settings(max_examples=150, deadline=None)
def test_words_are_counted_as_the_whole_text_is(texts: list[str]) -> None:
    assert COUNTER(texts) == [whole(text) for text in texts]


@given(st.text(max_size=200))
@settings(max_examples=100, deadline=None)
def test_any_text_is_counted_as_a_whole(text: str) -> None:
    assert COUNTER([text]) == [whole(text)]


def test_a_full_memory_of_words_changes_no_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.tokens.REMEMBERED_WORDS", 3)
    counter = TokenCounter(FILE)
    texts = ["one reintegration grant", "four five six", "one reintegration grant again"]
    assert [counter([text])[0] for text in texts] == [whole(text) for text in texts]


@pytest.mark.parametrize(
    ("tokenizer", "alone"),
    [
        ({"pre_tokenizer": {"type": "BertPreTokenizer"}}, True),
        (
            {
                "pre_tokenizer": {
                    "type": "Sequence",
                    "pretokenizers": [{"type": "WhitespaceSplit"}, {"type": "Metaspace"}],
                }
            },
            True,
        ),
        ({"pre_tokenizer": {"type": "ByteLevel"}}, False),
        ({"pre_tokenizer": None}, False),
        (
            {
                "pre_tokenizer": {"type": "BertPreTokenizer"},
                "added_tokens": [{"content": "two words"}],
            },
            False,
        ),
    ],
)
def test_only_tokenizers_that_part_at_spaces_count_by_words(
    tokenizer: dict[str, object], alone: bool
) -> None:
    assert parts_at_spaces(tokenizer) is alone


def test_a_file_that_is_no_tokenizer_is_named(tmp_path: Path) -> None:
    file = tmp_path / "tokenizer.json"
    file.write_text(json.dumps({"version": "1.0"}))
    with pytest.raises(IngestError, match=r"tokenizer\.json.* cannot be read"):
        TokenCounter(file)
