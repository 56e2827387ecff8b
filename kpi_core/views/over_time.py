"""The matrix of ratings: a selection and a span in, all that its page shows out."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from kpi_core import lasting, matrix, scorecard
from kpi_core.figures import Figures
from kpi_core.periods import Period
from kpi_core.views.head import Page, page
from kpi_core.words import FigureBasis, Rating


@dataclass(frozen=True)
class MatrixView:
    """Ratings of every KPI over a span of periods."""

    page: Page
    kpis: pl.DataFrame  #: rows of scorecard.kpis with matrix.facts, and red_for UInt32, at_least
    grid: pl.DataFrame  #: see history.grid_of_ratings, from the first period in which any is known
    near: pl.DataFrame  #: see matrix.near


def ratings_over_time(figures: Figures, report: str, at: Period, span: int) -> MatrixView:
    """The ratings of the report's KPIs over `span` periods up to `at`."""
    card = scorecard.kpis(figures, report, at).filter(pl.col("basis") == FigureBasis.PERIOD)
    whole = lasting.whole_grid(figures, report, card, at)
    periods = [str(at.shift(-back)) for back in range(span)]
    grid = whole.filter(pl.col("period").is_in(periods))
    known = grid.group_by("period", maintain_order=True).agg(pl.col("rating").is_not_null().any())
    shown = (
        known["period"].to_list()[known["rating"].to_list().index(True) :]
        if known["rating"].any()
        else []
    )
    grid = grid.filter(pl.col("period").is_in(shown))
    reds = lasting.lasting(whole).filter(pl.col("rating") == Rating.RED)
    facts = matrix.facts(grid).join(
        reds.select("indicator", "at_least", red_for="lasts"), on="indicator", how="left"
    )
    return MatrixView(
        page=page(figures, report, at),
        kpis=card.join(facts, on="indicator", how="left", maintain_order="left"),
        grid=grid,
        near=matrix.near(card),
    )
