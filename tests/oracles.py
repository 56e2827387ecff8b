"""The rules once more, slowly and plainly: what the core's expressions are checked against.

Nothing here shares code with the core. One indicator at a time, decimals and loops.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction


def rounded(value: Decimal, places: int) -> Decimal:
    """Half away from zero: ROUND_HALF_UP of the decimal module means just that."""
    with localcontext() as context:
        context.prec = 60
        return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def quotient(above: Decimal, below: Decimal, factor: int, places: int) -> Decimal | None:
    """factor * above / below, rounded once."""
    if below == 0:
        return None
    exact = Fraction(above) * factor / Fraction(below)
    scaled = abs(exact) * 10**places
    whole = scaled.numerator // scaled.denominator
    if scaled - whole >= Fraction(1, 2):
        whole += 1
    return Decimal(whole if exact >= 0 else -whole).scaleb(-places)


@dataclass(frozen=True)
class Aims:
    """What a KPI is held against."""

    polarity: str
    target: Decimal | None = None
    target_high: Decimal | None = None
    floor: Decimal | None = None
    floor_high: Decimal | None = None


def rating(value: Decimal | None, places: int, aims: Aims) -> str:
    """Each polarity spelled out."""
    if value is None:
        return "NO DATA"
    shown = rounded(value, places)
    if aims.polarity == "higher":
        return _one_sided(shown, aims.target, aims.floor, sign=1)
    if aims.polarity == "lower":
        return _one_sided(shown, aims.target, aims.floor, sign=-1)
    if aims.polarity == "range":
        return _in_range(shown, aims)
    return "NOT RATED"


def _one_sided(shown: Decimal, target: Decimal | None, floor: Decimal | None, sign: int) -> str:
    if target is None:
        return "NOT RATED"
    if sign * shown >= sign * target:
        return "GREEN"
    if floor is None:
        return "UNDECIDED"
    return "AMBER" if sign * shown >= sign * floor else "RED"


def _in_range(shown: Decimal, aims: Aims) -> str:
    if aims.target is None and aims.target_high is None:
        return "NOT RATED"
    if aims.target is not None and shown < aims.target:
        return _one_sided(shown, aims.target, aims.floor, sign=1)
    if aims.target_high is not None and shown > aims.target_high:
        return _one_sided(shown, aims.target_high, aims.floor_high, sign=-1)
    return "GREEN"


@dataclass(frozen=True)
class Leeway:
    """How far a council lets a target be missed."""

    amber: str = "floor"
    tolerance: Decimal | None = None
    closeness: Decimal = Decimal(0)
    year_ago: Decimal | None = None


def target_band(aims: Aims, closeness: Decimal) -> tuple[Fraction | None, Fraction | None]:
    """Between which ends a target is met; None is an open end, twice None no target."""
    ends = [None if end is None else Fraction(end) for end in (aims.target, aims.target_high)]
    low, high = ends
    if aims.polarity == "higher":
        return low, None
    if aims.polarity == "lower":
        return None, low
    if aims.polarity == "range":
        return low, high
    if aims.polarity == "target" and low is not None:
        return low - Fraction(closeness), low + Fraction(closeness)
    return None, None


def missed_by(figure: Decimal, band: tuple[Fraction | None, Fraction | None]) -> Fraction:
    """How far a figure lies outside a band: negative below it, 0 inside."""
    low, high = band
    if low is not None and figure < low:
        return Fraction(figure) - low
    if high is not None and figure > high:
        return Fraction(figure) - high
    return Fraction(0)


def rating_by(value: Decimal | None, places: int, aims: Aims, leeway: Leeway) -> str:
    """The rating by any rule of Amber, in fractions: no limit is ever rounded."""
    if value is None:
        return "NO DATA"
    band = target_band(aims, leeway.closeness)
    if band == (None, None):
        return "NOT RATED"
    miss = missed_by(rounded(value, places), band)
    if miss == 0:
        return "GREEN"
    allowed = _allowed(aims, leeway, band, miss)
    if allowed is None:
        return "UNDECIDED"
    return "AMBER" if abs(miss) <= allowed else "RED"


def _allowed(
    aims: Aims, leeway: Leeway, band: tuple[Fraction | None, Fraction | None], miss: Fraction
) -> Fraction | None:
    """By how much the end of the band that was missed may be missed."""
    end = band[0] if miss < 0 else band[1]
    assert end is not None
    if leeway.amber == "floor":
        other_floor = aims.polarity in {"range", "target"} and miss > 0
        floor = aims.floor_high if other_floor else aims.floor
        return None if floor is None else (Fraction(floor) - end) * (-1 if miss < 0 else 1)
    if leeway.amber == "year_ago":
        return None if leeway.year_ago is None else abs(missed_by(leeway.year_ago, band))
    if leeway.amber == "none":
        return Fraction(0)
    assert leeway.tolerance is not None
    if leeway.amber == "points":
        return Fraction(leeway.tolerance)
    of = Fraction(aims.target or 0) if aims.polarity == "target" else end
    return abs(of) * Fraction(leeway.tolerance) / 100


def compared(
    now: Decimal | None, then: Decimal | None, aims: Aims, closeness: Decimal, tie: Decimal
) -> str:
    """The direction from one figure to another."""
    band = target_band(aims, closeness)
    if now is None or then is None or aims.polarity == "none":
        return "not enough history"
    if aims.polarity in {"range", "target"}:
        if band == (None, None):
            return "not enough history"
        gain = abs(missed_by(then, band)) - abs(missed_by(now, band))
    else:
        gain = Fraction(now - then if aims.polarity == "higher" else then - now)
    if abs(gain) <= tie:
        return "stable"
    return "improving" if gain > 0 else "worsening"


def line(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Slope and two-sided p of statsmodels' ordinary least squares."""
    from statsmodels.regression.linear_model import OLS
    from statsmodels.tools import add_constant

    xs, ys = [x for x, _ in points], [y for _, y in points]
    fitted = OLS(ys, add_constant(xs)).fit()
    return float(fitted.params[1]), float(fitted.pvalues[1])


