"""The matrix of ratings as HTML, cached by the store's version, the selection, span and order."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from kpi_core import display
from kpi_core.periods import Period
from kpi_core.views import MatrixView
from kpi_core.words import Basis, Rating
from pages.explore import loaded
from pages.shared import cards, load, look
from pages.shared.selection import Selection

#: How many periods are shown, by the code in the address.
SPANS = {"12": "12 periods", "8": "8 periods", "24": "24 periods", "60": "60 periods"}
REPORT, LONGEST_RED, MOST_CHANGED = "report", "longest-red", "most-changed"
#: How the rows are sorted, by the code in the address.
ORDERS = {
    REPORT: "As in the report",
    LONGEST_RED: "Longest Red now",
    MOST_CHANGED: "Most changed",
}
_SORTED = {LONGEST_RED: ["red_for", "longest_red"], MOST_CHANGED: ["changes", "longest_red"]}


def _view(selection: Selection, span: str) -> MatrixView:
    return loaded.ratings_over_time(*selection.key, int(span))


def head(selection: Selection) -> str:
    """What stands above the boxes."""
    top = load.head(*selection.key)
    return look.render(
        "titled.html", top.wording, page=top, seen=selection.seen, title="Ratings over time", who=""
    )


@st.cache_resource(max_entries=200, show_spinner="Working out the ratings …")
def page(selection: Selection, span: str, order: str) -> str:
    """The matrix, the ratings that hang on a point, and those that never change."""
    view = _view(selection, span)
    wording = view.page.wording
    periods = view.grid["period"].unique(maintain_order=True).to_list()
    return look.render(
        "matrix.html",
        wording,
        page=view.page,
        periods=[Period.parse(text, view.page.at.year_start) for text in periods],
        groups=_groups(view, order, selection),
        any_published=(view.grid["rating_basis"] == Basis.PUBLISHED).any(),
        near=[_near(row, view, selection) for row in view.near.iter_rows(named=True)],
        always={
            rating: _listed(view.kpis.filter(pl.col("always") == rating), selection)
            for rating in (Rating.GREEN, Rating.RED)
        },
        rated=int((view.kpis["known"] > 0).sum()),
        span=len(periods),
    )


def _groups(view: MatrixView, order: str, selection: Selection) -> list[dict[str, Any]]:
    """The rows by section in the report's order, or all together in another order."""
    ratings = {
        (indicator, period): (rating, basis == Basis.PUBLISHED)
        for indicator, period, rating, basis in view.grid.select(
            "indicator", "period", "rating", "rating_basis"
        ).iter_rows()
    }
    periods = view.grid["period"].unique(maintain_order=True).to_list()
    kpis = view.kpis
    if order in _SORTED:
        kpis = kpis.sort(_SORTED[order], descending=True, nulls_last=True, maintain_order=True)
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in kpis.iter_rows(named=True):
        groups.setdefault("" if order in _SORTED else row["section"], []).append(
            {
                "name": row["name"],
                "link": cards.link(selection, row["indicator"]),
                "ratings": [ratings[row["indicator"], period] for period in periods],
                "red_for": row["red_for"],
                "at_least": row["at_least"],
                "changes": row["changes"],
            }
        )
    return [{"section": section, "rows": rows} for section, rows in groups.items()]


def _near(row: dict[str, Any], view: MatrixView, selection: Selection) -> dict[str, Any]:
    wording = view.page.wording
    return {
        **row,
        "link": cards.link(selection, row["indicator"]),
        "figure": cards.figure(row, "value", wording),
        "target_text": cards.target(row, wording),
        "point_text": display.difference(row["point"], row["unit"], wording),
    }


def _listed(rows: pl.DataFrame, selection: Selection) -> list[dict[str, Any]]:
    return [
        {
            "name": row["name"],
            "known": row["known"],
            "link": cards.link(selection, row["indicator"]),
        }
        for row in rows.iter_rows(named=True)
    ]


def table(selection: Selection, span: str) -> pl.DataFrame:
    """The matrix as it is downloaded: one row for each KPI and period."""
    view = _view(selection, span)
    names = view.kpis.select("indicator", "name", "section")
    return view.grid.join(names, on="indicator", how="left", maintain_order="left").select(
        "indicator", "name", "section", "period", "rating", "rating_basis"
    )
