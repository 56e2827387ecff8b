"""What is being done about the KPIs that are Red: one table of a paper, one of the workbook."""

from __future__ import annotations

import polars as pl

from kpi_core import cells, commentary
from kpi_core.figures import Figures
from kpi_core.periods import Period
from kpi_core.report.tree import Column, Table
from kpi_core.wording import Wording
from kpi_core.words import FigureBasis, Rating

#: What stands where no action on a Red is held.
NOT_RECORDED = "not recorded"
_KPI = [
    "section", "indicator", "name", "unit", "period", "value", "target", "target_high", "floor",
    "floor_high", "rating", "rating_basis",
]  # fmt: skip


def of_reds(card: pl.DataFrame, figures: Figures, at: Period) -> pl.DataFrame:
    """The Red rows of a scorecard with what is done: one row for each action, one where none is held.

    Returns the columns of `card` and action, action_author (String; null where not recorded).
    """
    red = card.filter(
        (pl.col("basis") == FigureBasis.PERIOD) & (pl.col("rating").cast(pl.String) == Rating.RED)
    )
    held = commentary.actions(figures, at).select(
        "indicator", action="text", action_author="author"
    )
    return red.join(held, on="indicator", how="left", maintain_order="left_right")


def table(acted: pl.DataFrame, wording: Wording) -> Table:
    """The Reds of `of_reds`, each with its figure, its limits and all that is done about it."""
    limit = wording.limit_name()
    rows = [one.to_dicts() for one in acted.partition_by("indicator", maintain_order=True)]
    return Table(
        title(wording),
        (
            Column("KPI", share=2.2),
            *(
                Column(name, "right", 1)
                for name in ("Current", "Target", *([limit] if limit else []))
            ),
            Column("What is being done", share=4),
        ),
        tuple(
            (
                own[0]["name"],
                cells.figure(own[0], "value", wording),
                cells.target(own[0], wording),
                *([cells.floor(own[0], wording)] if limit else []),
                "\n".join(said(one) for one in own),
            )
            for own in rows
        ),
    )


def title(wording: Wording) -> str:
    """`Red KPIs and what is being done`."""
    return f"{wording.label(Rating.RED)} KPIs and what is being done"


def said(row: cells.Row) -> str:
    """An action with whoever wrote it, of a row of `of_reds`."""
    if not row["action"]:
        return NOT_RECORDED
    return f"{row['action']} ({row['action_author']})" if row["action_author"] else row["action"]


def under(acted: pl.DataFrame, code: str) -> tuple[str, ...]:
    """What stands under a Red KPI; nothing under another."""
    own = acted.filter(pl.col("indicator") == code)
    return tuple(f"{commentary.DOING}{_ended(said(row))}" for row in own.iter_rows(named=True))


def tidy(acted: pl.DataFrame) -> pl.DataFrame:
    """The rows for the workbook."""
    return acted.select(
        *_KPI, pl.col("action").replace("", None).fill_null(NOT_RECORDED), "action_author"
    )


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?", ")")) else f"{text}."
