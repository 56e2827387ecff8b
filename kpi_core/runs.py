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

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Yes = NDArray[np.bool_]

#: About a quarter of a million figures a block: 2 MB for each column.
_SERIES_IN_A_BLOCK = 20_000


def together(rows: pl.DataFrame, *by: str) -> pl.DataFrame:
    """The rows with those of one series one after another, and `run` UInt32, counted from 0.

    Series stand in the order in which each first appears, and the rows of one in the order given.
    """
    numbered = rows.with_columns(run=_stretch(by))
    heads = numbered.filter(pl.col("run").ne_missing(pl.col("run").shift(1))).select(by)
    if heads.n_unique() == heads.height:
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

    def total(self, values: Floats | Whole | Yes) -> Floats:
        """The sum of each series."""
        return np.add.reduceat(values, self.starts, dtype=np.float64)

    def spread(self, found: Floats) -> Floats:
        """What was found for each series, at each of its rows."""
        return found[self.run]

    def lagged(self, values: Floats) -> Floats:
        """The value of the row before in the same series, NaN for the first of one."""
        before = np.empty_like(values)
        before[1:] = values[:-1]
        before[self.starts] = np.nan
        return before


def blocks(lengths: Whole) -> Iterator[Block]:
    """The series of these lengths, some at a time."""
    row = 0
    for first in range(0, len(lengths), _SERIES_IN_A_BLOCK):
        some = lengths[first : first + _SERIES_IN_A_BLOCK]
        end = row + int(some.sum())
        yield Block(slice(first, first + len(some)), slice(row, end), some)
        row = end
