"""Indicators together: on one scale, and whether one goes with the other."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_core import compare


def series(**figures: list[float | None]) -> pl.DataFrame:
    rows = [(name, x, value) for name, line in figures.items() for x, value in enumerate(line)]
    schema = {"series": pl.String, "x": pl.Int64, "value": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def test_series_are_100_in_the_first_period_that_all_have() -> None:
    found = compare.indexed(series(calls=[None, 200, 300, None], complaints=[5, 10, 5, 20]))
    assert found["base"].to_list() == [1] * 8
    assert found.filter(series="calls")["index"].to_list() == [None, 100, 150, None]
    assert found.filter(series="complaints")["index"].to_list() == [50, 100, 50, 200]


def test_series_without_a_period_in_common_have_no_index() -> None:
    found = compare.indexed(series(A=[1, None], B=[None, 2]))
    assert found["index"].null_count() == 4
    assert found["base"].null_count() == 4


@pytest.mark.parametrize("first", [0.0, -2.0])
def test_nothing_is_a_share_of_nothing(first: float) -> None:
    found = compare.indexed(series(A=[first, 5], B=[4, 8]))
    assert found.filter(series="A")["index"].to_list() == [None, None]
    assert found.filter(series="B")["index"].to_list() == [100, 200]


def points(figures: list[float]) -> pl.DataFrame:
    return pl.DataFrame({"x": range(len(figures)), "y": np.array(figures, dtype=float)})


def noise(count: int, seed: int) -> list[float]:
    return [float(one) for one in np.random.default_rng(seed).standard_normal(count)]


@given(st.integers(8, 40), st.integers(-3, 3), st.integers(0, 1_000))
def test_the_correlation_at_a_lag_is_scipys(count: int, lag: int, seed: int) -> None:
    from scipy.stats import pearsonr

    one, other = noise(count, seed), noise(count, seed + 1)
    row = compare.lagged(points(one), points(other), 3).filter(lag=lag).row(0, named=True)
    early, late = (one[: count - lag], other[lag:]) if lag >= 0 else (one[-lag:], other[:lag])
    assert row["n"] == len(early)
    assert row["r"] == pytest.approx(pearsonr(early, late).statistic)


@given(st.floats(-0.95, 0.95), st.integers(5, 60))
def test_the_interval_of_one_correlation_is_scipys(r: float, count: int) -> None:
    from scipy.stats import pearsonr

    x = np.arange(count, dtype=float)
    away = x - x.mean()
    across = np.where(np.arange(count) % 2, 1.0, -1.0) * away**2
    across -= across.mean() + away * (across @ away) / (away @ away)
    across -= across.mean()
    y = r * away / np.sqrt(away @ away) + np.sqrt(1 - r * r) * across / np.sqrt(across @ across)
    expected = pearsonr(x, y)
    found = compare.interval(float(expected.statistic), count)
    assert found == pytest.approx(tuple(expected.confidence_interval(0.95)), abs=1e-6)


def test_what_follows_two_periods_later_is_found_there() -> None:
    lead = noise(40, 3)
    follow = [0.0, 0.0, *lead[:-2]]
    found = compare.lagged(points(lead), points(follow), 4)
    best = found.sort("r", descending=True, nulls_last=True).row(0, named=True)
    assert best["lag"] == 2
    assert best["r"] == pytest.approx(1)
    assert found["lag"].to_list() == list(range(-4, 5))


def test_pairs_of_series_that_drift_are_worth_less() -> None:
    a, b = (np.cumsum(noise(60, seed)) for seed in (1, 2))
    assert compare.effective_count(a, b) < 20
    c, d = (np.array(noise(60, seed)) for seed in (1, 2))
    assert compare.effective_count(c, d) > 40


def test_intervals_hold_about_as_often_as_they_say() -> None:
    """Two drifting series that have nothing to do with each other."""
    random = np.random.default_rng(9)
    missed = 0
    for _ in range(150):
        made = random.standard_normal((2, 60))
        for place in range(1, 60):
            made[:, place] += 0.6 * made[:, place - 1]
        a, b = (points([float(one) for one in line]) for line in made)
        found = compare.lagged(a, b, 3).drop_nulls()
        missed += int(((found["low"] > 0) | (found["high"] < 0)).any())
    assert missed / 150 < 0.08


@pytest.mark.parametrize("other", [[1.0] * 8, [1.0, 2.0, 3.0]])
def test_a_series_that_stands_still_or_is_too_short_has_none(other: list[float]) -> None:
    found = compare.lagged(points(noise(8, 1)), points(other), 0).row(0, named=True)
    assert [found[name] for name in ("r", "low", "high")] == [None, None, None]


def test_a_gap_is_no_pair() -> None:
    one, other = points(noise(10, 1)), points(noise(10, 2))
    gappy = other.filter(pl.col("x") != 4)
    assert compare.lagged(one, gappy, 0)["n"].to_list() == [9]
