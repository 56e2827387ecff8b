"""The matrix of ratings: stretches of Red, changes, and ratings that hang on a point."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby, pairwise

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_core import matrix, scorecard, views
from kpi_core.figures import Figures
from kpi_core.periods import Period
from kpi_core.words import FigureBasis
from tests import tables

Q2 = Period.parse("2024/25 Q2")
LETTERS = {"G": "GREEN", "A": "AMBER", "R": "RED", "o": "NO DATA", ".": None}


def grid(**rows: str) -> pl.DataFrame:
    """Ratings of KPIs, a letter for each period."""
    return pl.DataFrame(
        [
            {"indicator": code, "period": str(place), "rating": LETTERS[letter]}
            for code, letters in rows.items()
            for place, letter in enumerate(letters)
        ],
        schema={"indicator": pl.String, "period": pl.String, "rating": pl.String},
    )


@pytest.mark.parametrize(
    ("letters", "facts"),
    [
        ("GGGG", (4, 0, 0, "GREEN")),
        ("RRRR", (4, 4, 0, "RED")),
        ("RRR", (3, 3, 0, None)),  # three ratings are too few to say always
        ("RRRGRR", (6, 3, 2, None)),
        ("RR.RR", (4, 2, 0, "RED")),  # a gap breaks a stretch, and changes nothing
        ("RRo", (2, 2, 0, None)),
        ("GARAG", (5, 1, 4, None)),
        ("..oo", (0, 0, 0, None)),
    ],
)
def test_what_the_ratings_come_to(letters: str, facts: tuple[object, ...]) -> None:
    columns = ["known", "longest_red", "changes", "always"]
    assert matrix.facts(grid(A=letters)).select(columns).row(0) == facts


def test_kpis_keep_their_order_and_do_not_run_into_each_other() -> None:
    found = matrix.facts(grid(B="GGRR", A="RRGG"))
    assert found.select("indicator", "longest_red").rows() == [("B", 2), ("A", 2)]


@given(st.text(alphabet="".join(LETTERS), min_size=1, max_size=30))
def test_facts_are_those_of_plain_counting(letters: str) -> None:
    row = matrix.facts(grid(A=letters)).row(0, named=True)
    rated = [letter for letter in letters if letter in "GAR"]
    reds = [len(list(run)) for letter, run in groupby(letters) if letter == "R"]
    assert row["known"] == len(rated)
    assert row["longest_red"] == max(reds, default=0)
    assert row["changes"] == sum(a != b for a, b in pairwise(rated))


def council(value: str, target: str, floor: str, **definition: str) -> Figures:
    facts = {"polarity": "higher", "unit": "percent", "decimals": "0"} | definition
    return tables.figures(
        indicators=f"indicator | {' | '.join(facts)}\nA | {' | '.join(facts.values())}",
        targets=f"indicator | year | target | floor\nA | 2024/25 | {target} | {floor}",
        observations=f"indicator | period | value\nA | 2024/25 Q2 | {value}",
    )


def near(figures: Figures) -> list[tuple[object, ...]]:
    card = scorecard.kpis(figures, "qpr", Q2).filter(pl.col("basis") == FigureBasis.PERIOD)
    return matrix.near(card).select("rating", "point", "by_less", "by_more").rows()


@pytest.mark.parametrize(
    ("value", "target", "floor", "definition", "expected"),
    [
        ("90", "90", "80", {}, ("GREEN", "1", "AMBER", None)),
        ("89", "90", "80", {}, ("AMBER", "1", None, "GREEN")),
        ("80", "90", "80", {}, ("AMBER", "1", "RED", None)),
        ("85", "90", "80", {}, None),
        ("10", "10", "12", {"polarity": "lower"}, ("GREEN", "1", None, "AMBER")),
        # of a percentage aimed at less than 10% a point is a tenth of the target
        ("0.11", "0.10", "0.12", {"polarity": "lower", "decimals": "2"}, ("AMBER", "0.01", "GREEN", None)),
        # of a count it is a hundredth
        ("495", "500", "400", {"unit": "number"}, ("AMBER", "5", None, "GREEN")),
        ("494", "500", "400", {"unit": "number"}, None),
        # and never less than the last digit shown
        ("19", "20", "15", {"unit": "number"}, ("AMBER", "1", None, "GREEN")),
    ],
)  # fmt: skip
def test_ratings_that_hang_on_a_point(
    value: str, target: str, floor: str, definition: dict[str, str],
    expected: tuple[str | None, ...] | None,
) -> None:  # fmt: skip
    found = near(council(value, target, floor, **definition))
    if expected is None:
        assert found == []
    else:
        rating, point, by_less, by_more = expected
        assert found == [(rating, Decimal(str(point)), by_less, by_more)]


@given(st.integers(70, 100), st.integers(75, 95), st.integers(0, 10))
def test_a_point_gives_what_a_figure_one_point_off_is_rated(
    value: int, target: int, gap: int
) -> None:
    def rated(shown: int) -> str:
        card = scorecard.kpis(council(str(shown), str(target), str(target - gap)), "qpr", Q2)
        return str(card["rating"][0])

    found = near(council(str(value), str(target), str(target - gap)))
    now, less, more = rated(value), rated(value - 1), rated(value + 1)
    if less == now == more:
        assert found == []
    else:
        assert found == [
            (now, Decimal(1), less if less != now else None, more if more != now else None)
        ]


def test_a_span_begins_with_the_first_rating_that_is_known(kent: Figures) -> None:
    at = kent.organisation.period("2024/25 Q2")
    view = views.ratings_over_time(kent, "qpr", at, 24)
    first = view.grid["period"].unique(maintain_order=True)[0]
    assert view.grid.filter(pl.col("period") == first)["rating"].is_not_null().any()
    assert view.grid["period"].unique(maintain_order=True)[-1] == "2024/25 Q2"


def test_without_kpis_there_is_no_grid() -> None:
    empty = tables.figures(indicators="indicator | kind\nA | activity")
    assert views.ratings_over_time(empty, "qpr", Q2, 8).grid.is_empty()
