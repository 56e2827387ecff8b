"""Series that stand one after another in one frame: a million of them cost a few passes over it.

Polars evaluates the expressions of `over` and `group_by` once for each group, which is slow for very
many short ones (15 s for the lines of a million series of twelve). So the series are worked through in
blocks that a processor's cache holds, all series of a block at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import add
from typing import TypeVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Yes = NDArray[np.bool_]
Codes = NDArray[np.uint8]
Array = TypeVar("Array", Floats, Yes)

#: About a quarter of a million figures a block: 2 MB for each column.
_SERIES_IN_A_BLOCK = 20_000


def together(rows: pl.DataFrame, *by: str) -> pl.DataFrame:
    """The rows with those of one series one after another, and `run` UInt32, counted from 0.

    Series stand in the order in which each first appears, and the rows of one in the order given.
    """
    numbered = rows.with_columns(run=_stretch(by))
    names = heads(numbered.select("run", *by)).drop("run")
    if names.n_unique() == names.height:
        return numbered
    first = pl.col("run").first().over(by)
    ordered = numbered.with_columns(run=first).sort("run", maintain_order=True)
    return ordered.with_columns(pl.col("run").rle_id())


def _stretch(by: tuple[str, ...]) -> pl.Expr:
    """The number of the stretch of equal cells in which a row stands."""
    return reduce(add, (pl.col(name).rle_id() for name in by)).rle_id()


@dataclass(frozen=True)
class Block:
    """Series one after another, each with at least one row."""

    series: slice  #: which of all the series
    rows: slice  #: and which of all the rows are theirs
    lengths: Whole  #: how many rows each has

    @cached_property
    def starts(self) -> Whole:
        """Where each series begins."""
        return np.cumsum(self.lengths) - self.lengths

    @cached_property
    def run(self) -> Whole:
        """The number of each row's series."""
        return np.repeat(np.arange(len(self.lengths)), self.lengths)

    @cached_property
    def follows(self) -> Yes:
        """Whether each row follows one of its own series."""
        follows = np.ones(self.rows.stop - self.rows.start, dtype=np.bool_)
        follows[self.starts] = False
        return follows

    def total(self, values: Floats | Yes) -> Floats:
        """The sum of each series."""
        return np.add.reduceat(values, self.starts, dtype=np.float64)

    def largest(self, values: Floats) -> Floats:
        """The largest value of each series."""
        return np.maximum.reduceat(values, self.starts)

    def spread(self, found: Array) -> Array:
        """What was found for each series, at each of its rows."""
        return found[self.run]

    def lagged(self, values: Floats) -> Floats:
        """The value of the row before in the same series, NaN for the first of one."""
        before = np.roll(values, 1)
        before[self.starts] = np.nan
        return before


def lengths(placed: pl.DataFrame) -> Whole:
    """How many rows each series of a frame from `together` has."""
    return placed["run"].rle().struct.field("len").cast(pl.Int64).to_numpy()


def heads(placed: pl.DataFrame) -> pl.DataFrame:
    """The first row of each series of a frame from `together`."""
    return placed.filter(pl.col("run").ne_missing(pl.col("run").shift(1)))


def blocks(lengths: Whole) -> Iterator[Block]:
    """The series of these lengths, some at a time."""
    row = 0
    for first in range(0, len(lengths), _SERIES_IN_A_BLOCK):
        some = lengths[first : first + _SERIES_IN_A_BLOCK]
        end = row + int(some.sum())
        yield Block(slice(first, first + len(some)), slice(row, end), some)
        row = end
