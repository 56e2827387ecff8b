"""Figures far outside their indicator's own variation.

How often the two rules are wrong was measured on figures that are right, each period held against
those before it alone: docs/rules/quality.md has what was found.
"""

from __future__ import annotations

import polars as pl

from kpi_core import display
from kpi_core.quality import chance
from kpi_core.quality.facts import CELL, SERIES, Row, several, told, words

#: How many spreads a change must be off the usual one.
FAR = 5
#: Earlier figures that can speak where there are too few changes for a spread, and how many times
#: as far outside of them as they lie apart a figure must be.
FEWEST, WIDE = 5, 2
#: The least that it must be off, of the usual size: by less no reader would be surprised.
LEAST = 0.1


def jumped(rows: pl.DataFrame, brought: pl.DataFrame) -> pl.DataFrame:
    """The figures brought (`brought` has the columns of CELL) that jump out of their series.

    In a series with more than chance.ENOUGH changes from one period to the next: those whose change
    is far off the usual one (see `_far`). In a shorter one: those far outside the earlier figures
    (see `_outside`). Takes rows of `facts.observed`. Returns those found with before (the figure of
    the period before) Decimal and spread Float64, both null in a short series; low and high
    Decimal, of the n UInt32 earlier figures.
    """
    of_these = rows.join(brought.select("indicator").unique(), on="indicator", how="semi")
    steps = chance.stepped(of_these).with_columns(
        amount=pl.col("value").cast(pl.Float64),
        is_long=pl.col("others") > chance.ENOUGH,
        n=pl.int_range(pl.len(), dtype=pl.UInt32).over(SERIES),
        low=pl.col("value").cum_min().shift(1).over(SERIES),
        high=pl.col("value").cum_max().shift(1).over(SERIES),
    )
    sized = steps.with_columns(size=pl.col("amount").abs().median().over(SERIES)).with_columns(
        # The last digit shown, and what single events vary by anyway: see `chance`.
        least=pl.max_horizontal(
            "last_digit", pl.when("counted").then((2 * pl.col("size")).sqrt()).otherwise(0.0)
        )
    )
    found = pl.concat([_far(sized), _outside(sized)])
    # Many may be brought and few jump: a join is quicker by the shorter side.
    both = brought.join(found, on=CELL, how="semi")
    return found.join(both, on=CELL, how="semi", maintain_order="left").select(
        *rows.columns, "before", "spread", "n", "low", "high"
    )


def _far(steps: pl.DataFrame) -> pl.DataFrame:
    """Those whose change is more than FAR spreads off the median change, and LEAST of the size.

    The spread is 1.4826 times the median absolute deviation of the changes, which a few odd ones do
    not move. A figure that lies as close to that of a year before is in season; and the way back
    from a jump is none.
    """
    moved = pl.col("difference").cast(pl.Float64)
    off = moved - moved.median().over(SERIES)
    season = [*SERIES, pl.col("end_month") % 12]
    allowed = FAR * pl.max_horizontal("spread", "least")
    far = (
        pl.col("is_long")
        & (off.abs() > allowed)
        & (moved.abs() >= LEAST * pl.col("size"))
    ).fill_null(value=False)  # fmt: skip
    last_off = pl.when("far").then("off").shift(1).over(SERIES).fill_null(0.0)
    a_year_ago = pl.col("amount").shift(1).over(season)
    in_season = ((pl.col("amount") - a_year_ago).abs() <= allowed).fill_null(value=False)
    return steps.with_columns(far=far, off=off).filter(
        "far", last_off * pl.col("off") >= 0, ~in_season
    ).with_columns(before=pl.col("value") - pl.col("difference")).drop("far", "off")  # fmt: skip


def _outside(steps: pl.DataFrame) -> pl.DataFrame:
    """Those that lie WIDE times as far outside the earlier figures as these lie apart."""
    beyond = pl.max_horizontal(pl.col("value") - pl.col("high"), pl.col("low") - pl.col("value"))
    apart = (pl.col("high") - pl.col("low")).cast(pl.Float64)
    return steps.filter(
        ~pl.col("is_long")
        & (pl.col("n") >= FEWEST)
        & (beyond.cast(pl.Float64) > WIDE * pl.max_horizontal(apart, "least"))
        & (beyond.cast(pl.Float64) >= LEAST * pl.col("size"))
    ).with_columns(
        before=pl.lit(None, steps.schema["value"]), spread=pl.lit(None, pl.Float64)
    )  # fmt: skip


def jump(found: pl.DataFrame, year_start: int) -> pl.DataFrame:
    """The finding for each row of `jumped`: a warning."""

    def sentence(row: Row) -> str:
        now = f"{row['label']}: {words(row['period'], year_start)} is {several([row['value']], row['unit'])}"
        if row["before"] is None:
            return (
                f"{now}, while the {display.count(row['n'])} figures before it lie between "
                f"{several([row['low'], row['high']], row['unit'])}; it lies far outside of them."
            )
        was = several([row["before"]], row["unit"])
        usual = f"{row['spread']:,.{row['decimals']}f}"
        return (
            f"{now} after {was} the period before, where changes usually stay within about {usual}; "
            "it lies far outside the indicator's own variation."
        )

    return told(found, "jump", "warning", sentence)
