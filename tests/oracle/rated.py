"""A rating, from the figure as shown: each polarity and each rule for Amber spelled out."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal, localcontext
from fractions import Fraction

from tests.oracle.files import Aims, Amber

_STEP = Decimal("0.000001")


@dataclass(frozen=True)
class Band:
    """From one figure to another, both inside; None is open."""

    low: Decimal | None
    high: Decimal | None

    def misses_by(self, value: Decimal) -> Decimal:
        """How far a figure lies outside."""
        if self.low is not None and value < self.low:
            return self.low - value
        if self.high is not None and value > self.high:
            return value - self.high
        return Decimal(0)

    def distance(self, value: Fraction) -> Fraction:
        """The same of a figure that is not rounded."""
        if self.low is not None and value < self.low:
            return Fraction(self.low) - value
        if self.high is not None and value > self.high:
            return value - Fraction(self.high)
        return Fraction(0)


def on_target(polarity: str, aims: Aims, closeness: Decimal) -> Band | None:
    """Where a figure is on target; None where there is no target."""
    low, high = aims.target, aims.target_high
    if polarity == "higher" and low is not None:
        return Band(low, None)
    if polarity == "lower" and low is not None:
        return Band(None, low)
    if polarity == "range" and (low is not None or high is not None):
        return Band(low, high)
    if polarity == "target" and low is not None:
        return Band(low - closeness, low + closeness)
    return None


def amber_limits(
    polarity: str, aims: Aims, amber: Amber, year_ago: Decimal | None
) -> tuple[Decimal | None, Decimal | None]:
    """The lowest and the highest figure that is still Amber; None on a side where it is not known.

    `year_ago` is the figure of a year before as it is shown.
    """
    band = on_target(polarity, aims, amber.closeness)
    if band is None:
        return (None, None)
    if amber.by == "floor":
        if polarity == "higher":
            return (aims.floor, None)
        if polarity == "lower":
            return (None, aims.floor)
        return (aims.floor, aims.floor_high)
    if amber.by == "year_ago":
        below = above = None if year_ago is None else band.misses_by(year_ago)
    else:
        below = _allowance(amber, aims.target if polarity == "target" else band.low)
        above = _allowance(amber, aims.target if polarity == "target" else band.high)
    return (
        None if band.low is None or below is None else band.low - below,
        None if band.high is None or above is None else band.high + above,
    )


def _allowance(amber: Amber, limit: Decimal | None) -> Decimal | None:
    """By how much a limit may be missed."""
    if amber.by == "none":
        return Decimal(0)
    if amber.by == "points":
        return _towards_target(amber.tolerance)
    return None if limit is None else _towards_target(abs(limit) * amber.tolerance / 100)


def _towards_target(allowance: Decimal) -> Decimal:
    with localcontext() as context:
        context.prec = 60
        return allowance.quantize(_STEP, rounding=ROUND_DOWN)


def rating(
    shown: Decimal | None, polarity: str, aims: Aims, amber: Amber, year_ago: Decimal | None
) -> str:
    """What the figure is against its target, and if it misses, against what is still Amber."""
    band = on_target(polarity, aims, amber.closeness)
    if shown is None:
        return "NO DATA"
    if band is None:
        return "NOT RATED"
    if band.misses_by(shown) == 0:
        return "GREEN"
    lowest, highest = amber_limits(polarity, aims, amber, year_ago)
    too_low = band.low is not None and shown < band.low
    limit = lowest if too_low else highest
    if limit is None:
        return "UNDECIDED"
    held = shown >= limit if too_low else shown <= limit
    return "AMBER" if held else "RED"


def floors_shown(
    polarity: str, aims: Aims, amber: Amber, year_ago: Decimal | None
) -> tuple[Decimal | None, Decimal | None]:
    """The floor, and the upper floor of a range, that people read beside the target."""
    if amber.by == "floor":
        return (aims.floor, aims.floor_high)
    if amber.by == "none":
        return (None, None)
    lowest, highest = amber_limits(polarity, aims, amber, year_ago)
    return (highest, None) if polarity == "lower" else (lowest, highest)


def alert(shown: Decimal | None, lower: Decimal | None, upper: Decimal | None) -> str | None:
    """Where a figure lies in its expected range."""
    if shown is None or (lower is None and upper is None):
        return None
    if upper is not None and shown > upper:
        return "Above"
    if lower is not None and shown < lower:
        return "Below"
    return "Yes"
