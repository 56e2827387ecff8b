"""The figure of the same period a year before: what some councils rate and compare against.

It counts only on the same side of a break in definition.
"""

from __future__ import annotations

import polars as pl

from kpi_core import exact, series
from kpi_core.figures import Figures
from kpi_core.periods import Frequency, Period
from kpi_core.words import FigureBasis

_YEAR = 12


def by_place(points: pl.DataFrame) -> pl.DataFrame:
    """What each period will find a year before.

    Takes what `series.points` returns. Returns indicator, in_series, end_month (of the later
    period), year_ago Decimal (as displayed).
    """
    return points.select(
        "indicator",
        "in_series",
        pl.col("end_month") + _YEAR,
        year_ago=exact.shown(pl.col("value"), pl.col("decimals")),
    )


def with_year_ago(
    rows: pl.DataFrame, figures: Figures, placed: pl.DataFrame, points: pl.DataFrame
) -> pl.DataFrame:
    """Add year_ago: the figure of the very period a year before each row's, on the row's basis.

    Takes rows with indicator, basis, period, end_month; placements and their points in time.
    """
    of_period = by_place(points.filter("in_series")).select(
        "indicator", "end_month", "year_ago", basis=pl.lit(FigureBasis.PERIOD)
    )
    periods = rows.select("period").unique(maintain_order=True)["period"].to_list()
    before = {text: Period.parse(text, figures.year_start) for text in periods}
    before = {
        text: period.shift(-_YEAR // period.frequency.months) for text, period in before.items()
    }
    to_date = [
        _to_date(figures, placed, points, period).with_columns(period=pl.lit(text))
        for text, period in before.items()
        if rows.filter((pl.col("period") == text) & (pl.col("basis") == FigureBasis.YTD)).height
    ]
    joined = rows.join(
        of_period, on=["indicator", "basis", "end_month"], how="left", maintain_order="left"
    )
    if not to_date:
        return joined
    return (
        joined.join(
            pl.concat(to_date), on=["indicator", "basis", "period"], how="left",
            maintain_order="left", suffix="_to_date",
        )
        .with_columns(year_ago=pl.coalesce("year_ago", "year_ago_to_date"))
        .drop("year_ago_to_date")
    )  # fmt: skip


def _to_date(
    figures: Figures, placed: pl.DataFrame, points: pl.DataFrame, at: Period
) -> pl.DataFrame:
    """The year to date up to a period: indicator, basis, year_ago, of those that have one.

    A snapshot may stand under the last month of its quarter one year, under the quarter the next.
    """
    endings = [at.ending_with(frequency) for frequency in Frequency]
    same_end = [str(period) for period in endings if period.end_month == at.end_month]
    return (
        series.year_to_date(points, figures.observations, placed, at)
        .filter(pl.col("period").is_in(same_end))
        .join(placed.select("indicator", "decimals", "series_start"), on="indicator")
        .filter(pl.col("series_start") <= at.first_month)
        .select(
            "indicator",
            basis=pl.lit(FigureBasis.YTD),
            year_ago=exact.shown(pl.col("value"), pl.col("decimals")),
        )
    )


def of_a_year_before(points: pl.DataFrame, shown: pl.DataFrame) -> pl.DataFrame:
    """The figure of the very same period a year before the one shown: a late figure with a late one.

    Takes what `series.points` returns, and shown with indicator and end_month. Returns indicator,
    a_year_before Decimal (as displayed).
    """
    then = shown.select("indicator", end_month=pl.col("end_month") - _YEAR)
    return (
        points.filter("in_series")
        .join(then, on=["indicator", "end_month"], how="semi", maintain_order="left")
        .select("indicator", a_year_before=exact.shown(pl.col("value"), pl.col("decimals")))
    )
