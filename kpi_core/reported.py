"""What the report of the period before showed: its edition, its document, or what was due then."""

from __future__ import annotations

import polars as pl

from kpi_core import directions as travel
from kpi_core import exact, judged, previous, printed, registry, series, spoken
from kpi_core.fields import FIGURE
from kpi_core.figures import Figures
from kpi_core.judged import Past
from kpi_core.periods import Period
from kpi_core.words import DECIDED, Basis, FigureBasis, Kind, Rating

_ON = ["indicator", "basis"]
_DECIDED = [str(one) for one in DECIDED]
_KNOWN = [*_DECIDED, str(Rating.NO_DATA)]
_SHOWN: dict[str, pl.DataType | type[pl.DataType]] = {
    "section": pl.String, "name": pl.String, "indicator": pl.String, "basis": pl.String, "reported_value": FIGURE,
    "reported_rating": pl.String, "reported_basis": pl.String, "reported_period": pl.String,
    "reported_due": pl.String,
}  # fmt: skip


def kpis(figures: Figures, report: str, at: Period) -> pl.DataFrame:
    """What the report of the period before showed of each KPI that it or today's has.

    That is what its edition showed, where there is one; else what its document prints; else the figure
    that was due then, as late as the one that today's report shows, where figures cannot decide with the
    rating that today's document calls previous.
    Returns section (null of a KPI that it did not have), name, indicator, basis, reported_value,
    reported_rating (String: null where it is not known), reported_basis, reported_period (of the figure;
    null where none was shown) and reported_due (the same, else the period that was due). Where nothing at
    all is known of that report, no rating is.
    """
    then = at.shift(-1)
    if (frozen := figures.edition_of(report, then)) is not None:
        return _of_edition(frozen.kpis)
    past = Past.of(figures, report, then, _placed(figures, report, at))
    rows = _looked_at(past, at)
    if rows.is_empty():
        return pl.DataFrame(schema=_SHOWN)
    worked_out = judged.judge(past, rows)
    called = _called_today(past, worked_out, at)
    verdicts = [printed.about(worked_out, past.says), called]
    rated = judged.as_published(
        worked_out, pl.concat([one.select(printed.VERDICT) for one in verdicts])
    )
    first = called.filter(pl.col("rating").is_in(_KNOWN)).unique(
        "line", keep="first", maintain_order=True
    )
    return _told(
        rated.join(
            first.select("line", called="rating"), on="line", how="left", maintain_order="left"
        )
    )


def _of_edition(kpis: pl.DataFrame) -> pl.DataFrame:
    known = pl.col("rating").is_not_null()
    return kpis.select(
        "section",
        "name",
        *_ON,
        reported_value="value",
        reported_rating=pl.col("rating").cast(pl.String),
        reported_basis=pl.when(known).then("rating_basis"),
        reported_period=pl.when(pl.col("value").is_not_null()).then("period"),
        reported_due="period",
    )


def _placed(figures: Figures, report: str, at: Period) -> pl.DataFrame:
    """The KPIs of the report before, and those that only today's has, of which section is null."""
    then, now = (
        registry.placed(figures, report, period).filter(pl.col("kind").cast(pl.String) == Kind.KPI)
        for period in (at.shift(-1), at)
    )
    new = now.join(then, on="indicator", how="anti", maintain_order="left")
    return pl.concat(
        [then, new.with_columns(section=pl.lit(None, pl.String))], how="vertical_relaxed"
    )


