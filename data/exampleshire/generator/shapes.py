"""How a quantity moves in time: level, season, the shock of 2020, and scatter.

Only sums and products are used, and chance comes from `Random.random` alone, so that every machine
works out the same bits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

from data.exampleshire.generator.indicator import Shape

#: The swing of each season by month, April first; about -1 to 1, and about 0 over the year.
SEASONS: dict[str, tuple[float, ...]] = {
    "": (0.0,) * 12,
    "winter": (-0.3, -0.6, -0.8, -0.9, -0.8, -0.4, 0.1, 0.5, 0.8, 1.0, 0.9, 0.5),
    "summer": (0.2, 0.6, 0.9, 1.0, 0.9, 0.4, -0.1, -0.6, -0.9, -1.0, -0.8, -0.4),
    "autumn": (-0.5, -0.4, -0.3, -0.5, -0.4, 0.6, 1.0, 0.9, 0.2, -0.3, -0.3, 0.0),
    "spring": (0.8, 0.7, 0.4, 0.0, -0.4, -0.2, -0.1, -0.4, -1.0, -0.2, 0.1, 0.6),
    "school": (-0.1, 0.5, 0.6, 0.3, -1.0, -0.2, 0.4, 0.6, -0.5, 0.1, 0.0, 0.6),
    "schoolyear": (0.5, 0.7, 0.9, 0.6, -0.9, -1.0, -0.6, -0.3, -0.1, 0.0, 0.1, 0.3),
    "yearend": (-0.4, -0.2, -0.1, 0.0, -0.3, -0.1, 0.1, 0.2, -0.4, 0.1, 0.4, 1.0),
    "january": (-0.1, -0.2, -0.3, -0.4, -0.5, -0.1, 0.2, 0.0, -0.8, 1.0, 0.7, 0.5),
    "planting": (-0.7, -0.95, -1.1, -1.1, -1.1, -0.9, -0.1, 0.9, 1.1, 1.3, 1.3, 1.0),
}

#: The shutdowns of the winter after: months counted from April 2020, and how much of the shock.
_SECOND_WAVE = {7: 0.25, 9: 0.4, 10: 0.35}
#: Services that were over the first shock sooner than that did not feel the second.
_FELT_AGAIN = 8

#: What is left of one period's chance in the next.
_CARRIED = 0.2
#: Four dice summed have this many times less scatter than one standard deviation.
_UNIT = 1.7320508


def walk(shape: Shape, months: int, first: int, count: int, chance: Random) -> Iterator[float]:
    """The levels of periods of so many months, scatter and all, the first at month `first`.

    The season and the shock of a shape are added to its level.
    """
    drift = 0.0
    for number in range(count):
        start = first + number * months
        drift = _CARRIED * drift + scatter(chance)
        yield (
            level(shape, start + months / 2)
            + shape.amp * _season(shape, start, months)
            + shape.shock * _shock(shape, start, months)
            + (shape.step[1] if shape.step[1] and start >= shape.step[0] else 0.0)
            + shape.sd * drift
        )


def sizes(shape: Shape, months: int, first: int, count: int, chance: Random) -> Iterator[float]:
    """As `walk`, but the season, the shock and the scatter are shares of the level."""
    drift = 0.0
    for number in range(count):
        start = first + number * months
        drift = _CARRIED * drift + scatter(chance)
        season = 1.0 + shape.amp * _season(shape, start, months)
        shock = 1.0 + shape.shock * _shock(shape, start, months)
        yield level(shape, start + months / 2) * season * shock * (1.0 + shape.sd * drift)


def scatter(chance: Random) -> float:
    """A number that is about normal, with mean 0 and standard deviation 1."""
    return (sum(chance.random() for _ in range(4)) - 2.0) * _UNIT


def level(shape: Shape, month: float) -> float:
    """The level between two Aprils; before the first and after the last it stands still."""
    knots = shape.knots
    place = month / 12
    before = int(place) if place > 0 else 0
    if place <= 0 or len(knots) == 1:
        return knots[0]
    if before >= len(knots) - 1:
        return knots[-1]
    return knots[before] + (knots[before + 1] - knots[before]) * (place - before)


def _season(shape: Shape, start: int, months: int) -> float:
    return _mean([SEASONS[shape.season][month % 12] for month in range(start, start + months)])


def _shock(shape: Shape, start: int, months: int) -> float:
    return _mean([_left_of_shock(month, shape.lasting) for month in range(start, start + months)])


def _left_of_shock(month: int, lasting: int) -> float:
    if month < 0:
        return 0.0
    fading = 1.0 - month / lasting if month < lasting else 0.0
    again = _SECOND_WAVE.get(month, 0.0) if lasting >= _FELT_AGAIN else 0.0
    return max(fading, again)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
