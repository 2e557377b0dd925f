"""No tracked file names the machine it was written on or where its packages came from."""

from __future__ import annotations

import re

import pytest

from tests.contract.sources import tracked_texts

# Written so that this file does not match itself.
MACHINE = re.compile(r"/wor[k]/|/roo[t]/|/opt/wheel[s]|/opt/pyp[i]|/home/[a-z]+/")
COLLECTION = re.compile(r"(?<![\w-])share[d]/")
REGISTRY = re.compile(
    r"\b(pyp[i]\.org|pythonhoste[d]\.org|npmj[s]\.(?:org|com)|crate[s]\.io|download\.pytorc[h]\.org)\b"
)
REGISTRY_SETTING = re.compile(r"^\s*(?:registr[y]|(?:extra-)?index-ur[l]|find-link[s])\s*=")
MAY_NAME_THE_COLLECTION = ("tests/", "benchmarks/")


def matches(pattern: re.Pattern[str], texts: dict[str, str]) -> list[str]:
    """Return each match as ``file:line: text``."""
    return [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, text in texts.items()
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]


def test_no_file_names_a_path_of_one_machine() -> None:
    assert not matches(MACHINE, tracked_texts())


def test_only_tests_and_benchmarks_know_the_collection() -> None:
    texts = {
        name: text
        for name, text in tracked_texts().items()
        if not name.startswith(MAY_NAME_THE_COLLECTION)
    }
    assert texts
    assert not matches(COLLECTION, texts)


def test_no_file_names_a_package_registry() -> None:
    assert not matches(REGISTRY, tracked_texts())


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (MACHINE, "cd /" + "work" + "/main"),
        (COLLECTION, "../" + "shared" + "/data"),
        (REGISTRY, "https://" + "pypi" + ".org/simple"),
    ],
)
def test_the_rules_notice(pattern: re.Pattern[str], line: str) -> None:
    assert matches(pattern, {"a file": line}) == [f"a file:1: {line}"]


def test_no_file_sets_where_packages_come_from() -> None:
    assert not matches(REGISTRY_SETTING, tracked_texts())
    assert REGISTRY_SETTING.search("  registr" + "y=somewhere")
