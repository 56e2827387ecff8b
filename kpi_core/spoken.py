"""Of which figure a document speaks when it rates a KPI.

A rating printed under the period of its figure speaks of that figure. One printed under the period of the
report speaks of the figure that the report shows, which of a late KPI is an older one: the one whose value the
document prints, else the one that was due.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from kpi_core.fields import FIGURE
from kpi_core.periods import calendar

_FIGURES = ("value", "target", "floor")
_KEY = ["document", "about", "indicator", "basis"]
#: What one document says of one figure, which is that of the period that ends at end_month.
SAYS: dict[str, pl.DataType | type[pl.DataType]] = {
    "indicator": pl.String, "basis": pl.String, "end_month": pl.Int32, "how": pl.Int8,
    "document": pl.String, "about": pl.String, "rating": pl.String, "direction": pl.String,
    **dict.fromkeys(_FIGURES, pl.List(FIGURE)),
}  # fmt: skip
#: The ways of saying it, in the order in which they count.
UNDER_THE_REPORT, UNDER_ITS_OWN, AS_PREVIOUS = 0, 1, 2


def said(lines: pl.DataFrame) -> pl.DataFrame:
    """Everything that documents say of figures, by the figure that they speak of.

    Takes what `lines_of` gives. Returns SAYS: the first rating and direction, and all values, targets and
    floors printed with them. A previous rating speaks of the figure of the period before that of which its
    line speaks; one under the period of a report only where that figure was due in the report before.
    """
    is_own = (pl.col("named_end") == pl.col("of_end")).fill_null(value=False)
    by_name = _gathered(lines.filter(is_own), "of_end").with_columns(how=UNDER_ITS_OWN)
    under = _gathered(lines.filter(~is_own), "of_end").with_columns(how=UNDER_THE_REPORT)
    called = _gathered(_called_previous(lines), "of_end").with_columns(
        *(pl.lit(None, SAYS[name]).alias(name) for name in ("direction", *_FIGURES)),
        how=AS_PREVIOUS,
    )
    of_others = pl.concat([under, called.select(under.columns)]).join(
        beside(lines), on=[*_KEY, "end_month"], how="left", maintain_order="left", suffix="_beside"
    )
    filled = of_others.with_columns(
        pl.when(pl.col(name).list.len() > 0).then(name).otherwise(f"{name}_beside").alias(name)
        for name in _FIGURES
    )
    wanted = [pl.col(name).cast(kind) for name, kind in SAYS.items()]
    return pl.concat([filled.select(wanted), by_name.select(wanted)])


def beside(lines: pl.DataFrame) -> pl.DataFrame:
    """All values, targets and floors that each document prints under the period of a figure.

    Takes what `lines_of` gives. Returns document, about, indicator, basis, end_month, value, target, floor.
    """
    return _gathered(lines, "named_end").select(*_KEY, "end_month", *_FIGURES)


def lines_of(
    rows: pl.DataFrame, placed: pl.DataFrame, points: pl.DataFrame, year_start: int
) -> pl.DataFrame:
    """Each printed line of a placed indicator with the figure that it speaks of.

    Takes what `said` does. Adds frequency, months, arrears, and all Int32: line_end (the end of the period
    that it stands under), named_end (the same where that is how a figure of the indicator is dated),
    about_end, of_end (the end of the figure's period that it speaks of; null for none) and before_end (the end of the figure that was due in the report before).
    """
    facts = placed.select("indicator", "frequency", "months", "arrears", "series_start")
    ends = _ends([*rows["period"], *rows["about"]], year_start)
    dated = (
        rows.join(facts, on="indicator", maintain_order="left")
        .join(ends.rename({"end": "line_end", "kind": "line_kind"}), on="period", how="left", maintain_order="left")
        .join(
            ends.select(about="period", about_end="end", about_kind="kind", about_before="before"),
            on="about", how="left", maintain_order="left",
        )
        .join(
            points.select("indicator", "period", is_dated=pl.lit(value=True)),
            on=["indicator", "period"], how="left", maintain_order="left",
        )
    )  # fmt: skip
    is_name = (pl.col("line_kind") == pl.col("frequency")) | pl.col("is_dated").fill_null(
        value=False
    )
    named = dated.with_columns(
        named_end=pl.when(is_name).then("line_end"),
        due_end=due_end(pl.col("about_end"), pl.col("arrears"), year_start),
        before_end=due_end(pl.col("about_before"), pl.col("arrears"), year_start),
    )
    shown = _shown(named, points, year_start)
    is_under = pl.col("period") == pl.col("about")
    return (
        named.join(shown, on=_KEY, how="left", maintain_order="left")
        .with_columns(of_end=pl.when(is_under).then("shown_end").otherwise("named_end"))
        .drop("line_kind", "about_kind", "about_before", "is_dated", "shown_end", "due_end")
    )


def _ends(periods: Iterable[str], year_start: int) -> pl.DataFrame:
    """period, kind (its frequency), end Int32, before Int32 (the end of the period just before)."""
    return calendar(periods, year_start).select(
        "period", kind="frequency", end="end_month", before="first_month"
    )


def due_end(end: pl.Expr, late: pl.Expr, year_start: int) -> pl.Expr:
    """The end of the period whose figure a report that ends then was to show, so many periods late.

    For rows with months.
    """
    return _complete(end - late * pl.col("months"), year_start)


def _complete(end: pl.Expr, year_start: int) -> pl.Expr:
    """The end of the last period of each row's frequency that is complete by then."""
    return (end - (end - (year_start - 1)) % pl.col("months")).cast(pl.Int32)


def _shown(lines: pl.DataFrame, points: pl.DataFrame, year_start: int) -> pl.DataFrame:
    """The figure that each document shows of each indicator: _KEY, shown_end Int32.

    The one whose value it prints: under its own period, else the latest that is not too old. Where it
    prints none, the one that the report would show by now, or the one due where that is fresher.
    """
    age = pl.col("about_end") - pl.col("line_end")
    has_value = pl.col("value").is_not_null()
    is_under = pl.col("period") == pl.col("about")
    in_time = (age >= 0) & (age < (pl.col("arrears") + 1) * pl.col("months"))
    documents = lines.group_by(_KEY, maintain_order=True).agg(
        pl.col("frequency", "months", "arrears", "about_end", "about_kind", "due_end").first(),
        prints_own=(has_value & is_under).any(),
        printed_end=pl.col("line_end").filter(has_value & ~is_under & in_time).max(),
    )
    saved = points.filter("in_series").select(
        "indicator", saved_end="end_month", is_figure=pl.col("value").is_not_null()
    )
    latest = (
        documents.sort("about_end", maintain_order=True)
        .join_asof(
            saved.sort("saved_end"), left_on="about_end", right_on="saved_end", by="indicator",
            check_sortedness=False,
        )
        .with_columns(age=pl.col("about_end") - pl.col("saved_end"))
    )  # fmt: skip
    is_shown = pl.col("age") < (pl.col("arrears") + 1) * pl.col("months")
    is_early = pl.col("is_figure") & (pl.col("age") < pl.col("arrears") * pl.col("months"))
    by_now = (
        pl.when(is_shown & is_early)
        .then("due_end")
        .when(is_shown)
        .then("saved_end")
        .otherwise(_complete(pl.col("about_end"), year_start))
    )
    own = (
        pl.when(pl.col("about_kind") == pl.col("frequency"))
        .then("about_end")
        .otherwise(
            pl.when(is_shown)
            .then("saved_end")
            .otherwise(_complete(pl.col("about_end"), year_start))
        )
    )
    return latest.select(
        *_KEY,
        shown_end=pl.when("prints_own").then(own).otherwise(pl.coalesce("printed_end", by_now)),
    )


def _called_previous(lines: pl.DataFrame) -> pl.DataFrame:
    """The lines with a previous rating, as lines about the figure of the period before."""
    before = pl.col("of_end") - pl.col("months")
    is_named = (pl.col("named_end") == pl.col("of_end")).fill_null(value=False)
    is_of_it = is_named | (before == pl.col("before_end"))
    starts = pl.col("series_start")
    across = (before - pl.col("months") < starts) & (starts <= before)  # a break in definition
    return lines.filter(pl.col("previous_rating").is_not_null() & is_of_it & ~across).with_columns(
        of_end=before, rating="previous_rating"
    )


def _gathered(lines: pl.DataFrame, end: str) -> pl.DataFrame:
    """What each document says of each figure: the first rating and direction, all figures."""
    return lines.filter(pl.col(end).is_not_null()).rename({end: "end_month"}).group_by(
        *_KEY, "end_month", maintain_order=True
    ).agg(
        *(pl.col(name).drop_nulls().first() for name in ("rating", "direction")),
        *(pl.col(name).drop_nulls() for name in _FIGURES),
    )  # fmt: skip
