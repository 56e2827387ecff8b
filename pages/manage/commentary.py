"""Commentary: written and changed here, checked against the data as it is written."""

from __future__ import annotations

import streamlit as st

from kpi_core import commentary
from pages.manage import commentary_html, drafts, topics
from pages.shared import asked, load, look, person, selection

chosen = selection.current()
texts = asked.also(*topics.NAMES)
view = load.written(*chosen.key)
look.show(commentary_html.head(chosen, view))
if view.sections:
    place = topics.choose(chosen, view, texts)
    look.show(commentary_html.topic(chosen, view, place))
    closed = not chosen.is_latest
    if closed:
        st.info(
            f"You are looking at figures of before ({chosen.seen}): nothing can be written about "
            "them. Choose the latest figures in the sidebar to write."
        )
    write, compare = st.columns([3, 2])
    with write:
        draft = drafts.fields(chosen, view, place, closed=closed)
        about = view.subjects.get(place.indicator)
        earlier = view.earlier(place)["text"].to_list()
        if draft.text.strip():
            look.show(commentary_html.doubts(commentary.of_text(draft.text, about, earlier)))
        by = person.field()
        drafts.save(chosen, place, draft, by, closed=closed)
    with compare:
        look.show(commentary_html.before(view, place))
    drafts.offer_undo(chosen, by)
    drafts.versions(chosen, place, closed=closed)
    look.show(commentary_html.to_look_at(chosen, view))
else:
    st.info("The report has no sections in this period. Choose another period in the sidebar.")
