"""The scorecard: what a report of a period says of each KPI and each activity indicator.

A rating that figures can decide is computed; where they cannot, the rating that the report's
document printed stands, marked as published. Nothing is computed from a published rating. Over both
stands what an edition showed, in the figures of that edition.
"""

from __future__ import annotations

import polars as pl

from kpi_core import directions, judged, previous, printed, registry, series
from kpi_core import reported as reports
from kpi_core.figures import Figures
from kpi_core.judged import Past
from kpi_core.periods import Period, calendar
from kpi_core.words import Basis, Kind, Rating


def kpis(figures: Figures, report: str, at: Period) -> pl.DataFrame:
    """Every KPI of a report in a period, in the report's order; one row for each basis.

    The year to date has a row only where the report rates it and the indicator has one. Returns
    report, indicator, name, section, period (shown: that of the figure, which may be earlier),
    basis, value (as displayed), status, note; target, target_high, amber (the rule), floor, floor_high
    (the limits of Amber by that rule), target_basis and target_year (whose they are, see `standards`),
    the four bands; rating, rating_basis, computed_rating (what figures alone give); previous_value,
    previous_rating (NO DATA where no figure came before), previous_basis, previous_period;
    reported_value, reported_rating, reported_basis, reported_period, same_figure Boolean (whether the
    report before showed the figure of the same period), see `previous`; direction, direction_basis,
    direction_by_counts Boolean (see `directions`), direction_regression, direction_previous, direction_year_ago (null where the organisation does not
    ask for it), n, slope, stderr, p (null without a regression) and the definition's columns.
    """
    placed = registry.placed(figures, report, at)
    past = Past.of(figures, report, at, placed.filter(pl.col("kind").cast(pl.String) == Kind.KPI))
    shown = series.shown(past.points, at)
    rated = judged.judge(past, judged.on_each_basis(past, shown))
    verdicts = printed.about(rated, past.says, at)
    now = judged.as_published(rated, verdicts)
    both = _with_what_came_before(past, now)
    travelled = directions.of(past, both, shown, printed.arrows(rated, verdicts))
    card = (
        both.join(travelled, on="line", how="left", maintain_order="left")
        .with_columns(report=pl.lit(report))
        .drop("line", "ends")
        .sort("section_order", "order", "indicator", "basis", nulls_last=True)
    )
    held = figures.shown_in(report, at)
    return held.over_kpis(card) if held else card


def _with_what_came_before(past: Past, now: pl.DataFrame) -> pl.DataFrame:
    """The rows with the figure before each, and with what the report before showed."""
    on = ["indicator", "basis"]
    before = previous.figure_before(past, now)
    reported = _on_this_side_of_a_break(
        now, reports.kpis(past.figures, past.report, past.at), past.at.year_start
    )
    same = (pl.col("reported_period") == pl.col("period")) & pl.col("value").is_not_null()
    return (
        now.join(before, on=on, how="left", maintain_order="left")
        .join(reported, on=on, how="left", maintain_order="left")
        .with_columns(
            previous_rating=pl.col("previous_rating").fill_null(Rating.NO_DATA),
            previous_basis=pl.col("previous_basis").fill_null(Basis.COMPUTED),
            same_figure=same.fill_null(value=False),
        )
    )


def _on_this_side_of_a_break(
    now: pl.DataFrame, before: pl.DataFrame, year_start: int
) -> pl.DataFrame:
    """What the report before showed, of figures that measure the same as today's."""
    dates = calendar(before["reported_due"].to_list(), year_start).select(
        reported_due="period", first="first_month"
    )
    starts = now.select("indicator", "basis", "series_start")
    return (
        before.join(dates, on="reported_due", how="left", maintain_order="left")
        .join(starts, on=["indicator", "basis"], maintain_order="left")
        .filter(pl.col("first") >= pl.col("series_start"))
        .drop("section", "name", "reported_due", "first", "series_start")
    )


def activities(figures: Figures, report: str, at: Period) -> pl.DataFrame:
    """Every activity indicator of a report in a period, with its alert.

    The alert is judged on the period's figure or on the year to date, as the threshold says, with the
    range of the figure's own period. Returns indicator, name, section, period (of the figure), basis
    (the one judged; period where there is no threshold), value (as displayed), status, note, lower,
    upper, range_basis and range_year (see `standards`), alert, previous_value and previous_period (the
    figure before, on the same basis; null where none is known), reported_alert and
    reported_period (see `previous`), same_figure Boolean and the definition's columns.
    """
    placed = registry.placed(figures, report, at).filter(
        pl.col("kind").cast(pl.String) == Kind.ACTIVITY
    )
    past = Past.of(figures, report, at, placed)
    shown = series.shown(past.points, at)
    rows = judged.alerts_of(past, shown)
    before = previous.value_before(past, shown)
    reported = reports.alerts(figures, report, at)
    same = (pl.col("reported_period") == pl.col("period")) & pl.col("value").is_not_null()
    found = (
        rows.join(before, on=["indicator", "basis"], how="left", maintain_order="left")
        .join(reported, on=["indicator", "basis"], how="left", maintain_order="left")
        .with_columns(same_figure=same.fill_null(value=False))
        .sort("section_order", "order", "indicator", nulls_last=True)
    )
    held = figures.shown_in(report, at)
    return held.over_activities(found) if held else found
