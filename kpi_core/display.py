"""How figures read: with their unit, in the organisation's currency and marks, in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from kpi_core.wording import PLAIN, Wording

#: Units that stand after the figure, by what one of them is called.
_AFTER = {"days": "day", "years": "year", "tonnes": "tonne"}


def number(value: Decimal, decimals: int, wording: Wording = PLAIN) -> str:
    """`1,234.5`: rounded half away from zero, with the organisation's marks."""
    rounded = value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return wording.marked(f"{rounded if rounded else abs(rounded):,}").replace("-", "−")


def figure(value: Decimal | None, unit: str, decimals: int, wording: Wording = PLAIN) -> str:
    """The figure as a page or paper prints it: `71%`, `£719`, `1 min 54 s`, `28,152 tonnes`."""
    if value is None:
        return "–"
    if unit == "percent":
        return f"{number(value, decimals, wording)}%"
    if unit == "currency":
        digits = number(value, decimals, wording)
        sign = "−" if digits.startswith("−") else ""
        return f"{sign}{wording.currency}{digits.removeprefix(sign)}"
    if unit == "seconds":
        return seconds(value, decimals, wording)
    if unit in _AFTER:
        return _many(number(value, decimals, wording), _AFTER[unit])
    return number(value, decimals, wording)


def _many(figure: str, one: str) -> str:
    """`1 day`, `2 days`."""
    return f"{figure} {one}" + ("" if figure == "1" else "s")


#: Seconds from which a wait reads better in minutes.
_LONG_WAIT = 90


def seconds(value: Decimal, decimals: int = 0, wording: Wording = PLAIN) -> str:
    """`50 s` below a minute and a half, else `1 min 54 s`."""
    if value < _LONG_WAIT:
        return f"{number(value, decimals, wording)} s"
    minutes, rest = divmod(int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP)), 60)
    return f"{minutes} min {rest} s" if rest else f"{minutes} min"


def limit(value: Decimal | None, unit: str, wording: Wording = PLAIN) -> str:
    """A target, floor or threshold: with the decimals that it was set with."""
    return "–" if value is None else figure(value, unit, _places(value, unit), wording)


def _places(value: Decimal, unit: str) -> int:
    """The decimals of the value itself: 99.8 has one, 90 none. Pence come in pairs."""
    places = max(0, -int(value.normalize().as_tuple().exponent))
    return 2 if unit == "currency" and places == 1 else places


def band(low: Decimal | None, high: Decimal | None, unit: str, wording: Wording = PLAIN) -> str:
    """`17.5% to 22.5%`, or the one limit there is."""
    if high is None:
        return limit(low, unit, wording)
    return f"{limit(low, unit, wording)} to {limit(high, unit, wording)}"


def difference(value: Decimal, unit: str, wording: Wording = PLAIN) -> str:
    """The size of a difference: percentages differ in points: `14 points`, `0.3 points`, `1 point`."""
    size = abs(value)
    places = _places(size, unit)
    if unit == "percent":
        return _many(number(size, places, wording), "point")
    return figure(size, unit, places, wording)


_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def p_value(p: float, wording: Wording = PLAIN) -> str:
    """`0.042`, or `< 0.001` where the decimals do not reach."""
    shown = f"{p:.3f}"
    return wording.marked(shown if float(shown) else "< 0.001")


def count(value: int, wording: Wording = PLAIN) -> str:
    """Counts up to ten in words, as prose has them."""
    return _WORDS[value] if 0 <= value < len(_WORDS) else wording.marked(f"{value:,}")


def change(now: int, before: int | None, wording: Wording = PLAIN) -> str:
    """`one fewer`, `two more`, `same`; empty where the count before is not known."""
    if before is None:
        return ""
    if now == before:
        return "same"
    return f"{count(abs(now - before), wording)} {'more' if now > before else 'fewer'}"


def listed(parts: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last
