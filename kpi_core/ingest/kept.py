"""What a wide table does not say stays as it is held.

A column of figures cannot say numerators, denominators and notes, and a table without floors says
nothing of floors. Laid over what is held, its rows would wipe these out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from kpi_core import schemas
from kpi_core.figures import Figures
from kpi_core.ingest.received import Reading

#: What is kept, by table; of an observation only while its figure is the one held.
_KEPT = {
    "observations": ("numerator", "denominator", "note"),
    "targets": ("floor",),
    "thresholds": ("lower", "upper"),
}


def completed(
    frames: Mapping[str, pl.DataFrame], figures: Figures
) -> tuple[dict[str, pl.DataFrame], list[Reading]]:
    """The rows of each table with what they leave open taken from what is held, and told."""
    done, told = {}, list[Reading]()
    for table, frame in frames.items():
        done[table] = _filled(frame, getattr(figures, table), table)
        told += _told(frame, done[table], table)
    return done, told


def _filled(frame: pl.DataFrame, held: pl.DataFrame, table: str) -> pl.DataFrame:
    key, kept = schemas.key(table), _KEPT[table]
    is_same = pl.lit(value=True)
    compared = ["value", "status"] if table == "observations" else []
    for name in compared:
        is_same &= pl.col(name).eq_missing(pl.col(f"{name}_held"))
    both = frame.join(
        held.select(*key, *(pl.col(name).alias(f"{name}_held") for name in [*compared, *kept])),
        on=key, how="left", maintain_order="left",
    )  # fmt: skip
    return both.with_columns(
        pl.when(_is_open(frame, name) & is_same & pl.col(f"{name}_held").is_not_null())
        .then(f"{name}_held")
        .otherwise(name)
        .alias(name)
        for name in kept
    ).select(frame.columns)


def _is_open(frame: pl.DataFrame, name: str) -> pl.Expr:
    """Whether the row says nothing of it, or less than a note that is held says."""
    if frame.schema[name] == pl.String:
        return pl.col(f"{name}_held").str.contains(pl.col(name), literal=True)
    return pl.col(name).is_null()


def _told(frame: pl.DataFrame, done: pl.DataFrame, table: str) -> Iterator[Reading]:
    for name in _KEPT[table]:
        rows = done.filter(pl.Series(frame[name].ne_missing(done[name])))["file_row"]
        if rows.len():
            yield Reading(
                f"Kept as held, since the sheet does not say it: {name} of {table}, "
                f"{rows.len()} in all.",
                tuple(rows.unique().sort().to_list()),
            )
