"""The six years as texts: months, quarters and years, counted from April 2020."""

from __future__ import annotations

from data.exampleshire.generator.indicator import YEARS

_FIRST_YEAR = 2020
_APRIL = 3  #: months before April

#: How many months each frequency has.
MONTHS_OF = {"month": 1, "quarter": 3, "year": 12}


def texts(frequency: str) -> list[str]:
    """Every period of the six years."""
    if frequency == "month":
        return [_month(number) for number in range(12 * len(YEARS))]
    if frequency == "quarter":
        return [f"{year} Q{number}" for year in YEARS for number in (1, 2, 3, 4)]
    return list(YEARS)


def _month(number: int) -> str:
    since = number + _APRIL
    return f"{_FIRST_YEAR + since // 12}-{since % 12 + 1:02d}"


def months_of(quarter: str) -> list[str]:
    """The three months of a quarter."""
    place = 3 * texts("quarter").index(quarter)
    return texts("month")[place : place + 3]


def quarter_of(month: str) -> str:
    """The quarter in which a month lies."""
    return texts("quarter")[texts("month").index(month) // 3]


def first_index(first: str, frequency: str) -> int:
    """The place of the first period that begins with or after `first`, a year or a quarter."""
    quarter = first if " Q" in first else f"{first} Q1"
    place = texts("quarter").index(quarter)
    return {"month": 3 * place, "quarter": place, "year": place // 4}[frequency]


def year_of(period: str) -> str:
    """The financial year of a period."""
    return period[:7] if "/" in period else quarter_of(period)[:7]
