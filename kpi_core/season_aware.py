"""A trend that allows for the time of year, beside the published direction of travel.

A straight line through twelve months takes a season for a trend: figures that rise from April to
March every year rise in every window that begins in April. Here each month, or quarter, has a level of
its own, which is known from other years. This is regression with seasonal indicator terms and a slope that may
change at one known moment (Hyndman and Athanasopoulos, Forecasting: Principles and Practice, third
edition, 7.4 and 7.7). The seasonal Mann–Kendall test that allows for correlation needs about ten
years to be right (Hirsch and Slack, Water Resources Research 20, 1984); councils have two or three.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kpi_core.runs import Floats

#: So many figures must have the same month or quarter of another year to compare with: three years of
#: quarters, or twenty months. With fewer, most trends that are there do not show.
FEWEST = 8
#: What moves by less than this share of a figure does so by binary rounding.
_ROUNDING = 1e-9


class Trend(NamedTuple):
    """A slope per period, and its two-sided p."""

    slope: float
    p: float


def reach(window: int, periods: int) -> int:
    """How many periods to look back over: those of the arrow's window and a year before them."""
    return max(window, FEWEST) + periods


def comparable(x: Floats, periods: int) -> int:
    """How many figures have the same month or quarter of another year to compare with."""
    return len(x) - len(np.unique(_places(x, periods)))


def trend(x: Floats, y: Floats, periods: int, start: float) -> Trend | None:
    """The slope from `start` on, with a level for each of the `periods` of a year.

    x is time in periods, with its gaps, as `trend.points_of` gives it. Figures before `start` say
    what the season is; they may have a slope of their own, which ends where the other begins, so the
    slope tested is that of the arrow's own figures. If a season comes round alike and the rest is
    independent, p is exact. None with fewer than FEWEST comparable figures. Where nothing is left to
    chance, p is 1 without a slope and 0 with one.
    """
    from scipy.special import stdtr  # the distribution alone; scipy.stats takes a second to import

    if comparable(x, periods) < FEWEST:
        return None
    places = _places(x, periods)
    seasons, times = np.unique(places, return_counts=True)
    # A season's only figure is its level: it says nothing of the slope.
    repeated = np.isin(places, seasons[times > 1])
    x, y, places = x[repeated], y[repeated], places[repeated]
    terms = _terms(x - start, places)
    # The last term of an orthogonal decomposition is what no other term explains of it: the slope's own.
    parts, sizes = np.linalg.qr(terms)
    of_slope = float(sizes[-1, -1])
    slope = float(parts[:, -1] @ y) / of_slope
    left = y - parts @ (parts.T @ y)
    least = _ROUNDING * float(np.abs(y).max())
    if np.abs(left).max() <= least:
        return Trend(slope, 0.0) if abs(slope) * np.ptp(x) > least else Trend(0.0, 1.0)
    freedom = len(y) - terms.shape[1]
    error = float(np.sqrt(left @ left / freedom)) / abs(of_slope)
    return Trend(slope, float(2 * stdtr(freedom, -abs(slope) / error)))


def _places(x: Floats, periods: int) -> NDArray[np.int64]:
    """Where in the year each figure stands."""
    return np.floor(x).astype(np.int64) % periods


def _terms(since: Floats, places: NDArray[np.int64]) -> Floats:
    """A column for each season, one for the slope before the start where there is one, one from there."""
    levels = (places[:, None] == np.unique(places)).astype(np.float64)
    before, after = np.minimum(since, 0), np.maximum(since, 0)
    return np.column_stack([levels, *([before] if before.any() else []), after])
