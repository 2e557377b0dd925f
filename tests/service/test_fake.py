"""The fake is called as the real one is."""

from __future__ import annotations

import inspect

import pytest

from mmsearch.knowledge import KnowledgeBase
from tests.service.fake import FakeKnowledge

METHODS = [
    name
    for name, member in inspect.getmembers(KnowledgeBase, inspect.isfunction)
    if not name.startswith("_")
]


@pytest.mark.parametrize("name", METHODS)
def test_the_fake_has_the_signatures_of_the_real_one(name: str) -> None:
    real = inspect.signature(getattr(KnowledgeBase, name), eval_str=True)
    fake = inspect.signature(getattr(FakeKnowledge, name), eval_str=True)
    assert fake == real
