"""Upload: drop files, see how they are read and what they would change, and only then save."""

from __future__ import annotations

import streamlit as st

from pages.manage import upload_html, upload_steps
from pages.shared import downloads, look, person, progress, selection, trouble

chosen = selection.current()
look.show(upload_html.head(chosen))
if not chosen.is_latest:
    look.show(upload_html.only_now())
    st.stop()
contents = upload_steps.files()
if not contents:
    upload_steps.tell_saved(chosen)
    look.show(upload_html.begin(chosen))
    downloads.blank_form(chosen)
    st.stop()
with trouble.kindly(), progress.bar() as show:
    read = upload_steps.batch(chosen, contents, show)
    seen = (
        None if read.problems or read.open_questions else upload_steps.rehearsed(chosen, read, show)
    )
for one in read.files:
    look.show(upload_html.file(one))
    upload_steps.questions(one)
    if one.problems:
        look.show(upload_html.problems(one))
        downloads.annotated(one, contents[one.file], read.answers)
if seen is None:
    look.show(upload_html.not_yet(read))
    st.stop()
look.show(upload_html.rehearsed(chosen, seen))
downloads.table(upload_html.changes(seen), chosen, "upload", "Download these changes as CSV")
look.show(upload_html.accept(read, seen))
who, why = st.columns([1, 2])
with who:
    by = person.field()
with why:
    note = st.text_input(
        "Why", max_chars=500, key="upload-note", placeholder=upload_html.WHY
    ).strip()
unseen = upload_html.errors(seen) and not st.checkbox(upload_html.LOOKED)
if st.button("Save these figures", type="primary"):
    if unseen:
        st.error("Some figures look wrong. Look at each above and tick the box. Nothing was saved.")
    elif by and note:
        with trouble.kindly(), progress.bar() as show:
            upload_steps.save(chosen, read, by, note, show)
        st.rerun()
    else:
        st.error("Enter your name and why: both stand in the log. Nothing was saved.")
