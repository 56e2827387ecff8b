"""Where store and core meet: a selection in, everything that a page shows out.

Pages cache what these functions give by the store's version and the selection. Nothing here knows
how a thing is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from kpi_core import breakdowns, history, registry, schemas, scorecard, series, summary, trend
from kpi_core.breakdowns import Breakdown
from kpi_core.errors import UnknownName, UserError
from kpi_core.figures import Figures
from kpi_core.periods import Frequency, Period
from kpi_core.wording import PLAIN, Wording
from kpi_core.words import Amber, Basis, Comparison, FigureBasis, Kind, Polarity, Rating

#: Periods that a card's chart goes back over: three years of quarters and the one before.
CARD_WINDOW = 13
#: Periods in the grid of ratings.
GRID_WINDOW = 8


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


@dataclass(frozen=True)
class SummaryView:
    """The executive summary."""

    page: Page
    counts: pl.DataFrame  #: see summary.counts
    scorecard: pl.DataFrame  #: see scorecard.kpis; one row for each KPI
    grid: pl.DataFrame  #: see history.grid_of_ratings
    headline: str
    paragraphs: pl.DataFrame  #: section, text of the report's own summary
    warnings: tuple[str, ...]


def executive_summary(figures: Figures, report: str, at: Period) -> SummaryView:
    """Counts, Reds, what changed, the grid of ratings, and what to be careful about."""
    card = scorecard.kpis(figures, report, at)
    kpis = card.filter(pl.col("basis") == FigureBasis.PERIOD)
    return SummaryView(
        page=page(figures, report, at),
        counts=summary.counts(card, figures, report, at),
        scorecard=kpis,
        grid=history.grid_of_ratings(figures, report, kpis, at, GRID_WINDOW),
        headline=summary.headline(card, at, figures.organisation.wording),
        paragraphs=commentary(figures, report, at, ["summary"]),
        warnings=tuple(warnings(kpis, at, figures.organisation.wording)),
    )


#: Why a KPI with a figure may have no rating, by the general rule of Amber.
_WITHOUT = {
    Amber.FLOOR: "no target or floor is set",
    Amber.POINTS: "no target is set",
    Amber.PERCENT: "no target is set",
    Amber.NONE: "no target is set",
    Amber.YEAR_AGO: "no target is set, or no figure of a year ago is known",
}


def warnings(kpis: pl.DataFrame, at: Period, wording: Wording = PLAIN) -> list[str]:
    """What a reader of the ratings should know: each a sentence with its count."""
    said = []

    def say(rows: pl.DataFrame, one: str, many: str) -> None:
        if rows.height:
            said.append(one if rows.height == 1 else many.format(rows.height))

    say(
        kpis.filter(pl.col("rating_basis") == Basis.PUBLISHED),
        "One rating is shown as published: the figures printed cannot decide it.",
        "{} ratings are shown as published: the figures printed cannot decide them.",
    )
    say(
        kpis.filter(pl.col("rating") == Rating.NO_DATA),
        "One KPI has no figure for this period.",
        "{} KPIs have no figure for this period.",
    )
    say(
        kpis.filter(pl.col("end_month") < at.end_month),
        "One KPI shows an earlier period, because its figures come late.",
        "{} KPIs show an earlier period, because their figures come late.",
    )
    say(
        kpis.filter(pl.col("status") == "provisional"),
        "One figure is provisional.",
        "{} figures are provisional.",
    )
    say(
        kpis.filter(pl.col("rating").is_in([str(Rating.NOT_RATED), str(Rating.UNDECIDED)])),
        f"One KPI cannot be rated: {_WITHOUT[wording.amber]}.",
        f"{{}} KPIs cannot be rated: {_WITHOUT[wording.amber]}.",
    )
    return said


@dataclass(frozen=True)
class SectionView:
    """One section of a report: a directorate's page."""

    page: Page
    section: str
    directorate: str
    officers: pl.DataFrame  #: role, name, interim
    counts: pl.DataFrame  #: one row of summary.counts
    kpis: pl.DataFrame  #: rows of scorecard.kpis, each indicator once
    to_date: pl.DataFrame  #: the year-to-date rows, where the report rates it
    activities: pl.DataFrame  #: see scorecard.activities
    places: pl.DataFrame  #: see history.places, of KPIs and activity indicators
    tables: tuple[Breakdown, ...]
    headline: str
    commentary: pl.DataFrame  #: heading, text
    notes: pl.DataFrame  #: indicator, text


def sections(figures: Figures, report: str, at: Period | None = None) -> list[str]:
    """The report's sections, in its order: of one year, or of all years, the latest first."""
    rows = figures.sections.filter(pl.col("report") == report)
    if at is not None:
        rows = rows.filter(pl.col("year") == str(at.year))
    ordered = rows.sort(["year", "order"], descending=[True, False])
    return ordered["section"].unique(maintain_order=True).to_list()


def section(figures: Figures, report: str, at: Period, name: str) -> SectionView:
    """Everything about one section in a period."""
    here = pl.col("section") == name
    everything = scorecard.kpis(figures, report, at)
    card = everything.filter(here)
    placed = registry.placed(figures, report, at).filter(here)
    charted = placed.filter(pl.col("kind").cast(pl.String) != Kind.TABLE)
    comments = commentary(figures, report, at, ["commentary", "note"]).filter(here)
    return SectionView(
        page=page(figures, report, at),
        section=name,
        directorate=directorate(figures, report, at, name),
        officers=officers(figures, report, at, name),
        counts=summary.counts(everything, figures, report, at).filter(here),
        kpis=card.filter(pl.col("basis") == FigureBasis.PERIOD),
        to_date=card.filter(pl.col("basis") == FigureBasis.YTD),
        activities=scorecard.activities(figures, report, at).filter(here),
        places=history.places(figures, report, charted, at, CARD_WINDOW),
        tables=breakdowns.tables(figures, placed, at),
        headline=summary.headline(card, at, figures.organisation.wording),
        commentary=comments.filter(pl.col("kind") == "commentary"),
        notes=comments.filter((pl.col("kind") == "note") & (pl.col("indicator") != "")).select(
            "indicator", "text"
        ),
    )


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


