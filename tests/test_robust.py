"""Theil–Sen, Mann–Kendall and Newey–West, the smallest change that shows, steps and seasons."""

from __future__ import annotations

from decimal import Decimal
from itertools import combinations
from statistics import median

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import stdtr

from kpi_core import robust, trend
from kpi_core.fields import FIGURE

Points = list[tuple[float, float]]


@st.composite
def series(draw: st.DrawFn, least: int = 4) -> Points:
    """Figures with gaps, and with ties."""
    places = draw(st.lists(st.integers(0, 24), min_size=least, max_size=20, unique=True))
    size = draw(st.sampled_from([3, 10_000]))
    return [(8_098.0 + x, draw(st.integers(0, size)) / 100) for x in sorted(places)]


def columns(points: Points) -> tuple[np.ndarray, np.ndarray]:
    return np.array([x for x, _ in points]), np.array([y for _, y in points])


@given(series(least=2))
def test_theil_sen_is_the_median_slope_and_scipys(points: Points) -> None:
    from scipy.stats import theilslopes

    x, y = columns(points)
    found = robust.theil_sen(x, y)
    assert found is not None
    slopes = [(b - a) / (t - s) for (s, a), (t, b) in combinations(points, 2)]
    assert found.slope == pytest.approx(median(slopes), abs=1e-12)
    slope, _, low, high = theilslopes(y, x, alpha=0.95)
    assert found == pytest.approx((slope, low, high), abs=1e-12)


@given(series())
def test_mann_kendall_is_scipys_with_and_without_ties(points: Points) -> None:
    from scipy.stats import kendalltau

    x, y = columns(points)
    p = robust.mann_kendall(x, y)
    level = len(set(y)) == 1
    assert p == (1.0 if level else pytest.approx(kendalltau(x, y).pvalue, rel=1e-12))


def test_mann_kendall_of_six_that_rise_is_worked_out_by_hand() -> None:
    # Of the 720 orders of six figures, one rises throughout and one falls.
    x = np.arange(6.0)
    assert robust.mann_kendall(x, x**3) == pytest.approx(2 / 720)
    assert robust.mann_kendall(x, -x) == pytest.approx(2 / 720)


def newey_west_by_hand(points: Points, lags: int) -> float:
    """The sandwich written out: Bartlett's weights, times n / (n − 2), Student's t."""
    count = len(points)
    x_mean, y_mean = (sum(column) / count for column in zip(*points, strict=True))
    spread = sum((x - x_mean) ** 2 for x, _ in points)
    slope = sum((x - x_mean) * (y - y_mean) for x, y in points) / spread
    part = [(x - x_mean) * (y - y_mean - slope * (x - x_mean)) for x, y in points]
    meat = sum(one * one for one in part)
    for lag in range(1, lags + 1):
        together = sum(part[n] * part[n - lag] for n in range(lag, count))
        meat += 2 * (1 - lag / (lags + 1)) * together
    error = (meat * count / (count - 2)) ** 0.5 / spread
    return float(2 * stdtr(count - 2, -abs(slope) / error))


@given(series(least=6), st.sampled_from([1, 4, 12]))
def test_newey_west_is_the_sandwich_written_out(points: Points, overlap: int) -> None:
    x, y = columns(points)
    p = robust.newey_west(x, y, overlap)
    if len(set(y)) == 1:
        assert p == 1.0
        return
    expected = newey_west_by_hand(points, robust.lags(len(points), overlap))
    assert p == pytest.approx(expected, rel=1e-6, abs=1e-9)


@given(series(least=6))
def test_without_an_overlap_the_slope_is_that_of_the_published_rule(points: Points) -> None:
    x, y = columns(points)
    line = trend.fit(pl.DataFrame({"indicator": "A", "x": x, "y": y}))
    assert robust.overlapping(x, y, 1) == pytest.approx(line["p"].item(), rel=1e-6, abs=1e-9)


def test_where_figures_overlap_one_arrow_in_twenty_is_false() -> None:
    random = np.random.default_rng(4)
    gaps = np.array([0.0, 1, 2, 4, 5, 6, 7, 9])
    for overlap, x in ((4, np.arange(8.0)), (12, np.arange(12.0)), (4, gaps)):
        noise = random.standard_normal((1_500, int(x[-1]) + overlap))
        rolling = np.lib.stride_tricks.sliding_window_view(noise, overlap, axis=1).sum(axis=2)
        ps = [robust.overlapping(x, y, overlap) for y in rolling[:, x.astype(int)]]
        false = sum(p is not None and p < 0.05 for p in ps)
        assert false / len(ps) == pytest.approx(0.05, abs=0.015)


