"""The frame around every page: its settings, its stylesheet, its navigation."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path

import streamlit as st

from pages.shared import load, look, selection, server
from pages.shared.selection import Selection

#: A picture of our own: Streamlit fetches named icons from elsewhere.
ICON = str(Path(__file__).parent / "icon.png")

#: Every address that the visitor's session has had.
_SEEN = "addresses"

#: Habits of the page, set once in the browser.
#: Streamlit reruns the page when the letter r is pressed anywhere, and whoever dictates meets that
#: by accident (WCAG 2.1.4): single letters outside a field are stopped.
#: A link within a page goes the way of the menu, without loading everything anew.
#: A link of the menu that is opened in another tab or copied carries the selection along.
#: The place to drop files has a name and takes the focus, but says that it is mere decoration.
_HABITS = """
<script>
if (!window.kpiHabits) {
  window.kpiHabits = true;
  window.addEventListener("keydown", (event) => {
    const field = event.target.closest("input, textarea, select, [contenteditable=true], [role=combobox]");
    if (!field && !event.ctrlKey && !event.metaKey && !event.altKey && /^[rc]$/i.test(event.key))
      event.stopImmediatePropagation();
  }, true);
  for (const kind of ["pointerdown", "focusin", "contextmenu"])
    document.addEventListener(kind, (event) => {
      const link = event.target.closest?.("a[data-testid=stSidebarNavLink]");
      if (link) link.search = location.search;
    }, true);
  new MutationObserver(() => {
    for (const zone of document.querySelectorAll("[data-testid=stFileUploaderDropzone][role=presentation]"))
      zone.setAttribute("role", "group");
  }).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["role"] });
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
    """Page settings and habits."""
    st.set_page_config(page_icon=ICON, layout="wide")
    st.html(_HABITS, unsafe_allow_javascript=True)
    _freeze()


def run(
    summary: str,
    section: Callable[[str, str], None],
    others: Mapping[str, tuple[str, str]],
) -> None:
    """Choose, then run the page of the URL.

    The section pages are made from the data; `others` has the scripts and titles of the rest, by
    address.
    """
    chosen = selection.begin()
    st.html(f"<style>{look.stylesheet(selection.council())}</style>")
    pages = [
        st.Page(summary, title="Executive summary", default=True),
        *(_section_pages(chosen, section) if isinstance(chosen, Selection) else []),
        *(
            st.Page(script, title=title, url_path=address)
            for address, (script, title) in others.items()
        ),
    ]
    # One list without headings: Streamlit's grouped menu is no valid list to a screen reader.
    page = st.navigation([*pages, *_strange_pages(pages, summary)], expanded=True)
    if page not in pages and isinstance(chosen, Selection):
        selection.say_no_page(page.url_path)
    try:
        page.run()
    finally:
        selection.end()


def _strange_pages(pages: list[st.Page], summary: str) -> list[st.Page]:
    """Addresses that this organisation does not have: they show the executive summary.

    The one that the visitor came by, and those of other organisations that he has seen. Sent on to
    the summary's own address, the way back would lead to the same page again and again.
    """
    known = {page.url_path for page in pages}
    seen: set[str] = st.session_state.setdefault(_SEEN, set())
    seen |= known
    if (asked := server.asked_page()) and "/" not in asked:
        seen.add(asked)
    return [
        st.Page(summary, title="Executive summary", url_path=address, visibility="hidden")
        for address in sorted(seen - known)
    ]


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


def _short(section: str) -> str:
    """The name in the menu: of a directorate's part, the part alone."""
    match = re.fullmatch(r".+ \((.+)\)", section)
    return match[1] if match else section
