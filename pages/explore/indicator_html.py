"""An indicator's page in parts, cached by the store's version, the selection and its code."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st
from markupsafe import Markup

from kpi_core import cells, display, limits, pictures, summary, trend
from kpi_core.beside import beside
from kpi_core.periods import Period
from kpi_core.views import IndicatorView, compared
from kpi_core.wording import Wording
from kpi_core.words import Basis, Kind
from pages.explore import ahead_html, loaded
from pages.explore.comparison import Comparison
from pages.shared import about, cards, load, look
from pages.shared.selection import Selection

_CACHED = 400
#: What is added to a period where a figure is not of it alone.
_BASES = {"ytd": "year to date"}


#: Windows offered beside the indicator's own, in periods.
_WINDOWS = (8, 12, 16, 20, 24, 36, 60)


def windows(selection: Selection, code: str) -> dict[str, str]:
    """How far the line can look back, by the code in the address: first by the rule itself, then as
    far as there are figures.
    """
    view = loaded.indicator(*selection.key, code)
    each, known = view.indicator["frequency"], view.places.filter(pl.col("in_series")).height
    others = [count for count in _WINDOWS if count < known and count != view.window]
    if known > view.window and known > trend.MINIMUM_POINTS:
        others.append(known)
    return {
        "": f"{view.window} {each}s, the rule of the direction of travel",
        **{str(count): f"{count} {each}s" for count in others},
    }


@st.cache_resource(max_entries=_CACHED, show_spinner="Drawing the chart …")
def top(selection: Selection, code: str, window: int | None) -> str:
    """The head of an indicator's page: rating, figures, chart with the line over so many periods."""
    wording = loaded.indicator(*selection.key, code).page.wording
    return _head(selection, code, window) + about.indicator(selection, code, wording)


def _head(selection: Selection, code: str, window: int | None) -> str:
    """Name, rating, direction, the figures, the sentence."""
    view = loaded.indicator(*selection.key, code, window=window)
    row, wording, at = view.row, view.page.wording, view.page.at
    is_kpi = view.indicator["kind"] == Kind.KPI
    say = _say(row, is_kpi=is_kpi, at=at, wording=wording)
    return look.render(
        "indicator.html",
        wording,
        page=view.page,
        seen=selection.seen,
        name=view.indicator["name"],
        section=view.indicator["section"],
        code=code,
        rating=row["rating"] if row and is_kpi else None,
        as_published=bool(row and is_kpi and row["rating_basis"] == Basis.PUBLISHED),
        alert=row["alert"] if row and not is_kpi else None,
        direction=row["direction"] if row and is_kpi else None,
        direction_basis=row["direction_basis"] if row and is_kpi else "",
        amber=limits.rule(row) if row and is_kpi else None,
        beside=beside(row, at, wording) if row and is_kpi else [],
        was=cards.was(row, at, wording) if row else "",
        facts=_facts(row, is_kpi=is_kpi, at=at, wording=wording),
        say=say,
        notes=list(dict.fromkeys(view.notes)),
        actions=view.actions,
        pictures=_pictures(view),
        compare=_compare(selection, code),
    )


def _compare(selection: Selection, code: str) -> str:
    """The way to the indicator and its parts on the page Compare; empty with too few figures."""
    keys = compared.with_own(loaded.comparable(*selection.key), code)
    return Comparison().link(selection, keys) if keys else ""


def _pictures(view: IndicatorView) -> list[Markup]:
    """The whole past, for a wide and for a narrow window; none where there is no figure."""
    if view.places.is_empty() or view.places["shown"].is_null().all():
        return []
    name, wording = str(view.indicator["name"]), view.page.wording
    return [
        look.drawn(pictures.wide(view.places, name, wording)),
        look.drawn(pictures.card(view.places, name, wording)),
    ]


def _say(row: dict[str, Any] | None, *, is_kpi: bool, at: Period, wording: Wording) -> str:
    if row is None or (not is_kpi and row["value"] is None):
        return f"There is no figure for {at.words}."
    if is_kpi:
        return cards.said(row, at, wording)
    return summary.activity(row, at, wording)


def _facts(
    row: dict[str, Any] | None, *, is_kpi: bool, at: Period, wording: Wording
) -> list[tuple[str, str]]:
    if row is None:
        return []
    of_period = Period.parse(row["period"], at.year_start).words
    facts = [
        ("Current" if row["period"] == str(at) else of_period, cards.figure(row, "value", wording))
    ]
    if is_kpi:
        facts.append(("Target", cards.target(row, wording)))
        limit = wording.limit_name(limits.rule(row))
        facts += [(limit, cards.floor(row, wording))] if limit else []
    elif row["lower"] is not None or row["upper"] is not None:
        text = display.band(row["lower"], row["upper"], row["unit"], wording)
        facts.append(("Expected range", text))
    facts.append((cells.before(row, at), cells.previous(row, wording)))
    return facts