@pytest.mark.parametrize(
    ("points", "overlap", "lags"), [(8, 4, 2), (12, 4, 3), (12, 12, 4), (36, 12, 11), (9, 1, 0)]
)
def test_errors_hang_together_over_the_overlap_or_a_third_of_the_points(
    points: int, overlap: int, lags: int
) -> None:
    assert robust.lags(points, overlap) == lags


def test_too_few_points_have_no_measure() -> None:
    one, three = np.array([1.0]), np.array([1.0, 2.0, 3.0])
    assert robust.theil_sen(one, one) is None
    assert robust.mann_kendall(one, one) is None
    assert robust.newey_west(three, three, 4) is None
    assert robust.overlapping(three, three, 4) is None


def test_equal_figures_go_nowhere() -> None:
    x, y = np.arange(8.0), np.full(8, 3.0)
    assert robust.newey_west(x, y, 4) == robust.overlapping(x, y, 4) == 1


def test_the_smallest_change_that_shows_does_so_four_times_in_five() -> None:
    random = np.random.default_rng(11)
    for count in (6, 8, 12, 16):
        # Noise of one standard deviation about a slope that should be found with a chance of 80%.
        x = np.arange(float(count))
        sxx = ((x - x.mean()) ** 2).sum()
        line = pl.DataFrame({"n": [count], "stderr": [sxx**-0.5]})
        slope = robust.detectable(line)["detectable"].item()
        runs = 4_000
        y = slope * x + random.standard_normal((runs, count))
        points = pl.DataFrame(
            {
                "indicator": np.repeat(np.arange(runs), count).astype(str),
                "x": np.tile(x, runs),
                "y": y.ravel(),
            }
        )
        found = (trend.fit(points)["p"] < trend.SIGNIFICANCE).mean()
        assert found == pytest.approx(0.8, abs=0.03)


def test_without_a_scatter_there_is_no_smallest_change() -> None:
    points = pl.DataFrame({"indicator": "A", "x": [0.0, 1.0], "y": [1.0, 2.0]})
    assert robust.detectable(trend.fit(points))["detectable"].to_list() == [None]


def test_the_line_of_honesty() -> None:
    assert robust.honesty(6, "3 points", "quarter") == (
        "6 points: a change smaller than about 3 points a quarter would not show."
    )


def test_steps_are_from_the_very_period_before_and_a_year_before() -> None:
    quarters = [0, 3, 6, 12, 15, 18]
    rows = pl.DataFrame(
        {
            "indicator": "A", "end_month": quarters, "months": 3,
            "value": [Decimal(v) for v in ("10", "12.5", "11", "14", "13", "20")],
            "in_series": [True] * 6,
        },
        schema_overrides={"value": FIGURE},
    )  # fmt: skip
    found = robust.steps(rows)
    assert found["on_previous"].to_list() == [
        None, Decimal("2.5"), Decimal("-1.5"), None, Decimal(-1), Decimal(7),
    ]  # fmt: skip
    assert found["on_year_ago"].to_list() == [
        None, None, None, Decimal(4), Decimal("0.5"), Decimal(9),
    ]  # fmt: skip
    broken = rows.with_columns(in_series=pl.col("end_month") > 6)
    assert robust.steps(broken)["on_year_ago"].to_list() == [None] * 6
    assert robust.steps(broken)["on_previous"].to_list()[3:] == [None, Decimal(-1), Decimal(7)]


def test_a_season_is_found_where_there_is_one() -> None:
    months = np.arange(36)
    wave = 10 * np.sin(months * 2 * np.pi / 12)
    noise = np.random.default_rng(5).standard_normal(36)
    there, not_there = robust.season(100 + months + wave + noise, 12), robust.season(noise, 12)
    assert there is not None
    assert not_there is not None
    assert there.trend + there.seasonal + there.rest == pytest.approx(100 + months + wave + noise)
    assert there.seasonal == pytest.approx(wave, abs=3)
    assert there.strength > 0.9
    assert not_there.strength < there.strength


def test_a_season_takes_two_years() -> None:
    assert robust.season(np.arange(23.0), 12) is None
    assert robust.season(np.arange(24.0), 12) is not None
    assert robust.season(np.arange(24.0), 1) is None


def test_a_level_series_has_no_season() -> None:
    level = robust.season(np.full(24, 5.0), 12)
    assert level is not None
    assert level.strength == 0
