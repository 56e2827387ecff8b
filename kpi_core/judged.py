"""A figure with its target, floor and rating: worked out where figures decide, else as published.

The scorecard judges with it the figures that a report shows, those before them, and those of the report
before, each by the target of its own period.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import polars as pl

from kpi_core import alerts, earlier, exact, printed, rating, series, spoken, standards
from kpi_core.figures import Figures
from kpi_core.periods import Frequency, Period, calendar
from kpi_core.standards import Whose
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

    @cached_property
    def lines(self) -> pl.DataFrame:
        """What the documents of the report print, by the figures that they speak of: see spoken.lines_of."""
        return spoken.lines_of(self.prints, self.placed, self.points, self.at.year_start)

    @cached_property
    def says(self) -> pl.DataFrame:
        """What they say of each figure: see spoken.said."""
        return spoken.said(self.lines)

    @property
    def rates_years(self) -> bool:
        """Whether the report rates the year to date as well."""
        return self.report in self.figures.organisation.year_to_date


def on_each_basis(past: Past, chosen: pl.DataFrame) -> pl.DataFrame:
    """A row for each placement and basis, with the figure chosen for it.

    Takes chosen with the columns of a figure, at most one row for each indicator. A row of the year to date
    is there where the report rates it and the indicator has one up to that period. Returns the placement's
    columns, basis, period (where none is chosen, that which the report would show), end_month, value,
    status and note.
    """
    single = of_period(past, chosen)
    if not past.rates_years:
        return single.drop("year")
    of_year = to_date(past, single).filter(pl.col("value").is_not_null())
    return pl.concat([single, of_year], how="diagonal").drop("year")


def of_period(past: Past, chosen: pl.DataFrame) -> pl.DataFrame:
    """Each placement with the figure chosen for it, or the period that the report would show."""
    figure = chosen.select(_OF_FIGURE)
    due = series.due_period(past.at)
    return past.placed.join(figure, on="indicator", how="left", maintain_order="left").with_columns(
        basis=pl.lit(FigureBasis.PERIOD), period=pl.coalesce("period", due)
    )


def _dated(past: Past, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with own_year (the year of their period), ends (the end of it), also (the period of the indicator's frequency that
    ends with it: a snapshot may be dated by its last month) and report_year, as `standards` takes them.
    """
    start = past.at.year_start
    facts = calendar(rows["period"].to_list(), start).select(
        "period", own_year="year", ends="end_month"
    )
    dated = rows.join(facts, on="period", how="left", maintain_order="left")
    return dated.with_columns(
        also=whole_periods(dated, "ends", start), report_year=pl.lit(str(past.at.year))
    )


def alerts_of(past: Past, chosen: pl.DataFrame) -> pl.DataFrame:
    """Each activity indicator with its expected range and alert, on the basis that its range is for.

    Takes the placements of activity indicators, and chosen as `on_each_basis` does. Each figure is
    judged by the range of its own period, see `standards`; that of the year to date counts before that
    of the period, both before those of the report's year. Returns the placement's columns, period, end_month, basis, value (as displayed),
    status, note, lower, upper, range_basis, range_year, alert.
    """
    thresholds = past.figures.thresholds
    single = of_period(past, chosen)
    by_period = standards.with_thresholds(_dated(past, single), thresholds, FigureBasis.PERIOD)
    of_year = to_date(past, single).filter(pl.col("value").is_not_null())
    by_year = standards.with_thresholds(_dated(past, of_year), thresholds, FigureBasis.YTD)
    has_range, is_own = pl.col("range_basis").is_not_null(), pl.col("range_basis") == Whose.OWN
    return (
        pl.concat([by_year.filter(has_range), by_period], how="diagonal")
        .sort(~is_own.fill_null(value=False), ~has_range, maintain_order=True)
        .unique("indicator", keep="first", maintain_order=True)
        .with_columns(value=exact.shown(pl.col("value"), pl.col("decimals")))
        .with_columns(alert=alerts.alert(pl.col("value"), pl.col("lower"), pl.col("upper")))
        .drop("own_year", "year", "also", "ends")
    )


def to_date(past: Past, up_to: pl.DataFrame) -> pl.DataFrame:
    """The year to date up to each of these figures, known or not, as rows on that basis."""
    found = series.to_date(
        past.points, past.figures.observations, past.placed, up_to, past.at.year_start
    )
    return past.placed.join(
        found.drop("ytd_basis", "printed"), on="indicator", how="inner", maintain_order="left"
    ).with_columns(basis=pl.lit(FigureBasis.YTD))


def judge(past: Past, rows: pl.DataFrame, *, by_report_year: bool = True) -> pl.DataFrame:
    """Add to each row its target, floor, bands and rating as worked out, and the value as displayed.

    Takes what `on_each_basis` returns. Each figure is rated by the target of its own period, or with
    `by_report_year` by what the report's year has, see `standards`. Adds target, target_high, target_basis, target_year, amber, floor, floor_high, the four
    bands, computed_rating, ends Int32 (the end of its period), and line UInt32 by which rows can be told
    apart.
    """
    figures = past.figures
    beside = printed.beside(past.prints)
    dated = _dated(past, rows)
    if not by_report_year:
        dated = dated.drop("report_year")
    aims = standards.with_targets(dated, figures.targets, beside)
    rules = figures.organisation.rules
    ruled = rating.with_rules(standards.with_set_floors(aims), rules)
    if Amber.YEAR_AGO in rules.kinds_of_amber:
        ruled = earlier.with_year_ago(ruled, figures, past.placed, past.points)
    return (
        rating.rate(ruled)
        .with_columns(value=pl.col("shown"), computed_rating=pl.col("rating"))
        .drop("shown", "own_year")
        .with_row_index("line")
    )


def rated(past: Past, rows: pl.DataFrame, *, by_report_year: bool = True) -> pl.DataFrame:
    """What `judge` gives, with the printed rating where figures cannot decide and it stands: see
    `as_published`.
    """
    worked_out = judge(past, rows, by_report_year=by_report_year)
    return as_published(worked_out, printed.about(worked_out, past.says))


def as_published(rated: pl.DataFrame, verdicts: pl.DataFrame) -> pl.DataFrame:
    """The rating as worked out where figures decide, else the printed one that stands.

    Takes what `judge` returns, and verdicts as `printed.about` gives them. Sets rating, adds
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
        .drop("printed_rating", *standards.SET_FLOORS)
    )


def period_before(rows: pl.DataFrame, year_start: int) -> pl.DataFrame:
    """The period just before that of each row, of the indicator's frequency.

    Takes rows with indicator, period, frequency, months. Returns them with ends Int32 (of the period),
    before_period String and before_end Int32 (its end_month). A snapshot dated by its last month stands
    for the whole period.
    """
    ends = calendar(rows["period"].to_list(), year_start).select("period", ends="end_month")
    dated = rows.join(ends, on="period", how="left", maintain_order="left").with_columns(
        before_end=pl.col("ends") - pl.col("months")
    )
    return dated.with_columns(before_period=whole_periods(dated, "before_end", year_start))


def whole_periods(rows: pl.DataFrame, end: str, year_start: int) -> pl.Series:
    """The period of each row's frequency that ends with the month in the column `end`."""
    texts = {
        (frequency, last): str(Period(kind, last - kind.months, year_start))
        for frequency, last in rows.select("frequency", end).unique().iter_rows()
        for kind in [Frequency(frequency)]
    }
    pairs = rows.select("frequency", end).iter_rows()
    return pl.Series([texts[pair] for pair in pairs], dtype=pl.String)
