"""Financial years, quarters and months."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_core.errors import PeriodError
from kpi_core.periods import Frequency, Period, calendar, with_calendar
from tests import tables
from tests.strategies import frequencies, periods, year_starts

days = st.dates(date(1900, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024/25", date(2024, 4, 1), date(2025, 3, 31)),
        ("2024/25 Q1", date(2024, 4, 1), date(2024, 6, 30)),
        ("2024/25 Q4", date(2025, 1, 1), date(2025, 3, 31)),
        ("2024-09", date(2024, 9, 1), date(2024, 9, 30)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("1999/00", date(1999, 4, 1), date(2000, 3, 31)),
    ],
)
def test_a_period_runs_from_its_first_day_to_its_last(text: str, first: date, last: date) -> None:
    period = Period.parse(text)
    assert (period.start, period.last_day) == (first, last)


@pytest.mark.parametrize(
    ("text", "year_start", "first"),
    [
        ("2024", 1, date(2024, 1, 1)),
        ("2024 Q3", 1, date(2024, 7, 1)),
        ("2024/25", 7, date(2024, 7, 1)),
        ("2024/25 Q3", 7, date(2025, 1, 1)),
        ("2024/25 Q2", 10, date(2025, 1, 1)),
    ],
)
def test_a_year_begins_in_the_month_of_its_organisation(
    text: str, year_start: int, first: date
) -> None:
    assert Period.parse(text, year_start).start == first


@pytest.mark.parametrize(
    "text",
    [
        "", "2024", "2024/26", "2024/2025", "24/25", "2024/25 Q5", "2024/25 Q0", "2024/25Q2", "Q2 2024/25",
        "2024-13", "2024-00", "2024-9", "2024/25 Q2 ", "2024/25\n", "٢٠٢٤-٠٩", "9999-12", "0000/01", "last year",
    ],
)  # fmt: skip
def test_anything_else_is_refused_with_examples_of_how_to_write_it(text: str) -> None:
    with pytest.raises(PeriodError, match=r"2024/25, a quarter as 2024/25 Q2, a month as 2024-09"):
        Period.parse(text)


def test_a_calendar_year_is_not_written_as_if_it_spanned_two() -> None:
    with pytest.raises(PeriodError):
        Period.parse("2024/25", year_start=1)


@given(periods())
def test_what_a_period_writes_can_be_read_back(period: Period) -> None:
    assert Period.parse(str(period), period.year_start) == period


@given(days, frequencies, year_starts)
def test_the_period_of_a_day_contains_it(day: date, frequency: Frequency, year_start: int) -> None:
    period = Period.containing(day, frequency, year_start)
    assert period.start <= day <= period.last_day
    assert Period.parse(str(period), year_start) == period


@given(periods(), st.integers(-40, 40))
def test_shifting_there_and_back_changes_nothing(period: Period, count: int) -> None:
    assert period.shift(count).shift(-count) == period


@given(periods())
def test_the_next_period_begins_where_this_one_ends(period: Period) -> None:
    assert period.shift(1).start == period.end
    assert period.end > period.start


@given(periods(), periods())
def test_months_are_in_the_order_of_days(one: Period, other: Period) -> None:
    assert (one.first_month < other.first_month) == (one.start < other.start)


@given(periods())
def test_a_period_lies_in_its_year_and_quarters_count_from_its_start(period: Period) -> None:
    assert period.year.start <= period.start
    assert period.end <= period.year.end
    assert period.year.start.month == period.year_start
    assert period.quarter_number == (period.first_month - period.year.first_month) // 3 + 1


@given(periods(), frequencies)
def test_the_last_complete_period_has_ended_and_the_next_has_not(
    period: Period, frequency: Frequency
) -> None:
    last = period.ending_with(frequency)
    assert last.end <= period.end < last.shift(1).end
    assert last.frequency is frequency


@pytest.mark.parametrize(
    ("text", "frequency", "last"),
    [
        ("2024/25 Q2", Frequency.MONTH, "2024-09"),
        ("2024/25 Q2", Frequency.YEAR, "2023/24"),
        ("2024/25 Q4", Frequency.YEAR, "2024/25"),
        ("2024-08", Frequency.QUARTER, "2024/25 Q1"),
        ("2024/25", Frequency.QUARTER, "2024/25 Q4"),
    ],
)
def test_the_last_complete_period_at_a_periods_end(
    text: str, frequency: Frequency, last: str
) -> None:
    assert str(Period.parse(text).ending_with(frequency)) == last


@pytest.mark.parametrize(
    ("text", "year_start", "words", "short"),
    [
        ("2024/25", 4, "2024/25", "2024/25"),
        ("2024/25 Q2", 4, "Q2 2024/25", "Q2 24/25"),
        ("2024-09", 4, "September 2024", "Sep 24"),
        ("2009-01", 4, "January 2009", "Jan 09"),
        ("2024 Q2", 1, "Q2 2024", "Q2 24"),
    ],
)
def test_people_read_periods_in_words(text: str, year_start: int, words: str, short: str) -> None:
    period = Period.parse(text, year_start)
    assert (period.words, period.short) == (words, short)


def test_a_quarter_is_known_by_its_last_month() -> None:
    assert Period.parse("2024/25 Q2").last_month_words == "September 2024"


def test_the_calendar_of_a_frame_keeps_its_rows_and_their_order() -> None:
    frame = tables.table(
        "observations",
        tables.read("indicator | period\nB | 2024/25 Q2\nA | 2024-03\nB | 2023/24"),
    )
    dated = with_calendar(frame)
    assert dated.select("indicator", "period", "frequency", "year").rows() == [
        ("B", "2024/25 Q2", "quarter", "2024/25"),
        ("A", "2024-03", "month", "2023/24"),
        ("B", "2023/24", "year", "2023/24"),
    ]


def test_a_text_that_is_no_period_stops_the_calendar() -> None:
    with pytest.raises(PeriodError, match="2024/26"):
        calendar(["2024/25", "2024/26"])
