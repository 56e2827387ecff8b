"""What cells and lines say of one indicator, on pages and papers alike: texts from a scorecard's row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from kpi_core import display, summary
from kpi_core.periods import Period
from kpi_core.wording import Wording
from kpi_core.words import DECIDED

Row = Mapping[str, Any]


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


def said(row: Row, at: Period, wording: Wording) -> str:
    """A KPI's reason and standing, without its name."""
    return sentence_case(
        f"{summary.reason(row, wording)} {summary.standing(row, at, wording)}".strip()
    )


def sentence_case(text: str) -> str:
    """The text with a capital at its head."""
    return text[:1].upper() + text[1:]


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


#: What is said of a figure that stands alone.
ONLY_ONE = "The only figure held so far."


def stands_alone(row: Row, figures: int) -> bool:
    """Whether an activity indicator with so many figures has nothing to hold one against: a number,
    not a chart.
    """
    return figures <= 1 and row["alert"] is None
