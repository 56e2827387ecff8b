"""XmR charts: which figures differ from the others by more than chance makes them differ.

Limits stand about the mean, a point outside them or in a pattern that chance seldom draws is a
special cause, and polarity says whether that is an improvement or a concern. The arithmetic stands
in `xmr`, the rules with their cases in docs/rules/spc.md.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
import polars as pl

from kpi_core import runs, xmr
from kpi_core.words import Polarity

#: Fewer points make no limits that hold. NHSRplotthedots speaks of "trial limits" below 12, and no
#: longer at 12 (its tests and its message; a comment in ptd_add_short_group_warnings.R says 13).
SPC_MINIMUM_POINTS = 12


class Cause(StrEnum):
    """What marks a point. A point that several rules mark bears the first of these."""

    ABOVE = "above the upper limit"
    BELOW = "below the lower limit"
    RISING = "7 rising"
    FALLING = "7 falling"
    NEAR_UPPER = "2 of 3 close to the upper limit"
    NEAR_LOWER = "2 of 3 close to the lower limit"
    HIGH = "7 above the mean"
    LOW = "7 below the mean"
    COMMON = "common cause"


class Variation(StrEnum):
    """What a cause means, given which way is better."""

    IMPROVEMENT = "improvement"
    CONCERN = "concern"
    HIGHER = "higher"  #: neither way is better in itself
    LOWER = "lower"
    COMMON = "common cause"


class Assurance(StrEnum):
    """Whether figures will keep to their target as long as nothing changes."""

    MET = "consistently met"
    MISSED = "consistently missed"
    HIT_AND_MISS = "hit and miss"


CAUSE = pl.Enum([str(cause) for cause in Cause])
VARIATION = pl.Enum([str(variation) for variation in Variation])
ASSURANCE = pl.Enum([str(assurance) for assurance in Assurance])

_CODE = {cause: place for place, cause in enumerate(Cause)}
_DOWN = [str(cause) for cause in (Cause.BELOW, Cause.FALLING, Cause.NEAR_LOWER, Cause.LOW)]


def points_of(history: pl.DataFrame, rebased: pl.DataFrame) -> pl.DataFrame:
    """The points to chart, from a history, and from where limits begin anew.

    Takes what `series.points` returns: indicator, end_month and months Int, unrounded Float64, in_series
    (false before a break in definition); and indicator, x Int64 of where somebody re-based a chart, x
    being the periods since the year 0. Returns what `chart` takes, all of it in the baseline: a
    period without a figure is left out.
    """
    known = history.filter(pl.col("unrounded").is_not_null()).select(
        "indicator",
        "in_series",
        x=(pl.col("end_month") // pl.col("months")).cast(pl.Int64),
        value="unrounded",
        in_baseline=pl.lit(value=True),
    )
    breaks = known.filter("in_series").group_by("indicator").agg(pl.col("x").min())
    starts = pl.concat([breaks, rebased.select("indicator", "x")])
    return staged(known.drop("in_series"), starts)


def staged(points: pl.DataFrame, starts: pl.DataFrame) -> pl.DataFrame:
    """Number the stages of each series: limits are made anew from each start on.

    Takes indicator String and x (time, of one type in both); starts are breaks in definition and
    where somebody re-based the chart. Returns points, by indicator and x, with `stage` UInt32.
    """
    number = pl.int_range(1, pl.len() + 1, dtype=pl.UInt32).over("indicator")
    begun = starts.select("indicator", "x").unique().sort("x").with_columns(stage=number)
    placed = points.sort("x").join_asof(begun, on="x", by="indicator", check_sortedness=False)
    return placed.with_columns(pl.col("stage").fill_null(0)).sort("indicator", "x")


def limits(points: pl.DataFrame, *, screened: bool = True) -> pl.DataFrame:
    """The limits of each stage of each series.

    Takes indicator String, stage UInt32, x (time), value Float64 (none null) and in_baseline
    Boolean: limits are made from these points and hold for the whole stage. Plain limits use every
    moving range of the baseline; screened ones leave out the extreme. Returns, in the order in which
    series appear, indicator, stage, n UInt32 (points of the baseline), mean, mean_range, lower,
    upper Float64 (null without a baseline; about a single point there is no room), left_out UInt32
    (moving ranges screened out), enough Boolean. Raises ValueError for two figures of one period,
    TypeError for figures or times of another type.
    """
    placed = _placed(points)
    return _framed(placed, _worked_out(placed, screened=screened))


def chart(points: pl.DataFrame, *, screened: bool = True) -> pl.DataFrame:
    """Every point with the limits of its stage and its cause.

    Takes what `limits` takes. Returns the points, those of a series together and in order of time,
    with mean, lower, upper Float64 and cause (CAUSE): null where the baseline has too few points.
    """
    placed = _placed(points)
    worked_out = _worked_out(placed, screened=screened)
    value, codes = placed["value"].to_numpy(), np.empty(placed.height, dtype=np.uint8)
    for block in runs.blocks(runs.lengths(placed)):
        found = xmr.signals(block, value[block.rows], worked_out.of(block.series))
        codes[block.rows] = first_cause(found)
    enough, known = pl.col("enough"), _framed(placed, worked_out)
    held = known.select(
        "enough", *(pl.when(enough).then(name).alias(name) for name in ("mean", "lower", "upper"))
    )
    cause = pl.Series("cause", list(Cause), dtype=CAUSE).gather(pl.Series(codes))
    return (
        placed.drop("run")
        .hstack(held.select(pl.all().gather(placed["run"])))
        .with_columns(cause=pl.when(enough).then(cause))
        .drop("enough")
    )


def first_cause(found: xmr.Signals) -> runs.Codes:
    """The place among the causes of the first rule that marks each point."""
    codes = np.full(len(found.outside), _CODE[Cause.COMMON], dtype=np.uint8)
    for signs, up, down in (
        (found.one_side, Cause.HIGH, Cause.LOW),
        (found.two_of_three, Cause.NEAR_UPPER, Cause.NEAR_LOWER),
        (found.trend, Cause.RISING, Cause.FALLING),
        (found.outside, Cause.ABOVE, Cause.BELOW),
    ):
        codes[signs > 0], codes[signs < 0] = _CODE[up], _CODE[down]
    return codes


def _placed(points: pl.DataFrame) -> pl.DataFrame:
    """The points of each series together and in order of time, with `run`."""
    if not (points.schema["value"].is_float() and _is_time(points.schema["x"])):
        raise TypeError("A chart takes its figures as Float64, at numbers or dates of time.")
    placed = runs.together(points, "indicator", "stage")
    x, follows = pl.col("x"), pl.col("run") == pl.col("run").shift(1)
    if placed.select((follows & (x < x.shift(1))).any()).item():
        placed = placed.sort("run", "x")
    if placed.select((follows & (x == x.shift(1))).any()).item():
        raise ValueError("A series has two figures of one period.")
    return placed


def _is_time(dtype: pl.DataType) -> bool:
    return dtype.is_numeric() or dtype.is_temporal()


def _worked_out(placed: pl.DataFrame, *, screened: bool) -> xmr.Limits:
    value, base = placed["value"].to_numpy(), placed["in_baseline"].to_numpy()
    return xmr.Limits.joined(
        xmr.limits(block, value[block.rows], base[block.rows], screened=screened)
        for block in runs.blocks(runs.lengths(placed))
    )


def _framed(placed: pl.DataFrame, worked_out: xmr.Limits) -> pl.DataFrame:
    width = xmr.LIMIT * pl.col("mean_range")
    return (
        runs.heads(placed)
        .select("indicator", "stage")
        .with_columns(
            n=pl.Series(worked_out.n).cast(pl.UInt32),
            mean=pl.Series(worked_out.mean).fill_nan(None),
            mean_range=pl.Series(worked_out.mean_range).fill_nan(None),
            left_out=pl.Series(worked_out.left_out).cast(pl.UInt32),
        )
        .with_columns(lower=pl.col("mean") - width, upper=pl.col("mean") + width)
        .with_columns(enough=pl.col("n") >= SPC_MINIMUM_POINTS)
        .select(
            "indicator", "stage", "n", "mean", "mean_range", "lower", "upper", "left_out", "enough"
        )
    )


def variation(cause: pl.Expr, polarity: pl.Expr) -> pl.Expr:
    """What a cause means (VARIATION): better or worse where higher or lower is better.

    For a range, a single target or no polarity neither way is better in itself. Null without a cause.
    """
    cause, polarity = cause.cast(pl.String), polarity.cast(pl.String)
    down = cause.is_in(_DOWN)
    better = (
        pl.when(polarity == Polarity.HIGHER).then(~down).when(polarity == Polarity.LOWER).then(down)
    )
    return (
        pl.when(cause == Cause.COMMON)
        .then(pl.lit(Variation.COMMON))
        .when(cause.is_null())
        .then(None)
        .when(better)
        .then(pl.lit(Variation.IMPROVEMENT))
        .when(better.not_())
        .then(pl.lit(Variation.CONCERN))
        .when(down)
        .then(pl.lit(Variation.LOWER))
        .otherwise(pl.lit(Variation.HIGHER))
        .cast(VARIATION)
    )


def stretches(charted: pl.DataFrame) -> pl.DataFrame:
    """The special causes of a chart as one would tell them: from which point to which.

    Takes what `chart` returns. Returns indicator, cause, first and last (their x), points UInt32: one
    row for neighbours of one stage that bear the same cause.
    """
    return (
        charted.with_columns(alike=pl.struct("indicator", "stage", "cause").rle_id())
        .filter(pl.col("cause") != Cause.COMMON)
        .group_by("alike", maintain_order=True)
        .agg(
            pl.col("indicator", "cause").first(),
            first=pl.col("x").first(),
            last=pl.col("x").last(),
            points=pl.len(),
        )
        .drop("alike")
    )


def assurance(lower: pl.Expr, upper: pl.Expr, target_from: pl.Expr, target_to: pl.Expr) -> pl.Expr:
    """Whether limits lie wholly inside the band of the target, wholly outside, or neither.

    The band is that of `rating.with_bands`: null is an open end, two nulls are no target. A target on
    a limit is hit and miss. Null without limits or target (ASSURANCE).
    """
    low, high = target_from.cast(pl.Float64), target_to.cast(pl.Float64)
    known = lower.is_not_null() & (low.is_not_null() | high.is_not_null())
    inside = (lower > low).fill_null(value=True) & (upper < high).fill_null(value=True)
    outside = (upper < low).fill_null(value=False) | (lower > high).fill_null(value=False)
    return (
        pl.when(~known)
        .then(None)
        .when(inside)
        .then(pl.lit(Assurance.MET))
        .when(outside)
        .then(pl.lit(Assurance.MISSED))
        .otherwise(pl.lit(Assurance.HIT_AND_MISS))
        .cast(ASSURANCE)
    )


def remark(n: int, mean_range: float, periods: str, *, rolling: bool = False) -> str | None:
    """What stands where there is nothing to chart, None where there is.

    Takes n and mean_range of `limits`, what one point is of ("months", "quarters"), and whether
    figures are of twelve months rolling.
    """
    if rolling:
        return (
            "Figures of twelve months rolling make no XmR chart: each shares most of its months "
            "with the one before, so that runs come about by themselves."
        )
    if n < SPC_MINIMUM_POINTS:
        return (
            f"{n} {periods} are too few points for an XmR chart. "
            f"It needs {SPC_MINIMUM_POINTS} or more."
        )
    if mean_range == 0:
        return f"The figure was the same in all {n} {periods}: nothing varies."
    return None
