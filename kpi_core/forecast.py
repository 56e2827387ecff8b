"""Where an indicator will stand at the end of its year, how sure that is, and by which model.

Five simple models forecast from every past moment of the history, and the one that came closest is
taken: the simplest of those that come equally close. What it missed by then says how far it may miss
now. The numbers in here were chosen on half of the organisations of a real data set and hold on the
other half: see docs/rules/outlook.md and `make verify-forecast`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

import numpy as np
import polars as pl

from kpi_core.runs import Floats
from kpi_core.words import Ytd

#: A model forecasts from no shorter history than this, or a year of it.
LEAST_HISTORY = 6
#: Fewer past forecasts do not tell how far one misses.
LEAST_FORECASTS = 8
#: The share of outcomes that an interval is to hold.
COVERAGE = 0.8
#: Past misses are a little smaller than those to come, because the model was chosen by them.
ALLOWANCE = 1.1

#: Of what a figure misses the level by, the shares by which smoothing may move it.
_SHARES = np.linspace(0, 1, 101)


class Model(StrEnum):
    """The models, simplest first."""

    LAST = "the latest figure"
    SEASON = "the figure of a year before"
    DRIFT = "the change so far, continued"
    SMOOTHED = "exponential smoothing"
    BLEND = "smoothing and the year before, half each"


@dataclass(frozen=True)
class Past:
    """A history without gaps, and what each model made of it at each moment.

    Row t of `forecasts[model]` has the steps ahead that were forecast when only the first t figures
    were known; the last row is the forecast of today. NaN where a model had too little to go by.
    """

    values: Floats
    season: int
    forecasts: dict[Model, Floats]

    @property
    def first(self) -> int:
        """The first moment at which all models forecast."""
        return max(self.season, LEAST_HISTORY)

    def until(self, moment: int) -> Past:
        """What was known at an earlier moment."""
        known = {model: rows[: moment + 1] for model, rows in self.forecasts.items()}
        return replace(self, values=self.values[:moment], forecasts=known)

    def misses(self, model: Model, ahead: int, *, total: bool) -> Floats:
        """Outcome less forecast at each moment, of the figure so far ahead or of all until it."""
        count = len(self.values) - ahead + 1 - self.first
        if count <= 0:
            return np.empty(0)
        came = np.lib.stride_tricks.sliding_window_view(self.values, ahead)[self.first :]
        missed = came - self.forecasts[model][self.first : self.first + count, :ahead]
        return missed.sum(axis=1) if total else missed[:, -1]


@dataclass(frozen=True)
class Outlook:
    """A forecast as a distribution: Student's t about a centre."""

    model: Model
    centre: float
    spread: float
    freedom: float
    forecasts: int  #: how many past forecasts it rests on

    def interval(
        self, smallest: float | None = None, largest: float | None = None
    ) -> tuple[float, float]:
        """Within which ends four of five outcomes lie, and no further than a figure can lie."""
        from scipy.special import stdtrit  # the t at which a share of the distribution is reached

        half = self.spread * float(stdtrit(self.freedom, (1 + COVERAGE) / 2))
        ends = np.clip([self.centre - half, self.centre + half], smallest, largest)
        return float(ends[0]), float(ends[1])

    def chance_below(self, edge: float) -> float:
        """The chance that the outcome is below an edge."""
        from scipy.special import stdtr  # the distribution alone

        if self.spread == 0:
            return float(self.centre < edge)
        return float(stdtr(self.freedom, (edge - self.centre) / self.spread))

    def moved(self, by: float, *, over: int = 1) -> Outlook:
        """The outlook of (outcome + by) / over: of a year to date, or of a mean."""
        return replace(self, centre=(self.centre + by) / over, spread=self.spread / over)


@dataclass(frozen=True)
class Aim:
    """What the outcome will be rated against: the bands of `rating.with_bands`, None is open."""

    target_from: float | None
    target_to: float | None
    floor_from: float | None
    floor_to: float | None
    decimals: int


class Chances(NamedTuple):
    """The chance of each rating; of Amber and Red None where no floor is known."""

    green: float
    amber: float | None
    red: float | None


def unbroken(points: pl.DataFrame) -> list[float]:
    """The figures since the last gap: a forecast does not guess what it was not told.

    Takes x Int (periods, one apart) and value (a number, null where there is none) of one indicator,
    in one definition, in any order.
    """
    return (
        _since_gap(points.filter(pl.col("value").is_not_null()))["value"].cast(pl.Float64).to_list()
    )


