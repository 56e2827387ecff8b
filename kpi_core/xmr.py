"""The arithmetic of an XmR chart, on the figures of many series at once (see `runs`).

The rules are those of the NHS's "Making Data Count", as the NHS-R community's package
NHSRplotthedots 0.2.2 has them; docs/rules/spc.md has them in words.

A difference that only binary rounding makes is none: figures are compared to the twelfth digit of
the largest of their series, so that equal figures lie on their mean and not a hair's breadth above.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kpi_core.runs import Block, Floats, Yes

#: Limits in mean moving ranges: three standard deviations, one being a mean moving range over 1.128
#: (d2 of two points).
LIMIT = 2.66
#: A point is close to a limit in the outer third of the way to it.
CLOSE = 2 / 3
#: The upper limit of the moving ranges themselves, in means of them (D4 of two points).
EXTREME = 3.267
#: So many points in a row on one side of the mean, or each beyond the one before.
IN_A_ROW = 7
#: So many of three points close to a limit.
CLOSE_OF_THREE = 2

_ROUNDING = 1e-12

Signs = NDArray[np.int8]


class Limits(NamedTuple):
    """One entry for each series; NaN for a series without a point in its baseline."""

    n: Floats  #: points of the baseline
    mean: Floats
    mean_range: Floats  #: of the moving ranges that were kept
    left_out: Floats  #: moving ranges that were screened out
    rounding: Floats  #: a difference up to this is none

    @classmethod
    def joined(cls, parts: Iterable[Limits]) -> Limits:
        """The limits of several blocks, one after another."""
        columns = list(zip(*parts, strict=True)) or [(np.empty(0),)] * len(cls._fields)
        return cls(*map(np.concatenate, columns))

    def of(self, series: slice) -> Limits:
        """Those of some of the series."""
        return Limits(*(column[series] for column in self))


class Signals(NamedTuple):
    """What each rule says of each point: +1 upwards, −1 downwards, 0 nothing."""

    outside: Signs
    trend: Signs
    two_of_three: Signs
    one_side: Signs


def limits(block: Block, value: Floats, base: Yes, *, screened: bool) -> Limits:
    """Mean and mean moving range of the baseline of each series.

    A moving range is the step between two points of the baseline that follow each other. Screened,
    those at or above 3.267 times their mean are left out, once. A single point has a range of 0.
    """
    n = block.total(base)
    rounding = _ROUNDING * block.largest(np.abs(value))
    mean = _mean(block.total(np.where(base, value, 0)), n)
    moving = np.abs(value - block.lagged(value))
    kept = base & block.follows & _lagged_yes(base)
    mean_range, count = _range(block, moving, kept)
    if screened:
        edge = block.spread(EXTREME * mean_range - rounding)
        varies = block.spread(mean_range > rounding)
        kept = kept & ~(varies & (moving >= edge))
    final_range, final_count = _range(block, moving, kept)
    return Limits(n, mean, np.where(n > 0, final_range, np.nan), count - final_count, rounding)


def _mean(total: Floats, count: Floats) -> Floats:
    return np.divide(total, count, out=np.full_like(total, np.nan), where=count > 0)


def _range(block: Block, moving: Floats, kept: Yes) -> tuple[Floats, Floats]:
    count = block.total(kept)
    return np.nan_to_num(_mean(block.total(np.where(kept, moving, 0)), count)), count


def _lagged_yes(flag: Yes) -> Yes:
    before = np.zeros_like(flag)
    before[1:] = flag[:-1]
    return before


def signals(block: Block, value: Floats, held: Limits) -> Signals:
    """What the rules say of points, given the limits of their series."""
    away = value - block.spread(held.mean)
    rounding, width = block.spread(held.rounding), block.spread(LIMIT * held.mean_range)
    far = np.abs(away)
    side = np.where(far > rounding, np.sign(away), 0).astype(np.int8)
    outside = far > width + rounding
    close = ~outside & (far > CLOSE * width + rounding)
    return Signals(
        outside=side * outside,
        trend=trends(block, value),
        two_of_three=side * two_of_three(in_three(block, close, side), close),
        one_side=side * one_side(block, side),
    )


def one_side(block: Block, side: Signs) -> Yes:
    """The points of seven or more in a row on one side; a point on the mean ends a row."""
    found: Yes = _in_a_row(block, side, IN_A_ROW) & (side != 0)
    return found


def trends(block: Block, value: Floats) -> Signs:
    """The points of seven or more in a row each above the one before (+1), or below (−1).

    A tie ends a row. The point at which a rise turns into a fall belongs to the rise.
    """
    step = np.sign(np.nan_to_num(value - block.lagged(value))).astype(np.int8)
    rising = step * _in_a_row(block, step, IN_A_ROW - 1)
    first = np.zeros_like(rising)
    first[:-1] = np.where(block.follows[1:], rising[1:], 0)
    return np.where(rising != 0, rising, first)


def in_three(block: Block, close: Yes, side: Signs) -> Yes:
    """The points of any three in a row on one side of which two or more are close to its limit."""
    before, twice_before = _earlier(block, side, 1), _earlier(block, side, 2)
    same = (side != 0) & (side == before) & (before == twice_before)
    count = close.astype(np.int8) + _earlier(block, close, 1) + _earlier(block, close, 2)
    ends: Yes = same & (count >= CLOSE_OF_THREE)
    window = ends.copy()
    for back in (1, 2):
        window[:-back] |= ends[back:]
    return window


def two_of_three(in_three: Yes, close: Yes) -> Yes:
    """Of such three points those that are close themselves."""
    return in_three & close


def _earlier(block: Block, mark: Signs | Yes, rows: int) -> Signs:
    """The mark so many rows before in the same series, 0 where there is none."""
    before = np.zeros(len(mark), dtype=np.int8)
    before[rows:] = mark[:-rows]
    for row in range(rows):
        at = block.starts + row
        before[at[at < len(mark)]] = 0
    return before


def _in_a_row(block: Block, mark: Signs, least: int) -> Yes:
    """The points of so many or more in a row of one series that bear the same mark."""
    begins = ~block.follows
    begins[1:] |= mark[1:] != mark[:-1]
    starts = np.flatnonzero(begins)
    lengths = np.diff(starts, append=len(mark))
    return np.repeat(lengths >= least, lengths)
