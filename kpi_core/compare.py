"""Two or more indicators together: on one scale, and whether one goes with the other, now or later.

Never on two axes: series of different units are indexed to 100 at a common start.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from kpi_core.runs import Floats

#: Two-sided level at which all intervals of one comparison hold together.
LEVEL = 0.05
#: Fisher's z has an error only beyond three points.
FEWEST = 3


def indexed(points: pl.DataFrame) -> pl.DataFrame:
    """Each figure as a share of its series' figure in the first period that all have, times 100.

    Takes series String, x (time), value (a number). Returns the rows with `index` Float64 and `base`
    (the x that is 100, the same for all): both null where the series share no period, index also
    where the figure that would be 100 is not above 0.
    """
    known = points.filter(pl.col("value").is_not_null())
    count = known["series"].n_unique()
    shared = known.group_by("x").agg(pl.col("series").n_unique()).filter(series=count)["x"].min()
    base = pl.lit(shared, points.schema["x"])
    first = known.filter(pl.col("x") == base).select(
        "series", first=pl.col("value").cast(pl.Float64)
    )
    share = 100 * pl.col("value").cast(pl.Float64) / pl.col("first")
    return (
        points.join(first, on="series", how="left", maintain_order="left")
        .with_columns(index=pl.when(pl.col("first") > 0).then(share), base=base)
        .drop("first")
    )


def lagged(one: pl.DataFrame, other: pl.DataFrame, at_most: int) -> pl.DataFrame:
    """How one indicator goes with another so many periods later, or earlier, and how sure that is.

    Takes two frames of x Int64 (periods, one apart) and y Float64. Returns, for each lag from −at_most
    to at_most: lag Int64 (above 0: the other follows the one), n UInt32 (pairs), effective Float64
    (as many independent pairs as they are worth), r, low, high Float64 (Pearson's correlation and its
    interval; null with too few pairs, or where one of them stands still). The intervals of all lags
    hold together with 95%: of many lags one is bound to look strong.
    """
    rows = [_pair(one, other, lag, 2 * at_most + 1) for lag in range(-at_most, at_most + 1)]
    return pl.DataFrame(
        rows,
        schema={
            "lag": pl.Int64, "n": pl.UInt32, "effective": pl.Float64, "r": pl.Float64,
            "low": pl.Float64, "high": pl.Float64,
        },
        orient="row",
    )  # fmt: skip


def _pair(
    one: pl.DataFrame, other: pl.DataFrame, lag: int, lags: int
) -> tuple[int, int, float | None, float | None, float | None, float | None]:
    later = other.select(pl.col("x") - lag, then="y")
    pairs = one.join(later, on="x").sort("x")
    a, b = pairs["y"].to_numpy(), pairs["then"].to_numpy()
    count = len(a)
    if count <= FEWEST or np.ptp(a) == 0 or np.ptp(b) == 0:
        return lag, count, None, None, None, None
    r = float(np.corrcoef(a, b)[0, 1])
    effective = effective_count(a, b)
    if effective <= FEWEST or abs(r) >= 1:
        return lag, count, effective, r, None, None
    low, high = interval(r, effective, lags)
    return lag, count, effective, r, low, high


def effective_count(a: Floats, b: Floats) -> float:
    """How many independent pairs these pairs are worth, when each figure is like the one before.

    n (1 − ρa ρb) / (1 + ρa ρb), with the correlations of each series with itself one period later
    (Bartlett 1935; Bretherton and others, Journal of Climate 12, 1999): never more than n.
    """
    product = _like_the_one_before(a) * _like_the_one_before(b)
    return min(len(a) * (1 - product) / (1 + product), float(len(a)))


def _like_the_one_before(y: Floats) -> float:
    away = y - y.mean()
    return float((away[1:] * away[:-1]).sum() / (away * away).sum())


def interval(r: float, effective: float, lags: int = 1) -> tuple[float, float]:
    """Fisher's interval of a correlation: z = artanh r has an error of 1 / √(n − 3).

    With several lags each interval is as wide as Bonferroni's inequality asks for.
    """
    from scipy.special import ndtri  # the normal distribution alone

    z, half = np.arctanh(r), ndtri(1 - LEVEL / 2 / lags) / np.sqrt(effective - FEWEST)
    return float(np.tanh(z - half)), float(np.tanh(z + half))
