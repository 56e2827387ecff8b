"""What an indicator's page promises never contradicts what else it says: every KPI of Exampleshire."""

from __future__ import annotations

import pytest

from kpi_core import settings, views
from kpi_core.spc import Assurance
from kpi_core.views import AheadView, Control, IndicatorView
from kpi_core.words import Direction, Rating

MOVING = (Direction.IMPROVING, Direction.WORSENING)
#: What a promise that nearly all figures will meet or miss the target cannot stand beside.
AGAINST = {Assurance.MET: (Rating.RED, Rating.AMBER), Assurance.MISSED: (Rating.GREEN,)}

Shown = tuple[IndicatorView, Control, AheadView]


@pytest.fixture(scope="module")
def shown() -> list[Shown]:
    store = settings.open_store("exampleshire")
    store.refresh()
    figures = store.figures()
    at = figures.organisation.period("2025/26 Q2")
    kpis = views.all_indicators(figures, "qpr", at).filter(kind="kpi")["indicator"].to_list()
    found = [views.indicator(figures, "qpr", at, code) for code in kpis]
    return [
        (view, views.control(view, screened=True), views.ahead(figures, view)) for view in found
    ]


def test_assurance_is_only_given_where_nothing_moves(shown: list[Shown]) -> None:
    given = [(view, found) for view, found, _ in shown if found.assurance]
    assert len(given) >= 4
    for view, found in given:
        name, row = view.indicator["indicator"], view.row or {}
        assert not found.unstable, name
        assert (view.line or {}).get("direction") not in MOVING, name
        assert row.get("rating") not in AGAINST.get(Assurance(found.assurance or ""), ()), name


def test_where_there_is_a_target_there_is_assurance_or_the_reason_why_not(
    shown: list[Shown],
) -> None:
    reasons = 0
    for view, found, _ in shown:
        ends = () if found.remark else (found.latest["target_from"], found.latest["target_to"])
        has_target = any(end is not None for end in ends)
        assert bool(found.assurance or found.unstable) == has_target, view.indicator["indicator"]
        reasons += bool(found.unstable)
    assert reasons > 20


def test_no_forecast_leaves_its_bounds_and_chances_add_up(shown: list[Shown]) -> None:
    made = [(view, ahead) for view, _, ahead in shown if ahead.forecast]
    assert len(made) > 30
    for view, ahead in made:
        name = view.indicator["indicator"]
        assert ahead.forecast is not None
        low, centre, high = ahead.forecast.low, ahead.forecast.outlook.centre, ahead.forecast.high
        smallest, largest = ahead.range
        assert low <= centre <= high, name
        assert smallest is None or low >= smallest, name
        assert largest is None or high <= largest or view.indicator["ytd"] == "sum", name
        known = [chance for chance in ahead.forecast.chances or () if chance is not None]
        assert all(0 <= chance <= 1 for chance in known), name
        assert len(known) != 3 or sum(known) == pytest.approx(1), name
