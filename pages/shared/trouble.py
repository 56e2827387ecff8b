"""What a page says that has nothing to show: what to do next, or what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from kpi_core import completeness, settings
from kpi_core.errors import KpiError, UserError
from pages.shared import load, look


class NothingYet(UserError):
    """The organisation has no report that could be shown yet."""


@contextmanager
def kindly() -> Iterator[None]:
    """Tell what a person can mend, and end the page there; nothing was saved."""
    try:
        yield
    except KpiError as error:
        st.error("Nothing was saved. What is wrong, and the way out:")
        st.code(str(error), language=None, wrap_lines=True)
        st.stop()


def show(organisation: str, reason: KpiError) -> None:
    """Put the reason on the page."""
    if isinstance(reason, NothingYet):
        _what_to_do(organisation)
        return
    st.error("The figures cannot be shown. What is wrong, and the way out:")
    st.code(str(reason), language=None, wrap_lines=True)


def _what_to_do(code: str) -> None:
    figures = load.figures(code, load.version(code))
    council, folder = figures.organisation, settings.data_folder() / code
    look.show(
        look.render(
            "empty.html",
            council.wording,
            organisation=council.name,
            code=code,
            made_up=council.made_up,
            folder=settings.as_shown(folder),
            has_guide=(folder / "README.md").exists(),
            notes=[note.partition(": ") for note in completeness.notes(figures)],
        )
    )
