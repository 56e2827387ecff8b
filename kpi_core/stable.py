"""Whether the latest stretch of an XmR chart is a stable process: only then can its limits promise
anything. The rule stands, with its cases, in docs/rules/spc.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from kpi_core import trend
from kpi_core.spc import Cause
from kpi_core.words import Direction

#: Directions of travel that are movement.
MOVING = (Direction.IMPROVING, Direction.WORSENING)


@dataclass(frozen=True)
class Stretch:
    """What speaks against a stretch being stable."""

    figures: int
    special: int  #: how many of them are special causes by the stretch's own limits
    has_trend: bool  #: whether a straight line through them rises or falls (p < 0.05)
    direction: str  #: the direction of travel by regression; empty where there is none

    @property
    def is_stable(self) -> bool:
        """Whether nothing does."""
        return not (self.special or self.has_trend or self.direction in MOVING)

    def reasons(self, since: str, called: str = "direction of travel") -> str:
        """Why it is not stable, as part of a sentence; `since` is its first period in words. What the
        regression says is `called` otherwise where the arrow compares two figures.
        """
        said = []
        if self.special:
            are = "is a special cause" if self.special == 1 else "are special causes"
            count = "all" if self.special == self.figures else str(self.special)
            said.append(f"{count} of its {self.figures} figures since {since} {are}")
        if self.direction in MOVING:
            said.append(f"its {called} is {self.direction}")
        elif self.has_trend:
            said.append(f"its figures since {since} follow a trend")
        return ", and ".join(said)


def stretch(charted: pl.DataFrame, direction: str) -> Stretch:
    """The latest stretch of one series.

    Takes what `spc.chart` returns for it (at least indicator, stage, x, value, cause), and its direction
    of travel by regression, empty where there is none.
    """
    latest = charted.filter(pl.col("stage") == pl.col("stage").max())
    line = trend.fit(
        latest.select("indicator", pl.col("x").cast(pl.Float64), pl.col("value").alias("y"))
    )
    p = line["p"].item() if line.height else None
    return Stretch(
        figures=latest.height,
        special=int((latest["cause"] != Cause.COMMON).sum()),
        has_trend=p is not None and p < trend.SIGNIFICANCE,
        direction=direction,
    )
