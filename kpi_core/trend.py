"""Direction of travel: ordinary least squares over the periods charted, or one figure against another.

The first is Kent's way: a two-sided test of the slope, improving or worsening where p < 0.05, stable
otherwise. The level is an assumption, the usual one: the published documents say "regression
analysis" and no more. All indicators are fitted at once; the p-value comes from Student's t.
"""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import polars as pl

from kpi_core import exact, runs
from kpi_core.words import Direction, Polarity

#: Two-sided significance of the slope below which a trend counts as one.
SIGNIFICANCE = 0.05
#: Fewer points say next to nothing about a slope: with six, a trend as steep as half a standard
#: deviation a period is found one time in three.
MINIMUM_POINTS = 6
#: Periods looked back over where an indicator does not say otherwise.
DEFAULT_WINDOW = 12

DIRECTION = pl.Enum([str(direction) for direction in Direction])


def fit(points: pl.DataFrame) -> pl.DataFrame:
    """One straight line for each indicator.

    Takes indicator String, x Float64 (time in periods, real spacing), y Float64, none null. Returns indicator,
    n UInt32, slope, intercept, stderr, p (Float64; null with fewer than three points or one x),
    x_mean and sxx (for an interval about the line), residual_variance.
    A perfect line has p = 0, a level one p = 1.
    """
    placed = runs.together(points, "indicator")
    lengths = runs.lengths(placed)
    lines = runs.heads(placed.select("run", "indicator")).with_columns(
        n=pl.Series(lengths).cast(pl.UInt32)
    )
    x, y = placed["x"].to_numpy(), placed["y"].to_numpy()
    sums = {
        name: np.empty(lines.height) for name in ("x_mean", "y_mean", "sxx", "sxy", "left_over")
    }
    for block in runs.blocks(lengths):
        for name, found in _about_the_middle(block, x[block.rows], y[block.rows]).items():
            sums[name][block.series] = found
    freedom = pl.col("n").cast(pl.Int64) - 2
    has_line = pl.col("sxx") > 0
    lines = (
        lines.with_columns(**{name: pl.Series(found) for name, found in sums.items()})
        .with_columns(slope=pl.when(has_line).then(pl.col("sxy") / pl.col("sxx")))
        .with_columns(
            intercept=pl.col("y_mean") - pl.col("slope") * pl.col("x_mean"),
            residual_variance=pl.when(has_line & (freedom > 0)).then(pl.col("left_over") / freedom),
        )
        .with_columns(stderr=(pl.col("residual_variance") / pl.col("sxx")).sqrt())
    )
    return lines.with_columns(p=_p_value(lines)).select(
        "indicator", "n", "slope", "intercept", "stderr", "p", "x_mean", "sxx", "residual_variance"
    )


def _about_the_middle(block: runs.Block, x: runs.Floats, y: runs.Floats) -> dict[str, runs.Floats]:
    """Sums of squares about the mean of each series, and what its line leaves over."""
    x_mean, y_mean = block.total(x) / block.lengths, block.total(y) / block.lengths
    dx, dy = x - block.spread(x_mean), y - block.spread(y_mean)
    sxx, sxy = block.total(dx * dx), block.total(dx * dy)
    slope = np.divide(sxy, sxx, out=np.zeros_like(sxy), where=sxx > 0)
    residual = dy - block.spread(slope) * dx
    return {
        "x_mean": x_mean,
        "y_mean": y_mean,
        "sxx": sxx,
        "sxy": sxy,
        "left_over": block.total(residual * residual),
    }


def _p_value(lines: pl.DataFrame) -> pl.Series:
    """Two-sided p of each slope: a level or perfect line needs no division by its error."""
    from scipy.special import stdtr  # the distribution alone; scipy.stats takes a second to import

    slope, stderr = pl.col("slope"), pl.col("stderr")
    t = lines.select((slope.abs() / stderr).alias("t"))["t"]
    freedom = lines["n"].cast(pl.Int64) - 2
    tail = pl.Series("tail", 2 * stdtr(freedom.to_numpy(), -t.to_numpy()))
    return lines.with_columns(tail).select(
        p=pl.when(stderr.is_null() | slope.is_null())
        .then(None)
        .when(slope == 0)
        .then(1.0)
        .when(stderr == 0)
        .then(0.0)
        .otherwise("tail")
    )["p"]


