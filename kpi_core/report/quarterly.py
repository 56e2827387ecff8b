"""The Quarterly Performance Report: summary, every directorate with its charts, the risk register."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from kpi_core import cells, commentary, display, limits, registry, summary, views
from kpi_core.breakdowns import Breakdown
from kpi_core.errors import UserError
from kpi_core.figures import Figures
from kpi_core.periods import Period
from kpi_core.report import actions, charted, parts, sentences, sheets
from kpi_core.report.charted import Progress
from kpi_core.report.edition import Edition
from kpi_core.report.register import register
from kpi_core.report.tree import (
    Block,
    Card,
    Column,
    Contents,
    Heading,
    Items,
    PageBreak,
    Pairs,
    Paper,
    Paragraph,
    Picture,
    Table,
)
from kpi_core.views import RiskView, SectionView, SummaryView
from kpi_core.wording import Wording
from kpi_core.words import Kind, Rating

_FLOORS = (
    "Floor standards are the minimum performance expected. If one is not achieved, management action "
    "must follow."
)
_ACTIVITY = (
    "Activity indicators show demand for services, or give context. Where there is an expected "
    "range, it is drawn as a band; a figure outside it is drawn hollow. They are not rated."
)
_CHARTS = (
    "In the charts of KPIs the target is a line and the floor standard a broken line. The bands show "
    "where a figure is rated how. Periods without a figure are gaps."
)

Pictures = dict[str, Picture]


def build(
    figures: Figures, report: str, at: Period, edition: Edition | None, progress: Progress
) -> Paper:
    """The report of a period."""
    progress("Working out the figures", 0.0)
    wording = figures.organisation.wording
    sections = views.every_section(figures, report, at)
    overview = views.executive_summary(figures, report, at)
    risks = _risks(figures, report, at)
    acted = actions.of_reds(overview.scorecard, figures, at)
    tables = sheets.of_report(
        figures, report, at, overview=overview, sections=sections, register=risks
    )
    pictures = charted.pictured(
        ((view.places, _charted(view)) for view in sections), wording, progress
    )
    is_restated = parts.is_restated(figures, report, at)
    published = parts.published_on(figures, report, at)
    return Paper(
        kind="qpr",
        title=overview.page.report_title,
        subtitle=parts.period_title(at),
        organisation=figures.organisation,
        edition=edition,
        dated=published or at.last_day,
        blocks=(
            *parts.who(figures.organisation.papers.producer(at)),
            *_key(figures, report, at, wording),
            *parts.listed(overview.key),
            *parts.restated(overview.key, is_restated=is_restated),
            Contents(),
            *_summary(overview, sections, acted, is_restated=is_restated),
            *(
                block
                for view in sections
                for block in _section(view, pictures, acted, is_restated=is_restated)
            ),
            *(register(risks, is_restated=is_restated) if risks else ()),
        ),
        sheets=tables,
        notes=tuple(overview.warnings),
    )


def _charted(view: SectionView) -> dict[str, str]:
    """The indicators of a section that have a chart, and their names."""
    shown = dict(view.places.group_by("indicator").agg(pl.col("shown").count()).iter_rows())
    charted = dict(view.kpis.select("indicator", "name").iter_rows())
    for row in view.activities.iter_rows(named=True):
        code = row["indicator"]
        if row["value"] is not None and not cells.stands_alone(row, shown.get(code, 0)):
            charted[code] = row["name"]
    return charted


def _risks(figures: Figures, report: str, at: Period) -> RiskView | None:
    try:
        return views.corporate_risks(figures, report, at)
    except UserError:
        return None


def _key(figures: Figures, report: str, at: Period, wording: Wording) -> Iterator[Block]:
    placed = registry.placed(figures, report, at)
    kpis = int((placed["kind"].cast(pl.String) == Kind.KPI).sum())
    yield Heading("Key to ratings and charts")
    yield Paragraph(
        f"This report has {sentences.key_indicators(kpis, wording)}. Each is "
        "assessed against a target set when the financial year begins, by a rating and by a "
        "direction of travel."
    )
    yield parts.key_to_ratings(wording)
    if wording.amber == "floor":
        yield Paragraph(_FLOORS, "note")
    yield parts.key_to_directions(wording)
    yield Paragraph(_CHARTS)
    yield Paragraph(_ACTIVITY)


def _summary(
    view: SummaryView, sections: list[SectionView], acted: pl.DataFrame, *, is_restated: bool
) -> Iterator[Block]:
    wording, at = view.page.wording, view.page.at
    total = view.counts.row(-1, named=True)
    yield PageBreak()
    yield Heading("Executive summary")
    yield Paragraph(sentences.overall(view.scorecard, total, at, wording), "lead")
    ways = sentences.directions(total, at, wording)
    if ways:
        yield Paragraph(ways)
    of_report = view.paragraphs.filter(pl.col("section") == "")
    overall = pl.col("heading").str.to_lowercase().is_in(views.OVERALL)
    yield from map(Paragraph, of_report.filter(overall)["text"])
    yield from parts.count_table(view.counts, "Ratings and directions by section", wording)
    if view.by_chance:
        yield Paragraph(view.by_chance, "note")
    yield from _reds(view)
    if acted.height:
        yield actions.table(acted, wording)
    for section in sections:
        own = view.paragraphs.filter(pl.col("section") == section.section)["text"].to_list()
        yield from _section_summary(section, own)
    yield from parts.texts(of_report.filter(~overall), 2)
    if is_restated:
        yield Paragraph(parts.RESTATED, "note")
    if view.warnings:
        yield Heading("What to know about these figures", 2)
        yield Items(tuple((text, ()) for text in view.warnings))


def _reds(view: SummaryView) -> Iterator[Block]:
    wording = view.page.wording
    red = view.scorecard.filter(pl.col("rating") == Rating.RED)
    yield Heading(f"{wording.label(Rating.RED)}: {wording.beyond}", 2)
    if red.is_empty():
        yield Paragraph(f"No KPI is rated {wording.label(Rating.RED)} in {view.page.at.words}.")
        return
    limit = wording.limit_name()
    names = ["Current", "Target", *([limit] if limit else [])]
    yield Table(
        f"KPIs rated {wording.label(Rating.RED)}",
        (
            Column("KPI", share=3.4),
            *(Column(name, "right", 1) for name in names),
            Column("Why", share=2.2),
        ),
        tuple(
            (
                row["name"],
                cells.figure(row, "value", wording),
                cells.target(row, wording),
                *([cells.floor(row, wording)] if limit else []),
                summary.why_red(row, view.page.at, wording),
            )
            for row in red.iter_rows(named=True)
        ),
    )


def _section_summary(view: SectionView, said: list[str]) -> Iterator[Block]:
    """A section's KPIs with latest and previous rating and direction, and its sentences."""
    wording = view.page.wording
    yield Heading(view.section, 2)
    yield Paragraph(" ".join([view.headline, *said]).strip() or "This section has no KPIs.")
    if view.kpis.height:
        yield Table(
            f"KPIs of {view.section}",
            (
                Column("KPI", share=3.4),
                Column("Latest rating", share=1.25),
                Column("Previous rating", share=1.25),
                Column("Direction", share=1.2),
            ),
            tuple(
                (
                    row["name"],
                    parts.rated(row, wording),
                    parts.rated(row, wording, "previous_rating", "previous_basis"),
                    parts.way(row, wording),
                )
                for row in view.kpis.iter_rows(named=True)
            ),
        )


