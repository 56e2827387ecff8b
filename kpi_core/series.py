"""Figures over time: which one a period shows, the year to date, twelve months rolling."""

from __future__ import annotations

import polars as pl

from kpi_core import exact, quotients
from kpi_core.periods import Frequency, Period, with_calendar
from kpi_core.words import FigureBasis, Measure, Ytd

#: What an indicator must bring to be looked up: see `registry.placed`.
ASKED = (
    "indicator",
    "frequency",
    "months",
    "arrears",
    "measure",
    "unit",
    "decimals",
    "series_start",
)


def points(observations: pl.DataFrame, asked: pl.DataFrame, year_start: int) -> pl.DataFrame:
    """Every figure for the whole that can stand in the series of the indicators asked for.

    A figure belongs when its period is of the indicator's frequency; a snapshot also when it was
    taken at the end of such a period. Returns, in order of time: the columns of ASKED, period,
    first_month, end_month, year, value Decimal (worked out from numerator and denominator where
    only they are known), counted Boolean, unrounded Float64 (see `quotients.worked_out`), numerator,
    denominator, status, note, source, in_series (false before a break in definition).
    """
    whole = observations.filter(
        (pl.col("basis").cast(pl.String) == FigureBasis.PERIOD) & (pl.col("breakdown") == "")
    ).select(
        "indicator", "period", "value", "numerator", "denominator",
        pl.col("status").cast(pl.String), "note", "source",
    )  # fmt: skip
    dated = with_calendar(whole, year_start).rename({"frequency": "kind_of_period"})
    joined = asked.select(ASKED).join(dated, on="indicator", how="inner")
    same = pl.col("kind_of_period") == pl.col("frequency")
    at_the_end = (
        (pl.col("measure").cast(pl.String) == Measure.SNAPSHOT)
        & (pl.col("end_month") - pl.col("first_month") < pl.col("months"))
        & ((pl.col("end_month") - (year_start - 1)) % pl.col("months") == 0)
    )
    return (
        quotients.worked_out(joined.filter(same | at_the_end))
        .with_columns(
            in_series=pl.col("first_month") >= pl.col("series_start"),
            same=same,
        )
        .sort("indicator", "end_month", "same")
        .unique(["indicator", "end_month"], keep="last", maintain_order=True)
        .drop("same", "kind_of_period")
    )


def shown(series: pl.DataFrame, at: Period) -> pl.DataFrame:
    """The figure that a report of the period shows for each indicator.

    The latest at or before the period's end, within the indicator's frequency and arrears; a row
    that says `no_data` stands for itself. Takes what `points` returns; at most one row for each
    indicator, with the same columns.
    """
    age = at.end_month - pl.col("end_month")
    in_time = (age >= 0) & (age < (pl.col("arrears") + 1) * pl.col("months"))
    return series.filter(in_time & pl.col("in_series")).unique(
        "indicator", keep="last", maintain_order=True
    )


def lateness(series: pl.DataFrame, asked: pl.DataFrame, at: Period) -> pl.DataFrame:
    """How many of its own periods late the figure is that a report shows of each indicator.

    As late as its arrears allow where it shows none. Takes what `points` returns, and placements; returns
    indicator, late Int32.
    """
    now = shown(series, at).select("indicator", "end_month")
    periods = (due_end(at) - pl.col("end_month")) // pl.col("months")
    return (
        asked.select("indicator", "frequency", "months", "arrears")
        .join(now, on="indicator", how="left", maintain_order="left")
        .select("indicator", late=pl.coalesce(periods, "arrears").cast(pl.Int32))
    )


def due_then(series: pl.DataFrame, at: Period, late: pl.DataFrame) -> pl.DataFrame:
    """The figure that was due for each indicator when the report of the period was made.

    As late as `lateness` says and no later: what came in before its time is not looked at. Takes and
    returns the same as `shown`.
    """
    age = at.end_month - pl.col("end_month") - pl.col("late") * pl.col("months")
    in_time = (age >= 0) & (age < pl.col("months"))
    return (
        series.join(late, on="indicator", maintain_order="left")
        .filter(in_time & pl.col("in_series"))
        .unique("indicator", keep="last", maintain_order=True)
        .drop("late")
    )