def _looked_at(past: Past, at: Period) -> pl.DataFrame:
    """The figure that the report showed, on each basis: the one that its document prints, else the one due.

    Adds to a row as `judged.judge` takes it: on_paper (the rating in the document), paper_value, and has_begun
    Boolean (whether there is an older figure than the one due).
    """
    due = pl.col("due_end")
    start, end = past.at.year_start, pl.lit(past.at.end_month)
    placed = (
        past.placed.join(series.lateness(past.points, past.placed, at), on="indicator", maintain_order="left")
        .with_columns(
            due_end=spoken.due_end(end, pl.col("late"), start),
            paper_due=spoken.due_end(end, pl.col("arrears"), start),
        )
    )  # fmt: skip
    placed = placed.with_columns(
        due_period=judged.whole_periods(placed, "due_end", start),
        paper_due_period=judged.whole_periods(placed, "paper_due", start),
    )
    older = series.before(past.points, placed.select("indicator", end_month=due))
    paper, rows = _paper(past), []
    for basis in (FigureBasis.PERIOD, *((FigureBasis.YTD,) if past.rates_years else ())):
        chosen = _chosen(past, placed, paper.filter(basis=basis))
        single = judged.of_period(past, chosen)
        row = single if basis == FigureBasis.PERIOD else judged.to_date(past, single)
        of_paper = chosen.select("indicator", "on_paper", "paper_value", "due_period")
        rows.append(row.join(of_paper, on="indicator", how="left", maintain_order="left"))
    is_older = pl.col("indicator").is_in(older["indicator"].implode())
    return (
        pl.concat(rows, how="diagonal")
        .with_columns(has_begun=is_older & (pl.col("basis") == FigureBasis.PERIOD))
        .drop("year")
    )


def _paper(past: Past) -> pl.DataFrame:
    """What the documents of the period print of each KPI that they rate, the figure that they show first.

    Returns indicator, basis, on_paper, paper_value, paper_period and paper_end (null without a value).
    """
    age = pl.col("about_end") - pl.col("line_end")
    in_time = (age >= 0) & (age < (pl.col("arrears") + 1) * pl.col("months"))
    is_under = pl.col("period") == pl.col("about")
    of_value = pl.col("value").is_not_null()
    return (
        past.lines.filter((pl.col("about") == str(past.at)) & (is_under | in_time))
        .sort(~is_under, -pl.col("line_end"), "period", maintain_order=True)
        .group_by(_ON, maintain_order=True)
        .agg(
            on_paper=pl.col("rating").drop_nulls().first(),
            paper_value=pl.col("value").drop_nulls().first(),
            paper_period=pl.col("period").filter(of_value).first(),
            paper_end=pl.col("line_end").filter(of_value).first(),
        )
        .filter(pl.col("on_paper").is_in(_KNOWN))
    )


def _chosen(past: Past, placed: pl.DataFrame, paper: pl.DataFrame) -> pl.DataFrame:
    """What is saved of the figure looked at, for each placement: the columns of a figure, and of the paper.

    A document that leaves the figure blank rates the one that its arrears say.
    """
    is_paper = pl.col("on_paper").is_not_null()
    saved = past.points.filter("in_series").select(
        "indicator", "end_month", "year", "value", "status", "note", saved="period"
    )
    return (
        placed.select("indicator", "due_end", "due_period", "paper_due", "paper_due_period")
        .join(paper.drop("basis"), on="indicator", how="left", maintain_order="left")
        .with_columns(
            end_month=pl.when(is_paper)
            .then(pl.coalesce("paper_end", "paper_due"))
            .otherwise("due_end"),
            text=pl.when(is_paper)
            .then(pl.coalesce("paper_period", "paper_due_period"))
            .otherwise("due_period"),
        )
        .join(saved, on=["indicator", "end_month"], how="left", maintain_order="left")
        .with_columns(period=pl.coalesce("saved", "text"))
    )


def _called_today(past: Past, rows: pl.DataFrame, at: Period) -> pl.DataFrame:
    """What today's documents print as the ratings of the report before, under the period of the report or
    beside the figure that it shows.

    Takes rows with line, indicator, basis and ends; returns what `printed.about` does.
    """
    lines = past.lines.filter(pl.col("about") == str(at))
    shown = previous.ends_of(past, series.shown(past.points, at), at)
    is_under = pl.col("period") == pl.col("about")
    is_shown = (pl.col("named_end") == pl.col("end_month")).fill_null(value=False)
    called = (
        lines.join(shown, on="indicator", how="left", maintain_order="left")
        .filter(pl.col("previous_rating").is_not_null() & (is_under | is_shown))
        .sort(~is_under, maintain_order=True)
        .unique([*_ON, "document", is_under], keep="first", maintain_order=True)
    )
    beside = spoken.beside(past.lines).rename({"end_month": "ends"})
    return (
        rows.select("line", *_ON, "ends")
        .join(
            called.select(*_ON, "document", "about", rating="previous_rating"),
            on=_ON,
            maintain_order="left_right",
        )
        .join(beside, on=[*_ON, "document", "about", "ends"], how="left", maintain_order="left")
    )