def latest_run(known: pl.DataFrame, months: int) -> pl.DataFrame:
    """The rows since the last gap, in order of time.

    Takes rows that all have a figure, with end_month Int, and how many months a period has.
    """
    return _since_gap(known.with_columns(x=pl.col("end_month") // months)).drop("x")


def _since_gap(known: pl.DataFrame) -> pl.DataFrame:
    gap = pl.col("x") - pl.col("x").shift(1) > 1
    return known.sort("x").filter(gap.fill_null(value=False).cum_sum().eq_missing(gap.sum()))


def past(values: Sequence[float], season: int, horizon: int) -> Past:
    """What the models made of a history at each moment.

    Takes figures of periods that follow each other, the periods in a year (1 where there is no
    season) and the most steps that will be asked for.
    """
    known = np.asarray(values, dtype=np.float64)
    steps, levels = np.arange(1, horizon + 1), _levels(known)
    forecasts = {model: np.full((len(known) + 1, horizon), np.nan) for model in Model}
    for moment in range(max(season, LEAST_HISTORY), len(known) + 1):
        seen = known[:moment]
        made = {
            Model.LAST: np.full(horizon, seen[-1]),
            Model.SEASON: seen[moment - season + (steps - 1) % season],
            Model.DRIFT: seen[-1] + steps * (seen[-1] - seen[0]) / (moment - 1),
            Model.SMOOTHED: np.full(horizon, levels[moment]),
        }
        made[Model.BLEND] = (made[Model.SMOOTHED] + made[Model.SEASON]) / 2
        for model, forecast in made.items():
            forecasts[model][moment] = forecast
    return Past(known, season, forecasts)


def _levels(known: Floats) -> Floats:
    """The level that exponential smoothing is at after so many figures, from 0 on.

    It starts at the mean of the first three and forgets as fast as would have forecast best until
    then: statsmodels' SimpleExpSmoothing at each moment, to a hundredth of what is forgotten, in one
    pass instead of a search for each.
    """
    found = np.full(len(known) + 1, np.nan)
    level = np.full(len(_SHARES), known[:3].sum() / 3)
    squares = np.zeros(len(_SHARES))
    for count, figure in enumerate(known, start=1):
        missed = figure - level
        squares += missed * missed
        level = level + _SHARES * missed
        found[count] = level[squares.argmin()]
    return found


def outlook(
    history: Past, ahead: int, *, total: bool = False, models: Sequence[Model] = tuple(Model)
) -> Outlook | None:
    """The figure so many steps ahead, or the total of all until it; None where history is too short.

    Errors of forecasts made one after another are much alike when they look far ahead, so they
    count as fewer: as many as there are, over the root of the steps.
    """
    missed = {model: history.misses(model, ahead, total=total) for model in models}
    count = len(missed[models[0]])
    if count < LEAST_FORECASTS:
        return None
    best = min(models, key=lambda model: float(np.abs(missed[model]).mean()))
    steps = history.forecasts[best][-1, :ahead]
    return Outlook(
        model=best,
        centre=float(steps.sum() if total else steps[-1]),
        spread=ALLOWANCE * float(np.sqrt((missed[best] ** 2).mean())),
        freedom=max(count / np.sqrt(ahead), 2),
        forecasts=count,
    )


def year_end(
    history: Past,
    how: Ytd,
    done: Sequence[float],
    left: int,
    models: Sequence[Model] = tuple(Model),
) -> Outlook | None:
    """The figure of the whole year, given those of its periods so far and how many are left.

    A sum adds up, a mean or a ratio takes all periods for equally large; of anything else the year's
    figure is that of its last period. None where history is too short, or no period is left.
    """
    if left == 0:
        return None
    if how not in (Ytd.SUM, Ytd.RATIO, Ytd.MEAN):
        return outlook(history, left, models=models)
    ahead = outlook(history, left, total=True, models=models)
    over = 1 if how == Ytd.SUM else len(done) + left
    return ahead.moved(sum(done), over=over) if ahead else None


def chances(view: Outlook, aim: Aim) -> Chances | None:
    """The chance of each rating of the outcome as it will be displayed; None without a target."""
    if aim.target_from is None and aim.target_to is None:
        return None
    green = _within(view, aim.target_from, aim.target_to, aim.decimals)
    if aim.target_from is not None and aim.floor_from is None:
        return Chances(green, None, None)
    if aim.target_to is not None and aim.floor_to is None:
        return Chances(green, None, None)
    held = _within(view, aim.floor_from, aim.floor_to, aim.decimals)
    return Chances(green, held - green, 1 - held)


def _within(view: Outlook, low: float | None, high: float | None, decimals: int) -> float:
    """The chance to be shown inside a band: half a last digit short of it still is."""
    half = 0.5 * 10.0**-decimals
    below = 0.0 if low is None else view.chance_below(low - half)
    not_above = 1.0 if high is None else view.chance_below(high + half)
    return not_above - below


def periods_needed(season: int, ahead: int) -> int:
    """How many figures in a row an outlook so far ahead needs."""
    return max(season, LEAST_HISTORY) + LEAST_FORECASTS + ahead - 1


def too_short(count: int, season: int, ahead: int, periods: str) -> str:
    """What stands where there is no outlook: `periods` is what one figure is of ("months")."""
    return (
        f"{count} {periods} in a row are too short a history to look {ahead} ahead. "
        f"It takes {periods_needed(season, ahead)}."
    )
