"""One section of the report: a directorate's KPIs, activity indicators, tables and commentary."""

from __future__ import annotations

import streamlit as st

from kpi_core.wording import ALL
from pages.performance import section_html
from pages.shared import addresses, downloads, load, look, selection


def show(report: str, section: str) -> None:
    """The page of a section of a report."""
    asked = selection.current()
    chosen = asked.of_report(report)
    if chosen is not asked:
        title = load.reports(chosen.organisation, chosen.version)[report]
        selection.say(f"This page belongs to the {title}: its latest period is shown.")
    view = load.section(*chosen.key, section)
    wording = view.page.wording
    names = {ALL: ALL, **{str(one): wording.label(one) for one in reversed(wording.decided)}}
    wanted = st.sidebar.selectbox(
        "Show KPIs rated",
        list(names),
        format_func=names.__getitem__,
        key="show",
        bind="query-params",
    )
    look.show(section_html.page(chosen, section, wanted or ALL))
    downloads.scorecard(view.kpis, chosen, addresses.slug(section))
