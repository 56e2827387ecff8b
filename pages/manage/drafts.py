"""A text while it is written: its fields, saving it, taking it back, its earlier versions."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
import streamlit as st

from kpi_core import commentary
from kpi_core.commentary import Place
from kpi_core.errors import KpiError
from kpi_core.views import WrittenView
from kpi_core.words import Said
from pages.manage import commentary_html
from pages.shared import load, look
from pages.shared.selection import Selection

#: The upload that was saved last in this session, until it is undone; and what was done last.
_SAVED, _DONE = "commentary-saved", "commentary-done"
#: Longer ones are documents, not commentary.
_LONGEST = 5000


@dataclass(frozen=True)
class Draft:
    """A text as it stands in its fields, and whether it differs from what is saved."""

    heading: str
    text: str
    has_changed: bool


def fields(chosen: Selection, view: WrittenView, place: Place, *, closed: bool) -> Draft:
    """Draw the fields of a text. What is typed stays until it is saved, whatever else is chosen."""
    saved = view.at(place).filter(pl.col("order") == place.order)
    held = saved.select("heading", "text").row(0) if saved.height else ("", "")
    heading, text = held
    if place.kind == Said.COMMENTARY:
        if not saved.height:
            heading = next(iter(view.earlier(place)["heading"].to_list()), "")
        key = _key(chosen, place, "heading")
        st.session_state.setdefault(key, heading)
        heading = st.text_input(
            "Heading (may be left empty)",
            key=key,
            disabled=closed,
            max_chars=200,
            persist_state="session",
        )
    key = _key(chosen, place, "text")
    st.session_state.setdefault(key, text)
    written = st.text_area(
        "Text",
        key=key,
        height=220,
        max_chars=_LONGEST,
        disabled=closed,
        persist_state="session",
        help="The checks below run when you leave the field, or press Ctrl and Enter.",
    )
    return Draft(heading, written, (heading, written) != held)


def save(chosen: Selection, place: Place, draft: Draft, by: str, *, closed: bool) -> None:
    """Draw the button that saves; say what is missing where something is."""
    if not st.button("Save", type="primary", disabled=closed):
        return
    if not commentary.tidy(draft.text):
        st.warning("There is no text yet. Write one, then save.")
    elif not draft.has_changed:
        st.warning("This is what is saved already. Change the text, then save.")
    elif not by:
        st.warning("Enter your name: it stands in the log with what you save.")
    else:
        content = commentary.file_of(place, draft.heading, draft.text, by)
        try:
            upload = load.store(chosen.organisation).commit(
                {commentary.FILE: content}, by, f"Written on the page: {_named(place)}"
            )
        except KpiError as error:
            st.error(f"Nothing was saved. {error}")
            return
        st.session_state[_SAVED] = upload.id
        st.session_state[_DONE] = f"Saved as upload {upload.id}."
        _forget(chosen, place)
        st.rerun()


def offer_undo(chosen: Selection, by: str) -> None:
    """Say what was done last, and draw the button that takes it back."""
    if _DONE in st.session_state:
        st.success(st.session_state.pop(_DONE))
    upload = st.session_state.get(_SAVED)
    if upload is None or not st.button(f"Undo upload {upload}"):
        return
    if not by:
        st.warning("Enter your name: it stands in the log with what you undo.")
    else:
        try:
            load.store(chosen.organisation).undo(upload, by)
            st.session_state[_DONE] = f"Upload {upload} is undone."
        except KpiError as error:
            st.session_state[_DONE] = str(error)
        del st.session_state[_SAVED]
        for key in [key for key in st.session_state if str(key).startswith("written ")]:
            del st.session_state[key]
        st.rerun()


def versions(chosen: Selection, place: Place, *, closed: bool) -> None:
    """Every version of the text, each with a button that takes it into the field."""
    held = load.text_versions(chosen.organisation, chosen.version, place)
    if held.is_empty():
        return
    with st.expander(f"Versions ({held.height})"):
        for row in held.iter_rows(named=True):
            look.show(commentary_html.version(row))
            st.button(
                f"Take the version of upload {row['upload']} into the field",
                on_click=_take,
                args=(_key(chosen, place, "text"), row["text"]),
                disabled=closed,
            )


def _take(key: str, text: str) -> None:
    st.session_state[key] = text


def _forget(chosen: Selection, place: Place) -> None:
    """The fields show what is saved from now on."""
    for name in ("heading", "text"):
        st.session_state.pop(_key(chosen, place, name), None)


def _key(chosen: Selection, place: Place, name: str) -> str:
    return f"written {chosen.organisation} {name} {tuple(place.key.values())}"


def _named(place: Place) -> str:
    about = place.indicator or place.section or "the whole report"
    return f"{place.kind} on {about}, {place.period}"
