"""The store: append-only DuckDB, built from files kept as they were received.

Two things are kept for an organisation, both under its home:

    uploads/000001/   one folder for each upload: its files byte for byte, and upload.json
    figures.duckdb    the same, in tables; it can always be built again from the folders

Beside them stand `lock`, held by the one who writes; `seen`, how the organisation's folder was when
it was last taken in; and `pending`, there while an upload may not be in the database yet.

The organisation's folder of CSVs is the base: whenever it changes, the whole of it is taken in
anew, as an upload of kind `folder`. Files that people load lie over it, the later over the earlier,
key by key. Undoing is an upload too. Nothing is ever changed or deleted, so every read can be as
at a moment. A connection is held only for one operation: a held one would lock out every other
process.
"""

from __future__ import annotations

import contextlib
import fcntl
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path

import duckdb
import polars as pl

from kpi_core import ingest, schemas, sql
from kpi_core.errors import Problem, RefusedFiles, StoreBusy, UnknownName, UserError
from kpi_core.figures import Figures
from kpi_core.journal import FILES, FOLDER, UNDO, Journal, Upload, active_of, digest_of
from kpi_core.organisation import Organisation, decoded

Progress = Callable[[float, str], None]

#: How long an operation waits for another process to let go of the database.
_PATIENCE_SECONDS = 10.0
_PAUSE_SECONDS = 0.02

#: How like a table's name a file's name must be to be taken for a slip.
_MISSPELT = 0.8

#: No SQL that reaches this database needs extensions,
_CLOSED: dict[str, str | bool | int | float | list[str]] = {
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
}
#: nor, when it only reads, any other file.
_CLOSED_TO_READERS = {**_CLOSED, "enable_external_access": "false"}