def along(lines: pl.DataFrame, at: pl.DataFrame) -> pl.DataFrame:
    """The fitted line and its 95% interval (of the mean) at points of time.

    Takes what `fit` gives, and indicator, x. Returns `at` with fit, fit_low, fit_high Float64: null
    where there is no line.
    """
    from scipy.special import stdtrit  # the t at which a share of the distribution is reached

    t = pl.Series("t", stdtrit(lines["n"].cast(pl.Int64).to_numpy() - 2, 1 - SIGNIFICANCE / 2))
    x, line = pl.col("x"), pl.col("intercept") + pl.col("slope") * pl.col("x")
    spread = 1 / pl.col("n") + (x - pl.col("x_mean")).pow(2) / pl.col("sxx")
    half = pl.col("t") * (pl.col("residual_variance") * spread).sqrt()
    joined = at.join(lines.with_columns(t), on="indicator", how="left", maintain_order="left")
    return joined.select(*at.columns, fit=line, fit_low=line - half, fit_high=line + half)


def direction(lines: pl.DataFrame) -> pl.DataFrame:
    """Add `direction` to what `fit` returns, given each indicator's polarity.

    For higher and lower, `slope` carries the sign; a range or single target is fitted on the
    distance from it (see `points_of`), of which less is better.
    """
    sign = pl.when(pl.col("polarity").cast(pl.String) == Polarity.HIGHER).then(1).otherwise(-1)
    better = pl.col("slope") * sign
    return lines.with_columns(
        direction=pl.when(pl.col("n") < MINIMUM_POINTS)
        .then(pl.lit(Direction.NOT_ENOUGH))
        .when(pl.col("polarity").cast(pl.String) == Polarity.NONE)
        .then(None)
        .when(pl.col("p").is_null() | (pl.col("p") >= SIGNIFICANCE) | (better == 0))
        .then(pl.lit(Direction.STABLE))
        .when(better > 0)
        .then(pl.lit(Direction.IMPROVING))
        .otherwise(pl.lit(Direction.WORSENING))
        .cast(DIRECTION)
    )


def compared(before: pl.Expr, tie: Decimal) -> pl.Expr:
    """The direction from an earlier figure to `value`, both as displayed.

    Needs value, polarity, target_from, target_to. A range or single target is compared by the
    distance from it. A difference up to the tie is stable; without two figures, or without the
    range or target, there is not enough history.
    """
    value, low, high = pl.col("value"), pl.col("target_from"), pl.col("target_to")
    polarity = pl.col("polarity").cast(pl.String)
    now, then = exact.whole(value), exact.whole(before)
    closer = exact.distance(before, low, high) - exact.distance(value, low, high)
    better = (
        pl.when(polarity == Polarity.HIGHER)
        .then(now - then)
        .when(polarity == Polarity.LOWER)
        .then(then - now)
        .when(_is_band())
        .then(closer)
    )
    return (
        pl.when(better.is_null())
        .then(pl.lit(Direction.NOT_ENOUGH))
        .when(better.abs() <= int(tie.scaleb(6)))
        .then(pl.lit(Direction.STABLE))
        .when(better > 0)
        .then(pl.lit(Direction.IMPROVING))
        .otherwise(pl.lit(Direction.WORSENING))
        .cast(DIRECTION)
    )


def _is_band() -> pl.Expr:
    """Whether closer is better: to a range, or to a single target."""
    return pl.col("polarity").cast(pl.String).is_in([Polarity.RANGE, Polarity.TARGET])


def points_of(history: pl.DataFrame) -> pl.DataFrame:
    """The points to fit: indicator, x, y, from a history with polarity and target bands.

    Takes indicator, end_month Int, months Int (of its frequency), unrounded Float64, polarity,
    target_from, target_to. The y of a range or single target is the distance from it, so that
    movement towards it is an improvement from either side; without a target it has no y.
    """
    value = pl.col("unrounded")
    below = (pl.col("target_from").cast(pl.Float64) - value).clip(0).fill_null(0)
    above = (value - pl.col("target_to").cast(pl.Float64)).clip(0).fill_null(0)
    has_band = pl.any_horizontal(pl.col("target_from", "target_to").is_not_null())
    return history.filter(pl.col("unrounded").is_not_null() & (~_is_band() | has_band)).select(
        "indicator",
        x=(pl.col("end_month") / pl.col("months")).cast(pl.Float64),
        y=pl.when(_is_band()).then(below + above).otherwise(value),
    )
