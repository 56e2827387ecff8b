"""The matrix of ratings: each KPI over many periods, and how near each rating is to another.

What a committee looks for in it: which KPIs have been Red for long, which change all the time, which
never say anything new, and which hang on a single point.
"""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from kpi_core import exact, rating
from kpi_core.fields import FIGURE
from kpi_core.words import DECIDED, Basis, Rating

#: Fewer known ratings say nothing about whether a KPI is always the same: a year of quarters.
ENOUGH = 4
#: Of a percentage aimed at less than this a whole point would be a leap.
_CLEARLY = Decimal(10)
#: Parts of a target that are one point of it.
_TENTH, _HUNDREDTH = 10, 100

_DECIDED = [str(one) for one in DECIDED]


def facts(grid: pl.DataFrame) -> pl.DataFrame:
    """What the ratings of each KPI come to over the periods of a grid.

    Takes what `history.grid_of_ratings` gives. Returns, in its order: indicator, known UInt32
    (periods with a rating), longest_red UInt32 (the longest stretch of Red), changes UInt32 (how often a rating differs from
    the one before that is known), always String (the one rating it has had, where at least ENOUGH
    are known; else null). A period without a rating breaks a stretch of Red.
    """
    is_red = (pl.col("rating") == Rating.RED).fill_null(value=False)
    stretch = (~is_red).cum_sum().over("indicator")
    marked = grid.with_columns(is_red=is_red, stretch=stretch)
    reds = marked.group_by("indicator", "stretch", maintain_order=True).agg(
        reds=pl.col("is_red").sum()
    )
    longest = reds.group_by("indicator", maintain_order=True).agg(longest_red=pl.col("reds").max())
    known = grid.filter(pl.col("rating").is_in(_DECIDED)).with_columns(
        moved=(pl.col("rating") != pl.col("rating").shift(1).over("indicator")).fill_null(
            value=False
        )
    )
    counts = known.group_by("indicator").agg(
        known=pl.len(),
        changes=pl.col("moved").sum(),
        always=pl.when((pl.len() >= ENOUGH) & (pl.col("rating").n_unique() == 1)).then(
            pl.col("rating").first()
        ),
    )
    return longest.join(counts, on="indicator", how="left", maintain_order="left").select(
        "indicator",
        pl.col("known").fill_null(0),
        pl.col("longest_red").cast(pl.UInt32),
        pl.col("changes").fill_null(0),
        "always",
    )


def near(kpis: pl.DataFrame) -> pl.DataFrame:
    """The ratings that one point more or less would change.

    A point is one percentage point, of a percentage aimed at less than 10% a tenth of its target,
    for other units a hundredth of it; never less than one of the last digit shown. Takes rows of `scorecard.kpis`; those whose rating was worked out from a
    figure. A limit that hangs on the figure of a year ago stays where it is. Returns indicator,
    name, section, unit, decimals, rating, value, target, floor, amber, point Decimal, and by_more
    and by_less (the rating that a point more or less would give, null where it is the same): rows
    with at least one of the two, in the order of `kpis`.
    """
    last_digit = pl.col("decimals").replace_strict(
        {places: Decimal(1).scaleb(-places) for places in range(exact.MOST_DECIMALS + 1)},
        return_dtype=FIGURE,
    )
    parts = pl.when(pl.col("unit") == "percent").then(_TENTH).otherwise(_HUNDREDTH)
    share = exact.quotient(
        pl.col("target").abs(), parts.cast(FIGURE), pl.lit(1), pl.col("decimals")
    )
    is_point = (pl.col("unit") == "percent") & (pl.col("target").abs() >= _CLEARLY)
    rated = kpis.filter(
        (pl.col("rating_basis") == Basis.COMPUTED)
        & pl.col("rating").cast(pl.String).is_in(_DECIDED)
    ).with_columns(
        point=pl.when(is_point)
        .then(pl.lit(1, FIGURE))
        .otherwise(pl.max_horizontal(share, last_digit))
    )
    other = {
        name: rated.with_columns(shown=pl.col("value") + sign * pl.col("point")).select(
            pl.when(rating.verdict() != pl.col("rating")).then(rating.verdict()).alias(name)
        )[name]
        for name, sign in (("by_more", 1), ("by_less", -1))
    }
    return rated.with_columns(**other).filter(
        pl.any_horizontal(pl.col("by_more", "by_less").is_not_null())
    ).select(
        "indicator", "name", "section", "unit", "decimals", "rating", "value", "target",
        "target_high", "floor", "floor_high", "amber", "point", "by_more", "by_less",
    )  # fmt: skip
