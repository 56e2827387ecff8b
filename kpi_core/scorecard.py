"""The scorecard: what a report of a period says of each KPI and each activity indicator.

A rating that figures can decide is computed; where they cannot, the rating that the report's
document printed stands, marked as published. Nothing is computed from a published rating. Over both
stands what an edition showed, in the figures of that edition.
"""

from __future__ import annotations

import polars as pl

from kpi_core import alerts, earlier, exact, rating, registry, series, trend
from kpi_core.figures import Figures
from kpi_core.periods import Period
from kpi_core.words import (
    DECIDED,
    TRENDS,
    Amber,
    Basis,
    Comparison,
    Direction,
    FigureBasis,
    Kind,
    Rating,
)

_UNDECIDED = [str(r) for r in (Rating.NO_DATA, Rating.NOT_RATED, Rating.UNDECIDED)]
_PRINTED = ["rating", "previous_rating", "direction"]


def kpis(figures: Figures, report: str, at: Period) -> pl.DataFrame:
    """Every KPI of a report in a period, in the report's order; one row for each basis.

    The year to date has a row only where the report rates it and the indicator has one. Returns
    report, indicator, name, section, period (shown: that of the figure, which may be earlier),
    basis, value (as displayed), status, note, target, target_high, amber (the rule), floor,
    floor_high (the limits of Amber by that rule), the four bands, rating, rating_basis, computed_rating (what figures alone give), previous_value, previous_rating, previous_basis, direction,
    direction_basis, direction_regression, direction_previous, direction_year_ago (null where the
    organisation does not ask for it), n, slope, stderr, p (null without a regression) and the
    definition's columns.
    """
    framework = registry.placed(figures, report, at)
    placed = framework.filter(pl.col("kind").cast(pl.String) == Kind.KPI)
    history = series.points(figures.observations, placed, figures.year_start)
    paper = printed(figures, report)
    now = _judged(figures, report, placed, history, paper=paper, at=at)
    before = _judged(figures, report, placed, history, paper=paper, at=at.shift(-1)).select(
        "indicator", "basis",
        previous_value="value", earlier_rating="rating", earlier_basis="rating_basis",
    )  # fmt: skip
    known_before = _is_decided(pl.col("earlier_rating"))
    # Where figures give what the document printed, nothing has to be taken from it.
    said_before = (
        pl.col("printed_previous_rating") != pl.col("earlier_rating").cast(pl.String)
    ).fill_null(pl.col("printed_previous_rating").is_not_null())
    both = now.join(before, on=["indicator", "basis"], how="left", maintain_order="left")
    directions = _directions(figures, report, both, history, at)
    card = (
        both.with_columns(
            previous_rating=pl.when(known_before | ~said_before)
            .then("earlier_rating")
            .otherwise("printed_previous_rating")
            .cast(rating.RATING),
            previous_basis=pl.when(known_before | ~said_before)
            .then("earlier_basis")
            .otherwise(pl.lit(Basis.PUBLISHED)),
        )
        .join(directions, on=["indicator", "basis"], how="left", maintain_order="left")
        .with_columns(report=pl.lit(report))
        .drop("earlier_rating", "earlier_basis", *(f"printed_{name}" for name in _PRINTED))
        .sort("section_order", "order", "indicator", "basis", nulls_last=True)
    )
    held = figures.shown_in(report, at)
    return held.over_kpis(card) if held else card


def _judged(
    figures: Figures,
    report: str,
    placed: pl.DataFrame,
    history: pl.DataFrame,
    *,
    paper: pl.DataFrame,
    at: Period,
) -> pl.DataFrame:
    """Figure, target, floor and rating of each KPI and basis, with what was printed beside them."""
    rows = [_of_period(placed, history, at)]
    if report in figures.organisation.year_to_date:
        rows.append(_of_year_to_date(figures, placed, history, at))
    due = pl.concat(rows, how="diagonal").with_columns(target_year=pl.lit(str(at.year)))
    rules = figures.organisation.rules
    aimed = rating.with_rules(registry.with_targets(due, figures.targets), rules)
    if Amber.YEAR_AGO in rules.kinds_of_amber:
        aimed = earlier.with_year_ago(aimed, figures, placed, history)
    rated = rating.rate(aimed).with_columns(value=pl.col("shown"))
    return _as_published(rated, paper, at)


