"""The framework of a year as a paper: proposed KPIs and activity indicators."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from kpi_core import cells, display, views
from kpi_core.figures import Figures
from kpi_core.framework import Lifecycle
from kpi_core.periods import Period
from kpi_core.report import parts, sheets
from kpi_core.report.charted import Progress
from kpi_core.report.edition import Edition
from kpi_core.report.tree import (
    Block,
    Cell,
    Column,
    Contents,
    Heading,
    Items,
    Paper,
    Paragraph,
    Table,
)
from kpi_core.views import FrameworkView
from kpi_core.words import Kind

_CHANGES = {
    Lifecycle.NEW: "New", Lifecycle.REMOVED: "Removed", Lifecycle.MOVED: "Moved",
    Lifecycle.REVISED: "Revised",
}  # fmt: skip
_STATUSES = {"proposed": "Proposed", "tbc": "To be agreed"}


def build(
    figures: Figures, report: str, at: Period, edition: Edition | None, progress: Progress
) -> Paper:
    """The framework of a year."""
    progress("Working out the figures", 0.0)
    view = views.framework(figures, report, at.year)
    published = parts.published_on(figures, report, at.year)
    return Paper(
        kind="framework",
        title=f"{_proposed(view)} and activity indicators",
        subtitle=f"{view.page.report_title}, {at.year}",
        organisation=figures.organisation,
        edition=edition,
        dated=published or at.year.start,
        blocks=(
            *parts.who(figures.organisation.papers.producer(at)),
            *_overview(view),
            Contents(),
            *(
                block
                for section, directorate in view.sections.iter_rows()
                for block in _section(view, section, directorate or "")
            ),
        ),
        sheets=sheets.of_framework(view),
        notes=tuple(view.notes),
    )


def _proposed(view: FrameworkView) -> str:
    """`Proposed KPIs` while any target is still to be set."""
    return "Proposed KPIs" if view.rows["status"].is_in(list(_STATUSES)).any() else "KPIs"


def _overview(view: FrameworkView) -> Iterator[Block]:
    wording, year = view.page.wording, view.page.at
    kinds = {
        Kind.KPI: ("KPI", "KPIs"),
        Kind.ACTIVITY: ("activity indicator", "activity indicators"),
    }
    counts = {row["kind"]: row for row in view.counts.iter_rows(named=True)}
    yield Heading(f"The framework of {year}")
    if view.is_whole:
        said = [
            f"{display.count(counts[kind]['indicators'], wording)} "
            f"{words[counts[kind]['indicators'] != 1]}"
            for kind, words in kinds.items()
            if kind in counts
        ]
        if said:
            yield Paragraph(f"The framework of {year} has {display.listed(said)}.", "lead")
    lines = []
    for change, words in _CHANGES.items():
        of_kind = [
            f"{display.count(row[change], wording)} {kinds[Kind(kind)][row[change] != 1]}"
            for kind, row in counts.items()
            if row[change]
        ]
        if of_kind:
            lines.append((f"{words}: {display.listed(of_kind)}.", ()))
    if lines:
        yield Items(tuple(lines))
    yield from (Paragraph(note, "note") for note in view.notes)


def _section(view: FrameworkView, section: str, directorate: str) -> Iterator[Block]:
    rows = view.rows.filter(pl.col("section") == section)
    if rows.is_empty():
        return
    yield Heading(section)
    if directorate and directorate != section:
        yield from parts.who([("Directorate", directorate)])
    for kind, title in (
        (Kind.KPI, "Key Performance Indicators"),
        (Kind.ACTIVITY, "Activity indicators"),
    ):
        own = rows.filter(pl.col("kind") == kind)
        if own.height:
            yield Heading(title, 2)
            yield _table(view, f"{section}: {title}", own, is_kpi=kind is Kind.KPI)


def _table(view: FrameworkView, caption: str, rows: pl.DataFrame, *, is_kpi: bool) -> Table:
    wording, year = view.page.wording, view.page.at
    before = year.shift(-1)
    limit = wording.limit_name() if is_kpi else ""
    has_actual = bool(rows["actual"].is_not_null().any())
    columns = [Column("Indicator", share=4), Column("Change", share=1.3)]
    if has_actual:
        columns.append(Column(f"Actual {before}", "right", 1.5))
    if is_kpi:
        columns.append(Column(f"Target {year}", "right", 1.5))
    if limit:
        columns.append(Column(f"{limit} {year}", "right", 1.5))
    return Table(
        caption,
        tuple(columns),
        tuple(
            tuple(_cells(view, row, has_actual=has_actual, is_kpi=is_kpi, has_limit=bool(limit)))
            for row in rows.iter_rows(named=True)
        ),
    )


def _cells(
    view: FrameworkView, row: cells.Row, *, has_actual: bool, is_kpi: bool, has_limit: bool
) -> Iterator[Cell]:
    wording, start = view.page.wording, view.page.at.year_start
    yield row["name"]
    status = _STATUSES.get(row["status"] or "", "")
    yield ", ".join(filter(None, [_CHANGES.get(row["lifecycle"], ""), status])) or "None"
    if has_actual:
        actual = display.figure(row["actual"], row["unit"], row["decimals"], wording)
        of = f" ({Period.parse(row['actual_period'], start).words})" if row["actual_period"] else ""
        yield f"{actual}{of}" if row["actual"] is not None else parts.NONE
    if is_kpi:
        yield _limit(view, row, "target")
    if has_limit:
        yield _limit(view, row, "floor")


def _limit(view: FrameworkView, row: cells.Row, name: str) -> str:
    """`82% (was 80%)`; `was 80%` of an indicator that is gone."""
    wording, unit = view.page.wording, row["unit"]
    now, was = (
        display.band(row[key], row[f"{key}_high"], unit, wording) if row[key] is not None else ""
        for key in (name, f"previous_{name}")
    )
    if was and not now:
        return f"was {was}"
    return f"{now} (was {was})" if was and was != now else now or parts.NONE
