"""The rating matrix: how KPIs stood, period by period, and what their ratings hang on.

A KPI that was never anything but Green asks nothing of anybody; one that is always Red has a target
that nobody believes in. And a rating that one point would turn is to be read with that in mind.
"""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from kpi_core import exact, rating
from kpi_core.words import DECIDED, Rating

#: From so many ratings on, a year of quarters, "never anything but" says something.
LEAST_RATED = 4

_BETTER = {Rating.RED: 0, Rating.AMBER: 1, Rating.GREEN: 2}


def histories(ratings: pl.DataFrame) -> pl.DataFrame:
    """Each KPI's ratings in a line: what a matrix is sorted by.

    Takes indicator String, place Int (its position on the calendar, one apart), rating String (a
    code; null where nothing is known), one row for each indicator and place. Returns indicator, rated
    UInt32 (periods rated Green, Amber or Red), changed UInt32 (times that the rating was another than
    the one before, whatever lay between), longest_red, red_now UInt32 (periods one after another, up
    to the last place for red_now: a period without a rating ends a row), only_green, only_red Boolean
    (of four ratings or more), in the order in which indicators appear.
    """
    ordered = ratings.sort("indicator", "place")
    code = pl.col("rating").cast(pl.String)
    is_red = (code == Rating.RED).fill_null(value=False)
    decided = ordered.filter(code.is_in([str(one) for one in DECIDED]))
    green, red = (code == one for one in (Rating.GREEN, Rating.RED))
    of_rated = decided.group_by("indicator").agg(
        rated=pl.len(),
        changed=(code != code.shift(1)).sum(),
        only_green=(pl.len() >= LEAST_RATED) & green.all(),
        only_red=(pl.len() >= LEAST_RATED) & red.all(),
    )
    row_of_reds = (
        ordered.with_columns(is_red=is_red)
        .with_columns(row=pl.struct("indicator", "is_red").rle_id())
        .group_by("indicator", "row", "is_red", maintain_order=True)
        .agg(length=pl.len())
        .with_columns(length=pl.when("is_red").then("length").otherwise(0))
        .group_by("indicator")
        .agg(longest_red=pl.col("length").max(), red_now=pl.col("length").last())
    )
    return (
        ratings.select(pl.col("indicator").unique(maintain_order=True))
        .join(of_rated, on="indicator", how="left", maintain_order="left")
        .join(row_of_reds, on="indicator", how="left", maintain_order="left")
        .with_columns(
            pl.col("rated", "changed", "longest_red", "red_now").fill_null(0).cast(pl.UInt32),
            pl.col("only_green", "only_red").fill_null(value=False),
        )
        .select("indicator", "rated", "changed", "longest_red", "red_now", "only_green", "only_red")
    )


def sensitivity(kpis: pl.DataFrame, by: Decimal = Decimal(1)) -> pl.DataFrame:
    """What each rating would be if the value were higher or lower by so much, in its own unit.

    Takes what `rating.rate` takes (with the columns of `rating.with_rules`, where rules differ).
    Returns the rows with rating, rating_up, rating_down (RATING; of a row without a value all NO DATA),
    at_risk (a point the wrong way would worsen the rating) and in_reach (a point the right way would
    better it), both Boolean: whichever way that is for its polarity.
    """
    ratings = {
        name: rating.rate(
            kpis.with_columns(
                value=exact.from_whole(exact.whole(pl.col("value")) + int(move * 10**6))
            )
        )["rating"]
        for name, move in (("rating", Decimal(0)), ("rating_up", by), ("rating_down", -by))
    }
    moved = kpis.drop("rating", strict=False).with_columns(**ratings)
    now, up, down = (
        pl.col(name).replace_strict(_BETTER, default=None, return_dtype=pl.Int8) for name in ratings
    )
    return moved.with_columns(
        at_risk=(pl.min_horizontal(up, down) < now).fill_null(value=False),
        in_reach=(pl.max_horizontal(up, down) > now).fill_null(value=False),
    )
