"""The rated past of indicators, place by place on the calendar, gaps included: what charts draw."""

from __future__ import annotations

import polars as pl

from kpi_core import (
    alerts,
    earlier,
    judged,
    previous,
    printed,
    rating,
    registry,
    series,
    spoken,
    standards,
)
from kpi_core.figures import Figures
from kpi_core.judged import Past
from kpi_core.periods import Frequency, Period, with_calendar
from kpi_core.words import DECIDED, FigureBasis


def places(
    figures: Figures, report: str, placed: pl.DataFrame, at: Period, window: int | None = None
) -> pl.DataFrame:
    """One row for each indicator and calendar period, from its first figure to `at`.

    Takes placements as `registry.placed` gives them. With a `window`, only figures of the last so
    many periods, and none from before a break in definition.
    Each figure is judged by what was set for its own period, or printed beside it; the one that the
    report of `at` shows, and the one before it, else by what its year has: see `standards`. Where figures
    cannot decide, the rating that a document of the report printed stands. Returns indicator, period,
    label, words,
    place Int32 (0, 1, 2 … the position on the time axis), end_month, the columns of `series.points`
    (null where there is no figure), kind, polarity, unit, decimals, target, target_high, amber (the
    rule), floor, floor_high (the limits of Amber by that rule), the bands, shown, rating, rating_basis, lower, upper, alert, rolling.
    """
    past = Past.of(figures, report, at, placed)
    points = past.points.filter(pl.col("end_month") <= at.end_month)
    shown = series.shown(past.points, at)
    of_report = _of_report(past, shown)
    year_ago = earlier.by_place(points)
    rolling = series.rolling_twelve_months(points)
    if window is not None:
        recent = pl.col("end_month") > at.end_month - window * pl.col("months")
        points = points.filter(recent & pl.col("in_series"))
    grid = _calendar_places(points, placed, at)
    facts = placed.select("indicator", "kind", "polarity", "unit", "decimals")
    measured = points.drop(
        "frequency", "months", "arrears", "unit", "decimals", "first_month", "year"
    ).rename({"period": "also"})
    framed = (
        grid.join(facts, on="indicator", maintain_order="left")
        .join(measured, on=["indicator", "end_month"], how="left", maintain_order="left")
        .join(
            year_ago, on=["indicator", "in_series", "end_month"], how="left", maintain_order="left"
        )
        .join(of_report, on=["indicator", "end_month"], how="left", maintain_order="left")
        .with_columns(
            own_year=pl.col("year"),
            basis=pl.lit(FigureBasis.PERIOD),
            report_year=pl.when(_is_of_today()).then("report_year"),
        )
    )
    aims = standards.with_targets(framed, figures.targets, printed.beside(past.prints))
    rated = rating.rate(
        rating.with_rules(standards.with_set_floors(aims), figures.organisation.rules)
    )
    ranged = standards.with_thresholds(
        rated.join(
            of_report, on=["indicator", "end_month"], how="left", maintain_order="left"
        ).with_columns(report_year=pl.when(_is_of_today()).then("report_year")),
        figures.thresholds,
        "period",
    ).with_columns(alert=alerts.alert(pl.col("shown"), pl.col("lower"), pl.col("upper")))
    return (
        _with_printed(past, ranged, shown)
        .join(rolling, on=["indicator", "period"], how="left", maintain_order="left")
        .drop("own_year", "basis", "also")
    )


def _is_of_today() -> pl.Expr:
    """Whether a place is of today's definition: what came before a break is not what a report shows."""
    return pl.col("in_series").fill_null(value=True)


def _of_report(past: Past, shown: pl.DataFrame) -> pl.DataFrame:
    """The figures that the report of a period speaks of: the one it shows, and the one before it.

    Returns indicator, end_month, report_year.
    """
    now = judged.of_period(past, shown)
    before = previous.figure_before(past, now).filter(pl.col("previous_period").is_not_null())
    of_both = pl.concat(
        [
            now.select("indicator", "period"),
            before.select("indicator", period="previous_period"),
        ]
    )
    return with_calendar(of_both, past.at.year_start).select(
        "indicator", "end_month", report_year=pl.lit(str(past.at.year))
    )


