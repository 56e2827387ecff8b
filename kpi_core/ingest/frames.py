"""Rows of tables from the cells of a wide sheet, what is wrong with them, and how they were read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

import polars as pl

from kpi_core import schemas
from kpi_core.errors import Problem
from kpi_core.ingest import cells
from kpi_core.ingest.received import Reading
from kpi_core.ingest.rows import Entry
from kpi_core.ingest.sheet import Sheet

#: What a wide sheet can hold.
TABLES = ("observations", "targets", "thresholds")


def frames(
    sheet: Sheet, settled: Sequence[tuple[Entry, Decimal | None]]
) -> tuple[dict[str, pl.DataFrame], list[Reading]]:
    """The rows of each table, in its types, and what the sheet says more than once.

    What is said again in the same words is taken once; what is said otherwise is there twice, for
    `broken_rules` to find.
    """
    rows: dict[str, dict[tuple[object, ...], dict[str, object]]] = {table: {} for table in TABLES}
    open_targets = {
        (entry.row, entry.key)
        for entry, value in settled
        if entry.field == "target" and entry.cell.ways and value is None
    }
    for entry, value in settled:
        is_due = entry.field == "target" and cells.is_to_come(entry.text)
        is_open = entry.table == "targets" and (entry.row, entry.key) in open_targets
        if not entry.table or is_open or (value is None and not is_due):
            continue
        cell = (entry.row, entry.column) if entry.table == "observations" else (entry.row,)
        place = f"{_place(sheet)}, row {entry.row}"
        row = rows[entry.table].setdefault(
            (*cell, entry.indicator, *entry.key),
            {"file_row": entry.row, "indicator": entry.indicator, "source": place},
        )
        row[entry.field] = value
        if entry.table == "observations":
            period, basis = entry.key
            row |= {
                "period": period, "basis": basis, "status": entry.cell.status, "note": entry.note,
                "source": f"{place}, column {entry.column}",
            }  # fmt: skip
        elif entry.table == "targets":
            row |= {"year": entry.key[0], "status": "tbc" if is_due else row.get("status", "set")}
        else:
            row |= {"year": entry.key[0], "basis": entry.key[1]}
    all_rows = {table: _frame(table, list(found.values())) for table, found in rows.items()}
    once = {
        table: frame.unique(pl.exclude("file_row", "source"), keep="first", maintain_order=True)
        for table, frame in all_rows.items()
    }
    return once, [
        Reading(
            f"Said more than once with the same figures, and taken once: {table}, "
            f"{frame.height - once[table].height} in all."
        )
        for table, frame in all_rows.items()
        if frame.height > once[table].height
    ]


def _place(sheet: Sheet) -> str:
    """The file and the sheet; one of several sheets is named by its file already."""
    is_named = not sheet.name or sheet.file.endswith(f", sheet {sheet.name}")
    return sheet.file if is_named else f"{sheet.file}, sheet {sheet.name}"


def _frame(table: str, rows: Sequence[Mapping[str, object]]) -> pl.DataFrame:
    schema = schemas.empty(table).schema
    empty = {name: "" if dtype == pl.String else None for name, dtype in schema.items()}
    columns = {name: [row.get(name, nothing) for row in rows] for name, nothing in empty.items()}
    return pl.DataFrame(columns, schema=schema)


def broken_rules(file: str, table: str, frame: pl.DataFrame) -> list[Problem]:
    """What the rules of a table say of rows in its types; several may come from one row of a file."""
    key = schemas.key(table)
    problems = [
        Problem(
            file, row["file_row"], None, ", ".join(str(row[name]) for name in key if row[name]),
            f"Row {row['first']} gives it too, with another figure. Keep one of the two.",
        )
        for row in _repeated(frame, key).iter_rows(named=True)
    ]  # fmt: skip
    _, failure = schemas.TABLES[table].filter(frame)
    details = failure.details()
    for rule, sentence in schemas.rules(table).items():
        if rule in details.columns:
            broken = details.filter(pl.col(rule).cast(pl.String) == "invalid")
            problems += [
                Problem(file, row["file_row"], None, row["indicator"], " ".join(sentence.split()))
                for row in broken.iter_rows(named=True)
            ]
    return problems


def _repeated(frame: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """Rows whose key stands further up; `first` is the row of the file that has it."""
    return frame.with_columns(first=pl.col("file_row").first().over(key)).filter(
        pl.struct(key).is_first_distinct().not_()
    )


def remarks(settled: Sequence[tuple[Entry, Decimal | None]]) -> Iterator[Reading]:
    """How cells were read, where that is not plain to see; and how many hold no figure."""
    remarks: dict[str, list[int]] = {}
    for entry, value in settled:
        if value is not None and entry.cell.remark:
            remarks.setdefault(
                f'"{entry.text}" is read as {value:f}, {entry.cell.remark}', []
            ).append(entry.row)
    for text, rows in remarks.items():
        yield Reading(text, tuple(sorted(set(rows))))
    empty = [entry for entry, _ in settled if not entry.cell.ways and not entry.cell.problem]
    counts = Counter(entry.text or "blank" for entry in empty)
    if counts:
        listed = ", ".join(f"{text} {count} times" for text, count in counts.most_common())
        of_rows = tuple(sorted({entry.row for entry in empty}))
        yield Reading(f"Cells without a figure give none, and never a zero: {listed}.", of_rows)