def commentary(figures: Figures, report: str, at: Period, kinds: list[str]) -> pl.DataFrame:
    """What is said in a report about a period, or about a quarter or year that ends with it."""
    ending = {str(p) for p in map(at.ending_with, Frequency) if p.end_month == at.end_month}
    return (
        figures.commentary.filter(
            (pl.col("report") == report)
            & pl.col("period").is_in(sorted(ending))
            & pl.col("kind").cast(pl.String).is_in(kinds)
        )
        .with_columns(pl.col("kind").cast(pl.String))
        .sort("section", "order", "indicator")
    )


@dataclass(frozen=True)
class IndicatorView:
    """One indicator in depth."""

    page: Page
    indicator: dict[str, object]  #: its placement and definition
    row: dict[str, object] | None  #: its row of the scorecard or of the activity indicators
    places: pl.DataFrame  #: see history.places: the whole of its past; with the line of its trend
    line: dict[str, object] | None  #: its trend: see trend.fit
    tables: tuple[Breakdown, ...]
    benchmarks: pl.DataFrame  #: area, period, item, value
    notes: tuple[str, ...]
    sources: tuple[str, ...]
    definitions: pl.DataFrame  #: every definition it has had


def all_indicators(figures: Figures, report: str, at: Period) -> pl.DataFrame:
    """KPIs and activity indicators of a report in a period: indicator, name, section, kind."""
    placed = registry.placed(figures, report, at)
    return placed.filter(pl.col("kind").cast(pl.String) != Kind.TABLE).select(
        "indicator", "name", "section", pl.col("kind").cast(pl.String)
    )


def indicator(figures: Figures, report: str, at: Period, code: str) -> IndicatorView:
    """Everything about one indicator. Raises UnknownName when the report does not place it."""
    framework = registry.placed(figures, report, at)
    placed = framework.filter(pl.col("indicator") == code)
    if placed.is_empty():
        raise UnknownName("indicator", code, framework["indicator"].to_list())
    is_kpi = placed["kind"].cast(pl.String).item() == Kind.KPI
    card = (
        scorecard.kpis(figures, report, at) if is_kpi else scorecard.activities(figures, report, at)
    )
    own = card.filter(pl.col("indicator") == code).sort("basis")
    places = _with_line(history.places(figures, report, placed, at), figures, placed, at)
    observed = figures.observations.filter(pl.col("indicator") == code)
    return IndicatorView(
        page=page(figures, report, at),
        indicator=placed.row(0, named=True),
        row=own.row(0, named=True) if own.height else None,
        places=places,
        line=_line(own, figures) if is_kpi else None,
        tables=breakdowns.tables(figures, placed, at),
        benchmarks=figures.benchmarks.filter(pl.col("indicator") == code).sort(
            "period", "area", "item"
        ),
        notes=_notes(figures, report, at, code),
        sources=tuple(
            sorted(
                {
                    part.strip()
                    for s in observed["source"].to_list()
                    for part in s.split("|")
                    if part.strip()
                }
            )
        ),
        definitions=figures.indicators.filter(pl.col("indicator") == code).sort("from"),
    )


def _with_line(
    places: pl.DataFrame, figures: Figures, placed: pl.DataFrame, at: Period
) -> pl.DataFrame:
    """Add the line that the direction of travel rests on: fit, fit_low, fit_high (Float64).

    Only over the periods that it was fitted to, and only where they are enough. For a range the
    trend is in the distance from it, which is no line among the figures; and where the organisation
    asks for no regression, nothing rests on a line.
    """
    past = series.points(figures.observations, placed, figures.year_start)
    window = scorecard.charted(past, placed, at)
    has_line = placed["polarity"].cast(pl.String).item() in {Polarity.HIGHER, Polarity.LOWER}
    is_asked = Comparison.REGRESSION in figures.organisation.rules.directions
    few = window["value"].is_not_null().sum() < trend.MINIMUM_POINTS
    if few or not has_line or not is_asked:
        none = pl.lit(None, dtype=pl.Float64)
        return places.with_columns(fit=none, fit_low=none, fit_high=none)
    unbounded = pl.lit(None, dtype=schemas.FIGURE)
    bands = placed.select("indicator", "polarity", target_from=unbounded, target_to=unbounded)
    lines = trend.fit(trend.points_of(window.join(bands, on="indicator")))
    fitted_to = window.select("indicator", "end_month", x=pl.col("end_month") / pl.col("months"))
    along = trend.along(lines, fitted_to).drop("x")
    return places.join(along, on=["indicator", "end_month"], how="left", maintain_order="left")


def _line(own: pl.DataFrame, figures: Figures) -> dict[str, object] | None:
    """The regression and the direction that it gives."""
    if own.is_empty() or own["slope"].item(0) is None:
        return None
    row = own.row(0, named=True)
    line = {name: row[name] for name in ("n", "slope", "stderr", "p")}
    if figures.organisation.rules.directions[0] is Comparison.REGRESSION:
        return line | {name: row[name] for name in ("direction", "direction_basis")}
    return line | {"direction": row["direction_regression"], "direction_basis": Basis.COMPUTED}


def _notes(figures: Figures, report: str, at: Period, code: str) -> tuple[str, ...]:
    written = commentary(figures, report, at, ["note", "commentary"]).filter(
        pl.col("indicator") == code
    )
    return tuple(written["text"].to_list())
