"""Who sits here: a name that stands in the log, asked for once and kept for the session."""

from __future__ import annotations

import streamlit as st

_KEY = "by"
_FIELD = "by-field"


def ask() -> None:
    """Draw the field.

    Streamlit forgets a field that a page does not draw, so the name is kept beside it.
    """
    st.text_input(
        "Your name",
        value=st.session_state.get(_KEY, ""),
        key=_FIELD,
        help="Stands in the log beside what you do.",
        max_chars=100,
    )
    st.session_state[_KEY] = name()


def name() -> str:
    """The name as it stands in the field now, for callbacks too; empty while there is none."""
    return " ".join(str(st.session_state.get(_FIELD, "")).split())
