"""The rated past, place by place."""

from __future__ import annotations

import polars as pl
import pytest

from kpi_core import history, registry, scorecard
from kpi_core.figures import Figures
from kpi_core.periods import Period
from tests import tables

Q2 = Period.parse("2024/25 Q2")


def council(observations: str, **tables_of: str) -> Figures:
    texts = {
        "indicators": "indicator | name\nA | A",
        "targets": """
            indicator | year    | target | floor
            A         | 2023/24 | 70     | 60
            A         | 2024/25 | 85     | 80
            """,
        "observations": "indicator | period | value\n" + observations,
    }
    return tables.figures(**(texts | tables_of))


def places(figures: Figures, at: Period = Q2, window: int | None = None) -> pl.DataFrame:
    return history.places(figures, "qpr", registry.placed(figures, "qpr", at), at, window)


GAPS = "A | 2023/24 Q2 | 75\nA | 2023/24 Q3 | 65\nA | 2024/25 Q1 | 75\nA | 2024/25 Q2 | 85"


def test_a_missing_period_is_a_gap_in_its_place() -> None:
    past = places(council(GAPS))
    assert past.select("place", "period", "label", "value", "rating").rows() == [
        (0, "2023/24 Q2", "Q2 23/24", 75, "GREEN"),
        (1, "2023/24 Q3", "Q3 23/24", 65, "AMBER"),
        (2, "2023/24 Q4", "Q4 23/24", None, "NO DATA"),
        (3, "2024/25 Q1", "Q1 24/25", 75, "RED"),
        (4, "2024/25 Q2", "Q2 24/25", 85, "GREEN"),
    ]


def test_targets_step_with_the_years_gaps_included() -> None:
    past = places(council(GAPS))
    assert past["target"].to_list() == [70, 70, 70, 85, 85]
    assert past["floor"].to_list() == [60, 60, 60, 80, 80]


@pytest.mark.parametrize(
    ("window", "periods"),
    [
        (2, ["2024/25 Q1", "2024/25 Q2"]),
        (3, ["2024/25 Q1", "2024/25 Q2"]),
        (4, ["2023/24 Q3", "2023/24 Q4", "2024/25 Q1", "2024/25 Q2"]),
    ],
)
def test_a_window_begins_with_its_first_figure(window: int, periods: list[str]) -> None:
    past = places(council(GAPS), window=window)
    assert past["period"].to_list() == periods
    assert past["place"].to_list() == list(range(len(periods)))


def test_a_window_leaves_out_what_another_definition_measured() -> None:
    revised = "indicator | from | lifecycle\nA | 2020/21 |\nA | 2024/25 Q1 | revised"
    past = places(council(GAPS, indicators=revised), window=8)
    assert past["period"].to_list() == ["2024/25 Q1", "2024/25 Q2"]


def test_twelve_months_reach_back_beyond_a_window() -> None:
    rows = "\n".join(f"A | {Q2.shift(-back)} | 10" for back in range(6))
    counted = "indicator | unit\nA | number"
    past = places(council(rows, indicators=counted), window=2)
    assert past["rolling"].to_list() == [40, 40]


def test_the_past_reaches_the_period_so_that_an_old_figure_does_not_look_current() -> None:
    past = places(council(GAPS), Period.parse("2023/24 Q4"))
    assert past["period"].to_list() == ["2023/24 Q2", "2023/24 Q3", "2023/24 Q4"]
    assert past["value"].is_null().to_list() == [False, False, True]


def test_an_indicator_without_figures_has_no_past() -> None:
    assert places(council("")).is_empty()


def test_each_indicator_has_its_own_reach() -> None:
    past = places(
        council(
            "A | 2024/25 Q1 | 1\nA | 2024/25 Q2 | 2\nB | 2022/23 | 3\nB | 2023/24 | 4",
            indicators="indicator | name\nA | A\nB | B",
            placements="""
                indicator | year    | frequency
                A         | 2024/25 | quarter
                B         | 2024/25 | year
                """,
        )
    )
    assert past.select("indicator", "period", "place").rows() == [
        ("A", "2024/25 Q1", 0),
        ("A", "2024/25 Q2", 1),
        ("B", "2022/23", 0),
        ("B", "2023/24", 1),
    ]


