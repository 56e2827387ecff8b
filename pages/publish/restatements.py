"""As published: what has changed since a committee was shown it, and which ratings would differ."""

from __future__ import annotations

import streamlit as st

from pages.publish import restatements_html
from pages.shared import asked, downloads, look, selection

chosen = selection.current()
wanted = asked.also("of")["of"]
known = restatements_html.published(chosen.of_now())
look.show(restatements_html.head(chosen))
if not known:
    look.show(restatements_html.nothing(chosen))
    st.stop()
first = restatements_html.first(chosen, known)
found = restatements_html.asked(wanted, known, chosen.of_now())
of = found or first
if wanted and not found:
    selection.say(f"Nothing was published as “{wanted[:40]}”: something else is shown.")
asked.box("What was published", "of", list(known), of, known.__getitem__, unasked=first)
look.show(restatements_html.listed(chosen, of))
downloads.table(
    restatements_html.table(chosen.of_now(), of),
    chosen,
    f"restatements-{of}",
    "Download these changes as CSV",
)
