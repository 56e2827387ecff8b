"""The log: everything that was taken in, who brought it and why, and the way back."""

from __future__ import annotations

import streamlit as st

from pages.manage import log_html, undoing
from pages.shared import asked, downloads, load, look, person, selection, trouble

chosen = selection.current()
texts = asked.also("upload")
uploads = {str(one.id): one for one in load.log(chosen.organisation, chosen.version)}
look.show(log_html.page(chosen))
downloads.table(log_html.table(chosen), chosen, "log", "Download this log as CSV")
shown = texts["upload"] if texts["upload"] in uploads else next(reversed(uploads))
if texts["upload"] and texts["upload"] != shown:
    selection.say(f"There is no upload “{texts['upload'][:40]}”: the latest one is shown.")
st.html('<div class="kpi"><h2>One upload</h2></div>')
asked.box(
    "Upload",
    "upload",
    list(reversed(uploads)),
    shown,
    lambda one: log_html.label(chosen, uploads[one]),
)
one = uploads[shown]
undoing.tell()
look.show(log_html.upload(chosen, one))
downloads.received(chosen, one)
if log_html.can_be_undone(chosen, one) and chosen.is_latest:
    who, why = st.columns([1, 2])
    with who:
        by = person.field()
    with why:
        note = st.text_input("Why", max_chars=500, key=f"log-note-{one.id}").strip()
    if st.button(log_html.undoing(chosen, one)):
        if by and note:
            with trouble.kindly():
                undoing.undo(chosen, one.id, by, note)
            st.rerun()
        st.error("Enter your name and why: both stand in the log. Nothing was undone.")
