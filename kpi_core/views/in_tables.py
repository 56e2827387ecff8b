"""The dashboard as a page shows it: by service area, tables, notes and what stands at its head."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from kpi_core import commentary, history, registry
from kpi_core import dashboard as tables
from kpi_core.dashboard import Table
from kpi_core.figures import Figures
from kpi_core.periods import Period
from kpi_core.views.head import Page, directorate, officers, page
from kpi_core.words import Kind, Said

#: Periods that the small trend of a row goes back over: a year and the month of the year before.
TREND_WINDOW = 13


@dataclass(frozen=True)
class Area:
    """One service area of the dashboard."""

    section: str
    directorate: str
    officers: pl.DataFrame  #: role, name, interim
    tables: tuple[Table, ...]
    notes: pl.DataFrame  #: indicator, text: what is said about its indicators, under their table
    commentary: pl.DataFrame  #: heading, text: what is said about the area


@dataclass(frozen=True)
class DashboardView:
    """Every service area of a report in a period, as tables."""

    page: Page
    areas: tuple[Area, ...]
    texts: pl.DataFrame  #: heading, text: what is said of the report as a whole
    places: pl.DataFrame  #: see history.places, over TREND_WINDOW periods

    @property
    def kpis(self) -> pl.DataFrame:
        """The rows of every KPI: see dashboard.rows; `recent` is as long as its table is wide."""
        tables = [t.rows for a in self.areas for t in a.tables if t.kind is Kind.KPI]
        return pl.concat(tables) if tables else pl.DataFrame()

    def long(self) -> pl.DataFrame:
        """The tables for a spreadsheet: one row for each indicator and period, and what is said of
        the latest beside each.
        """
        parts = [
            table.rows.with_columns(shown_for=pl.lit([str(p) for p in table.periods]))
            .explode("shown_for", "recent")
            .rename({"recent": "figure"})
            for area in self.areas
            for table in area.tables
        ]
        return pl.concat(parts).select(
            "section", "kind", "indicator", "name", "frequency", "shown_for", "figure", "rating",
            "rating_basis", "alert", "target", "target_high", "floor", "floor_high", "lower",
            "upper", "year_value", "year_basis", "year_rating", "before_value", "before_basis",
        )  # fmt: skip


def dashboard_title(at: Period) -> str:
    """What the page is called, after how often the report appears."""
    how_often = {"month": "Monthly", "quarter": "Quarterly", "year": "Yearly"}
    return f"{how_often[at.frequency]} dashboard"


def dashboard(figures: Figures, report: str, at: Period) -> DashboardView:
    """The dashboard of a report in a period."""
    found = tables.tables(figures, report, at)
    placed = registry.placed(figures, report, at).filter(
        pl.col("kind").cast(pl.String) != Kind.TABLE
    )
    said = commentary.texts(figures, report, at)
    actions = commentary.actions(figures, at)
    named = [table.section for table in found]
    areas = [
        Area(
            section=name,
            directorate=directorate(figures, report, at, name),
            officers=officers(figures, report, at, name),
            tables=tuple(table for table in found if table.section == name),
            notes=_noted(said.filter(pl.col("home") == name), actions, placed, name),
            commentary=said.filter((pl.col("home") == name) & (pl.col("indicator") == "")).select(
                "heading", text="said"
            ),
        )
        for name in dict.fromkeys(named)
    ]
    return DashboardView(
        page=page(figures, report, at),
        areas=tuple(areas),
        texts=said.filter(~pl.col("home").is_in(named)).select("heading", text="said"),
        places=history.places(figures, report, placed, at, TREND_WINDOW),
    )


def _noted(
    said: pl.DataFrame, actions: pl.DataFrame, placed: pl.DataFrame, section: str
) -> pl.DataFrame:
    """What is said of the indicators of an area, then what is done about them, whichever report of the
    period says it: indicator, text.
    """
    codes = placed.filter(pl.col("section") == section)["indicator"].to_list()
    own = said.filter((pl.col("indicator") != "") & (pl.col("kind") != Said.ACTION))
    unplaced = said.filter(
        (pl.col("kind") == Said.ACTION)
        & (pl.col("indicator") != "")
        & ~pl.col("indicator").is_in(codes)
    )
    done = actions.filter(pl.col("indicator").is_in(codes)).select(
        "indicator", text=pl.lit(commentary.DOING) + pl.col("text")
    )
    return pl.concat([*(rows.select("indicator", text="said") for rows in (own, unplaced)), done])
