"""Publishing: freeze a period, confirm or withdraw an edition, check and download it."""

from __future__ import annotations

import streamlit as st

from kpi_core import standing
from pages.publish import acts, publishing_html
from pages.shared import asked, downloads, load, look, person, selection

chosen = selection.current()
now = chosen.of_now()
texts = asked.also("of")
look.show(publishing_html.head(chosen))
acts.tell()
who, why = st.columns([1, 2])
with who:
    person.field()
with why:
    st.text_input("Note", key=acts.NOTE, max_chars=500, help="Why; stands in the log.")
st.button(
    publishing_html.button(now),
    on_click=acts.prepare,
    args=(now,),
    icon=":material/lock:",
)
look.show(publishing_html.listed(now))
known = {str(one.number): one for one in reversed(load.editions(now.organisation, now.version))}
if known:
    asked_for = standing.numbered(known.values(), texts["of"])
    shown = str(asked_for.number) if asked_for else next(iter(known))
    asked.box("Edition", "of", list(known), shown, lambda n: publishing_html.named(known[n], now))
    edition = known[shown]
    left, middle, right = st.columns(3)
    with left:
        st.download_button(
            "Download its files as ZIP",
            data=lambda: load.archive(now.organisation).packed(edition.number),
            file_name=downloads.name(now, f"edition-{edition.number}").removesuffix(".csv")
            + ".zip",
            mime="application/zip",
            on_click="ignore",
            icon=":material/download:",
        )
    with middle:
        st.button(
            "Verify", on_click=acts.verify, args=(now, edition), icon=":material/fingerprint:"
        )
    with right:
        acts.buttons(now, edition)
    acts.tell(shown)
