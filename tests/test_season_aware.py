"""A trend that allows for the time of year: against plain arithmetic, by simulation, and on the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import stdtr

from kpi_core import season_aware, views
from kpi_core.periods import Period
from kpi_core.runs import Floats
from kpi_core.store import Store
from tests.councils import Row, figure, write_council
from tests.test_depth import Open, council, opened, quarters
from tests.test_indicator_choices import built

__all__ = ["opened"]  # a fixture

#: The first period of a year, as far along as real ones are.
FIRST = 8_100


def solved(rows: list[list[Fraction]], sides: list[Fraction]) -> list[Fraction]:
    """The unknowns of so many linear equations, one after another."""
    lines = [[*row, side] for row, side in zip(rows, sides, strict=True)]
    for at in range(len(lines)):
        pivot = next(n for n in range(at, len(lines)) if lines[n][at])
        lines[at], lines[pivot] = lines[pivot], lines[at]
        lines[at] = [cell / lines[at][at] for cell in lines[at]]
        for n, line in enumerate(lines):
            if n != at:
                lines[n] = [a - line[at] * b for a, b in zip(line, lines[at], strict=True)]
    return [line[-1] for line in lines]


def by_hand(points: Sequence[tuple[int, int]], periods: int, start: int) -> tuple[float, float]:
    """Slope and p by the normal equations, in fractions: nothing is rounded before the last step."""
    alone = {season for season, n in Counter(x % periods for x, _ in points).items() if n == 1}
    kept = [(x, y) for x, y in points if x % periods not in alone]
    seasons = sorted({x % periods for x, _ in kept})
    rows = [
        [
            *(Fraction(x % periods == season) for season in seasons),
            *([Fraction(min(x - start, 0))] if min(kept)[0] < start else []),
            Fraction(max(x - start, 0)),
        ]
        for x, _ in kept
    ]
    size = len(rows[0])
    squares = [
        [sum((r[a] * r[b] for r in rows), Fraction()) for b in range(size)] for a in range(size)
    ]
    sides = [
        sum((r[a] * y for r, (_, y) in zip(rows, kept, strict=True)), Fraction())
        for a in range(size)
    ]
    found = solved(squares, sides)
    left = [
        y - sum(a * b for a, b in zip(found, r, strict=True))
        for r, (_, y) in zip(rows, kept, strict=True)
    ]
    last = solved(squares, [Fraction(n == size - 1) for n in range(size)])[-1]
    slope, freedom = found[-1], len(rows) - size
    variance = sum(one * one for one in left) / freedom * last
    if variance == 0:
        return float(slope), 1.0 if slope == 0 else 0.0
    return float(slope), float(2 * stdtr(freedom, -abs(float(slope)) / float(variance) ** 0.5))


@st.composite
def history(draw: st.DrawFn) -> tuple[list[tuple[int, int]], int, int]:
    """Figures of an indicator as its page has them, with gaps; periods of a year; the start."""
    periods = draw(st.sampled_from([4, 12]))
    window = draw(st.sampled_from([8, 12, 24]))
    end = FIRST + draw(st.integers(0, 11))
    whole = range(end - season_aware.reach(window, periods), end)
    gaps = draw(st.sets(st.sampled_from(whole), max_size=5))
    size = draw(st.sampled_from([2, 1_000]))
    points = [(x, draw(st.integers(0, size))) for x in whole if x not in gaps]
    return points, periods, min(x for x, _ in points if x >= end - window)


@settings(max_examples=60, deadline=None)
@given(history())
def test_slope_and_p_are_those_of_plain_arithmetic(
    known: tuple[list[tuple[int, int]], int, int],
) -> None:
    points, periods, start = known
    x, y = (np.array(column, dtype=np.float64) for column in zip(*points, strict=True))
    found = season_aware.trend(x, y, periods, start)
    repeats = len(points) - len({one % periods for one, _ in points})
    assert season_aware.comparable(x, periods) == repeats
    assert (found is None) == (repeats < 8)
    if found:
        slope, p = by_hand(points, periods, start)
        assert found.slope == pytest.approx(slope, rel=1e-6, abs=1e-9)
        assert found.p == pytest.approx(p, rel=1e-6, abs=1e-9)


def test_statsmodels_says_the_same() -> None:
    from statsmodels.formula.api import ols

    x = np.arange(-12.0, 12)
    y = noise(1, 24)[0] + 0.1 * x
    known = {"y": y, "month": x % 12, "before": np.minimum(x, 0), "after": np.maximum(x, 0)}
    fitted = ols("y ~ C(month) + before + after", known).fit()
    found = season_aware.trend(x, y, 12, 0)
    assert found == pytest.approx((fitted.params["after"], fitted.pvalues["after"]), rel=1e-9)


def noise(many: int, count: int) -> Floats:
    return np.random.default_rng(count).standard_normal((many, count))


def share(figures: Floats, periods: int, x: Floats, start: float) -> float:
    """In how many series, one in each row, the test finds a trend."""
    found = [season_aware.trend(x, y, periods, start) for y in figures]
    return sum(one is not None and one.p < 0.05 for one in found) / len(found)


@pytest.mark.parametrize(("periods", "window"), [(12, 12), (4, 12), (4, 8)])
def test_one_time_in_twenty_it_is_wrong_with_and_without_a_season(
    periods: int, window: int
) -> None:
    x = np.arange(-periods, window, dtype=np.float64)
    some = np.delete(x, [1, 3]) if periods == 12 else x
    figures = noise(1_500, len(some))
    assert share(figures, periods, some, 0) == pytest.approx(0.05, abs=0.018)
    wave = 30 * np.sin(2 * np.pi * some / periods + 1)
    alike = [
        (season_aware.trend(some, y, periods, 0), season_aware.trend(some, y + wave, periods, 0))
        for y in figures[:50]
    ]
    for without, having in alike:
        assert without is not None
        assert having is not None
        assert having == pytest.approx(without, rel=1e-6)


def test_figures_that_hang_together_still_deceive_it() -> None:
    # docs/rules/other-measures.md says about one time in four.
    figures = noise(800, 74)
    for place in range(1, 74):
        figures[:, place] += 0.5 * figures[:, place - 1]
    x = np.arange(-12.0, 12)
    assert share(figures[:, -24:], 12, x, 0) == pytest.approx(0.25, abs=0.05)


def test_a_fall_and_then_a_rise_is_a_rise_whatever_the_season() -> None:
    x = np.arange(-12.0, 12)
    turning = noise(300, 24) + 0.5 * np.abs(x) + 5 * np.sin(x * np.pi / 6)
    assert share(turning, 12, x, 0) > 0.95


def test_where_nothing_is_left_to_chance() -> None:
    x, season = np.arange(FIRST, FIRST + 24.0), np.tile([0.1, 0.7, 0.3, 0.5], 6)
    assert season_aware.trend(x, season, 4, FIRST + 4) == pytest.approx((0, 1))
    assert season_aware.trend(x, np.zeros(24), 4, FIRST + 4) == pytest.approx((0, 1))
    assert season_aware.trend(x, season + 0.01 * x, 4, FIRST + 4) == pytest.approx((0.01, 0))


def test_it_looks_back_a_year_further_and_at_least_as_far_as_it_takes() -> None:
    assert season_aware.reach(12, 12) == 24
    assert season_aware.reach(12, 4) == 16
    assert season_aware.reach(6, 4) == 12


# What the page says

#: From October to September, every year.
RISING = [50 + 3 * month for month in range(12)]


MONTHS = {"report": "dashboard", "period": "2024-09"}


def monthly(values: Sequence[float]) -> dict[str, list[Row]]:
    """Testshire's dashboard with calls answered each month, the last of September 2024."""
    rows = council([], frequency="month", decimals="1")
    for table in ("reports", "sections", "placements"):
        rows[table] = [{**row, "report": "dashboard"} for row in rows[table]]
    for table in ("reports", "placements"):
        rows[table] = [{**row, "frequency": "month"} for row in rows[table]]
    end = Period.parse("2024-09")
    rows["observations"] = [
        figure("CALLS", str(end.shift(place + 1 - len(values))), f"{value:.1f}")
        for place, value in enumerate(values)
    ]
    return rows


