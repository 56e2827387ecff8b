"""The rows of the commentary that belong to a period."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from kpi_core.figures import Figures
from kpi_core.periods import Frequency, Period
from kpi_core.words import Said


def of_period(figures: Figures, report: str, at: Period, kinds: Sequence[str]) -> pl.DataFrame:
    """What is said in a report about a period, or about a quarter or year that ends with it.

    Returns the columns of commentary.csv, kind as String, by section, order and indicator.
    """
    return _about(figures, at, kinds).filter(pl.col("report") == report)


def actions(figures: Figures, at: Period) -> pl.DataFrame:
    """What management does about single indicators in a period, whichever report says it.

    An action is about the indicator, so what the quarterly report says holds for the dashboard of
    the month with which the quarter ends. Returns the columns of commentary.csv, kind as String.
    """
    return _about(figures, at, [Said.ACTION]).filter(pl.col("indicator") != "")


def _about(figures: Figures, at: Period, kinds: Sequence[str]) -> pl.DataFrame:
    ending = {str(p) for p in map(at.ending_with, Frequency) if p.end_month == at.end_month}
    return (
        figures.commentary.with_columns(pl.col("kind").cast(pl.String))
        .filter(pl.col("period").is_in(sorted(ending)) & pl.col("kind").is_in(list(kinds)))
        .sort("section", "order", "indicator")
    )
