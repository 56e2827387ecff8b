"""Rounding and division, against decimals and fractions."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from kpi_core import exact
from kpi_core.fields import FIGURE
from tests import oracles
from tests.strategies import decimals

figures = decimals(-1_000_000_000, 1_000_000_000)
halves = st.builds(
    lambda whole, places: (Decimal(2 * whole + 1) / 2).scaleb(-places),
    st.integers(-10_000, 10_000),
    st.integers(0, 4),
)
places = st.integers(0, exact.MOST_DECIMALS)


@given(st.lists(st.tuples(figures | halves, places), min_size=1, max_size=30))
def test_a_figure_is_shown_rounded_half_away_from_zero(rows: list[tuple[Decimal, int]]) -> None:
    frame = pl.DataFrame(rows, schema={"value": FIGURE, "decimals": pl.Int32}, orient="row")
    shown = frame.select(exact.shown(pl.col("value"), pl.col("decimals"))).to_series()
    assert shown.to_list() == [oracles.rounded(value, decimals) for value, decimals in rows]


@given(
    st.lists(
        st.tuples(figures, decimals(-100_000, 100_000), st.sampled_from([1, 100]), places),
        min_size=1,
        max_size=30,
    )
)
def test_a_quotient_is_rounded_once(rows: list[tuple[Decimal, Decimal, int, int]]) -> None:
    schema: dict[str, Any] = {
        "top": FIGURE,
        "bottom": FIGURE,
        "factor": pl.Int32,
        "decimals": pl.Int32,
    }
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    found = frame.select(exact.quotient(*map(pl.col, schema))).to_series()
    assert found.to_list() == [within_figures(oracles.quotient(*row)) for row in rows]


def within_figures(value: Decimal | None) -> Decimal | None:
    """Twelve digits stand before the point of a figure."""
    return None if value is None or abs(value) >= 10**12 else value


def test_a_percentage_on_the_edge_is_not_lost_to_binary_fractions() -> None:
    # 0.285 * 100 is 28.499999999999996 for a computer that counts in binary.
    parts = {"top": [Decimal("0.285")], "bottom": [Decimal(1)]}
    frame = pl.DataFrame(parts, schema={"top": FIGURE, "bottom": FIGURE})
    rounded = exact.quotient(pl.col("top"), pl.col("bottom"), pl.lit(100), pl.lit(0))
    assert frame.select(rounded).item() == 29


def test_an_unknown_part_gives_no_quotient() -> None:
    parts = {"top": [None, Decimal(1), Decimal(0)], "bottom": [Decimal(1), None, Decimal(0)]}
    frame = pl.DataFrame(parts, schema={"top": FIGURE, "bottom": FIGURE})
    rounded = exact.quotient(pl.col("top"), pl.col("bottom"), pl.lit(1), pl.lit(0))
    assert frame.select(rounded).to_series().to_list() == [None, None, None]


def test_what_is_too_large_for_a_figure_is_absent_and_stops_nothing() -> None:
    largest = Decimal("999999999999.999999")
    parts = {"top": [largest, Decimal(3)], "bottom": [Decimal("0.000001"), Decimal(4)]}
    frame = pl.DataFrame(parts, schema={"top": FIGURE, "bottom": FIGURE})
    percent = exact.quotient(pl.col("top"), pl.col("bottom"), pl.lit(100), pl.lit(0))
    assert frame.select(percent).to_series().to_list() == [None, 75]
    assert frame.select(exact.shown(pl.col("top"), pl.lit(0))).to_series().to_list() == [None, 3]
