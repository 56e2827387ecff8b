"""Frames as CSV and JSON for other programs, safe to open in a spreadsheet."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal

import polars as pl

from kpi_core import exact

#: A text cell that begins with one of these is a formula to a spreadsheet.
_FORMULA = r"^[=+\-@\t\x00]"
#: But this is a number, where figures are text too.
_NUMBER = r"^[+-][0-9.,]+%?$"


def to_csv(frame: pl.DataFrame) -> str:
    """CSV with a header. Figures lose their trailing zeros; text that a spreadsheet would take for
    a formula gets a quote in front (numbers never do).
    """
    return _plain(frame, guard=True).write_csv()


def received_to_csv(cells: pl.DataFrame) -> str:
    """The cells of a file as received, all String, as CSV: its own lines, no other header.

    Figures are text among others there, and a negative number is no formula.
    """
    runs = pl.all().str.contains(_FORMULA) & pl.all().str.contains(_NUMBER).not_()
    guarded = pl.when(runs).then(pl.all().str.replace("^", "'")).otherwise(pl.all())
    return cells.select(guarded).write_csv(include_header=False)


def to_json(frame: pl.DataFrame) -> str:
    """A list of objects; figures are numbers, what is not known is null."""
    return json.dumps(frame.to_dicts(), default=_json, ensure_ascii=False, indent=1)


def _plain(frame: pl.DataFrame, *, guard: bool) -> pl.DataFrame:
    columns = []
    for name, kind in frame.schema.items():
        column = pl.col(name)
        if isinstance(kind, pl.Decimal):
            column = exact.text(column)
        elif isinstance(kind, pl.Enum):
            column = column.cast(pl.String)
        elif kind == pl.String and guard:
            column = pl.when(column.str.contains(_FORMULA)).then("'" + column).otherwise(column)
        columns.append(column.alias(name))
    return frame.select(columns)


def _json(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"cannot write {type(value)} as JSON")
