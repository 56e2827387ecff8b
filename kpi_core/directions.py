"""Direction of travel: by regression over the periods charted, or against an earlier figure."""

from __future__ import annotations

import polars as pl

from kpi_core import earlier, trend
from kpi_core.figures import Figures
from kpi_core.judged import Past
from kpi_core.periods import Period
from kpi_core.words import TRENDS, Basis, Comparison, Direction, FigureBasis


def charted(history: pl.DataFrame, windows: pl.DataFrame, shown: pl.DataFrame) -> pl.DataFrame:
    """The part of a history that a trend looks at: the indicator's window up to the figure shown.

    Takes history as `series.points` gives it, windows with indicator and trend_window, and shown with
    indicator and end_month.
    """
    last = shown.select("indicator", last="end_month")
    reach = pl.col("trend_window").fill_null(trend.DEFAULT_WINDOW) * pl.col("months")
    return (
        history.join(last, on="indicator")
        .join(windows.select("indicator", "trend_window"), on="indicator")
        .filter(
            pl.col("in_series")
            & (pl.col("end_month") <= pl.col("last"))
            & (pl.col("end_month") > pl.col("last") - reach)
        )
        .sort("indicator", "end_month")
    )


def of(past: Past, now: pl.DataFrame, shown: pl.DataFrame, arrows: pl.DataFrame) -> pl.DataFrame:
    """Direction of travel of each figure of a period: each that the organisation asks for, and the
    first of them, or where that cannot tell, what was printed of the very figure.

    Takes now as `judged.judge` gives it, with previous_value; shown as `series.shown` does; arrows as
    `printed.arrows` does. Returns line, n, slope, stderr, p, the directions by each comparison (null
    where the organisation does not ask for it), direction and direction_basis: rows on the basis of the
    period only.
    """
    figures, at = past.figures, past.at
    rules = figures.organisation.rules
    rows = now.filter(pl.col("basis") == FigureBasis.PERIOD)
    fitted = _regression(rows, past.points, shown)
    then = earlier.of_a_year_before(past.points, shown)
    by = {
        Comparison.REGRESSION: pl.col("fitted").fill_null(Direction.NOT_ENOUGH),
        Comparison.PREVIOUS: trend.compared(pl.col("previous_value"), rules.tie),
        Comparison.YEAR_AGO: trend.compared(pl.col("a_year_before"), rules.tie),
    }
    first = pl.col(f"direction_{rules.directions[0]}").cast(pl.String)
    decided = first != Direction.NOT_ENOUGH
    in_words = pl.col("printed_direction").is_not_null()
    counted = pl.lit(_counts_directions(figures, past.report, at))
    lost = counted & pl.col("is_rated").fill_null(value=False)
    is_fitted = pl.lit(Comparison.REGRESSION in rules.directions)
    return (
        rows.join(fitted, on="indicator", how="left", maintain_order="left")
        .join(then, on="indicator", how="left", maintain_order="left")
        .join(arrows, on="line", how="left", maintain_order="left")
        .with_columns(
            (verdict if word in rules.directions else pl.lit(None))
            .cast(trend.DIRECTION)
            .alias(f"direction_{word}")
            for word, verdict in by.items()
        )
        .select(
            "line",
            *(pl.when(is_fitted).then(figure).alias(name) for name, figure in _LINE.items()),
            *(f"direction_{word}" for word in by),
            direction=pl.when(decided)
            .then(first)
            .when(in_words)
            .then("printed_direction")
            .when(lost)
            .then(pl.lit(Direction.NOT_PRINTED))
            .otherwise(pl.lit(Direction.NOT_ENOUGH))
            .cast(trend.DIRECTION),
            direction_basis=pl.when(decided | ~(in_words | lost))
            .then(pl.lit(Basis.COMPUTED))
            .otherwise(pl.lit(Basis.PUBLISHED)),
        )
    )


#: What a regression leaves on a row.
_LINE = {
    "n": pl.col("n").fill_null(0), "slope": pl.col("slope"), "stderr": pl.col("stderr"),
    "p": pl.col("p"),
}  # fmt: skip


def _regression(rows: pl.DataFrame, history: pl.DataFrame, shown: pl.DataFrame) -> pl.DataFrame:
    """The line of each KPI and what it says: indicator, n, slope, stderr, p, fitted."""
    bands = rows.select("indicator", "polarity", "target_from", "target_to")
    points = charted(history, rows, shown).join(bands, on="indicator")
    lines = trend.fit(trend.points_of(points)).join(bands, on="indicator")
    return trend.direction(lines).select(
        "indicator", "n", "slope", "stderr", "p", fitted=pl.col("direction").cast(pl.String)
    )


def _counts_directions(figures: Figures, report: str, at: Period) -> bool:
    """Whether a document of the period counts directions, so that each KPI rated had an arrow."""
    documents = figures.documents.filter(
        (pl.col("report") == report) & (pl.col("period") == str(at))
    )["document"].to_list()
    arrows = figures.published_counts.filter(
        pl.col("document").is_in(documents)
        & pl.col("measure").cast(pl.String).is_in([str(d) for d in TRENDS])
    )
    return not arrows.is_empty()
