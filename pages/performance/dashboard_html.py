"""The dashboard as HTML, cached by the store's version and the selection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
import streamlit as st

from kpi_core import dashboard, display, pictures, summary, views
from kpi_core.views import Area, DashboardView
from kpi_core.wording import Wording
from kpi_core.words import Basis, FigureBasis, Kind
from pages.shared import addresses, cards, load, look
from pages.shared.selection import Selection

NOTHING = (
    "No indicator stands in this report's framework for the year. Choose another period, or load "
    "placements.csv."
)


@st.cache_resource(max_entries=200, show_spinner="Drawing the tables …")
def page(selection: Selection) -> str:
    """The page of a report's tables in a period."""
    view = load.dashboard(*selection.key)
    kpis = view.kpis
    rates_year = not kpis.is_empty() and kpis["year_rating"].is_not_null().any()
    return look.render(
        "dashboard.html",
        view.page.wording,
        page=view.page,
        seen=selection.seen,
        title=views.dashboard_title(view.page.at),
        said=dashboard.headline(kpis, view.page.wording),
        rates_year=rates_year,
        summary=_summary(view, selection),
        areas=[_area(view, area, selection) for area in view.areas],
        texts=cards.groups(view.texts, view.page.report_title),
        nothing=NOTHING,
    )


def _summary(view: DashboardView, selection: Selection) -> list[dict[str, Any]]:
    return [
        {
            "section": area.section,
            "rows": [
                {
                    "name": row["name"],
                    "link": cards.link(selection, row["indicator"]),
                    "rating": row["rating"],
                    "year_rating": row["year_rating"],
                }
                for table in area.tables
                if table.kind is Kind.KPI
                for row in table.rows.iter_rows(named=True)
            ],
        }
        for area in view.areas
        if any(table.kind is Kind.KPI for table in area.tables)
    ]


def _area(view: DashboardView, area: Area, selection: Selection) -> dict[str, Any]:
    names = {
        row["indicator"]: row["name"]
        for table in area.tables
        for row in table.rows.iter_rows(named=True)
    }
    mixed = {table.frequency for table in area.tables}
    return {
        "section": area.section,
        "anchor": addresses.slug(area.section),
        "who": " · ".join(filter(None, [area.directorate, *cards.named(area.officers)])),
        "tables": [
            _table(view, area, table, selection, says_how_often=len(mixed) > 1)
            for table in area.tables
        ],
        "notes": [
            {"name": names.get(code, code), "text": text} for code, text in area.notes.iter_rows()
        ],
        "commentary": area.commentary.to_dicts(),
    }


def _table(
    view: DashboardView,
    area: Area,
    table: dashboard.Table,
    selection: Selection,
    *,
    says_how_often: bool,
) -> dict[str, Any]:
    is_kpi = table.kind is Kind.KPI
    what = "Key Performance Indicators" if is_kpi else "Activity indicators"
    rows = table.rows
    limit = view.page.wording.limit_name()
    heading = f"{what} by {table.frequency}" if says_how_often else what
    return {
        "title": heading,
        "label": f"{area.section}: {heading}",
        "what": "KPI" if is_kpi else "Indicator",
        "verdict": "Rating" if is_kpi else "In expected range?",
        "periods": [period.short for period in table.periods],
        "year": rows["year_value"].is_not_null().any(),
        "rates_year": is_kpi and rows["year_rating"].is_not_null().any(),
        "limits": ["Target", *filter(None, [limit])] if is_kpi else ["Expected range"],
        "rows": [_row(view, row, selection, is_kpi=is_kpi) for row in rows.iter_rows(named=True)],
    }


def _row(
    view: DashboardView, row: Mapping[str, Any], selection: Selection, *, is_kpi: bool
) -> dict[str, Any]:
    wording, unit, decimals = view.page.wording, row["unit"], row["decimals"]
    own = view.places.filter(pl.col("indicator") == row["indicator"])
    limits = [cards.target(row, wording)] if is_kpi else [_expected(row, wording)]
    if is_kpi and wording.limit_name():
        limits.append(cards.floor(row, wording))
    return {
        "name": row["name"],
        "link": cards.link(selection, row["indicator"]),
        "recent": [display.figure(value, unit, decimals, wording) for value in row["recent"]],
        "spark": look.drawn(pictures.spark(own, row["name"], wording))
        if own["shown"].is_not_null().sum() > 1
        else "",
        "rating": row["rating"] if is_kpi else None,
        "amber": row["amber"],
        "published": row["rating_basis"] == Basis.PUBLISHED,
        "alert": row["alert"],
        "year": display.figure(row["year_value"], unit, decimals, wording),
        "year_rating": row["year_rating"],
        "limits": limits,
        "before": display.figure(row["before_value"], unit, decimals, wording),
        "notes": _notes(view, row),
    }


def _expected(row: Mapping[str, Any], wording: Wording) -> str:
    """The range in which the figure is expected, and of what figure where it is the year's."""
    if row["lower"] is None and row["upper"] is None:
        return display.figure(None, row["unit"], row["decimals"], wording)
    whose = " for the year" if row["judged_on"] == FigureBasis.YTD else ""
    return f"{summary.expected(row, wording)}{whose}"


def _notes(view: DashboardView, row: Mapping[str, Any]) -> list[str]:
    """What has to be known about a row, in a few words each."""
    notes = cards.of_figure(row, view.page.at)
    printed = dashboard.year_as_printed(row)
    if printed is not None:
        text = display.figure(printed, row["unit"], row["decimals"], view.page.wording)
        notes.append(f"Year to date as published: {text}.")
    return notes
