"""Earlier versions of a row: what stood in its place, who put it there and when."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from kpi_core import fields, schemas
from kpi_core.journal import FOLDER, active_of
from kpi_core.store import Store

_ABOUT: dict[str, pl.DataType | type[pl.DataType]] = {
    "upload": pl.Int32, "at": pl.Datetime(time_zone="UTC"), "by": pl.String, "note": pl.String,
    "kind_of_upload": pl.String, "undone": pl.Boolean,
}  # fmt: skip


def of(store: Store, table: str, key: Mapping[str, object]) -> pl.DataFrame:
    """Every version of a row that was ever held, the latest first, undone ones and the folder's too.

    `key` has a value for each column of the table's key. The folder is taken in whole whenever it
    changes: a version of it that says the same as the one before is left out. Returns upload Int32,
    at Datetime (UTC), by, note, kind_of_upload String (folder or files), undone Boolean, and the
    columns of the table.
    """
    names = list(schemas.columns(table))
    rows = store.ever(table, {name: key[name] for name in schemas.key(table)})
    uploads = {one.id: one for one in store.log()}
    active = set(active_of(list(uploads.values())))
    found: list[tuple[object, ...]] = []
    folders: list[tuple[object, ...]] = []
    for upload, *cells in (
        rows.sort("upload", maintain_order=True).select("upload", *names).iter_rows()
    ):
        entry = uploads[upload]
        is_folder = entry.kind == FOLDER
        if is_folder and folders[-1:] == [tuple(cells)]:
            continue
        if is_folder:
            folders.append(tuple(cells))
        undone = not is_folder and upload not in active
        found.append((upload, entry.at, entry.by, entry.note, entry.kind, undone, *cells))
    schema = {**_ABOUT, **{name: rows.schema[name] for name in names}}
    return pl.DataFrame(found[::-1], schema=schema, orient="row")


#: What a revision is told of.
_CELL = ["period", "basis", "breakdown", "item"]


def revisions(store: Store, code: str) -> pl.DataFrame:
    """Every time a figure of an indicator was replaced by another, the latest first.

    What was loaded lies over the folder, the later over the earlier, and what was undone counts as
    never held; a row that the folder no longer has counts as held. Returns period, basis, breakdown, item String, was, value Decimal (null: no figure),
    upload Int32, at Datetime (UTC), by, note String.
    """
    log = store.log()
    entries, active = {one.id: one for one in log}, set(active_of(log))
    rows = store.ever("observations", {"indicator": code})
    held: dict[tuple[object, ...], dict[bool, object]] = {}
    found: list[tuple[object, ...]] = []
    for upload, *cell, value in (
        rows.sort("upload", "file_row").select("upload", *_CELL, "value").iter_rows()
    ):
        entry = entries[upload]
        is_folder = entry.kind == FOLDER
        if not is_folder and upload not in active:
            continue
        layers = held.setdefault(tuple(cell), {})
        before, is_first = _uppermost(layers), not layers
        layers[is_folder] = value
        now = _uppermost(layers)
        if not is_first and now != before:
            found.append((*cell, before, now, upload, entry.at, entry.by, entry.note))
    schema: dict[str, pl.DataType | type[pl.DataType]] = {
        **dict.fromkeys(_CELL, pl.String), "was": fields.FIGURE, "value": fields.FIGURE,
        "upload": pl.Int32, "at": pl.Datetime(time_zone="UTC"), "by": pl.String, "note": pl.String,
    }  # fmt: skip
    return pl.DataFrame(found[::-1], schema=schema, orient="row")


def _uppermost(layers: Mapping[bool, object]) -> object:
    """What is held of a figure: what was loaded, or else what the folder has."""
    return layers.get(False, layers.get(True))
