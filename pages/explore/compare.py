"""Compare: any indicators, parts of them or places elsewhere, side by side, together or paired."""

from __future__ import annotations

import streamlit as st

from pages.explore import compare_html
from pages.explore.comparison import GROUPS, SCALES, SHIFTS, VIEWS, Comparison
from pages.shared import asked, downloads, look, selection

chosen = selection.current()
texts = asked.also("with", "view", "scale", "from", "to", "shift", "group")
look.show(compare_html.head(chosen))
wanted = st.text_input(
    "Search in plain words",
    key="find",
    bind="query-params",
    placeholder="potholes, complaints, call waiting …",
)
comparison = Comparison.asked(chosen, texts, wanted.strip())
look.show(compare_html.search(chosen, comparison))
for line in comparison.remarks:
    selection.say(line)
if comparison.keys:
    look.show(compare_html.shown(chosen, comparison))
    boxes = st.columns(3)
    with boxes[0]:
        asked.box("View", "view", list(comparison.views), comparison.view, VIEWS.__getitem__)
    with boxes[1]:
        periods = comparison.periods
        asked.box("From", "from", list(periods), comparison.first, periods.__getitem__)
    with boxes[2]:
        later = comparison.later
        asked.box(
            "To", "to", list(later), comparison.last, later.__getitem__, unasked=list(later)[-1]
        )
    if comparison.view == "side":
        asked.box("Order", "group", list(GROUPS), comparison.group, GROUPS.__getitem__)
    elif comparison.view == "together" and comparison.unit:
        asked.box("Scale", "scale", list(SCALES), comparison.scale, SCALES.__getitem__)
    elif comparison.view == "against":
        shifts = SHIFTS
        asked.box(
            "Shift", "shift", list(shifts), comparison.shift,
            lambda code: compare_html.shift(chosen, comparison, code), unasked="0",
        )  # fmt: skip
    look.show(compare_html.figures(chosen, comparison))
    downloads.table(
        compare_html.table(chosen, comparison),
        chosen,
        "comparison",
        "Download these figures as CSV",
    )
    if compare_html.has_picture(chosen, comparison):
        downloads.picture(lambda: compare_html.sheet(chosen, comparison), chosen, "comparison")
