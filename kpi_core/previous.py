"""What came before: the figure before the one shown, and what the report of the period before showed.

They are not the same. A figure in arrears is shown again by each report until the next one comes: then
the figure before it is an older one, while the report before showed the very same. A figure that came
late, or was corrected since, was not in the report before.
"""

from __future__ import annotations

import polars as pl

from kpi_core import directions, exact, judged, printed, registry, series
from kpi_core.figures import Figures
from kpi_core.judged import Past
from kpi_core.periods import Period, calendar
from kpi_core.words import DECIDED, Basis, FigureBasis, Kind, Rating

_ON = ["indicator", "basis"]
_DECIDED = [str(one) for one in DECIDED]


def figure_before(past: Past, now: pl.DataFrame) -> pl.DataFrame:
    """The figure that came before the one shown, rated by its own targets.

    It is the latest figure of an earlier period, however old. Where there is none of the period just
    before, but a document prints a rating of it, then it is that one, of which no value is known.
    Takes now with indicator, basis, period (shown, or due), frequency, months and arrears. Returns
    indicator, basis, previous_value, previous_rating, previous_basis, previous_period: a row for each
    row of `now` of which anything is known.
    """
    asked = judged.period_before(
        now.select(*_ON, "period", "frequency", "months", "arrears"), past.at.year_start
    )
    of_period = asked.filter(pl.col("basis") == FigureBasis.PERIOD)
    older = series.before(past.points, of_period.select("indicator", end_month="before_end"))
    rows = pl.concat(
        [
            judged.on_each_basis(past, _just_before(past, of_period)).with_columns(
                just_before=pl.lit(value=True)
            ),
            judged.on_each_basis(past, older)
            .filter(pl.col("indicator").is_in(older["indicator"].implode()))
            .with_columns(just_before=pl.lit(value=False)),
        ],
        how="diagonal",
    ).join(asked.select(_ON), on=_ON, how="semi", maintain_order="left")
    rated = judged.judge(past, rows)
    own = printed.about(_under_own(past, rated), printed.prints(past.prints))
    found = judged.as_published(
        rated,
        pl.concat(
            [one.select(printed.VERDICT) for one in (own, _called_previous(past, asked, rated))]
        ),
    )
    is_known = pl.col("value").is_not_null() | pl.col("rating").cast(pl.String).is_in(_DECIDED)
    return (
        found.filter(is_known)
        .unique(_ON, keep="first", maintain_order=True)
        .select(
            *_ON,
            previous_value="value",
            previous_rating="rating",
            previous_basis="rating_basis",
            previous_period="period",
        )
    )


def _just_before(past: Past, asked: pl.DataFrame) -> pl.DataFrame:
    """What is saved of the period just before: a figure, a row that says there is none, or nothing."""
    saved = past.points.filter("in_series").with_columns(of_end="end_month")
    return (
        asked.select("indicator", "before_period", of_end="before_end")
        .join(saved, on=["indicator", "of_end"], how="left", maintain_order="left")
        .with_columns(period=pl.coalesce("period", "before_period"))
    )


def _under_own(past: Past, rated: pl.DataFrame) -> pl.DataFrame:
    """Where documents may print each figure before: under its own period, and under that of the report
    before where it was due in that.
    """
    then = past.at.shift(-1)
    due = printed.under_report(_due_in(rated, then), pl.lit(str(then)))
    return pl.concat([printed.under_own(rated), due])


def _called_previous(past: Past, asked: pl.DataFrame, rated: pl.DataFrame) -> pl.DataFrame:
    """What documents print beside the figure shown as the rating before: it is that of the period just
    before. Under the period of the report, only where that was due in the report before.
    """
    before = rated.filter("just_before")
    shown = asked.select(*_ON, shown="period")
    lines = before.join(shown, on=_ON, maintain_order="left")
    due = _due_in(before, past.at.shift(-1))
    under = [
        printed.under_own(lines.with_columns(period="shown").drop("also")),
        printed.under_report(due, pl.lit(str(past.at))),
    ]
    prints = printed.prints(past.prints)
    return printed.called_previous(pl.concat(under), printed.under_own(before), prints)


