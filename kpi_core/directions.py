"""Direction of travel: by regression over the periods charted, or against an earlier figure."""

from __future__ import annotations

import polars as pl

from kpi_core import earlier, printed, trend
from kpi_core.judged import Past
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
    first of them, or where that cannot tell, what was printed of the very figure, or the one direction
    that the printed counts of its section leave.

    Takes now as `judged.judge` gives it, with previous_value; shown as `series.shown` does; arrows as
    `printed.arrows` does. Returns line, n, slope, stderr, p, the directions by each comparison (null
    where the organisation does not ask for it), direction, direction_basis, and direction_by_counts
    Boolean (whether it is known only by the printed counts of the section): rows on the basis of the period
    only.
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
    counted = printed.counts(figures, past.report, at, [str(one) for one in TRENDS])
    counts_any = counted.select(pl.any_horizontal(pl.col(_PRINTED).is_not_null()).any()).item()
    lost = pl.lit(counts_any) & pl.col("is_rated").fill_null(value=False)
    is_lost = lost & ~in_words | (pl.col("printed_direction") == Direction.NOT_PRINTED)
    by_counts = ~decided & is_lost.fill_null(value=False) & pl.col("left_over").is_not_null()
    is_fitted = pl.lit(Comparison.REGRESSION in rules.directions)
    with_arrows = rows.join(
        arrows.with_columns(is_arrow=pl.lit(value=True)),
        on="line",
        how="left",
        maintain_order="left",
    )
    left_over = _by_counts(with_arrows, counted)
    return (
        with_arrows.join(fitted, on="indicator", how="left", maintain_order="left")
        .join(then, on="indicator", how="left", maintain_order="left")
        .join(left_over, on="section", how="left", maintain_order="left")
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
            .when(by_counts)
            .then("left_over")
            .when(in_words)
            .then("printed_direction")
            .when(lost)
            .then(pl.lit(Direction.NOT_PRINTED))
            .otherwise(pl.lit(Direction.NOT_ENOUGH))
            .cast(trend.DIRECTION),
            direction_basis=pl.when(decided | ~(in_words | lost))
            .then(pl.lit(Basis.COMPUTED))
            .otherwise(pl.lit(Basis.PUBLISHED)),
            direction_by_counts=by_counts,
        )
    )


_PRINTED = [f"printed_{direction}" for direction in TRENDS]
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


def _by_counts(rows: pl.DataFrame, counted: pl.DataFrame) -> pl.DataFrame:
    """The one direction that the printed counts of a section leave for its KPIs.

    Takes rows with section and, of what a document rates or gives a direction, word and is_arrow Boolean;
    counted as `printed.counts` gives it. The KPIs whose direction is printed in words are taken from the
    counts of their section; where one direction is left, as often as there are other KPIs with an arrow,
    all of them have it. Returns section, left_over String.
    """
    names = [str(one) for one in TRENDS]
    word = pl.col("word").replace(Direction.NOT_PRINTED, None)
    with_arrow = rows.filter("is_arrow").group_by("section", maintain_order=True)
    known = with_arrow.agg(
        *((pl.col("word") == name).sum().cast(pl.Int64).alias(f"known_{name}") for name in names),
        wordless=word.is_null().sum().cast(pl.Int64),
    )
    left = (pl.col(f"printed_{name}").fill_null(0) - pl.col(f"known_{name}") for name in names)
    found = known.join(counted, on="section", maintain_order="left").select(
        "section", "wordless", **dict(zip(names, left, strict=True))
    )
    only = pl.coalesce(
        pl.when(
            pl.col(name) == pl.col("wordless"),
            *(pl.col(other) == 0 for other in names if other != name),
        ).then(pl.lit(name))
        for name in names
    )
    return found.filter(pl.col("wordless") > 0).select("section", left_over=only)