def before(series: pl.DataFrame, ends: pl.DataFrame) -> pl.DataFrame:
    """The latest figure of each indicator that ends before a month.

    Takes what `points` returns, and indicator with end_month Int32. A row that says `no_data` is no
    figure. At most one row for each indicator, with the columns of `points`.
    """
    last = ends.select("indicator", last="end_month")
    return (
        series.filter(pl.col("value").is_not_null() & pl.col("in_series"))
        .join(last, on="indicator", maintain_order="left")
        .filter(pl.col("end_month") < pl.col("last"))
        .unique("indicator", keep="last", maintain_order=True)
        .drop("last")
    )


def year_to_date(
    series: pl.DataFrame, observations: pl.DataFrame, asked: pl.DataFrame, at: Period
) -> pl.DataFrame:
    """The year to date of each indicator that has one, up to the figure that the period shows.

    Takes what `points` returns, the table `observations`, placements; returns what `to_date` does.
    """
    now = shown(series, at).select("indicator", "period", "end_month", "year")
    up_to = (
        asked.select("indicator", "frequency")
        .join(now, on="indicator", how="left", maintain_order="left")
        .with_columns(period=pl.coalesce("period", due_period(at)))
    )
    return to_date(series, observations, asked, up_to, at.year_start)


def to_date(
    series: pl.DataFrame,
    observations: pl.DataFrame,
    asked: pl.DataFrame,
    up_to: pl.DataFrame,
    year_start: int,
) -> pl.DataFrame:
    """The year to date of each indicator that has one, up to some period.

    By the indicator's `ytd`: ratio from the sums of numerators and denominators; sum, or mean
    (weighted by denominator where every one is known); each only when every period since the
    year's start is there, on one side of a break in definition. Latest for snapshots. Else the
    published figure for that period. A percentage is never a mean of percentages: its mean is its
    ratio. Takes up_to with indicator, period, end_month Int32 (null: only what is published counts)
    and year. Returns indicator, period, value Decimal, ytd_basis (computed or published), printed
    Decimal (what a document printed, whichever of the two stands).
    """
    now = up_to.filter(pl.col("end_month").is_not_null()).select(
        "indicator", last="end_month", of_year="year"
    )
    due = asked.select("indicator", "frequency", pl.col("ytd").cast(pl.String)).filter(
        pl.col("ytd") != Ytd.NONE
    )
    year_first = pl.col("last") - (pl.col("last") - 1 - (year_start - 1)) % 12 - 1
    parts = (
        series.join(now, on="indicator", maintain_order="left")
        .join(due.select("indicator", "ytd"), on="indicator", maintain_order="left")
        .filter(
            pl.col("in_series")
            & (pl.col("year") == pl.col("of_year"))
            & (pl.col("end_month") <= pl.col("last"))
        )
        .with_columns(needed=(pl.col("last") - year_first) // pl.col("months"))
    )
    value, top, bottom = pl.col("value"), pl.col("numerator"), pl.col("denominator")
    totals = (
        parts.group_by("indicator", maintain_order=True)
        .agg(
            pl.col("ytd", "unit", "decimals", "needed").first(),
            known=value.is_not_null().sum().cast(pl.Int32),
            ratio_known=(top.is_not_null() & bottom.is_not_null()).sum().cast(pl.Int32),
            weight_known=bottom.is_not_null().sum().cast(pl.Int32),
            top=top.sum(),
            bottom=bottom.sum(),
            total=value.sum(),
            # The quotient of two counts, weighted by the lower one, is the upper one.
            weighted=pl.when("counted")
            .then(exact.whole(top) * exact.ONE)
            .otherwise(exact.whole(value) * exact.whole(bottom))
            .sum(),
            latest=value.last(),
        )
        .join(quotients.added_up(parts), on="indicator", how="left", maintain_order="left")
    )
    rule, places = pl.col("ytd"), pl.col("decimals")
    whole = pl.col("known") == pl.col("needed")
    is_mean = (rule == Ytd.MEAN) & (pl.col("unit") != "percent")
    is_ratio = (rule == Ytd.RATIO) | ((rule == Ytd.MEAN) & (pl.col("unit") == "percent"))
    by_rule = (
        pl.when(is_ratio & (pl.col("ratio_known") == pl.col("needed")))
        .then(exact.quotient(pl.col("top"), pl.col("bottom"), quotients.factor(), places))
        .when((rule == Ytd.SUM) & whole)
        .then(pl.coalesce("sum_of_quotients", exact.figure(pl.col("total"))))
        .when(is_mean & whole & (pl.col("weight_known") == pl.col("needed")))
        .then(exact.weighted_mean(pl.col("weighted"), pl.col("bottom"), places))
        .when(is_mean & whole)
        .then(
            pl.coalesce(
                "mean_of_quotients",
                exact.quotient(pl.col("total"), pl.col("needed"), pl.lit(1), places),
            )
        )
        .when(rule == Ytd.LATEST)
        .then("latest")
    )
    computed = totals.select("indicator", computed=by_rule)
    printed = observations.filter(
        (pl.col("basis").cast(pl.String) == FigureBasis.YTD) & (pl.col("breakdown") == "")
    ).select("indicator", "period", printed="value")
    # A snapshot dated by the last month of its quarter goes by both names.
    by_end = with_calendar(printed, year_start).select(
        "indicator", "frequency", "end_month", printed_whole="printed"
    )
    expected = due.join(
        up_to.select("indicator", "period", "end_month"),
        on="indicator",
        how="inner",
        maintain_order="left",
    )
    return (
        expected.join(computed, on="indicator", how="left", maintain_order="left")
        .join(printed, on=["indicator", "period"], how="left", maintain_order="left")
        .join(by_end, on=["indicator", "frequency", "end_month"], how="left", maintain_order="left")
        .with_columns(printed=pl.coalesce("printed", "printed_whole"))
        .select(
            "indicator",
            "period",
            value=pl.coalesce("computed", "printed"),
            ytd_basis=pl.when(pl.col("computed").is_not_null())
            .then(pl.lit("computed"))
            .when(pl.col("printed").is_not_null())
            .then(pl.lit("published")),
            printed="printed",
        )
    )


def due_period(at: Period) -> pl.Expr:
    """The period of each row's frequency that a report of `at` would show."""
    texts = {str(frequency): str(at.ending_with(frequency)) for frequency in Frequency}
    return pl.col("frequency").replace_strict(texts, return_dtype=pl.String)


def due_end(at: Period) -> pl.Expr:
    """The first month after the period of each row's frequency that a report of `at` would show."""
    ends = {str(frequency): at.ending_with(frequency).end_month for frequency in Frequency}
    return pl.col("frequency").replace_strict(ends, return_dtype=pl.Int32)


def rolling_twelve_months(series: pl.DataFrame) -> pl.DataFrame:
    """Twelve months up to each period, for indicators counted in the period.

    A count is the sum of the twelve months' values; anything else the quotient of their numerators
    and denominators. None unless every period of the twelve months is there, on one side of a
    break in definition. Returns indicator, period, rolling Decimal.
    """
    counted = series.filter(pl.col("measure").cast(pl.String) == Measure.IN_PERIOD)
    same_side = ["indicator", "in_series"]
    pairs = counted.join(counted, on=same_side, suffix="_then", maintain_order="left").filter(
        (pl.col("end_month_then") <= pl.col("end_month"))
        & (pl.col("end_month_then") > pl.col("end_month") - 12)
    )
    sums = pairs.group_by("indicator", "period", maintain_order=True).agg(
        pl.col("unit", "decimals", "months").first(),
        values=pl.col("value_then").is_not_null().sum(),
        ratios=(
            pl.col("numerator_then").is_not_null() & pl.col("denominator_then").is_not_null()
        ).sum(),
        total=pl.col("value_then").sum(),
        top=pl.col("numerator_then").sum(),
        bottom=pl.col("denominator_then").sum(),
    )
    exact_sums = quotients.added_up(
        pairs.select(
            "decimals", "unit",
            *(pl.col(f"{name}_then").alias(name) for name in ("value", "numerator", "denominator", "counted")),
            indicator=pl.concat_str("indicator", pl.lit("\n"), "period"),
        )
    ).drop("mean_of_quotients")  # fmt: skip
    sums = sums.with_columns(series=pl.concat_str("indicator", pl.lit("\n"), "period")).join(
        exact_sums.rename({"indicator": "series"}), on="series", how="left", maintain_order="left"
    )
    needed = 12 // pl.col("months")
    is_count = pl.col("unit").is_in(["number", "currency", "tonnes"])
    rolling = (
        pl.when(is_count & (pl.col("values") == needed))
        .then(pl.coalesce("sum_of_quotients", exact.figure(pl.col("total"))))
        .when(~is_count & (pl.col("ratios") == needed))
        .then(
            exact.quotient(pl.col("top"), pl.col("bottom"), quotients.factor(), pl.col("decimals"))
        )
    )
    return sums.select("indicator", "period", rolling=rolling)
