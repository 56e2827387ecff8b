"""Beside the published direction of travel: what other measures make of the same points.

Theil–Sen and Mann–Kendall do not mind a wild figure; Newey–West and `overlapping` mind that figures
which share months are alike; the smallest change that would show says what "stable" is worth; STL parts the season from
the rest. Each is borrowed from scipy or statsmodels, loaded where it is needed. Points are those of
`trend.points_of`: x is time in periods, with its gaps, y the figure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import polars as pl

from kpi_core import display
from kpi_core.runs import Floats
from kpi_core.trend import SIGNIFICANCE
from kpi_core.wording import Wording

#: The chance with which a change should show if it is there: the usual one in planning a study.
POWER = 0.8
#: A season shows only where it comes round again.
YEARS_OF_SEASON = 2

#: Two points have no scatter, and three only one way to scatter.
_FEWEST_FOR_SCATTER = 4
#: What comes and goes by less than this share of a figure does so by binary rounding.
_ROUNDING = 1e-9


class Slope(NamedTuple):
    """A slope per period, and the ends of its 95% interval."""

    slope: float
    low: float
    high: float


def theil_sen(x: Floats, y: Floats) -> Slope | None:
    """The median of the slopes between any two points (Sen 1968); None with fewer than two."""
    from scipy.stats import theilslopes

    if len(np.unique(x)) <= 1:
        return None
    found = theilslopes(y, x, 1 - SIGNIFICANCE)
    return Slope(float(found.slope), float(found.low_slope), float(found.high_slope))


def mann_kendall(x: Floats, y: Floats) -> float | None:
    """Two-sided p of Kendall's tau between figures and time: whether they rise, or fall, throughout.

    Exact for few points without ties, else by the normal distribution with ties allowed for, as
    scipy decides. Figures that are all equal have p = 1; None with fewer than two points.
    """
    from scipy.stats import kendalltau

    if len(y) <= 1:
        return None
    if np.ptp(y) == 0:
        return 1.0
    return float(kendalltau(x, y).pvalue)


def newey_west(x: Floats, y: Floats, overlap: int) -> float | None:
    """Two-sided p of the slope where figures overlap: twelve months rolling, each quarter or month.

    `overlap` is how many figures in a row share a part: 4 by quarter, 12 by month. Errors may hang
    together over overlap − 1 lags, but no more than a third of the points is used, with Bartlett's
    weights and statsmodels' correction for few points (Newey and West 1987). Student's t with n − 2.
    Points count in their order: a gap is not a longer lag. None with fewer than four points; equal
    figures have p = 1.
    """
    from statsmodels.regression.linear_model import OLS

    if len(y) < _FEWEST_FOR_SCATTER:
        return None
    if np.ptp(y) == 0:
        return 1.0
    lines = np.column_stack([np.ones(len(x)), x - x.mean()])
    fitted = OLS(y, lines).fit(
        cov_type="HAC",
        cov_kwds={"maxlags": lags(len(y), overlap), "use_correction": True},
        use_t=True,
    )
    return float(fitted.pvalues[1])


def overlapping(x: Floats, y: Floats, overlap: int) -> float | None:
    """Two-sided p of the slope where figures overlap, by generalised least squares.

    Newey–West has to find out from the figures how they hang together, and cannot from few. But where
    each adds up `overlap` periods, it is known: two figures share 1 − distance / overlap of what they
    add up, so that is how alike their errors are, whatever the gaps between them. If the periods
    themselves are independent the test is exact. None with fewer than four points; equal figures have
    p = 1.
    """
    from statsmodels.regression.linear_model import GLS

    if len(y) < _FEWEST_FOR_SCATTER:
        return None
    if np.ptp(y) == 0:
        return 1.0
    lines = np.column_stack([np.ones(len(x)), x - x.mean()])
    shared = np.clip(1 - np.abs(x[:, None] - x) / overlap, 0, None)
    return float(GLS(y, lines, sigma=shared).fit().pvalues[1])


def lags(points: int, overlap: int) -> int:
    """Over how many lags errors may hang together."""
    return min(overlap - 1, points // 3)


def detectable(lines: pl.DataFrame) -> pl.DataFrame:
    """Add `detectable` Float64: the smallest change a period that would probably show.

    Takes what `trend.fit` returns. A slope shows with a chance of four in five when it is (t for 5%
    on both sides + t for 80%) standard errors: Bloom's minimum detectable effect (Evaluation Review
    19, 1995). Null where there is no line with a scatter.
    """
    from scipy.special import stdtrit

    freedom = lines["n"].cast(pl.Int64).to_numpy() - 2
    t = stdtrit(freedom, 1 - SIGNIFICANCE / 2) + stdtrit(freedom, POWER)
    return lines.with_columns(detectable=pl.col("stderr") * pl.Series(t))


def honesty(points: int, change: str, period: str) -> str:
    """The line beside a direction: `change` is the detectable change as read ("3 points")."""
    return f"{points} points: a change smaller than about {change} a {period} would not show."


def by_chance(ways: int, wording: Wording) -> str:
    """How many of so many directions chance alone would make; empty where that is less than one.

    `If all 35 KPIs with a direction were stable, about two would still …`. One in twenty, see
    SIGNIFICANCE, where figures scatter independently.
    """
    one_in = round(1 / SIGNIFICANCE)
    if ways < one_in:
        return ""
    expected = (ways + one_in // 2) // one_in
    return (
        f"If all {display.count(ways, wording)} KPIs with a direction were stable, about "
        f"{display.count(expected, wording)} would still be shown as improving or worsening by chance. "
        "It is more where figures overlap or follow the season."
    )


def steps(points: pl.DataFrame) -> pl.DataFrame:
    """Add each figure's change on the period before and on the same period a year before.

    Takes indicator String, end_month and months Int, value Decimal, in_series Boolean (false before
    a break in definition, across which nothing is compared). Adds on_previous, on_year_ago Decimal:
    null where either figure is missing.
    """
    place = ["indicator", "in_series", "end_month"]
    joined = points
    for name, back in (("on_previous", pl.col("months")), ("on_year_ago", pl.lit(12))):
        then = points.select(
            "indicator", "in_series", (pl.col("end_month") + back).alias("end_month"),
            before="value",
        )  # fmt: skip
        joined = (
            joined.join(then, on=place, how="left", maintain_order="left")
            .with_columns((pl.col("value") - pl.col("before")).alias(name))
            .drop("before")
        )
    return joined


@dataclass(frozen=True)
class Season:
    """A series in three parts that add up to it, and how much of its coming and going is season."""

    trend: Floats
    seasonal: Floats
    rest: Floats

    @property
    def strength(self) -> float:
        """From 0, no season, to 1, nothing but season (Hyndman and Athanasopoulos, FPP3, 4.3)."""
        without_trend = float(np.var(self.seasonal + self.rest))
        if without_trend <= (_ROUNDING * np.abs(self.trend).max()) ** 2:
            return 0.0
        return max(0.0, 1 - float(np.var(self.rest)) / without_trend)


def chance_of_season(found: Season, periods: int) -> float:
    """The chance that figures without any season would part so by season (Kruskal and Wallis 1952).

    The trend was taken out by the same figures, so it is a little too small: of simulated series without
    any season, of two to ten years, up to 11 in 100 fall below 0.05 and up to 3 in 100 below 0.01. Two
    years never do.
    """
    from scipy.stats import kruskal

    away = found.seasonal + found.rest
    if np.ptp(away) <= _ROUNDING * np.abs(found.trend).max():
        return 1.0
    return float(kruskal(*(away[place::periods] for place in range(periods))).pvalue)


def season(y: Floats, periods: int) -> Season | None:
    """STL, with wild figures weighed down (Cleveland and others 1990).

    Takes figures of periods that follow each other, and how many there are in a year. None with
    fewer than two years of them, or where a year is one period.
    """
    from statsmodels.tsa.seasonal import STL

    if periods == 1 or len(y) < YEARS_OF_SEASON * periods:
        return None
    parts = STL(y, period=periods, robust=True).fit()
    return Season(parts.trend, parts.seasonal, parts.resid)
