"""Routes with figures on what was asked and answered, for keepers."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse

from mmsearch.api.answers import journal_of
from mmsearch.api.reader import Keeper
from mmsearch.api.schemas import described
from mmsearch.journal.figures import By, Period, periods, start_of, total
from mmsearch.journal.journal import Journal
from mmsearch.journal.shapes import cell, day_shape, groups_shape, period_shape
from mmsearch.journal.types import GapState

router = APIRouter(tags=["answers"])

MOST_GROUPS = 5
"""How many of the questions without an answer are named with the figures."""
COLUMNS = ("first", "last", "asked", "answered", "median", "slowest", "helpful", "unhelpful")
DAY_EXAMPLE = {"day": "2024-05-02", "asked": 31, "answered": 24, "median": 0.041}
PERIOD_EXAMPLE = {"first": "2024-04-29", "last": "2024-05-05", "asked": 120, "answered": 94}

Days = Annotated[int, Query(ge=1, le=3660, description="How many days back.")]
Each = Annotated[By, Query(description="How long a period is; weeks begin on Monday.")]


@dataclass(frozen=True, slots=True)
class Figures:
    """What the journal says of a while."""

    periods: Sequence[Period]
    total: Period


@router.get(
    "/figures",
    summary="Figures by day, week or month",
    responses=described({"days": [DAY_EXAMPLE], "periods": [PERIOD_EXAMPLE]}),
)
def figures(request: Request, keeper: Keeper, days: Days = 30, by: Each = By.DAY) -> JSONResponse:
    """Count questions, answers and votes (UTC), with the times that answers took.

    ``days`` has the days with questions, latest first; ``periods`` every period, oldest first,
    the first and the last whole; ``total`` all of them as one; ``gaps`` what was asked most often
    without an answer and is still open.
    """
    journal = journal_of(request)
    found = _figures(journal, days, by)
    gaps = groups_shape(journal.gaps(state=GapState.OPEN))[:MOST_GROUPS]
    shape: dict[str, Any] = {
        "days": [day_shape(day) for day in journal.days(days)],
        "by": by.value,
        "periods": [period_shape(one) for one in found.periods],
        "total": period_shape(found.total),
        "gaps": gaps,
    }
    return JSONResponse(shape)


@router.get(
    "/figures.csv",
    summary="Figures as a sheet",
    response_class=Response,
    responses=described("(a sheet)", media="text/csv"),
)
def figures_as_sheet(
    request: Request, keeper: Keeper, days: Days = 30, by: Each = By.DAY
) -> Response:
    """Give the periods as CSV (RFC 4180); no cell is a formula to a spreadsheet."""
    out = io.StringIO()
    sheet = csv.writer(out, quoting=csv.QUOTE_ALL)
    sheet.writerow(COLUMNS)
    for period in _figures(journal_of(request), days, by).periods:
        shape = period_shape(period)
        sheet.writerow([cell(shape[column]) for column in COLUMNS])
    return Response(
        out.getvalue().encode("utf-8-sig"),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="figures.csv"'},
    )


def _figures(journal: Journal, days: int, by: By) -> Figures:
    first, last = journal.span(days)
    first = start_of(first, by)
    asked, votes = journal.asked_since(first)
    return Figures(
        periods(asked, votes, by=by, first=first, last=last),
        total(asked, votes, first=first, last=last),
    )
