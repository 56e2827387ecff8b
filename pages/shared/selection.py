"""What the visitor has chosen: organisation, report and period, kept in the URL."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlencode

import streamlit as st

from kpi_core import settings
from kpi_core.errors import UserError
from pages.shared import load

_KEY = "selection"

#: The choice of no moment in particular.
NOW = "Now"


@dataclass(frozen=True)
class Selection:
    """One choice of the sidebar, and the version of the figures that it looks at."""

    organisation: str
    version: str
    report: str
    period: str
    title: str = ""  #: of the report, as the sidebar and the URL have it
    as_at: str = ""  #: the moment as at which the figures are read; empty for now

    @property
    def key(self) -> tuple[str, str, str, str]:
        """The arguments that every cached loader begins with."""
        return (self.organisation, self.version, self.report, self.period)

    @property
    def seen(self) -> str:
        """What the head of a page says of the figures: the latest, or as at a moment."""
        return f"as at {self.as_at} (UTC)" if self.as_at else "latest figures"

    def link(self, page: str, **more: str) -> str:
        """A link to another page that carries the selection along."""
        chosen = {"report": self.title, "period": self.period}
        if len(settings.organisations()) > 1:
            chosen["organisation"] = self.organisation
        if self.as_at:
            chosen["as_at"] = self.as_at
        return f"{page}?{urlencode({**chosen, **more})}"

    def of_report(self, report: str) -> Selection:
        """The same selection for a page that belongs to one report, at a period that it shows."""
        if report == self.report:
            return self
        latest = load.latest(self.organisation, self.version, report)
        return replace(self, report=report, period=str(latest))


def choose() -> Selection:
    """Draw the sidebar and give what it says. Raises UserError when there is nothing to choose."""
    with st.sidebar:
        organisation = _organisation()
    version = load.version(organisation)
    with st.sidebar:
        report, title = _report(organisation, version)
        period = _period(organisation, version, report)
        as_at, version = _as_at(organisation, version)
    selection = Selection(organisation, version, report, period, title, as_at)
    st.session_state[_KEY] = selection
    return selection


def current() -> Selection:
    """The selection of this run; a page that runs without the frame draws the sidebar itself."""
    chosen = st.session_state.get(_KEY)
    return chosen if isinstance(chosen, Selection) else choose()


def _organisation() -> str:
    known = settings.organisations()
    if not known:
        raise UserError(
            f"There is no organisation in {settings.data_folder()}. "
            "Each is a folder with an organisation.toml and its CSV files."
        )
    if len(known) == 1:
        return known[0]
    chosen = st.selectbox("Organisation", known, key="organisation", bind="query-params")
    return chosen or known[0]


def _report(organisation: str, version: str) -> tuple[str, str]:
    """The report asked for: its code and its title."""
    titles = load.reports(organisation, version)
    if not titles:
        raise UserError("No report has a framework yet. Load placements.csv with: kpi load FILE")
    codes = list(titles)
    if len(codes) == 1:
        return codes[0], titles[codes[0]]
    chosen = st.selectbox(
        "Report", codes, format_func=titles.__getitem__, key="report", bind="query-params"
    )
    report = chosen or codes[0]
    return report, titles[report]


def _period(organisation: str, version: str, report: str) -> str:
    """The period asked for. Left alone it is the latest, and moves on when figures do; chosen, it
    stands in the URL, so that a link that is shared goes on showing what was meant.
    """
    latest = str(load.latest(organisation, version, report))
    newest = f"Latest ({latest})"
    known = [str(period) for period in load.periods(organisation, version, report)]
    chosen = st.selectbox("Period", [newest, *known], key="period", bind="query-params")
    return latest if chosen in (None, newest) else chosen


def _as_at(organisation: str, version: str) -> tuple[str, str]:
    """The moment as at which to read the figures, and the version of that moment.

    There is a choice only once something was taken in after the first build.
    """
    known = load.moments(organisation, version)
    if len(known) == 1:
        return "", version
    # To the second, which people can read: a moment stands for all that was taken in within it.
    texts = {f"{moment:%Y-%m-%d %H:%M:%S}": moment for moment in reversed(known)}
    options = [NOW, *reversed(texts)]
    chosen = st.selectbox("As at", options, key="as_at", bind="query-params") or NOW
    if chosen == NOW:
        return "", version
    return chosen, load.at_moment(version, texts[chosen])
