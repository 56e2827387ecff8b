"""What changed as HTML, cached by the store's version and the selection."""

from __future__ import annotations

import polars as pl
import streamlit as st

from kpi_core.what_changed import What
from pages.shared import cards, load, look
from pages.shared.selection import Selection


@st.cache_resource(max_entries=200, show_spinner="Working out what changed …")
def page(selection: Selection) -> str:
    """Every change as one sentence, by what it is."""
    view = load.what_changed(*selection.key)
    return look.render(
        "changes.html",
        view.page.wording,
        page=view.page,
        seen=selection.seen,
        before=view.before,
        as_shown=view.as_shown,
        headline=view.headline,
        groups=[
            {
                "what": what,
                "rows": [
                    {**row, "link": cards.link(selection, row["indicator"])}
                    for row in view.found.filter(pl.col("what") == what).iter_rows(named=True)
                ],
            }
            for what in What
            if (view.found["what"] == what).any()
        ],
        kpis=view.kpis,
        summary=selection.link(""),
    )
