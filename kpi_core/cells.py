"""What cells and lines say of one indicator, on pages and papers alike: texts from a scorecard's row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from kpi_core import display, summary
from kpi_core.periods import Period, when
from kpi_core.standards import Whose
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


def was(row: Row, at: Period, wording: Wording) -> str:
    """`was 66% · Red`: the figure before, as far as it is known.

    Its period is named where that is not the one before the report's: `was 66% in Q4 2022/23 · Red`. Where
    the report before showed another value or rating of it, both are told: `was 66% (reported as 68%) ·
    Red (reported as Amber)`.
    """
    parts = []
    if row["previous_value"] is not None:
        then = when(row["previous_period"], at)
        moment = f" {then}" if then.startswith("in ") else ""
        corrected = _corrected(row, wording)
        parts.append(f"{figure(row, 'previous_value', wording)}{moment}{corrected}")
    before = row.get("previous_rating")
    if before in {str(r) for r in DECIDED}:
        parts.append(f"{wording.label(before)}{_rated_otherwise(row, wording)}")
    return f"was {' · '.join(parts)}" if parts else ""


def before(row: Row, at: Period) -> str:
    """What the figure before is called: `Previous quarter`; another period is named."""
    period = row["previous_period"]
    if period is None or not when(period, at).startswith("in "):
        return f"Previous {at.frequency}"
    return f"Previous ({Period.parse(period, at.year_start).words})"


def previous(row: Row, wording: Wording) -> str:
    """The figure before, with the value that the report before showed of it where that was another."""
    return f"{figure(row, 'previous_value', wording)}{_corrected(row, wording)}"


def reported_otherwise(row: Row, wording: Wording) -> list[str]:
    """`The report before rated the figure before Amber.`, where that is not how it is rated now."""
    if not _rated_otherwise(row, wording):
        return []
    return [f"The report before rated the figure before {wording.label(row['reported_rating'])}."]


def _corrected(row: Row, wording: Wording) -> str:
    """The value that the report before showed of the same figure, where it was another."""
    reported = row.get("reported_value")
    same = row.get("reported_period") == row["previous_period"]
    if reported is None or not same or reported == row["previous_value"]:
        return ""
    return f" (reported as {figure(row, 'reported_value', wording)})"


def _rated_otherwise(row: Row, wording: Wording) -> str:
    """The rating that the report before showed of the same figure, where it was another: a document
    may print one that the figures do not give.
    """
    reported = row.get("reported_rating")
    same = row.get("reported_period") == row["previous_period"]
    if reported not in {str(r) for r in DECIDED} or not same or reported == row["previous_rating"]:
        return ""
    return f" (reported as {wording.label(reported)})"


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
    notes += _whose(row, at)
    if row["status"] == "provisional":
        notes.append("Provisional.")
    if row["note"]:
        notes.append(sentence_case(row["note"]))
    return notes


def _whose(row: Row, at: Period) -> list[str]:
    """Whose target or expected range the figure is judged by, where it is not that of the report's year."""
    for what, basis, year in (
        ("target", row.get("target_basis"), row.get("target_year")),
        ("expected range", row.get("range_basis"), row.get("range_year")),
    ):
        if basis is None or row["value"] is None:
            continue
        own = Period.parse(row["period"], at.year_start).year
        if basis == Whose.PRINTED:
            return [f"Judged by the {what} printed beside it: none is saved for {own}."]
        if basis == Whose.REPORT_YEAR and year != str(own):
            return [f"Judged by the {what} of {year}: none is saved for {own}."]
        if year != str(at.year):
            return [f"Judged by the {what} of {year}, the year of the figure."]
    return []


#: What is said of a figure that stands alone.
ONLY_ONE = "The only figure held so far."


def stands_alone(row: Row, figures: int) -> bool:
    """Whether an activity indicator with so many figures has nothing to hold one against: a number,
    not a chart.
    """
    return figures <= 1 and row["alert"] is None
