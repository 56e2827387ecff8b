"""A tidy sheet becomes rows of its table, together with everything that is wrong with it.

Reading never raises over a bad cell: good rows and problems come back side by side, each problem
with its address (file, row, column), the value as it stands in the file, and the way out.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

import polars as pl

from kpi_core import schemas
from kpi_core.errors import Problem
from kpi_core.ingest import delimited, encoding, files, header
from kpi_core.ingest.received import Received
from kpi_core.ingest.sheet import Sheet, Unreadable
from kpi_core.ingest.typed import check_rules, typed, unshowable
from kpi_core.periods import APRIL


def read(file: str, content: bytes, year_start: int = APRIL) -> Received:
    """Read one CSV of the organisation's own: UTF-8, commas, its header first, cells as defined.

    The table is told by the file's name, or else by its columns.
    """
    name = PurePath(file).name
    try:
        cells = delimited.cells(content.decode("utf-8-sig"), ",")
    except UnicodeDecodeError as error:
        return refused(name, encoding.not_utf8(name, error))
    except Unreadable as error:
        return refused(name, Problem(name, error.row, None, error.value, error.message))
    if cells.is_empty():
        return refused(name, Problem(name, None, None, None, files.EMPTY))
    sheet = Sheet(name, "", cells)
    names = sheet.line(0)
    table = header.named(name) or header.table_of(names)
    if not table:
        return refused(name, header.unknown_kind(name, cells["file_row"][0], names))
    return read_table(sheet, 0, names, table, year_start)


def refused(file: str, problem: Problem) -> Received:
    """A file of which nothing was read."""
    table = header.named(file)
    return Received(file, table, schemas.empty(table) if table else pl.DataFrame(), (problem,))


def read_table(
    sheet: Sheet, place: int, names: Sequence[str], table: str, year_start: int
) -> Received:
    """The lines below the header, which is the line at `place` and has these names."""
    wrong = header.check(sheet.file, table, sheet.cells["file_row"][place], names)
    if wrong:
        return Received(sheet.file, table, schemas.empty(table), tuple(wrong))
    raw, ragged = as_text(sheet, place, names)
    as_it_stands = Received(sheet.file, table, raw, tuple(ragged))
    return judged(as_it_stands, *typed(sheet.file, table, raw, year_start))


def judged(raw: Received, rows: pl.DataFrame, found: Sequence[Problem]) -> Received:
    """The good of these `rows` of a table, with everything that is wrong; `found` is what has been
    found in their cells. Problems show the cells of `raw`.
    """
    file, table = raw.file, raw.table
    unread = unshowable(file, raw.rows)
    told = {(problem.row, problem.column) for problem in unread}
    bad_cells = [problem for problem in found if (problem.row, problem.column) not in told]
    judgeable = rows.filter(pl.col("file_row").is_in([p.row for p in found]).not_())
    broken = check_rules(file, table, judgeable, raw.rows)
    every = [*raw.problems, *unread, *bad_cells, *broken]
    problems = tuple(sorted(every, key=lambda p: p.row or 0))
    bad_rows = {problem.row for problem in problems}
    good = rows.filter(pl.col("file_row").is_in(list(bad_rows)).not_()) if bad_rows else rows
    return Received(file, table, schemas.TABLES[table].cast(good), problems)


def as_text(sheet: Sheet, place: int, names: Sequence[str]) -> tuple[pl.DataFrame, list[Problem]]:
    """The lines below the header, by the names of their columns; those of another length told.

    Returns file_row UInt32 and a String for each name.
    """
    lines, columns = sheet.cells[place + 1 :], sheet.columns[: len(names)]
    odd = lines.filter(pl.col("width") != len(names)).select("file_row", "width")
    problems = [
        Problem(sheet.file, row, None, None, _ragged(width, len(names)))
        for row, width in odd.iter_rows()
    ]
    whole = lines.filter(pl.col("width") == len(names)) if problems else lines
    by_name = dict(zip(columns, names, strict=True))
    return whole.select("file_row", *columns).rename(by_name), problems


def _ragged(width: int, wanted: int) -> str:
    cells = "1 cell" if width == 1 else f"{width} cells"
    verb = "is" if width == 1 else "are"
    return f"There {verb} {cells} where the header has {wanted}. " + (
        "A comma inside a text or a number needs double quotes around it."
        if width > wanted
        else "Separate all cells by commas, blank ones too."
    )
