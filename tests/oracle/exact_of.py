"""Figures as fractions: nothing is rounded before it is shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction

_TOO_LARGE = 10**12  # figures have twelve digits before the point
_ADDED = {"number", "currency", "tonnes"}  # what twelve months are the sum of


@dataclass(frozen=True)
class Part:
    """What is known of one period."""

    value: Fraction | None
    numerator: Decimal | None
    denominator: Decimal | None


def quotient(part: Part, unit: str) -> Fraction | None:
    """Numerator by denominator, of a percentage a hundred times that."""
    if part.numerator is None or not part.denominator:
        return None
    return Fraction(part.numerator) / Fraction(part.denominator) * _factor(unit)


def year_to_date(rule: str, unit: str, parts: Sequence[Part | None]) -> Fraction | None:
    """The parts are those of every period since the year began, None where one is missing."""
    if rule == "latest":
        return parts[-1].value if parts[-1] else None
    if rule == "ratio" or (rule == "mean" and unit == "percent"):
        return _ratio(parts, unit)
    there = [part for part in parts if part is not None]
    values = [part.value for part in there if part.value is not None]
    if len(values) < len(parts) or rule not in {"sum", "mean"}:
        return None
    if rule == "sum":
        return sum(values, Fraction(0))
    known = [Fraction(part.denominator) for part in there if part.denominator is not None]
    weights = known if len(known) == len(parts) else [Fraction(1)] * len(parts)
    weighed = sum((v * w for v, w in zip(values, weights, strict=True)), Fraction(0))
    return weighed / sum(weights) if sum(weights) else None


def rolling(unit: str, parts: Sequence[Part | None]) -> Fraction | None:
    """Twelve months; the parts are those of their periods."""
    return year_to_date("sum" if unit in _ADDED else "ratio", unit, parts)


def _ratio(parts: Iterable[Part | None], unit: str) -> Fraction | None:
    top = bottom = Fraction(0)
    for part in parts:
        if part is None or part.numerator is None or part.denominator is None:
            return None
        top, bottom = top + Fraction(part.numerator), bottom + Fraction(part.denominator)
    return top / bottom * _factor(unit) if bottom else None


def _factor(unit: str) -> int:
    return 100 if unit == "percent" else 1


def shown(value: Fraction | None, places: int) -> Decimal | None:
    """Rounded to so many places, a half away from zero; none where it has too many digits."""
    if value is None:
        return None
    scaled = abs(value) * 10**places
    whole = int(scaled) + (scaled - int(scaled) >= Fraction(1, 2))
    with localcontext() as context:
        context.prec = 60
        rounded = Decimal(whole if value >= 0 else -whole).scaleb(-places)
    return None if abs(rounded) >= _TOO_LARGE else rounded


def shown_of(value: Decimal, places: int) -> Decimal | None:
    """A figure as given, rounded in the same way."""
    return shown(Fraction(value), places)
