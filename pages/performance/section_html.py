"""A section's page as HTML, cached by the store's version, the selection and the filter."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from kpi_core.views import SectionView
from kpi_core.wording import ALL
from kpi_core.words import Basis
from pages.shared import cards, load, look
from pages.shared.selection import Selection

RESTATED = "Restated in plain words from the published report; the figures are the report's own."

_NO_COUNTS = dict.fromkeys(
    ("green", "amber", "red", "no_data", "not_rated", "improving", "stable", "worsening"), 0
)


@st.cache_resource(max_entries=400, show_spinner="Drawing the charts …")
def page(selection: Selection, section: str, wanted: str) -> str:
    """The page of a section; `wanted` is All or the code of the one rating whose KPIs are shown."""
    view = load.section(*selection.key, section)
    kpis = view.kpis
    if wanted != ALL:
        kpis = kpis.filter(pl.col("rating").cast(pl.String) == wanted)
    counts = view.counts.to_dicts()
    activities = view.activities if wanted == ALL else view.activities.clear()
    return look.render(
        "section.html",
        view.page.wording,
        page=view.page,
        seen=selection.seen,
        section=section,
        who=_who(view),
        counts=counts[0] if counts else _NO_COUNTS,
        headline=view.headline,
        counted_on_paper=bool(counts) and counts[0]["directions_basis"] == Basis.PUBLISHED,
        cards=cards.kpi_cards(view, kpis, selection),
        none_shown=_none_shown(view, wanted),
        activities=cards.activity_cards(view, activities, selection),
        silent=[
            {"name": row["name"], "link": cards.link(selection, row["indicator"])}
            for row in activities.filter(pl.col("value").is_null()).iter_rows(named=True)
        ],
        tables=_tables(view) if wanted == ALL else [],
        commentary=cards.groups(view.commentary, view.section) if wanted == ALL else [],
        remarks=cards.groups(view.remarks, view.section) if wanted == ALL else [],
        restated=RESTATED if _is_restated(view) else "",
    )


def _who(view: SectionView) -> str:
    """The officers, or else where and when we are."""
    return " · ".join([*cards.named(view.officers), view.page.at.words])


def _none_shown(view: SectionView, wanted: str) -> str:
    if view.kpis.is_empty():
        return f"The report has no KPIs of this section in {view.page.at.words}. Choose another period."
    name = ALL if wanted == ALL else view.page.wording.label(wanted)
    return f"No KPI of this section is rated {name}. Choose {ALL} to see every one."


def _tables(view: SectionView) -> list[dict[str, Any]]:
    """The breakdowns; under the first of an indicator that has no card, what is noted about it."""
    told = {*view.kpis["indicator"], *view.activities.drop_nulls("value")["indicator"]}
    found = []
    for table in view.tables:
        own = view.notes.filter(pl.col("indicator") == table.indicator)["text"].to_list()
        shown = cards.breakdown(table, view.page.wording)
        found.append(
            shown | {"notes": [*shown["notes"], *(own if table.indicator not in told else [])]}
        )
        told.add(table.indicator)
    return found


def _is_restated(view: SectionView) -> bool:
    """Whether any of the commentary comes from a document: what is written here names none."""
    return bool((view.commentary["source"] != "").any())
