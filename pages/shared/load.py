"""Cached loaders. The key is the store's version and names from closed lists, nothing else: never a
frame, never free text, so that no answer can outlive its figures.
"""

from __future__ import annotations

from datetime import datetime

import polars as pl
import streamlit as st

from kpi_core import registry, restated, settings, standing, versions, views
from kpi_core.archive import Archive, all_figures
from kpi_core.commentary import Place
from kpi_core.errors import RefusedFiles, UserError
from kpi_core.figures import Figures
from kpi_core.journal import Upload
from kpi_core.periods import Period
from kpi_core.standing import Edition
from kpi_core.store import Store
from pages.shared import addresses

#: Between a version and the moment as at which it is read.
_AS_AT = "@"
#: Between a version and the edition that is read in its stead.
_EDITION = "#"
#: Versions of the figures kept in memory: the latest of a few organisations.
VERSIONS = 4
#: Pages kept: every section of a report for a few years' quarters.
PAGES = 400


@st.cache_resource
def store(organisation: str) -> Store:
    """The store of an organisation. It holds no connection."""
    return settings.open_store(organisation)


def version(organisation: str) -> str:
    """The version of the organisation's figures, after any change of its folder was taken in.

    The first time the store is built, which is shown.
    """
    figures_of = store(organisation)
    bar = st.empty()
    shown = []

    def progress(share: float, text: str) -> None:
        shown.append(share)
        bar.progress(share, text=text)

    try:
        figures_of.refresh(progress)
    except RefusedFiles as error:
        if not figures_of.is_built:
            raise
        _warn(error)
    if shown:
        bar.empty()
    return figures_of.version


def _warn(error: RefusedFiles) -> None:
    """The folder has problems; what was taken in before is shown meanwhile."""
    st.warning("Changes in the organisation's folder were not taken in: its files have problems.")
    with st.expander("What is wrong, and the way out", expanded=True):
        st.code(str(error), language=None, wrap_lines=True)


@st.cache_resource(max_entries=VERSIONS, show_spinner=False)
def figures(organisation: str, version: str) -> Figures:
    """All figures of that version, of a moment before it (see `at_moment`), or of an edition."""
    _, _, number = version.partition(_EDITION)
    if number:
        return archive(organisation).figures(int(number))
    _, _, moment = version.partition(_AS_AT)
    as_at = datetime.fromisoformat(moment) if moment else None
    return all_figures(store(organisation), as_at)


@st.cache_resource(max_entries=VERSIONS, show_spinner=False)
def log(organisation: str, version: str) -> list[Upload]:  # noqa: ARG001  part of the key
    """Everything that was taken in, oldest first."""
    return store(organisation).log()


@st.cache_resource(max_entries=VERSIONS, show_spinner=False)
def moments(organisation: str, version: str) -> list[datetime]:
    """When something was taken in, the latest first."""
    return [upload.at for upload in reversed(log(organisation, version))]


@st.cache_resource(max_entries=VERSIONS, show_spinner="Checking what was received …")
def damage(organisation: str, version: str) -> list[str]:  # noqa: ARG001  part of the key
    """What is not as it was received: see Store.damage. Looked at once for each version."""
    return store(organisation).damage()


def at_moment(version: str, moment: datetime) -> str:
    """The version that holds only what was known at a moment."""
    return f"{version}{_AS_AT}{moment.isoformat()}"


def archive(organisation: str) -> Archive:
    """The editions of an organisation. It holds no connection."""
    return Archive(store(organisation))


@st.cache_resource(max_entries=VERSIONS, show_spinner=False)
def editions(organisation: str, version: str) -> list[Edition]:  # noqa: ARG001  part of the key
    """Every edition and where it stands, the oldest first."""
    return archive(organisation).editions()


def published(organisation: str, version: str) -> pl.DataFrame:
    """The report and period of every edition that is published: report, period String."""
    return standing.published(editions(organisation, version))


def of_edition(version: str, edition: int) -> str:
    """The version that is an edition of those figures."""
    return f"{version}{_EDITION}{edition}"


def of_now(version: str) -> str:
    """The version of the latest figures, whichever moment or edition of them is read."""
    return version.partition(_EDITION)[0].partition(_AS_AT)[0]


@st.cache_resource(max_entries=VERSIONS * 8, show_spinner=False)
def open_points(organisation: str, version: str, report: str, period: str) -> pl.DataFrame:
    """What is open before a period is published."""
    known = figures(organisation, version)
    return views.open_points(known, report, known.organisation.period(period))


@st.cache_resource(max_entries=VERSIONS * 8, show_spinner="Comparing with what was published …")
def restatements(organisation: str, version: str, edition: int) -> pl.DataFrame:
    """What has changed since an edition: see restated.since."""
    then = archive(organisation).figures(edition)
    return restated.since(str(edition), then, figures(organisation, version))


@st.cache_resource(max_entries=VERSIONS, show_spinner="Comparing with what was published …")
def document_restatements(organisation: str, version: str) -> pl.DataFrame:
    """What has changed since documents were printed: see restated.of_documents."""
    return restated.of_documents(figures(organisation, version))


@st.cache_resource(max_entries=VERSIONS * 8, show_spinner=False)
def periods(organisation: str, version: str, report: str) -> list[Period]:
    """The periods that a report can show, latest first."""
    return registry.report_periods(figures(organisation, version), report)


