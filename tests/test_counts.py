"""A figure given as counts is the same figure: nothing is worked out from a rounded quotient."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_core import exact, history, registry, scorecard, series, spc, views
from kpi_core.fields import FIGURE
from kpi_core.figures import Figures
from kpi_core.organisation import Organisation
from kpi_core.periods import Period
from tests import tables

Q2 = Period.parse("2024/25 Q2")
TENTHS = [806, 807, 806, 809, 810, 811, 810, 812, 813, 814]


def twins(unit: str, tenths: list[int], **more: str) -> Figures:
    """A has its figures as values, B the same ones as counts, both shown without decimals."""
    rows = []
    for back, parts in enumerate(reversed(tenths)):
        period = Q2.shift(-back)
        below = 1000 if unit == "percent" else 10
        rows.append(f"A | {period} | {Decimal(parts) / 10} | |")
        rows.append(f"B | {period} | | {parts} | {below}")
    kind = f"{unit} | 0 | higher | quarter"
    return tables.figures(
        Organisation.from_toml("test", '[reports]\nyear_to_date = ["qpr"]'),
        indicators="indicator | unit | decimals | polarity | frequency | ytd\n"
        f"A | {kind} | mean\nB | {kind} | mean",
        targets="indicator | year | target | floor\n"
        + "\n".join(f"{code} | {year} | 81 | 80" for code in "AB" for year in tables.YEARS),
        observations="indicator | period | value | numerator | denominator\n" + "\n".join(rows),
        **more,
    )


def of(figures: Figures, code: str, *columns: str) -> list[tuple[object, ...]]:
    card = scorecard.kpis(figures, "qpr", Q2)
    return card.filter(indicator=code, basis="period").select(columns).rows()


@pytest.mark.parametrize("unit", ["percent", "number"])
def test_values_and_counts_have_the_same_rating_and_direction(unit: str) -> None:
    figures = twins(unit, TENTHS)
    verdicts = ("value", "rating", "direction", "previous_value", "previous_rating", "n")
    assert of(figures, "B", *verdicts) == of(figures, "A", *verdicts)
    assert of(figures, "B", "direction") == [("improving",)]
    (slope_a, p_a), (slope_b, p_b) = (of(figures, code, "slope", "p")[0] for code in "AB")
    assert (slope_b, p_b) == (pytest.approx(slope_a, rel=1e-9), pytest.approx(p_a, rel=1e-9))


@given(st.lists(st.integers(100, 990), min_size=8, max_size=14))
def test_control_charts_and_forecasts_see_the_same_figures(tenths: list[int]) -> None:
    figures = twins("percent", tenths)
    placed = registry.placed(figures, "qpr", Q2)
    points = series.points(figures.observations, placed, figures.year_start)
    none = pl.DataFrame(schema={"indicator": pl.String, "x": pl.Int64})
    charted = spc.chart(spc.points_of(points, none))
    limits = [charted.filter(indicator=code)["value"].to_list() for code in "AB"]
    assert limits[1] == pytest.approx(limits[0], rel=1e-12)
    seen = [views.ahead(figures, views.indicator(figures, "qpr", Q2, code)) for code in "AB"]
    made = [None if one.forecast is None else one.forecast.outlook.centre for one in seen]
    assert made[1] == (None if made[0] is None else pytest.approx(made[0], rel=1e-9))


def test_what_is_shown_is_rounded_once() -> None:
    """80.449999… is 80, although its first decimal rounds to 80.5."""
    figures = tables.figures(
        indicators="indicator | unit | decimals\nA | percent | 0",
        observations="indicator | period | numerator | denominator\nA | 2024/25 Q2 | 8044999999 | 10000000000",
    )
    assert of(figures, "A", "value") == [(80,)]
    placed = registry.placed(figures, "qpr", Q2)
    places = history.places(figures, "qpr", placed, Q2)
    assert places["shown"].to_list() == [80]


def test_a_mean_of_quotients_is_green_where_its_rounded_parts_would_be_red() -> None:
    figures = tables.figures(
        Organisation.from_toml("test", '[reports]\nyear_to_date = ["qpr"]'),
        indicators="indicator | unit | decimals | polarity | ytd\nM | days | 0 | lower | mean",
        targets="indicator | year | target | floor\nM | 2024/25 | 1 | 1",
        observations="""
            indicator | period     | numerator | denominator
            M         | 2024/25 Q1 | 5         | 2
            M         | 2024/25 Q2 | 3         | 4
            """,
    )
    card = scorecard.kpis(figures, "qpr", Q2).filter(basis="ytd")
    assert card.select("value", "rating").rows() == [(1, "GREEN")]


counts = st.integers(0, 10**9)


@given(
    st.lists(
        st.tuples(counts, st.integers(1, 10**9), st.sampled_from([1, 100]), st.integers(0, 4)),
        min_size=1,
    )
)
def test_rounding_an_unrounded_quotient_is_rounding_the_quotient(
    rows: list[tuple[int, int, int, int]],
) -> None:
    frame = pl.DataFrame(
        [(Decimal(above), Decimal(below), factor, places) for above, below, factor, places in rows],
        schema={"above": FIGURE, "below": FIGURE, "factor": pl.Int32, "decimals": pl.Int32},
        orient="row",
    )
    kept = exact.unrounded(pl.col("above"), pl.col("below"), pl.col("factor"))
    shown = frame.select(exact.shown(kept, pl.col("decimals"))).to_series().to_list()
    assert shown == [
        exact.rounded(Fraction(above * factor, below), places)
        for above, below, factor, places in rows
    ]
