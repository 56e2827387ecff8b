"""Report and papers: choose one, make it, look at it, take it along."""

from __future__ import annotations

import streamlit as st

from pages.publish import papers, report_html
from pages.shared import asked, look, progress, selection, trouble

chosen = selection.current()
texts = asked.also("paper", "format")
look.show(report_html.head(chosen))
paper = selection.one_of("paper", texts["paper"], papers.PAPERS)
ending = selection.one_of("format", texts["format"], papers.FORMATS)
which, how = st.columns(2)
with which:
    asked.box("Paper", "paper", list(papers.PAPERS), paper, papers.PAPERS.__getitem__)
with how:
    asked.box("File", "format", list(papers.FORMATS), ending, papers.FORMATS.__getitem__)
if st.button("Make this paper", type="primary", icon=":material/description:"):
    with trouble.kindly(), progress.bar() as show:
        papers.make(chosen, paper, ending, show)
if made := papers.made(chosen, paper, ending):
    look.show(report_html.made(made))
    st.download_button(
        f"Download {made.name}",
        data=made.content,
        file_name=made.name,
        on_click="ignore",
        icon=":material/download:",
    )
    look.show(report_html.preview(made))
else:
    look.show(report_html.what(chosen, paper))
