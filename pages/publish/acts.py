"""What the buttons of the publishing page do, and what they say afterwards."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from kpi_core.errors import KpiError
from kpi_core.standing import Edition, Standing
from pages.publish import publishing_html
from pages.shared import load, look, person
from pages.shared.selection import Selection

_SAID = "publish-said"
#: The key of the field of the note.
NOTE = "publish-note"


def _by() -> tuple[str, str]:
    """The name and the note as they stand in their fields now."""
    return person.name(), str(st.session_state.get(NOTE, "")).strip()


def tell(of: str = "") -> None:
    """Put on the page what the last button did, or why it did nothing: that of an edition, by its
    number, beside its buttons.
    """
    wrong, text, code, about = st.session_state.get(_SAID, (False, "", "", ""))
    if text and about == of:
        del st.session_state[_SAID]
        look.show(look.render("done.html", wrong=wrong, text=text, code=code))


def prepare(now: Selection) -> None:
    """Freeze the period of the selection as it is now."""

    def act() -> tuple[str, str]:
        at = load.head(*now.key).at
        edition = load.archive(now.organisation).prepare(now.report, at, *_by())
        said = publishing_html.named(edition, now)
        if edition.is_draft:
            return f"{said}. It becomes the published one once another person confirms it.", ""
        return f"{said}. Its hash:", edition.hash

    _do(act)


def buttons(now: Selection, edition: Edition) -> None:
    """Confirm a draft; withdraw whatever is not withdrawn yet."""
    if edition.is_draft:
        st.button("Confirm this draft", on_click=_confirm, args=(now, edition))
    if edition.standing is not Standing.WITHDRAWN:
        with st.popover("Withdraw this edition"):
            st.caption(
                "It goes on being readable and stands in the log, but counts as published no longer."
            )
            st.button("Yes, withdraw it", on_click=_withdraw, args=(now, edition))


def verify(now: Selection, edition: Edition) -> None:
    """Work the hash out anew from the files as they are kept."""

    def act() -> tuple[str, str]:
        found = load.archive(now.organisation).recomputed(edition.number)
        if found == edition.hash:
            return "The files are those that were frozen. The hash that they give:", found
        return "The files are not those that were frozen. The hash that they give now:", found

    _do(act, str(edition.number))


def _confirm(now: Selection, edition: Edition) -> None:
    def act() -> tuple[str, str]:
        done = load.archive(now.organisation).confirm(edition.number, *_by())
        return f"{publishing_html.named(done, now)}. Confirmed by {done.confirmed_by}.", done.hash

    _do(act, str(edition.number))


def _withdraw(now: Selection, edition: Edition) -> None:
    def act() -> tuple[str, str]:
        load.archive(now.organisation).withdraw(edition.number, *_by())
        back = "undo its withdrawal on the page Log"
        return f"Edition {edition.number} is withdrawn. To bring it back, {back}.", ""

    _do(act, str(edition.number))


def _do(act: Callable[[], tuple[str, str]], of: str = "") -> None:
    """Keep what an act says for the run that follows; a refusal is said as it stands."""
    try:
        st.session_state[_SAID] = (False, *act(), of)
    except KpiError as refusal:
        st.session_state[_SAID] = (True, str(refusal), "", of)