def wobble(count: int, size: float = 1) -> list[float]:
    return [float(one) * size for one in np.random.default_rng(3).standard_normal(count)]


SEASONAL = [a + b for a, b in zip(RISING * 2, wobble(24), strict=True)]


def test_an_arrow_that_may_only_show_the_season(opened: Open) -> None:
    page = opened(monthly(SEASONAL), **MONTHS)
    assert "The figures charted show a positive trend" in page.text
    assert "The arrow may only show the season: allowing for the time of year, there's no clear trend (p = " in page.text  # fmt: skip
    assert "Season allowed for" in page.text
    # Another stretch does not change what is said of the arrow.
    longer = opened(monthly(SEASONAL), window="24", **MONTHS)
    assert "The arrow may only show the season" in longer.text


def test_a_trend_that_the_season_hides(opened: Open) -> None:
    values = [
        70 + 8 * (place % 4 == 1) - 8 * (place % 4 == 3) + 0.5 * place + more
        for place, more in enumerate(wobble(16, 0.5))
    ]
    rows = council([f"{value:.1f}" for value in values], decimals="1")
    page = opened(rows)
    assert "The figures charted show no clear trend" in page.text
    assert "The season may hide a trend: allowing for the time of year, there's one for the better (p < 0.001)." in page.text  # fmt: skip
    lower = opened(council([f"{value:.1f}" for value in values], decimals="1", polarity="lower"))
    assert "there's one for the worse (p < 0.001)." in lower.text


