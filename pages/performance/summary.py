"""The executive summary."""

from __future__ import annotations

import streamlit as st

from pages.performance import summary_html
from pages.shared import downloads, load, look, selection

chosen = selection.current()
view = load.executive_summary(*chosen.key)
look.show(summary_html.page(chosen))
beneath = st.empty()
downloads.scorecard(view.scorecard, chosen, "ratings")
# Last, when the page stands: after a change of the figures the checks take about a second.
with beneath:
    if line := summary_html.quality(chosen):
        look.show(line)
