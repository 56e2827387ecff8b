"""What an upload would bring in faults: those that are there after it and were not before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import polars as pl

from kpi_core.changes import Changes
from kpi_core.figures import Figures
from kpi_core.periods import calendar
from kpi_core.quality import jumps, uploads
from kpi_core.quality.facts import CELL, COLUMNS
from kpi_core.quality.search import Searched, findings, in_order, search

#: Figures through which an upload's faults are looked for: about a second's work. A council of fifty
#: indicators has 10,000 in six years.
MOST_FIGURES = 60_000

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
    cells = changes["observations"].changed if "observations" in changes else None
    found = [_added(later, known, touched)]
    if cells is not None and cells.height:
        cells = cells.with_columns(pl.col("basis").cast(pl.String))
        early = uploads.not_ended(cells, after, today)
        # A period that has not ended is told by the calendar rather than by what others have.
        told = (pl.col("finding") == "future") & pl.col("period").is_in(
            early["period"].unique().implode()
        )
        found = [found[0].filter(~told), early]
        found.append(jumps.jump(jumps.jumped(later.trusted, cells.select(CELL)), after.year_start))
        found.append(uploads.restated(changes["observations"].restated, after, published))
    return in_order(pl.concat(found))


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
    enough = each.sort("end_month", "period", descending=True).filter(
        pl.col("len").cum_sum() <= MOST_FIGURES
    )
    return replace(
        figures, observations=rows.filter(pl.col("period").is_in(enough["period"].implode()))
    )


def _added(later: Searched, known: pl.DataFrame, touched: pl.DataFrame) -> pl.DataFrame:
    """The findings that were not there before.

    One that says the very same was there. One that says it in other words, because a usual size or
    a count has moved, was there too, if it is about the same indicator and period and the upload
    brings nothing for them. Where it does, its figures are in question and it is told.
    """
    same = ["finding", "indicator", "period", "message"]
    place = ["finding", "indicator", "period"]
    new = later.found.join(known, on=same, how="anti", maintain_order="left")
    gone = known.join(later.found, on=same, how="anti", maintain_order="left")
    number = pl.int_range(pl.len()).over(place)
    here = pl.concat([touched, touched.select(indicator=pl.lit(""), period="period").unique()])
    about = new.with_columns(number=number)
    moved = about.join(gone.with_columns(number=number), on=[*place, "number"], how="semi").join(
        here, on=["indicator", "period"], how="anti"
    )
    return about.join(moved, on=[*place, "number"], how="anti", maintain_order="left").drop(
        "number"
    )