def test_where_they_agree_nothing_is_said_of_the_arrow(opened: Open) -> None:
    values = [f"{50 + place + more:.1f}" for place, more in enumerate(wobble(16))]
    said = opened(council(values, decimals="1")).text
    assert "Season allowed for" in said
    assert "The row for the season gives each quarter of the year its own level" in said
    assert "may only show the season" not in said
    assert "may hide a trend" not in said


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (11, "seven of these figures can be compared with the same quarter of another year, and it takes eight (12 quarters in a row)"),
        (9, "five of these figures"),
    ],
)  # fmt: skip
def test_a_history_that_is_too_short_says_so(count: int, said: str, opened: Open) -> None:
    page = opened(council([f"{80 + place}" for place in range(count)]))
    assert f"Too short to allow for the season: {said}" in page.text
    assert "Season allowed for" not in page.text


def test_one_year_of_months_is_too_short(opened: Open) -> None:
    page = opened(monthly(SEASONAL[:12]), **MONTHS)
    assert "Too short to allow for the season: none of these figures can be compared with the same month of another year, and it takes eight (20 months in a row)." in page.text  # fmt: skip


@pytest.mark.parametrize(
    ("measure", "said"),
    [("rolling_12m", ""), ("year_to_date", "Each figure counts from the start of the year")],
)
def test_figures_of_several_periods_have_no_season_to_allow_for(
    measure: str, said: str, opened: Open
) -> None:
    page = opened(council([f"{80 + place % 4}" for place in range(16)], measure=measure))
    assert said in page.text
    assert "Season allowed for" not in page.text
    assert "Too short to allow for the season" not in page.text


def test_the_year_before_comes_along_but_for_a_break_in_definition(tmp_path: Path) -> None:
    values = [f"{80 + place % 4}" for place in range(20)]
    whole = built(tmp_path / "whole", values).figures()
    view = views.indicator(whole, "qpr", Period.parse("2024/25 Q2"), "CALLS")
    assert (view.points.height, view.longer.height) == (12, 16)
    rows = council(values)
    first = next(row for row in rows["indicators"] if row["indicator"] == "CALLS")
    rows["indicators"].append({**first, "from": quarters(14)[0], "lifecycle": "revised"})
    store = Store(write_council(tmp_path / "broken", rows), tmp_path / "var")
    store.refresh()
    view = views.indicator(store.figures(), "qpr", Period.parse("2024/25 Q2"), "CALLS")
    assert (view.points.height, view.longer.height) == (12, 14)
