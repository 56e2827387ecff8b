"""One section of a report: a directorate's page."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from kpi_core import breakdowns, commentary, history, registry, scorecard, summary
from kpi_core.breakdowns import Breakdown
from kpi_core.figures import Figures
from kpi_core.periods import Period
from kpi_core.views.head import Page, directorate, officers, page
from kpi_core.words import FigureBasis, Kind

#: Periods that a card's chart goes back over: three years of quarters and the one before.
CARD_WINDOW = 13


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
    actions: pl.DataFrame  #: indicator, text: what management does about it


def section(figures: Figures, report: str, at: Period, name: str) -> SectionView:
    """Everything about one section in a period."""
    here = pl.col("section") == name
    everything = scorecard.kpis(figures, report, at)
    card = everything.filter(here)
    placed = registry.placed(figures, report, at).filter(here)
    charted = placed.filter(pl.col("kind").cast(pl.String) != Kind.TABLE)
    comments = commentary.of_period(figures, report, at, ["commentary", "note"]).filter(here)
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
        actions=commentary.actions(figures, at).select("indicator", "text"),
    )
