"""A change is a value before it is an act: what an upload would add, restate or leave as it is."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from kpi_core import schemas

#: Columns that say where a row stands or comes from, not what it says.
_ASIDE = {"file_row", "source"}


@dataclass(frozen=True)
class Changes:
    """What a file would do to its table. Each frame has the table's columns; `restated` has the
    figures of before as well, each as `was_` and the column's name.
    """

    table: str
    added: pl.DataFrame
    restated: pl.DataFrame
    unchanged: pl.DataFrame

    @property
    def changed(self) -> pl.DataFrame:
        """The rows that say something new, added or restated, with the table's columns."""
        return pl.concat([self.added, self.restated.select(self.added.columns)])

    def __str__(self) -> str:
        return (
            f"{self.added.height:,} added, {self.restated.height:,} restated, "
            f"{self.unchanged.height:,} unchanged"
        )


def compare(table: str, rows: pl.DataFrame, current: pl.DataFrame) -> Changes:
    """The rows of a file against what the store holds."""
    key = schemas.key(table)
    facts = [name for name in schemas.columns(table) if name not in {*key, *_ASIDE}]
    before = current.select(*key, *(pl.col(name).alias(f"was_{name}") for name in facts))
    added = rows.join(before, on=key, how="anti", maintain_order="left")
    both = rows.join(before, on=key, how="inner", maintain_order="left")
    same = pl.all_horizontal(
        pl.lit(value=True), *(pl.col(name).eq_missing(pl.col(f"was_{name}")) for name in facts)
    )
    return Changes(table, added, both.filter(~same), both.filter(same).select(rows.columns))
