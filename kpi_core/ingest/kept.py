"""What a file does not say stays as it is saved: see docs/rules/uploads.md, What a file does not say.

Rows lie whole over those that are saved, so a row that says less would wipe the rest out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

import dataframely as dy
import polars as pl

from kpi_core import exact, schemas
from kpi_core.figures import Figures
from kpi_core.ingest.received import Reading

#: What stands in the cell of a figure to take the saved one out: a blank cell says nothing of it.
NONE = "none"

#: The columns that every wide table leaves unsaid, by table.
UNSAID_BY_WIDE = {
    "observations": ("numerator", "denominator", "note"), "targets": (), "thresholds": (),
}  # fmt: skip
#: What a figure is told by; it stays, and so does its note, only while the figure is the same.
_FIGURE = ("value", "numerator", "denominator")
_SAVED = "saved_"


def without_none(table: str, text: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The text of a table with its cells that say `none` blank, and which these are.

    Takes file_row and columns of String, returns the same, and file_row and column of each such cell.
    """
    names = [name for name in _figures(table) if name in text.columns]
    says_none = {name: pl.col(name).str.strip_chars().str.to_lowercase() == NONE for name in names}
    cells = [
        text.filter(is_none).select("file_row", column=pl.lit(name))
        for name, is_none in says_none.items()
    ]
    blank = text.with_columns(
        pl.when(is_none).then(pl.lit("")).otherwise(name).alias(name)
        for name, is_none in says_none.items()
    )
    return blank, pl.concat([_no_cells(), *cells])


def _no_cells() -> pl.DataFrame:
    return pl.DataFrame(schema={"file_row": pl.UInt32, "column": pl.String})


def completed(
    table: str,
    rows: pl.DataFrame,
    figures: Figures,
    unsaid: Collection[str],
    taken_out: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """The rows of a table, with what they do not say taken from what is saved.

    `unsaid` are the columns of which the file says nothing (or, of a text, no more than is saved);
    `taken_out` has file_row and column of the figures that are to go, as `without_none` gives them.
    Takes and returns the table's columns.
    """
    key = schemas.key(table)
    facts = [name for name in schemas.columns(table) if name not in key]
    open_columns = [name for name in facts if name in unsaid or name in _figures(table)]
    saved = getattr(figures, table).join(rows, on=key, how="semi")
    if not open_columns or saved.is_empty():
        return rows
    both = rows.join(
        saved.select(*key, *(pl.col(name).alias(_SAVED + name) for name in facts)),
        on=key, how="left", maintain_order="left",
    )  # fmt: skip
    may_stay = pl.lit(value=True)
    if table == "observations":
        both = _with_definition(both, figures)
        may_stay = _is_same_figure()
    gone = _no_cells() if taken_out is None else taken_out
    filled = both.with_columns(
        pl.when(may_stay & _says_less(name, rows.schema) & ~_is_gone(name, gone))
        .then(_SAVED + name)
        .otherwise(name)
        .alias(name)
        for name in open_columns
        if name != "source"
    )
    if "source" in open_columns:
        filled = filled.with_columns(source=_source(name for name in facts if name != "source"))
    return filled.select(rows.columns)


def _is_gone(name: str, gone: pl.DataFrame) -> pl.Expr:
    return pl.col("file_row").is_in(gone.filter(pl.col("column") == name)["file_row"].implode())


def told(table: str, given: pl.DataFrame, whole: pl.DataFrame) -> Iterator[Reading]:
    """What was taken from what is saved, column by column. Takes rows before and after, in one order.

    The source is not told: it says where the others come from.
    """
    for name in given.columns:
        rows = whole.filter(given[name].ne_missing(whole[name]))["file_row"]
        if rows.len() and name != "source":
            yield Reading(
                f"Kept as saved, since the file does not say it: {name} of {table}, "
                f"{rows.len():,} in all.",
                tuple(rows.unique().sort().to_list()),
            )


def _figures(table: str) -> list[str]:
    return [name for name, kind in schemas.columns(table).items() if isinstance(kind, dy.Decimal)]


def _says_less(name: str, schema: pl.Schema) -> pl.Expr:
    """Whether the row says nothing in a column, or of a text no more than is saved."""
    if schema[name] == pl.String:
        return pl.col(_SAVED + name).str.contains(pl.col(name), literal=True)
    return pl.col(name).is_null()


def _with_definition(rows: pl.DataFrame, figures: Figures) -> pl.DataFrame:
    newest = figures.indicators.unique("indicator", keep="last", maintain_order=True)
    of = newest.select("indicator", "unit", "decimals")
    return rows.join(of, on="indicator", how="left", maintain_order="left")


def _is_same_figure() -> pl.Expr:
    """Whether a row of observations says nothing other than the saved figure, as it is shown."""
    said = pl.any_horizontal(pl.col(name).is_not_null() for name in _FIGURE)
    differs = pl.any_horizontal(
        (pl.col(name) != pl.col(_SAVED + name)).fill_null(value=False) for name in _FIGURE
    )
    is_none, was_none = (pl.col(name) == "no_data" for name in ("status", _SAVED + "status"))
    is_same = _shown("") == _shown(_SAVED)
    return (is_none == was_none) & ~differs & (~said | is_same.fill_null(value=False))


def _shown(prefix: str) -> pl.Expr:
    value, above, below = (pl.col(prefix + name) for name in _FIGURE)
    factor = pl.when(pl.col("unit") == "percent").then(100).otherwise(1)
    figure = pl.coalesce(value, exact.unrounded(above, below, factor))
    return exact.shown(figure, pl.col("decimals"))


def _source(facts: Iterator[str]) -> pl.Expr:
    """The source that is saved, unless any saved cell is changed."""
    changed = pl.any_horizontal(
        _is_filled(_SAVED + name) & pl.col(name).ne_missing(pl.col(_SAVED + name)) for name in facts
    )
    stays = (pl.col("source") == "") & ~changed & pl.col(_SAVED + "source").is_not_null()
    return pl.when(stays).then(_SAVED + "source").otherwise("source")


def _is_filled(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.String).fill_null("") != ""
