"""Every rating that documents print, against the rating worked out from the printed figures."""

from __future__ import annotations

from enum import StrEnum

import polars as pl

from kpi_core import exact, judged, printed, registry, scorecard
from kpi_core.figures import Figures
from kpi_core.words import DECIDED, Basis, FigureBasis, Rating


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


class What(StrEnum):
    """What of a KPI a document prints."""

    RATING = "rating"
    PREVIOUS_RATING = "previous_rating"
    PREVIOUS_VALUE = "previous_value"


def everything(figures: Figures) -> pl.DataFrame:
    """What `reconcile` returns, and a row for each previous rating and previous value printed.

    A document's previous value is the one that it prints of the period just before. Returns COLUMNS and
    what (a What), all String.
    """
    about = figures.documents.filter(pl.col("report").is_in(figures.reports["report"].implode()))
    tables = [
        _of_before(figures, report, period)
        for report, period in about.select("report", "period")
        .unique(maintain_order=True)
        .iter_rows()
        if _is_of_report(figures, report, period)
    ]
    ratings = reconcile(figures).with_columns(what=pl.lit(What.RATING))
    return pl.concat([ratings, *tables])


def _is_of_report(figures: Figures, report: str, period: str) -> bool:
    """Whether a report has a period of that kind: a framework is about a year, and rates nothing."""
    frequency = registry.report_frequency(figures, report)
    return figures.organisation.period(period).frequency is frequency


def _of_before(figures: Figures, report: str, period: str) -> pl.DataFrame:
    """What documents about a period print of the figures before, against what is known of them."""
    at = figures.organisation.period(period)
    card = scorecard.kpis(figures, report, at)
    lines = judged.period_before(card, at.year_start).with_row_index("line")
    rows = printed.rows(figures, report, about=at)
    said = (
        rows.filter(pl.col("previous_rating").is_not_null())
        .unique(["indicator", "basis"], keep="first", maintain_order=True)
        .select("document", "indicator", "basis", published="previous_rating")
    )
    values = (
        rows.filter(pl.col("value").is_not_null())
        .unique(["indicator", "basis", "period"], keep="first", maintain_order=True)
        .select("document", "indicator", "basis", before_period="period", printed_value="value")
    )
    own = ["line", "indicator", "name", "section", "basis"]
    on = ["indicator", "basis"]
    known = (pl.col("previous_basis") == Basis.COMPUTED) & pl.col("previous_rating").cast(
        pl.String
    ).is_in([str(r) for r in DECIDED])
    ratings = lines.join(said, on=on, maintain_order="left").select(
        *own, "document", "published", period="before_period", what=pl.lit(What.PREVIOUS_RATING),
        computed=pl.when(known).then(pl.col("previous_rating").cast(pl.String)),
    )  # fmt: skip
    same = pl.col("previous_period") == pl.col("before_period")
    figure = exact.shown(pl.col("printed_value"), pl.col("decimals"))
    compared = lines.join(values, on=[*on, "before_period"], maintain_order="left").select(
        *own, "document", period="before_period", what=pl.lit(What.PREVIOUS_VALUE),
        published=exact.text(figure),
        computed=pl.when(same).then(exact.text(pl.col("previous_value"))),
    )  # fmt: skip
    both = pl.concat([ratings, compared.select(ratings.columns)]).sort("line", "what")
    return both.with_columns(
        result=pl.when(pl.col("computed").is_null())
        .then(pl.lit(Result.AS_PUBLISHED))
        .when(pl.col("computed") == pl.col("published"))
        .then(pl.lit(Result.AGREE))
        .otherwise(pl.lit(Result.CONTRADICTED)),
        reason=pl.when(pl.col("computed").is_null())
        .then(pl.lit("figures of the period before cannot decide"))
        .otherwise(pl.lit("")),
    ).select(*COLUMNS, "what")


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
        result=result, reason=_reason(computed, no_data, pl.col("rating_basis")),
    ).select(COLUMNS)  # fmt: skip


def _reason(computed: pl.Expr, no_data: pl.Expr, basis: pl.Expr) -> pl.Expr:
    return (
        pl.when(no_data)
        .then(pl.lit("no data"))
        .when(computed.is_null())
        .then(pl.lit("not a KPI of the report's framework"))
        .when(~computed.is_in([str(r) for r in DECIDED]) & (basis == Basis.COMPUTED))
        .then(pl.lit("printed for another figure, target or floor"))
        .when(computed == Rating.NO_DATA)
        .then(pl.lit("no value printed"))
        .when(computed == Rating.UNDECIDED)
        .then(pl.lit("no floor printed"))
        .when(computed == Rating.NOT_RATED)
        .then(pl.lit("no target printed"))
        .otherwise(pl.lit(""))
    )