class Store:
    """The figures of one organisation."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.folder = folder
        self.home = home
        self._database = home / "figures.duckdb"
        self._pending = home / "pending"
        self._journal = Journal(home / "uploads", self._pending)
        self._incoming = home / "incoming.parquet"

    @property
    def organisation(self) -> Organisation:
        """What the folder's organisation.toml says. Raises SettingsError, UserError."""
        settings = self.folder / "organisation.toml"
        if not settings.exists():
            raise UserError(f"{self.folder} has no organisation.toml. Copy one from data/kent.")
        return Organisation.from_toml(
            self.folder.name, decoded(self.folder.name, settings.read_bytes())
        )

    @property
    def version(self) -> str:
        """Changes whenever the contents do; what pages cache by."""
        settings = self.folder / "organisation.toml"
        return f"{self._database.stat().st_mtime_ns:x}{settings.stat().st_mtime_ns:x}"

    @property
    def is_built(self) -> bool:
        """Whether there is anything to read yet."""
        return self._database.exists()

    # Coming up to date

    def refresh(self, progress: Progress | None = None) -> None:
        """Build the database if it is missing; take in the folder if it has changed.

        Raises RefusedFiles when the folder's files have problems: nothing is saved then.
        """
        if self._is_current():
            return
        with self._alone():
            signature, files = self._signature(), self._folder_files()
            digest, checked = digest_of(files), {}
            uploads = self._journal.uploads()
            folders = [one for one in uploads if one.kind == FOLDER]
            known = self._journal.digest(folders[-1].id) if folders else ""
            if digest != known:
                batch = self._check(files, {}, progress)
                moment = datetime.now(UTC)
                upload = self._journal.receive(FOLDER, files, moment, "folder", "", digest=digest)
                checked[upload.id] = batch
            self._apply_pending(checked, progress)
            (self.home / "seen").write_text(signature)

    def rebuild(self, progress: Progress | None = None) -> None:
        """Build the database anew from the files received."""
        with self._alone():
            self._pending.touch()
            self._database.with_name(f"{self._database.name}.wal").unlink(missing_ok=True)
            self._database.unlink(missing_ok=True)
            self._apply_pending({}, progress)
        self.refresh(progress)

    # Writing

    def check(self, files: Mapping[str, bytes]) -> Sequence[ingest.Received]:
        """Read and validate files against the store without saving. Problems come with them."""
        return self._read(files, self._known())

    def check_folder(self) -> Sequence[ingest.Received]:
        """Read and validate the organisation's own folder without saving."""
        return self._read(self._folder_files(), {})

    def commit(
        self, files: Mapping[str, bytes], by: str, note: str, at: datetime | None = None
    ) -> Upload:
        """Save files as one upload, all of them or none. Raises RefusedFiles."""
        with self._alone():
            batch = self._check(files, self._known())
            upload = self._journal.receive(FILES, files, at or datetime.now(UTC), by, note)
            self._apply_pending({upload.id: batch})
            return upload

    def undo(self, upload: int, by: str, note: str = "", at: datetime | None = None) -> Upload:
        """Append the undoing of an upload; undoing an undo brings the upload back."""
        with self._alone():
            known = {one.id: one for one in self._journal.uploads()}
            if upload not in known:
                raise UnknownName("upload", str(upload), [str(one) for one in known])
            if known[upload].kind == FOLDER:
                raise UserError(
                    f"Upload {upload} is the organisation's folder itself. "
                    "Change the files in the folder; they are taken in at once."
                )
            if upload not in active_of(list(known.values())):
                raise UserError(
                    f"Upload {upload} has been undone already. To bring it back, undo the undoing."
                )
            done = self._journal.receive(UNDO, {}, at or datetime.now(UTC), by, note, undoes=upload)
            self._apply_pending({})
            return done

    # Reading

    def log(self) -> list[Upload]:
        """Every upload, oldest first."""
        return self._journal.uploads()

    def loaded(self) -> list[ingest.Received]:
        """What people loaded over the folder and did not take back, the oldest first."""
        uploads = self._journal.uploads()
        active = set(active_of(uploads))
        files = [one for one in uploads if one.kind == FILES and one.id in active]
        return [received for one in files for received in self._read_again(one)]

    def figures(self, as_at: datetime | None = None) -> Figures:
        """Everything that was known at a moment (now, unless one is given)."""
        return Figures(self.organisation, **self._tables(schemas.TABLES, as_at))

    def ever(self, table: str, key: Sequence[object]) -> pl.DataFrame:
        """Every row of a key that was ever held, undone or not: the columns of the table, upload."""
        with self._connection(read_only=True) as connection:
            return pl.DataFrame(connection.sql(sql.ever(table), params=list(key)))

    def _tables(
        self, names: Iterable[str], as_at: datetime | None = None
    ) -> dict[str, pl.DataFrame]:
        with self._connection(read_only=True) as connection:
            uploads = [u for u in self._applied(connection) if as_at is None or u.at <= as_at]
            active = active_of(uploads)
            rows = {
                name: pl.DataFrame(connection.sql(sql.current(name, active, uploads)))
                for name in names
            }
        return {name: schemas.TABLES[name].cast(frame) for name, frame in rows.items()}

    # Folder of the organisation

    def _csv_files(self) -> list[Path]:
        """The folder's tables. Raises UserError for a file whose name is that of a table misspelt."""
        paths = sorted(self.folder.glob("*.csv"))
        for path in (path for path in paths if path.stem not in schemas.TABLES):
            near = get_close_matches(path.stem, schemas.TABLES, n=1, cutoff=_MISSPELT)
            if near:
                raise UserError(
                    f"{self.folder.name}/{path.name} has the name of no table. "
                    f"Did you mean {near[0]}.csv? Rename it."
                )
        return [path for path in paths if path.stem in schemas.TABLES]

    def _folder_files(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self._csv_files()}

    def _signature(self) -> str:
        stats = [(path.name, path.stat()) for path in self._csv_files()]
        files = [f"{name}:{s.st_size}:{s.st_mtime_ns}" for name, s in stats]
        return ";".join([_COLUMNS, *files])

    def _is_current(self) -> bool:
        """Whether all that was received is in the database, the folder as it is now included."""
        seen = self.home / "seen"
        return (
            self._database.exists()
            and not self._pending.exists()
            and seen.exists()
            and seen.read_text() == self._signature()
        )

    # Validation

    def _known(self) -> dict[str, list[str]]:
        tables = self._tables(ingest.DEFINES.values())
        return {
            column: tables[table][column].unique().to_list()
            for column, table in ingest.DEFINES.items()
        }

    def _read(
        self,
        files: Mapping[str, bytes],
        known: Mapping[str, list[str]],
        progress: Progress | None = None,
    ) -> Sequence[ingest.Received]:
        year_start = self.organisation.year_start
        batch = []
        for place, (name, content) in enumerate(files.items()):
            if progress is not None:
                progress(0.6 * place / len(files), f"Checking {name}")
            batch.append(ingest.read(name, content, year_start))
        across = ingest.check_references(batch, known) + ingest.check_overlap(batch)
        return [_with_problems(one, across) for one in batch]

    def _check(
        self,
        files: Mapping[str, bytes],
        known: Mapping[str, list[str]],
        progress: Progress | None = None,
    ) -> Sequence[ingest.Received]:
        batch = self._read(files, known, progress)
        problems = [problem for one in batch for problem in one.problems]
        if problems:
            raise RefusedFiles(problems)
        return batch

    # Database

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """One writer at a time, across threads and processes."""
        self.home.mkdir(parents=True, exist_ok=True)
        with (self.home / "lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    @contextlib.contextmanager
    def _connection(self, *, read_only: bool) -> Iterator[duckdb.DuckDBPyConnection]:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                config = _CLOSED_TO_READERS if read_only else _CLOSED
                connection = duckdb.connect(self._database, read_only=read_only, config=config)
                break
            except (duckdb.IOException, duckdb.ConnectionException) as error:
                # Another process holds the file, or another thread holds it for writing.
                if time.monotonic() > deadline:
                    raise StoreBusy(self._database) from error
                time.sleep(_PAUSE_SECONDS)
        try:
            yield connection
        finally:
            connection.close()

    def _applied(self, connection: duckdb.DuckDBPyConnection) -> list[Upload]:
        rows = connection.sql(
            'select id, moment, "by", kind, note, undoes from uploads order by id'
        )
        return [
            Upload(number, datetime.fromisoformat(moment), by, kind, note, undoes, ())
            for number, moment, by, kind, note, undoes in rows.fetchall()
        ]

    def _apply_pending(
        self,
        checked: Mapping[int, Sequence[ingest.Received]],
        progress: Progress | None = None,
    ) -> None:
        """Bring into the database every upload received that is not in it yet.

        `checked` has the files that were read just now, by upload, so that none is read twice.
        """
        with self._connection(read_only=False) as connection:
            connection.execute(f"set allowed_paths = [{sql.quoted(self._incoming)}]")
            connection.execute("set enable_external_access = false")
            sql.create_tables(connection)
            done = {one.id for one in self._applied(connection)}
            waiting = [one for one in self._journal.uploads() if one.id not in done]
            for place, upload in enumerate(waiting):
                if progress is not None:
                    progress(0.6 + 0.4 * place / len(waiting), "Building the store")
                batch = checked[upload.id] if upload.id in checked else self._read_again(upload)
                self._apply(connection, upload, batch)
        self._incoming.unlink(missing_ok=True)
        self._pending.unlink(missing_ok=True)
        if progress is not None:
            progress(1.0, "Ready")

    def _read_again(self, upload: Upload) -> Sequence[ingest.Received]:
        folder, year_start = self._journal.folder_of(upload.id), self.organisation.year_start
        return [
            ingest.read(name, (folder / name).read_bytes(), year_start) for name in upload.files
        ]

    def _apply(
        self,
        connection: duckdb.DuckDBPyConnection,
        upload: Upload,
        batch: Sequence[ingest.Received],
    ) -> None:
        connection.begin()
        for received in batch:
            rows = received.rows.with_columns(upload=pl.lit(upload.id, dtype=pl.Int32))
            self._insert(connection, received.table, rows)
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


def _with_problems(received: ingest.Received, more: Sequence[Problem]) -> ingest.Received:
    own = tuple(problem for problem in more if problem.file == received.file)
    return ingest.Received(received.file, received.table, received.rows, received.problems + own)


#: The entry of an upload in its folder.
_LOG_TYPES = {"id": pl.Int32, "undoes": pl.Int32}

#: Changes when a table gets another column.
_COLUMNS = repr([(table, *schemas.columns(table)) for table in schemas.TABLES])
