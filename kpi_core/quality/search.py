"""The search for faults in all figures, kind after kind.

The order matters: a figure under suspicion takes no part in later comparisons, so that one fault is
told once, where it is, and not by every sum and rating that it upsets.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from kpi_core import reconcile
from kpi_core.figures import Figures
from kpi_core.periods import with_calendar
from kpi_core.quality import copies, framework, runs, sizes, sums, twice
from kpi_core.quality.facts import CELL, RESTATED, Row, observed, told, words

#: From what must be put right to what should be known.
SEVERITIES = ("error", "warning", "note")

#: Every kind of finding, in the order in which they are listed, and what it says.
KINDS = {
    "drag_fill": "Figures that go up or down by the same step, as a cell dragged along gives them",
    "copied": "A period or a column that is an unchanged copy of another",
    "fraction": "A fraction where a percentage is meant",
    "scale": "A figure ten, a hundred or a thousand times off its own history",
    "count_with_decimals": "A count that is not whole",
    "beyond_hundred": "A share below 0% or above 100%",
    "quotient": "A figure that its numerator and denominator do not give",
    "parts_and_total": "A total that its parts do not make",
    "months_and_quarter": "A quarter that its months do not make",
    "periods_and_year": "A year, a year to date or twelve months that their periods do not make",
    "two_values": "One figure given two values",
    "two_targets": "One target or floor given two values",
    "floor_beyond_target": "A floor on the better side of its target",
    "kpi_without_target": "A KPI of a year's framework without a target",
    "overlapping_definitions": "Definitions that overlap",
    "after_end": "A figure after its indicator has ended",
    "future": "A figure of a period that has not come",
    "rating": "A published rating that its own figures contradict",
}

#: Kinds that only an upload can have: what it changes, and how its figures lie against the past.
UPLOAD_KINDS = {
    "jump": "A figure far outside its indicator's own variation",
    "restated": "A change to a period that is published already",
}


@dataclass(frozen=True)
class Searched:
    """What a search gives."""

    found: pl.DataFrame  #: findings, in order
    trusted: pl.DataFrame  #: the rows of `facts.observed` that are under no suspicion


def findings(figures: Figures) -> pl.DataFrame:
    """All that is wrong, or looks wrong, with an organisation's figures.

    Returns COLUMNS, all String: finding (one of KINDS), severity (one of SEVERITIES), indicator
    (empty where it is about several), period (the last one where it is about several), message (one
    sentence with the arithmetic), sources (of the rows involved, parted by |). Errors first, then in
    the order of KINDS, by indicator and period.
    """
    return search(figures).found


def search(figures: Figures) -> Searched:
    """The findings, and the figures that none of them puts in doubt."""
    start = figures.year_start
    known = observed(figures)
    rows = known

    def suspect(these: pl.DataFrame) -> pl.DataFrame:
        """Leave these figures out of what follows."""
        nonlocal rows
        rows = rows.join(these.select(CELL), on=CELL, how="anti", maintain_order="left")
        return these

    found = [
        runs.drag_fill(suspect(runs.dragged(rows)), start),
        copies.copied(suspect(copies.copied_periods(rows)), start),
        copies.copied_columns(rows, start),
        sizes.fraction(suspect(sizes.fractions(rows, figures)), start),
        sizes.scale(suspect(sizes.slipped(rows)), start),
        sizes.count_with_decimals(rows, start),
        sizes.beyond_hundred(suspect(sizes.outside_percent(rows)), start),
        sizes.quotient(suspect(sizes.misdivided(rows)), start),
        sums.parts_and_total(suspect(sums.parts(rows)), start),
        sums.periods_and_total(suspect(sums.periods(rows, start)), start),
        twice.two_values(figures, rows),
        twice.two_targets(figures),
        framework.floor_beyond_target(figures),
        framework.kpi_without_target(figures),
        framework.overlapping_definitions(figures),
        framework.after_end(figures, known),
        framework.future(known, start),
    ]
    suspects = known.join(rows.select(CELL), on=CELL, how="anti")
    return Searched(in_order(pl.concat([*found, contradicted(figures, suspects)])), rows)


def contradicted(figures: Figures, suspects: pl.DataFrame) -> pl.DataFrame:
    """Published ratings that the figures contradict (see `reconcile`): a warning for each.

    Only of the figure that the document itself gives, if it gives any: what came later or was
    restated since could not be rated. Not of a figure under suspicion (`suspects`: indicator,
    period).
    """
    held = figures.observations.filter(
        (pl.col("breakdown") == "") & ~pl.col("note").str.contains(RESTATED)
    ).select("indicator", "period", "value", pl.col("basis").cast(pl.String))
    given = with_calendar(
        figures.published.filter(pl.col("value").is_not_null() & (pl.col("breakdown") == "")),
        figures.year_start,
    ).with_columns(pl.col("basis").cast(pl.String))
    which = ["document", "indicator", "basis"]
    latest = (
        given.sort("end_month")
        .unique(which, keep="last", maintain_order=True)
        .select(*which, of="period", printed="value")
    )
    wrong = (
        reconcile.reconcile(figures)
        .filter(pl.col("result") == reconcile.Result.CONTRADICTED)
        .join(suspects, on=["indicator", "period"], how="anti", maintain_order="left")
        .join(held, on=["indicator", "period", "basis"], how="left", maintain_order="left")
        .join(latest, on=which, how="left", maintain_order="left")
        .filter(
            pl.col("of").is_null()
            | ((pl.col("of") == pl.col("period")) & (pl.col("printed") == pl.col("value")))
        )
    )

    def sentence(row: Row) -> str:
        return (
            f"{row['name']}: document {row['document']} prints {row['published']} for "
            f"{words(row['period'], figures.year_start)}, but its figure, target and floor give "
            f"{row['computed']}."
        )

    return told(wrong, "rating", "warning", sentence, [])


def in_order(found: pl.DataFrame) -> pl.DataFrame:
    """Errors first, then in the order of the kinds, by indicator and period."""

    def place(column: str, words: list[str]) -> pl.Expr:
        return pl.col(column).replace_strict(
            {word: at for at, word in enumerate(words)}, return_dtype=pl.Int32
        )

    return found.sort(
        place("severity", list(SEVERITIES)), place("finding", [*KINDS, *UPLOAD_KINDS]),
        "indicator", "period", "message", "sources",
        maintain_order=True,
    )  # fmt: skip
