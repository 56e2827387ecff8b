"""What an upload would bring in faults: those that are there after it and were not before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import polars as pl

from kpi_core.changes import Changes
from kpi_core.figures import Figures
from kpi_core.periods import calendar, with_calendar
from kpi_core.quality import copies, jumps, uploads
from kpi_core.quality.facts import CELL, COLUMNS
from kpi_core.quality.search import findings, in_order, search

#: Figures through which an upload's faults are looked for: about a second's work. A council of fifty
#: indicators has 10,000 in six years.
MOST_FIGURES = 30_000

#: The column of each table that says what period a row is about.
_ABOUT = {
    "observations": "period", "published": "period", "targets": "year", "thresholds": "year",
    "placements": "year", "indicators": "from",
}  # fmt: skip


def brought(
    before: Figures,
    after: Figures,
    changes: Mapping[str, Changes],
    today: date,
    *,
    published: pl.DataFrame | None = None,
    known: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """The findings that an upload would add, and what only an upload can have.

    `changes` are its rows by table, against `before`. `published` has report and period of every
    edition, besides the documents. `known` is what `findings` says of `before`, where that is known
    already. Returns COLUMNS as `findings` does; the kinds are KINDS and UPLOAD_KINDS. Of a council
    with more than MOST_FIGURES figures only those of the indicators touched are looked at, the
    latest first.
    """
    touched = _touched(changes)
    if touched.is_empty():
        return in_order(pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String)))
    is_large = after.observations.height > MOST_FIGURES
    later = search(_nearest(after, touched) if is_large else after)
    if is_large:
        known = findings(_nearest(before, touched))
    elif known is None:
        known = findings(before)
    added = _added(later.found, known, touched, after.year_start)
    if "observations" not in changes or changes["observations"].changed.is_empty():
        return added
    cells = changes["observations"].changed.with_columns(pl.col("basis").cast(pl.String))
    early = uploads.not_ended(cells, after, today)
    copy = copies.copied_upload(later.trusted, cells.select(CELL), after.year_start)
    return in_order(
        pl.concat(
            [
                # A period that has not ended is told by the calendar, not by what others have.
                _but(added, "future", early),
                early,
                # What is told of a whole period need not be told of the upload alone.
                _but(copy, "copied", added.filter(pl.col("indicator") == "")),
                jumps.jump(jumps.jumped(later.trusted, cells.select(CELL)), after.year_start),
                uploads.restated(changes["observations"].restated, after, published),
            ]
        )
    )


def _but(found: pl.DataFrame, kind: str, told: pl.DataFrame) -> pl.DataFrame:
    """The findings without those of a kind whose period others of that kind are about."""
    periods = told.filter(pl.col("finding") == kind)["period"].unique()
    return found.filter(~((pl.col("finding") == kind) & pl.col("period").is_in(periods.implode())))


def _touched(changes: Mapping[str, Changes]) -> pl.DataFrame:
    """indicator, period: what the rows added or restated are about."""
    about = [
        changes[table].changed.select("indicator", period=column)
        for table, column in _ABOUT.items()
        if table in changes
    ]
    return pl.concat(
        [pl.DataFrame(schema={"indicator": pl.String, "period": pl.String}), *about]
    ).unique()


def _nearest(figures: Figures, touched: pl.DataFrame) -> Figures:
    """The figures of the indicators touched, the latest up to the last period touched."""
    rows = figures.observations.join(
        touched.select("indicator").unique(), on="indicator", how="semi"
    )
    if rows.height <= MOST_FIGURES:
        return replace(figures, observations=rows)
    last = calendar(touched["period"].to_list(), figures.year_start)["end_month"].max()
    dates = calendar(rows["period"].unique().to_list(), figures.year_start)
    each = (
        rows.group_by("period").len().join(dates, on="period").filter(pl.col("end_month") <= last)
    )
    # The period that goes beyond it is taken whole: a part of one would look like a fault.
    enough = each.sort("end_month", "period", descending=True).filter(
        pl.col("len").cum_sum() - pl.col("len") < MOST_FIGURES
    )
    return replace(
        figures, observations=rows.filter(pl.col("period").is_in(enough["period"].implode()))
    )


def _added(
    later: pl.DataFrame, known: pl.DataFrame, touched: pl.DataFrame, year_start: int
) -> pl.DataFrame:
    """The findings that were not there before.

    One that says the very same was there. One that says it in other words, because a usual size or
    a count has moved, was there too, if it is about the same indicator and period, and nothing that
    the upload brings can enter into it: it would have to lie in the year up to that period's end.
    """
    same = ["finding", "indicator", "period", "message"]
    place = ["finding", "indicator", "period"]
    number = pl.int_range(pl.len()).over(place)
    new, gone = (
        one.join(other, on=same, how="anti", maintain_order="left").with_columns(number=number)
        for one, other in ((later, known), (known, later))
    )
    in_other_words = new.join(gone, on=[*place, "number"], how="semi").filter(
        pl.col("period") != ""
    )
    dated = with_calendar(in_other_words, year_start)
    entered = (
        pl.concat([touched, touched.select(pl.lit("").alias("indicator"), "period").unique()])
        .join(dated.select("indicator").unique(), on="indicator", how="semi")
        .pipe(with_calendar, year_start)
        .select("indicator", from_month="first_month", to_month="end_month")
    )
    meant = dated.join(entered, on="indicator", how="inner").filter(
        (pl.col("from_month") < pl.col("end_month"))
        & (pl.col("to_month") > pl.col("end_month") - _YEAR)
    )
    moved = dated.join(meant, on=[*place, "number"], how="anti")
    return new.join(moved, on=[*place, "number"], how="anti", maintain_order="left").drop("number")


_YEAR = 12