@st.cache_resource(max_entries=VERSIONS * 8, show_spinner=False)
def reports(organisation: str, version: str) -> dict[str, str]:
    """The reports that have a framework, by code with their titles, the quarterly one first."""
    known = figures(organisation, version)
    placed = set(known.placements["report"].to_list())
    titles = dict(known.reports.select("report", "title").iter_rows())
    first = known.organisation.quarterly
    codes = sorted(placed & titles.keys(), key=lambda code: (code != first, code))
    return {code: titles[code] for code in codes}


@st.cache_resource(max_entries=VERSIONS * 8, show_spinner=False)
def sections(organisation: str, version: str, report: str, period: str) -> list[str]:
    """The sections of a report in a period, in its order."""
    known = figures(organisation, version)
    return views.sections(known, report, known.organisation.period(period))


@st.cache_resource(max_entries=VERSIONS, show_spinner=False)
def section_addresses(organisation: str, version: str) -> dict[tuple[str, str], str]:
    """The address of each report's section."""
    return addresses.of_sections(figures(organisation, version))


@st.cache_resource(max_entries=VERSIONS * 8, show_spinner=False)
def latest(organisation: str, version: str, report: str) -> Period:
    """The period to open a report with."""
    return views.latest_period(figures(organisation, version), report)


@st.cache_resource(max_entries=PAGES, show_spinner=False)
def executive_summary(
    organisation: str, version: str, report: str, period: str
) -> views.SummaryView:
    """The executive summary of a period."""
    known = figures(organisation, version)
    return views.executive_summary(known, report, known.organisation.period(period))


@st.cache_resource(max_entries=PAGES, show_spinner=False)
def section(
    organisation: str, version: str, report: str, period: str, name: str
) -> views.SectionView:
    """One section in a period."""
    known = figures(organisation, version)
    return views.section(known, report, known.organisation.period(period), name)


@st.cache_resource(max_entries=PAGES, show_spinner=False)
def what_changed(organisation: str, version: str, report: str, period: str) -> views.ChangesView:
    """What a report says otherwise than the one before: as that was published, if it was."""
    known = figures(organisation, version)
    return views.what_changed_since(known, report, known.organisation.period(period))


@st.cache_resource(max_entries=PAGES, show_spinner=False)
def dashboard(organisation: str, version: str, report: str, period: str) -> views.DashboardView:
    """Every section of a report as tables."""
    known = figures(organisation, version)
    return views.dashboard(known, report, known.organisation.period(period))


@st.cache_resource(max_entries=VERSIONS * 8, show_spinner=False)
def years(organisation: str, version: str, report: str) -> list[Period]:
    """The years of which a report has a framework, latest first, those to come included."""
    return views.years(figures(organisation, version), report)


@st.cache_resource(max_entries=PAGES, show_spinner=False)
def framework(organisation: str, version: str, report: str, year: str) -> views.FrameworkView:
    """The framework of a year."""
    known = figures(organisation, version)
    return views.framework(known, report, known.organisation.period(year))


@st.cache_resource(max_entries=PAGES, show_spinner=False)
def head(organisation: str, version: str, report: str, period: str) -> views.Page:
    """What every page of a report in a period begins with."""
    known = figures(organisation, version)
    return views.page(known, report, known.organisation.period(period))


@st.cache_resource(max_entries=PAGES, show_spinner=False)
def risks(organisation: str, version: str, report: str, period: str) -> views.RiskView | None:
    """The risk register that goes with a report; none where there is none."""
    known = figures(organisation, version)
    try:
        return views.corporate_risks(known, report, known.organisation.period(period))
    except UserError:
        return None


@st.cache_resource(max_entries=PAGES, show_spinner=False)
def risks_of(organisation: str, version: str, report: str, period: str, code: str) -> pl.DataFrame:  # noqa: ARG001
    """The risks that bear on an indicator: see views.risks_of."""
    known = figures(organisation, version)
    return views.risks_of(known, known.organisation.period(period), code)


@st.cache_resource(max_entries=VERSIONS * 8, show_spinner=False)
def registers(organisation: str, version: str, report: str) -> list[tuple[Period, Period]]:
    """The periods of a report that have a risk register: see views.with_registers."""
    return views.with_registers(figures(organisation, version), report)


@st.cache_resource(max_entries=VERSIONS * 8, show_spinner="Reading the commentary …")
def written(organisation: str, version: str, report: str, period: str) -> views.WrittenView:
    """The commentary of a report and period, held against the data."""
    known = figures(organisation, version)
    return views.written(known, report, known.organisation.period(period))


@st.cache_resource(max_entries=PAGES, show_spinner=False)
def text_versions(organisation: str, version: str, place: Place) -> pl.DataFrame:  # noqa: ARG001
    """Every version of a text: see versions.of."""
    return versions.of(store(organisation), "commentary", place.key)


@st.cache_resource(max_entries=VERSIONS, show_spinner="Checking the figures …")
def findings(organisation: str, version: str) -> views.Faults:
    """All that is wrong, or looks wrong, with the figures. It takes about a second."""
    return views.faults(figures(organisation, version))


@st.cache_resource(max_entries=PAGES, show_spinner=False)
def place(organisation: str, version: str, report: str, code: str, of: str) -> views.Place | None:
    """Where a fault of an indicator in the period `of` is best seen."""
    return views.place(figures(organisation, version), code, of, report)
