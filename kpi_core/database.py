"""The database of a store: one DuckDB file, which can always be built again from the journal.

It is made aside and put in place whole, and afterwards only grows, an upload in a transaction: so
whenever the process is stopped, what is in place has every upload whole or not at all. A connection
is held only for one operation: a held one would lock out every other process.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import duckdb
import polars as pl

from kpi_core import durable, schemas, sql
from kpi_core.errors import StoreBusy, UserError
from kpi_core.ingest import Received
from kpi_core.journal import Upload, active_of

#: From an upload to the rows that it brings.
RowsOf = Callable[[Upload], Iterable[Received]]
Progress = Callable[[float, str], None]

#: How long an operation waits for another process to let go of the database.
_PATIENCE_SECONDS = 10.0
_PAUSE_SECONDS = 0.02

#: No SQL that reaches this database needs extensions,
_CLOSED: dict[str, str | bool | int | float | list[str]] = {
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
}
#: nor, when it only reads, any other file.
_CLOSED_TO_READERS = {**_CLOSED, "enable_external_access": "false"}

#: The entry of an upload in the log.
_LOG_TYPES = {"id": pl.Int32, "undoes": pl.Int32}


class Database:
    """The rows of every upload, in tables. Its file is `figures.duckdb` in the store's home."""

    def __init__(self, home: Path) -> None:
        self._path = home / "figures.duckdb"
        self._aside = home / "building.duckdb"
        self._incoming = home / "incoming.parquet"

    @property
    def exists(self) -> bool:
        """Whether there is anything to read yet."""
        return self._path.exists()

    @property
    def stamp(self) -> str:
        """Changes whenever the contents do."""
        return f"{self._path.stat().st_mtime_ns:x}"

    def read(self, tables: Iterable[str], as_at: datetime | None = None) -> dict[str, pl.DataFrame]:
        """The rows of tables that count, as at a moment (now, unless one is given)."""
        with self._connection(self._path, read_only=True) as connection:
            uploads = [u for u in _log(connection) if as_at is None or u.at <= as_at]
            active = active_of(uploads)
            rows = {
                name: pl.DataFrame(connection.sql(sql.current(name, active, uploads)))
                for name in tables
            }
        return {name: schemas.TABLES[name].cast(frame) for name, frame in rows.items()}

    def ever(self, table: str, key: Mapping[str, object]) -> pl.DataFrame:
        """Every row that was ever held with these values in columns of its key, undone or not: the
        columns of the table, upload.
        """
        values = [key[name] for name in schemas.key(table) if name in key]
        with self._connection(self._path, read_only=True) as connection:
            return pl.DataFrame(connection.sql(sql.ever(table, list(key)), params=values))

    def add(
        self, uploads: Sequence[Upload], rows_of: RowsOf, progress: Progress | None = None
    ) -> None:
        """Bring in, in their order, the uploads that are not there yet."""
        if not self.exists:
            self.build(uploads, rows_of, progress)
            return
        self._apply(self._path, uploads, rows_of, progress)

    def build(
        self, uploads: Sequence[Upload], rows_of: RowsOf, progress: Progress | None = None
    ) -> None:
        """Make it anew from all uploads. Until it is whole, the one there goes on being read."""
        self.clear()
        self._apply(self._aside, uploads, rows_of, progress)
        # Left by a process that was stopped, it belongs to the file that goes.
        _remove(_logs_of(self._path))
        self._aside.rename(self._path)
        durable.flush_folder(self._path.parent)

    def clear(self) -> None:
        """Remove what a writer that was stopped left half done. Only for the one who writes."""
        _remove([self._incoming, self._aside, *_logs_of(self._aside)])

    def _apply(
        self, path: Path, uploads: Sequence[Upload], rows_of: RowsOf, progress: Progress | None
    ) -> None:
        with self._connection(path, read_only=False) as connection:
            connection.execute(f"set allowed_paths = [{sql.quoted(self._incoming)}]")
            connection.execute("set enable_external_access = false")
            sql.create_tables(connection)
            done = {one.id for one in _log(connection)}
            waiting = [one for one in uploads if one.id not in done]
            for place, upload in enumerate(waiting):
                if progress is not None:
                    progress(place / len(waiting), "Building the store")
                self._insert_upload(connection, upload, rows_of(upload))
            connection.execute("checkpoint")
        self._incoming.unlink(missing_ok=True)

    def _insert_upload(
        self, connection: duckdb.DuckDBPyConnection, upload: Upload, parts: Iterable[Received]
    ) -> None:
        connection.begin()
        for part in parts:
            rows = part.rows.with_columns(upload=pl.lit(upload.id, dtype=pl.Int32))
            self._insert(connection, part.table, rows)
        entry = {
            "id": upload.id, "moment": upload.at.isoformat(), "by": upload.by,
            "kind": upload.kind, "note": upload.note, "undoes": upload.undoes,
        }  # fmt: skip
        self._insert(connection, "uploads", pl.DataFrame([entry], schema_overrides=_LOG_TYPES))
        connection.commit()

    def _insert(
        self, connection: duckdb.DuckDBPyConnection, table: str, rows: pl.DataFrame
    ) -> None:
        # By way of a file: DuckDB imports pandas (a second) to take a parameter or a frame.
        sql.plain(rows).write_parquet(self._incoming)
        source = f"read_parquet({sql.quoted(self._incoming)})"
        connection.execute(f'insert into "{table}" by name select * from {source}')

    @contextlib.contextmanager
    def _connection(self, path: Path, *, read_only: bool) -> Iterator[duckdb.DuckDBPyConnection]:
        config = _CLOSED_TO_READERS if read_only else _CLOSED
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                connection = duckdb.connect(path, read_only=read_only, config=config)
                break
            except (duckdb.IOException, duckdb.ConnectionException) as error:
                if not _is_held(error):
                    raise UserError(
                        f"{path} cannot be read. Nothing is lost: build it anew with kpi rebuild."
                    ) from error
                if time.monotonic() > deadline:
                    raise StoreBusy(path) from error
                time.sleep(_PAUSE_SECONDS)
        try:
            yield connection
        finally:
            connection.close()


def _log(connection: duckdb.DuckDBPyConnection) -> list[Upload]:
    rows = connection.sql('select id, moment, "by", kind, note, undoes from uploads order by id')
    return [
        Upload(number, datetime.fromisoformat(moment), by, kind, note, undoes)
        for number, moment, by, kind, note, undoes in rows.fetchall()
    ]


def _is_held(error: duckdb.Error) -> bool:
    """Whether another process holds the file, or another thread holds it for writing."""
    return isinstance(error, duckdb.ConnectionException) or "Could not set lock" in str(error)


def _logs_of(path: Path) -> list[Path]:
    """What DuckDB may leave beside a file when it is stopped: its write-ahead logs."""
    return list(path.parent.glob(f"{path.name}.wal*"))


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
