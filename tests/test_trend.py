"""Direction of travel, against statsmodels."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_core import rating, trend
from kpi_core.fields import FIGURE
from tests import oracles
from tests.strategies import decimals

Points = list[tuple[float, float]]


@st.composite
def series(draw: st.DrawFn, least: int = 3) -> Points:
    """Figures as an indicator has them: two decimals, real spacing, some periods missing."""
    places = draw(st.lists(st.integers(0, 24), min_size=least, max_size=16, unique=True))
    start = draw(st.sampled_from([0, 8_098, 24_296]))
    values = [draw(st.integers(0, 10_000)) / 100 for _ in places]
    return [(float(start + x), y) for x, y in sorted(zip(places, values, strict=True))]


def fitted(**lines: Points) -> pl.DataFrame:
    rows = [(name, x, y) for name, points in lines.items() for x, y in points]
    schema = {"indicator": pl.String, "x": pl.Float64, "y": pl.Float64}
    return trend.fit(pl.DataFrame(rows, schema=schema, orient="row"))


def heading(points: Points, polarity: str = "higher") -> str:
    lines = fitted(A=points).with_columns(polarity=pl.lit(polarity))
    return str(trend.direction(lines)["direction"].item())


def wandering(many: int) -> dict[str, Points]:
    """Random series with gaps, some hanging together, on the calendars of months and quarters."""
    random = np.random.default_rng(20260331)
    made = {}
    for number in range(many):
        start = random.choice([0, 8_098, 24_296])
        places = np.flatnonzero(random.random(24) < random.uniform(0.3, 1))
        values = random.uniform(0, 500) + random.uniform(0, 9) * random.standard_normal(24).cumsum()
        if len(places) > 2:
            made[f"S{number}"] = [(float(start + x), round(values[x], 2)) for x in places]
    return made


def well_conditioned(points: Points) -> bool:
    """statsmodels' own rounding decides the last digits of a line that fits (nearly) perfectly."""
    values = [y for _, y in points]
    return len(set(values)) > 1


@given(st.lists(series(), min_size=1, max_size=5))
def test_slope_and_p_equal_statsmodels(many: list[Points]) -> None:
    lines = fitted(**{f"A{place}": points for place, points in enumerate(many)})
    for points, row in zip(many, lines.iter_rows(named=True), strict=True):
        if not well_conditioned(points):
            continue
        slope, p = oracles.line(points)
        assert row["slope"] == pytest.approx(slope, rel=1e-9, abs=1e-9)
        assert row["p"] == pytest.approx(p, rel=1e-9, abs=1e-9)
        assert row["n"] == len(points)


def test_thousands_of_series_with_gaps_equal_statsmodels() -> None:
    many = wandering(3_000)
    lines = fitted(**many)
    at = pl.DataFrame({"indicator": list(many), "x": [points[-1][0] for points in many.values()]})
    bands = trend.along(lines, at).select("fit", "fit_low", "fit_high").rows()
    for row, band in zip(lines.iter_rows(named=True), bands, strict=True):
        # Counted from the first figure: with months counted from the year 0, statsmodels itself
        # loses the ninth digit of a band.
        points = [(x - many[row["indicator"]][0][0], y) for x, y in many[row["indicator"]]]
        slope, p, *expected = oracles.line_and_band(points)
        assert row["slope"] == pytest.approx(slope, rel=1e-9, abs=1e-9)
        assert row["p"] == pytest.approx(p, rel=1e-9, abs=1e-9)
        assert band == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_more_series_than_are_worked_on_at_once_each_have_their_own_line() -> None:
    places = np.arange(45_000)
    points = pl.DataFrame(
        {
            "indicator": np.repeat(places, 3).astype(str),
            "x": np.tile([0.0, 1.0, 2.0], len(places)),
            "y": np.repeat(places, 3) * np.tile([0.0, 1.0, 2.0], len(places)),
        }
    )
    lines = trend.fit(points)
    assert lines["indicator"].to_list() == places.astype(str).tolist()
    assert lines["slope"].to_list() == pytest.approx(places.tolist())


def test_rows_of_different_indicators_may_be_mixed() -> None:
    up, down = [(float(x), float(x)) for x in range(6)], [(float(x), -2.0 * x) for x in range(6)]
    apart = fitted(UP=up, DOWN=down)
    mixed = pl.DataFrame(
        [(name, x, y) for pair in zip(up, down, strict=True)
         for name, (x, y) in zip(("UP", "DOWN"), pair, strict=True)],
        schema={"indicator": pl.String, "x": pl.Float64, "y": pl.Float64}, orient="row",
    )  # fmt: skip
    assert trend.fit(mixed).equals(apart)


@given(series(least=6), st.sampled_from(["higher", "lower"]))
def test_the_direction_is_that_of_the_slope_turned_by_polarity(
    points: Points, polarity: str
) -> None:
    assert heading(points, polarity) == oracles.direction(points, polarity)


@given(series(least=6))
def test_what_improves_one_polarity_worsens_the_other(points: Points) -> None:
    opposite = {"improving": "worsening", "worsening": "improving", "stable": "stable"}
    assert heading(points, "lower") == opposite[heading(points, "higher")]


@given(st.integers(0, 10_000), st.integers(6, 16))
def test_a_level_series_is_stable(hundredths: int, count: int) -> None:
    points = [(8_098.0 + place, hundredths / 100) for place in range(count)]
    assert heading(points) == "stable"
    assert fitted(A=points)["slope"].item() == pytest.approx(0, abs=1e-12)


