"""A change is a value before it is an act: what an upload would add, restate or leave as it is."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from kpi_core import schemas
from kpi_core.figures import Figures

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


def between(before: Figures, after: Figures) -> list[str]:
    """What differs from one moment to another, table by table: `observations: 1 added, 2 restated`."""
    said = []
    held = dict(before.tables())
    for table, rows in after.tables():
        found = compare(table, rows, held[table])
        counts = {
            "added": found.added.height,
            "restated": found.restated.height,
            "taken out": held[table].join(rows, on=schemas.key(table), how="anti").height,
        }
        told = [f"{count:,} {what}" for what, count in counts.items() if count]
        if told:
            said.append(f"{table}: {', '.join(told)}")
    return said
