"""A year's framework as its own document has it.

A document about a whole year (its period is the year) is the framework as the council published it.
Then what that document is cited for counts before what came later: an indicator that only a later
report mentions is not in the framework, and a target that was still to be agreed is.
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from kpi_core.figures import Figures
from kpi_core.periods import Period


def as_listed(figures: Figures, report: str, year: Period) -> Figures:
    """The figures with the year's placements, definitions and targets as its own document has them.

    All figures where no document is about the whole year, or where no placement cites it.
    """
    files = documents(figures, report, year)["file"].to_list()
    of_year = (pl.col("report") == report) & (pl.col("year") == str(year))
    placements = figures.placements.filter(of_year & _cites(files))
    if placements.is_empty():
        return figures
    targets = figures.targets.filter(pl.col("year") == str(year))
    return replace(
        figures,
        placements=pl.concat([figures.placements.filter(~of_year), placements]),
        indicators=_cited_first(figures.indicators, files),
        targets=pl.concat(
            [figures.targets.filter(pl.col("year") != str(year)), _cited_first(targets, files)]
        ),
    )


def documents(figures: Figures, report: str, year: Period) -> pl.DataFrame:
    """The documents of a report that are about the whole year, and name their file."""
    is_of_year = (pl.col("report") == report) & (pl.col("period") == str(year))
    return figures.documents.filter(is_of_year & (pl.col("file") != ""))


def _cites(files: list[str]) -> pl.Expr:
    """Whether a row's source names one of the files."""
    found = [pl.col("source").str.contains(f"{file}:", literal=True) for file in files]
    return pl.any_horizontal(pl.lit(value=False), *found)


def _cited_first(rows: pl.DataFrame, files: list[str]) -> pl.DataFrame:
    """Of each indicator the rows that cite the files, or all rows where none does."""
    cited = _cites(files)
    return rows.filter(cited | ~cited.any().over("indicator"))
