"""What cards and rows say of an indicator: texts and pictures from the rows of a scorecard."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl

from kpi_core import display, limits, pictures, summary
from kpi_core.beside import beside
from kpi_core.breakdowns import Breakdown
from kpi_core.cells import (
    ONLY_ONE,
    Row,
    figure,
    floor,
    named,
    of_figure,
    said,
    sentence_case,
    stands_alone,
    target,
    was,
)
from kpi_core.views import SectionView
from kpi_core.wording import Wording
from pages.shared import load, look
from pages.shared.selection import Selection

__all__ = [
    "INDICATOR_PAGE", "Row", "activity_cards", "breakdown", "figure", "floor", "groups", "kpi_cards", "link",
    "named", "of_figure", "said", "sentence_case", "target", "was", "way_to",
]  # fmt: skip

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


def groups(rows: pl.DataFrame, unheaded: str) -> list[dict[str, Any]]:
    """Texts (heading, text) under their headings, in order; those without one under `unheaded`."""
    found: dict[str, list[str]] = {}
    for heading, text in rows.select("heading", "text").iter_rows():
        found.setdefault(heading or unheaded, []).append(text)
    return [{"heading": heading, "texts": texts} for heading, texts in found.items()]


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
                "was": was(row, at, wording),
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


def activity_cards(
    view: SectionView, activities: pl.DataFrame, selection: Selection
) -> list[dict[str, Any]]:
    """One card for each of the activity indicators that has a figure."""
    wording, at = view.page.wording, view.page.at
    cards = []
    for row in activities.filter(pl.col("value").is_not_null()).iter_rows(named=True):
        own = view.places.filter(pl.col("indicator") == row["indicator"])
        alone = stands_alone(row, own["shown"].count())
        picture = None if alone else look.drawn(pictures.card(own, row["name"], wording))
        cards.append(
            {
                **row,
                "link": link(selection, row["indicator"]),
                "was": was(row, at, wording),
                "figure": figure(row, "value", wording),
                "picture": picture,
                "say": ONLY_ONE if alone else summary.activity(row, at, wording),
                "notes": _notes(view, row),
            }
        )
    return cards


def _notes(view: SectionView, row: Row) -> list[str]:
    """The notes that belong to the indicator and to the figure shown."""
    own = view.notes.filter(pl.col("indicator") == row["indicator"])["text"].to_list()
    return [*of_figure(row, view.page.at), *own]


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
