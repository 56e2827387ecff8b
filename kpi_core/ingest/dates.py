"""Periods as people write them: `Sep-24`, `Q2 2024/25`, `30/09/2024`, `2024-09`.

Some can be read in two ways: `03/04/2024` by the day or by the month first, `Q2 2024` by the
financial or by the calendar year, `2011-12` as a month or as a year. All readings are given; which
one holds is for the file or the analyst to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import lru_cache

from kpi_core.periods import APRIL, Frequency, Period

_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_NAME = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_YEAR = r"'?((?:19|20)?[0-9]{2})"
_FINANCIAL = r"(?:fy ?)?((?:19|20)?[0-9]{2}) ?[/-] ?((?:19|20)?[0-9]{2})"
_QUARTER = r"q(?:uarter|tr)?\.? ?([1-4])"
_PART = r"[ \-/,]*"  #: what parts month, year and quarter
_TIME = r"(?:[t ]00:00(?::00(?:\.0+)?)?)?"

#: Two figures for a year: up to this they are of this century.
_THIS_CENTURY = 69
#: The numbers by which spreadsheets hold the days of the years 2000 to 2099, and their day 0.
_FIRST_SERIAL, _LAST_SERIAL = 36526, 73050
_SERIAL_ZERO = date(1899, 12, 30)
_QUARTERS_MONTHS = 2
#: The texts of a sheet come again and again.
_MANY = 10_000
#: No period is written longer.
_LONGEST = 40

Read = Callable[[re.Match[str], int], Iterator[Period | None]]


def periods(text: str, year_start: int = APRIL) -> tuple[Period, ...]:
    """Every period that the text can mean, the likeliest first; none where it is no period.

    A day means the month it lies in.
    """
    return _periods(text, year_start) if len(text) <= _LONGEST else ()


@lru_cache(_MANY)
def _periods(text: str, year_start: int) -> tuple[Period, ...]:
    plain = " ".join(text.replace("–", "-").replace("_", " ").casefold().split())
    for pattern, read in _READINGS:
        if match := pattern.fullmatch(plain):
            found = dict.fromkeys(p for p in read(match, year_start) if p is not None)
            if found:
                return tuple(found)
    return ()


def serial(text: str) -> date | None:
    """The day that a spreadsheet holds as that number: 45565 is 30 September 2024."""
    if not re.fullmatch(r"[0-9]{5}", text) or not _FIRST_SERIAL <= int(text) <= _LAST_SERIAL:
        return None
    return _SERIAL_ZERO + timedelta(days=int(text))


def is_in_figures(text: str) -> bool:
    """Whether it is a day such as 03/04/2024, whose order of day and month may be either."""
    return _in_figures(text) is not None


def day_first(text: str) -> bool | None:
    """What a date in figures shows of the order of day and month; None where it shows nothing."""
    match = _in_figures(text)
    if match is None:
        return None
    first, second = int(match[1]), int(match[2])
    is_first, is_second = _day(match[3], second, first), _day(match[3], first, second)
    return None if bool(is_first) == bool(is_second) else is_first is not None


def at_frequency(period: Period, frequency: Frequency) -> Period | None:
    """What a column means for an indicator of that frequency; None where it has no such period.

    A month is the quarter or year that ends with it; a longer period stands for itself.
    """
    if period.frequency.months >= frequency.months:
        return period
    ending = period.ending_with(frequency)
    return ending if ending.end_month == period.end_month else None


def _in_figures(text: str) -> re.Match[str] | None:
    return _DAY_IN_FIGURES.fullmatch(" ".join(text[: _LONGEST + 1].casefold().split()))


def _full(year: str) -> int:
    number = int(year)
    if len(year) > 2:  # noqa: PLR2004 (a year is written with two figures or four)
        return number
    return number + (2000 if number <= _THIS_CENTURY else 1900)


def _day(year: str, month: int, day: int) -> date | None:
    try:
        return date(_full(year), month, day)
    except ValueError:
        return None


def _month(year: int, month: int, start: int) -> Period | None:
    valid = 1 <= month <= 12  # noqa: PLR2004
    return Period(Frequency.MONTH, year * 12 + month - 1, start) if valid else None


def _containing(day: date | None, start: int) -> Period | None:
    return Period.containing(day, Frequency.MONTH, start) if day else None


def _year_of(first: str, second: str, start: int) -> Period | None:
    """The financial year of `2024/25`; None where the two do not follow each other."""
    begins = _full(first)
    follows = (begins + 1) % 100 == int(second) % 100 and len(second) in (2, len(first))
    return Period(Frequency.YEAR, begins * 12 + start - 1, start) if follows and start > 1 else None


def _quarter(year: Period | None, number: str) -> Period | None:
    if year is None:
        return None
    return Period(Frequency.QUARTER, year.first_month + 3 * (int(number) - 1), year.year_start)


def _years_named(year: str, start: int) -> Iterator[Period]:
    """`2024` is the year that begins in 2024, or else the one that ends in it."""
    yield Period(Frequency.YEAR, _full(year) * 12 + start - 1, start)
    if start > 1:
        yield Period(Frequency.YEAR, (_full(year) - 1) * 12 + start - 1, start)


def _number(name: str) -> int:
    return _NAMES.index(name[:3]) + 1


def _iso_or_year(match: re.Match[str], start: int) -> Iterator[Period | None]:
    yield _month(_full(match[1]), int(match[2]), start)
    yield _year_of(match[1], match[2], start)


def _day_in_figures(match: re.Match[str], start: int) -> Iterator[Period | None]:
    yield _containing(_day(match[3], int(match[2]), int(match[1])), start)
    yield _containing(_day(match[3], int(match[1]), int(match[2])), start)


def _quarter_of_a_year(quarter: str, year: str, start: int) -> Iterator[Period | None]:
    """`Q2 2024`: of the year that begins then, or of the calendar year."""
    yield _quarter(next(_years_named(year, start)), quarter)
    yield Period(Frequency.QUARTER, _full(year) * 12 + 3 * (int(quarter) - 1), start)


def _months_span(match: re.Match[str], start: int) -> Iterator[Period | None]:
    """`Jul-Sep 2024`: a quarter, where its months make one."""
    first, last, year = _number(match[1]), _number(match[2]), _full(match[3])
    whole = _month(year, last, start)
    quarter = at_frequency(whole, Frequency.QUARTER) if whole else None
    is_quarter = quarter is not None and (last - first) % 12 == _QUARTERS_MONTHS
    yield quarter if is_quarter else None


_DAY_IN_FIGURES = re.compile(
    rf"([0-9]{{1,2}})[/.-]([0-9]{{1,2}})[/.-]((?:[0-9]{{2}}){{1,2}}){_TIME}"
)

_READINGS: list[tuple[re.Pattern[str], Read]] = [
    (re.compile(pattern), read)
    for pattern, read in (
        (  # 2024-09; 2011-12 may be a year
            r"([12][0-9]{3})-([0-9]{2})",
            _iso_or_year,
        ),
        (  # 2024/25, FY24/25, 2024/2025
            _FINANCIAL,
            lambda m, start: iter([_year_of(m[1], m[2], start)]),
        ),
        (  # 2024-09-30, 2024/09/30
            rf"([12][0-9]{{3}})[/.-]([0-9]{{1,2}})[/.-]([0-9]{{1,2}}){_TIME}",
            lambda m, start: iter([_containing(_day(m[1], int(m[2]), int(m[3])), start)]),
        ),
        (  # 30/09/2024
            _DAY_IN_FIGURES.pattern,
            _day_in_figures,
        ),
        (  # Q2 2024/25
            rf"{_QUARTER}{_PART}(?:of )?{_FINANCIAL}",
            lambda m, start: iter([_quarter(_year_of(m[2], m[3], start), m[1])]),
        ),
        (  # 2024/25 Q2
            rf"{_FINANCIAL}{_PART}{_QUARTER}",
            lambda m, start: iter([_quarter(_year_of(m[1], m[2], start), m[3])]),
        ),
        (  # Q2 2024
            rf"{_QUARTER}{_PART}{_YEAR}",
            lambda m, start: _quarter_of_a_year(m[1], m[2], start),
        ),
        (  # 2024 Q2
            rf"((?:19|20)[0-9]{{2}}){_PART}{_QUARTER}",
            lambda m, start: _quarter_of_a_year(m[2], m[1], start),
        ),
        (  # 30 September 2024, 30-Sep-24
            rf"([0-9]{{1,2}})(?:st|nd|rd|th)?{_PART}{_MONTH_NAME}{_PART}{_YEAR}{_TIME}",
            lambda m, start: iter([_containing(_day(m[3], _number(m[2]), int(m[1])), start)]),
        ),
        (  # Jul-Sep 2024
            rf"{_MONTH_NAME} ?(?:-|to) ?{_MONTH_NAME}{_PART}{_YEAR}",
            _months_span,
        ),
        (  # Sep-24, Sept 2024
            rf"{_MONTH_NAME}{_PART}{_YEAR}",
            lambda m, start: iter([_month(_full(m[2]), _number(m[1]), start)]),
        ),
        (  # 2024 September
            rf"((?:19|20)[0-9]{{2}}){_PART}{_MONTH_NAME}",
            lambda m, start: iter([_month(_full(m[1]), _number(m[2]), start)]),
        ),
        (  # 2024/09, where it is no year
            r"([12][0-9]{3})/([0-9]{2})",
            lambda m, start: iter([_month(int(m[1]), int(m[2]), start)]),
        ),
        (  # 09/2024
            r"([0-9]{1,2})[/-]([12][0-9]{3})",
            lambda m, start: iter([_month(int(m[2]), int(m[1]), start)]),
        ),
        (  # 2024
            r"(?:fy ?)?((?:19|20)[0-9]{2})",
            lambda m, start: _years_named(m[1], start),
        ),
    )
]  # fmt: skip
