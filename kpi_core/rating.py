"""The rating of a KPI: one expression for every polarity and every rule of Amber.

Polarity and target make the target band, the rule of Amber a wider band about it, and a value is
rated by the bands it lies in:

    polarity   target band
    higher     target and above
    lower      target and below
    range      target to target_high
    target     from `closeness` below the target to as much above it

    amber      how far the wider band reaches, on the sides on which the target band ends
    floor      to floor, to floor_high
    points     beyond the target band by the tolerance
    percent    beyond it by that part of the target
    none       no further
    year_ago   beyond it as far as the figure of a year before lay

At either limit counts as inside. The value is compared as displayed.
"""

from __future__ import annotations

import polars as pl

from kpi_core import exact
from kpi_core.fields import FIGURE
from kpi_core.rules import AmberRule, Rules
from kpi_core.words import Amber, Polarity, Rating

RATING = pl.Enum([str(rating) for rating in Rating])

#: What `with_rules` adds.
_RULE: dict[str, pl.DataType] = {"amber": pl.String(), "tolerance": FIGURE, "closeness": FIGURE}
#: What holds where a row has nothing of a rule.
_OTHERWISE = {
    "amber": pl.lit(Amber.FLOOR, pl.String()), "tolerance": pl.lit(None, FIGURE),
    "closeness": pl.lit(0, FIGURE), "year_ago": pl.lit(None, FIGURE),
}  # fmt: skip

_HUNDRED_MICRO = 100_000_000


def with_rules(frame: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Add the rule of each row's indicator: amber String, tolerance and closeness Decimal."""
    names = frame["indicator"].unique(maintain_order=True).to_list()
    rows = [(name, *_columns_of(rules.rule_of(name))) for name in names]
    table = pl.DataFrame(rows, schema={"indicator": pl.String(), **_RULE}, orient="row")
    return frame.join(table, on="indicator", how="left", maintain_order="left")


def _columns_of(rule: AmberRule) -> tuple[object, ...]:
    return str(rule.by), rule.tolerance, rule.closeness


def with_bands(frame: pl.DataFrame) -> pl.DataFrame:
    """Add target_from, target_to, floor_from, floor_to (Decimal(18, 6); null is open), and amber.

    Needs polarity, target, target_high, floor, floor_high. Rules other than the floor need the
    columns of `with_rules`, and year_ago, the figure of a year before as displayed; all but amber
    are used up. floor and floor_high become the limits that hold by the rule, as people read them:
    null where there is no Amber.
    """
    given = frame.with_columns(
        otherwise.alias(name) for name, otherwise in _OTHERWISE.items() if name not in frame.columns
    )
    polarity = pl.col("polarity").cast(pl.String)
    higher = polarity == Polarity.HIGHER
    lower = polarity == Polarity.LOWER
    band = polarity == Polarity.RANGE
    point = polarity == Polarity.TARGET
    by_floor, has_amber = pl.col("amber") == Amber.FLOOR, pl.col("amber") != Amber.NONE
    target, close = exact.whole(pl.col("target")), exact.whole(pl.col("closeness"))
    return (
        given.with_columns(
            target_from=pl.when(higher | band)
            .then("target")
            .when(point)
            .then(exact.from_whole(target - close)),
            target_to=pl.when(lower)
            .then("target")
            .when(band)
            .then("target_high")
            .when(point)
            .then(exact.from_whole(target + close)),
        )
        .with_columns(
            floor_from=pl.when(~by_floor)
            .then(exact.from_whole(exact.whole(pl.col("target_from")) - _allowance("target_from")))
            .when(higher | band | point)
            .then("floor"),
            floor_to=pl.when(~by_floor)
            .then(exact.from_whole(exact.whole(pl.col("target_to")) + _allowance("target_to")))
            .when(lower)
            .then("floor")
            .when(band | point)
            .then("floor_high"),
        )
        .with_columns(
            floor=pl.when(by_floor)
            .then("floor")
            .when(has_amber)
            .then(pl.when(lower).then("floor_to").otherwise("floor_from")),
            floor_high=pl.when(by_floor)
            .then("floor_high")
            .when(has_amber & ~lower)
            .then("floor_to"),
        )
        .drop("tolerance", "closeness", "year_ago")
    )


def _allowance(limit: str) -> pl.Expr:
    """By how much a limit of the target band may be missed, in millionths (Int128).

    A finer allowance is cut off, which moves the limit towards the target: no figure lies between.
    """
    amber = pl.col("amber")
    of_target = pl.when(pl.col("polarity").cast(pl.String) == Polarity.TARGET).then("target")
    share = exact.whole(of_target.otherwise(limit)).abs() * exact.whole(pl.col("tolerance"))
    before = exact.distance(pl.col("year_ago"), pl.col("target_from"), pl.col("target_to"))
    return (
        pl.when(amber == Amber.POINTS)
        .then(exact.whole(pl.col("tolerance")))
        .when(amber == Amber.PERCENT)
        .then(share // _HUNDRED_MICRO)
        .when(amber == Amber.YEAR_AGO)
        .then(before)
        .when(amber == Amber.NONE)
        .then(pl.lit(0, pl.Int128))
    )


def rate(frame: pl.DataFrame) -> pl.DataFrame:
    """Add `shown` (the value as displayed), the four band columns and `rating`.

    Needs value Decimal, decimals Int, and what `with_bands` needs, which also says what becomes of
    floor and floor_high.
    """
    return with_bands(
        frame.with_columns(shown=exact.shown(pl.col("value"), pl.col("decimals")))
    ).with_columns(rating=verdict())


def verdict() -> pl.Expr:
    """The rating of `shown` in the four bands, in the type RATING.

    A value without a target is NOT RATED; one that misses its target where no limit of Amber is
    known on that side is UNDECIDED.
    """
    shown = pl.col("shown")
    too_low = (shown < pl.col("target_from")).fill_null(value=False)
    too_high = (shown > pl.col("target_to")).fill_null(value=False)
    floor_missed_on = pl.when(too_low).then("floor_from").otherwise("floor_to")
    rateable = pl.any_horizontal(pl.col("target_from", "target_to").is_not_null())
    held = pl.when(too_low).then(shown >= floor_missed_on).otherwise(shown <= floor_missed_on)
    return (
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
        .cast(RATING)
    )
