"""How figures read."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kpi_core import display
from kpi_core.wording import NO_BREAK_SPACE, Wording


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "text"),
    [
        ("71", "percent", 0, "71%"),
        ("71", "percent", 1, "71.0%"),
        ("84.5", "percent", 0, "85%"),
        ("1234567", "number", 0, "1,234,567"),
        ("-3", "number", 0, "−3"),
        ("-0.3", "number", 0, "0"),
        ("719", "currency", 0, "£719"),
        ("719.5", "currency", 2, "£719.50"),
        ("-1200", "currency", 0, "−£1,200"),
        ("50", "seconds", 0, "50 s"),
        ("89", "seconds", 0, "89 s"),
        ("90", "seconds", 0, "1 min 30 s"),
        ("120", "seconds", 0, "2 min"),
        ("114.4", "seconds", 0, "1 min 54 s"),
        ("426", "days", 0, "426 days"),
        ("1", "days", 0, "1 day"),
        ("1.0", "days", 1, "1.0 days"),
        ("28152", "tonnes", 0, "28,152 tonnes"),
        ("5.5", "rate", 1, "5.5"),
    ],
)
def test_a_figure_reads_with_its_unit(value: str, unit: str, decimals: int, text: str) -> None:
    assert display.figure(Decimal(value), unit, decimals) == text


def test_money_is_in_the_organisations_currency() -> None:
    euros = Wording(currency="€")
    assert display.figure(Decimal(5), "currency", 0, euros) == "€5"
    assert display.figure(Decimal("-0.3"), "currency", 0, euros) == "€0"


CONTINENTAL = Wording("€", ",", ".")
SPACED = Wording("CHF ", ",", NO_BREAK_SPACE)
SWISS = Wording("CHF ", ".", "'")
BARE = Wording(thousands_mark="")


@pytest.mark.parametrize(
    ("wording", "unit", "text"),
    [
        (CONTINENTAL, "number", "−1.234.567,50"),
        (CONTINENTAL, "currency", "−€1.234.567,50"),
        (CONTINENTAL, "percent", "−1.234.567,50%"),
        (CONTINENTAL, "days", "−1.234.567,50 days"),
        (SPACED, "currency", "−CHF 1\u00a0234\u00a0567,50"),
        (SWISS, "tonnes", "−1'234'567.50 tonnes"),
        (BARE, "number", "−1234567.50"),
    ],
)
def test_figures_have_the_organisations_marks(wording: Wording, unit: str, text: str) -> None:
    assert display.figure(Decimal("-1234567.5"), unit, 2, wording) == text


def test_limits_bands_differences_and_counts_have_the_organisations_marks() -> None:
    low, high = Decimal("17.500000"), Decimal("22500.000000")
    assert display.limit(low, "percent", CONTINENTAL) == "17,5%"
    assert display.band(low, high, "number", CONTINENTAL) == "17,5 to 22.500"
    assert display.difference(Decimal("-0.3"), "percent", CONTINENTAL) == "0,3 points"
    assert display.figure(Decimal("12.5"), "seconds", 1, CONTINENTAL) == "12,5 s"
    assert display.count(1200, CONTINENTAL) == "1.200"
    assert display.change(1200, 0, CONTINENTAL) == "1.200 more"


def test_what_is_not_known_is_a_dash_never_a_zero() -> None:
    assert display.figure(None, "percent", 0) == "–"
    assert display.limit(None, "percent") == "–"


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        ("90.000000", "percent", "90%"),
        ("99.800000", "percent", "99.8%"),
        ("719.500000", "currency", "£719.50"),
        ("700.000000", "currency", "£700"),
        ("41600.000000", "number", "41,600"),
    ],
)
def test_a_limit_has_the_decimals_it_was_set_with(value: str, unit: str, text: str) -> None:
    assert display.limit(Decimal(value), unit) == text


def test_a_band_names_both_ends_or_the_one_there_is() -> None:
    low, high = Decimal("17.5"), Decimal("22.5")
    assert display.band(low, high, "percent") == "17.5% to 22.5%"
    assert display.band(low, None, "percent") == "17.5%"


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        ("-14.000000", "percent", "14 points"),
        ("1.000000", "percent", "1 point"),
        ("0.300000", "percent", "0.3 points"),
        ("-1", "days", "1 day"),
        ("39", "tonnes", "39 tonnes"),
        ("-19.5", "currency", "£19.50"),
        ("150", "seconds", "2 min 30 s"),
    ],
)
def test_percentages_differ_in_points(value: str, unit: str, text: str) -> None:
    assert display.difference(Decimal(value), unit) == text


@pytest.mark.parametrize(("value", "text"), [(0, "no"), (1, "one"), (10, "ten"), (11, "11")])
def test_small_counts_are_words(value: int, text: str) -> None:
    assert display.count(value) == text


@pytest.mark.parametrize(
    ("now", "before", "text"),
    [(3, 2, "one more"), (2, 4, "two fewer"), (2, 2, "same"), (2, None, ""), (30, 12, "18 more")],
)
def test_a_change_of_a_count_in_words(now: int, before: int | None, text: str) -> None:
    assert display.change(now, before) == text
