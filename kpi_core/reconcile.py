"""Every rating that documents print, against the rating worked out from the printed figures."""

from __future__ import annotations

from enum import StrEnum

import polars as pl

from kpi_core import scorecard
from kpi_core.figures import Figures
from kpi_core.words import DECIDED, FigureBasis, Rating


class Result(StrEnum):
    """How a printed rating and the figures stand to each other."""

    AGREE = "agree"
    CONTRADICTED = "contradicted"
    AS_PUBLISHED = "as_published"
    NO_DATA = "no_data"


COLUMNS = [
    "document", "indicator", "name", "section", "period", "basis", "published", "computed", "result", "reason",
]  # fmt: skip


def reconcile(figures: Figures) -> pl.DataFrame:
    """One row for each rating printed; a rating printed again for the same report counts once.

    Returns the COLUMNS, all String: `published` and `computed` are rating codes, `result` a Result,
    `reason` why figures cannot decide (empty where they do).
    """
    printed = _printed(figures)
    tables = [
        _against_figures(figures, printed, report, period)
        for report, period in printed.select("report", "about")
        .unique(maintain_order=True)
        .iter_rows()
    ]
    empty = pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String))
    return pl.concat([empty, *tables])


def _printed(figures: Figures) -> pl.DataFrame:
    """Ratings as printed: document, report, about (its period), indicator, basis, published."""
    codes = [str(r) for r in (*DECIDED, Rating.NO_DATA)]
    dated = figures.documents.select("document", "report", about="period")
    return (
        figures.published.filter(pl.col("breakdown") == "")
        .with_columns(
            published=pl.col("rating").cast(pl.String), basis=pl.col("basis").cast(pl.String)
        )
        .filter(pl.col("published").is_in(codes))
        .join(dated, on="document", how="inner", maintain_order="left")
        .sort("document", "place")
        .unique(
            ["report", "about", "indicator", "basis", "published"],
            keep="first",
            maintain_order=True,
        )
        .select("document", "report", "about", "indicator", "basis", "published")
    )


def _against_figures(
    figures: Figures, printed: pl.DataFrame, report: str, about: str
) -> pl.DataFrame:
    at = figures.organisation.period(about)
    card = scorecard.kpis(figures, report, at)
    of_report = printed.filter((pl.col("report") == report) & (pl.col("about") == about))
    order = (
        card.filter(pl.col("basis") == FigureBasis.PERIOD)
        .select("indicator")
        .with_row_index("line")
    )
    both = (
        of_report.join(
            card.drop("report"), on=["indicator", "basis"], how="left", maintain_order="left"
        )
        .join(order, on="indicator", how="left", maintain_order="left")
        .sort("basis", "line", nulls_last=True)
    )
    computed = pl.col("computed_rating").cast(pl.String)
    decided = computed.is_in([str(r) for r in DECIDED]).fill_null(value=False)
    no_data = (pl.col("published") == Rating.NO_DATA) & ~decided
    result = (
        pl.when(no_data)
        .then(pl.lit(Result.NO_DATA))
        .when(decided & (computed == pl.col("published")))
        .then(pl.lit(Result.AGREE))
        .when(decided)
        .then(pl.lit(Result.CONTRADICTED))
        .otherwise(pl.lit(Result.AS_PUBLISHED))
    )
    return both.select(
        "document", "indicator", "name", "section",
        period=pl.coalesce("period", pl.lit(about)),
        basis="basis", published="published",
        computed=pl.when(decided).then(computed),
        result=result, reason=_reason(computed, no_data),
    ).select(COLUMNS)  # fmt: skip


def _reason(computed: pl.Expr, no_data: pl.Expr) -> pl.Expr:
    return (
        pl.when(no_data)
        .then(pl.lit("no data"))
        .when(computed.is_null())
        .then(pl.lit("not a KPI of the report's framework"))
        .when(computed == Rating.NO_DATA)
        .then(pl.lit("no value printed"))
        .when(computed == Rating.UNDECIDED)
        .then(pl.lit("no floor printed"))
        .when(computed == Rating.NOT_RATED)
        .then(pl.lit("no target printed"))
        .otherwise(pl.lit(""))
    )
