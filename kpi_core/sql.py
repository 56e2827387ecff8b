"""The SQL of the store: its tables, and the rows of them that count.

Names and numbers in it are our own, never a user's.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
import polars as pl

from kpi_core import schemas
from kpi_core.journal import FOLDER, Upload

_SQL_TYPES = {
    pl.String: "varchar",
    pl.Enum: "varchar",
    pl.Decimal: "decimal(18, 6)",
    pl.Int32: "integer",
    pl.UInt32: "uinteger",
    pl.Boolean: "boolean",
    pl.Date: "date",
}


def create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables that are not there yet, and the columns that were added since."""
    connection.execute(
        "create table if not exists uploads "
        '(id integer primary key, moment varchar, "by" varchar, kind varchar, note varchar, undoes integer)'
    )
    found = connection.sql("select table_name, column_name from duckdb_columns()").fetchall()
    for table in schemas.TABLES:
        types = schemas.empty(table).schema
        there = {column for name, column in found if name == table}
        if not there:
            columns = ", ".join(f'"{n}" {_SQL_TYPES[type(t)]}' for n, t in types.items())
            connection.execute(f'create table "{table}" ({columns}, upload integer)')
            continue
        for n in types.keys() - there:  # the database is from before there was this column
            kind = _SQL_TYPES[type(types[n])] + (" default ''" if types[n] == pl.String else "")
            connection.execute(f'alter table "{table}" add column "{n}" {kind}')


def current(table: str, active: Sequence[int], uploads: Sequence[Upload]) -> str:
    """The statement that selects the rows of a table that count, the later over the earlier."""
    key = ", ".join(f'"{name}"' for name in schemas.key(table))
    columns = ", ".join(f'"{name}"' for name in ["file_row", *schemas.columns(table)])
    chosen = ", ".join(str(number) for number in active) or "-1"
    folders = [str(one.id) for one in uploads if one.kind == FOLDER]
    base = f"case when upload in ({', '.join(folders) or '-1'}) then 0 else upload end"
    return (
        f'select {columns} from "{table}" where upload in ({chosen}) '
        f"qualify row_number() over (partition by {key} order by {base} desc, file_row desc) = 1 "
        f"order by {key}"
    )


def ever(table: str, columns: Sequence[str]) -> str:
    """The statement that selects every row that was ever held with certain values in some columns of
    the table's key, the latest upload first. Its parameters are these values, in the same order.
    """
    key = " and ".join(f'"{name}" = ?' for name in schemas.key(table) if name in columns)
    return f'select * from "{table}" where {key} order by upload desc, file_row desc'


def plain(rows: pl.DataFrame) -> pl.DataFrame:
    """Enums as text: DuckDB would make a type of its own of each."""
    return rows.with_columns(pl.col(pl.Enum).cast(pl.String))


def quoted(path: Path) -> str:
    """The path as a text of SQL."""
    return "'" + str(path).replace("'", "''") + "'"
