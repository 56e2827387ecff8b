"""The header of a table: where it stands, which table it is of, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import PurePath

import dataframely as dy

from kpi_core import fields, schemas
from kpi_core.errors import Problem
from kpi_core.ingest.sheet import Sheet

#: A header is looked for among so many lines at the top; what stands above it are titles.
TITLE_ROWS = 30


def named(file: str) -> str:
    """The table whose name the file has; empty where it has none's."""
    stem = PurePath(file).stem.lower()
    return stem if stem in schemas.TABLES else ""


def cleaned(header: Sequence[str]) -> list[str]:
    """Names as the tables have them, whatever their case and the spaces around them."""
    known = {name.casefold(): name for table in schemas.TABLES for name in schemas.columns(table)}
    return [known.get(name.strip().casefold(), name.strip()) for name in header]


def is_header(line: Sequence[str], table: str = "") -> bool:
    """Whether a line is a header beyond doubt: of that table, or of any.

    It has every column that the table needs, and more names that the table knows than others. A
    single word such as Period is no header: it may be a title.
    """
    names = set(cleaned(line)) - {""}
    return len(names) > 1 and any(
        set(_needed(one)) <= names and 2 * len(names & set(schemas.columns(one))) > len(names)
        for one in ([table] if table else schemas.TABLES)
    )


def place_of(sheet: Sheet, table: str = "") -> int | None:
    """The first line that is a header beyond doubt, counted from the sheet's first."""
    top = min(TITLE_ROWS, sheet.cells.height)
    return next((place for place in range(top) if is_header(sheet.line(place), table)), None)


def table_of(header: Sequence[str]) -> str:
    """The table whose columns the header matches best.

    It counts only if the header has its whole key; empty otherwise.
    """
    table = _nearest(header)
    return table if set(schemas.key(table)) <= set(header) else ""


def unknown_kind(file: str, row: int, header: Sequence[str]) -> Problem:
    """What the header lacks to be that of the nearest table."""
    nearest = _nearest(header)
    if set(header) & set(schemas.columns(nearest)):
        missing = [name for name in schemas.key(nearest) if name not in header]
        hint = f"The nearest is {nearest}.csv; it also needs {', '.join(missing)}."
    else:
        hint = "The first row must hold the names of the columns, as data/README.md lists them."
    way_out = f"The columns are not those of any table. {hint}"
    return Problem(file, row, None, ", ".join(header)[:80], way_out)


def check(file: str, table: str, row: int, header: Sequence[str]) -> list[Problem]:
    """Columns that the table does not know, that stand twice, or that are missing."""
    known = list(schemas.columns(table))
    problems = []
    for place, name in enumerate(header):
        if not name:
            message = f"Cell {place + 1} of the header is blank. Name the column or delete it."
            problems.append(Problem(file, row, None, None, message))
        elif name not in known:
            near = get_close_matches(name, known, n=1, cutoff=0.4)
            way_out = f'Did you mean "{near[0]}"?' if near else f"Its columns: {', '.join(known)}."
            problems.append(
                Problem(file, row, name, None, f"{table}.csv has no such column. {way_out}")
            )
        elif name in header[:place]:
            problems.append(Problem(file, row, name, None, "The column stands twice. Remove one."))
    missing = [name for name in _needed(table) if name not in header]
    return problems + [
        Problem(file, row, name, None, "The column is missing. Add it.") for name in missing
    ]


def _nearest(header: Sequence[str]) -> str:
    """The table that has most of the header's columns; of equals, one whose key is all there."""

    def fit(table: str) -> tuple[int, bool]:
        known = set(schemas.columns(table))
        there = set(header)
        return len(there & known) - len(there - known), set(schemas.key(table)) <= there

    return max(schemas.TABLES, key=fit)


def _needed(table: str) -> list[str]:
    return [name for name, column in schemas.columns(table).items() if _is_needed(column)]


def _is_needed(column: dy.Column) -> bool:
    return column.primary_key or fields.is_required(column)
