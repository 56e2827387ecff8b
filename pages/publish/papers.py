"""A paper made at a visitor's wish: kept in his session until he wishes for another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from kpi_core import report
from kpi_core.report import Format, Kind
from pages.shared import downloads, load
from pages.shared.selection import Selection

#: The papers and the files they can be, by the code in the address.
PAPERS = {str(kind): kind.words for kind in Kind}
FORMATS = {
    str(Format.PDF): "PDF, to send out",
    str(Format.DOCX): "Word, to go on editing",
    str(Format.XLSX): "Excel, for the figures",
    str(Format.HTML): "Web page in one file",
}
_MADE = "paper-made"
#: Pages that are shown before somebody downloads.
_SHOWN = 3


@dataclass(frozen=True)
class Made:
    """A paper as a file, and its first pages as pictures."""

    title: str
    made_from: str
    warnings: tuple[str, ...]
    name: str
    content: bytes
    pages: tuple[bytes, ...]


def made(chosen: Selection, paper: str, format: str) -> Made | None:
    """The paper of just this choice, if it was made."""
    of, kept = st.session_state.get(_MADE, (None, None))
    return kept if of == (chosen, paper, format) else None


def make(chosen: Selection, paper: str, format: str, show: Callable[[float, str], None]) -> None:
    """Make the paper. Raises UserError where there is nothing to make it of."""
    figures = load.figures(chosen.organisation, chosen.version)
    period = figures.organisation.period(chosen.period)
    wanted = str(period.year) if paper == Kind.FRAMEWORK else chosen.period
    where = report.asked(figures, paper, chosen.report, wanted)

    def tell(doing: str, share: float) -> None:
        show(share, doing)

    built = report.build(figures, paper, *where, edition=_edition(chosen), progress=tell)
    content = report.write(built, format, tell)
    name = downloads.name(chosen, paper).removesuffix("csv") + format
    pages = report.pages(built, _SHOWN)
    st.session_state[_MADE] = (
        (chosen, paper, format),
        Made(built.title, built.made_from, tuple(built.warnings), name, content, tuple(pages)),
    )


def _edition(chosen: Selection) -> report.Edition | None:
    known = load.editions(chosen.organisation, load.of_now(chosen.version))
    return next(
        (report.edition_of(one) for one in known if str(one.number) == chosen.edition), None
    )
