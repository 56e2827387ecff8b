"""What cards and rows say of an indicator: texts and pictures from the rows of a scorecard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from kpi_core import display, limits, pictures, summary
from kpi_core.beside import beside
from kpi_core.breakdowns import Breakdown
from kpi_core.periods import Period
from kpi_core.views import SectionView
from kpi_core.wording import Wording
from kpi_core.words import DECIDED
from pages.shared import load, look
from pages.shared.selection import Selection

Row = Mapping[str, Any]

INDICATOR_PAGE = "indicator"


def link(selection: Selection, indicator: str) -> str:
    """The way to an indicator's own page."""
    return selection.link(INDICATOR_PAGE, indicator=indicator)


def way_to(selection: Selection, code: str, period: str) -> str:
    """The way to where an indicator is to be seen in that period; empty where nothing shows it."""
    if not code:
        return ""
    place = load.place(selection.organisation, selection.version, selection.report, code, period)
    if place is None:
        return ""
    there = replace(selection, report=place.report, period=place.period)
    if not place.is_table:
        return link(there, code)
    addresses = load.section_addresses(selection.organisation, selection.version)
    return there.link(addresses[place.report, place.section])


def figure(row: Row, name: str, wording: Wording) -> str:
    """One of the row's figures as it reads."""
    return display.figure(row[name], row["unit"], row["decimals"], wording)


def named(officers: pl.DataFrame) -> list[str]:
    """Each officer with the role: `Director (interim) John Betts`."""
    return [
        f"{role}{' (interim)' if interim else ''} {name}"
        for role, name, interim in officers.iter_rows()
    ]


def target(row: Row, wording: Wording) -> str:
    """The target, or the range it is."""
    return display.band(row["target"], row["target_high"], row["unit"], wording)


def floor(row: Row, wording: Wording) -> str:
    """The limit between Amber and Red, or the range it is."""
    return display.band(row["floor"], row["floor_high"], row["unit"], wording)


def was(row: Row, wording: Wording) -> str:
    """`was 66% · Red`: the period before, as far as it is known."""
    parts = []
    if row["previous_value"] is not None:
        parts.append(figure(row, "previous_value", wording))
    before = row.get("previous_rating")
    if before in {str(r) for r in DECIDED}:
        parts.append(wording.label(before))
    return f"was {' · '.join(parts)}" if parts else ""


def kpi_cards(view: SectionView, kpis: pl.DataFrame, selection: Selection) -> list[dict[str, Any]]:
    """One card for each of the KPIs: name, rating, direction, what was, chart, the sentence."""
    wording, at = view.page.wording, view.page.at
    to_date = {row["indicator"]: row for row in view.to_date.iter_rows(named=True)}
    cards = []
    for row in kpis.iter_rows(named=True):
        own = view.places.filter(pl.col("indicator") == row["indicator"])
        charted = own["shown"].is_not_null().any()
        picture = look.drawn(pictures.card(own, row["name"], wording)) if charted else None
        year = to_date.get(row["indicator"])
        cards.append(
            {
                **row,
                "amber": limits.rule(row),
                "beside": beside(row, at, wording),
                "link": link(selection, row["indicator"]),
                "was": was(row, wording),
                "picture": picture,
                "empty": f"No figure is held up to {at.words}: nothing to chart yet.",
                "say": said(row, at, wording),
                "year": {"rating": year["rating"], "figure": figure(year, "value", wording)}
                if year
                else None,
                "notes": _notes(view, row),
                "actions": view.actions.filter(pl.col("indicator") == row["indicator"])[
                    "text"
                ].to_list(),
            }
        )
    return cards


def said(row: Row, at: Period, wording: Wording) -> str:
    """A KPI's reason and standing, without its name."""
    return sentence_case(
        f"{summary.reason(row, wording)} {summary.standing(row, at, wording)}".strip()
    )


def sentence_case(text: str) -> str:
    """The text with a capital at its head."""
    return text[:1].upper() + text[1:]


def activity_cards(
    view: SectionView, activities: pl.DataFrame, selection: Selection
) -> list[dict[str, Any]]:
    """One card for each of the activity indicators that has a figure."""
    wording = view.page.wording
    cards = []
    for row in activities.filter(pl.col("value").is_not_null()).iter_rows(named=True):
        own = view.places.filter(pl.col("indicator") == row["indicator"])
        # One figure and nothing to hold it against is a number, not a chart.
        alone = own["shown"].is_not_null().sum() <= 1 and row["alert"] is None
        picture = None if alone else look.drawn(pictures.card(own, row["name"], wording))
        cards.append(
            {
                **row,
                "link": link(selection, row["indicator"]),
                "was": was(row, wording),
                "figure": figure(row, "value", wording),
                "picture": picture,
                "say": "The only figure held so far." if alone else summary.activity(row, wording),
                "notes": _notes(view, row),
            }
        )
    return cards


def _notes(view: SectionView, row: Row) -> list[str]:
    """The notes that belong to the indicator and to the figure shown."""
    own = view.notes.filter(pl.col("indicator") == row["indicator"])["text"].to_list()
    return [*of_figure(row, view.page.at), *own]


def of_figure(row: Row, at: Period) -> list[str]:
    """What has to be known about the figure shown: its own period, its standing, its note."""
    notes = []
    if (
        row["value"] is not None
        and row["end_month"] is not None
        and row["end_month"] < at.end_month
    ):
        shown = Period.parse(row["period"], at.year_start)
        notes.append(f"Data to {shown.last_month_words}.")
    if row["status"] == "provisional":
        notes.append("Provisional.")
    if row["note"]:
        notes.append(sentence_case(row["note"]))
    return notes


def breakdown(table: Breakdown, wording: Wording) -> dict[str, Any]:
    """A breakdown as text cells; the whole comes last, ruled off."""
    rows = []
    for row in table.rows.iter_rows(named=True):
        cells = [display.figure(row[p], table.unit, table.decimals, wording) for p in table.periods]
        course = table.runs.filter(pl.col("item") == row["item"])
        item = row["item"] or "Whole"
        rows.append(
            {
                "item": item,
                "total": not row["item"],
                "cells": cells,
                "spark": look.drawn(pictures.run(course, item, table.unit, table.decimals, wording))
                if course.height
                else "",
            }
        )
    return {
        "name": table.name,
        "breakdown": table.breakdown,
        "periods": table.periods,
        "rows": rows,
        "runs": not table.runs.is_empty(),
        "notes": table.notes,
        "differences": table.differences,
    }
