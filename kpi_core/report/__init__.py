"""Papers that a committee can receive: a Report tree built from views, one writer for each format.

`build` gives the paper as a value, `write` puts it on paper, `make` does both. The same figures and
the same edition give the same bytes: nothing here reads a clock.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

from kpi_core import display, views
from kpi_core.errors import UserError
from kpi_core.figures import Figures
from kpi_core.periods import Period
from kpi_core.report import cover, monthly, quarterly, yearly
from kpi_core.report.charted import Progress
from kpi_core.report.edition import Edition, edition_of
from kpi_core.report.tree import Paper, printable

__all__ = [
    "Edition", "Format", "Kind", "Paper", "Progress", "asked", "build", "edition_of", "format_of",
    "make", "pages", "write",
]  # fmt: skip

_Choice = TypeVar("_Choice", bound=StrEnum)


class Kind(StrEnum):
    """Which paper."""

    QPR = "qpr"
    COVER_PAPER = "cover-paper"
    DASHBOARD = "dashboard"
    FRAMEWORK = "framework"

    @property
    def words(self) -> str:
        """What the paper is called where one is chosen."""
        return {
            Kind.QPR: "Quarterly Performance Report",
            Kind.COVER_PAPER: "Cover paper",
            Kind.DASHBOARD: "Dashboard",
            Kind.FRAMEWORK: "Framework of the year",
        }[self]


class Format(StrEnum):
    """Which kind of file."""

    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    HTML = "html"


_BUILDERS = {
    Kind.QPR: quarterly.build,
    Kind.COVER_PAPER: cover.build,
    Kind.DASHBOARD: monthly.build,
    Kind.FRAMEWORK: yearly.build,
}


def _silent(done: str, share: float) -> None:
    """The progress of a paper that nobody waits for."""


def make(
    figures: Figures,
    paper: str,
    period: str = "",
    format: str = Format.PDF,
    *,
    report: str = "",
    edition: Edition | None = None,
    progress: Progress | None = None,
) -> bytes:
    """A paper as a file.

    `paper` is a Kind, `format` a Format. Without a period, the latest; without a report, the
    organisation's own for such a paper. `progress` is told what is being done, and how much of it is
    (0 to 1). Raises UnknownName, PeriodError and UserError, each with the way out.
    """
    told = progress or _silent
    kind, written_as = _known("paper", paper, Kind), _known("format", format, Format)
    at = asked(figures, kind, report, period)
    return write(build(figures, kind, *at, edition=edition, progress=told), written_as, told)


def format_of(name: str) -> Format:
    """The format that the end of a file's name asks for. Raises UserError."""
    _, dot, end = name.rpartition(".")
    try:
        return Format(end.lower() if dot else "")
    except ValueError:
        ends = display.listed([f".{one}" for one in Format])
        raise UserError(
            f'"{name}" does not say which kind of file to write. Let it end in one of {ends}.'
        ) from None


def asked(figures: Figures, kind: str, report: str, period: str) -> tuple[str, Period]:
    """The report and period that are meant where either is left out."""
    if not report:
        organisation = figures.organisation
        is_monthly = _known("paper", kind, Kind) is Kind.DASHBOARD
        report = organisation.monthly if is_monthly and not period else ""
        if is_monthly and period:
            report = organisation.report_for(organisation.period(period))
    return views.report_and_period(figures, report, period)


def build(
    figures: Figures,
    kind: str,
    report: str,
    at: Period,
    *,
    edition: Edition | None = None,
    progress: Progress = _silent,
) -> Paper:
    """A paper of a report and period, as a value."""
    paper = _BUILDERS[_known("paper", kind, Kind)](figures, report, at, edition, progress)
    whole: Paper = printable(paper)
    return whole


def write(paper: Paper, format: str, progress: Progress = _silent) -> bytes:
    """A paper as a file of that format."""
    written_as = _known("format", format, Format)
    progress(f"Writing the {written_as.upper()}", 0.0)
    content = _writer(written_as)(paper)
    progress(f"Writing the {written_as.upper()}", 1.0)
    return content


def pages(paper: Paper, most: int) -> list[bytes]:
    """The first pages of a paper as PNG, to be looked at before it is taken along."""
    from kpi_core.report.pdf import pictured  # noqa: PLC0415

    return pictured(paper)[:most]


def _writer(format: Format) -> Callable[[Paper], bytes]:
    """The writer of a format; its library is only imported where it is used."""
    if format is Format.PDF:
        from kpi_core.report.pdf import pdf as writer  # noqa: PLC0415
    elif format is Format.DOCX:
        from kpi_core.report.docx import docx as writer  # noqa: PLC0415
    elif format is Format.XLSX:
        from kpi_core.report.xlsx import xlsx as writer  # noqa: PLC0415
    else:
        from kpi_core.report.html import html as writer  # noqa: PLC0415
    return writer


def _known(what: str, name: str, choices: type[_Choice]) -> _Choice:
    try:
        return choices(name)
    except ValueError:
        raise UserError(f'There is no {what} "{name}". Known: {", ".join(choices)}.') from None
