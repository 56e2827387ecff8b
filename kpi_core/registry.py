"""Definitions and the framework: which indicators a report shows in a period, and how they count.

A definition holds from its `from` until a later row of the same indicator replaces it. A row whose
lifecycle is `revised` breaks the series: figures before it measure something else.
"""

from __future__ import annotations

import polars as pl

from kpi_core.figures import Figures
from kpi_core.periods import Frequency, Period, calendar

#: What a definition adds to a placement.
DEFINITION = (
    "kind", "unit", "decimals", "polarity", "measure", "ytd", "arrears", "trend_window",
    "lifecycle", "description", "series_start",
)  # fmt: skip

_LONG_AGO = 0


def definitions(indicators: pl.DataFrame, at: Period) -> pl.DataFrame:
    """The definition of each indicator in force in a period, one row each.

    The columns of `indicators` and series_start Int32: the month (see periods) at which the
    current, unbroken series begins. An indicator defined only later is given by its first
    definition, so that its figures can still be read.
    """
    starts = calendar(indicators["from"].to_list(), at.year_start).select(
        pl.col("period").alias("from"), starts="first_month"
    )
    dated = indicators.join(starts, on="from", how="left", maintain_order="left").with_columns(
        frequency=pl.col("frequency").cast(pl.String)
    )
    in_force = pl.col("starts") < at.end_month
    breaks = pl.when(pl.col("lifecycle") == "revised").then("starts").otherwise(_LONG_AGO)
    return (
        dated.with_columns(rank=pl.when(in_force).then("starts").otherwise(-pl.col("starts")))
        .with_columns(
            series_start=pl.when(in_force).then(breaks).max().over("indicator").fill_null(_LONG_AGO)
        )
        .sort("indicator", "rank")
        .unique("indicator", keep="last", maintain_order=True)
        .drop("starts", "rank")
    )


def placed(figures: Figures, report: str, at: Period) -> pl.DataFrame:
    """The framework of a report in a period, in the report's order, with the definitions in force.

    Returns indicator, section, section_order, order, name, frequency, months (of its frequency),
    and the columns of DEFINITION. Indicators that start later in the year are left out.
    """
    rows = figures.placements.filter(
        (pl.col("report") == report) & (pl.col("year") == str(at.year))
    )
    begun = calendar([s for s in rows["starts"].to_list() if s], figures.year_start).select(
        starts="period", begins="first_month"
    )
    order = figures.sections.filter(
        (pl.col("report") == report) & (pl.col("year") == str(at.year))
    ).select("section", section_order="order")
    defined = definitions(figures.indicators, at).select("indicator", *DEFINITION)
    return (
        rows.join(begun, on="starts", how="left")
        .filter(pl.col("begins").fill_null(_LONG_AGO) < at.end_month)
        .join(order, on="section", how="left")
        .join(defined, on="indicator", how="inner")
        .sort("section_order", "order", "indicator", nulls_last=True)
        .with_columns(
            frequency=pl.col("frequency").cast(pl.String),
            arrears=pl.col("arrears").fill_null(0),
            months=pl.col("frequency")
            .cast(pl.String)
            .replace_strict({str(f): f.months for f in Frequency}, return_dtype=pl.Int32),
        )
        .select(
            "indicator", "section", "section_order", "order", "name", "frequency", "months",
            *DEFINITION,
        )
    )  # fmt: skip


def report_periods(figures: Figures, report: str) -> list[Period]:
    """The periods a report can show, latest first: those that have a figure or a document.

    A period counts when its year has a framework and at least one placed indicator has a figure
    in it, or when a document of the report is about it.
    """
    framework = figures.placements.filter(pl.col("report") == report)
    frequency = report_frequency(figures, report)
    years = set(framework["year"].to_list())
    of_report = figures.observations.filter(
        pl.col("indicator").is_in(framework["indicator"].to_list())
    )
    texts = of_report["period"].unique().to_list() + published_periods(figures, report, frequency)
    periods = {Period.parse(text, figures.year_start) for text in texts}
    return sorted(
        (p for p in periods if p.frequency is frequency and str(p.year) in years),
        key=lambda p: p.first_month,
        reverse=True,
    )


def report_frequency(figures: Figures, report: str) -> Frequency:
    """How often a report appears; quarterly where it is not said."""
    rows = figures.reports.filter(pl.col("report") == report)
    return Frequency(rows["frequency"].item()) if rows.height else Frequency.QUARTER


def published_periods(figures: Figures, report: str, frequency: Frequency) -> list[str]:
    """The periods of that frequency about which a document of the report was published."""
    texts = figures.documents.filter(pl.col("report") == report)["period"].unique().to_list()
    return [t for t in texts if Period.parse(t, figures.year_start).frequency is frequency]
