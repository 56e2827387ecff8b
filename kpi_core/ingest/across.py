"""Rows held against the other files of a batch and what is defined already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

import polars as pl

from kpi_core import fields, schemas
from kpi_core.errors import Problem
from kpi_core.ingest.received import Received

#: Which table defines the names of a column.
DEFINES = {"indicator": "indicators", "report": "reports", "document": "documents"}

#: Columns that list several names, and the column that defines them.
LISTS = {"indicators": "indicator"}

#: The nearest name is looked for so often at most: each look goes through all names.
_MOST_HINTS = 200


def check_references(
    batch: Sequence[Received], known: Mapping[str, Iterable[str]]
) -> tuple[Problem, ...]:
    """Problems of rows that name what is defined nowhere.

    `known` maps a column (indicator, report, document) to the names that the store already has;
    what the batch itself defines counts too. While a file that defines names has problems of its
    own, the names are not looked up: nearly every row would be one.
    """
    unsure = {received.table for received in batch if received.problems}
    defined = {column: set(names) for column, names in known.items()}
    for column, table in DEFINES.items():
        names = defined.setdefault(column, set())
        for received in batch:
            if received.table == table:
                names.update(received.rows[column].to_list())
    problems = []
    for received in batch:
        for column, table in DEFINES.items():
            if table in unsure or received.table == table or column not in received.rows.columns:
                continue
            named = received.rows.select("file_row", name=column).filter(pl.col("name") != "")
            problems += _unknown(received.file, column, column, named, defined[column])
        for column, of in LISTS.items():
            if column in received.rows.columns and DEFINES[of] not in unsure:
                listed = pl.col(column).str.extract_all(fields.CODE)
                named = received.rows.select("file_row", name=listed).explode("name").drop_nulls()
                problems += _unknown(received.file, column, of, named, defined[of])
    return tuple(problems)


def _unknown(
    file: str, column: str, of: str, named: pl.DataFrame, defined: set[str]
) -> list[Problem]:
    """Problems of the rows (file_row, name) whose name is not defined."""
    names = named["name"].unique(maintain_order=True).to_list()
    unknown = [name for name in names if name not in defined]
    said = {
        name: _not_defined(of, name, defined if place < _MOST_HINTS else ())
        for place, name in enumerate(unknown)
    }
    bad = named.filter(pl.col("name").is_in(unknown))
    return [Problem(file, row, column, name, said[name]) for row, name in bad.iter_rows()]


def _not_defined(column: str, name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, known, n=1, cutoff=0.4)
    hint = f' Did you mean "{near[0]}"?' if near else ""
    return (
        f"No {column} of that code is defined.{hint} New ones are added in {DEFINES[column]}.csv."
    )


def check_overlap(batch: Sequence[Received]) -> tuple[Problem, ...]:
    """Problems of rows whose key stands in an earlier file of the batch too."""
    problems: list[Problem] = []
    for place, later in enumerate(batch):
        for earlier in batch[:place]:
            if later.table and later.table == earlier.table:
                problems += _in_both(earlier, later)
    return tuple(problems)


def _in_both(earlier: Received, later: Received) -> list[Problem]:
    key = schemas.key(later.table)
    before = earlier.rows.select(*key, row_before="file_row")
    both = later.rows.join(before, on=key, how="inner", maintain_order="left")
    return [
        Problem(
            later.file, row["file_row"], None, key_of(later.table, row),
            f"{earlier.file} has the same {', '.join(key)} in row {row['row_before']}. "
            "Keep one of the two.",
        )
        for row in both.iter_rows(named=True)
    ]  # fmt: skip


def key_of(table: str, row: Mapping[str, object]) -> str:
    """The key of a row, as a problem shows it."""
    return ", ".join(str(row[name]) for name in schemas.key(table) if row[name] not in ("", None))
