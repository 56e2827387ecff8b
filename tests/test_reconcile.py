"""Printed ratings against computed ones."""

from __future__ import annotations

import pytest

from kpi_core import reconcile
from kpi_core.figures import Figures
from kpi_core.organisation import Organisation
from tests import tables


def council(published: str, **more: str) -> Figures:
    texts = {
        "indicators": "indicator | name\nA | A\nB | B\nC | C\nD | D\nE | E",
        "documents": "document | report | period\nREPORT | qpr | 2024/25 Q2",
        "targets": """
            indicator | year    | target | floor
            A         | 2024/25 | 85     | 80
            B         | 2024/25 | 85     | 80
            C         | 2024/25 | 85     |
            """,
        "observations": """
            indicator | period     | value
            A         | 2024/25 Q2 | 71
            C         | 2024/25 Q2 | 71
            D         | 2024/25 Q2 | 71
            """,
        "published": "document | place | indicator | period | rating" + published,
    }
    return tables.figures(**(texts | more))


def results(figures: Figures) -> list[tuple[str, ...]]:
    columns = ["indicator", "published", "computed", "result", "reason"]
    return reconcile.reconcile(figures).select(columns).rows()


@pytest.mark.parametrize(
    ("printed", "row"),
    [
        ("A | 2024/25 Q2 | RED", ("A", "RED", "RED", "agree", "")),
        ("A | 2024/25 Q2 | GREEN", ("A", "GREEN", "RED", "contradicted", "")),
        ("B | 2024/25 Q2 | GREEN", ("B", "GREEN", None, "as_published", "no value printed")),
        ("C | 2024/25 Q2 | AMBER", ("C", "AMBER", None, "as_published", "no floor printed")),
        ("D | 2024/25 Q2 | RED", ("D", "RED", None, "as_published", "no target printed")),
        ("B | 2024/25 Q2 | NO DATA", ("B", "NO DATA", None, "no_data", "no data")),
        (
            "X | 2024/25 Q2 | RED",
            ("X", "RED", None, "as_published", "not a KPI of the report's framework"),
        ),
    ],
)
def test_each_printed_rating_is_held_against_the_figures(
    printed: str, row: tuple[str, ...]
) -> None:
    assert results(council(f"\nREPORT | 1 | {printed}")) == [row]


def test_a_rating_printed_twice_counts_once_and_a_contradiction_twice() -> None:
    figures = council("""
        REPORT | 1 | A | 2024/25 Q2 | RED
        REPORT | 2 | A | 2024/25 Q2 | RED
        REPORT | 3 | A | 2024/25 Q2 | AMBER
        """)
    assert [row[3] for row in results(figures)] == ["agree", "contradicted"]


def test_ratings_stand_in_the_order_of_the_report() -> None:
    figures = council("""
        REPORT | 1 | C | 2024/25 Q2 | RED
        REPORT | 1 | A | 2024/25 Q2 | RED
        REPORT | 1 | B | 2024/25 Q2 | RED
        """)
    assert [row[0] for row in results(figures)] == ["A", "B", "C"]


def test_alerts_and_parts_are_no_ratings_of_a_kpi() -> None:
    figures = tables.figures(
        indicators="indicator | name\nA | A",
        documents="document | period\nREPORT | 2024/25 Q2",
        published="""
            document | indicator | period     | breakdown | item  | rating
            REPORT   | A         | 2024/25 Q2 |           |       | Above
            REPORT   | A         | 2024/25 Q2 | district  | Dover | RED
            """,
    )
    assert results(figures) == []


def test_each_report_speaks_for_its_own_period() -> None:
    figures = council(
        "\nREPORT | 1 | A | 2024/25 Q2 | RED\nEARLIER | 1 | A | 2024/25 Q1 | GREEN",
        documents="""
            document | report | period
            REPORT   | qpr    | 2024/25 Q2
            EARLIER  | qpr    | 2024/25 Q1
            """,
        observations="""
            indicator | period     | value
            A         | 2024/25 Q1 | 86
            A         | 2024/25 Q2 | 71
            """,
    )
    table = reconcile.reconcile(figures).select("document", "period", "computed", "result")
    assert sorted(table.rows()) == [
        ("EARLIER", "2024/25 Q1", "GREEN", "agree"),
        ("REPORT", "2024/25 Q2", "RED", "agree"),
    ]


def test_without_documents_there_is_nothing_to_reconcile() -> None:
    empty = reconcile.reconcile(tables.figures(Organisation("t", "T")))
    assert (empty.columns, empty.height) == (reconcile.COLUMNS, 0)
