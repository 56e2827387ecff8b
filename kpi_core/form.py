"""The form of a period: what an analyst fills in and uploads again."""

from __future__ import annotations

import polars as pl

from kpi_core import registry
from kpi_core.figures import Figures
from kpi_core.periods import Frequency, Period
from kpi_core.words import FigureBasis, Kind

#: The columns that say which indicator a row is about, as reports print them.
REF, NAME = "Ref", "Indicator description"


def form(figures: Figures, report: str, at: Period) -> pl.DataFrame:
    """One row for each KPI and activity indicator due in the period, what is held filled in.

    In the report's order. Returns Ref String, Indicator description String, and a column named
    after the period, as people write it, Decimal: null where nothing is held yet.
    """
    placed = registry.placed(figures, report, at)
    due = {
        str(frequency): str(period)
        for frequency in Frequency
        if (period := at.ending_with(frequency)).end_month == at.end_month
    }
    rows = placed.filter(
        (pl.col("kind").cast(pl.String) != Kind.TABLE) & pl.col("frequency").is_in(list(due))
    ).with_columns(period=pl.col("frequency").replace_strict(due, return_dtype=pl.String))
    held = figures.observations.filter(
        (pl.col("basis").cast(pl.String) == FigureBasis.PERIOD) & (pl.col("breakdown") == "")
    ).select("indicator", "period", "value")
    return rows.join(held, on=["indicator", "period"], how="left", maintain_order="left").select(
        pl.col("indicator").alias(REF),
        pl.col("name").alias(NAME),
        pl.col("value").alias(column(at)),
    )


def column(at: Period) -> str:
    """The period as it heads a column: `Dec-24`, `Q2 2024/25`, `2024/25`."""
    return at.short.replace(" ", "-") if at.frequency is Frequency.MONTH else at.words
