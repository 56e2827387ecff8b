"""The dashboard's tables: Kent's printed ones come out again; any month, any frequency."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from kpi_core import dashboard, views
from kpi_core.figures import Figures
from kpi_core.periods import Frequency, Period
from kpi_core.report import sheets
from kpi_core.words import Kind
from tests import tables

#: The tables of the dashboard to March 2025 as the document prints them, read from its text alone.
PRINTED = Path(__file__).parent / "transcripts" / "kent-dashboard-2025-03.csv"

MARCH = Period.parse("2025-03")


def printed() -> list[dict[str, str]]:
    with PRINTED.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def kent_rows(kent: Figures) -> dict[str, dict[str, object]]:
    return {r["indicator"]: r for r in dashboard.rows(kent, "dashboard", MARCH).to_dicts()}


@pytest.mark.parametrize("paper", printed(), ids=lambda row: row["ref"])
def test_every_cell_of_kents_dashboard_comes_out_again(
    paper: dict[str, str], kent_rows: dict[str, dict[str, object]]
) -> None:
    row = kent_rows[paper["ref"]]
    recent = [Decimal(cell) for cell in paper["recent"].split(" | ")]
    shown = row["recent"]
    assert isinstance(shown, list)
    assert shown[-len(recent) :] == recent
    for column, name in (
        ("ytd", "year_value"), ("target", "target"), ("floor", "floor"), ("upper", "upper"),
        ("lower", "lower"), ("previous", "before_value"),
    ):  # fmt: skip
        if paper[column]:
            assert row[name] == Decimal(paper[column]), column
    for column, name in (
        ("month_rating", "rating"), ("ytd_rating", "year_rating"), ("in_range", "alert"),
    ):  # fmt: skip
        assert (row[name] or "") == paper[column], column


def test_each_table_has_the_columns_that_its_rows_fill(kent: Figures) -> None:
    shown = {
        (t.section, t.kind, t.frequency): [str(p) for p in t.periods]
        for t in dashboard.tables(kent, "dashboard", MARCH)
    }
    months = ["2024-12", "2025-01", "2025-02", "2025-03"]
    assert shown["Finance", Kind.KPI, Frequency.MONTH] == months
    assert shown["Marketing and Resident Experience", Kind.ACTIVITY, Frequency.MONTH] == [
        "2024-11", *months,
    ]  # fmt: skip
    assert shown["Health and Safety", Kind.KPI, Frequency.QUARTER] == [
        "2024/25 Q1", "2024/25 Q2", "2024/25 Q3", "2024/25 Q4",
    ]  # fmt: skip


def figures(observations: str, ytd: str = "ratio") -> Figures:
    years = "\n".join(f"A | {year} | month" for year in tables.YEARS)
    return tables.figures(
        indicators=f"indicator | frequency | ytd\nA | month | {ytd}",
        placements=f"indicator | year | frequency\n{years}",
        observations=observations,
    )


def only_row(council: Figures, at: str) -> dict[str, object]:
    found = dashboard.rows(council, "qpr", Period.parse(at))
    assert found.height == 1
    return found.row(0, named=True)


def test_a_missing_month_is_a_gap_and_not_the_month_before() -> None:
    row = only_row(
        figures("indicator | period | value\nA | 2024-05 | 80\nA | 2024-07 | 82"), "2024-07"
    )
    assert row["recent"] == [None, None, Decimal(80), None, Decimal(82)]


def test_a_year_to_date_that_can_be_worked_out_stands_beside_the_printed_one() -> None:
    row = only_row(
        figures(
            """
            indicator | period  | basis  | value | numerator | denominator
            A         | 2024-04 | period |       | 90        | 100
            A         | 2024-05 | period |       | 10        | 50
            A         | 2024-05 | ytd    | 55    |           |
            """
        ),
        "2024-05",
    )
    assert (row["year_value"], row["year_basis"], row["year_printed"]) == (67, "computed", 55)


def test_the_year_before_is_like_with_like() -> None:
    months = """
        indicator | period  | value | numerator | denominator
        A         | 2023-04 |       | 50        | 100
        A         | 2023-05 |       | 100       | 100
        A         | 2024-04 |       | 90        | 100
        A         | 2024-05 |       | 80        | 100
        """
    with_year = only_row(figures(months), "2024-05")
    assert (with_year["before_value"], with_year["before_basis"]) == (75, "ytd")
    without = only_row(figures(months, "none"), "2024-05")
    assert (without["before_value"], without["before_basis"]) == (100, "period")


def test_a_table_without_any_figure_still_has_its_latest_column() -> None:
    council = figures("indicator | period | value\nA | 2024-09 | 80")
    (table,) = dashboard.tables(council, "qpr", Period.parse("2024-04"))
    assert [str(p) for p in table.periods] == ["2024-04"]
    assert table.rows["recent"].to_list() == [[None]]


def test_tables_stand_in_the_order_of_the_report() -> None:
    council = tables.figures(
        indicators="indicator | kind | frequency\nA | activity | month\nB | kpi | quarter\nC | kpi | month",
        placements=(
            "indicator | year | frequency | order\n"
            "A | 2024/25 | month | 1\nB | 2024/25 | quarter | 2\nC | 2024/25 | month | 3"
        ),
        observations="indicator | period | value\nC | 2024-05 | 1",
    )
    found = [
        (t.kind, t.frequency) for t in dashboard.tables(council, "qpr", Period.parse("2024-05"))
    ]
    assert found == [("kpi", "month"), ("kpi", "quarter"), ("activity", "month")]
    assert pl.concat([t.rows for t in dashboard.tables(council, "qpr", Period.parse("2024-05"))])[
        "indicator"
    ].to_list() == ["C", "B", "A"]


def test_the_headline_counts_now_and_the_year(kent: Figures) -> None:
    kpis = dashboard.rows(kent, "dashboard", MARCH).filter(pl.col("kind") == Kind.KPI)
    assert dashboard.headline(kpis) == (
        "Latest: 22 Green, 1 Amber and 4 Red. Year to date: 18 Green, 4 Amber and 3 Red."
    )
    assert dashboard.headline(kpis.clear()) == ""


# For a spreadsheet


def monthly(observations: str, **more: str) -> Figures:
    """Months of a KPI A, a ratio, and of an activity indicator B, a sum."""
    placed = [f"{code} | {year} | month" for code in "AB" for year in tables.YEARS]
    return tables.figures(
        indicators="indicator | kind | frequency | ytd | arrears\nA | kpi | month | ratio | 1\nB | activity | month | sum | 1",
        placements="\n".join(["indicator | year | frequency", *placed]),
        observations=observations,
        **more,
    )


def in_rows(council: Figures, at: str, code: str, *names: str) -> list[tuple[object, ...]]:
    """The rows of an indicator, in these columns."""
    rows = views.dashboard(council, "qpr", Period.parse(at)).long()
    return rows.filter(pl.col("indicator") == code).select("shown_for", *names).rows()


def test_each_month_has_its_own_year_to_date() -> None:
    council = monthly(
        """
        indicator | period  | basis  | value | numerator | denominator
        A         | 2024-02 | period |       | 80        | 100
        A         | 2024-03 | period |       | 80        | 100
        A         | 2024-04 | period |       | 90        | 100
        A         | 2024-05 | period |       | 10        | 100
        A         | 2024-06 | period |       | 50        | 100
        B         | 2024-04 | period | 7     |           |
        B         | 2024-06 | period | 5     |           |
        B         | 2024-06 | ytd    | 20    |           |
        """
    )
    # The year starts in April; of the year before not every month is known.
    assert in_rows(council, "2024-06", "A", "figure", "year_value", "year_basis") == [
        ("2024-02", 80, None, None),
        ("2024-03", 80, None, None),
        ("2024-04", 90, 90, "computed"),
        ("2024-05", 10, 50, "computed"),
        ("2024-06", 50, 50, "computed"),
    ]
    # May is missing: there is a year to date up to April, and up to June only the printed one.
    assert in_rows(council, "2024-06", "B", "figure", "year_value", "year_basis") == [
        ("2024-04", 7, 7, "computed"),
        ("2024-05", None, None, None),
        ("2024-06", 5, 20, "published"),
    ]


def test_each_month_is_judged_by_itself() -> None:
    council = monthly(
        """
        indicator | period  | value | numerator | denominator
        A         | 2023-03 |       | 99        | 100
        A         | 2024-03 |       | 85        | 100
        A         | 2024-04 |       | 78        | 100
        A         | 2024-05 |       | 91        | 100
        B         | 2024-04 | 7     |           |
        B         | 2024-05 | 70    |           |
        """,
        targets="indicator | year | target | floor\nA | 2023/24 | 85 | 80\nA | 2024/25 | 90 | 80",
        thresholds="indicator | year | upper\nB | 2024/25 | 10",
    )
    # The figure of May is late: that of June has not come.
    assert in_rows(council, "2024-06", "A", "figure", "rating", "target") == [
        ("2024-03", 85, "GREEN", 85),
        ("2024-04", 78, "RED", 90),
        ("2024-05", 91, "GREEN", 90),
        ("2024-06", None, "NO DATA", 90),
    ]
    assert in_rows(council, "2024-06", "B", "figure", "alert", "judged_on") == [
        ("2024-04", 7, "Yes", "period"),
        ("2024-05", 70, "Above", "period"),
        ("2024-06", None, None, None),
    ]


def test_what_is_said_of_the_figure_shown_stands_beside_no_other() -> None:
    council = monthly(
        """
        indicator | period  | value | numerator | denominator
        A         | 2023-04 |       | 60        | 100
        A         | 2023-05 |       | 70        | 100
        A         | 2024-04 |       | 78        | 100
        A         | 2024-05 |       | 91        | 100
        """
    )
    assert in_rows(council, "2024-06", "A", "before_value", "before_basis") == [
        ("2024-04", None, None),
        ("2024-05", 65, "ytd"),
        ("2024-06", None, None),
    ]


def test_the_workbook_has_the_year_to_date_of_each_month() -> None:
    council = monthly(
        "indicator | period | value | numerator | denominator\n"
        "A | 2024-04 | | 90 | 100\nA | 2024-05 | | 10 | 100"
    )
    view = views.dashboard(council, "qpr", Period.parse("2024-05"))
    (sheet,) = (one for one in sheets.of_dashboard(view, council) if one.name == "KPIs")
    assert sheet.rows.select("shown_for", "year_value").rows() == [("2024-04", 90), ("2024-05", 50)]
