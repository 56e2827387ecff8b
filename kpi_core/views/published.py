"""What is still open before a period is published. It warns; it stops nobody."""

from __future__ import annotations

from enum import StrEnum

import polars as pl

from kpi_core import quality, registry, scorecard
from kpi_core.display import count
from kpi_core.figures import Figures
from kpi_core.periods import Period, with_calendar
from kpi_core.words import FigureBasis, Rating


class Open(StrEnum):
    """A kind of thing that is open."""

    ERROR = "error"
    RED = "red"
    NO_DATA = "no_data"


_SAID = {
    Open.ERROR: ("One error stands in the figures of this report", "{} errors stand in the figures of this report"),
    Open.RED: ("One Red has no commentary of its own", "{} Reds have no commentary of their own"),
    Open.NO_DATA: ("One KPI has no data", "{} KPIs have no data"),
}  # fmt: skip


def open_points(figures: Figures, report: str, at: Period) -> pl.DataFrame:
    """All that is open in a period of a report: errors, then Reds, then KPIs without data.

    Returns kind (an Open), indicator, name, text (what an error says, else empty), all String.
    """
    kpis = scorecard.kpis(figures, report, at).filter(pl.col("basis") == FigureBasis.PERIOD)
    placed = registry.placed(figures, report, at).select("indicator", "name")
    errors = quality.findings(figures).filter(pl.col("severity") == "error")
    parts = {
        Open.ERROR: errors.select("indicator", text="message").join(placed, on="indicator"),
        Open.RED: _reds_without_a_word(figures, report, at, kpis),
        Open.NO_DATA: kpis.filter(pl.col("rating").cast(pl.String) == Rating.NO_DATA),
    }
    return pl.concat(
        rows.select(
            pl.lit(kind).alias("kind"), "indicator", "name",
            pl.col("text") if "text" in rows.columns else pl.lit("").alias("text"),
        )
        for kind, rows in parts.items()
    )  # fmt: skip


def _reds_without_a_word(
    figures: Figures, report: str, at: Period, kpis: pl.DataFrame
) -> pl.DataFrame:
    """The Reds of which nothing is said in the report of the period."""
    own = with_calendar(figures.commentary.filter(pl.col("report") == report), at.year_start)
    said = own.filter(pl.col("end_month") == at.end_month)["indicator"].implode()
    is_red = pl.col("rating").cast(pl.String) == Rating.RED
    return kpis.filter(is_red & ~pl.col("indicator").is_in(said))


def told(points: pl.DataFrame) -> list[tuple[str, list[str]]]:
    """What is open in sentences: `Two KPIs have no data`, each with what it is about."""
    groups = []
    for kind, (one, many) in _SAID.items():
        rows = points.filter(pl.col("kind") == kind)
        if rows.height:
            said = one if rows.height == 1 else many.format(count(rows.height).capitalize())
            about = [
                f"{name}: {text.removeprefix(f'{name}: ')}" if text else name
                for name, text in rows.select("name", "text").iter_rows()
            ]
            groups.append((said, about))
    return groups
