"""The rated past of indicators, place by place on the calendar, gaps included: what charts draw."""

from __future__ import annotations

import polars as pl

from kpi_core import alerts, earlier, rating, registry, scorecard, series
from kpi_core.figures import Figures
from kpi_core.periods import Frequency, Period
from kpi_core.words import DECIDED, Basis


def places(
    figures: Figures, report: str, placed: pl.DataFrame, at: Period, window: int | None = None
) -> pl.DataFrame:
    """One row for each indicator and calendar period, from its first figure to `at`.

    Takes placements as `registry.placed` gives them. With a `window`, only figures of the last so
    many periods, and none from before a break in definition.
    Each figure is rated against the target of its own period or year; where figures cannot decide,
    the rating that a document of the report printed stands. Returns indicator, period, label, words,
    place Int32 (0, 1, 2 … the position on the time axis), end_month, the columns of `series.points`
    (null where there is no figure), kind, polarity, unit, decimals, target, target_high, amber (the
    rule), floor, floor_high (the limits of Amber by that rule), the bands, shown, rating, rating_basis, lower, upper, alert, rolling.
    """
    points = series.points(figures.observations, placed, figures.year_start).filter(
        pl.col("end_month") <= at.end_month
    )
    year_ago = earlier.by_place(points)
    rolling = series.rolling_twelve_months(points)
    if window is not None:
        recent = pl.col("end_month") > at.end_month - window * pl.col("months")
        points = points.filter(recent & pl.col("in_series"))
    grid = _calendar_places(points, placed, at)
    facts = placed.select("indicator", "kind", "polarity", "unit", "decimals")
    measured = points.drop(
        "frequency", "months", "arrears", "unit", "decimals", "first_month", "year", "period"
    )
    framed = (
        grid.join(facts, on="indicator", maintain_order="left")
        .join(measured, on=["indicator", "end_month"], how="left", maintain_order="left")
        .join(
            year_ago, on=["indicator", "in_series", "end_month"], how="left", maintain_order="left"
        )
        .with_columns(target_year=pl.col("year"))
    )
    aimed = rating.with_rules(
        registry.with_targets(framed, figures.targets), figures.organisation.rules
    )
    rated = rating.rate(aimed)
    ranged = registry.with_thresholds(rated, figures.thresholds, "period").with_columns(
        alert=alerts.alert(pl.col("shown"), pl.col("lower"), pl.col("upper"))
    )
    return (
        _with_printed(ranged, figures, report)
        .join(rolling, on=["indicator", "period"], how="left", maintain_order="left")
        .drop("target_year")
    )


def _calendar_places(points: pl.DataFrame, placed: pl.DataFrame, at: Period) -> pl.DataFrame:
    starts = points.group_by("indicator").agg(first=pl.col("end_month").min())
    frequencies = placed.select("indicator", "frequency").unique()
    rows = []
    for indicator, frequency, first in (
        frequencies.join(starts, on="indicator").sort("indicator").iter_rows()
    ):
        kind = Frequency(frequency)
        end = at.ending_with(kind)
        count = (end.end_month - first) // kind.months + 1
        for place in range(count):
            period = end.shift(place - count + 1)
            rows.append(
                (
                    indicator,
                    str(period),
                    period.short,
                    period.words,
                    place,
                    period.end_month,
                    str(period.year),
                )
            )
    schema = {
        "indicator": pl.String, "period": pl.String, "label": pl.String, "words": pl.String,
        "place": pl.Int32, "end_month": pl.Int32, "year": pl.String,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def _with_printed(rated: pl.DataFrame, figures: Figures, report: str) -> pl.DataFrame:
    printed = (
        scorecard.printed(figures, report)
        .filter(pl.col("basis") == "period")
        .select("indicator", "printed_rating", period="printed_for")
    )
    joined = rated.join(printed, on=["indicator", "period"], how="left", maintain_order="left")
    taken = scorecard.stands_as_printed()
    return joined.with_columns(
        rating=pl.when(taken).then("printed_rating").otherwise(pl.col("rating").cast(pl.String)),
        rating_basis=pl.when(taken).then(pl.lit(Basis.PUBLISHED)).otherwise(pl.lit(Basis.COMPUTED)),
    ).drop("printed_rating")


def grid_of_ratings(
    figures: Figures, report: str, kpis: pl.DataFrame, at: Period, window: int
) -> pl.DataFrame:
    """Ratings of a scorecard's KPIs over the last periods.

    One row for each KPI and each of the `window` periods up to `at`, in order; rating is null
    where nothing is known: neither a rating, nor that the document of the time had none. The two
    latest are those of the scorecard itself. Returns indicator, period, rating, rating_basis (String).
    """
    periods = [at.shift(-back) for back in range(window - 1, -1, -1)]
    placed = registry.placed(figures, report, at).filter(
        pl.col("indicator").is_in(kpis["indicator"].implode())
    )
    past = places(figures, report, placed, at).select(
        "indicator", "period", "rating", "rating_basis"
    )
    wanted = kpis.select("indicator").join(
        pl.DataFrame({"period": [str(p) for p in periods]}), how="cross"
    )
    joined = wanted.join(past, on=["indicator", "period"], how="left", maintain_order="left")
    latest = kpis.select(
        "indicator", now=pl.col("rating").cast(pl.String), now_basis="rating_basis",
        before=pl.col("previous_rating").cast(pl.String), before_basis="previous_basis",
    )  # fmt: skip
    is_now, is_before = (pl.col("period") == str(p) for p in (at, at.shift(-1)))
    paper = scorecard.printed(figures, report).filter(pl.col("basis") == "period")
    joined = joined.join(
        paper.select("indicator", "printed_rating", period="printed_for"),
        on=["indicator", "period"], how="left", maintain_order="left",
    )  # fmt: skip
    said = (pl.col("rating") == pl.col("printed_rating")).fill_null(value=False)
    known = pl.col("rating").is_in([str(r) for r in DECIDED]) | said
    return (
        joined.join(latest, on="indicator", how="left", maintain_order="left")
        .with_columns(
            rating=pl.when(is_now)
            .then("now")
            .when(is_before)
            .then("before")
            .when(known)
            .then("rating"),
            rating_basis=pl.when(is_now)
            .then("now_basis")
            .when(is_before)
            .then("before_basis")
            .when(known)
            .then("rating_basis"),
        )
        .drop("now", "now_basis", "before", "before_basis", "printed_rating")
    )
