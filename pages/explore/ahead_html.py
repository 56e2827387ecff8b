"""The outlook for an indicator's year, in sentences: what is needed, where it may end, the chances."""

from __future__ import annotations

from decimal import Decimal

from kpi_core import display, forecast
from kpi_core.views import AheadView, IndicatorView, Open
from kpi_core.wording import Wording
from kpi_core.words import Kind, Rating
from pages.explore import loaded
from pages.shared import look
from pages.shared.selection import Selection

_CLOSED = {
    Open.YEARLY: "This indicator has one figure a year: there is no part of a year to look ahead from.",
    Open.COMPLETE: "The year {year} is complete: nothing is left to look ahead to.",
    Open.GAP: "A figure of {year} is missing, so that the rest of the year cannot be worked out.",
}


def section(selection: Selection, code: str) -> str:
    """The outlook, or why there is none."""
    view, found = loaded.indicator(*selection.key, code), loaded.ahead(*selection.key, code)
    wording = view.page.wording
    closed = _CLOSED[found.closed].format(year=found.year) if found.closed else ""
    return look.render(
        "ahead.html",
        wording,
        closed=closed,
        needs="" if closed else _needs(found, view, wording),
        forecast="" if closed else _forecast(found, view, wording),
        chances=[] if closed else _chances(found),
        basis="" if closed else _basis(found),
        past=selection.link("calibration"),
    )


def _needs(found: AheadView, view: IndicatorView, wording: Wording) -> str:
    """`It needs at least 97.1% in each of the next three months`, in a sentence with the target."""
    unit, decimals = str(view.indicator["unit"]), int(str(view.indicator["decimals"]))
    if found.rate is None:
        is_kpi = view.indicator["kind"] == Kind.KPI
        return f"No target is set for {found.year}, so that none can be missed." if is_kpi else ""
    aim = display.band(*found.target, unit, wording)
    if found.rate.certain(*found.range):
        return f"The target of {aim} for {found.year} is met already, whatever comes."
    if not found.rate.possible(*found.range):
        return f"The target of {aim} for {found.year} is out of reach, whatever comes."
    # A percentage with one decimal more than the figures have: rounding would ask for too much.
    places = found.rate.places(decimals + (1 if found.adds_up and unit == "percent" else 0))
    least, most = (
        None if end is None else display.figure(end, unit, places, wording)
        for end in found.rate.shown(places)
    )
    ends = [f"at least {least}"] * (least is not None) + [f"at most {most}"] * (most is not None)
    if not found.adds_up:
        return (
            f"What counts is the year's last figure: {found.last.words} needs {' and '.join(ends)}."
        )
    return (
        f"To end {found.year} on target ({aim}), it needs {' and '.join(ends)} "
        f"{_each(found, view)}."
    )


def _each(found: AheadView, view: IndicatorView) -> str:
    """`in each of the next three months`, `in the last quarter`."""
    frequency = str(view.indicator["frequency"])
    if found.left == 1:
        return f"in the {frequency} that is left"
    return f"in each of the next {display.count(found.left)} {frequency}s"


def _forecast(found: AheadView, view: IndicatorView, wording: Wording) -> str:
    """Where the year may end, or that history is too short to say."""
    unit, decimals = str(view.indicator["unit"]), int(str(view.indicator["decimals"]))
    frequency = str(view.indicator["frequency"])
    made = found.forecast
    if made is None:
        return forecast.too_short(
            found.known, 4 if frequency == "quarter" else 12, found.left, f"{frequency}s"
        )
    centre, low, high = (
        display.figure(Decimal(str(round(figure, 6))), unit, decimals, wording)
        for figure in (made.outlook.centre, made.low, made.high)
    )
    what = f"{found.year} ends" if found.adds_up else f"{found.last.words} stands"
    return (
        f"If nothing changes, {what} at about {centre}; "
        f"four outcomes of five lie between {low} and {high}."
    )


def _chances(found: AheadView) -> list[dict[str, object]]:
    """The chance of each rating, as far as a floor is known."""
    made = found.forecast
    if made is None or made.chances is None:
        return []
    known = zip((Rating.GREEN, Rating.AMBER, Rating.RED), made.chances, strict=True)
    return [
        {"rating": rating, "percent": _percent(chance), "share": round(chance, 4)}
        for rating, chance in known
        if chance is not None
    ]


def _percent(chance: float) -> str:
    """`42%`; no forecast is so sure as to say 0% or 100%."""
    whole = round(100 * chance)
    return "under 1%" if whole == 0 else "over 99%" if whole == 100 else f"{whole}%"


def _basis(found: AheadView) -> str:
    """What the forecast rests on."""
    if found.forecast is None:
        return ""
    outlook = found.forecast.outlook
    return (
        f"Model: {outlook.model}, which came closest in {outlook.forecasts} forecasts of the past. "
        "It continues what was and knows of no decision, contract or cold winter to come."
    )
