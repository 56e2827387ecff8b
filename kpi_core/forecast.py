"""Where an indicator will stand at the end of its year, how sure that is, and by which model.

Five simple models forecast from every past moment of the history, and the one that came closest is
taken: the simplest of those that come equally close. What it missed by then, on the scale that the
measure's bounds ask for, says how far it may miss now. The numbers in here were chosen on half of the
organisations of a real data set and hold on the other half, and on made-up series of each kind: see
docs/rules/outlook.md, `make verify-forecast` and `make benchmark-forecasts`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import polars as pl

from kpi_core import steps
from kpi_core.bounded import PLAIN, Scale
from kpi_core.runs import Floats
from kpi_core.words import DECIDED, Rating, Ytd

#: A model forecasts from no shorter history than this, or a year of it.
LEAST_HISTORY = 6
#: Fewer past forecasts do not tell how far one misses.
LEAST_FORECASTS = 8
#: The share of outcomes that an interval is to hold.
COVERAGE = 0.8
#: Past misses are a little smaller than those to come, because the model was chosen by them.
ALLOWANCE = 1.09

#: A change of level from which a model learns nothing about chance: six figures on either side that
#: differ by three standard deviations. What happened once says little about how sure the rest is.
LEVEL = steps.Demands(before=6, after=6, run=6, size=3, at_once=0.7)
#: So many changes of level are looked for in one history.
_CHANGES = 3
#: And so many figures on either side say by how much the level changed.
_REACH = 12

#: Decimals beyond which what differs is dust: a spread of less than that is none.
_PLACES = 9

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
    scale: Scale
    forecasts: dict[Model, Floats]

    @property
    def first(self) -> int:
        """The first moment at which all models forecast."""
        return max(self.season, LEAST_HISTORY)

    def until(self, moment: int) -> Past:
        """What was known at an earlier moment."""
        known = {model: rows[: moment + 1] for model, rows in self.forecasts.items()}
        return replace(self, values=self.values[:moment], forecasts=known)

    @cached_property
    def at_one_level(self) -> Past:
        """The same with the figures before a change of level moved to the level of today."""
        moved = _at_one_level(self.scale.of(self.values))
        if moved is None:
            return self
        horizon = self.forecasts[Model.LAST].shape[1]
        return past(self.scale.figures(moved), self.season, horizon, self.scale)

    def came_and_forecast(self, model: Model, ahead: int, *, total: bool) -> tuple[Floats, Floats]:
        """At each moment the figure that came so far ahead, and the forecast of it; or the mean of all
        until it.
        """
        count = max(len(self.values) - ahead + 1 - self.first, 0)
        if not count:
            return np.empty(0), np.empty(0)
        came = np.lib.stride_tricks.sliding_window_view(self.values, ahead)[self.first :]
        said = self.forecasts[model][self.first : self.first + count, :ahead]
        return (came.mean(axis=1), said.mean(axis=1)) if total else (came[:, -1], said[:, -1])


@dataclass(frozen=True)
class Outlook:
    """A forecast as a distribution: Student's t about a middle, on the scale of the measure.

    What lies there is a figure, or the mean of several; the outcome is so many times it, with what is
    there already added, and divided: (so_far + times * figure) / over.
    """

    model: Model
    middle: float
    spread: float
    freedom: float
    forecasts: int  #: how many past forecasts it rests on
    scale: Scale = PLAIN
    so_far: float = 0
    times: int = 1
    over: int = 1

    @property
    def centre(self) -> float:
        """The outcome that is as likely to be exceeded as not."""
        return self._outcome(self.middle)

    def interval(self) -> tuple[float, float]:
        """Within which ends four of five outcomes lie."""
        from scipy.special import stdtrit  # the t at which a share of the distribution is reached

        half = self.spread * float(stdtrit(self.freedom, (1 + COVERAGE) / 2))
        return self._outcome(self.middle - half), self._outcome(self.middle + half)

    def chance_below(self, edge: float) -> float:
        """The chance that the outcome is below an edge."""
        from scipy.special import stdtr  # the distribution alone

        if self.spread < 10.0**-_PLACES:
            return float(round(self.centre, _PLACES) < edge)
        figure = (edge * self.over - self.so_far) / self.times
        if self.scale.smallest is not None and figure <= self.scale.smallest:
            return 0.0
        if self.scale.largest is not None and figure > self.scale.largest:
            return 1.0
        return float(stdtr(self.freedom, (self.scale.of(figure) - self.middle) / self.spread))

    def _outcome(self, place: float) -> float:
        return float((self.so_far + self.times * self.scale.figures(place)) / self.over)


@dataclass(frozen=True)
class SoFar:
    """What the periods of a year brought so far: their total, how many they are, how many are left."""

    total: float
    periods: int
    left: int


@dataclass(frozen=True)
class Aim:
    """How each outcome would be rated: see `outcomes.aims`.

    Outcomes below the first edge have the first rating, those from it up to the second edge the next,
    and so on: one rating more than edges.
    """

    edges: tuple[float, ...]
    ratings: tuple[Rating, ...]


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


def past(values: Sequence[float] | Floats, season: int, horizon: int, scale: Scale = PLAIN) -> Past:
    """What the models made of a history at each moment.

    Takes figures of periods that follow each other, the periods in a year (1 where there is no
    season), the most steps that will be asked for, and between which bounds the measure lies.
    """
    known = np.asarray(values, dtype=np.float64)
    steps_on, levels, places = np.arange(1, horizon + 1), _levels(known), scale.of(known)
    forecasts = {model: np.full((len(known) + 1, horizon), np.nan) for model in Model}
    for moment in range(max(season, LEAST_HISTORY), len(known) + 1):
        seen = known[:moment]
        # A mean of figures stays inside their bounds; what goes on as before does so on their scale.
        change = (places[moment - 1] - places[0]) / (moment - 1)
        made = {
            Model.LAST: np.full(horizon, seen[-1]),
            Model.SEASON: seen[moment - season + (steps_on - 1) % season],
            Model.DRIFT: scale.figures(places[moment - 1] + steps_on * change),
            Model.SMOOTHED: np.full(horizon, levels[moment]),
        }
        made[Model.BLEND] = (made[Model.SMOOTHED] + made[Model.SEASON]) / 2
        for model, forecast in made.items():
            forecasts[model][moment] = forecast
    return Past(known, season, scale, forecasts)


def _at_one_level(places: Floats) -> Floats | None:
    """A history with what came before each change of level moved to the level after it; None where
    there was none.
    """
    moved, count = places, len(places)
    at = np.arange(LEVEL.before, count - LEVEL.after + 1)
    for _ in range(_CHANGES if len(at) else 0):
        looks = steps.found(moved, 0, np.full(len(at), count), at, LEVEL)
        if not looks.holds.any():
            break
        change = int(at[np.where(looks.holds, looks.strength, 0).argmax()])
        before, after = moved[:change], moved[change:]
        by = after[:_REACH].mean() - before[-_REACH:].mean()
        moved = np.concatenate([before + by, after])
    return None if moved is places else moved


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
    tried = {model: history.came_and_forecast(model, ahead, total=total) for model in models}
    count = len(tried[models[0]][0])
    if count < LEAST_FORECASTS:
        return None
    best = min(models, key=lambda model: float(np.abs(np.subtract(*tried[model])).mean()))
    came, said = map(history.scale.of, tried[best])
    steps_on = history.forecasts[best][-1, :ahead]
    return Outlook(
        model=best,
        middle=float(history.scale.of(steps_on.mean() if total else steps_on[-1])),
        spread=ALLOWANCE * float(np.sqrt(((came - said) ** 2).mean())),
        freedom=max(count / np.sqrt(ahead), 2),
        forecasts=count,
        scale=history.scale,
        times=ahead if total else 1,
    )


def year_end(
    history: Past,
    how: Ytd,
    so_far: SoFar,
    models: Sequence[Model] = tuple(Model),
) -> Outlook | None:
    """The figure of the whole year, given what its periods brought so far.

    A sum adds up, a mean or a ratio takes all periods for equally large; of anything else the year's
    figure is that of its last period. None where history is too short, or no period is left.
    """
    if so_far.left == 0:
        return None
    if how not in (Ytd.SUM, Ytd.RATIO, Ytd.MEAN):
        return outlook(history, so_far.left, models=models)
    ahead = outlook(history, so_far.left, total=True, models=models)
    if ahead is None:
        return None
    over = 1 if how == Ytd.SUM else so_far.periods + so_far.left
    return replace(ahead, so_far=so_far.total, over=over)


def chances(view: Outlook, aim: Aim | None) -> Chances | None:
    """The chance of each rating of the outcome as it will be displayed; None without a target.

    Each is at least 0, and where all three are known they add up to 1.
    """
    if aim is None:
        return None
    below = [0.0, *(view.chance_below(edge) for edge in aim.edges), 1.0]
    found = dict.fromkeys(Rating, 0.0)
    for rating, (low, high) in zip(aim.ratings, pairwise(below), strict=True):
        found[rating] += max(high - low, 0.0)
    if Rating.UNDECIDED in aim.ratings:
        return Chances(found[Rating.GREEN], None, None)
    return Chances(*(found[rating] for rating in DECIDED))


def periods_needed(season: int, ahead: int) -> int:
    """How many figures in a row an outlook so far ahead needs."""
    return max(season, LEAST_HISTORY) + LEAST_FORECASTS + ahead - 1


def too_short(count: int, season: int, ahead: int, periods: str) -> str:
    """What stands where there is no outlook: `periods` is what one figure is of ("months")."""
    return (
        f"{count} {periods} in a row are too short a history to look {ahead} ahead. "
        f"It takes {periods_needed(season, ahead)}."
    )
