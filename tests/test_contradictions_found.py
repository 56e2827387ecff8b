"""The check of contradictions finds each fault that a council could be told: faults that there were are
put back, and statements are made to disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache, partial
from importlib import import_module
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest

from kpi_core import (
    fields,
    forecast,
    history,
    lasting,
    outcomes,
    run_rate,
    scorecard,
    stable,
    summary,
    trend,
)
from kpi_core.bounded import PLAIN
from kpi_core.figures import Figures
from kpi_core.forecast import Aim, Chances, Outlook
from kpi_core.periods import Period
from kpi_core.rules import Rules
from kpi_core.words import Comparison, Rating
from tests import tables
from tests.contradictions import Told, contradictions, drawn, told
from tests.contradictions.statements import Kpi, Row

AT = Period.parse("2025/26 Q2")
#: Quarters of figures, the latest that of the report: enough for charts and forecasts.
QUARTERS = [str(AT.shift(-back)) for back in range(21, -1, -1)]
_WAVE = (0, 3, -2, 1, -3, 2, -1)
VALUES: Mapping[str, Callable[[int], float]] = {
    "RISES": lambda n: 55 + 2 * n + 0.1 * _WAVE[n % 7],  # to 97%: four points more are too many
    "SIDE": lambda n: 91 + _WAVE[n % 7],
    "STILL": lambda n: 85 + _WAVE[n % 7],
    "CALLS": lambda n: 50 + _WAVE[n % 7],
}


@cache
def council() -> Figures:
    """A KPI that rises to its target; one whose floor stands above its target; one that is still, within
    a range; calls for service.
    """
    return tables.figures(
        indicators="""
            indicator | polarity | decimals | kind     | unit    | ytd
            RISES     | higher   | 1        | kpi      | percent | none
            SIDE      | higher   | 0        | kpi      | percent | none
            STILL     | range    | 0        | kpi      | percent | mean
            CALLS     | none     | 0        | activity | number  | sum
            """,
        targets="indicator | year | target | target_high | floor | floor_high\n"
        + "\n".join(
            f"RISES | {year} | 90 | | 80 |\nSIDE | {year} | 90 | | 95 |\nSTILL | {year} | 85 | 85 | 80 | 90"
            for year in ("2020/21", "2021/22", *tables.YEARS)
        ),
        thresholds="indicator | year | lower | upper\n"
        + "\n".join(f"CALLS | {year} | 40 | 55" for year in tables.YEARS),
        observations="indicator | period | value\n"
        + "\n".join(
            f"{code} | {period} | {of(number):.1f}"
            for code, of in VALUES.items()
            for number, period in enumerate(QUARTERS)
        ),
    )


def said(figures: Figures | None = None) -> str:
    return "\n".join(contradictions(told(figures or council(), "qpr", AT)))


def test_the_council_as_it_is_has_none() -> None:
    assert said() == ""


def test_an_arrow_that_compares_two_figures_may_point_another_way_than_the_trend() -> None:
    """The page called both the direction of travel, one worsening and one improving."""
    compared = Rules(directions=(Comparison.PREVIOUS, Comparison.REGRESSION))
    named = replace(council().organisation.wording, rules=compared)
    organisation = replace(council().organisation, rules=compared, wording=named)
    fell = (pl.col("indicator") == "RISES") & (pl.col("period") == str(AT))
    value = pl.when(fell).then(pl.lit(Decimal(94))).otherwise("value").cast(fields.FIGURE)
    observations = council().observations.with_columns(value=value)
    found = told(
        replace(council(), organisation=organisation, observations=observations), "qpr", AT
    )
    (rises, *_) = found.kpis
    assert rises.row["direction"] == "worsening"
    assert rises.control.unstable.endswith("its trend by regression is improving")
    assert contradictions(found) == []


# Faults that there were, put back in the core


def no_gate(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(stable.Stretch, "is_stable", property(lambda _: True))
    patch.setattr(import_module("kpi_core.views.chance"), "_changes", lambda _: [])


def no_bounds(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(import_module("kpi_core.views.ahead"), "Scale", lambda *_: PLAIN)


def interval(patch: pytest.MonkeyPatch, below: float, above: float) -> None:
    def about(view: Outlook) -> tuple[float, float]:
        return view.centre - below, view.centre + above

    patch.setattr(Outlook, "interval", about)


def wrong_side(patch: pytest.MonkeyPatch) -> None:
    """Chances from target and floor as they stand, whichever is the higher."""

    def aim(
        target: Decimal | None, _target_to: object, floor: Decimal | None, *_: object
    ) -> Aim | None:
        if target is None or floor is None:
            return None
        return Aim((float(floor), float(target)), (Rating.RED, Rating.AMBER, Rating.GREEN))

    def chances(view: Outlook, against: Aim | None) -> Chances | None:
        if against is None:
            return None
        below = [0.0, *(view.chance_below(edge) for edge in against.edges), 1.0]
        red, amber, green = (high - low for low, high in pairwise(below))
        return Chances(green, amber, red)

    patch.setattr(outcomes, "aim", aim)
    patch.setattr(forecast, "chances", chances)


def too_sure(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(forecast, "chances", lambda *_: Chances(1.2, 0.0, 0.0))


def turned(patch: pytest.MonkeyPatch) -> None:
    """Improving for worsening, and the other way round."""
    as_it_is = trend.direction
    others = {"improving": "worsening", "worsening": "improving"}
    patch.setattr(
        trend,
        "direction",
        lambda lines: as_it_is(lines).with_columns(
            pl.col("direction").cast(pl.String).replace(others).cast(trend.DIRECTION)
        ),
    )


def charted_otherwise(patch: pytest.MonkeyPatch) -> None:
    as_it_is = history.places
    patch.setattr(
        history, "places", lambda *asked: as_it_is(*asked).with_columns(rating=pl.lit("RED"))
    )


def counted_otherwise(patch: pytest.MonkeyPatch) -> None:
    as_it_is = summary.counts
    patch.setattr(
        summary, "counts", lambda *asked: as_it_is(*asked).with_columns(pl.col("green") + 1)
    )


def always_as_before(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        summary, "standing", lambda kpi, *_: f"{kpi['rating'].capitalize()}, as last quarter."
    )


def longer(patch: pytest.MonkeyPatch) -> None:
    as_it_is = lasting.lasting
    patch.setattr(
        lasting, "lasting", lambda grid: as_it_is(grid).with_columns(pl.col("lasts") + 100)
    )


def asks_too_much(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(run_rate.RunRate, "shown", lambda *_: (Decimal(86), Decimal(85)))


FAULTS: list[tuple[Callable[[pytest.MonkeyPatch], None], tuple[str, ...]]] = [
    (no_gate, (
        "RISES: consistently missed beside the rating GREEN",
        "RISES: consistently missed beside figures that are improving",
        "RISES: consistently missed beside a chance of Green of 100%",
        "RISES: consistently missed beside 22 special causes in 22 figures",
    )),
    (no_bounds, (
        "RISES: the forecast's centre is 101.0, above 100",
        "RISES: the forecast's upper end is",
    )),
    (partial(interval, below=0, above=80), ("STILL: the forecast's upper end is",)),
    (partial(interval, below=0, above=0), ("STILL: four of five outcomes lie between",)),
    (partial(interval, below=-1, above=2), ("STILL: about", "but between")),
    (wrong_side, ("SIDE: a chance of AMBER of -68%",)),
    (too_sure, ("a chance of GREEN of 120%", "chances that add up to 120%")),
    (turned, (
        "RISES: worsening beside a slope of 1.998", "RISES: worsening beside a line that rises",
    )),
    (charted_otherwise, ("RISES: rating is GREEN on the section's page, RED on the indicator's chart",)),
    (counted_otherwise, ("Roads counts 4 GREEN, its cards are 3",)),
    (always_as_before, ("STILL: “Green, as last quarter.” beside AMBER in the report before",)),
    (longer, ("RISES: “GREEN for 104” where there were 22 reports at most",)),
    (asks_too_much, ("STILL: needs at least 86 and at most 85",)),
]  # fmt: skip


@pytest.mark.parametrize(("fault", "named"), FAULTS)
def test_a_fault_put_back_is_named(
    fault: Callable[[pytest.MonkeyPatch], None],
    named: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fault(monkeypatch)
    found = said()
    for line in named:
        assert line in found, found


@pytest.mark.parametrize(
    ("module", "page"),
    [
        ("kpi_core.views.one_section", "the section's page"),
        ("kpi_core.views.executive", "the summary"),
        ("kpi_core.views.one_indicator", "the indicator's page"),
        ("kpi_core.dashboard", "the dashboard"),
        ("kpi_core.views.over_time", "ratings over time"),
    ],
)
def test_another_rating_or_direction_on_one_page_alone_is_named(
    module: str, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def otherwise(*asked: Any) -> pl.DataFrame:
        return scorecard.kpis(*asked).with_columns(
            rating=pl.lit("RED", pl.Enum([str(one) for one in Rating])),
            direction=pl.lit("worsening", trend.DIRECTION),
        )

    shim = SimpleNamespace(kpis=otherwise, activities=scorecard.activities)
    monkeypatch.setattr(import_module(module), "scorecard", shim)
    found = said().splitlines()
    for what in ("rating", "direction"):
        assert [line for line in found if f"RISES: {what} is " in line and page in line], found


# Statements made to disagree


@cache
def as_it_is() -> Told:
    return told(council(), "qpr", AT)


def kpi(code: str) -> Kpi:
    (found,) = [one for one in as_it_is().kpis if one.code == code]
    return found


def everywhere(one: Kpi, **other: object) -> Kpi:
    """The KPI with other values on every page that shows them."""
    shown = {
        page: {**row, **{name: value for name, value in other.items() if name in row}}
        for page, row in one.shown.items()
    }
    return replace(one, shown=shown)


def with_change(one: Kpi, what: str, was: str | None, now: str) -> Kpi:
    row: Row = {"what": what, "was": was, "now": now, "sentence": "97.3%.", "name": "RISES"}
    return replace(one, changes=(row,))


@pytest.mark.parametrize(
    ("other", "named"),
    [
        ({"rating": "RED"}, "is RED beside “97.0%, 7 points above target"),
        ({"rating": "AMBER"}, "is AMBER, computed, while figures give GREEN"),
        ({"reported_rating": "RED"}, "“Green; it was Red last quarter.” beside no change"),
        ({"same_figure": True}, "beside a figure of Q2 2025/26; the report before showed one of 2025/26 Q1"),
        ({"previous_rating": "RED", "reported_period": None}, "previous_rating is RED on the section's page"),
        ({"previous_value": None}, "was GREEN, worked out of figures, without a figure before"),
        ({"previous_period": "2025/26 Q3"}, "the figure before is of 2025/26 Q3"),
        ({"direction": "stable"}, "the arrow says stable, by regression it is improving"),
    ],
    ids=lambda of: next(iter(of)) if isinstance(of, dict) else "",
)  # fmt: skip
def test_a_card_that_disagrees_with_itself_is_named(other: dict[str, object], named: str) -> None:
    found = contradictions(replace(as_it_is(), kpis=(everywhere(kpi("RISES"), **other),)))
    assert named in "\n".join(found)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (("rated worse", "GREEN", "RED"), "“rated worse” says RED, the card GREEN"),
        (("rated better", "RED", "GREEN"), "“Green, as last quarter.” beside “RED became GREEN”"),
        (("rated worse", "RED", "GREEN"), "“rated worse”: RED became GREEN"),
        (("now worsening", None, "GREEN"), "“now worsening” in what changed beside the arrow"),
    ],
    ids=lambda of: of[0] if isinstance(of, tuple) else "",
)
def test_a_change_that_disagrees_with_the_card_is_named(
    change: tuple[str, str | None, str], named: str
) -> None:
    changed = with_change(kpi("RISES"), *change)
    assert named in "\n".join(contradictions(replace(as_it_is(), kpis=(changed,))))


def test_a_change_beside_no_new_figure_is_named() -> None:
    same = everywhere(kpi("RISES"), same_figure=True, reported_period=str(AT))
    changed = with_change(same, "rated worse", "GREEN", "RED")
    found = "\n".join(contradictions(replace(as_it_is(), kpis=(changed,))))
    assert "“Green; no new figure since Q2 2025/26.” beside “rated worse” in what changed" in found


def test_an_alert_that_disagrees_with_its_range_is_named() -> None:
    (calls,) = as_it_is().activities
    shown = {page: {**row, "alert": "Below"} for page, row in calls.shown.items()}
    found = "\n".join(
        contradictions(replace(as_it_is(), activities=(replace(calls, shown=shown),)))
    )
    assert "CALLS: Below expected range beside 50" in found


def test_words_on_a_page_that_disagree_with_the_values_are_named() -> None:
    card = (
        '<article class="card" data-indicator="RISES"><p class="line">'
        '<span class="pill green"><span aria-hidden="true">●</span>Green</span>'
        '<span class="way">Improving</span><span class="was">was 94.9% · Green</span></p>'
        f'<p class="say">{"97.0%, 7 points above the target of 90%. Green, as last quarter."}</p></article>'
    )
    assert list(drawn.on_cards(as_it_is(), card)) == []
    for right, wrong, what in (
        (">Green<", ">Red<", "rating"), ("Improving", "Stable", "direction"),
        ("as last", "it was Red last", "sentence"), ("· Green", "· Red", "before"),
    ):  # fmt: skip
        found = list(drawn.on_cards(as_it_is(), card.replace(right, wrong)))
        assert [line.partition(" is ")[0] for line in found] == [f"RISES: {what}"]
