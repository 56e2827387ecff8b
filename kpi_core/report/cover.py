"""The cover paper: what a committee is told of a report, with the recommendation."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from kpi_core import display, views
from kpi_core.errors import UserError
from kpi_core.figures import Figures
from kpi_core.letterhead import Letterhead
from kpi_core.periods import Period
from kpi_core.report import actions, parts, sentences, sheets
from kpi_core.report.charted import Progress
from kpi_core.report.edition import Edition
from kpi_core.report.tree import Block, Facts, Heading, Items, Paper, Paragraph
from kpi_core.views import SummaryView
from kpi_core.words import Rating, Said

#: The heading by which texts belong to this paper: it says no more than the title.
_COVER = "Cover paper"


def build(
    figures: Figures, report: str, at: Period, edition: Edition | None, progress: Progress
) -> Paper:
    """The cover paper of a report's period."""
    progress("Working out the figures", 0.0)
    view = views.executive_summary(figures, report, at)
    if view.scorecard.is_empty():
        raise UserError(f"The report has no KPIs in {at.words}, so there is nothing to cover.")
    published = parts.published_on(figures, report, at)
    acted = actions.of_reds(view.scorecard, figures, at)
    head = figures.organisation.papers.at(at)
    committee = head.to or "The committee"
    day = f"{committee} – {parts.day(published)}" if published else head.to
    title = f"{view.page.report_title}, {parts.period_title(at)}"
    lines = [
        *(("From" if place == 0 else "", one) for place, one in enumerate(head.sender)),
        ("To", day),
        ("Decision No", head.decision),
        ("Subject", title),
        ("Classification", head.classification),
    ]
    ask = (
        f"{committee} is asked to NOTE the {view.page.report_title} for {parts.period_title(at)} and "
        "the actions being taken to address areas where performance is not as targeted."
    )
    method = pl.col("kind") == Said.METHOD
    return Paper(
        kind="cover-paper",
        title="Cover paper",
        subtitle=title,
        organisation=figures.organisation,
        edition=edition,
        dated=published or at.last_day,
        blocks=(
            Facts(_merged(lines)),
            *_summary(view, ask),
            *_introduction(view),
            *parts.texts(view.cover.filter(method), 2, _COVER),
            *_performance(view, acted),
            *parts.texts(view.cover.filter(~method), 2, _COVER),
            *parts.restated(view.cover, is_restated=parts.is_restated(figures, report, at)),
            Heading("3. Recommendation"),
            Paragraph(ask),
            *_contacts(head),
        ),
        sheets=sheets.of_cover(view, acted),
        notes=tuple(view.warnings),
    )


def _merged(lines: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Lines that say something; those without a name go on with the one before."""
    found: list[tuple[str, str]] = []
    for name, text in lines:
        if not name and found:
            found[-1] = (found[-1][0], f"{found[-1][1]}\n{text}")
        elif text:
            found.append((name, text))
    return tuple(found)


def _summary(view: SummaryView, ask: str) -> Iterator[Block]:
    at, wording = view.page.at, view.page.wording
    total = view.counts.row(-1, named=True)
    yield Heading("Summary")
    yield Paragraph(
        f"The purpose of the {view.page.report_title} is to inform about key areas of performance of "
        f"{view.page.organisation}. This report presents performance to the end of "
        f"{at.last_month_words} ({parts.period_title(at)})."
    )
    yield Paragraph(sentences.overall(view.scorecard, total, at, wording))
    yield Heading("Recommendation")
    yield Paragraph(ask)


def _introduction(view: SummaryView) -> Iterator[Block]:
    at = view.page.at
    kpis = view.scorecard.height
    yield Heading("1. Introduction")
    yield Paragraph(
        f"1.1. The report for {parts.period_title(at)} is attached as Appendix 1, and includes "
        f"figures up to the end of {at.last_month_words}."
    )
    yield Paragraph(
        f"1.2. It includes {sentences.key_indicators(kpis, view.page.wording)}, whose results are "
        "assessed against targets set at the start of the financial year."
    )


def _performance(view: SummaryView, acted: pl.DataFrame) -> Iterator[Block]:
    at, wording = view.page.at, view.page.wording
    total = view.counts.row(-1, named=True)
    ratings = display.listed([wording.label(one) for one in wording.decided])
    yield Heading(f"2. Performance in {parts.period_title(at)}")
    yield Paragraph(f"2.1. Results are assessed against target by a rating: {ratings}.")
    many = display.count(view.scorecard.height, wording)
    yield Paragraph(
        f"2.2. Of the {many} {'KPI' if view.scorecard.height == 1 else 'KPIs'} in the report:"
    )
    yield Items(tuple((line, ()) for line in sentences.rated(total, at, wording)))
    red = view.scorecard.filter(pl.col("rating") == Rating.RED)
    yield Paragraph(f"2.3. {sentences.reds(red.height, wording)}")
    if red.height:
        grouped = red.group_by("section", maintain_order=True).agg("name")
        yield Items(tuple((section, tuple(names)) for section, names in grouped.iter_rows()))
        yield actions.table(acted, wording)
    ways = sentences.directions(total, at, wording)
    if ways:
        yield Paragraph(f"2.4. {ways}")
    if view.by_chance:
        yield Paragraph(view.by_chance, "note")


def _contacts(head: Letterhead) -> Iterator[Block]:
    if not head.contacts:
        return
    yield Heading("4. Contact details")
    for one in head.contacts:
        lines = [one.name, one.role, one.unit]
        lines += [f"Telephone: {one.telephone}"] if one.telephone else []
        yield Paragraph("\n".join(filter(None, [*lines, one.email])))
