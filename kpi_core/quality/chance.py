"""How likely figures are to repeat or to follow each other by chance alone.

The chance that one figure is just so far from the last one is at most the height of the bell curve
of such differences: step / (spread * sqrt(2 pi)), the step being the last digit shown. The spread is
that of the series' own differences (median absolute deviation, which a few odd ones do not move)
where there are enough of them; a sum of single events or payments without such a history varies at
least as a Poisson count does, sqrt(2 * size) from one period to the next. Where neither is known,
nothing is improbable but a run of single steps: hardly a series moves by less than a thousandth.

A run is told when as many figures as there are would give fewer than RARE such runs by chance. A few
figures are looked at as part of a council's: as if they were a thousand.
"""

from __future__ import annotations

import math

import polars as pl

from kpi_core.quality.facts import SERIES

#: One false alarm in twenty councils of the same size.
RARE = 0.05
#: Figures among which a run is looked for, at least.
FEWEST = 1_000
#: Differences from which the spread of a series is taken rather than that of a Poisson count.
ENOUGH = 8
#: The least that a series is taken to move from one period to the next, of its size.
LEAST = 0.001
#: The standard deviation of a bell curve in median absolute deviations.
_MAD = 1.4826


def stepped(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows that have a value, by series and time, with what a value does against the one before.

    Adds last_digit Float64 (the last one shown), difference Decimal (null where the period before
    is missing), others (how many differences the series has), spread Float64 (of those usual) and
    chance Float64: the most likely that one given difference can be, 1 where that is not known;
    single is the same for a difference of one last digit, and always known.
    """
    ordered = rows.filter(pl.col("value").is_not_null()).sort(*SERIES, "end_month", "line")
    before = pl.col("end_month").shift(1).over(SERIES) == pl.col("first_month")
    change = pl.when(before).then(pl.col("value") - pl.col("value").shift(1).over(SERIES))
    moved = pl.col("difference").cast(pl.Float64)
    size = pl.col("value").cast(pl.Float64).abs()
    spread = (moved - moved.median().over(SERIES)).abs().median().over(SERIES) * _MAD
    digit = pl.lit(10.0).pow(-pl.col("decimals").cast(pl.Float64))
    known = pl.when(pl.col("others") >= ENOUGH).then(spread).when("counted").then((2 * size).sqrt())

    def density(width: pl.Expr) -> pl.Expr:
        q = pl.col("last_digit") / (width * math.sqrt(2 * math.pi))
        return pl.when(width > 0).then(q.clip(0, 1)).otherwise(1.0)

    return (
        ordered.with_columns(difference=change, last_digit=digit)
        .with_columns(others=pl.col("difference").is_not_null().sum().over(SERIES).cast(pl.Int64))
        .with_columns(known=known)
        .with_columns(
            spread=pl.col("known").fill_null(LEAST * size),
            chance=density(pl.col("known")),
            single=density(pl.col("known").fill_null(LEAST * size)),
        )
        .drop("known")
    )


def rare(p: pl.Expr, places: int) -> pl.Expr:
    """Whether something of that chance is too rare to be one of so many places looked at."""
    return p * max(places, FEWEST) < RARE
