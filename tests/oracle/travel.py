"""Direction of travel: a straight line on whole numbers, or one figure against another."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from tests.oracle.rated import Band

NOT_ENOUGH, LOST = "not enough history", "not printed"


@dataclass(frozen=True)
class Line:
    """An ordinary-least-squares line: its points, slope for each period and two-sided p."""

    points: int
    slope: float | None = None
    p: float | None = None
    rising: int = 0  #: 1, 0 or -1


def line(points: Sequence[tuple[int, Fraction]], months: int) -> Line:
    """Fit (month, figure) exactly: sums of fractions, no rounding before the last step."""
    n = len(points)
    xs = [x for x, _ in points]
    ys = [y for _, y in points]
    xx = n * sum(x * x for x in xs) - sum(xs) ** 2
    xy = Fraction(n * sum(x * y for x, y in points) - sum(xs) * sum(ys))
    yy = n * sum(y * y for y in ys) - sum(ys) ** 2
    if xx == 0:
        return Line(n)
    slope = float(xy * months / xx)
    rising = (xy > 0) - (xy < 0)
    if n < 3:
        return Line(n, slope, None, rising)
    if xy == 0:
        return Line(n, slope, 1.0, 0)
    left_over = xx * yy - xy * xy
    if left_over == 0:
        return Line(n, slope, 0.0, rising)
    return Line(n, slope, two_sided(xy * xy * (n - 2) / left_over, n - 2), rising)


def two_sided(squared_t: Fraction, freedom: int) -> float:
    """The chance of a t at least as far from 0: the finite series for whole degrees of freedom."""
    angle = math.atan(math.sqrt(squared_t / freedom))
    cosine = math.cos(angle) ** 2
    total, term = 0.0, 1.0
    if freedom % 2 == 0:
        for k in range(0, freedom - 1, 2):
            total += term
            term *= cosine * (k + 1) / (k + 2)
        return 1 - math.sin(angle) * total
    for k in range(1, freedom - 1, 2):
        total += term
        term *= cosine * (k + 1) / (k + 2)
    return 1 - 2 / math.pi * (angle + math.sin(angle) * math.cos(angle) * total)


def by_line(fitted: Line, polarity: str) -> str:
    """Improving or worsening where the slope is unlikely to be chance."""
    if fitted.points < 6 or polarity == "none":
        return NOT_ENOUGH
    if fitted.p is None or fitted.p >= 0.05 or fitted.rising == 0:
        return "stable"
    return "improving" if (fitted.rising > 0) == (polarity == "higher") else "worsening"


def by_comparison(
    now: Decimal | None, then: Decimal | None, polarity: str, band: Band | None, tie: Decimal
) -> str:
    """One figure as shown against an earlier one."""
    if now is None or then is None or polarity == "none":
        return NOT_ENOUGH
    if polarity in {"range", "target"}:
        if band is None:
            return NOT_ENOUGH
        gain = band.misses_by(then) - band.misses_by(now)
    else:
        gain = now - then if polarity == "higher" else then - now
    if abs(gain) <= tie:
        return "stable"
    return "improving" if gain > 0 else "worsening"
