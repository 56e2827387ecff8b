"""The frame around every page: its settings, its stylesheet, its navigation."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

import streamlit as st

from kpi_core import views_dashboard
from kpi_core.errors import KpiError
from pages.shared import load, look, selection
from pages.shared.selection import Selection

#: A picture of our own: Streamlit fetches named icons from elsewhere.
ICON = str(Path(__file__).parent / "icon.png")

#: Two habits of the page, set once in the browser.
#: Streamlit reruns the page when the letter r is pressed anywhere, and whoever dictates meets that
#: by accident (WCAG 2.1.4): single letters outside a field are stopped.
#: A link within a page goes the way of the menu, without loading everything anew.
_HABITS = """
<script>
if (!window.kpiHabits) {
  window.kpiHabits = true;
  window.addEventListener("keydown", (event) => {
    const field = event.target.closest("input, textarea, select, [contenteditable=true], [role=combobox]");
    if (!field && !event.ctrlKey && !event.metaKey && !event.altKey && /^[rc]$/i.test(event.key))
      event.stopImmediatePropagation();
  }, true);
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".kpi a[href]");
    if (!link || link.origin !== location.origin || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)
      return;
    event.preventDefault();
    window.kpiMoved = true;
    history.pushState({}, "", link.href);
    window.dispatchEvent(new PopStateEvent("popstate"));
    document.querySelector("[data-testid=stMain]").scrollTo(0, 0);
  });
}
</script>
"""


@cache
def _freeze() -> None:
    """Take everything imported so far out of the garbage collector's sight, once."""
    gc.collect()
    gc.freeze()


def begin() -> None:
    """Page settings and stylesheet."""
    st.set_page_config(page_icon=ICON, layout="wide")
    st.html(f"<style>{look.stylesheet()}</style>")
    st.html(_HABITS, unsafe_allow_javascript=True)
    _freeze()


def run(
    summary: str,
    section: Callable[[str, str], None],
    dashboard: str,
    indicator: str,
    method: str,
) -> None:
    """Choose, then run the page of the URL. The section pages are made from the data."""
    try:
        chosen = selection.choose()
    except KpiError as error:
        st.error("The figures cannot be shown. What is wrong, and the way out:")
        st.code(str(error), language=None, wrap_lines=True)
        return
    # One list without headings: Streamlit's grouped menu is no valid list to a screen reader.
    st.navigation(
        [
            st.Page(summary, title="Executive summary", default=True),
            *_section_pages(chosen, section),
            st.Page(dashboard, title=_dashboard_title(chosen), url_path="dashboard"),
            st.Page(indicator, title="Indicator", url_path="indicator"),
            st.Page(method, title="How it is worked out", url_path="method"),
        ],
        expanded=True,
    ).run()


def _section_pages(chosen: Selection, show: Callable[[str, str], None]) -> list[st.Page]:
    """A page for each section of each report; only those of the period chosen stand in the menu."""
    address = load.section_addresses(chosen.organisation, chosen.version)
    shown = [(chosen.report, name) for name in load.sections(*chosen.key)]
    hidden = [place for place in address if place not in shown]
    return [
        st.Page(
            partial(show, report, name),
            title=_short(name),
            help=name,
            url_path=address[report, name],
            visibility="visible" if (report, name) in shown else "hidden",
        )
        for report, name in [*shown, *hidden]
    ]


def _dashboard_title(chosen: Selection) -> str:
    """The dashboard is called after how often its report appears."""
    figures = load.figures(chosen.organisation, chosen.version)
    return views_dashboard.title(figures.organisation.period(chosen.period))


def _short(section: str) -> str:
    """The name in the menu: of a directorate's part, the part alone."""
    match = re.fullmatch(r".+ \((.+)\)", section)
    return match[1] if match else section