def _section(
    view: SectionView, pictures: Pictures, acted: pl.DataFrame, *, is_restated: bool
) -> Iterator[Block]:
    wording = view.page.wording
    yield PageBreak()
    yield Heading(view.section)
    own = view.directorate != view.section
    facts = [("Directorate", view.directorate)] if view.directorate and own else []
    facts += [
        (f"{role} (interim)" if interim else role, name)
        for role, name, interim in view.officers.iter_rows()
    ]
    yield from parts.who(facts)
    if view.counts.height:
        yield from parts.count_table(
            view.counts, f"Ratings and directions of {view.section}", wording
        )
    if view.headline:
        yield Paragraph(view.headline, "lead")
    yield from _commentary(view, is_restated=is_restated)
    if view.kpis.height:
        yield Heading("Key Performance Indicators", 2)
        yield from (_kpi(view, row, pictures, acted) for row in view.kpis.iter_rows(named=True))
    yield from _activities(view, pictures)
    if view.tables:
        yield Heading("Tables", 2)
        cards = {*view.kpis["indicator"], *_with_cards(view)["indicator"]}
        for table in view.tables:
            yield from _breakdown(table, wording)
            if table.indicator not in cards:
                yield from (Paragraph(text, "note") for text in _notes(view, table.indicator))
                cards.add(table.indicator)
    if view.remarks.height:
        yield Heading("Notes", 2)
        yield from parts.texts(view.remarks, 3, view.section, "note")


