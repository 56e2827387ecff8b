"""Step changes: where a series passes from one level to another at once, and stays there.

The rule is that of the Stable Shift Algorithm (R package autospc: a run of eight on one side of the
centre line, and no run back), with three more demands: see docs/rules/spc.md for why and how often
each form is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from kpi_core.runs import Floats, Whole, Yes


@dataclass(frozen=True)
class Demands:
    """What makes a step of a difference between what came before a figure and what came from it on."""

    before: int  #: so many figures make the old level, at least
    after: int  #: and so many the new one
    run: int  #: so many from the step on lie beyond the old level without exception
    size: float  #: the levels differ by so many standard deviations of the figures about them
    #: Two levels leave at most this share of what a straight line leaves over: a trend is no step.
    of_line: float = 0.75
    #: The three figures after differ from the three before by this share of the step: a drift is none.
    at_once: float = 0.5


#: Figures before and after that show whether a step came at once.
NEAR = 3
#: What a step demands before limits begin anew: the run is that of Western Electric's fourth rule and
#: of autospc, twelve figures are what limits need.
LIMITS = Demands(before=8, after=12, run=8, size=1.5)
#: A slope of so many standard errors through twelve figures is a trend: p < 0.05 (Student's t, 10
#: degrees of freedom), the rule of the direction of travel.
TREND = 2.228


class Looks(NamedTuple):
    """How each place looks as a step; one entry for each."""

    step: Floats  #: new level less old level
    left_over: Floats  #: squares about the two levels
    strength: Floats  #: the step in its standard errors
    holds: Yes  #: whether it meets all demands


def found(figures: Floats, first: int, ends: Whole, places: Whole, asked: Demands) -> Looks:
    """How some places of a series look as steps.

    The old level is that of the figures from `first` up to a place, the new one that of those from
    the place up to its end. Each place has room for the demands on both sides.
    """
    y, x = figures[first:], np.arange(len(figures) - first, dtype=np.float64)
    at, end = places - first, ends - first
    # About their mean, so that squares of large figures lose no digits.
    y = y - y.mean() if len(y) else y
    sums, squares, slopes = (np.concatenate([[0.0], one.cumsum()]) for one in (y, y * y, x * y))
    old, new = sums[at] / at, (sums[end] - sums[at]) / (end - at)
    step = new - old
    left_over = np.maximum(squares[end] - at * old**2 - (end - at) * new**2, 0)
    deviation = np.sqrt(left_over / np.maximum(end - 2, 1))
    middle = (end - 1) / 2
    turned = slopes[end] - middle * sums[end]
    by_line = squares[end] - sums[end] ** 2 / end - turned**2 / (end * (end**2 - 1) / 12)
    near = (sums[at + NEAR] - 2 * sums[at] + sums[at - NEAR]) / NEAR
    runs = np.lib.stride_tricks.sliding_window_view(y, asked.run)[at]
    beyond = np.where(step > 0, runs.min(axis=1) > old, runs.max(axis=1) < old)
    smallest = 1e-9 * max(1.0, float(np.abs(figures).max(initial=0)))
    size = np.abs(step)
    holds = (
        beyond
        & (size > smallest)
        & (size >= asked.size * deviation)
        & (left_over <= asked.of_line * by_line)
        & (near * np.sign(step) >= asked.at_once * size)
    )
    error = np.maximum(deviation, smallest) * np.sqrt(1 / at + 1 / (end - at))
    return Looks(step, left_over, size / error, holds)


def new_levels(figures: Floats) -> list[int]:
    """The places at which limits should begin anew, the earliest first.

    The series is gone through from its start, each stretch with the level that it has had so far. Of
    the places that would do within one run, the one that parts the two levels best is taken.
    """
    starts: list[int] = []
    first, count = 0, len(figures)
    while True:
        places = np.arange(first + LIMITS.before, count - LIMITS.after + 1)
        looks = found(figures, first, places + LIMITS.after, places, LIMITS)
        likely = [
            (int(place), float(strength))
            for place, strength, step in zip(
                places[looks.holds],
                looks.strength[looks.holds],
                looks.step[looks.holds],
                strict=True,
            )
            if _stays(figures[place:], rises=bool(step > 0))
        ]
        if not likely:
            return starts
        near = [one for one in likely if one[0] < likely[0][0] + LIMITS.run]
        first = max(near, key=lambda one: one[1])[0]
        starts.append(first)


def _stays(figures: Floats, *, rises: bool) -> bool:
    """Whether the figures that would make the new limits keep to their level: no run begins among
    them that leads back, and no straight line through them leads on.
    """
    made = figures[: LIMITS.after]
    watched = figures[: LIMITS.after + LIMITS.run - 1]
    runs = np.lib.stride_tricks.sliding_window_view(watched, LIMITS.run)
    back = runs.max(axis=1) < made.mean() if rises else runs.min(axis=1) > made.mean()
    return not back.any() and abs(_slope_in_errors(made)) < TREND


def _slope_in_errors(figures: Floats) -> float:
    """The slope of the straight line through figures, in its standard errors."""
    x = np.arange(len(figures)) - (len(figures) - 1) / 2
    y = figures - figures.mean()
    slope = float(x @ y) / float(x @ x)
    left_over = max(float(y @ y) - slope * float(x @ y), 1e-18 * float(y @ y), 1e-300)
    return slope / float(np.sqrt(left_over / (len(figures) - 2) / (x @ x)))
