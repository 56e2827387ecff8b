"""A figure with its target, floor and rating: worked out where figures decide, else as published.

The scorecard judges with it the figures that a report shows, those before them, and those of the report
before, each by the target of its own period.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from kpi_core import alerts, earlier, exact, printed, rating, series, standards
from kpi_core.figures import Figures
from kpi_core.periods import Frequency, Period, calendar
from kpi_core.words import Amber, Basis, FigureBasis

#: What a figure brings to be judged, beside its placement.
_OF_FIGURE = ("indicator", "period", "end_month", "year", "value", "status", "note")


@dataclass(frozen=True)
class Past:
    """The placements of a report in a period, their points in time, and what its documents print."""

    figures: Figures
    report: str
    at: Period
    placed: pl.DataFrame  #: see registry.placed
    points: pl.DataFrame  #: see series.points
    prints: pl.DataFrame  #: see printed.rows

    @classmethod
    def of(cls, figures: Figures, report: str, at: Period, placed: pl.DataFrame) -> Past:
        """What is known of these placements."""
        points = series.points(figures.observations, placed, figures.year_start)
        return cls(figures, report, at, placed, points, printed.rows(figures, report))

    @property
    def rates_years(self) -> bool:
        """Whether the report rates the year to date as well."""
        return self.report in self.figures.organisation.year_to_date


def on_each_basis(past: Past, chosen: pl.DataFrame, *, late: bool = False) -> pl.DataFrame:
    """A row for each placement and basis, with the figure chosen for it.

    Takes chosen with `period` (null: that which was due, with `late` as late as the indicator's figures
    come) and the columns of a figure, at most one row for each indicator. A row of the year to date is there where the report rates it and the indicator
    has one up to that period. Returns the placement's columns, basis, period, end_month, value, status
    and note.
    """
    of_period = _of_period(past, chosen, late=late)
    if not past.rates_years:
        return of_period.drop("year")
    return pl.concat([of_period, to_date(past, of_period)], how="diagonal").drop("year")


def _of_period(past: Past, chosen: pl.DataFrame, *, late: bool = False) -> pl.DataFrame:
    """Each placement with the figure chosen for it, or the period in which one was due."""
    figure = chosen.select(_OF_FIGURE)
    due = _late_period(past) if late else series.due_period(past.at)
    return past.placed.join(figure, on="indicator", how="left", maintain_order="left").with_columns(
        basis=pl.lit(FigureBasis.PERIOD), period=pl.coalesce("period", due)
    )


def _late_period(past: Past) -> pl.Expr:
    """The period that was due for each placement, as late as its figures come."""
    texts = {
        f"{frequency} {arrears}": str(past.at.ending_with(Frequency(frequency)).shift(-arrears))
        for frequency, arrears in past.placed.select("frequency", "arrears").unique().iter_rows()
    }
    of = pl.concat_str("frequency", pl.lit(" "), pl.col("arrears").cast(pl.String))
    return of.replace_strict(texts, default=None, return_dtype=pl.String)


def _dated(past: Past, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with own_year (the year of their period), also (the period of the indicator's frequency that
    ends with it: a snapshot may be dated by its last month) and report_year, as `standards` takes them.
    """
    start = past.at.year_start
    facts = calendar(rows["period"].to_list(), start).select(
        "period", own_year="year", ends="end_month"
    )
    dated = rows.join(facts, on="period", how="left", maintain_order="left")
    also = [
        str(Period(Frequency(frequency), end - Frequency(frequency).months, start))
        for frequency, end in dated.select("frequency", "ends").iter_rows()
    ]
    return dated.drop("ends").with_columns(
        also=pl.Series(also, dtype=pl.String), report_year=pl.lit(str(past.at.year))
    )


