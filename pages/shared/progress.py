"""Progress of long work: a bar that goes when the work is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st

Show = Callable[[float, str], None]


@contextmanager
def bar() -> Iterator[Show]:
    """A bar to be told how much is done and what is being done."""
    place = st.empty()

    def show(share: float, text: str) -> None:
        place.progress(min(share, 1.0), text=text)

    try:
        yield show
    finally:
        place.empty()
