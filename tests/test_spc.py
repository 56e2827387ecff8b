"""XmR charts, against an oracle of plain loops and fractions."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from kpi_core import registry, series, spc
from kpi_core.figures import Figures
from kpi_core.periods import Period
from tests.oracle import xmr as oracle

Values = Sequence[float]

#: Whole numbers of few sizes, so that ties, runs and points on the mean come about.
figures = st.lists(st.integers(-6, 6), min_size=12, max_size=40)
#: What indicators have: two decimals.
decimals = st.lists(st.integers(0, 10_000).map(lambda n: n / 100), min_size=12, max_size=40)
wanders = st.lists(st.sampled_from([-1, 1, 1, 2, 30]), min_size=12, max_size=40)

UPSIDE_DOWN = {
    "above the upper limit": "below the lower limit",
    "7 rising": "7 falling",
    "2 of 3 close to the upper limit": "2 of 3 close to the lower limit",
    "7 above the mean": "7 below the mean",
    "common cause": "common cause",
}
UPSIDE_DOWN |= {down: up for up, down in UPSIDE_DOWN.items()}


def points(*many: Values, stage: Sequence[int] = (), base: Sequence[bool] = ()) -> pl.DataFrame:
    frames = [
        pl.DataFrame(
            {
                "indicator": pl.Series([f"S{number}"] * len(values), dtype=pl.String),
                "stage": pl.Series(stage or [0] * len(values), dtype=pl.UInt32),
                "x": pl.Series(range(len(values)), dtype=pl.Int64),
                "value": pl.Series(values, dtype=pl.Float64),
                "in_baseline": pl.Series(base or [True] * len(values), dtype=pl.Boolean),
            }
        )
        for number, values in enumerate(many)
    ]
    return pl.concat(frames)


def causes(values: Values, *, screened: bool = True) -> list[str]:
    return spc.chart(points(values), screened=screened)["cause"].to_list()


def exact(values: Values) -> list[Fraction]:
    return [Fraction(str(value)) for value in values]


def agrees(values: Values, *, screened: bool) -> None:
    held = oracle.limits(exact(values), screened=screened)
    found = spc.limits(points(values), screened=screened).row(0, named=True)
    for name in ("mean", "mean_range", "lower", "upper"):
        assert found[name] == pytest.approx(float(getattr(held, name)), rel=1e-9, abs=1e-9)
    assert found["left_out"] == held.left_out
    assert causes(values, screened=screened) == oracle.causes(exact(values), held)


@given(figures | decimals, st.booleans())
def test_limits_and_causes_are_those_of_the_oracle(values: list[float], screened: bool) -> None:
    agrees(values, screened=screened)


@given(wanders, st.booleans())
def test_so_they_are_where_figures_wander(steps: list[int], screened: bool) -> None:
    agrees([float(sum(steps[:place])) for place in range(len(steps))], screened=screened)


@given(st.integers(0, 99_999), st.integers(12, 40), st.booleans())
def test_equal_figures_lie_on_their_mean(cents: int, count: int, screened: bool) -> None:
    chart = spc.chart(points([cents / 100] * count), screened=screened)
    assert set(chart["cause"]) == {"common cause"}
    found = spc.limits(points([cents / 100] * count), screened=screened).row(0, named=True)
    assert found["mean"] == pytest.approx(cents / 100)
    assert (found["mean_range"], found["lower"], found["upper"]) == (
        0, found["mean"], found["mean"],
    )  # fmt: skip


@given(decimals, st.integers(-1_000, 1_000))
def test_figures_all_moved_by_as_much_have_the_same_causes(values: list[float], by: int) -> None:
    moved = [round(value + by, 2) for value in values]
    assert causes(moved) == causes(values)


@given(decimals)
def test_what_improves_one_polarity_is_a_concern_for_the_other(values: list[float]) -> None:
    chart = spc.chart(points(values)).select(
        higher=spc.variation(pl.col("cause"), pl.lit("higher")),
        lower=spc.variation(pl.col("cause"), pl.lit("lower")),
    )
    turned = {"improvement": "concern", "concern": "improvement", "common cause": "common cause"}
    assert [turned[one] for one in chart["higher"]] == chart["lower"].to_list()


@given(figures)
def test_figures_upside_down_have_causes_upside_down(values: list[int]) -> None:
    turned = causes([-value for value in values])
    for one, other in zip(causes(values), turned, strict=True):
        assert other == UPSIDE_DOWN[one]


@given(decimals, decimals)
def test_a_chart_that_is_re_based_is_two_charts(before: list[float], after: list[float]) -> None:
    stage = [0] * len(before) + [1] * len(after)
    based = spc.chart(points([*before, *after], stage=stage))
    apart = pl.concat([spc.chart(points(before)), spc.chart(points(after))])
    told = ["mean", "lower", "upper", "cause"]
    assert_frame_equal(based.select(told), apart.select(told))


@given(decimals, decimals)
def test_limits_of_a_baseline_hold_for_what_comes_after(
    before: list[float], after: list[float]
) -> None:
    base = [True] * len(before) + [False] * len(after)
    found = spc.limits(points([*before, *after], base=base))
    assert_frame_equal(found, spc.limits(points(before)))
    chart = spc.chart(points([*before, *after], base=base))
    held = oracle.limits(exact(before), screened=True)
    assert chart["cause"].to_list() == oracle.causes(exact([*before, *after]), held)


@given(st.lists(figures, min_size=1, max_size=5))
def test_many_series_at_once_are_charted_as_each_alone(many: list[list[int]]) -> None:
    together = spc.chart(points(*many))
    for number, values in enumerate(many):
        alone = spc.chart(points(values)).drop("indicator")
        assert_frame_equal(together.filter(indicator=f"S{number}").drop("indicator"), alone)


@given(st.permutations(range(14)))
def test_the_order_of_rows_does_not_matter(order: list[int]) -> None:
    given_rows = points([1.5, 2, 3, 9, 1, 1, 4, 4, 5, 6, 7, 8, 9, 10])
    assert spc.chart(given_rows[order]).equals(spc.chart(given_rows))


def test_what_two_stages_or_two_series_have_alike_is_told_apart() -> None:
    low_then_high = [1.0, 2] * 4 + [3.0, 4] * 4
    chart = spc.chart(points(low_then_high, low_then_high))
    assert spc.stretches(chart).rows() == [
        ("S0", "7 below the mean", 0, 7, 8), ("S0", "7 above the mean", 8, 15, 8),
        ("S1", "7 below the mean", 0, 7, 8), ("S1", "7 above the mean", 8, 15, 8),
    ]  # fmt: skip
    staged = points([*low_then_high, *low_then_high], stage=[0] * 16 + [1] * 16)
    assert spc.stretches(spc.chart(staged))["first"].to_list() == [0, 8, 16, 24]
    assert spc.stretches(spc.chart(points([1.0, 2] * 6))).is_empty()


def test_two_figures_of_one_period_are_refused() -> None:
    twice = points([1.0] * 12).with_columns(x=pl.lit(3))
    with pytest.raises(ValueError, match="two figures of one period"):
        spc.chart(twice)


@pytest.mark.parametrize(("count", "charted"), [(11, False), (12, True)])
def test_fewer_than_twelve_points_are_too_few(count: int, charted: bool) -> None:
    values = [float(place % 3) for place in range(count)]
    assert spc.limits(points(values))["enough"].item() is charted
    chart = spc.chart(points(values))
    for name in ("mean", "lower", "upper", "cause"):
        assert (chart[name].null_count() == 0) is charted


def test_no_points_make_an_empty_chart() -> None:
    assert spc.chart(points([])).is_empty()
    assert spc.limits(points([])).is_empty()


def test_a_stage_without_a_baseline_has_no_limits() -> None:
    found = spc.limits(points([1.0, 2.0], base=[False, False])).row(0, named=True)
    assert [found[name] for name in ("n", "mean", "lower", "upper", "enough")] == [
        0, None, None, None, False,
    ]  # fmt: skip


def test_stages_begin_where_they_are_said_to() -> None:
    rows = points([0.0] * 10, [0.0] * 3).drop("stage")
    starts = pl.DataFrame({"indicator": ["S0", "S0", "S0"], "x": [6, 1, 6]})
    numbered = spc.staged(rows, starts)
    assert numbered.filter(indicator="S0")["stage"].to_list() == [0, *[1] * 5, *[2] * 4]
    assert numbered.filter(indicator="S1")["stage"].to_list() == [0, 0, 0]


def test_limits_begin_anew_after_a_break_and_where_a_chart_was_re_based() -> None:
    history = pl.DataFrame(
        {
            "indicator": ["A"] * 6 + ["B"] * 2,
            "end_month": [3, 6, 9, 12, 15, 18, 7, 8],
            "months": [3] * 6 + [1] * 2,
            "unrounded": [1.0, None, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0],
            "in_series": [False, False, True, True, True, True, True, True],
        },
    )
    rebased = pl.DataFrame({"indicator": ["A"], "x": [5]})
    found = spc.points_of(history, rebased)
    of_a = found.filter(indicator="A")
    assert of_a.select("x", "value").rows() == [(1, 1), (3, 2), (4, 3), (5, 4), (6, 5)]
    assert of_a["stage"].to_list() == [0, 1, 1, 2, 2]
    assert found.filter(indicator="B").select("x", "value").rows() == [(7, 6), (8, 7)]
    assert found.filter(indicator="B")["stage"].n_unique() == 1
    assert spc.chart(found).height == 7


def test_every_history_of_kent_can_be_charted(kent: Figures) -> None:
    at = Period.parse("2024/25 Q2")
    placed = registry.placed(kent, "qpr", at)
    history = series.points(kent.observations, placed, kent.year_start)
    none = pl.DataFrame(schema={"indicator": pl.String, "x": pl.Int64})
    found = spc.points_of(history, none)
    assert found.height == history["value"].is_not_null().sum() > 0
    chart, limits = spc.chart(found), spc.limits(found)
    few = limits.filter(~pl.col("enough")).select("indicator", "stage")
    assert chart.join(few, on=["indicator", "stage"])["cause"].null_count() == (
        chart["cause"].null_count()
    )


def assured(low: int | None, high: int | None, limits: tuple[float, float]) -> str | None:
    types = {"low": pl.Decimal(18, 6), "high": pl.Decimal(18, 6)}
    row = {
        "lower": limits[0], "upper": limits[1],
        "low": None if low is None else Decimal(low), "high": None if high is None else Decimal(high),
    }  # fmt: skip
    frame = pl.DataFrame([row], schema_overrides=types)
    found = frame.select(spc.assurance(*map(pl.col, ("lower", "upper", "low", "high")))).item()
    return None if found is None else str(found)


@given(decimals, st.integers(0, 100))
def test_assurance_is_that_of_the_oracle(values: list[float], target: int) -> None:
    found = spc.limits(points(values)).row(0, named=True)
    held = oracle.limits(exact(values), screened=True)
    limits = (found["lower"], found["upper"])
    assert assured(target, None, limits) == oracle.assurance(held, "higher", Fraction(target))
    assert assured(None, target, limits) == oracle.assurance(held, "lower", Fraction(target))
    assert assured(None, None, limits) is None
