"""For how many of a report's periods a KPI has had its rating: counted over all saved periods."""

from __future__ import annotations

from collections.abc import Iterator

from tests.oracle.calendar_of import Stretch
from tests.oracle.council import Council
from tests.oracle.figures_of import Indicator
from tests.oracle.judged import Judged
from tests.oracle.said import DECIDED


def lasting(council: Council, report: str, at: Stretch) -> Iterator[dict[str, object]]:
    """A row for each KPI that is Green, Amber or Red, in the report's order."""
    for one in council.framework(report, at):
        card = council.card(report, one, at, "period") if one.kind == "kpi" else None
        if card is not None and card.rating in DECIDED:
            lasts, ended_by = _counted(council, report, one, at, card)
            yield {
                "indicator": one.code, "rating": card.rating, "lasts": lasts,
                "at_least": ended_by not in DECIDED,
            }  # fmt: skip


def _counted(
    council: Council, report: str, one: Indicator, at: Stretch, card: Judged
) -> tuple[int, str | None]:
    """How many periods, and the rating that ended the count: it may be more if that is not known.

    A report of an earlier period counts by the figure that stands as far back from it as the one
    shown does from today's. Figures before a break are of another measure: the count ends there.
    """
    calendar, now = council.calendar, card.seen.period.end
    late = calendar.last_complete(one.frequency, at.end).end - now
    periods, back = 1, at
    while True:
        back = council.earlier(back)
        period = calendar.last_complete(one.frequency, back.end - late)
        if period.first < one.series_start:
            return periods, None
        if period.end != now:
            before = council.placed(report, one, at, period)
            if before.rating != card.rating:
                return periods, before.rating
        periods += 1
