"""Rows as they were accepted, as a CSV that gives exactly them again.

Kept beside a file whose bytes alone do not say how it was read (a workbook, months across, answers
of a person), so that no later change of the code or of other figures changes what was accepted.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

import polars as pl

from kpi_core import schemas
from kpi_core.ingest import Received


def by_table(parts: Sequence[Received]) -> dict[str, bytes]:
    """The rows of a file's parts, a CSV for each table: its columns, and `file_row` first."""
    tables = dict.fromkeys(part.table for part in parts)
    return {
        table: _to_csv(pl.concat([part.rows for part in parts if part.table == table]))
        for table in tables
    }


def rows(table: str, content: bytes) -> pl.DataFrame:
    """The rows again, in the table's types. A column that is newer than the CSV is blank."""
    text = pl.read_csv(io.BytesIO(content), infer_schema=False)
    types = schemas.empty(table).schema
    typed = [
        (pl.col(name) if name in text.columns else pl.lit(None, pl.String).alias(name))
        .pipe(_typed, kind)
        .alias(name)
        for name, kind in types.items()
    ]
    return schemas.TABLES[table].cast(text.select(typed))


def _to_csv(frame: pl.DataFrame) -> bytes:
    out = io.BytesIO()
    frame.write_csv(out)
    return out.getvalue()


def _typed(text: pl.Expr, kind: pl.DataType) -> pl.Expr:
    if kind == pl.String:
        return text.fill_null("")
    if kind == pl.Boolean:
        return text.replace_strict({"true": True, "false": False}, return_dtype=pl.Boolean)
    if kind == pl.Date:
        return text.str.to_date("%Y-%m-%d")
    return text.cast(kind)
