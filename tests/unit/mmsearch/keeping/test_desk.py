import logging
import os

import pytest

from mmsearch.keeping.desk import Desk
from mmsearch.keeping.errors import KeepingUnavailable
from mmsearch.settings import load_settings


def test_a_library_that_cannot_be_written_is_served_all_the_same(tmp_path, caplog):
    (tmp_path / "keeping.db").mkdir()
    desk = Desk.open(load_settings(library=tmp_path))
    with caplog.at_level(logging.WARNING):
        desk.start()
    assert "takes no changes" in caplog.text
    with pytest.raises(KeepingUnavailable, match="keeping"):
        desk.entries()
    desk.close()


def test_who_writes_is_named_unless_it_is_gone_or_this_process(tmp_path):
    desk = Desk.open(load_settings(library=tmp_path))
    note = tmp_path / "write.lock.json"
    host = os.uname().nodename
    for pid, at, named in (
        (os.getppid(), host, True),
        (os.getpid(), host, False),
        (999_999_999, host, False),
        (1, "another", True),
    ):
        note.write_text(f'{{"pid": {pid}, "host": "{at}", "since": "now"}}')
        assert bool(desk.blocked_by()) is named
    note.write_text("{")
    assert desk.blocked_by() == ""