def _of_period(placed: pl.DataFrame, history: pl.DataFrame, at: Period) -> pl.DataFrame:
    current = series.shown(history, at).select(
        "indicator", "period", "end_month", "value", "status", "note"
    )
    return placed.join(current, on="indicator", how="left", maintain_order="left").with_columns(
        basis=pl.lit(FigureBasis.PERIOD), period=pl.coalesce("period", series.due_period(at))
    )


def _of_year_to_date(
    figures: Figures, placed: pl.DataFrame, history: pl.DataFrame, at: Period
) -> pl.DataFrame:
    to_date = series.year_to_date(history, figures.observations, placed, at)
    return placed.join(
        to_date.filter(pl.col("value").is_not_null()).drop("ytd_basis"), on="indicator", how="inner"
    ).with_columns(basis=pl.lit(FigureBasis.YTD))


def printed(figures: Figures, report: str) -> pl.DataFrame:
    """What the report's documents print of each KPI: rating, previous rating, direction.

    Where a document prints a thing twice the first place counts.
    """
    documents = figures.documents.filter(pl.col("report") == report)["document"].to_list()
    return (
        figures.published.filter(pl.col("document").is_in(documents) & (pl.col("breakdown") == ""))
        .with_columns(pl.col("basis", *_PRINTED).cast(pl.String))
        .filter(pl.any_horizontal(pl.col(_PRINTED).is_not_null()))
        .sort("document", "place")
        .group_by("indicator", "period", "basis", maintain_order=True)
        .agg(pl.col(name).drop_nulls().first().alias(f"printed_{name}") for name in _PRINTED)
        .rename({"period": "printed_for"})
    )


def _as_published(rated: pl.DataFrame, paper: pl.DataFrame, at: Period) -> pl.DataFrame:
    """The computed rating where figures decide, else the printed one.

    A rating is printed under the period of the report, or under that of the figure.
    """
    on = ["indicator", "basis", "printed_for"]
    under_report = rated.with_columns(printed_for=pl.lit(str(at))).join(
        paper, on=on, how="left", maintain_order="left"
    )
    under_figure = rated.with_columns(printed_for=pl.col("period")).join(
        paper, on=on, how="left", maintain_order="left"
    )
    both = under_report.with_columns(
        pl.coalesce(name, under_figure[name]) for name in (f"printed_{n}" for n in _PRINTED)
    )
    taken = stands_as_printed()
    return both.with_columns(
        computed_rating=pl.col("rating"),
        rating=pl.when(taken)
        .then("printed_rating")
        .otherwise(pl.col("rating").cast(pl.String))
        .cast(rating.RATING),
        rating_basis=pl.when(taken).then(pl.lit(Basis.PUBLISHED)).otherwise(pl.lit(Basis.COMPUTED)),
    ).drop("printed_for")


def stands_as_printed() -> pl.Expr:
    """Whether the printed rating stands: value, target or floor is missing, and a document gave a
    colour.

    Needs rating, printed_rating, status. Where the figures say that there is no data, there is none.
    """
    open_question = pl.col("rating").cast(pl.String).is_in(_UNDECIDED)
    said_no_data = pl.col("status").fill_null("") == "no_data"
    return open_question & _is_decided(pl.col("printed_rating")) & ~said_no_data


def _is_decided(verdict: pl.Expr) -> pl.Expr:
    return verdict.cast(pl.String).is_in([str(r) for r in DECIDED]).fill_null(value=False)


def charted(history: pl.DataFrame, windows: pl.DataFrame, at: Period) -> pl.DataFrame:
    """The part of a history that a trend looks at: the indicator's window up to the figure shown.

    Takes history as `series.points` gives it, windows with indicator and trend_window.
    """
    last = series.shown(history, at).select("indicator", last="end_month")
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


