"""What is still open before a period is published. It warns; it stops nobody."""

from __future__ import annotations

from enum import StrEnum

import polars as pl

from kpi_core import commentary, quality, registry, scorecard
from kpi_core.display import count
from kpi_core.figures import Figures
from kpi_core.periods import Period
from kpi_core.words import FigureBasis, Rating


class Open(StrEnum):
    """A kind of thing that is open."""

    ERROR = "error"
    RED = "red"
    TEXT = "text"
    NO_DATA = "no_data"


_SAID = {
    Open.ERROR: ("One error stands in the figures of this report", "{} errors stand in the figures of this report"),
    Open.RED: ("One Red has no management action", "{} Reds have no management action"),
    Open.TEXT: ("One thing in the texts is to be looked at", "{} things in the texts are to be looked at"),
    Open.NO_DATA: ("One KPI has no data", "{} KPIs have no data"),
}  # fmt: skip


def open_points(figures: Figures, report: str, at: Period) -> pl.DataFrame:
    """All that is open in a period of a report: errors, Reds, texts, then KPIs without data.

    Returns kind (an Open), indicator, name, text (what an error or a doubt says, else empty), all String.
    """
    kpis = scorecard.kpis(figures, report, at).filter(pl.col("basis") == FigureBasis.PERIOD)
    placed = registry.placed(figures, report, at).select("indicator", "name")
    errors = quality.findings(figures).filter(pl.col("severity") == "error")
    parts = {
        Open.ERROR: errors.select("indicator", text="message").join(placed, on="indicator"),
        Open.RED: commentary.without_action(figures, kpis, at),
        Open.TEXT: _doubtful_texts(figures, report, at, placed),
        Open.NO_DATA: kpis.filter(pl.col("rating").cast(pl.String) == Rating.NO_DATA),
    }
    return pl.concat(
        rows.select(
            pl.lit(kind).alias("kind"), "indicator", "name",
            pl.col("text") if "text" in rows.columns else pl.lit("").alias("text"),
        )
        for kind, rows in parts.items()
    )  # fmt: skip


def _doubtful_texts(
    figures: Figures, report: str, at: Period, placed: pl.DataFrame
) -> pl.DataFrame:
    """What is to be looked at in the texts, Reds without an action apart."""
    found = commentary.of_report(figures, report, at).filter(pl.col("finding") != "no_action")
    return (
        found.select("indicator", text="message")
        .join(placed, on="indicator", how="left", maintain_order="left")
        .with_columns(pl.col("name").fill_null(""))
    )


def told(points: pl.DataFrame) -> list[tuple[str, list[str]]]:
    """What is open in sentences: `Two KPIs have no data`, each with what it is about."""
    groups = []
    for kind, (one, many) in _SAID.items():
        rows = points.filter(pl.col("kind") == kind)
        if rows.height:
            said = one if rows.height == 1 else many.format(count(rows.height).capitalize())
            about = [
                f"{name}: {text.removeprefix(f'{name}: ')}" if text and name else text or name
                for name, text in rows.select("name", "text").iter_rows()
            ]
            groups.append((said, about))
    return groups