@st.cache_resource(max_entries=_CACHED, show_spinner=False)
def rest(selection: Selection, code: str) -> str:
    """Outlook, table of figures, benchmarks, breakdowns, definition, sources."""
    view = loaded.indicator(*selection.key, code)
    wording = view.page.wording
    unit, decimals = str(view.indicator["unit"]), int(str(view.indicator["decimals"]))
    is_kpi = view.indicator["kind"] == Kind.KPI
    amber = limits.rule(view.row) if view.row else wording.amber
    rows = [
        _figure_row(row, wording)
        for row in reversed(view.places.to_dicts())
        if row["shown"] is not None or row["status"]
    ]
    return ahead_html.section(selection, code) + look.render(
        "depth.html",
        wording,
        rows=rows,
        rated=is_kpi,
        amber=amber,
        limit=wording.limit_name(amber) if is_kpi else "",
        ranged=any(row["range"] for row in rows),
        rolling=any(row["rolling"] for row in rows),
        benchmarks=[
            {**row, "text": display.figure(row["value"], unit, decimals, wording)}
            for row in view.benchmarks.to_dicts()
        ],
        tables=[cards.breakdown(table, wording) for table in view.tables],
        definitions=view.definitions.to_dicts(),
        how=_how(view),
        revisions=_revisions(selection, code, view),
        sources=view.sources,
    )


def _figure_row(row: dict[str, Any], wording: Wording) -> dict[str, Any]:
    unit, decimals = row["unit"], row["decimals"]
    has_range = row["lower"] is not None and row["upper"] is not None
    parts = [row["note"] or "", "Provisional." if row["status"] == "provisional" else ""]
    if row["numerator"] is not None and row["denominator"] is not None:
        above = display.number(row["numerator"], 0, wording)
        parts.insert(0, f"{above} of {display.number(row['denominator'], 0, wording)}.")
    return {
        "words": row["words"],
        "text": display.figure(row["shown"], unit, decimals, wording),
        "target": display.band(row["target"], row["target_high"], unit, wording),
        "floor": display.band(row["floor"], row["floor_high"], unit, wording),
        "rating": row["rating"],
        "as_published": row["rating_basis"] == Basis.PUBLISHED,
        "range": display.band(row["lower"], row["upper"], unit, wording) if has_range else "",
        "rolling": display.figure(row["rolling"], unit, decimals, wording)
        if row["rolling"] is not None
        else "",
        "note": " ".join(part for part in parts if part),
    }


def _revisions(selection: Selection, code: str, view: IndicatorView) -> list[dict[str, Any]]:
    """Figures that were replaced by others, the latest first, in words."""
    wording, start = view.page.wording, view.page.at.year_start
    unit, decimals = str(view.indicator["unit"]), int(str(view.indicator["decimals"]))
    return [
        {
            **row,
            "of": " ".join(
                [
                    Period.parse(row["period"], start).words,
                    _BASES.get(row["basis"], ""),
                    row["item"],
                ]
            ).strip(),
            "was_text": display.figure(row["was"], unit, decimals, wording),
            "now_text": display.figure(row["value"], unit, decimals, wording),
            "day": f"{row['at'].day} {row['at']:%B %Y}",
        }
        for row in loaded.revisions(selection.organisation, load.of_now(selection.version), code)
        .cast({"basis": pl.String})
        .iter_rows(named=True)
    ]


def _how(view: IndicatorView) -> str:
    """How the indicator counts, in words."""
    placed = view.indicator
    better = {
        "higher": "Higher is better", "lower": "Lower is better", "range": "A range is best",
        "target": "The closer to the target the better",
    }  # fmt: skip
    measure = {
        "in_period": "counted in the period", "rolling_12m": "over twelve months rolling",
        "year_to_date": "from the start of the year", "snapshot": "as it stands at the period's end",
    }  # fmt: skip
    said = [better.get(str(placed["polarity"]), "Neither way is better")]
    said.append(f"reported every {placed['frequency']}, {measure[str(placed['measure'])]}")
    if placed["arrears"]:
        said.append(f"up to {placed['arrears']} {placed['frequency']}s late")
    return "; ".join(said) + "."


def table(view: IndicatorView) -> pl.DataFrame:
    """The history as it is downloaded."""
    return view.places.select(
        "indicator", "period", pl.col("shown").alias("value"), "numerator", "denominator", "status",
        "target", "target_high", "floor", "floor_high", "rating", "rating_basis", "lower", "upper",
        "alert", "note", "source",
    )  # fmt: skip