def _directions(
    figures: Figures,
    report: str,
    now: pl.DataFrame,
    history: pl.DataFrame,
    at: Period,
) -> pl.DataFrame:
    """Direction of travel of the period's figure: each that the organisation asks for, and the
    first of them, or where that cannot tell, what was printed.
    """
    rules = figures.organisation.rules
    rows = now.filter(pl.col("basis") == FigureBasis.PERIOD)
    fitted = _regression(rows, history, at)
    then = earlier.shown_then(history, at)
    by = {
        Comparison.REGRESSION: pl.col("fitted").fill_null(Direction.NOT_ENOUGH),
        Comparison.PREVIOUS: trend.compared(pl.col("previous_value"), rules.tie),
        Comparison.YEAR_AGO: trend.compared(pl.col("shown_then"), rules.tie),
    }
    first = pl.col(f"direction_{rules.directions[0]}").cast(pl.String)
    decided = first != Direction.NOT_ENOUGH
    in_words = pl.col("printed_direction").is_not_null()
    lost = pl.lit(_counts_directions(figures, report, at)) & _is_decided(pl.col("printed_rating"))
    is_fitted = pl.lit(Comparison.REGRESSION in rules.directions)
    return (
        rows.join(fitted, on="indicator", how="left", maintain_order="left")
        .join(then, on="indicator", how="left", maintain_order="left")
        .with_columns(
            (verdict if word in rules.directions else pl.lit(None))
            .cast(trend.DIRECTION)
            .alias(f"direction_{word}")
            for word, verdict in by.items()
        )
        .select(
            "indicator", "basis",
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
    )  # fmt: skip


#: What a regression leaves on a row.
_LINE = {
    "n": pl.col("n").fill_null(0), "slope": pl.col("slope"), "stderr": pl.col("stderr"),
    "p": pl.col("p"),
}  # fmt: skip


def _regression(rows: pl.DataFrame, history: pl.DataFrame, at: Period) -> pl.DataFrame:
    """The line of each KPI and what it says: indicator, n, slope, stderr, p, fitted."""
    bands = rows.select("indicator", "polarity", "target_from", "target_to")
    points = charted(history, rows, at).join(bands, on="indicator")
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


def activities(figures: Figures, report: str, at: Period) -> pl.DataFrame:
    """Every activity indicator of a report in a period, with its alert.

    The alert is judged on the period's figure or on the year to date, as the threshold says.
    Returns indicator, name, section, period (of the figure), basis (the one judged; period where
    there is no threshold), value (as displayed), status, note, lower, upper, alert, previous_value
    (of the period before, whatever the basis) and the definition's columns.
    """
    framework = registry.placed(figures, report, at)
    placed = framework.filter(pl.col("kind").cast(pl.String) == Kind.ACTIVITY)
    history = series.points(figures.observations, placed, figures.year_start)
    target_year = pl.lit(str(at.year)).alias("target_year")
    by_period = registry.with_thresholds(
        _of_period(placed, history, at).with_columns(target_year), figures.thresholds, "period"
    )
    by_year = registry.with_thresholds(
        _of_year_to_date(figures, placed, history, at).with_columns(target_year),
        figures.thresholds, "ytd",
    ).filter(pl.any_horizontal(pl.col("lower", "upper").is_not_null()))  # fmt: skip
    judged_by_year = by_year["indicator"].implode()
    rows = pl.concat(
        [by_period.filter(~pl.col("indicator").is_in(judged_by_year)), by_year], how="diagonal"
    )
    before = series.shown(history, at.shift(-1)).select("indicator", previous_value="value")
    judged = (
        rows.with_columns(value=exact.shown(pl.col("value"), pl.col("decimals")))
        .with_columns(alert=alerts.alert(pl.col("value"), pl.col("lower"), pl.col("upper")))
        .join(before, on="indicator", how="left", maintain_order="left")
        .drop("target_year")
        .sort("section_order", "order", "indicator", nulls_last=True)
    )
    held = figures.shown_in(report, at)
    return held.over_activities(judged) if held else judged
