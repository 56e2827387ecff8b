"""The figure that came before the one shown.

It is not what the report before showed, see `reported`: a figure in arrears is shown again by each report
until the next one comes, and one that came late or was corrected since was not in the report before.
"""

from __future__ import annotations

import polars as pl

from kpi_core import exact, judged, series
from kpi_core.fields import FIGURE
from kpi_core.judged import Past
from kpi_core.periods import Period, calendar
from kpi_core.words import Basis, FigureBasis, Ytd

_ON = ["indicator", "basis"]
_FACTS = ("frequency", "months")


def figure_before(past: Past, now: pl.DataFrame) -> pl.DataFrame:
    """The figure that came before the one shown, rated by its own targets.

    It is the latest figure of an earlier period, however old. Where there is none of the period just
    before, but a document prints a rating of it, then it is that one, of which no value is known.
    Takes now with indicator, basis, period (shown, or due), frequency and months. Returns
    indicator, basis, previous_value, previous_rating, previous_basis, previous_period (null where
    nothing is known of it): at most one row for each row of `now`.
    """
    asked = judged.period_before(now.select(*_ON, "period", *_FACTS), past.at.year_start)
    older = _latest(past, asked)
    gaps = _gaps(past, asked, older)
    found = judged.rated(past, pl.concat([gaps, older.drop("of_end")], how="diagonal"))
    is_known = pl.col("value").is_not_null() | (pl.col("rating_basis") == Basis.PUBLISHED)
    return (
        found.filter(~pl.col("is_gap") | is_known)
        .unique(_ON, keep="first", maintain_order=True)
        .select(
            *_ON,
            previous_value="value",
            previous_rating="rating",
            previous_basis="rating_basis",
            previous_period=pl.when(is_known).then("period"),
        )
    )


def _latest(past: Past, asked: pl.DataFrame) -> pl.DataFrame:
    """The latest figure that ends before the one asked about: rows as `judged.judge` takes them, and of_end.

    The year to date is that up to the latest figure, known or not, unless one up to a later period, of which
    there is no figure, is printed.
    """
    of_basis = {
        basis: series.before(
            past.points, asked.filter(basis=basis).select("indicator", end_month="ends")
        )
        for basis in (FigureBasis.PERIOD, FigureBasis.YTD)
    }
    single, year = (
        judged.of_period(past, chosen).join(chosen, on="indicator", how="semi")
        for chosen in of_basis.values()
    )
    rows = pl.concat(
        [single, judged.to_date(past, year), _only_printed(past, asked)], how="diagonal"
    )
    ends = calendar(rows["period"].to_list(), past.at.year_start)
    return (
        rows.join(ends.select("period", of_end="end_month"), on="period", maintain_order="left")
        .with_columns(is_gap=pl.lit(value=False))
        .sort("of_end", maintain_order=True)
        .unique(_ON, keep="last", maintain_order=True)
        .drop("year")
    )


def _only_printed(past: Past, asked: pl.DataFrame) -> pl.DataFrame:
    """Years to date before those asked about that are printed of periods without a figure."""
    printed_rows = past.figures.observations.filter(
        (pl.col("basis").cast(pl.String) == FigureBasis.YTD)
        & (pl.col("breakdown") == "")
        & pl.col("value").is_not_null()
    ).select("indicator", "period", "value")
    dates = calendar(printed_rows["period"].to_list(), past.at.year_start)
    with_figure = past.points.filter(pl.col("value").is_not_null())
    return (
        past.placed.filter(pl.col("ytd").cast(pl.String) != Ytd.NONE)
        .join(printed_rows, on="indicator", maintain_order="left")
        .join(dates, on=["period", "frequency"], maintain_order="left")
        .join(with_figure, on=["indicator", "end_month"], how="anti", maintain_order="left")
        .join(
            asked.filter(basis=FigureBasis.YTD).select("indicator", "ends"),
            on="indicator", maintain_order="left",
        )
        .filter(
            (pl.col("first_month") >= pl.col("series_start"))
            & (pl.col("end_month") < pl.col("ends"))
        )
        .with_columns(basis=pl.lit(FigureBasis.YTD))
        .drop("first_month", "ends")
    )  # fmt: skip


def _gaps(past: Past, asked: pl.DataFrame, older: pl.DataFrame) -> pl.DataFrame:
    """The period just before, where there is no figure of it: it may be rated in print all the same."""
    saved = past.points.select(
        "indicator", "in_series", "status", "note", saved="period", before_end="end_month"
    )
    known = older.select(*_ON, before_end="of_end")
    is_of_series = pl.coalesce(
        "in_series", pl.col("before_end") - pl.col("months") >= pl.col("series_start")
    )
    return (
        asked.drop("period", *_FACTS)
        .join(known, on=[*_ON, "before_end"], how="anti", maintain_order="left")
        .join(past.placed, on="indicator", maintain_order="left")
        .join(saved, on=["indicator", "before_end"], how="left", maintain_order="left")
        .filter(is_of_series)
        .with_columns(
            period=pl.coalesce("saved", "before_period"), is_gap=pl.lit(value=True),
            value=pl.lit(None, FIGURE), end_month=pl.lit(None, pl.Int32),
        )
        .drop("saved", "in_series", "ends", "before_end", "before_period")
    )  # fmt: skip


def value_before(past: Past, shown: pl.DataFrame) -> pl.DataFrame:
    """The value before the one shown, of indicators that are not rated, on each basis.

    Takes shown as `series.shown` gives it. Returns indicator, basis, previous_value Decimal (as
    displayed), previous_period (null where no value is known).
    """
    ends = ends_of(past, shown, past.at)
    bases = pl.DataFrame({"basis": [str(FigureBasis.PERIOD), str(FigureBasis.YTD)]})
    asked = ends.select("indicator", ends="end_month").join(
        bases, how="cross", maintain_order="left"
    )
    return _latest(past, asked).select(
        *_ON,
        previous_value=exact.shown(pl.col("value"), pl.col("decimals")),
        previous_period=pl.when(pl.col("value").is_not_null()).then("period"),
    )


def ends_of(past: Past, shown: pl.DataFrame, at: Period) -> pl.DataFrame:
    """Where the figures that a report shows end, or those that it would: indicator, end_month Int32."""
    due = past.placed.select("indicator", due=series.due_end(at))
    return due.join(
        shown.select("indicator", "end_month"), on="indicator", how="left", maintain_order="left"
    ).select("indicator", end_month=pl.coalesce("end_month", "due"))