def interval(
    points: Sequence[tuple[float, float]], at: Sequence[float]
) -> list[tuple[float, float, float]]:
    """statsmodels' fitted line and the 95% interval of its mean at points of time."""
    from statsmodels.regression.linear_model import OLS

    fitted = OLS([y for _, y in points], [[1.0, x] for x, _ in points]).fit()
    found = fitted.get_prediction([[1.0, x] for x in at])
    low_high = found.conf_int(alpha=0.05)
    return [
        (float(mean), float(low), float(high))
        for mean, (low, high) in zip(found.predicted_mean, low_high, strict=True)
    ]


def line_and_band(points: Sequence[tuple[float, float]]) -> tuple[float, ...]:
    """statsmodels' slope and p, and the line with its 95% interval at the last point."""
    from statsmodels.regression.linear_model import OLS

    fitted = OLS([y for _, y in points], [[1.0, x] for x, _ in points]).fit()
    ahead = fitted.get_prediction([[1.0, points[-1][0]]])
    (low, high), (mean,) = ahead.conf_int(alpha=0.05)[0], ahead.predicted_mean
    return tuple(map(float, (fitted.params[1], fitted.pvalues[1], mean, low, high)))


def direction(points: Sequence[tuple[float, float]], polarity: str) -> str:
    """Improving, stable or worsening by the slope and its p."""
    if len(points) < 6:
        return "not enough history"
    if len({y for _, y in points}) == 1:
        return "stable"
    slope, p = line(points)
    if p >= 0.05:
        return "stable"
    return "improving" if (slope > 0) == (polarity == "higher") else "worsening"


@dataclass(frozen=True)
class Part:
    """The figure of one period."""

    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None


def year_to_date(rule: str, unit: str, places: int, parts: Sequence[Part | None]) -> Decimal | None:
    """The parts are those of every period since the year's start, None where one is missing."""
    if rule == "latest":
        last = parts[-1]
        return None if last is None else last.value
    there = [part for part in parts if part is not None]
    if rule == "ratio" or (rule == "mean" and unit == "percent"):
        return _ratio(there, len(parts), unit, places)
    values = [part.value for part in there if part.value is not None]
    if len(values) < len(parts) or rule not in {"sum", "mean"}:
        return None
    if rule == "sum":
        return sum(values, Decimal(0))
    weights = [part.denominator for part in there if part.denominator is not None]
    if len(weights) < len(parts):
        return quotient(sum(values, Decimal(0)), Decimal(len(parts)), 1, places)
    with localcontext() as context:
        context.prec = 60
        weighted = sum((v * w for v, w in zip(values, weights, strict=True)), Decimal(0))
        return quotient(weighted, sum(weights, Decimal(0)), 1, places)


def _ratio(there: Sequence[Part], needed: int, unit: str, places: int) -> Decimal | None:
    top, bottom, known = Decimal(0), Decimal(0), 0
    for part in there:
        if part.numerator is not None and part.denominator is not None:
            top, bottom, known = top + part.numerator, bottom + part.denominator, known + 1
    if known < needed:
        return None
    return quotient(top, bottom, 100 if unit == "percent" else 1, places)


def rolling(unit: str, places: int, parts: Sequence[Part | None]) -> Decimal | None:
    """The parts are those of the periods of twelve months, None where one is missing."""
    if unit in {"number", "currency", "tonnes"}:
        return year_to_date("sum", unit, places, parts)
    return year_to_date("ratio", unit, places, parts)


def shown(series: Mapping[int, str], end: int, months: int, arrears: int) -> str | None:
    """The figure a report shows: walk back period by period, as far as the arrears allow.

    `series` has the figures by the month after their period, `end` is the month after the report's.
    """
    for month in range(end, end - months * (arrears + 1), -1):
        if month in series:
            return series[month]
    return None


def counts(kpis: Sequence[tuple[str, str, str]]) -> dict[str, dict[str, int]]:
    """Ratings and directions by section and in total, from (section, rating, direction)."""
    names = {
        "GREEN": "green", "AMBER": "amber", "RED": "red", "NO DATA": "no_data",
        "improving": "improving", "stable": "stable", "worsening": "worsening",
    }  # fmt: skip
    table: dict[str, dict[str, int]] = {}
    for section, verdict, heading in kpis:
        for row in (section, "TOTAL"):
            line_of = table.setdefault(row, dict.fromkeys(names.values(), 0))
            for word in (verdict, heading):
                if word in names:
                    line_of[names[word]] += 1
    return table
