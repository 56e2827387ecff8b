"""Compare: any indicators, parts of them or places elsewhere, side by side, together or paired."""

from __future__ import annotations

import streamlit as st

from pages.explore import compare_boxes, compare_html, compare_search, comparison, loaded
from pages.shared import asked, downloads, look, selection

chosen = selection.current()
texts = asked.also(*comparison.NAMES)
keys, said = comparison.asked_keys(chosen, texts["with"])
whole = loaded.together(*chosen.key, keys)
wanted, more = comparison.asked(whole, texts)
for line in [*said, *more]:
    selection.say(line)
look.show(compare_html.head(chosen))
find = compare_search.field("Search the indicators")
if find or not wanted.keys:
    look.show(compare_search.found(chosen, wanted, find))
if not wanted.keys:
    st.stop()
look.show(compare_html.chosen(chosen, wanted, find))
if whole.periods:
    compare_boxes.draw(chosen, whole, wanted)
look.show(compare_html.pictures(chosen, wanted))
if compare_html.has_figures(chosen, wanted):
    with st.container(horizontal=True):
        if compare_html.has_picture(chosen, wanted):
            downloads.picture(lambda: compare_html.sheet(chosen, wanted), chosen, "comparison")
        table = compare_html.table(chosen, wanted)
        downloads.table(table, chosen, "comparison", "Download these figures as CSV")
    look.show(compare_html.figures(chosen, wanted))
