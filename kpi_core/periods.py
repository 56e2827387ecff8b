"""Financial years, quarters and months.

A period runs from its first day (`start`) up to, but not including, its `end`; `last_day` is for
people. A financial year begins on the first day of the organisation's `year_start` month (April
unless it says otherwise) and is written after the calendar years it spans: `2024/25`. A year that
begins in January spans one, and is written `2024`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import polars as pl

from kpi_core.errors import PeriodError

APRIL = 4

_YEAR = re.compile(r"([12][0-9]{3})(?:/([0-9]{2}))?")
_QUARTER = re.compile(r"([0-9]{4}(?:/[0-9]{2})?) Q([1-4])")
_MONTH = re.compile(r"([12][0-9]{3})-(0[1-9]|1[0-2])")
_MONTH_NAMES = [
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
]  # fmt: skip


class Frequency(StrEnum):
    """How often a figure is due; also the kind of a period."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"

    @property
    def months(self) -> int:
        """How many months such a period has."""
        return {"month": 1, "quarter": 3, "year": 12}[self.value]


@dataclass(frozen=True, slots=True)
class Period:
    """A month, quarter or year of an organisation's financial calendar.

    `first_month` counts months from the year 0 (2024-09 is 24296), which makes every
    question of order and distance a subtraction.
    """

    frequency: Frequency
    first_month: int
    year_start: int = APRIL

    @classmethod
    def parse(cls, text: str, year_start: int = APRIL) -> Period:
        """Read `2024/25`, `2024/25 Q2` or `2024-09`. Raises PeriodError for anything else."""
        if match := _MONTH.fullmatch(text):
            return cls(Frequency.MONTH, int(match[1]) * 12 + int(match[2]) - 1, year_start)
        if match := _QUARTER.fullmatch(text):
            first = _first_month_of_year(match[1], year_start, text) + 3 * (int(match[2]) - 1)
            return cls(Frequency.QUARTER, first, year_start)
        return cls(Frequency.YEAR, _first_month_of_year(text, year_start, text), year_start)

    @classmethod
    def containing(cls, day: date, frequency: Frequency, year_start: int = APRIL) -> Period:
        """The period of that frequency in which the day falls."""
        month = day.year * 12 + day.month - 1
        into_year = (month - (year_start - 1)) % 12
        return cls(frequency, month - into_year % frequency.months, year_start)

    @property
    def end_month(self) -> int:
        """The first month after the period, counted as `first_month` is."""
        return self.first_month + self.frequency.months

    @property
    def start(self) -> date:
        """The first day of the period."""
        return _first_day(self.first_month)

    @property
    def end(self) -> date:
        """The first day after the period."""
        return _first_day(self.end_month)

    @property
    def last_day(self) -> date:
        """The last day that belongs to the period."""
        return self.end - timedelta(days=1)

    @property
    def year(self) -> Period:
        """The financial year in which the period lies."""
        first = self.first_month - (self.first_month - (self.year_start - 1)) % 12
        return Period(Frequency.YEAR, first, self.year_start)

    @property
    def quarter_number(self) -> int:
        """1 to 4: the quarter of the financial year in which the period begins."""
        return (self.first_month - self.year.first_month) // 3 + 1

    def shift(self, count: int) -> Period:
        """The period `count` places later (earlier when negative)."""
        first = self.first_month + count * self.frequency.months
        return Period(self.frequency, first, self.year_start)

    def ending_with(self, frequency: Frequency) -> Period:
        """The last complete period of that frequency at this period's end."""
        last = Period.containing(self.last_day, frequency, self.year_start)
        return last if last.end_month <= self.end_month else last.shift(-1)

    @property
    def words(self) -> str:
        """For people: `Q2 2024/25`, `September 2024`, `2024/25`."""
        if self.frequency is Frequency.MONTH:
            return f"{_MONTH_NAMES[self.first_month % 12]} {self.first_month // 12}"
        if self.frequency is Frequency.QUARTER:
            return f"Q{self.quarter_number} {self.year}"
        return str(self)

    @property
    def short(self) -> str:
        """For axes: `Q2 24/25`, `Sep 24`, `2024/25`."""
        if self.frequency is Frequency.MONTH:
            name = _MONTH_NAMES[self.first_month % 12][:3]
            return f"{name} {self.first_month // 12 % 100:02d}"
        if self.frequency is Frequency.QUARTER:
            return f"Q{self.quarter_number} {str(self.year)[2:]}"
        return str(self)

    @property
    def last_month_words(self) -> str:
        """`September 2024` for the quarter July to September 2024."""
        return Period(Frequency.MONTH, self.end_month - 1, self.year_start).words

    def __str__(self) -> str:
        if self.frequency is Frequency.MONTH:
            return f"{self.first_month // 12:04d}-{self.first_month % 12 + 1:02d}"
        if self.frequency is Frequency.QUARTER:
            return f"{self.year} Q{self.quarter_number}"
        first_year = self.first_month // 12
        return (
            f"{first_year}"
            if self.year_start == 1
            else f"{first_year}/{(first_year + 1) % 100:02d}"
        )


def when(period: str, at: Period) -> str:
    """When an earlier figure was, seen from the report of `at`: `last quarter`, `in Q4 2022/23`."""
    then = Period.parse(period, at.year_start)
    if then.end_month == at.shift(-1).end_month and then.frequency is at.frequency:
        return f"last {at.frequency}"
    return f"in {then.words}"


def _first_month_of_year(year: str, year_start: int, text: str) -> int:
    match = _YEAR.fullmatch(year)
    if match is None:
        raise PeriodError(text, _example(year_start))
    first, second = int(match[1]), match[2]
    spans_two = year_start != 1
    if (second is not None) != spans_two or (spans_two and (first + 1) % 100 != int(second)):
        raise PeriodError(text, _example(year_start))
    return first * 12 + year_start - 1


def _example(year_start: int) -> str:
    """How a financial year is written, for whoever wrote it otherwise."""
    return "2024" if year_start == 1 else "2024/25"


def _first_day(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)


#: What `calendar` adds to a period, by column.
CALENDAR = {
    "frequency": pl.String,
    "first_month": pl.Int32,
    "end_month": pl.Int32,
    "year": pl.String,
}


def calendar(periods: Iterable[str], year_start: int = APRIL) -> pl.DataFrame:
    """The calendar facts of each distinct period, to be joined on `period`.

    Returns period String, frequency String, first_month Int32, end_month Int32 (the first month
    after it), year String. Raises PeriodError for a text that is no period.
    """
    rows = []
    for text in sorted(set(periods)):
        period = Period.parse(text, year_start)
        rows.append(
            (text, str(period.frequency), period.first_month, period.end_month, str(period.year))
        )
    return pl.DataFrame(rows, schema={"period": pl.String, **CALENDAR}, orient="row")


def with_calendar(frame: pl.DataFrame, year_start: int = APRIL) -> pl.DataFrame:
    """The frame with the columns of `calendar` joined on its `period`, in its own order."""
    facts = calendar(frame["period"].to_list(), year_start)
    return frame.join(facts, on="period", how="left", maintain_order="left")
