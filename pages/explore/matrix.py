"""The matrix: each KPI's ratings over many periods, sorted by what a committee looks for."""

from __future__ import annotations

import streamlit as st

from pages.explore import matrix_html
from pages.shared import asked, downloads, look, selection

chosen = selection.current()
texts = asked.also("span", "order")
look.show(matrix_html.head(chosen))
span = selection.one_of("span", texts["span"], matrix_html.SPANS)
order = selection.one_of("order", texts["order"], matrix_html.ORDERS)
left, right = st.columns(2)
with left:
    asked.box("Span", "span", list(matrix_html.SPANS), span, matrix_html.SPANS.__getitem__)
with right:
    asked.box("Order", "order", list(matrix_html.ORDERS), order, matrix_html.ORDERS.__getitem__)
look.show(matrix_html.page(chosen, span, order))
downloads.table(
    matrix_html.table(chosen, span), chosen, "ratings-over-time", "Download these ratings as CSV"
)
