"""The small trend beside each part of a breakdown."""

from __future__ import annotations

import re
from decimal import Decimal

from kpi_core import breakdowns, pictures, registry
from kpi_core.breakdowns import Breakdown
from kpi_core.periods import Period
from tests import tables

Q2 = Period.parse("2024/25 Q2")


def table(rows: str) -> Breakdown:
    """The one breakdown of an indicator, at the second quarter of 2024/25."""
    figures = tables.figures(
        indicators="indicator | kind | unit\nA | activity | number",
        observations=f"indicator | period | breakdown | item | value\n{rows}",
    )
    (found,) = breakdowns.tables(figures, registry.placed(figures, "qpr", Q2), Q2)
    return found


LATE = """
    A | 2023/24 Q3 | district | North | 5
    A | 2024/25 Q1 | district | North | 7
    A | 2024/25 Q2 | district | North | 6
    A | 2024/25 Q1 | district | South | 1
    A | 2024/25 Q2 | district | South | 2
    """


def test_a_course_begins_with_its_first_figure_and_keeps_its_gaps() -> None:
    runs = table(LATE).runs
    assert runs.select("item", "place", "value").rows() == [
        ("North", 0, Decimal(5)), ("North", 1, None), ("North", 2, Decimal(7)), ("North", 3, Decimal(6)),
    ]  # fmt: skip


def test_two_figures_are_no_course() -> None:
    assert "South" not in table(LATE).runs["item"].to_list()


def test_the_course_lies_within_its_picture() -> None:
    picture = pictures.run(table(LATE).runs, "North", "number", 0)
    width, height = map(float, re.findall(r'viewBox="0 0 (\d+) (\d+)"', picture)[0])
    corners = [
        tuple(map(float, pair)) for pair in re.findall(r"[ML](-?[\d.]+),(-?[\d.]+)", picture)
    ]
    assert len(corners) > 1
    assert all(0 <= x <= width and -height <= y <= height for x, y in corners)
    assert "3 figures, from 5 in Q3 2023/24 to 6 in Q2 2024/25." in picture
