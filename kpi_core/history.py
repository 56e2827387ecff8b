"""The rated past of indicators, place by place on the calendar, gaps included: what charts draw."""

from __future__ import annotations

import polars as pl

from kpi_core import alerts, earlier, printed, rating, registry, series, standards
from kpi_core.figures import Figures
from kpi_core.periods import Frequency, Period, calendar
from kpi_core.words import DECIDED, Basis, FigureBasis


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
    points = series.points(figures.observations, placed, figures.year_start).filter(
        pl.col("end_month") <= at.end_month
    )
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
        .join(
            _of_report(points, placed, at),
            on=["indicator", "end_month"],
            how="left",
            maintain_order="left",
        )
        .with_columns(own_year=pl.col("year"), basis=pl.lit(FigureBasis.PERIOD))
    )
    printed_rows = printed.rows(figures, report)
    aims = standards.with_targets(framed, figures.targets, printed.beside(printed_rows))
    rated = rating.rate(rating.with_rules(aims, figures.organisation.rules))
    ranged = standards.with_thresholds(
        rated.join(
            _of_report(points, placed, at),
            on=["indicator", "end_month"],
            how="left",
            maintain_order="left",
        ),
        figures.thresholds,
        "period",
    ).with_columns(alert=alerts.alert(pl.col("shown"), pl.col("lower"), pl.col("upper")))
    return (
        _with_printed(ranged, placed, printed.prints(printed_rows), at)
        .join(rolling, on=["indicator", "period"], how="left", maintain_order="left")
        .drop("own_year", "basis", "also")
    )


def as_on_cards(places: pl.DataFrame, cards: pl.DataFrame, year_start: int) -> pl.DataFrame:
    """The past with the figure that a report shows, and the one before it, rated as on its card.

    A card knows what the documents up to its report print, the past what all of them do. Takes what
    `places` returns, and rows of `scorecard.kpis`.
    """
    of_period = cards.filter(
        (pl.col("basis") == FigureBasis.PERIOD) & pl.col("value").is_not_null()
    )
    before = of_period.filter(pl.col("previous_value").is_not_null())
    ends = calendar(before["previous_period"].to_list(), year_start)
    of_before = before.join(
        ends.select(previous_period="period", of_end="end_month"), on="previous_period"
    )
    verdicts = pl.concat(
        [
            of_period.select(
                "indicator", "end_month", card=pl.col("rating").cast(pl.String),
                card_basis=pl.col("rating_basis").cast(pl.String),
            ),
            of_before.select(
                "indicator", end_month="of_end", card=pl.col("previous_rating").cast(pl.String),
                card_basis=pl.col("previous_basis").cast(pl.String),
            ),
        ]
    )  # fmt: skip
    return (
        places.join(verdicts, on=["indicator", "end_month"], how="left", maintain_order="left")
        .with_columns(
            rating=pl.coalesce("card", "rating"), rating_basis=pl.coalesce("card_basis", "rating_basis")
        )
        .drop("card", "card_basis")
    )  # fmt: skip


