"""What each period that is left must bring for the year to meet its target: exact arithmetic.

    how        the year's figure                             so each period left must bring
    sum        the total of its periods                      (target − total so far) / periods left
    ratio,     the mean of its periods, all as large         (target × periods − total so far) / left
    mean       (as many cases in each)
    otherwise  that of its last period                       the target itself, in the last one

Twelve months rolling are, at the year's end, the year itself: its parts are summed up or averaged
like those of any other indicator. Only where the parts are not known does the last figure count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from kpi_core.words import Ytd

AVERAGED = (Ytd.RATIO, Ytd.MEAN)
#: Nobody is told a figure with more decimals.
MOST_DECIMALS = 4


def _total(figures: Sequence[Decimal | Fraction]) -> Fraction:
    return sum((Fraction(figure) for figure in figures), Fraction(0))


@dataclass(frozen=True)
class YearSoFar:
    """The figures of a year's periods so far, in order, and how many are left.

    For a ratio each is (numerator, denominator) as a fraction of the unit shown: 45 of 50 is 90
    percent. Its year so far is worked out from the sums of both, and that of a mean with its weights, as a
    year to date is.
    """

    how: Ytd
    done: Sequence[Decimal | Fraction]
    left: int
    parts: Sequence[tuple[Decimal, Decimal]] = ()  #: numerator and denominator of each, of a ratio
    weights: Sequence[Decimal] = ()  #: how many cases each period of a mean counts for
    factor: int = 1  #: what a quotient is multiplied with: 100 for a percentage

    @property
    def total(self) -> Fraction:
        """What counts so far, in figures of one period."""
        if self.how == Ytd.RATIO and self.parts and all(below for _, below in self.parts):
            above, below = map(_total, zip(*self.parts, strict=True))
            return self.factor * above / below * len(self.done)
        if self.how == Ytd.MEAN and (weight := _total(self.weights)):
            pairs = zip(self.done, self.weights, strict=True)
            weighted = sum(Fraction(figure) * Fraction(cases) for figure, cases in pairs)
            return weighted / weight * len(self.done)
        return _total(self.done)


@dataclass(frozen=True)
class RunRate:
    """The least and the most that each period left may bring on average; None is no limit."""

    least: Fraction | None
    most: Fraction | None

    def shown(self, decimals: int) -> tuple[Decimal | None, Decimal | None]:
        """Both as displayed, the least rounded up and the most rounded down: who keeps to it, meets it.
        Where no figure of so many decimals lies between, both are the nearest one.
        """
        least, most = self._whole(decimals)
        if least is not None and most is not None and least > most:
            middle = (Fraction(self.least or 0) + Fraction(self.most or 0)) / 2
            least = most = round(middle * 10**decimals)
        return _scaled(least, decimals), _scaled(most, decimals)

    def _whole(self, decimals: int) -> tuple[int | None, int | None]:
        """The least rounded up and the most rounded down, in units of the last decimal."""
        unit = 10**decimals
        least = None if self.least is None else int(-(-self.least * unit // 1))
        most = None if self.most is None else int(self.most * unit // 1)
        return least, most

    def places(self, least: int) -> int:
        """With how many decimals both are told: so many, and more where rounding would part them."""
        for decimals in range(least, MOST_DECIMALS):
            low, high = self._whole(decimals)
            if low is None or high is None or low <= high:
                return decimals
        return max(least, MOST_DECIMALS)

    def possible(self, smallest: int | None, largest: int | None) -> bool:
        """Whether any figure between the smallest and the largest there can be will do."""
        too_much = self.least is not None and largest is not None and self.least > largest
        too_little = self.most is not None and smallest is not None and self.most < smallest
        return not too_much and not too_little

    def certain(self, smallest: int | None, largest: int | None) -> bool:
        """Whether every figure there can be will do: the target is met already."""
        enough = self.least is None or (smallest is not None and self.least <= smallest)
        little = self.most is None or (largest is not None and self.most >= largest)
        return enough and little


def _scaled(whole: int | None, decimals: int) -> Decimal | None:
    return None if whole is None else Decimal(whole).scaleb(-decimals)


def needed(so_far: YearSoFar, low: Decimal | None, high: Decimal | None) -> RunRate | None:
    """What is needed to end the year inside a target's band; None where no period is left.

    The band is that of `rating.with_bands`: an end that is None is open.
    """
    if so_far.left == 0:
        return None
    least, most = (None if end is None else _each(so_far, Fraction(end)) for end in (low, high))
    return RunRate(least, most)


def _each(so_far: YearSoFar, end: Fraction) -> Fraction:
    if so_far.how == Ytd.SUM:
        return (end - so_far.total) / so_far.left
    if so_far.how in AVERAGED:
        return (end * (len(so_far.done) + so_far.left) - so_far.total) / so_far.left
    return end
