"""The commentary of a report and period: what is written, what is missing, what to look at."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from kpi_core import commentary, scorecard
from kpi_core.commentary import Place, Subject
from kpi_core.figures import Figures
from kpi_core.periods import Period
from kpi_core.views.head import Page, page, sections
from kpi_core.views.one_indicator import all_indicators
from kpi_core.words import FigureBasis, Kind, Said

_EVERY = list(Said)
#: What a section is expected to have: one of these.
_TOLD = [Said.COMMENTARY, Said.SUMMARY]


@dataclass(frozen=True)
class WrittenView:
    """The commentary of a report and period."""

    page: Page
    sections: tuple[str, ...]  #: in the report's order
    indicators: pl.DataFrame  #: indicator, name, section, kind (of indicator)
    kpis: pl.DataFrame  #: rows of scorecard.kpis, each once
    subjects: dict[str, Subject]
    texts: pl.DataFrame  #: rows of commentary.csv of the very period, kind as String
    before: pl.DataFrame  #: the same of the period before
    silent: tuple[str, ...]  #: sections about which nothing is said
    without_action: pl.DataFrame  #: Reds: indicator, name, section
    findings: pl.DataFrame  #: see commentary.of_report

    def at(self, place: Place) -> pl.DataFrame:
        """The texts that stand where that one does, whatever their order."""
        return _where(self.texts, place)

    def earlier(self, place: Place) -> pl.DataFrame:
        """The texts that stood there in the period before."""
        return _where(self.before, place)


def written(figures: Figures, report: str, at: Period) -> WrittenView:
    """Everything that the page of the commentary shows."""
    card = scorecard.kpis(figures, report, at)
    told = commentary.of_period(figures, report, at, _TOLD)["section"].unique().to_list()
    known = commentary.subjects(figures, report, at, card)
    named = tuple(sections(figures, report, at))
    return WrittenView(
        page=page(figures, report, at),
        sections=named,
        indicators=all_indicators(figures, report, at),
        kpis=card.filter(pl.col("basis") == FigureBasis.PERIOD),
        subjects=known,
        texts=_of(figures, report, at),
        before=_of(figures, report, at.shift(-1)),
        silent=tuple(name for name in named if name not in told),
        without_action=commentary.without_action(figures, card, at).select(
            "indicator", "name", "section"
        ),
        findings=commentary.findings(figures, report, at, card, known),
    )


def kinds(view: WrittenView, code: str, section: str) -> list[Said]:
    """What can be written about an indicator, a section (without a code) or the whole report."""
    if not code:
        return [Said.COMMENTARY, Said.SUMMARY] if section else [Said.SUMMARY, Said.COMMENTARY]
    kind = dict(view.indicators.select("indicator", "kind").iter_rows()).get(code)
    acts = [Said.ACTION] if kind == Kind.KPI else []
    return [Said.COMMENTARY, *acts, Said.NOTE]


def next_order(view: WrittenView, section: str, kind: str) -> int:
    """The place after the last text of that kind in a section."""
    alike = view.texts.filter((pl.col("section") == section) & (pl.col("kind") == kind))
    return int(alike["order"].max() or 0) + 1  # type: ignore[arg-type]


def _of(figures: Figures, report: str, at: Period) -> pl.DataFrame:
    said = commentary.of_period(figures, report, at, _EVERY)
    return said.filter(pl.col("period") == str(at))


def _where(texts: pl.DataFrame, place: Place) -> pl.DataFrame:
    same = (pl.col("indicator") == place.indicator) & (pl.col("kind") == place.kind)
    if not place.indicator:
        same &= pl.col("section") == place.section
    return texts.filter(same).sort("order")
