"""Where each text of a report stands, on paper and on the pages: see docs/rules/papers.md.

Every text has one place, so that none is lost: what fits nowhere else stands in the summary.
"""

from __future__ import annotations

from enum import StrEnum

import polars as pl

from kpi_core import registry, risks
from kpi_core.commentary.rows import of_period
from kpi_core.errors import UserError
from kpi_core.figures import Figures
from kpi_core.periods import Period
from kpi_core.words import Said

#: What stands before an action, wherever it stands.
DOING = "What is being done: "
_COVER = r"(?i)^\s*cover paper\s*$"
_RISKS = r"(?i)\brisk (register|management)\b|^\s*(corporate )?risks?\s*$"


class Where(StrEnum):
    """A part of a report in which texts stand."""

    KEY = "key to ratings"
    SUMMARY = "executive summary"
    SECTION_SUMMARY = "summary of the section"
    SECTION = "section"
    INDICATOR = "indicator"
    REGISTER = "risk register"
    COVER = "cover paper"


def texts(figures: Figures, report: str, at: Period) -> pl.DataFrame:
    """Every text of a report and period, or of a quarter or year that ends with it, with its place.

    Returns the columns of commentary.csv (kind String) in their order, and where (a Where), home (the
    section in which it stands; empty for the whole report) and said (the text as it stands there).
    """
    placed = registry.placed(figures, report, at)
    return with_places(
        of_period(figures, report, at, list(Said)),
        placed.select("indicator", "section"),
        has_register=_has_register(figures, at),
    )


def with_places(rows: pl.DataFrame, placed: pl.DataFrame, *, has_register: bool) -> pl.DataFrame:
    """The rows of the commentary with where, home and said.

    `placed` has the indicators of the report and their sections, in its order.
    """
    sections = placed["section"].unique().to_list()
    first = placed.unique("indicator", keep="first", maintain_order=True)
    own = first.select("indicator", placed_in="section")
    kind, heading = pl.col("kind").cast(pl.String), pl.col("heading").fill_null("")
    whole = (
        pl.when(heading.str.contains(_COVER))
        .then(pl.lit(Where.COVER.value))
        .when(heading.str.contains(_RISKS) & pl.lit(has_register))
        .then(pl.lit(Where.REGISTER.value))
        .when(kind == Said.METHOD)
        .then(pl.lit(Where.KEY.value))
        .otherwise(pl.lit(Where.SUMMARY.value))
    )
    of_section = (
        pl.when(kind == Said.SUMMARY)
        .then(pl.lit(Where.SECTION_SUMMARY.value))
        .otherwise(pl.lit(Where.SECTION.value))
    )
    of_indicator = pl.col("indicator") != ""
    return (
        rows.join(own, on="indicator", how="left", maintain_order="left")
        .with_columns(
            home=pl.when(pl.col("section").is_in(sections))
            .then("section")
            .otherwise(pl.col("placed_in").fill_null("")),
            said=pl.when(kind == Said.ACTION)
            .then(pl.lit(DOING) + pl.col("text"))
            .otherwise("text"),
        )
        .with_columns(
            where=pl.when(pl.col("home") == "")
            .then(whole)
            .when(of_indicator)
            .then(pl.lit(Where.INDICATOR.value))
            .otherwise(of_section)
        )
        .drop("placed_in")
    )


def _has_register(figures: Figures, at: Period) -> bool:
    try:
        risks.register_of(figures, at)
    except UserError:
        return False
    return True
