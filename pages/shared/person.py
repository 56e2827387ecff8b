"""Who sits here: a name that stands in the log, asked for once and kept for the session."""

from __future__ import annotations

import streamlit as st

#: As long as a name may be.
_LONGEST = 100
_KEY = "person"
_FIELD = "by"


def field() -> str:
    """Draw the field for the name; what stands in it.

    Streamlit forgets a field that a page does not draw, so the name is kept beside it.
    """
    st.text_input(
        "Your name",
        value=st.session_state.get(_KEY, ""),
        key=_FIELD,
        help="Stands in the log beside what you do.",
        max_chars=_LONGEST,
    )
    st.session_state[_KEY] = name()
    return name()


def name() -> str:
    """The name as it stands now, for callbacks too; empty while there is none."""
    typed = st.session_state.get(_FIELD, st.session_state.get(_KEY, ""))
    return " ".join(str(typed).split())
