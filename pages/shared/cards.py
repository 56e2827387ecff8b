"""What cards and rows say of an indicator: texts and pictures from the rows of a scorecard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from kpi_core import display, pictures, summary
from kpi_core.breakdowns import Breakdown
from kpi_core.periods import Period
from kpi_core.views import Page
from kpi_core.words import DECIDED, Rating
from pages.shared import look
from pages.shared.selection import Selection

Row = Mapping[str, Any]

INDICATOR_PAGE = "indicator"


def link(selection: Selection, indicator: str) -> str:
    """The way to an indicator's own page."""
    return selection.link(INDICATOR_PAGE, indicator=indicator)


def figure(row: Row, name: str, currency: str) -> str:
    """One of the row's figures as it reads."""
    return display.figure(row[name], row["unit"], row["decimals"], currency)


def target(row: Row, currency: str) -> str:
    """The target, or the range it is."""
    return display.band(row["target"], row["target_high"], row["unit"], row["decimals"], currency)


def floor(row: Row, currency: str) -> str:
    """The floor, or the range it is."""
    return display.band(row["floor"], row["floor_high"], row["unit"], row["decimals"], currency)


def was(row: Row, currency: str) -> str:
    """`was 66% · Red`: the period before, as far as it is known."""
    parts = []
    if row["previous_value"] is not None:
        parts.append(figure(row, "previous_value", currency))
    before = row.get("previous_rating")
    if before in {str(r) for r in DECIDED}:
        parts.append(Rating(before).label)
    return f"was {' · '.join(parts)}" if parts else ""


def kpi_cards(
    kpis: pl.DataFrame, places: pl.DataFrame, notes: pl.DataFrame, page: Page, selection: Selection
) -> list[dict[str, Any]]:
    """One card for each KPI: name, rating, direction, what was, chart, the sentence."""
    cards = []
    for row in kpis.iter_rows(named=True):
        own = places.filter(pl.col("indicator") == row["indicator"])
        charted = own["shown"].is_not_null().any() if own.height else False
        cards.append(
            {
                **row,
                "link": link(selection, row["indicator"]),
                "was": was(row, page.currency),
                "picture": look.drawn(pictures.card(own, row["name"], page.currency))
                if charted
                else None,
                "empty": f"No figure is printed up to {page.at.words}: nothing to chart yet.",
                "say": f"{summary.reason(row, page.currency).capitalize()} {summary.standing(row, page.at)}".strip(),
                "notes": _notes(row, notes, page.at),
            }
        )
    return cards


def activity_cards(
    activities: pl.DataFrame,
    places: pl.DataFrame,
    notes: pl.DataFrame,
    page: Page,
    selection: Selection,
) -> list[dict[str, Any]]:
    """One card for each activity indicator that has a figure."""
    cards = []
    for row in activities.filter(pl.col("value").is_not_null()).iter_rows(named=True):
        own = places.filter(pl.col("indicator") == row["indicator"])
        # One figure and nothing to hold it against is a number, not a chart.
        alone = own["shown"].is_not_null().sum() == 1 and row["alert"] is None
        cards.append(
            {
                **row,
                "link": link(selection, row["indicator"]),
                "was": was(row, page.currency),
                "figure": figure(row, "value", page.currency),
                "picture": None
                if alone
                else look.drawn(pictures.card(own, row["name"], page.currency)),
                "say": "The only figure held so far."
                if alone
                else summary.activity(row, page.currency),
                "notes": _notes(row, notes, page.at),
            }
        )
    return cards


def _notes(row: Row, notes: pl.DataFrame, at: Period) -> list[str]:
    """The notes that belong to the indicator and to the figure shown."""
    said = notes.filter(pl.col("indicator") == row["indicator"])["text"].to_list()
    if row["value"] is not None and row["period"] != str(at):
        said.insert(0, f"Data to {Period.parse(row['period'], at.year_start).last_month_words}.")
    if row["status"] == "provisional":
        said.append("Provisional.")
    if row["note"]:
        said.append(row["note"])
    return said


def breakdown(table: Breakdown, currency: str) -> dict[str, Any]:
    """A breakdown as text cells; the whole comes last, ruled off."""
    rows = []
    for row in table.rows.iter_rows(named=True):
        cells = [
            display.figure(row[p], table.unit, table.decimals, currency) for p in table.periods
        ]
        rows.append({"item": row["item"] or "Whole", "total": not row["item"], "cells": cells})
    return {
        "name": table.name,
        "breakdown": table.breakdown,
        "periods": table.periods,
        "rows": rows,
        "notes": table.notes,
    }
