"""The run-rate: who brings what is shown meets the target, and who brings less does not."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kpi_core.run_rate import YearSoFar, needed
from kpi_core.words import Ytd
from tests.strategies import decimals

figures = st.lists(decimals(0, 200, 2), min_size=1, max_size=11)
targets = decimals(0, 2_000, 1)


def year(so_far: YearSoFar, each: Decimal) -> Fraction:
    """The year's figure if each period left brings this."""
    done = [Fraction(one) for one in so_far.done]
    rest = [Fraction(each)] * so_far.left
    if so_far.how == Ytd.SUM:
        return sum(done + rest, Fraction(0))
    if so_far.how == Ytd.MEAN:
        return sum(done + rest, Fraction(0)) / (len(done) + so_far.left)
    return rest[-1]


@given(
    st.sampled_from([Ytd.SUM, Ytd.MEAN, Ytd.LATEST]), figures, st.integers(1, 11), targets,
    st.integers(0, 2),
)  # fmt: skip
def test_who_brings_what_is_shown_meets_the_target(
    how: Ytd, done: list[Decimal], left: int, target: Decimal, places: int
) -> None:
    so_far, last_digit = YearSoFar(how, done, left), Decimal(1).scaleb(-places)
    least, most = (
        needed(so_far, target, None),
        needed(so_far, None, target),
    )
    assert least is not None
    assert most is not None
    at_least, _ = least.shown(places)
    _, at_most = most.shown(places)
    assert at_least is not None
    assert at_most is not None
    assert year(so_far, at_least) >= target > year(so_far, at_least - last_digit)
    assert year(so_far, at_most) <= target < year(so_far, at_most + last_digit)
    assert least.shown(places)[1] is most.shown(places)[0] is None


@given(
    st.lists(st.tuples(st.integers(0, 500), st.integers(1, 500)), min_size=1, max_size=11),
    st.integers(1, 11),
    st.integers(1, 100),
)
def test_a_ratio_counts_cases_and_assumes_as_many_as_before(
    counted: list[tuple[int, int]], left: int, target: int
) -> None:
    parts = [(Decimal(above), Decimal(below)) for above, below in counted]
    shown = [100 * above / below for above, below in parts]
    found = needed(YearSoFar(Ytd.RATIO, shown, left, parts, factor=100), Decimal(target), None)
    assert found is not None
    assert found.least is not None
    above, below = (Fraction(sum(column)) for column in zip(*counted, strict=True))
    each = below / len(counted)
    in_all = above + left * each * found.least / 100
    assert in_all / (below + left * each) * 100 == target


@given(figures, st.integers(1, 11), targets, targets)
def test_a_range_asks_for_both_ends(
    done: list[Decimal], left: int, low: Decimal, high: Decimal
) -> None:
    assume(low <= high)
    so_far = YearSoFar(Ytd.MEAN, done, left)
    both, from_below, from_above = (
        needed(so_far, *band) for band in ((low, high), (low, None), (None, high))
    )
    assert both is not None
    assert from_below is not None
    assert from_above is not None
    assert (both.least, both.most) == (from_below.least, from_above.most)


@pytest.mark.parametrize(
    ("target", "possible", "certain"), [("59", True, True), ("180", True, False), ("361", False, False)]
)  # fmt: skip
def test_a_target_is_met_already_open_or_out_of_reach(
    target: str, possible: bool, certain: bool
) -> None:
    # 60 so far and three periods of at most 100 to come.
    found = needed(YearSoFar(Ytd.SUM, [Decimal(60)], 3), Decimal(target), None)
    assert found is not None
    assert (found.possible(0, 100), found.certain(0, 100)) == (possible, certain)


def test_without_a_target_anything_will_do_and_without_a_period_nothing_is_asked() -> None:
    open_ended = needed(YearSoFar(Ytd.SUM, [Decimal(60)], 3), None, None)
    assert open_ended is not None
    assert open_ended.shown(0) == (None, None)
    assert open_ended.certain(None, None)
    assert needed(YearSoFar(Ytd.SUM, [Decimal(60)], 0), Decimal(100), None) is None


def test_a_single_figure_that_no_decimals_hold_is_asked_for_as_the_nearest_one() -> None:
    found = needed(YearSoFar(Ytd.MEAN, [Decimal(18)], 11), Decimal(20), Decimal(20))
    assert found is not None
    assert found.least == found.most == Fraction(222, 11)
    assert found.shown(found.places(0)) == (Decimal("20.1818"), Decimal("20.1818"))