def test_a_published_rating_stands_on_the_past_where_figures_cannot_decide() -> None:
    figures = council(
        "A | 2023/24 Q3 | 65\nA | 2024/25 Q2 | 90",
        targets="indicator | year | target\nA | 2023/24 | 70\nA | 2024/25 | 85",
        documents="document | period\nOLD | 2023/24 Q4\nNEW | 2024/25 Q2",
        published="""
            document | indicator | period     | rating
            OLD      | A         | 2023/24 Q3 | AMBER
            OLD      | A         | 2023/24 Q4 | RED
            NEW      | A         | 2024/25 Q2 | RED
            """,
    )
    past = places(figures)
    assert past.select("period", "rating", "rating_basis").rows() == [
        ("2023/24 Q3", "AMBER", "published"),
        ("2023/24 Q4", "RED", "published"),
        ("2024/25 Q1", "NO DATA", "computed"),
        ("2024/25 Q2", "GREEN", "computed"),
    ]


def test_figures_before_a_change_of_definition_are_marked() -> None:
    figures = council(
        "A | 2024/25 Q1 | 75\nA | 2024/25 Q2 | 85",
        indicators="indicator | from | lifecycle\nA | 2020/21 |\nA | 2024/25 Q2 | revised",
    )
    assert places(figures)["in_series"].to_list() == [False, True]


def test_each_period_has_its_own_alert_and_its_twelve_months() -> None:
    rows = [f"A | {Q2.shift(-back)} | {value}" for back, value in enumerate([30, 15, 20, 10, 5])]
    figures = council(
        "\n".join(rows),
        indicators="indicator | kind | unit\nA | activity | number",
        targets="indicator | year",
        thresholds="""
            indicator | year    | period     | lower | upper
            A         | 2023/24 |            | 10    | 20
            A         | 2024/25 |            | 10    | 20
            A         | 2024/25 | 2024/25 Q1 | 16    | 20
            """,
    )
    past = places(figures)
    assert past["alert"].to_list() == ["Below", "Yes", "Yes", "Below", "Above"]
    assert past["rolling"].to_list() == [None, None, None, 50, 75]


def grid(figures: Figures, window: int = 4) -> list[tuple[str, str | None]]:
    kpis = scorecard.kpis(figures, "qpr", Q2)
    ratings = history.grid_of_ratings(figures, "qpr", kpis, Q2, window)
    rows = ratings.select("period", "rating").rows()
    return [(str(period), rating) for period, rating in rows]


def test_the_grid_has_a_cell_for_each_period_and_leaves_the_unknown_empty() -> None:
    assert grid(council(GAPS)) == [
        ("2023/24 Q3", "AMBER"),
        ("2023/24 Q4", None),
        ("2024/25 Q1", "RED"),
        ("2024/25 Q2", "GREEN"),
    ]


def test_the_two_latest_cells_say_what_the_scorecard_says() -> None:
    late = council("A | 2024/25 Q1 | 75", indicators="indicator | arrears\nA | 1")
    assert grid(late)[-2:] == [("2024/25 Q1", None), ("2024/25 Q2", "RED")]
    told = council(
        "A | 2024/25 Q2 | 90",
        documents="document | period\nD | 2024/25 Q2",
        published="document | indicator | period | previous_rating\nD | A | 2024/25 Q2 | AMBER",
    )
    assert grid(told)[-2:] == [("2024/25 Q1", "AMBER"), ("2024/25 Q2", "GREEN")]


def test_an_alert_of_the_past_compares_the_figure_as_it_is_shown() -> None:
    figures = council(
        "A | 2024/25 Q1 | 20.4\nA | 2024/25 Q2 | 20.5",
        indicators="indicator | kind | unit\nA | activity | number",
        thresholds="indicator | year | lower | upper\nA | 2024/25 | 10 | 20",
    )
    assert places(figures)["alert"].to_list() == ["Yes", "Above"]


@pytest.mark.parametrize("window", [1, 8])
def test_the_grid_is_as_wide_as_asked_for(window: int) -> None:
    assert len(grid(council(GAPS), window)) == window


def test_the_figure_shown_and_the_one_before_are_rated_as_on_the_card() -> None:
    past = places(council(GAPS))
    card = scorecard.kpis(council(GAPS), "qpr", Q2).with_columns(
        rating=pl.lit("RED"), rating_basis=pl.lit("published"),
        previous_rating=pl.lit("GREEN"), previous_basis=pl.lit("published"),
    )  # fmt: skip
    drawn = history.as_on_cards(past, card, Q2.year_start)
    assert drawn.columns == past.columns
    assert drawn.select("rating", "rating_basis").rows() == [
        ("GREEN", "computed"), ("AMBER", "computed"), ("NO DATA", "computed"),
        ("GREEN", "published"), ("RED", "published"),
    ]  # fmt: skip
