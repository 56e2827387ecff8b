"""The executive summary: a selection in, all that its page shows out."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from kpi_core import commentary, display, history, robust, scorecard, summary
from kpi_core.figures import Figures
from kpi_core.periods import Period
from kpi_core.views.head import Page, page
from kpi_core.wording import PLAIN, Wording
from kpi_core.words import Amber, Basis, Comparison, FigureBasis, Rating

#: Headings of texts that say no more than the summary's own, in small letters.
OVERALL = ("", "overall", "executive summary", "summary")
#: Periods in the grid of ratings.
GRID_WINDOW = 8


@dataclass(frozen=True)
class SummaryView:
    """The executive summary."""

    page: Page
    counts: pl.DataFrame  #: see summary.counts
    scorecard: pl.DataFrame  #: see scorecard.kpis; one row for each KPI
    grid: pl.DataFrame  #: see history.grid_of_ratings
    headline: str
    paragraphs: pl.DataFrame  #: section (empty: the whole report), heading, text of its own summary
    key: pl.DataFrame  #: heading, text: what the report says of its ratings and charts
    cover: pl.DataFrame  #: kind, heading, text: what belongs to the cover paper
    warnings: tuple[str, ...]
    by_chance: str  #: how many of the directions chance alone would make: see robust.by_chance


def executive_summary(figures: Figures, report: str, at: Period) -> SummaryView:
    """Counts, Reds, what changed, the grid of ratings, and what to be careful about."""
    card = scorecard.kpis(figures, report, at)
    kpis = card.filter(pl.col("basis") == FigureBasis.PERIOD)
    counted = summary.counts(card, figures, report, at)
    wording = figures.organisation.wording
    texts = commentary.texts(figures, report, at)
    of_report = pl.col("where") == commentary.Where.SUMMARY
    return SummaryView(
        page=page(figures, report, at),
        counts=counted,
        scorecard=kpis,
        grid=history.grid_of_ratings(figures, report, kpis, at, GRID_WINDOW),
        headline=summary.headline(card, at, wording),
        paragraphs=texts.filter(
            of_report | (pl.col("where") == commentary.Where.SECTION_SUMMARY)
        ).select(
            section=pl.when(of_report).then(pl.lit("")).otherwise("home"),
            heading=_headed(figures, of_report),
            text="said",
        ),
        key=texts.filter(pl.col("where") == commentary.Where.KEY).select("heading", text="said"),
        cover=texts.filter(pl.col("where") == commentary.Where.COVER).select(
            "kind", "heading", text="said"
        ),
        warnings=tuple(warnings(kpis, at, wording)),
        by_chance=_by_chance(counted, wording),
    )


def _headed(figures: Figures, of_report: pl.Expr) -> pl.Expr:
    """The heading of a text; of one whose section or indicator the report does not have, its name."""
    names = dict(figures.indicators.select("indicator", "name").iter_rows())
    about = (
        pl.when(pl.col("indicator") != "")
        .then(pl.col("indicator").replace(names))
        .otherwise("section")
    )
    bare = of_report & (pl.col("heading").fill_null("") == "")
    return pl.when(bare).then(about).otherwise(pl.col("heading").fill_null(""))


def _by_chance(counts: pl.DataFrame, wording: Wording) -> str:
    """Only where a regression gives the directions: two figures that differ do differ."""
    if wording.direction is not Comparison.REGRESSION:
        return ""
    total = counts.row(-1, named=True)
    return robust.by_chance(sum(total[name] for name in summary.DIRECTIONS), wording)


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
            said.append(
                one if rows.height == 1 else many.format(display.count(rows.height).capitalize())
            )

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
