"""What an indicator's figures can tell, in sentences and a table: its trend, and what stands beside it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import streamlit as st

from kpi_core import display, robust, seasonal, trend, views
from kpi_core.charts import Size
from kpi_core.views import IndicatorView, Telling, Tests
from kpi_core.wording import Wording
from kpi_core.words import Basis, Comparison, Direction, Kind, Polarity
from pages.explore import loaded
from pages.shared import look
from pages.shared.selection import Selection

#: Ratings that the strip shows: three years of months are as many as a line of a page can hold.
_STRIP = 36
_SMALL = Size(420, 150)


@st.cache_resource(max_entries=400, show_spinner=False)
def section(selection: Selection, code: str, window: int | None) -> str:
    """The trend, how far it can be trusted, and the ratings so far."""
    view = loaded.indicator(*selection.key, code, window=window)
    told = loaded.telling(*selection.key, code, window=window)
    wording = view.page.wording
    is_kpi = view.indicator["kind"] == Kind.KPI
    tests = told.tests
    return look.render(
        "telling.html",
        wording,
        trend=_trend(view, wording) if is_kpi else "",
        disagreement=_disagreement(selection, code) if is_kpi else "",
        steps=_steps(told, view, wording),
        honest=_honest(told, view, wording),
        measures=_measures(tests, view, wording) if tests else [],
        overlap=_overlap(tests, wording) if tests and tests.overlap else "",
        season=views.season_note(view, tests) if tests else "",
        apart=str(view.indicator["polarity"]) in (Polarity.RANGE, Polarity.TARGET),
        frequency=view.indicator["frequency"],
        window="" if view.is_own_window else _window(view),
        seasons=_seasons(selection, code, view),
        ratings=_ratings(view) if is_kpi else [],
    )


def _disagreement(selection: Selection, code: str) -> str:
    """What the season has to do with the direction, by its own window whichever is looked at."""
    view = loaded.indicator(*selection.key, code, window=None)
    own = loaded.telling(*selection.key, code, window=None)
    if own.tests is None:
        return ""
    return views.season_disagreement(view, own.tests)


def _window(view: IndicatorView) -> str:
    """That the reader looks at another stretch than the rule does."""
    each = view.indicator["frequency"]
    return (
        f"What follows looks back over {view.window} {each}s, as chosen above, and so does the line in "
        "the chart. The direction of travel itself keeps to its own rule."
    )


def _seasons(selection: Selection, code: str, view: IndicatorView) -> dict[str, Any]:
    """The seasons in a sentence and a small chart, or why there are none."""
    found, wording = loaded.seasons(*selection.key, code), view.page.wording
    if found.remark:
        return {"said": found.said, "picture": None}
    name, unit = str(view.indicator["name"]), str(view.indicator["unit"])
    drawn = seasonal.picture(found.parts, name, _SMALL, unit=unit, wording=wording)
    return {
        "said": found.said,
        "picture": look.drawn(drawn),
        "points": unit == "percent",
    }


def _ratings(view: IndicatorView) -> list[dict[str, Any]]:
    """The ratings, oldest first, from the first one that there is."""
    rows = view.places.select("words", "rating", "rating_basis").tail(_STRIP).to_dicts()
    cells = [{**row, "published": row["rating_basis"] == Basis.PUBLISHED} for row in rows]
    return cells if any(cell["rating"] for cell in cells) else []


def _steps(told: Telling, view: IndicatorView, wording: Wording) -> str:
    """`Q2 2025/26, 71%: up 2 points on the quarter before; …`: the latest figure and its changes."""
    row = told.latest
    if row is None:
        return "There is no figure yet, so that nothing can be told from it."
    frequency = str(view.indicator["frequency"])
    ways = [("on_previous", f"the {frequency} before")]
    if frequency != "year":
        ways.append(("on_year_ago", f"the same {frequency} a year before"))
    said = [_step(row[name], against, row, wording) for name, against in ways]
    figure = display.figure(
        Decimal(str(row["shown"])), str(row["unit"]), int(str(row["decimals"])), wording
    )
    return f"{row['words']}, {figure}: {'; '.join(said)}."


def _step(change: object, against: str, row: dict[str, object], wording: Wording) -> str:
    if change is None:
        return f"no figure of {against} to compare with"
    moved = Decimal(str(change))
    if not moved:
        return f"the same as {against}"
    size = display.difference(moved, str(row["unit"]), wording)
    return f"{'up' if moved > 0 else 'down'} {size} on {against}"


def _honest(told: Telling, view: IndicatorView, wording: Wording) -> str:
    """How small a change could be seen; or that nothing can be told."""
    count, few = told.points, trend.MINIMUM_POINTS
    if told.tests is None:
        figures = "1 figure is" if count == 1 else f"{count or 'No'} figures are"
        return f"{figures} too few to tell a trend from chance: it takes {few}."
    frequency = str(view.indicator["frequency"])
    size = told.tests.detectable
    least = _rounded(size) if size is not None else Decimal(0)
    if not least:
        return f"{count} points on one straight line: any change would show."
    return robust.honesty(count, _size(least, view, wording), frequency)


def _rounded(size: float) -> Decimal:
    """Two digits: more would claim to know it better than it is known."""
    return Decimal(f"{size:.2g}").quantize(Decimal("0.000001")).normalize()


def _size(least: Decimal, view: IndicatorView, wording: Wording) -> str:
    return display.difference(least, str(view.indicator["unit"]), wording)


def _measures(tests: Tests, view: IndicatorView, wording: Wording) -> list[dict[str, str]]:
    """One row for each measure: its name, the change it finds, its p, and what that means."""
    slope = tests.theil_sen
    rows = [
        (_regression(view), _signed(tests.slope, view, wording), tests.p),
        ("Theil–Sen", _signed(slope.slope, view, wording) if slope else "", None),
        ("Mann–Kendall", "", tests.mann_kendall),
    ]
    if tests.overlap:
        rows += [
            ("Newey–West", "", tests.newey_west),
            ("Known overlap", "", tests.overlapping),
        ]
    if tests.season:
        change = _signed(tests.season.slope, view, wording)
        rows.append(("Season allowed for", change, tests.season.p))
    made = [
        {
            "name": name,
            "change": change,
            "p": display.p_value(p, wording) if p is not None else "",
            "reads": _reads(p) if p is not None else "",
        }
        for name, change, p in rows
    ]
    if slope:
        ends = (_signed(end, view, wording) for end in (slope.low, slope.high))
        made[1]["reads"] = "between {} and {} with 95% confidence".format(*ends)
    return made


def _regression(view: IndicatorView) -> str:
    if view.is_own_window:
        return "Regression (the published rule)"
    return f"Regression over {view.window} {view.indicator['frequency']}s"


def _reads(p: float) -> str:
    return "counts as a trend" if p < trend.SIGNIFICANCE else "could be chance"


def _signed(change: float, view: IndicatorView, wording: Wording) -> str:
    """`+0.42 points`, with two digits."""
    rounded = _rounded(change)
    size = _size(rounded, view, wording)
    return f"{'−' if rounded < 0 else '+'}{size}" if rounded else "0"


def _overlap(tests: Tests, wording: Wording) -> str:
    """What the p for a known overlap means."""
    p = tests.overlapping
    if p is None:
        return ""
    shown = display.p_value(p, wording)
    verdict = (
        "so the trend holds"
        if p < trend.SIGNIFICANCE
        else "so a trend here may be no more than that"
    )
    return (
        "Each figure of twelve months rolling shares most of its months with the one before, which "
        "looks like a trend even where nothing moves. The p for known overlap allows for it exactly "
        f"and is the one to look at: {shown}, {verdict}."
    )


def _trend(view: IndicatorView, wording: Wording) -> str:
    """What the regression says, with the figures it rests on."""
    line, fitted = view.line, _fitted(view, wording)
    if line is None or fitted is None:
        return ""
    points, direction = line["n"], Direction(str(fitted))
    meaning = wording.direction_meaning(direction, Comparison.REGRESSION)
    if line["direction_basis"] == Basis.PUBLISHED:
        few = f"With {points} {'figure' if points == 1 else 'figures'} here no trend can be worked out"
        lost = direction is Direction.NOT_PRINTED
        return f"{meaning}. {few}{'' if lost else '; the direction is the published one'}."
    if direction is Direction.NOT_ENOUGH:
        return f"{meaning} ({points} here)."
    slope, stderr = float(str(line["slope"])), float(str(line["stderr"] or 0))
    each = view.indicator["frequency"]
    figures = (
        f"{slope:+.2f}".replace("-", "−"),
        f"{stderr:.2f}",
        _equal(display.p_value(float(str(line["p"])))),
        "0.05",
    )
    rise, error, chance, level = (wording.marked(figure) for figure in figures)
    return (
        f"{meaning}: {rise} a {each} (standard error {error}, p {chance}, {points} figures). "
        f"Below {level} a trend counts as one."
    )


def _equal(chance: str) -> str:
    return chance if chance.startswith("<") else f"= {chance}"


def _fitted(view: IndicatorView, wording: Wording) -> object:
    """The direction that the regression gives, whether it is the first one or stands beside it."""
    if view.line is None or wording.direction is Comparison.REGRESSION:
        return view.line["direction"] if view.line else None
    return view.row.get("direction_regression") if view.row else None
