"""What changed since the report before: a selection in, all that its page shows out."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from kpi_core import scorecard, what_changed
from kpi_core.figures import Figures
from kpi_core.periods import Period
from kpi_core.views.head import Page, page
from kpi_core.words import FigureBasis


@dataclass(frozen=True)
class ChangesView:
    """What a report says otherwise than the one before."""

    page: Page
    before: Period
    as_shown: bool  #: whether the report before is an edition, with its figures as they were shown
    headline: str
    found: pl.DataFrame  #: see what_changed.between
    kpis: int  #: KPIs in the report, of which all others are as they were


def what_changed_since(figures: Figures, report: str, at: Period) -> ChangesView:
    """What changed since the report of the period before."""
    before = at.shift(-1)
    found = what_changed.between(figures, report, at)
    card = scorecard.kpis(figures, report, at)
    return ChangesView(
        page=page(figures, report, at),
        before=before,
        as_shown=figures.edition_of(report, before) is not None,
        headline=what_changed.headline(found, before, figures.organisation.wording),
        found=found,
        kpis=int((card["basis"] == FigureBasis.PERIOD).sum()),
    )
