"""How figures read: with their unit, in the organisation's currency, in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

#: Units that stand after the figure, by what one of them is called.
_AFTER = {"days": "day", "years": "year", "tonnes": "tonne"}


def number(value: Decimal, decimals: int) -> str:
    """`1,234.5`: rounded half away from zero, thousands parted by commas."""
    rounded = value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return f"{rounded if rounded else abs(rounded):,}".replace("-", "−")


def figure(value: Decimal | None, unit: str, decimals: int, currency: str = "£") -> str:
    """The figure as a page or paper prints it: `71%`, `£719`, `1 min 54 s`, `28,152 tonnes`."""
    if value is None:
        return "–"
    if unit == "percent":
        return f"{number(value, decimals)}%"
    if unit == "currency":
        return f"{currency}{number(value, decimals)}".replace(f"{currency}−", f"−{currency}")
    if unit == "seconds":
        return seconds(value, decimals)
    if unit in _AFTER:
        return _many(number(value, decimals), _AFTER[unit])
    return number(value, decimals)


def _many(figure: str, one: str) -> str:
    """`1 day`, `2 days`."""
    return f"{figure} {one}" + ("" if figure == "1" else "s")


#: Seconds from which a wait reads better in minutes.
_LONG_WAIT = 90


def seconds(value: Decimal, decimals: int = 0) -> str:
    """`50 s` below a minute and a half, else `1 min 54 s`."""
    if value < _LONG_WAIT:
        return f"{number(value, decimals)} s"
    minutes, rest = divmod(int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP)), 60)
    return f"{minutes} min {rest} s" if rest else f"{minutes} min"


def limit(value: Decimal | None, unit: str, currency: str = "£") -> str:
    """A target, floor or threshold: with the decimals that it was set with."""
    return "–" if value is None else figure(value, unit, _places(value, unit), currency)


def _places(value: Decimal, unit: str) -> int:
    """The decimals of the value itself: 99.8 has one, 90 none. Pence come in pairs."""
    places = max(0, -int(value.normalize().as_tuple().exponent))
    return 2 if unit == "currency" and places == 1 else places


def band(
    low: Decimal | None,
    high: Decimal | None,
    unit: str,
    decimals: int,  # noqa: ARG001  as `figure` has it, so that both are called alike
    currency: str = "£",
) -> str:
    """`17.5% to 22.5%`, or the one limit there is."""
    if high is None:
        return limit(low, unit, currency)
    return f"{limit(low, unit, currency)} to {limit(high, unit, currency)}"


def difference(value: Decimal, unit: str, currency: str = "£") -> str:
    """The size of a difference: percentages differ in points: `14 points`, `0.3 points`, `1 point`."""
    size = abs(value)
    places = _places(size, unit)
    if unit == "percent":
        return _many(number(size, places), "point")
    return figure(size, unit, places, currency)


_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def count(value: int) -> str:
    """Counts up to ten in words, as prose has them."""
    return _WORDS[value] if 0 <= value < len(_WORDS) else f"{value:,}"


def change(now: int, before: int | None) -> str:
    """`one fewer`, `two more`, `same`; empty where the count before is not known."""
    if before is None:
        return ""
    if now == before:
        return "same"
    return f"{count(abs(now - before))} {'more' if now > before else 'fewer'}"


def listed(parts: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last
