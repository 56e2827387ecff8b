"""What every page begins with: which report and period, what stands at the head, who and what is said."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from kpi_core import registry, scorecard
from kpi_core.errors import UnknownName, UserError
from kpi_core.figures import Figures
from kpi_core.periods import Period
from kpi_core.wording import Wording
from kpi_core.words import FigureBasis


def report_and_period(figures: Figures, report: str, period: str) -> tuple[str, Period]:
    """What a report and period mean when either is left out.

    Without a period, the latest that the report has fairly filled; without a report, the
    organisation's own for such a period. Raises PeriodError, UnknownName, UserError.
    """
    organisation = figures.organisation
    if period:
        at = organisation.period(period)
        report = report or organisation.report_for(at)
        _known_report(figures, report)
        _known_year(figures, report, at)
        return report, at
    report = report or organisation.quarterly
    _known_report(figures, report)
    return report, latest_period(figures, report)


def _known_report(figures: Figures, report: str) -> None:
    known = figures.placements["report"].unique().to_list()
    if report not in known:
        raise UnknownName("report", report, known)


def _known_year(figures: Figures, report: str, at: Period) -> None:
    placements = figures.placements.filter(pl.col("report") == report)
    years = placements["year"].unique().sort().to_list()
    if str(at.year) not in years:
        raise UserError(
            f"The report {report} has no framework for {at.year}. "
            f"It has one for: {', '.join(years)}."
        )


def latest_period(figures: Figures, report: str) -> Period:
    """The latest period worth opening: one of which a document was published, or for which more
    than half of the KPIs have a figure. Raises UserError when the report has no period at all.
    """
    periods = registry.report_periods(figures, report)
    if not periods:
        raise UserError(
            f"The report {report} has no figures yet. Load observations.csv with: kpi load FILE"
        )
    frequency = registry.report_frequency(figures, report)
    published = set(registry.published_periods(figures, report, frequency))
    for period in periods:
        if str(period) in published:
            return period
        rated = scorecard.kpis(figures, report, period).filter(
            pl.col("basis") == FigureBasis.PERIOD
        )
        if 2 * rated["value"].is_not_null().sum() > rated.height:
            return period
    return periods[0]


@dataclass(frozen=True)
class Page:
    """Where we are: what stands at the head of every page."""

    organisation: str
    report: str
    report_title: str
    at: Period
    wording: Wording
    made_up: bool


def page(figures: Figures, report: str, at: Period) -> Page:
    """The head of a page."""
    titles = figures.reports.filter(pl.col("report") == report)["title"].to_list()
    organisation = figures.organisation
    return Page(
        organisation.name,
        report,
        titles[0] if titles else report,
        at,
        organisation.wording,
        organisation.made_up,
    )


def sections(figures: Figures, report: str, at: Period | None = None) -> list[str]:
    """The report's sections, in its order: of one year, or of all years, the latest first."""
    rows = figures.sections.filter(pl.col("report") == report)
    if at is not None:
        rows = rows.filter(pl.col("year") == str(at.year))
    ordered = rows.sort(["year", "order"], descending=[True, False])
    return ordered["section"].unique(maintain_order=True).to_list()


def directorate(figures: Figures, report: str, at: Period, name: str) -> str:
    """The directorate to which a section belongs in the period's year; empty where none is named."""
    rows = figures.sections.filter(
        (pl.col("report") == report)
        & (pl.col("section") == name)
        & (pl.col("year") == str(at.year))
    )
    return str(rows["directorate"].item()) if rows.height else ""


def officers(figures: Figures, report: str, at: Period, name: str) -> pl.DataFrame:
    """Who answers for the section: for each role the latest named by the period's end."""
    rows = figures.officers.filter((pl.col("report") == report) & (pl.col("section") == name))
    year = at.year
    begun = [
        text
        for text in rows["from"].unique().to_list()
        if year.first_month <= figures.organisation.period(text).first_month < at.end_month
    ]
    return (
        rows.filter(pl.col("from").is_in(begun))
        .sort("role", "from")
        .unique("role", keep="last", maintain_order=True)
        .select("role", "name", pl.col("interim").fill_null(value=False))
    )
