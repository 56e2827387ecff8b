"""Whose target and expected range a figure is judged by."""

from __future__ import annotations

import polars as pl
import pytest

from kpi_core import standards
from kpi_core.fields import FIGURE
from tests import tables

HEADER = "indicator | year | period | status | target | floor"


def aims(
    rows: str, period: str = "2023/24 Q4", *, report_year: str | None = None, beside: str = ""
) -> tuple[object, ...]:
    """Target, floor, and whose they are, of a figure of 90 in a period of 2023/24."""
    frame = pl.DataFrame(
        {
            "indicator": ["A"], "period": [period], "own_year": ["2023/24"],
            "report_year": [report_year], "basis": ["period"], "decimals": [0],
            "polarity": ["higher"], "value": [90],
        },
        schema_overrides={"report_year": pl.String, "value": FIGURE, "decimals": pl.Int32},
    )  # fmt: skip
    printed = [
        (*(cell or None for cell in row.values()), "2024/25")  # the year of the document
        for row in tables.read(
            "indicator | basis | period | printed_value | printed_target | printed_floor" + beside
        )
    ]
    known = tables.figures(targets=HEADER + rows).targets
    found = standards.with_targets(
        frame,
        known,
        pl.DataFrame(printed, dict.fromkeys(standards.PRINTED, pl.String), orient="row").cast(
            standards.PRINTED  # type: ignore[arg-type]
        ),
    )
    return found.select("target", "floor", "target_basis", "target_year").row(0)


OWN = "\nA | 2023/24 | | set | 85 | 80"
REPORT = "\nA | 2024/25 | | set | 95 | 90"
NONE = (None, None, None, None)


def test_the_target_of_its_own_period_goes_before_that_of_its_year() -> None:
    rows = OWN + "\nA | 2023/24 | 2023/24 Q4 | set | 50 | 40"
    assert aims(rows) == (50, 40, "own", "2023/24")
    assert aims(rows, "2023/24 Q3") == (85, 80, "own", "2023/24")


def test_a_target_of_a_period_brings_its_own_floor_even_if_that_is_unknown() -> None:
    assert aims(OWN + "\nA | 2023/24 | 2023/24 Q4 | set | 50 |") == (50, None, "own", "2023/24")


def test_a_late_figure_is_judged_by_its_own_year_and_not_by_the_reports() -> None:
    assert aims(OWN + REPORT, report_year="2024/25") == (85, 80, "own", "2023/24")


def test_where_nothing_was_set_for_its_year_that_of_the_report_counts() -> None:
    assert aims(REPORT, report_year="2024/25") == (95, 90, "report_year", "2024/25")
    assert aims(REPORT) == NONE
    assert aims("\nA | 2022/23 | | set | 85 | 80", report_year="2024/25") == NONE


@pytest.mark.parametrize("status", ["proposed", "tbc"])
def test_only_a_target_that_is_set_counts(status: str) -> None:
    own = OWN.replace("set", status)
    assert aims(own) == NONE
    assert aims(own + REPORT, report_year="2024/25") == (95, 90, "report_year", "2024/25")


def test_what_is_printed_beside_the_very_figure_goes_before_the_reports_year() -> None:
    beside = "\nA | period | 2023/24 Q4 | 90.4 | 88 | 84"
    assert aims(REPORT, report_year="2024/25", beside=beside) == (88, 84, "printed", "2024/25")
    assert aims(OWN, beside=beside) == (85, 80, "own", "2023/24")


@pytest.mark.parametrize(
    "beside",
    [
        "\nA | period | 2023/24 Q4 | 91 | 88 | 84",  # beside another figure
        "\nA | period | 2023/24 Q3 | 90 | 88 | 84",  # of another period
        "\nA | ytd | 2023/24 Q4 | 90 | 88 | 84",  # on another basis
        "\nB | period | 2023/24 Q4 | 90 | 88 | 84",
    ],
)
def test_what_is_printed_beside_another_figure_does_not_count(beside: str) -> None:
    assert aims("", beside=beside) == NONE


def test_of_two_printed_targets_the_first_counts_that_stands_beside_the_figure() -> None:
    beside = """
        A | period | 2023/24 Q4 | 91 | 70 | 60
        A | period | 2023/24 Q4 | 90 | 88 | 84
        A | period | 2023/24 Q4 | 90 | 89 | 85
        """
    assert aims("", beside=beside) == (88, 84, "printed", "2024/25")


def test_an_expected_range_counts_for_its_own_basis_and_year() -> None:
    frame = pl.DataFrame(
        {
            "indicator": ["A"], "period": ["2023/24 Q4"], "own_year": ["2023/24"],
            "report_year": ["2024/25"],
        }
    )  # fmt: skip
    known = tables.figures(
        thresholds="""
            indicator | year    | lower | upper | basis
            A         | 2023/24 | 10    | 20    | ytd
            A         | 2024/25 | 30    | 40    | ytd
            A         | 2024/25 | 50    | 60    | period
            """
    ).thresholds
    columns = ["lower", "upper", "range_basis", "range_year"]
    by_year = standards.with_thresholds(frame, known, "ytd").select(columns).row(0)
    by_period = standards.with_thresholds(frame, known, "period").select(columns).row(0)
    assert by_year == (10, 20, "own", "2023/24")
    assert by_period == (50, 60, "report_year", "2024/25")
