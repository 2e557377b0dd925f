"""Fixtures for every test: where the documents are, and an environment without settings."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import settings

from ingest.recognition import Recognition, find_recognition

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = Path("/usr/bin/chromium")

settings.register_profile("mmsearch", deadline=None)  # a busy machine is no failure
settings.load_profile("mmsearch")


def lacking(what: str) -> NoReturn:
    """Skip a test that lacks something on a desk; fail it under CI, where a skip would hide it."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what}; under CI=true this is a failure", pytrace=False)
    pytest.skip(what)


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Remove every MMSEARCH_ variable, so that a test sees the settings it makes itself."""
    for name in list(os.environ):
        if name.upper().startswith("MMSEARCH_"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def repository() -> Path:
    """Return the root of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def samples() -> Path:
    """Return the folder of sample documents, ``samples``."""
    return ROOT / "samples"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the document collection beside the checkout. Tests that use it are marked shared."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        lacking(f"there is no document collection at {str(folder)!r}")
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of the chromium executable. Tests that use it are marked browser."""
    found = shutil.which("chromium") or (str(CHROMIUM) if CHROMIUM.exists() else None)
    if found is None:
        lacking("chromium is not installed")
    return found


@pytest.fixture(scope="session")
def tesseract() -> Recognition:
    """Return how scans are read with the tesseract that is installed, with English at least."""
    found = find_recognition()
    if not found.packs(["en"]):
        lacking("tesseract with English is not installed")
    return found


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Hold browser tests to the fixture that finds the browser, marked or not."""
    for item in items:
        fixtures: list[str] = getattr(item, "fixturenames", [])
        if item.get_closest_marker("browser") and "chromium" not in fixtures:
            fixtures.append("chromium")
        if "chromium" in fixtures and not item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.browser)
        if "shared_data" in fixtures and not item.get_closest_marker("shared"):
            item.add_marker(pytest.mark.shared)
