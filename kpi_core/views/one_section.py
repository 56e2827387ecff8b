"""One section of a report: a directorate's page."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from kpi_core import breakdowns, commentary, history, registry, scorecard, summary
from kpi_core.breakdowns import Breakdown
from kpi_core.commentary import Where
from kpi_core.figures import Figures
from kpi_core.periods import Period
from kpi_core.views.head import Page, directorate, officers, page
from kpi_core.words import FigureBasis, Kind, Said

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
    notes: pl.DataFrame  #: indicator, text: notes and methods
    remarks: pl.DataFrame  #: heading, text: notes of the section, and of what it shows no figure of
    actions: pl.DataFrame  #: indicator, text: what management does about it


def section(figures: Figures, report: str, at: Period, name: str) -> SectionView:
    """Everything about one section in a period."""
    return _views(figures, report, at, [name])[0]


def every_section(figures: Figures, report: str, at: Period) -> list[SectionView]:
    """All sections that a report has in a period, in its order: the same as `section` of each, for
    little more than the price of one.
    """
    placed = registry.placed(figures, report, at)
    return _views(figures, report, at, placed["section"].unique(maintain_order=True).to_list())


def _views(figures: Figures, report: str, at: Period, names: list[str]) -> list[SectionView]:
    """What is worked out for a whole report is worked out once, and then shared among its sections."""
    everything = scorecard.kpis(figures, report, at)
    counts = summary.counts(everything, figures, report, at)
    activities = scorecard.activities(figures, report, at)
    comments = commentary.texts(figures, report, at)
    actions = commentary.actions(figures, at).select("indicator", "text")
    placed = registry.placed(figures, report, at).filter(pl.col("section").is_in(names))
    charted = placed.filter(pl.col("kind").cast(pl.String) != Kind.TABLE)
    past = history.places(figures, report, charted, at, CARD_WINDOW)
    places = history.as_on_cards(past, everything, at.year_start)
    tables = breakdowns.tables(figures, placed, at)
    found = []
    for name in names:
        here = pl.col("section") == name
        codes = placed.filter(here)["indicator"].to_list()
        card, said = everything.filter(here), comments.filter(pl.col("home") == name)
        kpis = card.filter(pl.col("basis") == FigureBasis.PERIOD)
        judged = activities.filter(here)
        tabled = tuple(table for table in tables if table.indicator in codes)
        shown = {
            *kpis["indicator"],
            *judged.filter(pl.col("value").is_not_null())["indicator"],
            *(table.indicator for table in tabled),
        }
        found.append(
            SectionView(
                page=page(figures, report, at),
                section=name,
                directorate=directorate(figures, report, at, name),
                officers=officers(figures, report, at, name),
                counts=counts.filter(here),
                kpis=kpis,
                to_date=card.filter(pl.col("basis") == FigureBasis.YTD),
                activities=judged,
                places=places.filter(pl.col("indicator").is_in(codes)),
                tables=tabled,
                headline=summary.headline(card, at, figures.organisation.wording),
                commentary=_told(said),
                notes=_noted(said).filter(pl.col("indicator") != "").select("indicator", "text"),
                remarks=_remarks(said, sorted(shown), kpis["indicator"].to_list(), placed),
                actions=actions,
            )
        )
    return found


def _told(said: pl.DataFrame) -> pl.DataFrame:
    """What is said in sentences, and what is done about the section as a whole."""
    of_section = pl.col("where") == Where.SECTION
    of_indicator = pl.col("where") == Where.INDICATOR
    return said.filter(
        (pl.col("kind") == Said.COMMENTARY)
        | (of_section & (pl.col("kind") == Said.ACTION))
        | (of_indicator & (pl.col("kind") == Said.SUMMARY))
    ).with_columns(text="said")


def _noted(said: pl.DataFrame) -> pl.DataFrame:
    return said.filter(pl.col("kind").is_in([Said.NOTE, Said.METHOD]))


def _remarks(
    said: pl.DataFrame, shown: list[str], kpis: list[str], placed: pl.DataFrame
) -> pl.DataFrame:
    """Notes of the section, and what is noted or done about an indicator that has no place of its own:
    heading (of an indicator, its name), text.
    """
    names = dict(placed.select("indicator", "name").iter_rows())
    of_indicator = pl.col("indicator") != ""
    done = (pl.col("kind") == Said.ACTION) & of_indicator & ~pl.col("indicator").is_in(kpis)
    noted = pl.col("kind").is_in([Said.NOTE, Said.METHOD]) & ~pl.col("indicator").is_in(shown)
    return said.filter(done | noted).select(
        heading=pl.when(of_indicator)
        .then(pl.col("indicator").replace(names))
        .otherwise(pl.col("heading").fill_null("")),
        text="said",
    )
