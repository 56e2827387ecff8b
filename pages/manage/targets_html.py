"""The setting of a target as HTML. What hangs on a proposal's numbers is worked out every time."""

from __future__ import annotations

from typing import Any

import streamlit as st
from markupsafe import Markup

from kpi_core import display, pictures
from kpi_core.periods import Period
from kpi_core.views import TargetView
from kpi_core.wording import Wording
from kpi_core.words import Basis, Rating
from pages.shared import load, look
from pages.shared.selection import Selection


@st.cache_resource(max_entries=200, show_spinner=False)
def head(selection: Selection, year: str) -> str:
    """What stands above the boxes."""
    view = load.framework(selection.organisation, selection.version, selection.report, year)
    return look.render(
        "titled.html",
        view.page.wording,
        page=view.page,
        seen=selection.seen,
        title="Setting targets",
        who=f"{view.page.organisation} · targets of {year}, tried on the figures of "
        f"{view.page.at.shift(-1)}",
    )


def no_kpis(year: Period) -> str:
    """What stands where a year has no KPI to set a target for."""
    return f"No KPI of {year} is known whose target could be set. Choose another year."


def page(view: TargetView, selection: Selection) -> str:
    """Last year rated under the proposal beside what it was rated, findings, chart."""
    wording, before = view.page.wording, view.page.at.shift(-1)
    rows = [_row(row, view) for row in view.rehearsal.iter_rows(named=True)]
    return look.render(
        "targets.html",
        wording,
        year=str(view.page.at),
        before=str(before),
        present=_present(view, wording),
        counts=_counts(view, wording),
        moved=sum(row["moved"] for row in rows),
        rows=rows,
        checks=view.checks["message"].to_list(),
        refused=view.refused,
        pictures=_pictures(view, wording),
        framework=selection.link("framework", year=str(view.page.at)),
        any_new=any(row["would_be"] is None for row in rows),
    )


def _counts(view: TargetView, wording: Wording) -> list[dict[str, Any]]:
    """How many periods have each rating, and would have; those that stand first, first."""
    by_rating = {row["rating"]: row for row in view.counts.iter_rows(named=True)}
    order = [*map(str, wording.decided), *map(str, Rating)]
    return [by_rating[rating] for rating in dict.fromkeys(order) if rating in by_rating]


def _row(row: dict[str, Any], view: TargetView) -> dict[str, Any]:
    kpi = view.indicator
    return {
        "words": Period.parse(row["period"], view.page.at.year_start).words,
        "figure": display.figure(
            row["value"], str(kpi["unit"]), int(str(kpi["decimals"])), view.page.wording
        ),
        "was": row["rating"],
        "as_published": row["rating_basis"] == Basis.PUBLISHED,
        "would_be": row["proposed_rating"],
        "moved": row["proposed_rating"] not in (None, row["rating"]),
    }


def _present(view: TargetView, wording: Wording) -> str:
    """The target and floor as the framework has them, in words."""
    kpi: dict[str, Any] = view.indicator
    if kpi["target"] is None:
        return "No target is agreed yet."
    status = "Proposed so far" if kpi["status"] == "proposed" else "Set"
    text = (
        f"{status}: target {display.band(kpi['target'], kpi['target_high'], kpi['unit'], wording)}"
    )
    if kpi["floor"] is None and kpi["floor_high"] is None:
        return f"{text}."
    return f"{text}, floor {display.band(kpi['floor'], kpi['floor_high'], kpi['unit'], wording)}."


def _pictures(view: TargetView, wording: Wording) -> list[Markup]:
    if view.places.is_empty() or view.places["shown"].is_null().all():
        return []
    name = f"{view.indicator['name']}, {view.page.at.shift(-1)} under the proposal"
    return [
        look.drawn(pictures.wide(view.places, name, wording)),
        look.drawn(pictures.card(view.places, name, wording)),
    ]
