"""The monthly dashboard as a paper: every indicator as a row, service area by service area."""

from __future__ import annotations

from collections.abc import Iterator

from kpi_core import cells, dashboard, display, summary, views
from kpi_core.dashboard import Table as Listed
from kpi_core.figures import Figures
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
from kpi_core.views import Area, DashboardView
from kpi_core.wording import Wording
from kpi_core.words import FigureBasis, Kind

_ACTIVITY = (
    "Activity indicators show demand. They are not rated; the alert says whether a figure is in its "
    "expected range (Yes), or above or below it. Without a range they give context."
)


def build(
    figures: Figures, report: str, at: Period, edition: Edition | None, progress: Progress
) -> Paper:
    """The dashboard of a report's period."""
    progress("Working out the figures", 0.0)
    view = views.dashboard(figures, report, at)
    wording = figures.organisation.wording
    published = parts.published_on(figures, report, at)
    return Paper(
        kind="dashboard",
        title=view.page.report_title,
        subtitle=f"Results up to {at.last_month_words}",
        organisation=figures.organisation,
        edition=edition,
        dated=published or at.last_day,
        blocks=(
            *parts.who(figures.organisation.papers.producer(at)),
            Heading("How to read this dashboard"),
            parts.key_to_ratings(wording),
            Paragraph(_ACTIVITY),
            *parts.listed(view.texts),
            *parts.restated(view.texts, is_restated=parts.is_restated(figures, report, at)),
            Contents(),
            *_glance(view, wording),
            *(block for area in view.areas for block in _area(view, area)),
        ),
        sheets=sheets.of_dashboard(view, figures),
        is_wide=True,
    )


def _glance(view: DashboardView, wording: Wording) -> Iterator[Block]:
    """Every KPI with its ratings, by service area."""
    kpis = view.kpis
    if kpis.is_empty():
        return
    yield Heading("Key Performance Indicator summary")
    said = dashboard.headline(kpis, wording)
    if said:
        yield Paragraph(said, "lead")
    for area in view.areas:
        rows = [
            row
            for table in area.tables
            if table.kind is Kind.KPI
            for row in table.rows.iter_rows(named=True)
        ]
        if rows:
            yield Table(
                area.section,
                (
                    Column("KPI", share=4),
                    Column("Latest rating", share=1.2),
                    Column("Year to date rating", share=1.2),
                ),
                tuple(
                    (_named(row), parts.rated(row, wording), _of_year(row, wording)) for row in rows
                ),
            )


def _named(row: cells.Row) -> str:
    return f"{row['indicator']}: {row['name']}"


def _of_year(row: cells.Row, wording: Wording) -> Cell:
    return parts.rated(row, wording, "year_rating", "year_rating_basis")


def _area(view: DashboardView, area: Area) -> Iterator[Block]:
    yield Heading(area.section)
    who = [("Directorate", area.directorate)] if area.directorate else []
    who += [
        (f"{role} (interim)" if interim else role, name)
        for role, name, interim in area.officers.iter_rows()
    ]
    yield from parts.who(who)
    for table in area.tables:
        yield _table(view, area, table)
        notes = [
            (f"{row['name']}: {' '.join(said)}", ())
            for row in table.rows.iter_rows(named=True)
            if (said := _notes(view, row))
        ]
        if notes:
            yield Items(tuple(notes))
    names = {
        row["indicator"]: row["name"]
        for table in area.tables
        for row in table.rows.iter_rows(named=True)
    }
    for code, text in area.notes.iter_rows():
        yield Paragraph(f"{names.get(code, code)}: {text}", "note")
    for heading, text in area.commentary.iter_rows():
        yield Paragraph(f"{heading}: {text}" if heading else text)


def _notes(view: DashboardView, row: cells.Row) -> list[str]:
    notes = cells.of_figure(row, view.page.at)
    printed = dashboard.year_as_printed(row)
    if printed is not None:
        text = display.figure(printed, row["unit"], row["decimals"], view.page.wording)
        notes.append(f"Year to date as published: {text}.")
    return notes


def _table(view: DashboardView, area: Area, table: Listed) -> Table:
    wording = view.page.wording
    is_kpi = table.kind is Kind.KPI
    several = len({one.frequency for one in area.tables}) > 1
    what = "Key Performance Indicators" if is_kpi else "Activity indicators"
    has_year = table.rows["year_value"].is_not_null().any()
    rates_year = is_kpi and bool(table.rows["year_rating"].is_not_null().any())
    columns = [
        Column("KPI" if is_kpi else "Indicator", share=3.2),
        *(Column(period.short, "right") for period in table.periods),
        Column("Rating" if is_kpi else "In range?", share=1.1),
        *([Column("Year to date", "right")] if has_year else []),
        *([Column("Year to date rating", share=1.1)] if rates_year else []),
    ]
    limit = wording.limit_name()
    if is_kpi:
        columns += [Column("Target", "right"), *([Column(limit, "right")] if limit else [])]
    else:
        columns.append(Column("Expected range", "right", 1.5))
    columns.append(Column("Year before", "right"))
    return Table(
        f"{area.section}: {what}{f' by {table.frequency}' if several else ''}",
        tuple(columns),
        tuple(
            tuple(_cells(row, wording, is_kpi=is_kpi, has_year=has_year, rates_year=rates_year))
            for row in table.rows.iter_rows(named=True)
        ),
    )


def _cells(
    row: cells.Row, wording: Wording, *, is_kpi: bool, has_year: bool, rates_year: bool
) -> Iterator[Cell]:
    unit, decimals = row["unit"], row["decimals"]
    yield _named(row)
    yield from (display.figure(value, unit, decimals, wording) for value in row["recent"])
    yield parts.rated(row, wording) if is_kpi else row["alert"] or "No range"
    if has_year:
        yield display.figure(row["year_value"], unit, decimals, wording)
    if rates_year:
        yield _of_year(row, wording)
    if is_kpi:
        yield cells.target(row, wording)
        if wording.limit_name():
            yield cells.floor(row, wording)
    else:
        yield _expected(row, wording)
    yield display.figure(row["before_value"], unit, decimals, wording)


def _expected(row: cells.Row, wording: Wording) -> str:
    if row["lower"] is None and row["upper"] is None:
        return parts.NONE
    whose = " for the year" if row["judged_on"] == FigureBasis.YTD else ""
    return f"{summary.expected(row, wording)}{whose}"
