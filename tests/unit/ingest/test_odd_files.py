"""Odd and hostile files of every format but PDF, held to how each must end."""

from __future__ import annotations

from pathlib import Path
from statistics import fmean

import pytest

from benchmarks.formats import expected, mistake_of, run

#: PDFs have tests of their own, and old formats need LibreOffice (``test_office``).
ELSEWHERE = {"pdf", "doc", "ppt", "xls"}


@pytest.mark.shared
@pytest.mark.slow
def test_every_file_ends_as_it_must_and_says_what_it_says(shared_data: Path) -> None:
    folder = shared_data / "torture"
    files = [file for file in expected(folder) if file.format not in ELSEWHERE]
    run(folder, files, 2)
    assert {file.name: mistake for file in files if (mistake := mistake_of(file))} == {}
    for kind, least in (
        ("docx", 0.97),
        ("pptx", 0.98),
        ("html", 0.98),
        ("csv", 1.0),
        ("odt", 0.97),
    ):
        scores = [file.score.in_order for file in files if file.format == kind and file.score]
        assert fmean(scores) >= least, kind
