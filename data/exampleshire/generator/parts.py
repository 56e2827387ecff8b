"""Breakdowns: the whole split into parts that add up to it again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from random import Random

from data.exampleshire.generator import shapes
from data.exampleshire.generator.figures import Cell, Series, cell_of, is_run
from data.exampleshire.generator.indicator import Indicator

#: A part: its name, its weight at the start and at the end, and for a percentage how many points
#: it lies off the whole.
Part = tuple[str, float, float, float]

#: The districts by thousands of people.
DISTRICTS: tuple[Part, ...] = (
    ("Alderwyke", 96, 97, 1.2), ("Brackenhythe", 71, 72, -1.6), ("Corriemarsh", 58, 57, -3.1),
    ("Dunsmere Vale", 84, 88, 2.0), ("Eskerby", 63, 62, -0.7), ("Fallowmoor", 77, 78, 0.9),
    ("Greywater", 102, 106, -2.2), ("Harrowmead", 69, 70, 1.5), ("Kestlebridge", 88, 91, 0.3),
    ("Larkenhurst", 54, 54, 2.6), ("Mallowfield", 79, 82, -0.4), ("Saltquay", 59, 58, -1.1),
)  # fmt: skip

_BY_SERVICE: dict[str, tuple[Part, ...]] = {
    "CU04": (
        ("Blue badges", 8, 7, -9), ("Highways faults", 24, 26, 6), ("Library loans", 30, 27, 11),
        ("Registration appointments", 9, 9, -4), ("School admissions", 11, 12, 14),
        ("Travel passes", 12, 13, -7), ("Other", 6, 6, -31),
    ),
    "CU11": (
        ("Adult social care", 19, 24, 0), ("Blue badges and passes", 11, 10, 0),
        ("Children's services", 12, 14, 0), ("Highways", 17, 16, 0), ("Registration", 10, 9, 0),
        ("Schools and admissions", 11, 12, 0), ("Waste and recycling", 13, 9, 0), ("Other", 7, 6, 0),
    ),
    "CU13": (
        ("Adult social care", 20, 21, 0), ("Children's services", 14, 15, 0),
        ("Education and school transport", 17, 26, 0), ("Highways", 28, 22, 0),
        ("Waste and recycling", 12, 8, 0), ("Other", 9, 8, 0),
    ),
}  # fmt: skip

_OTHERS: dict[str, tuple[Part, ...]] = {
    "age": (
        ("Under 1", 62, 58, 0), ("1 to 4", 151, 142, 0), ("5 to 9", 212, 203, 0),
        ("10 to 15", 448, 452, 0), ("16 and 17", 255, 301, 0),
    ),
    "status": (
        ("Full care order", 566, 575, 0), ("Interim care order", 172, 169, 0),
        ("Accommodated by agreement", 246, 262, 0), ("Placement order", 78, 69, 0),
        ("Unaccompanied asylum-seeking", 66, 112, 0),
    ),
    "severity": (("Killed", 11, 10, 0), ("Seriously injured", 168, 160, 0), ("Slightly injured", 821, 740, 0)),
}  # fmt: skip

#: Scatter of a part's weight as a share of it, and of its rate in points.
_WEIGHT_SD, _STOCK_SD, _RATE_SD = 0.05, 0.015, 0.9
_ATTEMPTS = 300


def names(indicator: Indicator, breakdown: str) -> tuple[Part, ...]:
    """The parts of one of the indicator's breakdowns."""
    if breakdown == "district":
        return DISTRICTS
    return _BY_SERVICE[indicator.code] if breakdown == "service" else _OTHERS[breakdown]


def split(
    indicator: Indicator, breakdown: str, whole: Series, seed: str
) -> dict[str, dict[str, Cell]]:
    """Each period's figure as cells by part, which add up to it."""
    chance = Random(f"{seed}:{indicator.code}:{breakdown}")
    parts = names(indicator, breakdown)
    own = _own_character(breakdown, parts, chance)
    found: dict[str, dict[str, Cell]] = {}
    for place, (period, cell) in enumerate(whole.items()):
        moved = place / max(1, len(whole) - 1)
        usual = [
            (begin + (end - begin) * moved) * more
            for (_, begin, end, _), more in zip(parts, own, strict=True)
        ]
        earlier = list(found.values())[-3:]
        for _ in range(_ATTEMPTS):
            cells = _split_one(indicator, parts, usual, cell, chance)
            if not _has_run(earlier, cells):
                break
        else:
            message = f"{indicator.code} {period}: every throw has parts in even steps"
            raise ValueError(message)
        found[period] = cells
    return found


def sum_of(indicator: Indicator, cells: Sequence[Cell]) -> Cell:
    """Cells of several periods as one."""
    bottoms = [cell.denominator for cell in cells if cell.denominator is not None]
    if not bottoms:
        return Cell(sum((cell.value for cell in cells), Decimal(0)))
    return cell_of(indicator, sum(cell.numerator or 0 for cell in cells), sum(bottoms))


def _own_character(breakdown: str, parts: Sequence[Part], chance: Random) -> list[float]:
    """How much more or less of it each part has than its weight says: districts differ."""
    spread = 0.14 if breakdown == "district" else 0.0
    return [1.0 + spread * shapes.scatter(chance) for _ in parts]


def _split_one(
    indicator: Indicator,
    parts: Sequence[Part],
    usual: Sequence[float],
    cell: Cell,
    chance: Random,
) -> dict[str, Cell]:
    sd = _STOCK_SD if indicator.measure == "snapshot" else _WEIGHT_SD
    weights = [weight * max(0.05, 1.0 + sd * shapes.scatter(chance)) for weight in usual]
    if cell.denominator is None or cell.numerator is None:
        counts = shared(int(cell.value), weights)
        return {part[0]: Cell(Decimal(n)) for part, n in zip(parts, counts, strict=True)}
    below = [max(1, count) for count in shared(cell.denominator, weights)]
    below[below.index(max(below))] += cell.denominator - sum(below)
    share = cell.numerator / cell.denominator
    rates = [share + (off + _RATE_SD * shapes.scatter(chance)) / 100 for _, _, _, off in parts]
    wanted = [max(0.0, min(1.0, rate)) * n for rate, n in zip(rates, below, strict=True)]
    above = _within(shared(cell.numerator, wanted), below)
    return {
        part[0]: cell_of(indicator, top, bottom)
        for part, top, bottom in zip(parts, above, below, strict=True)
    }


def shared(total: int, weights: Sequence[float]) -> list[int]:
    """A whole number shared out by weight; the largest remainders get what is left."""
    sum_of_weights = sum(weights)
    exact = [total * weight / sum_of_weights for weight in weights]
    counts = [int(share) for share in exact]
    order = sorted(range(len(exact)), key=lambda at: (counts[at] - exact[at], at))
    for at in order[: total - sum(counts)]:
        counts[at] += 1
    return counts


def _within(above: Sequence[int], below: Sequence[int]) -> list[int]:
    """No part has more than all: what is too much goes to the part with the most room."""
    found = list(above)
    for at, most in enumerate(below):
        while found[at] > most:
            found[at] -= 1
            room = max(range(len(found)), key=lambda one: below[one] - found[one])
            found[room] += 1
    return found


def _has_run(earlier: Sequence[Mapping[str, Cell]], cells: Mapping[str, Cell]) -> bool:
    return any(
        is_run([*(before[name].value for before in earlier), cell.value])
        for name, cell in cells.items()
    )
