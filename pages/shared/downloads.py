"""Downloads: what a page shows, as CSV."""

from __future__ import annotations

import polars as pl
import streamlit as st

from kpi_core import export
from kpi_core.views import DashboardView
from pages.shared.selection import Selection

_RATINGS = [
    "report", "indicator", "name", "section", "period", "value", "target", "target_high", "floor",
    "floor_high", "rating", "rating_basis", "previous_value", "previous_rating", "direction",
    "direction_basis",
]  # fmt: skip


def name(selection: Selection, what: str) -> str:
    """The name of a file: whose figures, of which report and period; made-up ones say so first."""
    period = selection.period.replace("/", "-").replace(" ", "-")
    made_up = "made-up-" if selection.made_up else ""
    return f"{made_up}{selection.organisation}-{selection.report}-{period}-{what}.csv"


def scorecard(kpis: pl.DataFrame, selection: Selection, what: str) -> None:
    """The KPIs of a page with their ratings."""
    table(kpis.select(_RATINGS), selection, what, "Download these ratings as CSV")


def dashboard(view: DashboardView, selection: Selection) -> None:
    """The tables of a dashboard, one row for each indicator and period shown."""
    if any(area.tables for area in view.areas):
        table(view.long(), selection, "dashboard", "Download these tables as CSV")


def table(frame: pl.DataFrame, selection: Selection, what: str, label: str) -> None:
    """A frame as CSV, written only when it is asked for."""
    st.download_button(
        label,
        data=lambda: export.to_csv(frame),
        file_name=name(selection, what),
        mime="text/csv",
        on_click="ignore",
        icon=":material/download:",
    )
