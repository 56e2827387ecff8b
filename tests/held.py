"""What is held when a file comes: the figures of Testshire, without a store."""

from __future__ import annotations

from functools import cache

from kpi_core import schemas
from kpi_core.figures import Figures, tables_in_order
from kpi_core.ingest import FileRead, read, read_batch
from kpi_core.organisation import Organisation
from tests.councils import SETTINGS, csv_bytes, tables


@cache
def held() -> Figures:
    """The figures of Testshire."""
    rows = tables()
    frames = {
        table: read(f"{table}.csv", csv_bytes(table, rows.get(table, []))).rows
        for table in schemas.TABLES
    }
    return Figures(Organisation.from_toml("testshire", SETTINGS), *tables_in_order(frames))


def one_read(file: str, content: bytes, answers: dict[str, str] | None = None) -> FileRead:
    """One file that an analyst of Testshire uploads."""
    (read_now,) = read_batch({file: content}, held(), answers).files
    return read_now
