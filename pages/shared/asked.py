"""What the address of a page asks for, and the boxes of the sidebar that show it.

Each choice stands in the address as its code, while its box shows a name. Streamlit binds a box to
the address by the very text that it shows, and drops a text that is not among its options without
a word. So a field that nobody sees is bound in the box's stead: it keeps what was asked for, known
or not, and the page can say when it shows something else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

NAMES = ("organisation", "report", "period", "as_at", "edition")


def read() -> dict[str, str]:
    """What the address asks for by name; empty where it says nothing. Once in each run."""
    with st.container(key="asked"):  # not displayed, see look.css
        return {name: _field(name) for name in NAMES}


def also(*names: str) -> dict[str, str]:
    """What the address asks for of one page alone; empty where it says nothing. Once in each run."""
    with st.container(key="asked-here"):
        return {name: _field(name) for name in names}


def ask(name: str, text: str) -> None:
    """Ask for something else from the next run on: for callbacks of the page's own fields."""
    st.session_state[name] = text


def _field(name: str) -> str:
    field = st.text_input(name, key=name, bind="query-params", label_visibility="collapsed")
    return field.strip()


def box(
    label: str,
    name: str,
    options: Sequence[str],
    shown: str,
    format_func: Callable[[str], str] = str,
    *,
    unasked: str | None = None,
    forget: Sequence[str] = (),
) -> None:
    """A box that shows one of its options. The first, or `unasked`, is what holds unasked.

    Another choice forgets what was asked for by the names in `forget`.
    """
    key = f"{name}-chosen"
    if st.session_state.get(key) != shown:
        st.session_state[key] = shown
    st.selectbox(
        label,
        options,
        key=key,
        format_func=format_func,
        on_change=_ask,
        args=(name, key, options[0] if unasked is None else unasked, forget),
    )


def _ask(name: str, key: str, unasked: str, forget: Sequence[str]) -> None:
    chosen = st.session_state[key]
    ask(name, "" if chosen == unasked else chosen)
    for other in forget:
        ask(other, "")
