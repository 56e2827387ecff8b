"""What the store would hold once files are saved, without saving them."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from kpi_core import schemas
from kpi_core.figures import Figures, tables_in_order
from kpi_core.ingest import Received


def laid_over(figures: Figures, parts: Sequence[Received]) -> Figures:
    """The figures with the rows of files over them, the later file over the earlier, key by key.

    The organisation's folder lies under everything that was loaded, so that what is loaded next
    lies over both. Rows come as the store gives them, in the order of their key; tables that no
    file brings stay as they are. Every part's rows must have the columns of its table.
    """
    tables = dict(figures.tables())
    for table in {part.table for part in parts if part.table}:
        above = received(table, parts)
        key = schemas.key(table)
        below = tables[table].join(above.select(key), on=key, how="anti")
        tables[table] = in_order(pl.concat([below, above.select(below.columns)]), table)
    return Figures(figures.organisation, *tables_in_order(tables), editions=figures.editions)


def received(table: str, parts: Sequence[Received]) -> pl.DataFrame:
    """The rows that files bring for a table, one for each key: that of the last file.

    Returns the columns of the table, in the order of the files.
    """
    rows = [part.rows for part in parts if part.table == table]
    if len(rows) == 1:  # a file has each key once, or it has problems
        return rows[0]
    return pl.concat([schemas.empty(table), *rows], how="diagonal").unique(
        schemas.key(table), keep="last", maintain_order=True
    )


def in_order(rows: pl.DataFrame, table: str) -> pl.DataFrame:
    """The rows in the order in which the store gives them: by key, words by their letters."""
    columns = {name: rows.schema[name] for name in schemas.key(table)}
    return rows.sort(
        pl.col(name).cast(pl.String) if isinstance(kind, pl.Enum) else pl.col(name)
        for name, kind in columns.items()
    )
