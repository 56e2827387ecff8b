"""Breakdowns as tables: the parts of an indicator by period, as a report prints them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from kpi_core import quotients
from kpi_core.figures import Figures
from kpi_core.periods import Frequency, Period
from kpi_core.quality import facts, sums
from kpi_core.words import FigureBasis

#: Columns of a table, latest last: a year of quarters and the one a year before.
WINDOW = 5
#: Months back beyond which a table does not look.
REACH = 36
#: Periods of the small trend beside a part, and how many figures make one.
RUN = 13
_FEW = 3


@dataclass(frozen=True)
class Breakdown:
    """A breakdown printed as a table: its items by period."""

    indicator: str
    name: str
    breakdown: str
    unit: str
    decimals: int
    periods: tuple[str, ...]
    of: tuple[tuple[str, str], ...]  #: the period and the basis of each of `periods`
    rows: pl.DataFrame  #: item, then one Decimal column for each period; the whole last, item ""
    notes: tuple[str, ...]
    differences: tuple[str, ...]  #: where parts or periods do not make their total
    runs: (
        pl.DataFrame
    )  #: item, place Int32, words, value Decimal, unrounded Float64: the course of each part


def tables(figures: Figures, placed: pl.DataFrame, at: Period) -> tuple[Breakdown, ...]:
    """The breakdowns of indicators in the order of their placements, each with its last periods.

    Takes placements as `registry.placed` gives them.
    """
    parts = figures.observations.filter(
        (pl.col("breakdown") != "") & pl.col("indicator").is_in(placed["indicator"].to_list())
    )
    if parts.is_empty():
        return ()
    wrong = _wrong(figures, parts["indicator"].unique().to_list())
    found = []
    for row in placed.iter_rows(named=True):
        names = parts.filter(pl.col("indicator") == row["indicator"])["breakdown"]
        known = _known(figures, row) if names.len() else parts.clear()
        for breakdown in names.unique(maintain_order=True).to_list():
            own = known.filter(pl.col("breakdown").is_in(["", breakdown]))
            table = _table(figures, row, own, at, wrong)
            if table is not None:
                found.append(table)
    return tuple(found)


def _known(figures: Figures, indicator: Mapping[str, Any]) -> pl.DataFrame:
    """The figures of an indicator, whole and parts; counts alone give their quotient."""
    own = figures.observations.filter(pl.col("indicator") == indicator["indicator"])
    return quotients.worked_out(
        own.with_columns(
            unit=pl.lit(indicator["unit"]), decimals=pl.lit(indicator["decimals"], pl.Int32)
        )
    )


def _table(
    figures: Figures,
    indicator: Mapping[str, Any],
    own: pl.DataFrame,
    at: Period,
    wrong: pl.DataFrame,
) -> Breakdown | None:
    """One breakdown: items in the order of the file, columns the last periods that have figures.

    Takes the figures of its parts and of the whole, with the columns of `quotients.worked_out`.
    """
    parts, whole = own.filter(pl.col("breakdown") != ""), own.filter(pl.col("breakdown") == "")
    columns = []
    for text, basis in (
        parts.select("period", pl.col("basis").cast(pl.String)).unique().sort("basis").iter_rows()
    ):
        period = figures.organisation.period(text)
        if period.end_month <= at.end_month and period.end_month > at.end_month - REACH:
            columns.append((basis != "period", period.end_month, text, basis, period))
    regular = [c for c in columns if c[0] or c[4].frequency == indicator["frequency"]]
    columns = sorted(regular or columns, key=lambda c: (c[0], c[1]))
    by_period = [c for c in columns if not c[0]][-WINDOW:]
    chosen = by_period + [c for c in columns if c[0]][-2:]
    if not chosen:
        return None
    named = {(text, basis): _column_name(period, basis) for _, _, text, basis, period in chosen}
    body = _pivot(parts, named)
    total = _pivot(whole.with_columns(item=pl.lit("")), named)
    rows = pl.concat([body, total], how="diagonal").filter(
        pl.any_horizontal(pl.exclude("item").is_not_null())
    )
    shown = parts.filter(pl.col("period").is_in([period for period, _ in named]))
    breakdown = str(parts["breakdown"][0])
    differences = wrong.filter(
        (pl.col("indicator") == indicator["indicator"]) & pl.col("breakdown").is_in(["", breakdown])
    )
    return Breakdown(
        indicator=indicator["indicator"],
        name=indicator["name"],
        breakdown=breakdown,
        unit=indicator["unit"],
        decimals=indicator["decimals"],
        periods=tuple(named.values()),
        of=tuple(named),
        rows=rows.select("item", *named.values()),
        notes=_notes(shown),
        differences=tuple(
            text
            for period, basis, text in differences.select("period", "basis", "text").iter_rows()
            if (period, basis) in named
        ),
        runs=_runs(pl.concat([parts, whole]), at.ending_with(Frequency(indicator["frequency"]))),
    )


def _wrong(figures: Figures, indicators: list[str]) -> pl.DataFrame:
    """Totals of these indicators that their parts or periods do not make, rounding allowed for.

    By the rules of `quality.sums`, which decide when a breakdown is complete and what rounding can
    explain. Returns indicator, breakdown (empty for the whole's own periods), period, basis, text (the arithmetic in a
    sentence); all String.
    """
    of = figures.observations.filter(pl.col("indicator").is_in(indicators))
    rows = facts.observed(replace(figures, observations=of))
    start = figures.year_start
    found = [
        {
            "indicator": row["indicator"],
            "breakdown": row["by"],
            "period": row["period"],
            "basis": row["basis"],
            "text": f"Whole: {sums.parts_said(row, start)}",
        }
        for row in sums.parts(rows).iter_rows(named=True)
        if row["figure"] == "value"
    ] + [
        {
            "indicator": row["indicator"],
            "breakdown": row["breakdown"],
            "period": row["period"],
            "basis": row["basis"],
            "text": f"{row['item'] or 'Whole'}: {sums.periods_said(row, start)}",
        }
        for row in sums.periods(rows, start).iter_rows(named=True)
        if row["figure"] == "value"
    ]
    columns = ("indicator", "breakdown", "period", "basis", "text")
    return pl.DataFrame(found, schema=dict.fromkeys(columns, pl.String))


def _runs(rows: pl.DataFrame, end: Period) -> pl.DataFrame:
    """The figures of each item over the last periods up to `end`, where there are a few.

    Returns item (empty for the whole), place, words, value, unrounded, gaps included: see
    Breakdown.runs.
    """
    periods = [end.shift(place - RUN + 1) for place in range(RUN)]
    grid = pl.DataFrame(
        {
            "place": pl.Series(range(RUN), dtype=pl.Int32),
            "period": [str(period) for period in periods],
            "words": [period.words for period in periods],
        }
    )
    figures = rows.filter(pl.col("basis").cast(pl.String) == FigureBasis.PERIOD).select(
        "item", "period", "value", "unrounded"
    )
    return (
        figures.select(pl.col("item").unique(maintain_order=True))
        .join(grid, how="cross")
        .join(figures, on=["item", "period"], how="left", maintain_order="left")
        .filter(pl.col("value").is_not_null().sum().over("item") >= _FEW)
        .with_columns(
            place=pl.col("place")
            - pl.col("place").filter(pl.col("value").is_not_null()).min().over("item")
        )
        .filter(pl.col("place") >= 0)
        .select("item", "place", "words", "value", "unrounded")
    )


def _notes(parts: pl.DataFrame) -> tuple[str, ...]:
    """Each note once, after the items that it belongs to; alone where it belongs to every one."""
    items = parts["item"].n_unique()
    noted = (
        parts.filter(pl.col("note") != "")
        .group_by("note", maintain_order=True)
        .agg(pl.col("item").unique(maintain_order=True))
    )
    return tuple(
        note if len(of) == items else f"{', '.join(of)}: {note}" for note, of in noted.iter_rows()
    )


def _column_name(period: Period, basis: str) -> str:
    return {"period": period.words, "ytd": f"Year to {period.last_month_words}"}.get(
        basis, f"12 months to {period.last_month_words}"
    )


def _pivot(rows: pl.DataFrame, named: dict[tuple[str, str], str]) -> pl.DataFrame:
    """Items by column, in the order in which the file has the items."""
    key = pl.struct("period", pl.col("basis").cast(pl.String))
    labelled = rows.with_columns(
        column=key.map_elements(
            lambda k: named.get((k["period"], k["basis"])), return_dtype=pl.String
        )
    ).filter(pl.col("column").is_not_null())
    order = labelled.sort("file_row").select("item").unique(maintain_order=True)
    cells = [
        labelled.filter(pl.col("column") == name).select("item", pl.col("value").alias(name))
        for name in named.values()
    ]
    for cell in cells:
        order = order.join(cell, on="item", how="left", maintain_order="left")
    return order