def _of_report(points: pl.DataFrame, placed: pl.DataFrame, at: Period) -> pl.DataFrame:
    """The figures that the report of a period speaks of: the one it shows, and the one before it.

    Returns indicator, end_month, report_year.
    """
    shown = series.shown(points, at)
    due = placed.select("indicator", due=series.due_end(at))
    ends = due.join(shown.select("indicator", "end_month"), on="indicator", how="left").select(
        "indicator", end_month=pl.coalesce("end_month", "due")
    )
    return pl.concat([shown, series.before(points, ends)]).select(
        "indicator", "end_month", report_year=pl.lit(str(at.year))
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


def _with_printed(
    rated: pl.DataFrame, placed: pl.DataFrame, prints: pl.DataFrame, at: Period
) -> pl.DataFrame:
    """The rating as worked out, or the printed one that stands: printed under the figure's own period,
    or under that of the report in which it was due.
    """
    late = placed.select("indicator", late=pl.col("arrears") * pl.col("months"))
    lined = rated.join(late, on="indicator", how="left", maintain_order="left").with_row_index(
        "line"
    )
    reports = {
        end: str(Period(at.frequency, end - at.frequency.months, at.year_start))
        for end in lined.select(pl.col("end_month") + pl.col("late")).to_series().unique()
        if (end - (at.year_start - 1)) % at.frequency.months == 0
    }
    in_report = (pl.col("end_month") + pl.col("late")).replace_strict(
        reports, default=None, return_dtype=pl.String
    )
    own = printed.under_own(lined)
    asked = pl.concat([own, printed.under_report(lined, in_report)])
    after = printed.under_own(
        lined.drop("also").with_columns(period=_period_after(lined, placed, at))
    )
    verdicts = [
        printed.about(asked, prints).select(printed.VERDICT),
        printed.called_previous(after, own, prints).select(printed.VERDICT),
    ]
    stands = printed.standing(lined.with_columns(value=pl.col("shown")), pl.concat(verdicts))
    taken = pl.col("printed_rating").is_not_null()
    return (
        lined.join(stands, on="line", how="left", maintain_order="left")
        .with_columns(
            rating=pl.coalesce("printed_rating", pl.col("rating").cast(pl.String)),
            rating_basis=pl.when(taken)
            .then(pl.lit(Basis.PUBLISHED))
            .otherwise(pl.lit(Basis.COMPUTED)),
        )
        .drop("line", "late", "printed_rating")
    )


def _period_after(rows: pl.DataFrame, placed: pl.DataFrame, at: Period) -> pl.Series:
    """The period just after that of each row, of the indicator's frequency."""
    frequencies = placed.select("indicator", "frequency")
    dated = rows.select("indicator", "end_month").join(
        frequencies, on="indicator", how="left", maintain_order="left"
    )
    return pl.Series(
        [
            str(Period(Frequency(frequency), end, at.year_start))
            for end, frequency in dated.select("end_month", "frequency").iter_rows()
        ],
        dtype=pl.String,
    )


def grid_of_ratings(
    figures: Figures, report: str, kpis: pl.DataFrame, at: Period, window: int
) -> pl.DataFrame:
    """Ratings of a scorecard's KPIs as the reports of the last periods show them.

    One row for each KPI and each of the `window` periods up to `at`, in order: the rating of the figure
    that was due in the report of that period, however late it comes. It is null where nothing is known:
    neither a rating, nor that the document of the time had none. The two latest are those of the
    scorecard itself. Returns indicator, period, rating, rating_basis (String).
    """
    placed = registry.placed(figures, report, at).filter(
        pl.col("indicator").is_in(kpis["indicator"].implode())
    )
    past = places(figures, report, placed, at).select(
        "indicator", "end_month", "rating", "rating_basis"
    )
    paper = printed.prints(printed.rows(figures, report)).filter(pl.col("basis") == "period")
    printed_there = paper.group_by("indicator", "period", maintain_order=True).agg(
        printed_rating=pl.col("rating").drop_nulls().first()
    )
    wanted = _due_in_reports(kpis, placed, at, window)
    joined = wanted.join(
        past, on=["indicator", "end_month"], how="left", maintain_order="left"
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


def _due_in_reports(
    kpis: pl.DataFrame, placed: pl.DataFrame, at: Period, window: int
) -> pl.DataFrame:
    """Which figure of each KPI was due in the reports of the last periods.

    Returns indicator, period (of the report), end_month Int32 (of the figure).
    """
    periods = [at.shift(-back) for back in range(window - 1, -1, -1)]
    reports = pl.DataFrame(
        {"period": [str(p) for p in periods], "end": [p.end_month for p in periods]},
        schema={"period": pl.String, "end": pl.Int32},
    )
    latest = pl.col("end") - pl.col("arrears") * pl.col("months")
    return (
        kpis.select("indicator")
        .join(
            placed.select("indicator", "months", "arrears"), on="indicator", maintain_order="left"
        )
        .join(reports, how="cross", maintain_order="left_right")
        .select(
            "indicator",
            "period",
            end_month=(latest - (latest - (at.year_start - 1)) % pl.col("months")).cast(pl.Int32),
        )
    )
