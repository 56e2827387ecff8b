"""The arithmetic of a chart: what its axes span, where their ticks and labels stand.

All of it is settled before anything is drawn, so that nothing depends on how wide a renderer finds
a font, and labels never meet.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kpi_core.wording import NO_BREAK_SPACE, Wording

PERCENT_CEILING = 100.0
MINUS = "\N{MINUS SIGN}"

#: Ticks wanted on a value axis, at least and at most.
FEWEST, MOST = 3, 4

#: The share of the range of values left free above and below them.
MARGIN = 0.08

#: The least span of a value axis: this share of the largest figure, or so many times the distance
#: from target to floor where that is less; and so many steps of rounding. docs/rules/charts.md.
LEAST_SHARE, LEAST_APARTS, LEAST_STEPS = 0.1, 2.0, 4.0
#: Decimals to which figures may be rounded; more are of a quotient.
_ROUNDED = 4

#: Widths of Source Sans' characters in ems, where they are far from 0.53.
_NARROW = (
    dict.fromkeys(" " + NO_BREAK_SPACE, 0.2)
    | dict.fromkeys(".,:;'il|!", 0.26)
    | dict.fromkeys("-/frtj()", 0.35)
)
_WIDE = dict.fromkeys("%mMW", 0.85) | dict.fromkeys("ABCDGHKNOQRUVwXYZ", 0.62)
_EMS = _NARROW | _WIDE | dict.fromkeys("0123456789£" + MINUS, 0.5)

_SHORT_FORMS = ((1e9, "bn"), (1e6, "m"), (1e3, "k"))
_LEAST_SHORT = 10_000
#: Decimals beyond which a figure is dust.
_FINEST = 12

_MONTHS, _QUARTERS = 12, 4
#: Up to so many places are all labelled.
_A_FEW = 4


@dataclass(frozen=True, slots=True)
class ValueAxis:
    """What the y axis spans, and its grid lines."""

    low: float
    high: float
    ticks: tuple[float, ...]


def value_axis(values: Iterable[float], unit: str, apart: float | None = None) -> ValueAxis:
    """An axis that holds the values with room around them and three or four round grid lines.

    It need not start at zero, but never goes below zero, or above 100%, for figures that do not. It
    spans at least `least_span` of the values, so that a small change does not look like a large one.
    """
    held = list(values)
    lowest, highest = min(held), max(held)
    floor = 0.0 if lowest >= 0 else -math.inf
    ceiling = PERCENT_CEILING if unit == "percent" and highest <= PERCENT_CEILING else math.inf
    whole = all(value == round(value) for value in held)
    margin = MARGIN * (highest - lowest)
    least = least_span(held, apart)
    more = max(margin, (least - (highest - lowest)) / 2)
    low, high = lowest - more, highest + more
    if low < floor:
        low, high = floor, max(highest + margin, floor + least)
    if high > ceiling:
        low, high = max(floor, min(lowest - margin, ceiling - least)), ceiling
    step = _step(low, high, least=1.0 if whole else 0.0)
    # Coarse steps can leave too few lines: reach out to the nearest next one that may be drawn.
    while len(_multiples(low, high, step)) < FEWEST:
        below, above = _next_below(low, step), -_next_below(-high, step)
        reach_down = below >= floor and (low - below <= above - high or above > ceiling)
        low, high = (below, high) if reach_down else (low, above)
    return ValueAxis(low, high, _multiples(low, high, step))


def least_span(values: Sequence[float], apart: float | None = None) -> float:
    """The least that an axis spans: see docs/rules/charts.md.

    A tenth of the largest value, or twice the distance that counts as much here (`apart`: from target
    to floor, or across the expected range) where that is less; never less than a few steps of
    rounding. `apart` is 0 where a chart has a measure of its own, as a control chart has in its limits.
    """
    share = LEAST_SHARE * max(abs(value) for value in values)
    near = share if apart is None else min(share, LEAST_APARTS * apart)
    return max(near, LEAST_STEPS * _rounding(values))


def _rounding(values: Sequence[float]) -> float:
    """The step to which the values are rounded: 1, 0.1 …; 0 for quotients that are not."""
    for decimals in range(_ROUNDED + 1):
        if all(math.isclose(value, round(value, decimals), abs_tol=1e-9) for value in values):
            return float(10.0**-decimals)
    return 0.0


def _step(low: float, high: float, least: float) -> float:
    """The step between grid lines: 1, 2 or 5, at a pinch 2.5, times a power of ten."""
    power = math.floor(math.log10(high - low)) - 1
    tens = [10.0**exponent for exponent in range(power, power + 4)]
    steps = [multiple * ten for ten in tens for multiple in (1, 2, 5)]
    steps += [2.5 * ten for ten in tens if least < 1 or ten > 1]
    allowed = [step for step in steps if step >= least]
    fitting = [step for step in allowed if FEWEST <= len(_multiples(low, high, step)) <= MOST]
    if fitting:
        return fitting[0]
    return min(step for step in allowed if len(_multiples(low, high, step)) <= MOST)


def _multiples(low: float, high: float, step: float) -> tuple[float, ...]:
    # The slack keeps a line that falls on the very edge, whatever the last bit says.
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return tuple(_clean(count * step) for count in range(first, last + 1))


def _next_below(edge: float, step: float) -> float:
    return _clean((math.ceil(edge / step - 1e-9) - 1) * step)


def _clean(value: float) -> float:
    """Without the dust of binary fractions: 0.30000000000000004 is 0.3."""
    return float(f"{value:.{_FINEST}g}")


def tick_labels(ticks: Sequence[float], unit: str, wording: Wording) -> list[str]:
    """The ticks as text, alike in their decimals and short forms: `80%`, `12k`, `£1.5m`, `340s`."""
    largest = max(abs(tick) for tick in ticks)
    scale, suffix = 1.0, ""
    if largest >= _LEAST_SHORT and unit != "seconds":
        scale, suffix = next(form for form in _SHORT_FORMS if largest >= form[0])
    scaled = [tick / scale for tick in ticks]
    decimals = next(
        places
        for places in range(_FINEST + 1)
        if places == _FINEST
        or all(math.isclose(round(one, places), one, abs_tol=1e-12) for one in scaled)
    )
    return [
        with_unit(
            wording.marked(f"{abs(one):,.{decimals}f}") + suffix if one else "0",
            unit,
            wording,
            minus=one < 0,
        )
        for one in scaled
    ]


def exact_label(value: float, unit: str, wording: Wording) -> str:
    """The value in full, as short as it can be written: `22.5%`."""
    digits = wording.marked(f"{abs(value):,.6f}".rstrip("0").rstrip("."))
    return with_unit(digits, unit, wording, minus=value < 0)


def with_unit(digits: str, unit: str, wording: Wording, *, minus: bool) -> str:
    """Digits with what their unit puts before and after them."""
    before = wording.currency if unit == "currency" else ""
    after = {"percent": "%", "seconds": "s"}.get(unit, "")
    return f"{MINUS if minus else ''}{before}{digits}{after}"


def tick_places(
    periods: Sequence[str], labels: Sequence[str], spacing: float, size: float
) -> list[int]:
    """The places to label: the last, and the same part of the years before, as far as room allows.

    Months may also be labelled every third or sixth; up to four places are all labelled.
    """
    if not periods:
        return []
    last = periods[-1]
    in_year = _QUARTERS if " Q" in last else _MONTHS if "-" in last else 1
    steps = [years * in_year for years in (1, 2, 5, 10, 20, 50)]
    steps = [3, 6, *steps] if in_year == _MONTHS else steps
    steps = [1, *steps] if len(periods) <= _A_FEW else steps
    room = max(text_width(label, size) for label in labels) + size
    step = next((step for step in steps if step * spacing >= room), len(periods))
    return list(range(len(periods) - 1, -1, -step))[::-1]


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """About how wide the text stands in Source Sans, rather too wide than too narrow."""
    return sum(_EMS.get(letter, 0.53) for letter in text) * size * (1.1 if bold else 1.03)


def spread(
    wanted: Sequence[float], heights: Sequence[float], top: float, bottom: float
) -> list[float]:
    """Where labels stand: as near as can be to where they belong, in order, none over another.

    Positions are of the middles, downwards from top; equal ones keep the order given. Labels that
    need more room than there is still keep apart and stand out evenly at both ends.
    """
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    distance, distances = 0.0, []
    for count, index in enumerate(order):
        if count:
            distance += (heights[order[count - 1]] + heights[index]) / 2
        distances.append(distance)
    # With the least distances taken off, keeping apart means never falling: isotonic regression,
    # by pooling neighbours that fall until none does.
    pools: list[tuple[float, int]] = []
    for index, distance in zip(order, distances, strict=True):
        mean, size = wanted[index] - distance, 1
        while pools and pools[-1][0] > mean:
            before, count = pools.pop()
            mean, size = (mean * size + before * count) / (size + count), size + count
        pools.append((mean, size))
    level = [mean for mean, size in pools for _ in range(size)]
    result = [0.0] * len(wanted)
    if not order:
        return result
    least = top + heights[order[0]] / 2
    most = bottom - heights[order[-1]] / 2 - distances[-1]
    if least > most:
        least = most = (least + most) / 2
    for index, distance, position in zip(order, distances, level, strict=True):
        result[index] = min(max(position, least), most) + distance
    return result