def _calendar_places(points: pl.DataFrame, placed: pl.DataFrame, at: Period) -> pl.DataFrame:
    starts = points.group_by("indicator").agg(first=pl.col("end_month").min())
    frequencies = placed.select("indicator", "frequency").unique()
    rows = []
    for indicator, frequency, first in (
        frequencies.join(starts, on="indicator").sort("indicator").iter_rows()
    ):
        kind = Frequency(frequency)
        end = at.ending_with(kind)
        count = (end.end_month - first) // kind.months + 1
        for place in range(count):
            period = end.shift(place - count + 1)
            rows.append(
                (
                    indicator,
                    str(period),
                    period.short,
                    period.words,
                    place,
                    period.end_month,
                    str(period.year),
                )
            )
    schema = {
        "indicator": pl.String, "period": pl.String, "label": pl.String, "words": pl.String,
        "place": pl.Int32, "end_month": pl.Int32, "year": pl.String,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def _with_printed(past: Past, rated: pl.DataFrame, shown: pl.DataFrame) -> pl.DataFrame:
    """The rating as worked out, or the printed one that stands: of the figure that the report shows, first
    that of its own documents.
    """
    lined = rated.with_columns(value=pl.col("shown"), ends="end_month").with_row_index("line")
    now = previous.ends_of(past, shown, past.at)
    on_card = lined.filter(_is_of_today()).join(
        now, on=["indicator", "end_month"], how="semi", maintain_order="left"
    )
    others = lined.join(on_card, on="line", how="anti", maintain_order="left")
    verdicts = [
        printed.about(on_card, past.says, past.at),
        printed.about(others, past.says),
    ]
    found = judged.as_published(lined, pl.concat(verdicts))
    return found.with_columns(pl.col("rating").cast(pl.String)).drop("line", "ends")


def grid_of_ratings(
    figures: Figures, report: str, kpis: pl.DataFrame, at: Period, window: int
) -> pl.DataFrame:
    """Ratings of a scorecard's KPIs as the reports of the last periods show them.

    One row for each KPI and each of the `window` periods up to `at`, in order: the rating of the figure
    that was due in the report of that period, as late as the one shown now. It is null where nothing is known:
    neither a rating, nor that the document of the time had none. The two latest are those of the
    scorecard itself. Returns indicator, period, rating, rating_basis (String).
    """
    placed = registry.placed(figures, report, at).filter(
        pl.col("indicator").is_in(kpis["indicator"].implode())
    )
    past = Past.of(figures, report, at, placed)
    paper = past.prints.filter(pl.col("basis") == FigureBasis.PERIOD)
    printed_there = paper.group_by("indicator", "period", maintain_order=True).agg(
        printed_rating=pl.col("rating").drop_nulls().first()
    )
    wanted = _due_in_reports(kpis, past, window)
    joined = wanted.join(
        _rated_when_due(past, wanted),
        on=["indicator", "end_month"],
        how="left",
        maintain_order="left",
    ).join(printed_there, on=["indicator", "period"], how="left", maintain_order="left")
    said = (pl.col("rating") == pl.col("printed_rating")).fill_null(value=False)
    known = pl.col("rating").is_in([str(r) for r in DECIDED]) | said
    of_scorecard = kpis.select(
        "indicator",
        now=pl.col("rating").cast(pl.String), now_basis="rating_basis",
        before="reported_rating", before_basis="reported_basis",
    )  # fmt: skip
    is_now, is_before = (pl.col("period") == str(p) for p in (at, at.shift(-1)))
    return joined.join(of_scorecard, on="indicator", how="left", maintain_order="left").select(
        "indicator",
        "period",
        *(
            pl.when(is_now)
            .then(f"now{ending}")
            .when(is_before & pl.col("before").is_not_null())
            .then(f"before{ending}")
            .when(known)
            .then(f"rating{ending}")
            .alias(f"rating{ending}")
            for ending in ("", "_basis")
        ),
    )


def _rated_when_due(past: Past, wanted: pl.DataFrame) -> pl.DataFrame:
    """Each figure by its own target, or as printed: indicator, end_month, rating String, rating_basis.

    Takes indicator and end_month; of periods before a break in definition there is no row.
    """
    ends = wanted.select("indicator", "end_month").unique(maintain_order=True)
    rows = past.placed.join(ends, on="indicator", maintain_order="left")
    saved = past.points.select(
        "indicator", "end_month", "first_month", "value", "status", "note", saved="period"
    )
    figures = (
        rows.with_columns(whole=judged.whole_periods(rows, "end_month", past.at.year_start))
        .join(saved, on=["indicator", "end_month"], how="left", maintain_order="left")
        .filter(
            pl.coalesce("first_month", pl.col("end_month") - pl.col("months"))
            >= pl.col("series_start")
        )
        .with_columns(
            basis=pl.lit(FigureBasis.PERIOD), period=pl.coalesce("saved", "whole"),
            end_month=pl.when(pl.col("saved").is_not_null()).then("end_month"),
        )
        .drop("saved", "whole", "first_month")
    )  # fmt: skip
    return judged.rated(past, figures, by_report_year=False).select(
        "indicator", pl.col("rating").cast(pl.String), "rating_basis", end_month="ends"
    )


def _due_in_reports(kpis: pl.DataFrame, past: Past, window: int) -> pl.DataFrame:
    """Which figure of each KPI was due in the reports of the last periods, as late as the one shown.

    Returns indicator, period (of the report), end_month Int32 (of the figure).
    """
    at, late = past.at, series.lateness(past.points, past.placed, past.at)
    periods = [at.shift(-back) for back in range(window - 1, -1, -1)]
    reports = pl.DataFrame(
        {"period": [str(p) for p in periods], "end": [p.end_month for p in periods]},
        schema={"period": pl.String, "end": pl.Int32},
    )
    return (
        kpis.select("indicator")
        .join(past.placed.select("indicator", "months"), on="indicator", maintain_order="left")
        .join(late, on="indicator", maintain_order="left")
        .join(reports, how="cross", maintain_order="left_right")
        .select(
            "indicator",
            "period",
            end_month=spoken.due_end(pl.col("end"), pl.col("late"), at.year_start),
        )
    )
