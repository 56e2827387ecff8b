"""Taking an entry of the log back, and saying what that changed."""

from __future__ import annotations

import streamlit as st

from kpi_core import changes
from pages.shared import load, look
from pages.shared.selection import Selection

_SAID = "undone-said"


def undo(chosen: Selection, entry: int, by: str, note: str) -> None:
    """Take an entry back, and keep what that changes for the run that follows. Raises KpiError."""
    store = load.store(chosen.organisation)
    before = store.figures()
    done = store.undo(entry, by, note)
    told = changes.between(before, store.figures())
    differs = f" What differs now: {'; '.join(told)}." if told else " No figure differs by that."
    st.session_state[_SAID] = f"Entry {entry} is undone, as entry {done.id}.{differs}"


def tell() -> None:
    """Put on the page what the last undoing changed."""
    if said := st.session_state.pop(_SAID, ""):
        look.show(look.render("done.html", wrong=False, text=said, code=""))