def test_a_perfect_line_is_a_trend_beyond_doubt() -> None:
    points = [(float(x), 3 + 0.25 * x) for x in range(8)]
    row = fitted(A=points).row(0, named=True)
    assert row["slope"] == pytest.approx(0.25, rel=1e-12)
    assert row["intercept"] == pytest.approx(3, rel=1e-12)
    assert row["p"] == pytest.approx(0, abs=1e-12)
    assert heading(points) == "improving"


def test_a_missing_period_keeps_its_place_on_the_time_axis() -> None:
    spaced = [(0.0, 10.0), (1.0, 11.0), (4.0, 14.0), (5.0, 15.0)]
    closed_up = [(float(place), y) for place, (_, y) in enumerate(spaced)]
    assert fitted(A=spaced)["slope"].item() == pytest.approx(1)
    assert fitted(A=closed_up)["slope"].item() > 1.5


@pytest.mark.parametrize(("count", "word"), [(5, "not enough history"), (6, "improving")])
def test_fewer_than_six_figures_are_not_enough(count: int, word: str) -> None:
    assert heading([(float(x), float(x)) for x in range(count)]) == word


def test_two_figures_have_a_slope_but_nothing_can_be_said_of_chance() -> None:
    row = fitted(A=[(0.0, 1.0), (1.0, 3.0)]).row(0, named=True)
    assert (row["slope"], row["p"], row["stderr"]) == (2, None, None)


def test_one_figure_has_no_line() -> None:
    row = fitted(A=[(5.0, 1.0)]).row(0, named=True)
    assert (row["n"], row["slope"], row["p"]) == (1, None, None)


def test_no_figures_give_no_lines() -> None:
    assert fitted().is_empty()


def test_an_indicator_of_no_polarity_goes_neither_way() -> None:
    lines = fitted(A=[(float(x), float(x)) for x in range(8)]).with_columns(polarity=pl.lit("none"))
    assert trend.direction(lines)["direction"].to_list() == [None]


def test_each_indicator_has_its_own_line() -> None:
    up, down = [(float(x), float(x)) for x in range(6)], [(float(x), -float(x)) for x in range(6)]
    lines = fitted(UP=up, DOWN=down)
    assert lines.select("indicator", pl.col("slope").round(9)).rows() == [("UP", 1), ("DOWN", -1)]


@given(series(least=4))
def test_the_interval_about_a_line_is_that_of_statsmodels(points: Points) -> None:
    if not well_conditioned(points):
        return
    at = pl.DataFrame({"indicator": "A", "x": [points[0][0], points[-1][0] + 1]})
    found = trend.along(fitted(A=points), at).select("fit", "fit_low", "fit_high").rows()
    for row, expected in zip(found, oracles.interval(points, at["x"].to_list()), strict=True):
        assert row == pytest.approx(expected, rel=1e-6, abs=1e-6)


def test_where_there_is_no_line_there_is_no_interval() -> None:
    at = pl.DataFrame({"indicator": ["A", "B"], "x": [1.0, 1.0]})
    found = trend.along(fitted(A=[(0.0, 1.0)]), at).select("fit", "fit_low", "fit_high")
    assert found.rows() == [(None, None, None)] * 2


def history(polarity: str, low: int | None, high: int | None, values: list[str]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "indicator": "A",
            "end_month": [3 * place for place in range(len(values))],
            "months": 3,
            "unrounded": [float(value) if value else None for value in values],
            "polarity": polarity,
            "target_from": [low] * len(values),
            "target_to": [high] * len(values),
        },
        schema_overrides=dict.fromkeys(["target_from", "target_to"], FIGURE),
    )


def test_a_range_is_fitted_on_the_distance_from_it() -> None:
    points = trend.points_of(history("range", 18, 22, ["15", "18", "20", "22", "", "25.5"]))
    assert points.select("x", "y").rows() == [(0, 3), (1, 0), (2, 0), (3, 0), (5, 3.5)]


_figures = decimals(-20, 130, 2) | st.just(Decimal(100))


@given(
    st.sampled_from(["higher", "lower", "range", "target", "none"]),
    st.lists(st.none() | _figures, min_size=4, max_size=4),
    decimals(0, 9, 2),
    decimals(0, 9, 2) | st.just(Decimal(0)),
)
def test_two_figures_compare_as_the_rule_spells_out(
    polarity: str, figures: list[Decimal | None], closeness: Decimal, tie: Decimal
) -> None:
    now, then, target, above = figures
    high = max(target, above) if target is not None and above is not None else None
    row = {
        "value": now, "before": then, "target": target, "target_high": high, "floor": None,
        "floor_high": None, "closeness": closeness, "polarity": polarity,
    }  # fmt: skip
    types = {name: FIGURE for name in row if name != "polarity"}
    frame = rating.with_bands(pl.DataFrame([row], schema_overrides=types))
    found = frame.select(trend.compared(pl.col("before"), tie)).item()
    aims = oracles.Aims(polarity, target, high)
    assert found == oracles.compared(now, then, aims, closeness, tie)


def test_a_range_that_has_not_been_set_gives_nothing_to_fit() -> None:
    assert trend.points_of(history("range", None, None, ["15", "18", "20"])).is_empty()


def test_months_are_one_apart_and_so_are_quarters() -> None:
    by_quarter = trend.points_of(history("higher", 1, None, ["1", "", "3"]))
    assert by_quarter["x"].to_list() == [0, 2]
