"""A fake Slack with a public, a private and a shared channel, and a bot in front of it."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.bots.driver import ANA, BO, EVE, Driver, Knowledge
from tests.bots.fake_slack import FakeSlack
from tests.service.fake import FakeDocument
from tests.service.library import make_library

OPEN, CLOSED, SHARED, ANAS = "COPEN", "CHAITI", "CSHARE", "DANA1"
SETTINGS = f"""\
# Who may read what, and how I behave, by channel.
collections:
  guides: {{kinds: [guideline]}}
channels:
  {CLOSED}:
    name: haiti-team   # private
    may_read: internal, group:haiti
    ask: [UBO11, SHELP]
  {SHARED}:
    may_read: internal
people:
  - email: "*@iom.example"
    may_read: internal
  - usergroup: SHAITI
    may_read: group:haiti
"""


@pytest.fixture(scope="session")
def documents(tmp_path_factory: pytest.TempPathFactory) -> list[FakeDocument]:
    return make_library(tmp_path_factory.mktemp("originals"))


@pytest.fixture
def knowledge(documents: list[FakeDocument]) -> Knowledge:
    return Knowledge(documents)


@pytest.fixture
def fake() -> Iterator[FakeSlack]:
    with FakeSlack() as slack:
        furnish(slack)
        yield slack


@contextmanager
def links_left_to_the_end() -> Iterator[None]:
    """Collect the sockets that slack_sdk leaves to the collector, while the test still runs."""
    yield
    gc.collect()


def furnish(slack: FakeSlack) -> None:
    """Add people and channels: Ana and Bo are staff, Eve is of another organisation."""
    work = slack.workspace
    work.add_user(ANA, "ana@iom.example", is_admin=True)
    work.add_user(BO, "bo@undp.example")
    work.add_user(EVE, "eve@iom.example", team_id="TOTHER", is_stranger=True)
    work.usergroups["SHAITI"] = [BO]
    work.usergroups["SHELP"] = [BO]
    work.add_channel(OPEN, ANA, BO, is_channel=True)
    work.add_channel(CLOSED, ANA, BO, is_private=True)
    work.add_channel(SHARED, ANA, EVE, is_private=True, is_ext_shared=True)
    work.add_channel(ANAS, ANA, is_im=True)


@pytest.fixture
def make(fake: FakeSlack, knowledge: Knowledge, tmp_path: Path) -> Iterator[Callable[..., Driver]]:
    """Return what starts a bot, with settings of its own."""
    drivers: list[Driver] = []

    def start(settings: str = SETTINGS, **more: Any) -> Driver:
        drivers.append(Driver(fake, knowledge, tmp_path, settings, **more))
        return drivers[-1]

    yield start
    for driver in drivers:
        driver.close()


@pytest.fixture
def driver(make: Callable[..., Driver]) -> Driver:
    return make()