def _due_in(rows: pl.DataFrame, then: Period) -> pl.DataFrame:
    """The rows whose figure was due in the report of that period."""
    ends = calendar(rows["period"].to_list(), then.year_start).select("period", of_end="end_month")
    late = then.end_month - pl.col("of_end") - pl.col("arrears") * pl.col("months")
    return rows.join(ends, on="period", how="left", maintain_order="left").filter(
        (late >= 0) & (late < pl.col("months"))
    )


def report_before(figures: Figures, report: str, at: Period) -> pl.DataFrame:
    """What the report of the period before showed of each of its KPIs.

    That is what its edition showed, where there is one; else what its document prints; else the figure
    that was due then, where figures cannot decide with the rating that today's document calls previous.
    Returns section, indicator, basis, reported_value, reported_rating (String: null where it is not
    known), reported_basis, reported_period (of the figure; null where none was shown). Where nothing at
    all is known of that report, no rating is.
    """
    then = at.shift(-1)
    if (frozen := figures.edition_of(report, then)) is not None:
        return _named(frozen.kpis)
    placed = registry.placed(figures, report, then)
    kpis = placed.filter(pl.col("kind").cast(pl.String) == Kind.KPI)
    past = Past.of(figures, report, then, kpis)
    rows = judged.on_each_basis(past, series.due_then(past.points, then), late=True)
    rated = judged.judge(past, rows)
    prints = printed.prints(past.prints)
    under = printed.under(rated, then)
    # Without a figure nobody knows which one another document's rating is of.
    of_known = under.join(
        rated.filter(pl.col("value").is_not_null()).select("line"), on="line", how="semi"
    )
    today = printed.under_report(rated, pl.lit(str(at)))
    called = printed.called_previous(today, under, prints)
    worked_out = judged.as_published(
        rated,
        pl.concat(
            [one.select(printed.VERDICT) for one in (printed.about(of_known, prints), called)]
        ),
    )
    late = pl.col("arrears") * pl.col("months")
    has_figures = past.points.filter(
        pl.col("value").is_not_null()
        & pl.col("in_series")
        & (pl.col("end_month") + late <= then.end_month)
    )
    begun = pl.col("indicator").is_in(has_figures["indicator"].implode())
    return _named(_as_reported(worked_out, _paper(figures, report, then, under), begun))


def _paper(figures: Figures, report: str, then: Period, under: pl.DataFrame) -> pl.DataFrame:
    """The ratings that documents about the period print, and the values beside them, by line."""
    printed_then = printed.prints(printed.rows(figures, report, about=then))
    codes = [*_DECIDED, str(Rating.NO_DATA)]
    return (
        printed.about(under, printed_then)
        .filter(pl.col("rating").is_in(codes))
        .unique("line", keep="first", maintain_order=True)
        .select("line", on_paper="rating", value_on_paper=pl.col("value").list.first())
    )


def _named(shown: pl.DataFrame) -> pl.DataFrame:
    """The columns that `report_before` returns, from what a report showed of its KPIs."""
    return shown.select(
        "section",
        *_ON,
        reported_value="value",
        reported_rating=pl.col("rating").cast(pl.String),
        reported_basis=pl.when(pl.col("rating").is_not_null()).then("rating_basis"),
        reported_period=pl.when(pl.col("value").is_not_null()).then("period"),
    )


def _as_reported(worked_out: pl.DataFrame, paper: pl.DataFrame, begun: pl.Expr) -> pl.DataFrame:
    """What the documents of a period print, else what was due then; what is not known is null.

    That there was no data is known of an indicator whose figures had `begun`, or whose row says so.
    """
    both = worked_out.join(paper, on="line", how="left", maintain_order="left")
    rating = pl.col("rating").cast(pl.String)
    no_data = (rating == Rating.NO_DATA) & (begun | pl.col("status").is_not_null())
    known = rating.is_in(_DECIDED) | no_data
    differs = (pl.col("on_paper") != rating).fill_null(value=False)
    shown = both.with_columns(
        rating=pl.coalesce("on_paper", pl.when(known).then(rating)),
        rating_basis=pl.when(differs).then(pl.lit(Basis.PUBLISHED)).otherwise("rating_basis"),
        value=pl.when((pl.col("on_paper") == Rating.NO_DATA).fill_null(value=False))
        .then(None)
        .otherwise(pl.coalesce(exact.shown(pl.col("value_on_paper"), pl.col("decimals")), "value")),
    )
    says = (
        pl.col("rating").is_in(_DECIDED).fill_null(value=False)
        | pl.col("value").is_not_null()
        | pl.col("status").is_not_null()
        | pl.col("on_paper").is_not_null()
    )
    return shown.with_columns(rating=pl.when(says.any()).then("rating"))


