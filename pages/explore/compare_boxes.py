"""The boxes of a comparison: its view, its stretch of time, and what the view leaves to choose."""

from __future__ import annotations

import streamlit as st

from kpi_core.views import Together
from pages.explore import compare_html
from pages.explore.comparison import (
    AGAINST,
    ORDERS,
    SCALES,
    SHIFTS,
    SIDE,
    TOGETHER,
    VIEWS,
    Comparison,
)
from pages.shared import asked
from pages.shared.selection import Selection


def draw(selection: Selection, whole: Together, of: Comparison) -> None:
    """All that stand beside each other. Takes the series over the whole of their time."""
    periods = {str(period): period.words for period in whole.periods}
    codes = list(periods)
    first, last = of.first or codes[0], of.last or codes[-1]
    views, later = list(VIEWS) if len(of.keys) > 1 else [SIDE], codes[codes.index(first) :]
    view, start, end, own = st.columns(4)
    with view:
        asked.box("View", "view", views, of.view, VIEWS.__getitem__)
    with start:
        asked.box("From", "from", codes, first, periods.__getitem__)
    with end:
        asked.box("To", "to", later, last, periods.__getitem__, unasked=codes[-1])
    with own:
        if of.view == SIDE and len(of.keys) > 1:
            asked.box("Order", "by", list(ORDERS), of.order, ORDERS.__getitem__)
        elif of.view == TOGETHER and whole.unit:
            asked.box("Scale", "scale", list(SCALES), of.scale, SCALES.__getitem__)
        elif of.view == AGAINST:
            shifts = compare_html.shifts(selection, of)
            known = sorted(SHIFTS, key=int)
            asked.box("Shift", "shift", known, of.shift, shifts.__getitem__, unasked="0")
