"""Printed ratings that counted and no longer do, as another figure, target or floor comes."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from kpi_core import printed, registry
from kpi_core.fields import FIGURE
from kpi_core.figures import Figures
from kpi_core.judged import Past
from kpi_core.periods import Period, calendar
from kpi_core.words import Amber, Basis, Kind, Rating

#: Reasons beside the names of the figures that differ: a Green whose target is missed, and a figure of
#: which it is said that there is none.
MISSED, NO_DATA = "missed", "no data"

_PRINTED = ("value", "target", "floor")
_SAVED = ("value", "target", "target_high", "floor", "floor_high")
_ON = ["indicator", "basis"]
#: A printed rating that no longer counts: of which figure it was, what was printed beside it, why it does
#: not count (of _PRINTED and the reasons above), and what is saved and shown now.
SUPERSEDED: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "report": pl.String, "period": pl.String, "basis": pl.String, "indicator": pl.String,
    "name": pl.String, "unit": pl.String, "decimals": pl.Int32, "document": pl.String,
    "printed_rating": pl.String, **{f"printed_{name}": FIGURE for name in _PRINTED},
    "because": pl.List(pl.String), "rating": pl.String, **dict.fromkeys(_SAVED, FIGURE),
}  # fmt: skip

_OPEN = [str(one) for one in (Rating.NO_DATA, Rating.NOT_RATED, Rating.UNDECIDED)]


def superseded(
    before: Figures, was: pl.DataFrame, now: pl.DataFrame, report: str, at: Period
) -> pl.DataFrame:
    """The printed ratings that a report showed of its KPIs, and that no longer count.

    Takes the figures before, and a report's scorecard of one period before and after. A rating of which
    figures alone now decide, without any difference from what was printed, is not among them. Returns the
    columns SUPERSEDED, the first document to count of each KPI.
    """
    placed = registry.placed(before, report, at)
    kpis = placed.filter(pl.col("kind").cast(pl.String) == Kind.KPI)
    says = Past.of(before, report, at, kpis).says
    shown = [card.with_row_index("line") for card in (was, now)]
    said_then, said_now = (_said(card, says, at) for card in shown)
    agreed = said_then.filter(
        (pl.col("rating") == pl.col("shown_rating")) & (pl.col("differs").list.len() == 0)
    )
    both = said_now.join(
        agreed.select(*_ON, "document", "rating", was_basis="rating_basis"),
        on=[*_ON, "document", "rating"], maintain_order="left",
    )  # fmt: skip
    open_now = pl.col("computed_rating").is_in(_OPEN)
    would_count = (pl.col("was_basis") == Basis.PUBLISHED) | (
        open_now & (pl.col("status").fill_null("") != "no_data")
    )
    counts_still = (pl.col("rating_basis") == Basis.PUBLISHED) & (
        pl.col("rating") == pl.col("shown_rating")
    )
    found = (
        both.filter(would_count & ~counts_still)
        .with_columns(because=pl.concat_list("differs", _reasons()))
        .filter(pl.col("because").list.len() > 0)
        .unique(_ON, keep="first", maintain_order=True)
    )
    return _told(found, shown[1], report)


def _said(card: pl.DataFrame, says: pl.DataFrame, at: Period) -> pl.DataFrame:
    """What each document prints of each row, how that differs from the row, and how the row is rated."""
    ends = calendar(card["period"].to_list(), at.year_start).select("period", ends="end_month")
    by_floor = pl.col("amber") == Amber.FLOOR
    rows = card.join(ends, on="period", how="left", maintain_order="left").with_columns(
        pl.col("basis", "rating", "computed_rating").cast(pl.String),
        # Under other rules these are limits that were worked out, which no document prints.
        set_floor=pl.when(by_floor).then("floor"),
        set_floor_high=pl.when(by_floor).then("floor_high"),
    )
    told = rows.select(
        "line", *_ON, "rating_basis", "computed_rating", "status", shown_rating="rating"
    )
    said = printed.about(rows, says, at)
    return printed.differences(rows, said).join(told, on="line", maintain_order="left")


def _reasons() -> pl.Expr:
    """List(String): why a printed rating does not count where every figure agrees."""
    green = pl.col("rating") == Rating.GREEN
    misses = [str(one) for one in (Rating.UNDECIDED, Rating.AMBER, Rating.RED)]
    missed = green & pl.col("computed_rating").is_in(misses)
    no_data = pl.col("status").fill_null("") == "no_data"
    return pl.concat_list(
        pl.when(missed & (pl.col("differs").list.len() == 0)).then(pl.lit(MISSED)),
        pl.when(no_data).then(pl.lit(NO_DATA)),
    ).list.drop_nulls()


def _told(found: pl.DataFrame, card: pl.DataFrame, report: str) -> pl.DataFrame:
    rows = card.select("line", "period", "name", "unit", "decimals", *_SAVED)
    told = found.select(
        "line", *_ON, "document", "because",
        printed_rating="rating", rating="shown_rating",
        **{f"printed_{name}": pl.col(name).list.first() for name in _PRINTED},
    ).join(rows, on="line", maintain_order="left")  # fmt: skip
    return told.with_columns(report=pl.lit(report)).select(
        pl.col(name).cast(kind) for name, kind in SUPERSEDED.items()
    )
