"""However a figure or a period is written, it reads back exactly."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_core.ingest import cells, dates
from kpi_core.ingest.cells import Counted
from kpi_core.ingest.times import SECONDS
from kpi_core.periods import Frequency, Period
from kpi_core.wording import Wording

FIGURES = st.decimals(
    min_value=Decimal("-999999999999.999999"), max_value=Decimal("999999999999.999999"), places=6
)
SPACES = st.sampled_from(["", " ", "\u00a0", "  ", "\u202f"])
MARKS = st.sampled_from(
    [(".", ","), (".", " "), (".", "'"), (".", ""), (",", "."), (",", " "), (",", "")]
)
STATUS = {
    "": "actual", " (p)": "provisional", "p": "provisional", " [p]": "provisional",
    " provisional": "provisional", " (e)": "estimate", " est": "estimate", " (r)": "actual",
}  # fmt: skip
PERIODS = st.builds(
    Period.containing,
    st.dates(min_value=date(1975, 1, 1), max_value=date(2060, 1, 1)),
    st.sampled_from(Frequency),
    st.sampled_from([1, 4, 7, 10]),
)


def grouped(value: Decimal, decimal: str, thousands: str) -> str:
    whole, _, decimals = f"{abs(value):,f}".partition(".")
    decimals = decimals.rstrip("0")
    return whole.replace(",", thousands) + (decimal + decimals if decimals else "")


@given(FIGURES, MARKS, SPACES, st.sampled_from(["-", "−", "–"]), st.sampled_from(sorted(STATUS)))
def test_a_number_reads_back(
    value: Decimal, marks: tuple[str, str], space: str, minus: str, status: str
) -> None:
    sign = minus if value < 0 else ""
    text = f"{space}{sign}{grouped(value, *marks)}{space}{status}"
    found = cells.read(text, Counted("number"), decimal_mark=marks[0])
    assert (found.problem, [one for _, one in found.ways]) == ("", [value])
    assert found.status == STATUS[status]


@given(FIGURES, st.sampled_from(["%", " %", " per cent", "% (p)"]))
def test_a_percentage_reads_back(value: Decimal, sign: str) -> None:
    text = f"{'-' if value < 0 else ''}{grouped(value, '.', ',')}{sign}"
    found = cells.read(text, Counted("percent"))
    assert (found.problem, [one for _, one in found.ways]) == ("", [value])


@given(FIGURES, st.sampled_from(["£", "€", "CHF"]), st.booleans(), SPACES)
def test_a_sum_of_money_reads_back(value: Decimal, currency: str, inside: bool, space: str) -> None:
    sign = "-" if value < 0 else ""
    figure = f"{grouped(value, '.', ',')}"
    text = f"{currency}{space}{sign}{figure}" if inside else f"{sign}{currency}{space}{figure}"
    found = cells.read(text, Counted("currency"), Wording(currency=currency))
    assert (found.problem, [one for _, one in found.ways]) == ("", [value])


@given(
    st.integers(0, 500), st.integers(0, 59), st.integers(0, 59),
    st.sampled_from(["seconds", "minutes", "hours"]),
    st.sampled_from(["{h} hours {m} minutes {s} seconds", "{h}h {m:02d}m {s:02d}s", "{h}h{m}m{s}s",
                     "{h} hrs, {m} mins and {s} secs", "{h}:{m:02d}:{s:02d}"]),
)  # fmt: skip
def test_a_stretch_of_time_reads_back(h: int, m: int, s: int, unit: str, form: str) -> None:
    found = cells.read(form.format(h=h, m=m, s=s), Counted(unit))
    due = Decimal(h * 3600 + m * 60 + s) / SECONDS[unit]
    assert (found.problem, [one for _, one in found.ways]) == ("", [due])


@given(st.text(max_size=40), st.sampled_from(["number", "percent", "currency", "seconds", "days"]))
def test_a_text_without_digits_never_gives_a_figure(text: str, unit: str) -> None:
    found = cells.read(text, Counted(unit))
    if not any(one in "0123456789" for one in text):
        assert found.ways == ()
    assert all(value.is_finite() for _, value in found.ways)


@pytest.mark.parametrize("figure", ["0.1234567", "12.3456789"])
def test_decimals_that_do_not_fit_are_kept_until_it_is_said_what_becomes_of_them(
    figure: str,
) -> None:
    (way,) = cells.read(figure, Counted("number")).ways
    assert way[1] == Decimal(figure)
    assert not cells.fits(way[1])
    assert cells.fits(cells.rounded(way[1]))


def test_thousands_are_told_by_the_name_of_the_indicator_and_can_be_corrected() -> None:
    found = cells.read("£4.6m", Counted("currency", in_thousands=True))
    assert found.ways == (("thousands", Decimal(4600)), ("full", Decimal(4600000)))


def _month(period: Period) -> list[str]:
    day, last = period.start, period.last_day
    return [
        f"{day:%b-%y}", f"{day:%B %Y}", f"{day:%b %Y}", f"{day:%b} '{day:%y}", str(period),
        f"{day:%m/%Y}", f"{day:%Y %B}", f"{last:%d/%m/%Y}", f"{last:%Y-%m-%d}", f"{last:%d %B %Y}",
        f"{last:%d-%b-%y}", f"{last:%d.%m.%y}", f"{day:%Y-%m-%d} 00:00:00", period.words, period.short,
    ]  # fmt: skip


def _quarter(period: Period) -> list[str]:
    number, year = period.quarter_number, str(period.year)
    return [
        str(period), period.words, period.short, f"Qtr {number} {year}", f"{year}, Quarter {number}",
        f"q{number} {year.replace('/', '-')}",
        f"{period.start:%b}-{period.last_day:%b} {period.last_day:%Y}",
    ]  # fmt: skip


def _year(period: Period) -> list[str]:
    first, last = period.start.year, period.last_day.year
    return [str(period), f"FY{period}", f"{first}-{last % 100:02d}" if first < last else str(first)]


WRITTEN = {Frequency.MONTH: _month, Frequency.QUARTER: _quarter, Frequency.YEAR: _year}


@given(PERIODS)
def test_a_period_reads_back(period: Period) -> None:
    for text in WRITTEN[period.frequency](period):
        assert period in dates.periods(text, period.year_start), text


@given(PERIODS)
def test_the_number_of_a_day_in_a_spreadsheet_reads_back(period: Period) -> None:
    number = (period.last_day - (dates.serial("36526") or period.last_day)) + timedelta(days=36526)
    expected = period.last_day if 2000 <= period.last_day.year < 2100 else None
    assert dates.serial(str(number.days)) == expected
