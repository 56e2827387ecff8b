"""Who is at the keyboard: a name that stands in the log with whatever is saved."""

from __future__ import annotations

import streamlit as st

#: As long as a name may be.
_LONGEST = 80


def field(key: str = "by") -> str:
    """Draw the field for the name; what stands in it. It is asked for once in a session."""
    st.session_state.setdefault("person", "")
    st.session_state[key] = st.session_state["person"]

    def keep() -> None:
        st.session_state["person"] = st.session_state[key].strip()

    st.text_input(
        "Your name", key=key, max_chars=_LONGEST, on_change=keep, autocomplete="name",
        placeholder="As it should stand in the log",
    )  # fmt: skip
    return str(st.session_state["person"])
