"""One section of the report: a directorate's KPIs, activity indicators, tables and commentary."""

from __future__ import annotations

import streamlit as st

from pages.performance import section_html
from pages.shared import addresses, downloads, load, look, selection

SHOW = ["All", "Red", "Amber", "Green"]


def show(report: str, section: str) -> None:
    """The page of a section of a report."""
    asked = selection.current()
    chosen = asked.of_report(report)
    if chosen is not asked:
        title = load.reports(chosen.organisation, chosen.version)[report]
        selection.say(f"This page belongs to the {title}: its latest period is shown.")
    wanted = st.sidebar.selectbox("Show KPIs rated", SHOW, key="show", bind="query-params") or "All"
    look.show(section_html.page(chosen, section, wanted))
    view = load.section(*chosen.key, section)
    downloads.scorecard(view.kpis, chosen, addresses.slug(section))
