"""The rating of a KPI: one expression for every polarity.

Each polarity turns target and floor into two bands, and a value is rated by the bands it lies in:

    polarity   target band             floor band
    higher     target and above        floor and above
    lower      target and below        floor and below
    range      target to target_high   floor to floor_high

At target is Green, at floor is Amber. The value is compared as displayed.
"""

from __future__ import annotations

import polars as pl

from kpi_core import exact
from kpi_core.words import Polarity, Rating

RATING = pl.Enum([str(rating) for rating in Rating])


def with_bands(frame: pl.DataFrame) -> pl.DataFrame:
    """Add target_from, target_to, floor_from, floor_to (Decimal(18, 6); null is open).

    Needs polarity, target, target_high, floor, floor_high.
    """
    polarity = pl.col("polarity").cast(pl.String)
    higher = polarity == Polarity.HIGHER
    lower = polarity == Polarity.LOWER
    band = polarity == Polarity.RANGE
    return frame.with_columns(
        target_from=pl.when(higher | band).then("target"),
        target_to=pl.when(lower).then("target").when(band).then("target_high"),
        floor_from=pl.when(higher | band).then("floor"),
        floor_to=pl.when(lower).then("floor").when(band).then("floor_high"),
    )


def rate(frame: pl.DataFrame) -> pl.DataFrame:
    """Add `shown` (the value as displayed), the four band columns and `rating`.

    Needs value Decimal, decimals Int, polarity, target, target_high, floor, floor_high.
    A value without a target is NOT RATED; one that misses its target where no floor is known on
    that side is UNDECIDED.
    """
    shown = pl.col("shown")
    too_low = (shown < pl.col("target_from")).fill_null(value=False)
    too_high = (shown > pl.col("target_to")).fill_null(value=False)
    floor_missed_on = pl.when(too_low).then("floor_from").otherwise("floor_to")
    rateable = pl.any_horizontal(pl.col("target_from", "target_to").is_not_null())
    held = pl.when(too_low).then(shown >= floor_missed_on).otherwise(shown <= floor_missed_on)
    verdict = (
        pl.when(shown.is_null())
        .then(pl.lit(Rating.NO_DATA))
        .when(~rateable)
        .then(pl.lit(Rating.NOT_RATED))
        .when(~too_low & ~too_high)
        .then(pl.lit(Rating.GREEN))
        .when(floor_missed_on.is_null())
        .then(pl.lit(Rating.UNDECIDED))
        .when(held)
        .then(pl.lit(Rating.AMBER))
        .otherwise(pl.lit(Rating.RED))
    )
    return with_bands(
        frame.with_columns(shown=exact.shown(pl.col("value"), pl.col("decimals")))
    ).with_columns(rating=verdict.cast(RATING))
