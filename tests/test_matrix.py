"""The rating matrix: how KPIs stood, and what their ratings hang on."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby, pairwise

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_core import matrix, rating
from kpi_core.schemas import FIGURE

SHORT = {"G": "GREEN", "A": "AMBER", "R": "RED", "-": None, "n": "NO DATA", "u": "UNDECIDED"}


def told(**lines: str) -> pl.DataFrame:
    """Ratings in a line, one letter a period, as `matrix.histories` sees them."""
    rows = [
        (name, place, SHORT[letter])
        for name, line in lines.items()
        for place, letter in enumerate(line)
    ]
    schema = {"indicator": pl.String, "place": pl.Int32, "rating": pl.String}
    return matrix.histories(pl.DataFrame(rows, schema=schema, orient="row"))


@pytest.mark.parametrize(
    ("line", "rated", "changed", "longest_red", "red_now"),
    [
        ("GGGG", 4, 0, 0, 0),
        ("GARG", 4, 3, 1, 0),
        ("RRGRRR", 6, 2, 3, 3),
        ("RR-RR", 4, 0, 2, 2),
        ("RRnRu", 3, 0, 2, 0),
        ("G-A", 2, 1, 0, 0),
        ("----", 0, 0, 0, 0),
        ("R", 1, 0, 1, 1),
    ],
)
def test_a_line_of_ratings_is_counted(
    line: str, rated: int, changed: int, longest_red: int, red_now: int
) -> None:
    row = told(A=line).row(0, named=True)
    assert [row[name] for name in ("rated", "changed", "longest_red", "red_now")] == [
        rated, changed, longest_red, red_now,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "only_green", "only_red"),
    [
        ("GGGG", True, False),
        ("G-GGnG", True, False),
        ("GGG", False, False),
        ("GGGGA", False, False),
        ("RRRR", False, True),
        ("RRRA", False, False),
        ("RR", False, False),
    ],
)
def test_never_anything_but_takes_four_ratings(line: str, only_green: bool, only_red: bool) -> None:
    row = told(A=line).row(0, named=True)
    assert (row["only_green"], row["only_red"]) == (only_green, only_red)


@given(st.lists(st.text("GAR-nu", min_size=1, max_size=12), min_size=1, max_size=4))
def test_each_line_is_counted_by_itself(lines: list[str]) -> None:
    found = told(**{f"K{number}": line for number, line in enumerate(lines)})
    assert found["indicator"].to_list() == [f"K{number}" for number in range(len(lines))]
    for line, row in zip(lines, found.iter_rows(named=True), strict=True):
        known = [letter for letter in line if letter in "GAR"]
        reds = [len([*row_of]) for letter, row_of in groupby(line) if letter == "R"]
        assert row["rated"] == len(known)
        assert row["changed"] == sum(a != b for a, b in pairwise(known))
        assert row["longest_red"] == max(reds, default=0)
        assert row["red_now"] == len(line) - len(line.rstrip("R"))


def kpi(polarity: str, value: str | None, target: str, floor: str, **more: str) -> pl.DataFrame:
    row = {
        "value": value and Decimal(value), "target": Decimal(target), "floor": Decimal(floor),
        **{name: more.get(name) and Decimal(more[name]) for name in ("target_high", "floor_high")},
    }  # fmt: skip
    types = dict.fromkeys(row, FIGURE)
    return pl.DataFrame([row], schema_overrides=types).with_columns(
        indicator=pl.lit("A"), polarity=pl.lit(polarity), decimals=0
    )


@pytest.mark.parametrize(
    ("polarity", "value", "up_now_down", "at_risk", "in_reach"),
    [
        ("higher", "90", "GREEN GREEN AMBER", True, False),
        ("higher", "89", "GREEN AMBER AMBER", False, True),
        ("higher", "80", "AMBER AMBER RED", True, False),
        ("higher", "79", "AMBER RED RED", False, True),
        ("higher", "85", "AMBER AMBER AMBER", False, False),
        ("lower", "90", "RED RED RED", False, False),
        ("lower", "10", "AMBER GREEN GREEN", True, False),
        ("lower", "21", "RED RED AMBER", False, True),
    ],
)
def test_a_rating_that_a_point_would_turn_is_found(
    polarity: str, value: str, up_now_down: str, at_risk: bool, in_reach: bool
) -> None:
    aims = ("90", "80") if polarity == "higher" else ("10", "20")
    row = matrix.sensitivity(kpi(polarity, value, *aims)).row(0, named=True)
    found = [row[name] for name in ("rating_up", "rating", "rating_down")]
    assert found == up_now_down.split()
    assert (row["at_risk"], row["in_reach"]) == (at_risk, in_reach)


def test_a_range_is_at_risk_from_both_sides() -> None:
    aims = {"target_high": "22", "floor_high": "24"}
    for value in ("18", "22"):
        row = matrix.sensitivity(kpi("range", value, "18", "16", **aims)).row(0, named=True)
        assert row["at_risk"]
    inside = matrix.sensitivity(kpi("range", "20", "18", "16", **aims)).row(0, named=True)
    assert not inside["at_risk"]


def test_without_a_value_nothing_would_turn() -> None:
    row = matrix.sensitivity(kpi("higher", None, "90", "80")).row(0, named=True)
    assert (row["rating"], row["at_risk"], row["in_reach"]) == ("NO DATA", False, False)


def test_half_a_point_is_less_than_a_point() -> None:
    card = kpi("higher", "91", "90", "80")
    assert not matrix.sensitivity(card, Decimal("0.5"))["at_risk"].item()
    assert matrix.sensitivity(card, Decimal("1.6"))["at_risk"].item()
    assert rating.rate(card)["rating"].item() == "GREEN"