def alerts_of(past: Past, chosen: pl.DataFrame) -> pl.DataFrame:
    """Each activity indicator with its expected range and alert, on the basis that its range is for.

    Takes the placements of activity indicators, and chosen as `on_each_basis` does. Each figure is
    judged by the range of its own period, see `standards`; that of the year to date counts before that
    of the period. Returns the placement's columns, period, end_month, basis, value (as displayed),
    status, note, lower, upper, range_basis, range_year, alert.
    """
    thresholds = past.figures.thresholds
    of_period = _of_period(past, chosen)
    by_period = standards.with_thresholds(_dated(past, of_period), thresholds, FigureBasis.PERIOD)
    by_year = standards.with_thresholds(
        _dated(past, to_date(past, of_period)), thresholds, FigureBasis.YTD
    ).filter(pl.col("range_basis").is_not_null())
    others = by_period.filter(~pl.col("indicator").is_in(by_year["indicator"].implode()))
    return (
        pl.concat([others, by_year], how="diagonal")
        .with_columns(value=exact.shown(pl.col("value"), pl.col("decimals")))
        .with_columns(alert=alerts.alert(pl.col("value"), pl.col("lower"), pl.col("upper")))
        .drop("own_year", "year", "also")
    )


def to_date(past: Past, of_period: pl.DataFrame) -> pl.DataFrame:
    """The year to date up to each of these figures, where there is one, as rows on that basis."""
    found = series.to_date(
        past.points, past.figures.observations, past.placed, of_period, past.at.year_start
    ).filter(pl.col("value").is_not_null())
    return past.placed.join(
        found.drop("ytd_basis", "printed"), on="indicator", how="inner", maintain_order="left"
    ).with_columns(basis=pl.lit(FigureBasis.YTD))


def judge(past: Past, rows: pl.DataFrame) -> pl.DataFrame:
    """Add to each row its target, floor, bands and rating as worked out, and the value as displayed.

    Takes what `on_each_basis` returns. Each figure is rated by the target of its own period, see
    `standards`. Adds target, target_high, target_basis, target_year, amber, floor, floor_high, the four
    bands, computed_rating, and line UInt32 by which rows can be told apart.
    """
    figures = past.figures
    beside = printed.beside(past.prints)
    aims = standards.with_targets(_dated(past, rows), figures.targets, beside)
    rules = figures.organisation.rules
    ruled = rating.with_rules(aims, rules)
    if Amber.YEAR_AGO in rules.kinds_of_amber:
        ruled = earlier.with_year_ago(ruled, figures, past.placed, past.points)
    return (
        rating.rate(ruled)
        .with_columns(value=pl.col("shown"), computed_rating=pl.col("rating"))
        .drop("shown", "own_year")
        .with_row_index("line")
    )


def as_published(rated: pl.DataFrame, verdicts: pl.DataFrame) -> pl.DataFrame:
    """The rating as worked out where figures decide, else the printed one that stands.

    Takes what `judge` returns, and verdicts as `printed.standing` takes them. Sets rating, adds
    rating_basis.
    """
    stands = printed.standing(rated, verdicts)
    taken = pl.col("printed_rating").is_not_null()
    return (
        rated.join(stands, on="line", how="left", maintain_order="left")
        .with_columns(
            rating=pl.coalesce("printed_rating", pl.col("rating").cast(pl.String)).cast(
                rating.RATING
            ),
            rating_basis=pl.when(taken)
            .then(pl.lit(Basis.PUBLISHED))
            .otherwise(pl.lit(Basis.COMPUTED)),
        )
        .drop("printed_rating")
    )


def period_before(rows: pl.DataFrame, year_start: int) -> pl.DataFrame:
    """The period just before that of each row, of the indicator's frequency.

    Takes rows with indicator, period, frequency, months. Returns them with before_period String and
    before_end Int32 (its end_month). A snapshot dated by its last month stands for the whole period.
    """
    ends = calendar(rows["period"].to_list(), year_start).select("period", of_end="end_month")
    dated = rows.join(ends, on="period", how="left", maintain_order="left").with_columns(
        before_end=pl.col("of_end") - pl.col("months")
    )
    texts = [
        (frequency, end, str(Period(kind, end - kind.months, year_start)))
        for frequency, end in dated.select("frequency", "before_end").unique().iter_rows()
        for kind in [Frequency(frequency)]
    ]
    schema = {"frequency": pl.String, "before_end": pl.Int32, "before_period": pl.String}
    names = pl.DataFrame(texts, schema=schema, orient="row")
    return dated.join(
        names, on=["frequency", "before_end"], how="left", maintain_order="left"
    ).drop("of_end")
