"""How figures read: with their unit, in the organisation's currency, in plain words."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

_AFTER = {"days": " days", "years": " years", "tonnes": " tonnes"}


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
    return number(value, decimals) + _AFTER.get(unit, "")


def seconds(value: Decimal, decimals: int = 0) -> str:
    """`50 s` below a minute and a half, else `1 min 54 s`."""
    if value < 90:
        return f"{number(value, decimals)} s"
    minutes, rest = divmod(int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP)), 60)
    return f"{minutes} min {rest} s" if rest else f"{minutes} min"


def limit(value: Decimal | None, unit: str, decimals: int, currency: str = "£") -> str:
    """A target, floor or threshold: with the decimals it was set with, if those are more."""
    if value is None:
        return "–"
    own = max(0, -int(value.normalize().as_tuple().exponent))  # 99.8 has one, 90 none
    return figure(value, unit, max(own, min(decimals, own)), currency)


def band(
    low: Decimal | None, high: Decimal | None, unit: str, decimals: int, currency: str = "£"
) -> str:
    """`17.5% to 22.5%`, or the one limit there is."""
    if high is None:
        return limit(low, unit, decimals, currency)
    return f"{limit(low, unit, decimals, currency)} to {limit(high, unit, decimals, currency)}"


def difference(value: Decimal, unit: str, currency: str = "£") -> str:
    """The size of a difference: percentages differ in points: `14 points`, `0.3 points`, `1 point`."""
    size = abs(value).normalize()
    places = max(0, -int(size.as_tuple().exponent))
    if unit == "percent":
        return f"{number(size, places)} point" + ("" if size == 1 else "s")
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
