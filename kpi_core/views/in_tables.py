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
from kpi_core.words import FigureBasis, Kind, Said

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
        """The tables for a spreadsheet: one row for each indicator and period, with the figure and the
        year to date of that period, and what it is judged by.

        What the report says of the figure shown stands beside that alone; the other periods are judged
        as in charts.
        """
        parts = [_long(table) for area in self.areas for table in area.tables]
        earlier = self.places.select(
            "indicator", shown_end="end_month", **{f"earlier_{name}": name for name in _OF_PERIOD}
        )
        is_shown = pl.col("shown_end") == pl.col("shown_last")
        judged_on = pl.when(is_shown).then("judged_on").otherwise(pl.lit(FigureBasis.PERIOD))
        return (
            pl.concat(parts)
            .join(earlier, on=["indicator", "shown_end"], how="left", maintain_order="left")
            .with_columns(
                *(
                    pl.when(is_shown).then(name).otherwise(f"earlier_{name}").alias(name)
                    for name in _OF_PERIOD
                ),
                *(pl.when(is_shown).then(name).alias(name) for name in _OF_SHOWN),
            )
            .with_columns(judged_on=pl.when(pl.col("alert").is_not_null()).then(judged_on))
            .select(
                "section", "kind", "indicator", "name", "frequency", "shown_for", "figure",
                *_OF_PERIOD, "judged_on", "year_value", "year_basis", *_OF_SHOWN,
            )
        )  # fmt: skip


#: What is said of the figure of each period, and what only of the one that the report shows.
_OF_PERIOD = [
    "rating", "rating_basis", "alert", "target", "target_high", "floor", "floor_high", "lower", "upper",
]  # fmt: skip
_OF_SHOWN = ["year_rating", "before_value", "before_basis"]


def _long(table: Table) -> pl.DataFrame:
    """The rows of a table, one for each period: with shown_for String, shown_end Int32, figure,
    year_value, year_basis of the period, and shown_last (the end of the figure shown, or due).
    """
    ends = [period.end_month for period in table.periods]
    return (
        table.rows.with_columns(
            shown_for=pl.lit([str(period) for period in table.periods]),
            shown_end=pl.lit(ends, pl.List(pl.Int32)),
            shown_last=pl.col("end_month").fill_null(ends[-1]),
            year_value="recent_year",
            year_basis="recent_year_basis",
        )
        .explode("shown_for", "shown_end", "recent", "year_value", "year_basis")
        .rename({"recent": "figure"})
    )


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
