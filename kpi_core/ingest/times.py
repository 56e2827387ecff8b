"""Stretches of time as people write them: `1 minute 54 seconds`, `2h 05m`, `1:54`, `12 days`."""

from __future__ import annotations

import re
from decimal import Decimal

#: Seconds in each unit of time that an indicator can be counted in.
SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400, "weeks": 604800}

_WORDS = {
    "seconds": r"s|secs?|seconds?", "minutes": r"m|mins?|minutes?", "hours": r"h|hrs?|hours?",
    "days": r"d|days?", "weeks": r"w|wks?|weeks?",
}  # fmt: skip
_AMOUNT = r"([0-9]{1,9}(?:\.[0-9]{1,6})?)"
_SEPARATOR = r"(?: ?,? ?(?:and )?)"
_SPAN = re.compile(
    rf"(?=.)(?:{_AMOUNT} ?(?:{_WORDS['weeks']})\.?{_SEPARATOR})?"
    rf"(?:{_AMOUNT} ?(?:{_WORDS['days']})\.?{_SEPARATOR})?"
    rf"(?:{_AMOUNT} ?(?:{_WORDS['hours']})\.?{_SEPARATOR})?"
    rf"(?:{_AMOUNT} ?(?:{_WORDS['minutes']})\.?{_SEPARATOR})?"
    rf"(?:{_AMOUNT} ?(?:{_WORDS['seconds']})\.?)?"
)
_CLOCK = re.compile(r"([0-9]{1,4}):([0-5][0-9])(?::([0-5][0-9](?:\.[0-9]{1,6})?))?")
_UNITS = ("weeks", "days", "hours", "minutes", "seconds")
#: A day or week may be a working one, so these are not turned into each other.
_WORKING = ("days", "weeks")


def span(text: str, unit: str) -> Decimal | None:
    """The stretch of time in that unit; None where it is none, or cannot be counted in it.

    `text` is in lower case. A division may have no end: the figure then has more decimals than fit.
    """
    match = _SPAN.fullmatch(text)
    if match is None:
        return None
    parts = {
        name: Decimal(given) for name, given in zip(_UNITS, match.groups(), strict=True) if given
    }
    if any(name in parts and name != unit for name in _WORKING) or (
        unit in _WORKING and set(parts) != {unit}
    ):
        return None
    return sum((given * SECONDS[name] for name, given in parts.items()), Decimal(0)) / SECONDS[unit]


def clock(text: str, unit: str) -> dict[str, Decimal]:
    """What `1:54` can be in that unit: by minutes_seconds, by hours_minutes, or by the full clock."""
    match = _CLOCK.fullmatch(text)
    if match is None or unit in _WORKING:
        return {}
    first, second, third = int(match[1]), int(match[2]), match[3]
    if third is not None:
        return {"clock": (first * 3600 + second * 60 + Decimal(third)) / SECONDS[unit]}
    return {
        "minutes_seconds": Decimal(first * 60 + second) / SECONDS[unit],
        "hours_minutes": Decimal(first * 3600 + second * 60) / SECONDS[unit],
    }
