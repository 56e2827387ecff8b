"""What a report of one period shows: the rows that its commentary speaks of."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from data.exampleshire.generator import people
from data.exampleshire.generator.standing import Row
from kpi_core import registry, scorecard, series
from kpi_core.figures import Figures
from kpi_core.periods import Frequency, Period
from kpi_core.words import FigureBasis

QUARTERLY = "qpr"


@dataclass
class Report:
    """What a report of one period shows.

    `past` has every figure of the unbroken series by indicator and last month (see periods);
    `previous_value` of the KPIs is that of the period before the figure's own, arrears or not.
    """

    report: str
    at: Period
    kpis: Sequence[Row]
    to_date: Mapping[str, Row]
    activities: Sequence[Row]
    past: Mapping[tuple[str, int], Decimal]
    skip: Collection[tuple[str, str]]

    def ago(self, row: Row, months: int) -> Decimal | None:
        """The figure so many months earlier, if it can be compared and is not to be spoken of."""
        period = Period.parse(row["period"], self.at.year_start)
        earlier = period.shift(-months // period.frequency.months)
        if (row["indicator"], str(earlier)) in self.skip:
            return None
        return self.past.get((row["indicator"], earlier.end_month))


def report_of(figures: Figures, at: Period, skip: Collection[tuple[str, str]]) -> Report:
    """The report of a period: the monthly one of a month, the quarterly one of a quarter."""
    monthly = at.frequency is Frequency.MONTH
    report = people.MONTHLY if monthly else QUARTERLY
    placed = registry.placed(figures, report, at)
    history = series.points(figures.observations, placed, figures.year_start).filter(
        pl.col("in_series") & pl.col("value").is_not_null()
    )
    past = {
        (code, end): value
        for code, end, value in history.select("indicator", "end_month", "value").iter_rows()
    }
    card = scorecard.kpis(figures, report, at)
    judged = card.filter(pl.col("basis") == FigureBasis.YTD)
    shown = Report(
        report=report,
        at=at,
        kpis=card.filter(pl.col("basis") == FigureBasis.PERIOD).to_dicts(),
        to_date={row["indicator"]: row for row in judged.to_dicts()},
        activities=scorecard.activities(figures, report, at).to_dicts(),
        past=past,
        skip=skip,
    )
    months = {str(frequency): frequency.months for frequency in Frequency}
    shown.kpis = [
        {**row, "previous_value": shown.ago(row, months[row["frequency"]])} for row in shown.kpis
    ]
    return shown


def with_ratings_of(shown: Report, earlier: Report) -> None:
    """Take previous ratings from the report before, as its readers remember them."""
    ratings = {row["indicator"]: row["rating"] for row in earlier.kpis}
    shown.kpis = [
        {**row, "previous_rating": ratings.get(row["indicator"], row["previous_rating"])}
        for row in shown.kpis
    ]


def can_be_told(shown: Report, row: Row) -> bool:
    """Whether there is a figure that is due now and may be spoken of."""
    known = row["value"] is not None and row["status"] != "no_data"
    period = Period.parse(row["period"], shown.at.year_start)
    due = period.frequency is not Frequency.YEAR or period.end_month == shown.at.end_month
    return known and due and (row["indicator"], row["period"]) not in shown.skip


def share_moved(shown: Report, row: Row) -> Decimal:
    """How far the figure lies from that of a year earlier, as a share of it; 0 where unknown."""
    then = year_ago(shown, row)
    return abs(row["value"] - then) / then if then else Decimal(0)


def year_ago(shown: Report, row: Row) -> Decimal | None:
    """The figure of a year earlier; of a year to date, the sum of the same stretch of that year."""
    if row["basis"] != FigureBasis.YTD:
        return shown.ago(row, 12)
    if row["ytd"] != "sum":
        return None
    end = Period.parse(row["period"], shown.at.year_start)
    months = end.end_month - end.year.first_month
    step = end.frequency.months
    parts = [shown.ago(row, 12 + back) for back in range(0, months, step)]
    return None if None in parts else sum((p for p in parts if p is not None), Decimal(0))
