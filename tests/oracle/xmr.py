"""An XmR chart in plain loops and fractions, for the figures of one stage of one series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

TWO_SIXTY_SIX = Fraction("2.66")


@dataclass(frozen=True)
class Limits:
    """Where the mean and the limits of some figures lie."""

    mean: Fraction
    mean_range: Fraction
    left_out: int

    @property
    def lower(self) -> Fraction:
        """The lower limit."""
        return self.mean - TWO_SIXTY_SIX * self.mean_range

    @property
    def upper(self) -> Fraction:
        """The upper limit."""
        return self.mean + TWO_SIXTY_SIX * self.mean_range


def limits(figures: Sequence[Fraction], *, screened: bool) -> Limits:
    """The limits that these figures make; there is at least one."""
    moving = [abs(figures[place] - figures[place - 1]) for place in range(1, len(figures))]
    kept = moving
    if screened and sum(moving) > 0:
        edge = Fraction("3.267") * sum(moving) / len(moving)
        kept = [one for one in moving if one < edge]
    mean_range = sum(kept, Fraction(0)) / len(kept) if kept else Fraction(0)
    return Limits(sum(figures, Fraction(0)) / len(figures), mean_range, len(moving) - len(kept))


def sign(number: Fraction) -> int:
    """1 above 0, −1 below, else 0."""
    return (number > 0) - (number < 0)


def causes(figures: Sequence[Fraction], held: Limits) -> list[str]:
    """The cause of each point, by the first rule that marks it."""
    sides = [sign(figure - held.mean) for figure in figures]
    return [_cause(figures, sides, held, place) for place in range(len(figures))]


def _cause(figures: Sequence[Fraction], sides: list[int], held: Limits, place: int) -> str:
    if figures[place] > held.upper:
        return "above the upper limit"
    if figures[place] < held.lower:
        return "below the lower limit"
    heading = _trend(figures, place)
    if heading:
        return "7 rising" if heading > 0 else "7 falling"
    if _close(figures[place], held) and _two_of_three(figures, sides, held, place):
        return f"2 of 3 close to the {'upper' if sides[place] > 0 else 'lower'} limit"
    if _one_side(sides, place):
        return f"7 {'above' if sides[place] > 0 else 'below'} the mean"
    return "common cause"


def _close(figure: Fraction, held: Limits) -> bool:
    """Inside the limits, and more than two thirds of the way to one."""
    width = TWO_SIXTY_SIX * held.mean_range
    return Fraction(2, 3) * width < abs(figure - held.mean) <= width


def _windows(length: int, place: int, size: int) -> list[range]:
    """Every stretch of so many places in a row that a place belongs to, the earliest first."""
    firsts = range(max(0, place - size + 1), min(place, length - size) + 1)
    return [range(first, first + size) for first in firsts]


def _trend(figures: Sequence[Fraction], place: int) -> int:
    for window in _windows(len(figures), place, 7):
        steps = {sign(figures[n + 1] - figures[n]) for n in window[:-1]}
        if steps in ({1}, {-1}):
            return steps.pop()
    return 0


def _two_of_three(figures: Sequence[Fraction], sides: list[int], held: Limits, place: int) -> bool:
    for window in _windows(len(figures), place, 3):
        one_side = {sides[n] for n in window} in ({1}, {-1})
        if one_side and sum(_close(figures[n], held) for n in window) >= 2:
            return True
    return False


def _one_side(sides: list[int], place: int) -> bool:
    windows = _windows(len(sides), place, 7)
    return any({sides[n] for n in window} in ({1}, {-1}) for window in windows)


def assurance(held: Limits, polarity: str, target: Fraction) -> str | None:
    """Whether the limits are wholly on the right side of a target."""
    if polarity not in {"higher", "lower"}:
        return None
    above, below = held.lower > target, held.upper < target
    if above or below:
        good = above if polarity == "higher" else below
        return "consistently met" if good else "consistently missed"
    return "hit and miss"
