from __future__ import annotations

from dataclasses import replace

from bots.slack.sources import cited
from tests.bots.limits import texts
from tests.bots.scenes import LINKS, REVIEW
from tests.bots.scenes import cited as citation


def test_a_source_read_from_a_scan_says_how_surely() -> None:
    first = citation(1, REVIEW, 4, "What a scan says.")
    scan = replace(first, ocr=0.83)
    lines = " ".join(texts(cited([scan], LINKS, "en")))
    assert "read from a scan, 83 % sure" in lines
    assert "scan" not in " ".join(texts(cited([first], LINKS, "en")))
    several = " ".join(texts(cited([scan, replace(first, n=9)], LINKS, "fr")))
    assert several.count("sûr à 83 %") == 1
