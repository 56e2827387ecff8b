"""The framework of a year."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from kpi_core import framework as frameworks
from kpi_core.figures import Figures
from kpi_core.framework import Lifecycle
from kpi_core.periods import Period
from kpi_core.views.head import Page, page


def years(figures: Figures, report: str) -> list[Period]:
    """The years of which a report has a framework, latest first, those to come included."""
    texts = figures.placements.filter(pl.col("report") == report)["year"].unique().to_list()
    found = [Period.parse(text, figures.year_start) for text in texts]
    return sorted(found, key=lambda year: year.first_month, reverse=True)


@dataclass(frozen=True)
class FrameworkView:
    """The framework of a year."""

    page: Page
    sections: pl.DataFrame  #: section, directorate: those of the framework, in its order
    rows: pl.DataFrame  #: see framework.framework; one row for each indicator, removed ones too
    counts: pl.DataFrame  #: kind, indicators (in force), and one column for each Lifecycle
    checks: pl.DataFrame  #: see framework.checks: finding, indicator, message
    is_computed: bool  #: whether the change since the year before is worked out, or as marked
    is_whole: bool  #: false where only what the next year removed is known
    notes: tuple[str, ...]  #: what a reader should know, each a sentence


def framework(figures: Figures, report: str, year: Period) -> FrameworkView:
    """The indicators of a year by section, with what changed and what is wrong with its targets."""
    rows = frameworks.framework(figures, report, year)
    is_whole = frameworks.is_held(figures, report, year)
    is_computed = frameworks.is_held(figures, report, year.shift(-1))
    return FrameworkView(
        page=page(figures, report, year),
        sections=_sections(figures, report, year, rows),
        rows=rows,
        counts=_counts(rows),
        checks=frameworks.checks_of(figures, report, year, rows if is_whole else rows.clear()),
        is_computed=is_computed,
        is_whole=is_whole,
        notes=tuple(_notes(rows, year, is_computed=is_computed, is_whole=is_whole)),
    )


def _sections(figures: Figures, report: str, year: Period, rows: pl.DataFrame) -> pl.DataFrame:
    """Sections with their directorates, of the year itself or, for removed ones, the year before."""
    known = figures.sections.filter(
        (pl.col("report") == report) & pl.col("year").is_in([str(year), str(year.shift(-1))])
    ).sort("year", descending=True)
    named = known.unique("section", keep="first", maintain_order=True)
    listed = rows.select("section").unique(maintain_order=True)
    return listed.join(
        named.select("section", "directorate"), on="section", how="left", maintain_order="left"
    )


def _counts(rows: pl.DataFrame) -> pl.DataFrame:
    changes = [change for change in Lifecycle if change]
    return rows.group_by("kind").agg(
        indicators=(pl.col("lifecycle") != Lifecycle.REMOVED).sum().cast(pl.Int32),
        **{
            str(change): (pl.col("lifecycle") == change).sum().cast(pl.Int32) for change in changes
        },
    ).sort("kind", descending=True)  # fmt: skip


def _notes(rows: pl.DataFrame, year: Period, *, is_computed: bool, is_whole: bool) -> list[str]:
    said = []
    before = year.shift(-1)
    if not is_whole:
        said.append(f"Of the framework of {year} only what {year.shift(1)} removed is known.")
    elif not is_computed:
        said.append(
            f"The framework of {before} is not known in full, so what is new, removed, moved or "
            "revised is shown as it was published."
        )
    statuses = rows["status"]
    for status, one, many in (
        ("proposed", "One target is proposed, and does not rate yet.",
         "{} targets are proposed, and do not rate yet."),
        ("tbc", "One target is still to be agreed.", "{} targets are still to be agreed."),
    ):  # fmt: skip
        count = (statuses == status).sum()
        if count:
            said.append(one if count == 1 else many.format(count))
    return said
