"""What an indicator's figures can tell and what they cannot: other measures beside its trend."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from kpi_core import robust, season_aware, trend
from kpi_core.periods import Frequency
from kpi_core.robust import Slope
from kpi_core.views.one_indicator import IndicatorView
from kpi_core.words import Measure


@dataclass(frozen=True)
class Tests:
    """What each measure makes of the figures that the trend looks at; slopes are per period.

    For a range or a single target they are about the distance from it, of which less is better.
    """

    slope: float  #: of the regression
    p: float | None
    detectable: float | None  #: see robust.detectable
    theil_sen: Slope | None
    mann_kendall: float | None
    newey_west: float | None  #: only of figures that overlap, as is the next
    overlapping: float | None
    season: season_aware.Trend | None  #: of figures that a season may move, where they are enough
    comparable: int | None  #: see season_aware.comparable; None where no season moves them

    @property
    def overlap(self) -> bool:
        """Whether figures share months with the ones before."""
        return self.overlapping is not None


@dataclass(frozen=True)
class Telling:
    """What the figures can tell."""

    points: int  #: how many figures the trend looks at
    tests: Tests | None  #: None where these are too few
    latest: dict[str, object] | None  #: the place of the latest figure, with robust.steps


def telling(view: IndicatorView) -> Telling:
    """What the figures of an indicator can tell."""
    points = view.points
    enough = points.height >= trend.MINIMUM_POINTS
    return Telling(points.height, _tests(view) if enough else None, _latest(view))


def _tests(view: IndicatorView) -> Tests:
    line = robust.detectable(trend.fit(view.points)).row(0, named=True)
    x, y = (view.points[name].to_numpy() for name in ("x", "y"))
    alike = _overlap(view)
    seasons = _seasons(view)
    longer_x, longer_y = (view.longer[name].to_numpy() for name in ("x", "y"))
    return Tests(
        slope=line["slope"],
        p=line["p"],
        detectable=line["detectable"],
        theil_sen=robust.theil_sen(x, y),
        mann_kendall=robust.mann_kendall(x, y),
        newey_west=robust.newey_west(x, y, alike) if alike > 1 else None,
        overlapping=robust.overlapping(x, y, alike) if alike > 1 else None,
        season=season_aware.trend(longer_x, longer_y, seasons, x.min()) if seasons else None,
        comparable=season_aware.comparable(longer_x, seasons) if seasons else None,
    )


def _overlap(view: IndicatorView) -> int:
    """How many figures in a row share a part of what they add up."""
    if str(view.indicator["measure"]) != Measure.ROLLING:
        return 1
    return 12 // Frequency(str(view.indicator["frequency"])).months


def _seasons(view: IndicatorView) -> int:
    """How many seasons a year has, for figures that they may move; 0 for others.

    A figure of twelve months has every season in it, and one that counts from the start of the year
    rises in each year whatever the season.
    """
    if str(view.indicator["measure"]) not in (Measure.IN_PERIOD, Measure.SNAPSHOT):
        return 0
    periods = 12 // Frequency(str(view.indicator["frequency"])).months
    return periods if periods > 1 else 0


def _latest(view: IndicatorView) -> dict[str, object] | None:
    """The latest figure as displayed, with its change on the one before and on a year before."""
    months = Frequency(str(view.indicator["frequency"])).months
    known = view.places.filter(pl.col("shown").is_not_null() & pl.col("in_series"))
    if known.is_empty():
        return None
    stepped = robust.steps(
        known.with_columns(value=pl.col("shown"), months=pl.lit(months, dtype=pl.Int32))
    )
    return stepped.row(-1, named=True)
