"""What the visitor has chosen: organisation, report and period, kept in the URL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

import streamlit as st

from kpi_core import settings, standing
from kpi_core.errors import KpiError, PeriodError, UserError
from kpi_core.organisation import Organisation
from kpi_core.standing import Edition, Standing
from pages.shared import asked, load, look, trouble

_KEY = "selection"
#: The place of the quiet lines above the page.
_LINES = "notices"

#: The choice of no moment in particular.
NOW = "Now"
#: The choice of no edition.
_LATEST_FIGURES = "Latest"
#: What the latest period is called in its box; the period itself follows in brackets.
LATEST = "Latest"
#: Of a text of the address, as much is repeated.
_LONGEST = 40
#: What another choice in the sidebar forgets: an edition is of one report and period.
_EDITION = ("edition",)


@dataclass(frozen=True)
class Selection:
    """One choice of the sidebar, and the version of the figures that it looks at."""

    organisation: str
    version: str
    report: str
    period: str
    as_at: str = ""  #: the moment as at which the figures are read; empty for now
    made_up: bool = False
    edition: str = ""  #: the number of the edition that is read; empty for the latest figures
    published: str = ""  #: what the head of a page says of that edition
    about: tuple[str, str] = ("", "")  #: the report and period of that edition

    @property
    def key(self) -> tuple[str, str, str, str]:
        """The arguments that every cached loader begins with."""
        return (self.organisation, self.version, self.report, self.period)

    @property
    def seen(self) -> str:
        """What the head of a page says of the figures: the latest, as at a moment, as published."""
        if self.published:
            return self.published
        return f"as at {self.as_at} (UTC)" if self.as_at else "latest figures"

    @property
    def is_latest(self) -> bool:
        """Whether the figures are those of now: only then can anything be added to them."""
        return not (self.as_at or self.edition)

    def link(self, page: str, **more: str) -> str:
        """A link to another page that carries the selection along."""
        chosen = {"report": self.report, "period": self.period}
        if self.organisation != settings.FIRST or len(settings.organisations()) > 1:
            chosen["organisation"] = self.organisation
        if self.as_at:
            chosen["as_at"] = self.as_at
        chosen |= more
        if self.edition and (chosen["report"], chosen["period"]) == self.about:
            chosen["edition"] = self.edition
        return f"{page}?{urlencode(chosen)}"

    def of_report(self, report: str) -> Selection:
        """The same selection for a page that belongs to one report, at a period that it shows."""
        if report == self.report:
            return self
        now = self.of_now() if self.edition else self
        latest = load.latest(now.organisation, now.version, report)
        return replace(now, report=report, period=str(latest))

    def of_now(self) -> Selection:
        """The same report and period with the latest figures."""
        version = load.of_now(self.version)
        return replace(self, version=version, as_at="", edition="", published="", about=("", ""))


@dataclass(frozen=True)
class Nothing:
    """There is no selection: why."""

    organisation: str
    reason: KpiError


def begin() -> Selection | Nothing:
    """Draw the sidebar, once in a run; the pages of this run then ask with `current`."""
    texts = asked.read()
    # Always there, so that the page below keeps its place while lines come and go.
    st.session_state[_LINES] = st.container(key="notices")
    organisation = ""
    try:
        organisation = _organisation(texts["organisation"])
        kept: Selection | Nothing = _choose(organisation, texts)
    except KpiError as reason:
        kept = Nothing(organisation, reason)
    st.session_state[_KEY] = kept
    return kept


def end() -> None:
    """Forget the selection of this run: the next one draws its own sidebar."""
    st.session_state.pop(_KEY, None)
    st.session_state.pop(_LINES, None)


def current() -> Selection:
    """The selection of this run. Where there is none the page says why, and ends here.

    A page that runs without the frame draws the sidebar itself.
    """
    kept = st.session_state.get(_KEY)
    if kept is None:
        kept = begin()
        end()
    if isinstance(kept, Nothing):
        trouble.show(kept.organisation, kept.reason)
        st.stop()
    chosen: Selection = kept
    return chosen


def chosen() -> Selection | None:
    """The selection of this run; none where there is nothing to choose yet."""
    kept = st.session_state.get(_KEY)
    return kept if isinstance(kept, Selection) else None


def council() -> Organisation | None:
    """The organisation of this run, as far as its settings can be read."""
    kept = st.session_state.get(_KEY)
    if kept is None:
        kept = begin()
        end()
    return settings.councils().get(kept.organisation)


def say(text: str) -> None:
    """A quiet line above the page: something else is shown than was asked for."""
    with st.session_state.get(_LINES) or st.container():
        st.html(look.render("notice.html", text=text))


def one_of(name: str, wanted: str, known: Mapping[str, str]) -> str:
    """The code that the address asks for, or else the first one; an unknown one is told."""
    first = next(iter(known))
    if wanted and wanted not in known:
        say(f"There is no {name} {_quoted(wanted)}: {known[first]} is shown.")
    return wanted if wanted in known else first


def say_no_page(address: str) -> None:
    """The quiet line of an address that the organisation shown does not have."""
    shown = council()
    who = shown.name if shown else "The organisation"
    say(f"{who} has no page {_quoted(address)}: its executive summary is shown.")


def _organisation(wanted: str) -> str:
    """The organisation asked for, or else the first one."""
    known = settings.councils()
    if not known:
        raise UserError(
            f"There is no organisation in {settings.as_shown(settings.data_folder())}. "
            "Each is a folder with an organisation.toml and its CSV files. "
            "To begin one: kpi new NAME"
        )
    first = next(iter(known))
    chosen = wanted if wanted in known else first
    names = {code: council.name if council else code for code, council in known.items()}
    if len(known) > 1:
        with st.sidebar:
            asked.box(
                "Organisation",
                "organisation",
                list(known),
                chosen,
                lambda c: _told(c, names),
                forget=_EDITION,
            )
    if wanted and wanted != chosen:
        say(f"There is no organisation {_quoted(wanted)}: {names[first]} is shown.")
    return chosen


def _told(code: str, names: Mapping[str, str]) -> str:
    """The name of an organisation, with its code where another has the same name."""
    name = names[code]
    return f"{name} ({code})" if list(names.values()).count(name) > 1 else name


def _choose(organisation: str, texts: Mapping[str, str]) -> Selection:
    """The selection of an organisation. Raises KpiError where there is nothing to choose."""
    version = load.version(organisation)
    council = load.figures(organisation, version).organisation
    report = _report(council, version, texts["report"])
    period = _period(council, version, report, texts["period"])
    edition = _edition(council, version, report, period, texts["edition"])
    as_at, version = _as_at(council, version, "" if edition else texts["as_at"])
    chosen = Selection(organisation, version, report, period, as_at, council.made_up)
    if edition is None:
        return chosen
    frozen = load.of_edition(version, edition.number)
    load.figures(organisation, frozen)  # says here if its files are damaged
    return replace(
        chosen, version=frozen, edition=str(edition.number),
        published=edition.words, about=(report, period),
    )  # fmt: skip


def _report(council: Organisation, version: str, wanted: str) -> str:
    """The report asked for, by its code or its title, or else the first one."""
    titles = load.reports(council.code, version)
    if not titles:
        raise trouble.NothingYet
    codes = list(titles)
    known = {title: code for code, title in titles.items()} | dict(zip(codes, codes, strict=True))
    report = known.get(wanted, codes[0])
    if len(codes) > 1:
        with st.sidebar:
            asked.box("Report", "report", codes, report, titles.__getitem__, forget=_EDITION)
    if wanted and wanted not in known:
        say(f"{council.name} has no report {_quoted(wanted)}: the {titles[report]} is shown.")
    return report


def _period(council: Organisation, version: str, report: str, wanted: str) -> str:
    """The period asked for. Left alone it is the latest, and moves on when figures do; chosen, it
    stands in the URL, so that a link that is shared goes on showing what was meant.
    """
    known = [str(period) for period in load.periods(council.code, version, report)]
    if not known:
        raise trouble.NothingYet
    latest = str(load.latest(council.code, version, report))
    newest = f"{LATEST} ({latest})"
    with st.sidebar:
        shown = wanted if wanted in known else newest
        asked.box("Period", "period", [newest, *known], shown, forget=_EDITION)
    if wanted in known:
        return wanted
    if wanted and not wanted.startswith(LATEST):
        who = _who(council, version, report, wanted)
        say(f"{who} has no {_as_period(council, wanted)}: its latest period is shown.")
    return latest


def _who(council: Organisation, version: str, report: str, wanted: str) -> str:
    """Who has no such period: the report alone, where another of the organisation has it."""
    titles = load.reports(council.code, version)
    for other in titles:
        if wanted in map(str, load.periods(council.code, version, other)):
            return titles[report]
    return council.name


def _as_period(council: Organisation, wanted: str) -> str:
    try:
        return str(council.period(wanted))
    except PeriodError:
        return f"period {_quoted(wanted)}"


def _as_at(council: Organisation, version: str, wanted: str) -> tuple[str, str]:
    """The moment as at which to read the figures, and the version of that moment.

    There is a choice only once something was taken in after the first build.
    """
    known = load.moments(council.code, version)
    # To the second, which people can read: a moment stands for all that was taken in within it.
    texts = {f"{moment:%Y-%m-%d %H:%M:%S}": moment for moment in reversed(known)}
    shown = wanted if wanted in texts else NOW
    if len(known) > 1:
        with st.sidebar:
            asked.box("As at", "as_at", [NOW, *reversed(texts)], shown, forget=_EDITION)
    if wanted not in ("", NOW) and wanted not in texts:
        say(f"{council.name} took nothing in at {_cut(wanted)}: its figures of now are shown.")
    if shown == NOW or len(known) == 1:
        return "", version
    return shown, load.at_moment(version, texts[shown])


def _edition(
    council: Organisation, version: str, report: str, period: str, wanted: str
) -> Edition | None:
    """The edition asked for; none for the latest figures.

    There is a choice only where the report's period has been frozen.
    """
    known = {
        str(one.number): one
        for one in reversed(load.editions(council.code, version))
        if (one.report, one.period) == (report, period)
    }
    edition = standing.numbered(known.values(), wanted)
    shown = str(edition.number) if edition else _LATEST_FIGURES
    if known:
        words = {_LATEST_FIGURES: _LATEST_FIGURES} | {
            number: one.words[:1].upper() + one.words[1:] for number, one in known.items()
        }
        with st.sidebar:
            asked.box("Figures", "edition", list(words), shown, words.__getitem__, forget=["as_at"])
    if wanted not in ("", _LATEST_FIGURES) and edition is None:
        of = f"{load.reports(council.code, version)[report]}, {council.period(period).words},"
        say(f"{of} has no edition {_quoted(wanted)}: the latest figures are shown.")
    if edition and edition.is_draft:
        say(f"This is a DRAFT: edition {edition.number} is not published until it is confirmed.")
    if edition and edition.standing is Standing.WITHDRAWN:
        say(f"Edition {edition.number} was withdrawn: it counts as published no longer.")
    return edition


def _quoted(text: str) -> str:
    return f"“{_cut(text)}”"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