def _told(rows: pl.DataFrame) -> pl.DataFrame:
    """What is known of the report before; a rating of which nothing is known is null."""
    is_new, has_value = pl.col("section").is_null(), pl.col("value").is_not_null()
    on_paper, rating, called = (
        pl.col("on_paper"),
        pl.col("rating").cast(pl.String),
        pl.col("called"),
    )
    is_paper, no_data = on_paper.is_not_null(), str(Rating.NO_DATA)
    says_none = (pl.col("status") == "no_data").fill_null(value=False)
    is_decided = rating.is_in(_DECIDED)
    agrees = (has_value | says_none) & (pl.col("computed_rating").cast(pl.String) == on_paper)
    value_then = pl.when(on_paper != no_data).then("value")
    computed, published = pl.lit(Basis.COMPUTED), pl.lit(Basis.PUBLISHED)
    told = rows.with_columns(
        reported_value=pl.when(is_paper)
        .then(pl.coalesce(exact.shown(pl.col("paper_value"), pl.col("decimals")), value_then))
        .when(~is_new)
        .then("value"),
        reported_rating=pl.when(is_paper)
        .then(on_paper)
        .when(is_new)
        .then(called)
        .when(says_none)
        .then(pl.lit(no_data))
        .when(is_decided)
        .then(rating)
        .when(has_value)
        .then(None)
        .when(pl.col("has_begun") | (called == no_data))
        .then(pl.lit(no_data)),
        basis_of=pl.when(is_paper)
        .then(pl.when(agrees).then(computed).otherwise(published))
        .when(is_new)
        .then(published)
        .when(is_decided)
        .then("rating_basis")
        .when(says_none | pl.col("has_begun"))
        .then(computed)
        .otherwise(published),
    )
    is_known = (
        is_paper
        | (~is_new & (has_value | says_none))
        | (pl.col("reported_rating").is_not_null() & (pl.col("basis_of") == Basis.PUBLISHED))
    )
    any_known = is_known.any()
    return told.with_columns(
        reported_rating=pl.when(any_known).then("reported_rating")
    ).select(
        "section", "name", *_ON, "reported_value", "reported_rating",
        reported_basis=pl.when(pl.col("reported_rating").is_not_null()).then("basis_of"),
        reported_period=pl.when(pl.col("reported_value").is_not_null()).then("period"),
        reported_due=pl.when(pl.col("reported_value").is_not_null())
        .then("period")
        .otherwise("due_period"),
    )  # fmt: skip


def alerts(figures: Figures, report: str, at: Period) -> pl.DataFrame:
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
        shown = judged.alerts_of(past, _due(past, at))
    return shown.select(
        *_ON,
        reported_alert=pl.col("alert").cast(pl.String),
        reported_period=pl.when(pl.col("value").is_not_null()).then("period"),
    )


def directions(figures: Figures, report: str, at: Period) -> pl.DataFrame:
    """The directions of travel that the report of the period before showed: those of its edition, else
    those of the figures that were due then. Returns indicator, reported_direction String.
    """
    then = at.shift(-1)
    if (frozen := figures.edition_of(report, then)) is not None:
        shown = frozen.kpis.filter(pl.col("basis") == FigureBasis.PERIOD)
        return shown.select("indicator", reported_direction="direction")
    placed = registry.placed(figures, report, then)
    past = Past.of(figures, report, then, placed.filter(pl.col("kind").cast(pl.String) == Kind.KPI))
    due = _due(past, at)
    rated = judged.judge(past, judged.on_each_basis(past, due)).filter(
        pl.col("basis") == FigureBasis.PERIOD
    )
    before = previous.figure_before(past, rated).select(*_ON, "previous_value")
    arrows = printed.arrows(rated, printed.about(rated, past.says, then))
    both = rated.join(before, on=_ON, how="left", maintain_order="left")
    found = travel.of(past, both, due, arrows)
    return rated.join(found, on="line", maintain_order="left").select(
        "indicator", reported_direction=pl.col("direction").cast(pl.String)
    )


def _due(past: Past, at: Period) -> pl.DataFrame:
    """The figures that were due in the report before, as late as those of today's report."""
    late = series.lateness(past.points, past.placed, at)
    return series.due_then(past.points, past.at, late)
