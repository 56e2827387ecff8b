"""Cells of tidy tables as people write them, put as the tables have them: `97%` as 97.

Only a cell that the table would refuse is looked at, and only one that can be read in no more than
one way is put otherwise. Every such reading is told; what is doubtful stays as it is, and is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

import dataframely as dy
import polars as pl

from kpi_core import fields, schemas
from kpi_core.figures import Figures
from kpi_core.ingest import cells, dates
from kpi_core.ingest.asking import Asking
from kpi_core.ingest.cells import Counted
from kpi_core.ingest.received import Option, Reading
from kpi_core.ingest.typed import impossible_periods, strict

#: Days with the month in words: in figures, 03/04/2024 could be either.
_DAYS = ("%d %B %Y", "%d %b %Y", "%d-%b-%Y", "%B %d, %Y", "%Y-%m-%d %H:%M:%S")
_IN_FIGURES = re.compile(r"([0-9]{1,2})[/.]([0-9]{1,2})[/.]([0-9]{4})")
_MONTHS = 12
#: Values shown of one column, after which the others are counted.
_SHOWN = 12


def as_tables_have_them(
    table: str, raw: pl.DataFrame, figures: Figures, asking: Asking
) -> tuple[pl.DataFrame, tuple[Reading, ...]]:
    """The text of a table with its figures, counts, dates and periods as the table has them.

    `raw` has file_row and the columns of the file, all String; so has what is returned. A figure of
    more than six decimals, as spreadsheets work them out, is rounded only if the analyst says so.
    """
    units = _units(figures)
    readings: list[Reading] = []
    text = raw
    for name, column in schemas.columns(table).items():
        odd = _refused(name, column, raw, figures.year_start) if name in raw.columns else None
        if odd is None or odd.is_empty():
            continue
        # A figure is read in the unit of its indicator; other cells need nothing else of the row.
        by = [name]
        if isinstance(column, dy.Decimal) and "indicator" in raw.columns and name != "indicator":
            by = ["indicator", name]
        pairs = odd.select(by).unique(maintain_order=True)
        plain = [_plain(column, cell[-1], units.get(cell[0], ""), figures) for cell in pairs.rows()]
        found = pairs.with_columns(plain=pl.Series(plain, dtype=pl.String)).drop_nulls("plain")
        if isinstance(column, dy.Decimal):
            found = _at_most_six_decimals(name, odd.join(found, on=by), found, asking)
        if found.is_empty():
            continue
        readings += _told(name, odd.join(found, on=by, maintain_order="left"))
        text = text.join(found, on=by, how="left", maintain_order="left")
        text = text.with_columns(pl.coalesce("plain", name).alias(name)).drop("plain")
    return text, tuple(readings)


def _units(figures: Figures) -> dict[str, str]:
    """The unit of each indicator that has had but one."""
    pairs = figures.indicators.select("indicator", "unit").unique()
    return dict(pairs.filter(pl.col("indicator").is_unique()).iter_rows())


def _refused(
    name: str, column: dy.Column, raw: pl.DataFrame, year_start: int
) -> pl.DataFrame | None:
    """The rows whose cell the table would refuse; None for columns that are read as they stand."""
    if fields.is_period(column):
        return raw.filter(pl.col(name).is_in(list(impossible_periods(raw[name], year_start))))
    if isinstance(column, dy.Decimal | dy.Int32 | dy.Date):
        reading, _ = strict(column)
        return raw.filter((pl.col(name) != "") & reading.is_null())
    return None


def _plain(column: dy.Column, text: str, unit: str, figures: Figures) -> str | None:
    """The cell as the table has it; None where it cannot be read, or in more than one way."""
    if fields.is_period(column):
        periods = dates.periods(text, figures.year_start)
        return str(periods[0]) if len(periods) == 1 else None
    if isinstance(column, dy.Date):
        day = _day(text)
        return day.isoformat() if day else None
    if isinstance(column, dy.Int32):
        whole = _figure(text, "number", figures)
        return whole if whole is None or whole.isdigit() else None
    return _figure(text, unit, figures) if unit else None


def _figure(text: str, unit: str, figures: Figures) -> str | None:
    """A figure in plain digits; blank where the cell says that there is none."""
    cell = cells.read(text, Counted(unit), figures.organisation.wording)
    if cell.problem or cell.status != "actual" or cell.is_starred or len(cell.ways) > 1:
        return None
    if not cell.ways:
        return ""
    return f"{cell.ways[0][1]:f}"


def _at_most_six_decimals(
    name: str, rows: pl.DataFrame, found: pl.DataFrame, asking: Asking
) -> pl.DataFrame:
    """The figures found that can be kept; those of more decimals rounded, where that is wanted."""
    is_long = pl.col("plain").str.contains(r"\.[0-9]{6}[0-9]*[1-9]")
    long = rows.filter(is_long)
    if long.is_empty():
        return found
    text = (
        f"A figure can have six decimals. What becomes of those of {name} with more, such as "
        f"{long[name][0]} in row {long['file_row'][0]}? Cells with more: {long.height:,}."
    )
    options = [
        Option("round", "round them to six decimals, a half away from zero"),
        Option("refuse", "leave them as they are: their rows are refused"),
    ]
    if asking.ask(f"decimals:{name}", text, options, rows=long["file_row"].to_list()) != "round":
        return found.filter(is_long.not_())
    rounded = [f"{cells.rounded(Decimal(one)):f}" if one else one for one in found["plain"]]
    return found.with_columns(plain=pl.Series(rounded, dtype=pl.String))


def _day(text: str) -> date | None:
    """A day that can be read in one way only."""
    if match := _IN_FIGURES.fullmatch(text):
        day, month, year = (int(part) for part in match.groups())
        if month <= _MONTHS and (day > _MONTHS or day == month):
            return _valid(year, month, day)
        return None
    for shape in _DAYS:
        try:
            return datetime.strptime(text, shape).date()  # noqa: DTZ007 (a day has no zone)
        except ValueError:
            continue
    return None


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _told(name: str, changed: pl.DataFrame) -> Iterator[Reading]:
    """A sentence for each value that was read otherwise, with its rows."""
    groups = changed.group_by(name, "plain", maintain_order=True).agg("file_row")
    for value, plain, rows in groups.head(_SHOWN).iter_rows():
        shown = plain or "no figure"
        yield Reading(f'{name}: "{value}" read as {shown}.', tuple(rows))
    if groups.height > _SHOWN:
        others = groups[_SHOWN:]
        rows = tuple(row for listed in others["file_row"].to_list() for row in listed)
        yield Reading(f"{name}: {others.height:,} other values read in the same way.", rows)
