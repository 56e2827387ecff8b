"""The figures of each indicator: what is counted in each period, and what that comes to.

Numerators and denominators are whole numbers, and a value is their quotient rounded once, half
away from zero. A quarter of a monthly indicator is made of its three months.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from random import Random

from data.exampleshire.generator import dates, shapes
from data.exampleshire.generator.indicator import Indicator

#: So many figures in even steps look as if somebody had dragged a cell; chance is thrown again.
_RUN = 4
_ATTEMPTS = 400


@dataclass(frozen=True)
class Cell:
    """One figure. A count has a value alone, a quotient all three."""

    value: Decimal
    numerator: int | None = None
    denominator: int | None = None


Series = Mapping[str, Cell]


def histories(indicator: Indicator, seed: str) -> dict[str, Series]:
    """The figures of an indicator by frequency: its own, and the quarters of a monthly one.

    Each is a mapping of period to Cell, in order of time.
    """
    for attempt in range(_ATTEMPTS):
        own = _draw(indicator, Random(f"{seed}:{indicator.code}:{attempt}"))
        found = {indicator.frequency: own}
        if indicator.frequency == "month":
            found["quarter"] = _quarters(indicator, own)
        if not any(has_run([cell.value for cell in series.values()]) for series in found.values()):
            return found
    message = f"{indicator.code}: every throw has {_RUN} figures in even steps"
    raise ValueError(message)


def has_run(values: Sequence[Decimal]) -> bool:
    """Whether some figures that follow each other rise, fall or stay in even steps."""
    return any(is_run(values[at : at + _RUN]) for at in range(len(values) - _RUN + 1))


def is_run(values: Sequence[Decimal]) -> bool:
    """Whether these figures are enough to be a run, and go in even steps."""
    steps = {after - before for before, after in pairwise(values)}
    return len(values) >= _RUN and len(steps) == 1


def cell_of(indicator: Indicator, numerator: int, denominator: int) -> Cell:
    """A quotient, rounded once to the indicator's decimals."""
    value = quotient(numerator, denominator, indicator.unit, indicator.decimals)
    return Cell(value, numerator, denominator)


def quotient(numerator: int, denominator: int, unit: str, decimals: int) -> Decimal:
    """Numerator over denominator (a hundred times that for a percentage), half away from zero."""
    above = numerator * (100 if unit == "percent" else 1) * 10**decimals
    return Decimal((2 * above + denominator) // (2 * denominator)).scaleb(-decimals)


def rounded(value: float, decimals: int) -> Decimal:
    """A number with so many decimals, half away from zero."""
    return Decimal(value).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def _draw(indicator: Indicator, chance: Random) -> Series:
    """The figures of the indicator's own frequency."""
    months = dates.MONTHS_OF[indicator.frequency]
    periods = dates.texts(indicator.frequency)
    before = 12 // months if indicator.measure == "rolling_12m" else 0
    count = len(periods) + before
    flows = _flows(indicator, months, -before * months, count, chance)
    cells = _counted(indicator, flows, months)[before:]
    begin = dates.first_index(indicator.first, indicator.frequency)
    end = len(periods) - indicator.arrears
    if indicator.last:
        end = min(end, dates.first_index(indicator.last, indicator.frequency) + 12 // months)
    return dict(list(zip(periods, cells, strict=True))[begin:end])


#: What is counted in each period: numerator (or the count itself) and denominator.
Flow = tuple[Decimal, int | None]


def _flows(indicator: Indicator, months: int, first: int, count: int, chance: Random) -> list[Flow]:
    size = indicator.size and list(shapes.sizes(indicator.size, months, first, count, chance))
    level = indicator.level and list(shapes.walk(indicator.level, months, first, count, chance))
    if size and level:
        factor = 100 if indicator.unit == "percent" else 1
        flows: list[Flow] = []
        for amount, share in zip(size, level, strict=True):
            whole = max(1, int(rounded(amount, 0)))
            part = max(0, int(rounded(share * whole / factor, 0)))
            flows.append((Decimal(min(part, whole) if factor == 100 else part), whole))
        return flows
    alone = size or level or []
    return [(max(Decimal(0), rounded(value, indicator.decimals)), None) for value in alone]


def _counted(indicator: Indicator, flows: Sequence[Flow], months: int) -> list[Cell]:
    """The cells, with the measure's stretch of time: the period, twelve months, or since April."""
    a_year = 12 // months
    cells = []
    for place, (top, bottom) in enumerate(flows):
        parts: Sequence[Flow] = [(top, bottom)]
        if indicator.measure == "rolling_12m":
            parts = flows[max(0, place - a_year + 1) : place + 1]
        elif indicator.measure == "year_to_date":
            parts = flows[place - place % a_year : place + 1]
        total = sum((one for one, _ in parts), Decimal(0))
        weights = [weight for _, weight in parts if weight is not None]
        if not weights:
            cells.append(Cell(total))
            continue
        below = sum(weights)
        if indicator.mean_size:
            below = int((2 * below + len(weights)) // (2 * len(weights)))
        cells.append(cell_of(indicator, int(total), below))
    return cells


def _quarters(indicator: Indicator, months: Series) -> Series:
    """Each quarter from its months: their sum, or the last one of what is counted at its end."""
    found = {}
    for quarter in dates.texts("quarter"):
        cells = [months[month] for month in dates.months_of(quarter) if month in months]
        if len(cells) < 3:
            continue
        if indicator.measure != "in_period":
            found[quarter] = cells[-1]
            continue
        tops = [cell.numerator for cell in cells if cell.numerator is not None]
        bottoms = [cell.denominator for cell in cells if cell.denominator is not None]
        if len(bottoms) == len(cells):
            found[quarter] = cell_of(indicator, sum(tops), sum(bottoms))
        else:
            found[quarter] = Cell(sum((cell.value for cell in cells), Decimal(0)))
    return found