def ends_of(past: Past, shown: pl.DataFrame) -> pl.DataFrame:
    """Where the figures shown end, or those that were due: indicator, end_month Int32."""
    due = past.placed.select("indicator", due=series.due_end(past.at))
    return due.join(
        shown.select("indicator", "end_month"), on="indicator", how="left", maintain_order="left"
    ).select("indicator", end_month=pl.coalesce("end_month", "due"))


def value_before(past: Past, shown: pl.DataFrame) -> pl.DataFrame:
    """The value before the one shown, of indicators that are not rated, on each basis.

    Takes shown as `series.shown` gives it. Returns indicator, basis, previous_value Decimal (as
    displayed), previous_period.
    """
    before = series.before(past.points, ends_of(past, shown))
    of_period = before.select("indicator", "period", "end_month", "year", "value").with_columns(
        basis=pl.lit(FigureBasis.PERIOD)
    )
    of_year = judged.to_date(past, of_period).select("indicator", "period", "value", "basis")
    places = past.placed.select("indicator", "decimals")
    return (
        pl.concat([of_period.select(of_year.columns), of_year])
        .join(places, on="indicator", how="left", maintain_order="left")
        .select(
            *_ON,
            previous_value=exact.shown(pl.col("value"), pl.col("decimals")),
            previous_period="period",
        )
    )


def alerts_before(figures: Figures, report: str, at: Period) -> pl.DataFrame:
    """The alerts that the report of the period before showed: those of its edition, else of what was
    due then. Returns indicator, basis, reported_alert String, reported_period.
    """
    then = at.shift(-1)
    if (frozen := figures.edition_of(report, then)) is not None:
        shown = frozen.activities
    else:
        placed = registry.placed(figures, report, then)
        activities = placed.filter(pl.col("kind").cast(pl.String) == Kind.ACTIVITY)
        past = Past.of(figures, report, then, activities)
        shown = judged.alerts_of(past, series.due_then(past.points, then))
    return shown.select(
        *_ON,
        reported_alert=pl.col("alert").cast(pl.String),
        reported_period=pl.when(pl.col("value").is_not_null()).then("period"),
    )


def directions_before(figures: Figures, report: str, at: Period) -> pl.DataFrame:
    """The directions of travel that the report of the period before showed: those of its edition, else
    those of the figures that were due then. Returns indicator, reported_direction String.
    """
    then = at.shift(-1)
    if (frozen := figures.edition_of(report, then)) is not None:
        shown = frozen.kpis.filter(pl.col("basis") == FigureBasis.PERIOD)
        return shown.select("indicator", reported_direction="direction")
    placed = registry.placed(figures, report, then)
    past = Past.of(figures, report, then, placed.filter(pl.col("kind").cast(pl.String) == Kind.KPI))
    due = series.due_then(past.points, then)
    rated = judged.judge(past, judged.on_each_basis(past, due)).filter(
        pl.col("basis") == FigureBasis.PERIOD
    )
    before = figure_before(past, rated).select(*_ON, "previous_value")
    arrows = printed.arrows(
        rated, printed.about(printed.under(rated, then), printed.prints(past.prints))
    )
    both = rated.join(before, on=_ON, how="left", maintain_order="left")
    found = directions.of(past, both, due, arrows)
    return rated.join(found, on="line", maintain_order="left").select(
        "indicator", reported_direction=pl.col("direction").cast(pl.String)
    )
