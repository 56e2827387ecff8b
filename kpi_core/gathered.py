"""The figures of whatever a catalogue lists (wholes, parts, places elsewhere) as series alike."""

from __future__ import annotations

import polars as pl

from kpi_core import registry, series
from kpi_core.figures import Figures
from kpi_core.periods import Frequency, Period, with_calendar
from kpi_core.words import FigureBasis


def gathered(
    figures: Figures,
    report: str,
    at: Period,
    chosen: pl.DataFrame,
    every: Frequency | None = None,
) -> pl.DataFrame:
    """Every figure of the rows of a catalogue up to a period, gaps included.

    Each as often as the report has it, or all `every` so often: then only the figures that are held
    for such periods (and snapshots at their ends) count, and nothing is added up. Figures from
    before a break in definition are left out: they measure something else. Returns, in the order of
    `chosen` and of time: key, frequency, period, label, words String, end_month Int32, x Int64 (the
    period's place among those of its frequency, one apart), value Decimal (to be rounded for display),
    unrounded Float64.
    """
    placed = registry.placed(figures, report, at)
    observed = _observed(figures, chosen)
    asked = _as_often_as_known(
        chosen.select("key", "indicator", "area")
        .join(placed, on="indicator", how="inner", maintain_order="left")
        .with_columns(indicator="key"),
        observed,
        figures.year_start,
    )
    if every is not None:
        months = pl.lit(every.months, pl.Int32)
        asked = asked.with_columns(frequency=pl.lit(str(every)), months=months)
    points = series.points(observed, asked, figures.year_start).filter(
        pl.col("in_series") & (pl.col("end_month") <= at.end_month) & pl.col("value").is_not_null()
    )
    held = points.select("end_month", "value", "unrounded", key="indicator")
    return (
        _calendar(asked, points, at)
        .join(held, on=["key", "end_month"], how="left", maintain_order="left")
        .join(chosen.select("key", order=pl.int_range(pl.len())), on="key", maintain_order="left")
        .sort("order", "end_month", maintain_order=True)
        .drop("order")
    )


def _observed(figures: Figures, chosen: pl.DataFrame) -> pl.DataFrame:
    """The observations of each key, as if it were an indicator of its own."""
    columns = figures.observations.columns
    on = ["indicator", "breakdown", "item"]
    elsewhere = figures.benchmarks.join(
        chosen.filter(pl.col("area") != "").select("key", "area", *on), on=[*on, "area"]
    ).with_columns(
        basis=pl.lit(str(FigureBasis.PERIOD)), status=pl.lit("actual"), note=pl.lit(""),
        numerator=None, denominator=None,
    )  # fmt: skip
    here = figures.observations.join(
        chosen.filter(pl.col("area") == "").select("key", *on), on=on
    ).with_columns(pl.col("basis", "status").cast(pl.String))
    found = pl.concat(
        [frame.select(*columns, "key") for frame in (here, elsewhere)], how="vertical_relaxed"
    )
    return found.with_columns(indicator="key", breakdown=pl.lit(""), item=pl.lit(""))


def _as_often_as_known(
    asked: pl.DataFrame, observed: pl.DataFrame, year_start: int
) -> pl.DataFrame:
    """The rows with the frequency of what is known elsewhere, which need not be the council's own."""
    often = (
        with_calendar(observed.select("indicator", "period"), year_start)
        .group_by("indicator", "frequency")
        .len()
        .sort("len", "frequency")
        .unique("indicator", keep="last", maintain_order=True)
        .select("indicator", known="frequency")
    )
    elsewhere = pl.col("area") != ""
    own = pl.when(elsewhere).then("known").otherwise("frequency")
    months = {str(one): one.months for one in Frequency}
    return asked.join(often, on="indicator", how="left", maintain_order="left").with_columns(
        frequency=own, months=own.replace_strict(months, default=None, return_dtype=pl.Int32)
    )


def _calendar(asked: pl.DataFrame, points: pl.DataFrame, at: Period) -> pl.DataFrame:
    """Every period of each series from its first figure to its last."""
    ends = points.group_by("indicator").agg(
        first=pl.col("end_month").min(), last=pl.col("end_month").max()
    )
    rows = []
    for key, frequency, first, last in (
        asked.join(ends, on="indicator", maintain_order="left")
        .select("indicator", "frequency", "first", "last")
        .drop_nulls("first")
        .iter_rows()
    ):
        kind = Frequency(frequency)
        for end in range(first, last + 1, kind.months):
            period = Period(kind, end - kind.months, at.year_start)
            rows.append(
                (key, frequency, str(period), period.short, period.words, end, end // kind.months)
            )
    schema = {
        "key": pl.String, "frequency": pl.String, "period": pl.String, "label": pl.String,
        "words": pl.String, "end_month": pl.Int32, "x": pl.Int64,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")
