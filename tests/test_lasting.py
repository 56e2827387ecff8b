"""How long a rating has lasted."""

from __future__ import annotations

import polars as pl
import pytest

from kpi_core import lasting, scorecard, views
from kpi_core.figures import Figures
from kpi_core.periods import Period
from tests import tables

Q2 = Period.parse("2024/25 Q2")
VALUES = {"G": "90", "A": "82", "R": "70"}


def council(letters: str, **more: str) -> Figures:
    """A KPI whose ratings up to Q2 2024/25 are these: `.` is nothing, `o` a row that says no data."""
    rows = []
    for back, letter in enumerate(reversed(letters)):
        period = Q2.shift(-back)
        if letter != ".":
            rows.append(
                f"A | {period} | {VALUES.get(letter, '')} | {'no_data' if letter == 'o' else 'actual'}"
            )
    years = sorted({str(Q2.shift(-back).year) for back in range(40)})
    return tables.figures(
        indicators=more.get("indicators", "indicator | name\nA | A"),
        placements="indicator | year | name\n" + "\n".join(f"A | {year} | A" for year in years),
        targets="indicator | year | target | floor\n"
        + "\n".join(f"A | {year} | 85 | 80" for year in years),
        observations="indicator | period | value | status\n" + "\n".join(rows),
    )


def lasts(figures: Figures, at: Period = Q2) -> list[tuple[object, ...]]:
    kpis = scorecard.kpis(figures, "qpr", at)
    return lasting.of_report(figures, "qpr", kpis, at).select("rating", "lasts", "at_least").rows()


@pytest.mark.parametrize(
    ("letters", "expected"),
    [
        ("GRRR", ("RED", 3, False)),
        ("G" + "R" * 30, ("RED", 30, False)),
        ("RRRG", ("GREEN", 1, False)),
        ("RR.RR", ("RED", 2, True)),
        ("RRoRR", ("RED", 2, True)),
        ("RRR", ("RED", 3, True)),  # nobody knows what was before
        ("GAAGA", ("AMBER", 1, False)),
    ],
)
def test_a_rating_lasts_as_far_back_as_is_known(letters: str, expected: tuple[object, ...]) -> None:
    assert lasts(council(letters)) == [expected]


def test_what_has_no_rating_now_lasts_no_time() -> None:
    assert lasts(council("RRR.")) == []


def test_a_late_kpi_is_counted_by_the_reports_that_show_it() -> None:
    """Its figure of Q1 stands in the report of Q2: four reports were Red, one of each figure."""
    late = council("GRRRR.", indicators="indicator | arrears\nA | 1")
    assert lasts(late) == [("RED", 4, False)]


@pytest.mark.parametrize("span", [4, 12, 60])
def test_red_for_is_the_same_whatever_span_is_shown(span: int) -> None:
    view = views.ratings_over_time(council("G" + "R" * 15), "qpr", Q2, span)
    assert view.kpis.select("red_for", "at_least").rows() == [(15, False)]
    assert view.grid.height <= span
    assert view.kpis["longest_red"].item() == min(span, 15)


def test_a_yearly_kpi_counts_every_report_that_shows_its_figure() -> None:
    figures = tables.figures(
        indicators="indicator | frequency\nA | year",
        placements="indicator | year | frequency\n"
        + "\n".join(f"A | {year} | year" for year in tables.YEARS),
        targets="indicator | year | target | floor\nA | 2022/23 | 85 | 80\nA | 2023/24 | 85 | 80",
        observations="indicator | period | value\nA | 2022/23 | 90\nA | 2023/24 | 70",
    )
    # The figure of 2023/24 stands in the reports of Q4 2023/24, Q1 and Q2 2024/25.
    assert lasts(figures) == [("RED", 3, False)]


def test_counting_is_that_of_plain_loops() -> None:
    grid = pl.DataFrame(
        {
            "indicator": ["B"] * 4 + ["A"] * 4,
            "period": [str(Q2.shift(-back)) for back in (3, 2, 1, 0)] * 2,
            "rating": ["RED", None, "RED", "RED", "GREEN", "RED", "NO DATA", None],
            "rating_basis": ["computed"] * 8,
        }
    )
    assert lasting.lasting(grid).rows() == [("B", "RED", 2, True)]