def _commentary(view: SectionView, *, is_restated: bool) -> Iterator[Block]:
    """What is said of the section as a whole; what is said of one KPI stands with it."""
    shown = set(view.kpis["indicator"])
    rows = view.commentary.filter(~pl.col("indicator").is_in(sorted(shown)))
    if rows.is_empty():
        return
    yield Heading("Commentary", 2)
    yield from parts.texts(rows, 3, view.section)
    if is_restated:
        yield Paragraph(parts.RESTATED, "note")


def _kpi(view: SectionView, row: cells.Row, pictures: Pictures, acted: pl.DataFrame) -> Card:
    wording, at = view.page.wording, view.page.at
    code = row["indicator"]
    limit = wording.limit_name(limits.rule(row))
    current = "Current"
    columns = {
        "Rating": parts.rated(row, wording),
        "Direction": parts.way(row, wording),
        current: cells.figure(row, "value", wording),
        "Target": cells.target(row, wording),
        **({limit: cells.floor(row, wording)} if limit else {}),
        cells.before(row, at): cells.previous(row, wording),
        "Previous rating": parts.rated(row, wording, "previous_rating", "previous_basis"),
    }
    year = view.to_date.filter(pl.col("indicator") == code)
    notes = [*cells.of_figure(row, at), *cells.reported_otherwise(row, wording)]
    if year.height:
        to_date = year.row(0, named=True)
        figure, label = cells.figure(to_date, "value", wording), wording.label(to_date["rating"])
        notes.append(f"Year to date: {figure}, {label}.")
    return Card(
        row["name"],
        Table(
            f"{row['name']}: figures of {at.words}",
            tuple(
                Column(name, share=1.2 if isinstance(cell, str) else 1.5)
                for name, cell in columns.items()
            ),
            (tuple(columns.values()),),
        ),
        pictures.get(code),
        cells.said(row, at, wording),
        (*notes, *_notes(view, code)),
        (
            *view.commentary.filter(pl.col("indicator") == code)["text"],
            *_done(view, code, acted),
        ),
    )


def _done(view: SectionView, code: str, acted: pl.DataFrame) -> tuple[str, ...]:
    """What is being done about a KPI: of a Red also that nothing is recorded."""
    own = view.actions.filter(pl.col("indicator") == code)["text"]
    return actions.under(acted, code) or tuple(f"{commentary.DOING}{text}" for text in own)


def _notes(view: SectionView, code: str) -> list[str]:
    return view.notes.filter(pl.col("indicator") == code)["text"].to_list()


def _activities(view: SectionView, pictures: Pictures) -> Iterator[Block]:
    wording, at = view.page.wording, view.page.at
    known = _with_cards(view)
    silent = view.activities.filter(pl.col("value").is_null())["name"].to_list()
    if view.activities.is_empty():
        return
    yield Heading("Activity indicators", 2)
    cards = []
    for row in known.iter_rows(named=True):
        code = row["indicator"]
        alone = "" if code in pictures else f" {cells.ONLY_ONE}"
        cards.append(
            Card(
                row["name"],
                None,
                pictures.get(code),
                f"{summary.activity(row, at, wording)}{alone}",
                (*cells.of_figure(row, at), *_notes(view, code)),
            )
        )
    if cards:
        yield Pairs(tuple(cards))
    if silent:
        yield Paragraph(f"No figure for {at.words}: {display.listed(silent)}.", "note")


def _with_cards(view: SectionView) -> pl.DataFrame:
    """The activity indicators that have a figure."""
    return view.activities.filter(pl.col("value").is_not_null())


def _breakdown(table: Breakdown, wording: Wording) -> Iterator[Block]:
    rows = table.rows.to_dicts()
    yield Table(
        f"{table.name} by {table.breakdown}",
        (
            Column(cells.sentence_case(table.breakdown), share=2.2),
            *(Column(period, "right") for period in table.periods),
        ),
        tuple(
            (
                row["item"] or "Whole",
                *(
                    display.figure(row[period], table.unit, table.decimals, wording)
                    for period in table.periods
                ),
            )
            for row in rows
        ),
        total=bool(rows) and not rows[-1]["item"],
    )
    for text in (*table.differences, *table.notes):
        yield Paragraph(text, "note")
