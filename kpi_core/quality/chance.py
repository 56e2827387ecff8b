"""How likely figures are to repeat or to follow each other by chance alone.

The chance that one figure is just so far from the last one is at most the height of the bell curve
of such differences: step / (spread * sqrt(2 pi)), the step being the last digit shown. The spread is
that of the series' own differences (median absolute deviation, which a few odd ones do not move)
where there are enough of them; a count without such a history varies at least as a Poisson count
does, sqrt(2 * size) from one period to the next. Where neither is known, nothing is improbable.

A run is told when as many figures as there are would give fewer than RARE such runs by chance.
"""

from __future__ import annotations

import math

import polars as pl

from kpi_core.quality.facts import SERIES
from kpi_core.words import Measure

#: One false alarm in twenty councils of the same size.
RARE = 0.05
#: Differences from which the spread of a series is taken rather than that of a Poisson count.
ENOUGH = 8
#: The standard deviation of a bell curve in median absolute deviations.
_MAD = 1.4826


def stepped(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows that have a value, by series and time, with what a value does against the one before.

    Adds last_digit Float64 (the last one shown), difference Decimal (null where the period before
    is missing), others (how many differences the series has) and chance Float64: the most likely
    that one given difference can be, 1 where that is not known.
    """
    ordered = rows.filter(pl.col("value").is_not_null()).sort(*SERIES, "end_month", "line")
    before = pl.col("end_month").shift(1).over(SERIES) == pl.col("first_month")
    change = pl.when(before).then(pl.col("value") - pl.col("value").shift(1).over(SERIES))
    moved = pl.col("difference").cast(pl.Float64)
    size = pl.col("value").cast(pl.Float64).abs()
    spread = (moved - moved.median().over(SERIES)).abs().median().over(SERIES) * _MAD
    counted = (
        (pl.col("unit") == "number")
        & (pl.col("decimals") == 0)
        & (pl.col("measure") == Measure.IN_PERIOD)
    )
    known = (
        pl.when(pl.col("others") >= ENOUGH)
        .then(spread)
        .when(counted)
        .then((2 * size).sqrt())
        .otherwise(0.0)
    )
    digit = pl.lit(10.0).pow(-pl.col("decimals").cast(pl.Float64))
    return (
        ordered.with_columns(difference=change, last_digit=digit)
        .with_columns(others=pl.col("difference").is_not_null().sum().over(SERIES).cast(pl.Int64))
        .with_columns(spread=known)
        .with_columns(
            chance=pl.when(pl.col("spread") > 0)
            .then((pl.col("last_digit") / (pl.col("spread") * math.sqrt(2 * math.pi))).clip(0, 1))
            .otherwise(1.0)
        )
    )
