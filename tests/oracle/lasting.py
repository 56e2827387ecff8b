"""For how many of a report's periods a KPI has had its rating: counted over all saved periods."""

from __future__ import annotations

from collections.abc import Iterator

from tests.oracle.calendar_of import Stretch
from tests.oracle.council import Council
from tests.oracle.figures_of import Indicator
from tests.oracle.said import DECIDED


def lasting(council: Council, report: str, at: Stretch) -> Iterator[dict[str, object]]:
    """A row for each KPI that is Green, Amber or Red, in the report's order.

    Whatever ends the count, it may be more unless a rating is known that is another.
    """
    for one in council.framework(report, at):
        card = council.card(report, one, at, "period") if one.kind == "kpi" else None
        if card is None or card.rating not in DECIDED:
            continue
        back = council.earlier(at)
        lasts, before = 1, council.reported(report, one, at, "period").rating
        if before is None:
            before = _rated_in(council, report, one, at, back)
        while before == card.rating:
            lasts, back = lasts + 1, council.earlier(back)
            before = _rated_in(council, report, one, at, back)
        yield {
            "indicator": one.code, "rating": card.rating, "lasts": lasts,
            "at_least": before not in DECIDED,
        }  # fmt: skip


def _rated_in(
    council: Council, report: str, one: Indicator, at: Stretch, then: Stretch
) -> str | None:
    """The rating in the report of an earlier period: of the figure that was due then, as late as the one
    that is shown now, by its own target, whether that report had the KPI or not.
    """
    due = council.dated(one, council.due_before(one, at, then))
    if due.period.first < one.series_start:
        return None
    return council.judge(report, one, "period", due).rating
