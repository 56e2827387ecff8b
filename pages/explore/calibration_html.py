"""The scores of past forecasts as HTML, cached by the store's version, the selection and the grouping."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from kpi_core import calibration, display, forecast, reliability
from kpi_core.calibration import Method
from kpi_core.charts import WIDE, Size
from kpi_core.report import mounted
from kpi_core.views import ForecastsView
from kpi_core.wording import Wording
from kpi_core.words import DECIDED
from pages.explore import loaded
from pages.shared import cards, downloads, look
from pages.shared.selection import Selection

LEFT, YEAR, SECTION, INDICATOR = "left", "year", "section", "indicator"
#: What the scores are grouped by, by the code in the address.
WAYS = {LEFT: "How far ahead", YEAR: "Year", SECTION: "Section", INDICATOR: "Indicator"}
_COLUMNS = {
    LEFT: ("frequency", "ahead"),
    YEAR: ("year",),
    SECTION: ("section",),
    INDICATOR: ("indicator", "name"),
}
_NARROW = Size(400, 300)


def _view(selection: Selection) -> ForecastsView:
    return loaded.past_forecasts(*selection.key)


def has_any(selection: Selection) -> bool:
    """Whether any forecast can be scored."""
    return not _view(selection).replays.is_empty()


def has_picture(selection: Selection) -> bool:
    """Whether any forecast had chances of ratings."""
    return not calibration.reliability(_view(selection).replays).is_empty()


# All forecasts together


@st.cache_resource(max_entries=100, show_spinner="Drawing the chart …")
def top(selection: Selection) -> str:
    """What the scores come to, and whether ratings came as often as was said."""
    view = _view(selection)
    wording = view.page.wording
    if view.replays.is_empty():
        return look.render(
            "calibration.html", wording, page=view.page, seen=selection.seen, nothing=_nothing(view)
        )
    chances = calibration.reliability(view.replays)
    tips = _tips(chances, wording)
    return look.render(
        "calibration.html",
        wording,
        page=view.page,
        seen=selection.seen,
        nothing="",
        lead=_lead(view, wording),
        intervals=_intervals(view, wording),
        ratings=_ratings(view, wording),
        pictures=[
            look.drawn(reliability.picture(chances, tips, _told(tips), size))
            for size in (WIDE, _NARROW)
        ]
        if tips
        else [],
        chances=[_chance(row, wording) for row in chances.iter_rows(named=True)],
    )


def _nothing(view: ForecastsView) -> str:
    """Why nothing can be scored: the longest history, and how long it would have to be."""
    if view.indicators.is_empty():
        return "No indicator here has more than one figure a year: there is no part of a year to forecast from."
    share = pl.col("known") / pl.col("needed")
    longest = view.indicators.sort(share, descending=True, maintain_order=True).row(0, named=True)
    each = longest["frequency"]
    return (
        f"No forecast can be scored yet: it takes {longest['needed']} {each}s in a row without a gap "
        f"before the first forecast of a year’s end can be held against what came. The longest history "
        f"here has {_many(longest['known'], each)} in a row ({longest['name']})."
    )


def _lead(view: ForecastsView, wording: Wording) -> str:
    own = _chosen(view)
    years = own["year"].unique().sort().to_list()
    ends = own.select("indicator", "year").n_unique()
    return (
        f"{_many(own.height, 'forecast', wording)} of {_many(ends, 'year end', wording)} "
        f"({years[0] if len(years) == 1 else f'{years[0]} to {years[-1]}'}) of "
        f"{_many(own['indicator'].n_unique(), 'indicator', wording)}. Each is made again with only "
        "the figures known then, and held against what came."
    )


def _chosen(view: ForecastsView) -> pl.DataFrame:
    return view.replays.filter(pl.col("method") == str(Method.CHOSEN))


def _intervals(view: ForecastsView, wording: Wording) -> tuple[str, str]:
    """How many outcomes the intervals held, and what that says of them."""
    cases = _chosen(view).with_columns(came=calibration.held(), all=pl.lit(value=True))
    row = calibration.shares(cases, "all").row(0, named=True)
    meant = f"{forecast.COVERAGE:.0%}"
    if row["low"] <= forecast.COVERAGE <= row["high"]:
        verdict = f"That is as near to the {meant} meant as can be expected."
    elif row["share"] < forecast.COVERAGE:
        verdict = (
            f"That is less than the {meant} meant: outcomes are less sure than the intervals say."
        )
    else:
        verdict = f"That is more than the {meant} meant: the intervals are wider than they need be."
    held = (
        f"The intervals, meant to hold four outcomes of five, held {_percent(row['share'])} of them: "
        f"{_number(row['came'], wording)} of {_number(row['cases'], wording)}. {verdict}"
    )
    known = (
        f"With {_many(row['outcomes'], 'year end', wording)} behind it the share is known to lie "
        f"between {_percent(row['low'])} and {_percent(row['high'])}: several forecasts of one year "
        "end come true or fail together."
    )
    return held, known


def _ratings(view: ForecastsView, wording: Wording) -> str:
    """How far the chances of the ratings were from what came, beside two forecasts anybody can make."""
    found = {row["method"]: row for row in calibration.scores(view.replays).iter_rows(named=True)}
    own, naive, seasonal = (found[method]["brier"] for method in Method)
    if own is None:
        return ""
    names = display.listed([wording.label(rating) for rating in DECIDED])
    return (
        f"The chances of {names} missed what came by {_score(own, wording)} on average, in "
        f"{_many(found[Method.CHOSEN]['rated'], 'forecast', wording)} (Brier score: 0 is perfect, "
        f"2 is worst). Going by the latest figure would have missed by {_score(naive, wording)}, by "
        f"the figure of a year before {_score(seasonal, wording)}. {_nearer(view, wording)}"
    )


def _nearer(view: ForecastsView, wording: Wording) -> str:
    """For how many indicators the forecasts were nearer than the latest figure: an average may hang
    on a few.
    """
    each = calibration.scores(view.replays, "indicator").filter(pl.col("brier").is_not_null())
    sides = (
        each.filter(method=str(method)).select("indicator", brier="brier")
        for method in (Method.CHOSEN, Method.NAIVE)
    )
    own, naive = sides
    both = own.join(naive, on="indicator", suffix="_naive")
    nearer = both.filter(pl.col("brier") < pl.col("brier_naive")).height
    as_near = both.filter(pl.col("brier") == pl.col("brier_naive")).height
    return (
        f"Of {_many(both.height, 'indicator', wording)} the forecasts were nearer than the latest "
        f"figure for {display.count(nearer, wording)}, and just as near for "
        f"{display.count(as_near, wording)}: an average can hang on a few."
    )


# What was said and what came


def _chance(row: dict[str, Any], wording: Wording) -> dict[str, str]:
    return {
        "range": reliability.classes()[row["fifth"]],
        "said": _percent(row["said"]),
        "came": f"{_number(row['came'], wording)} of {_number(row['cases'], wording)}",
        "share": _percent(row["share"]),
        "within": f"{_percent(row['low'])} to {_percent(row['high'])}",
    }


def _tips(chances: pl.DataFrame, wording: Wording) -> list[str]:
    rows = [_chance(row, wording) for row in chances.iter_rows(named=True)]
    return [
        f"Chances of {row['range']}: {row['said']} said on average, {row['share']} came ({row['came']})"
        for row in rows
    ]


def _told(tips: list[str]) -> str:
    return f"How often a rating came, by the chance that it was given. {'; '.join(tips)}."


# By groups


@st.cache_resource(max_entries=400, show_spinner=False)
def scores(selection: Selection, by: str) -> str:
    """The scores of each group."""
    view = _view(selection)
    wording = view.page.wording
    scored = _chosen(view)["indicator"].unique().to_list()
    return look.render(
        "calibration_scores.html",
        wording,
        page=view.page,
        what=WAYS[by],
        rows=_rows(selection, by, wording),
        left_out=[
            {**row, "link": cards.link(selection, row["indicator"])}
            for row in view.indicators.filter(~pl.col("indicator").is_in(scored)).to_dicts()
        ],
        method=selection.link("method"),
    )


def table(selection: Selection, by: str) -> pl.DataFrame:
    """The scores as they are downloaded: the columns of the group, then those of each method."""
    view, columns = _view(selection), _COLUMNS[by]
    cases = view.replays.with_columns(came=calibration.held())
    within = calibration.shares(cases, *columns, "method").select(
        *columns, "method", "outcomes", coverage_low="low", coverage_high="high"
    )
    found = calibration.scores(view.replays, *columns).join(
        within, on=[*columns, "method"], maintain_order="left"
    )
    if by in (LEFT, YEAR):
        return found
    order = view.indicators.select(columns).unique(maintain_order=True)
    return order.join(found, on=columns, maintain_order="left_right")


def _rows(selection: Selection, by: str, wording: Wording) -> list[dict[str, Any]]:
    """A row for each group, with the scores of the three methods beside each other."""
    groups: dict[tuple[Any, ...], dict[str, dict[str, Any]]] = {}
    columns = _COLUMNS[by]
    for row in table(selection, by).iter_rows(named=True):
        groups.setdefault(tuple(row[name] for name in columns), {})[row["method"]] = row
    return [
        {
            "name": _many(key[1], key[0], wording) if by == LEFT else key[-1],
            "link": cards.link(selection, key[0]) if by == INDICATOR else "",
            "forecasts": _number(methods[Method.CHOSEN]["forecasts"], wording),
            "held": _percent(methods[Method.CHOSEN]["coverage"]),
            "within": f"{_percent(methods[Method.CHOSEN]['coverage_low'])} to "
            f"{_percent(methods[Method.CHOSEN]['coverage_high'])}",
            "brier": [_score(methods[method]["brier"], wording) for method in Method],
        }
        for key, methods in groups.items()
    ]


def forecasts(selection: Selection) -> pl.DataFrame:
    """Every forecast as it is downloaded."""
    return _view(selection).replays.rename({"ahead": "periods_left"}).drop("moment", "scale")


def sheet(selection: Selection) -> str:
    """The picture of the page as SVG."""
    view = _view(selection)
    chances = calibration.reliability(view.replays)
    tips = _tips(chances, view.page.wording)
    return mounted.svg(
        f"{view.page.organisation}: how often ratings came, by the chance that they were given",
        downloads.caption(view.page, selection),
        [("", reliability.picture(chances, tips, _told(tips), WIDE))],
        1,
    )


def _number(value: int, wording: Wording) -> str:
    return wording.marked(f"{value:,}")


def _many(value: int, one: str, wording: Wording | None = None) -> str:
    number = _number(value, wording) if wording else display.count(value)
    return f"{number} {one}" + ("" if value == 1 else "s")


def _percent(share: float) -> str:
    return f"{share:.0%}"


def _score(brier: float | None, wording: Wording) -> str:
    return "–" if brier is None else wording.marked(f"{brier:.2f}")
