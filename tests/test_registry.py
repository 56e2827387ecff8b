"""Definitions in force, the framework of a report, targets and ranges that hold."""

from __future__ import annotations

import polars as pl
import pytest

from kpi_core import registry
from kpi_core.figures import Figures
from kpi_core.periods import Frequency, Period
from tests import tables

Q2 = Period.parse("2024/25 Q2")

CHANGING = """
    indicator | from       | decimals | polarity | lifecycle
    A         | 2020/21    | 0        | higher   |
    A         | 2023/24    | 1        | higher   |
    A         | 2024/25 Q2 | 2        | lower    | revised
    A         | 2025/26    | 3        | lower    |
    """


def definition(indicators: str, at: str) -> dict[str, object]:
    frame = tables.figures(indicators=indicators).indicators
    defined = registry.definitions(frame, Period.parse(at))
    return defined.filter(pl.col("indicator") == "A").row(0, named=True)


@pytest.mark.parametrize(
    ("at", "decimals"),
    [
        ("2020/21 Q1", 0),
        ("2022/23 Q4", 0),
        ("2023/24 Q1", 1),
        ("2024/25 Q1", 1),
        ("2024/25 Q2", 2),
        ("2024-08", 2),
        ("2024-06", 1),
        ("2025/26 Q1", 3),
        ("2030/31", 3),
    ],
)
def test_a_definition_holds_until_the_next_one(at: str, decimals: int) -> None:
    assert definition(CHANGING, at)["decimals"] == decimals


def test_an_indicator_defined_only_later_is_read_by_its_first_definition() -> None:
    assert definition(CHANGING, "2019/20 Q1")["decimals"] == 0


@pytest.mark.parametrize(
    ("at", "starts"),
    [("2024/25 Q1", None), ("2024/25 Q2", "2024/25 Q2"), ("2026/27", "2024/25 Q2")],
)
def test_only_a_revised_definition_breaks_the_series(at: str, starts: str | None) -> None:
    month = 0 if starts is None else Period.parse(starts).first_month
    assert definition(CHANGING, at)["series_start"] == month


def test_every_indicator_has_one_definition() -> None:
    frame = tables.figures(indicators=CHANGING + "B | 2024/25 | 0 | lower |").indicators
    for at in ("2019/20", "2024/25 Q2", "2030/31"):
        codes = registry.definitions(frame, Period.parse(at))["indicator"].to_list()
        assert codes == ["A", "B"]


def framework(at: str = "2024/25 Q2", report: str = "qpr", **texts: str) -> list[str]:
    figures = tables.figures(indicators="indicator | name\nA | A\nB | B\nC | C\nD | D", **texts)
    return registry.placed(figures, report, Period.parse(at))["indicator"].to_list()


def test_the_framework_stands_in_the_order_of_the_report() -> None:
    order = framework(
        placements="""
            indicator | year    | section | order
            A         | 2024/25 | Waste   | 2
            B         | 2024/25 | Waste   | 1
            C         | 2024/25 | Roads   | 9
            """,
        sections="""
            section | year    | order
            Roads   | 2024/25 | 1
            Waste   | 2024/25 | 2
            """,
    )
    assert order == ["C", "B", "A"]


@pytest.mark.parametrize(("at", "codes"), [("2024/25 Q2", ["A"]), ("2024/25 Q3", ["A", "B"])])
def test_an_indicator_that_starts_later_in_the_year_is_not_there_yet(
    at: str, codes: list[str]
) -> None:
    placements = "indicator | year | starts\nA | 2024/25 |\nB | 2024/25 | 2024/25 Q3"
    assert framework(at, placements=placements) == codes


def test_each_report_and_year_has_its_own_framework() -> None:
    placements = """
        indicator | report    | year
        A         | qpr       | 2024/25
        B         | dashboard | 2024/25
        C         | qpr       | 2023/24
        """
    assert framework(placements=placements) == ["A"]
    assert framework("2024-09", "dashboard", placements=placements) == ["B"]
    assert framework("2023/24 Q4", placements=placements) == ["C"]
    assert framework("2020/21 Q1", placements=placements) == []


def test_a_report_may_show_an_indicator_more_rarely_than_it_is_due() -> None:
    figures = tables.figures(
        indicators="indicator | frequency\nA | month",
        placements="""
            indicator | report    | year    | frequency
            A         | qpr       | 2024/25 | quarter
            A         | dashboard | 2024/25 | month
            """,
    )
    quarterly = registry.placed(figures, "qpr", Q2).row(0, named=True)
    monthly = registry.placed(figures, "dashboard", Q2).row(0, named=True)
    assert (quarterly["frequency"], quarterly["months"]) == ("quarter", 3)
    assert (monthly["frequency"], monthly["months"]) == ("month", 1)


def council(observations: str, documents: str = "document | period") -> Figures:
    return tables.figures(
        indicators="indicator | name\nA | A",
        observations="indicator | period | value" + observations,
        documents=documents,
    )


def test_a_report_shows_the_periods_that_have_a_figure_or_a_document_latest_first() -> None:
    figures = council(
        "\nA | 2024/25 Q1 | 5\nA | 2023/24 Q4 | 4\nA | 2024-09 | 1\nA | 2024/25 | 2",
        "document | period\nD | 2024/25 Q3\nE | 2023/24",
    )
    periods = registry.report_periods(figures, "qpr")
    assert [str(period) for period in periods] == ["2024/25 Q3", "2024/25 Q1", "2023/24 Q4"]


def test_a_year_without_a_framework_has_no_periods() -> None:
    figures = council("\nA | 2010/11 Q1 | 5", "document | period\nD | 2011/12 Q1")
    assert registry.report_periods(figures, "qpr") == []


def test_a_report_nobody_described_is_quarterly() -> None:
    assert registry.report_frequency(tables.figures(), "other") is Frequency.QUARTER
