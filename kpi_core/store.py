"""The store: append-only, built from files kept as they were received.

Two things are kept for an organisation, both under its home:

    uploads/000001/   one folder for each upload: its files byte for byte, and upload.json
    figures.duckdb    the same, in tables; it can always be built again from the folders

Beside them stand `lock`, held by the one who writes; `seen`, how the organisation's folder was when
it was last taken in; and `pending`, there while an upload may not be in the database yet.

The organisation's folder of CSVs is the base: whenever it changes, the whole of it is taken in
anew, as an upload of kind `folder`. Files that people load lie over it, the later over the earlier,
key by key. Undoing is an upload too. Nothing is ever changed or deleted, so every read can be as
at a moment.

An upload is saved once its folder has its name in `uploads`, whole and on the disk. Whatever stops
a writer after that, the next one to come brings it into the database before doing anything else.
"""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import polars as pl

from kpi_core import accepted, asked, durable, ingest, schemas
from kpi_core.database import Database
from kpi_core.errors import (
    OpenQuestions,
    Problem,
    RefusedFiles,
    StoreBusy,
    UnknownName,
    UserError,
)
from kpi_core.figures import Figures, tables_in_order
from kpi_core.ingest import Batch, Received
from kpi_core.journal import FILES, FOLDER, UNDO, Journal, Kept, Upload, active_of, digest_of
from kpi_core.organisation import Organisation, decoded

Progress = Callable[[float, str], None]

#: How like a table's name a file's name must be to be taken for a slip.
_MISSPELT = 0.8

#: The share of the time that reading takes; the rest is saving and building.
_READING = 0.6


class Store:
    """The figures of one organisation."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.folder = folder
        self.home = home
        self._database = Database(home)
        self._pending = home / "pending"
        self._journal = Journal(home / "uploads", self._pending)

    @property
    def organisation(self) -> Organisation:
        """What the folder's organisation.toml says. Raises SettingsError, UserError."""
        return Organisation.from_toml(self.folder.name, self.settings)

    @property
    def version(self) -> str:
        """Changes whenever the contents do; what pages cache by."""
        settings = self.folder / "organisation.toml"
        return f"{self._database.stamp}{settings.stat().st_mtime_ns:x}"

    @property
    def journal(self) -> Journal:
        """What was received, as it was received."""
        return self._journal

    @property
    def settings(self) -> str:
        """The text of the folder's organisation.toml. Raises SettingsError, UserError."""
        settings = self.folder / "organisation.toml"
        if not settings.exists():
            raise UserError(f"{self.folder} has no organisation.toml. Copy one from data/kent.")
        return decoded(self.folder.name, settings.read_bytes())

    @property
    def is_built(self) -> bool:
        """Whether there is anything to read yet."""
        return self._database.exists

    # Coming up to date

    def refresh(self, progress: Progress | None = None) -> None:
        """Build the database if it is missing; take in the folder if it has changed.

        Raises RefusedFiles when the folder's files have problems: nothing is saved then.
        """
        if self._is_current():
            return
        with self._alone():
            signature, files = self._signature(), self._folder_files()
            digest, read = digest_of(files), {}
            folders = [one for one in self._journal.uploads() if one.kind == FOLDER]
            known = self._journal.digest(folders[-1].id) if folders else ""
            if digest != known:
                parts = _faultless(self._read(files, progress))
                moment = datetime.now(UTC)
                upload = self._journal.receive(FOLDER, files, moment, "folder", "", digest=digest)
                read[upload.id] = parts
            self._bring_in(read, progress)
            (self.home / "seen").write_text(signature)

    def rebuild(self, progress: Progress | None = None) -> None:
        """Build the database anew from the files received."""
        with self._alone(catching_up=False):
            self._database.build(self._journal.uploads(), self._read_again, progress)
            self._pending.unlink(missing_ok=True)
        self.refresh(progress)

    def damage(self) -> list[str]:
        """What is not as it was received, each in a sentence; empty if everything is."""
        return self._journal.damage()

    # Writing

    def check(
        self,
        files: Mapping[str, bytes],
        answers: Mapping[str, str] | None = None,
        progress: Progress | None = None,
    ) -> Batch:
        """Read files against what is held, without saving.

        `answers` maps the key of a question to the code of the option chosen. Problems and
        questions come with the batch, which can be handed to `commit`.
        """
        version = self.version
        batch = ingest.read_batch(files, self.figures(), answers, progress)
        return replace(batch, against=version)

    def check_folder(self) -> Sequence[Received]:
        """Read and validate the organisation's own folder without saving."""
        return self._read(self._folder_files())

    def commit(
        self,
        files: Batch | Mapping[str, bytes],
        by: str,
        note: str,
        at: datetime | None = None,
        progress: Progress | None = None,
    ) -> Upload:
        """Save files as one upload, all of them or none.

        A batch that `check` gave is read again only if the store has changed since. Once this
        returns, the upload is on the disk, whatever happens next.

        Raises RefusedFiles, OpenQuestions.
        """
        with self._alone():
            batch = files if isinstance(files, Batch) else Batch(files, ())
            if batch.against != self.version:
                batch = self.check(batch.contents, batch.answers, _part(progress, 0, _READING))
            if batch.problems:
                raise RefusedFiles(batch.problems)
            if batch.open_questions:
                raise OpenQuestions(asked.texts(batch))
            _tell(progress, _READING, "Saving the files as they are")
            more = {"answers": dict(batch.answers)} if batch.answers else {}
            as_read = {
                one.file: accepted.by_table(one.parts) for one in batch.files if not one.is_plain
            }
            upload = self._journal.receive(
                FILES, batch.contents, at or datetime.now(UTC), by, note, as_read=as_read, **more
            )
            self._bring_in_soon({upload.id: batch.parts}, progress)
            return upload

    def undo(self, upload: int, by: str, note: str = "", at: datetime | None = None) -> Upload:
        """Append the undoing of an upload; undoing an undo brings the upload back."""
        with self._alone():
            uploads = self._journal.uploads()
            if _entry(uploads, upload).kind == FOLDER:
                raise UserError(
                    f"Upload {upload} is the organisation's folder itself. "
                    "Change the files in the folder; they are taken in at once."
                )
            if upload not in active_of(uploads):
                raise UserError(
                    f"Upload {upload} has been undone already. To bring it back, undo the undoing."
                )
            moment = at or datetime.now(UTC)
            done = self._journal.receive(UNDO, {}, moment, by, note, undoes=upload)
            self._bring_in_soon({})
            return done

    def keep(
        self,
        kind: str,
        files: Mapping[str, bytes],
        by: str,
        note: str,
        at: datetime | None = None,
        **more: Any,
    ) -> Upload:
        """Keep an entry that brings no rows, such as an edition."""
        with self._alone():
            entry = self._journal.receive(kind, files, at or datetime.now(UTC), by, note, **more)
            self._bring_in_soon({})
            return entry

    # Reading

    def log(self) -> list[Upload]:
        """Every upload, oldest first."""
        return self._journal.uploads()

    def received(self, upload: int, name: str) -> bytes:
        """A file of an upload, byte for byte as it was received.

        Raises UnknownName, and UserError when the file kept is no longer what was received.
        """
        entry = _entry(self._journal.uploads(), upload)
        kept = next((one for one in entry.kept if one.name == name), None)
        if kept is None:
            raise UnknownName("file", name, entry.files)
        return self._journal.content(entry, kept)

    def loaded(self) -> list[Received]:
        """What people loaded over the folder and did not take back, the oldest first."""
        uploads = self._journal.uploads()
        active = set(active_of(uploads))
        files = [one for one in uploads if one.kind == FILES and one.id in active]
        return [received for one in files for received in self._read_again(one)]

    def figures(self, as_at: datetime | None = None) -> Figures:
        """Everything that was known at a moment (now, unless one is given)."""
        return Figures(
            self.organisation, *tables_in_order(self._database.read(schemas.TABLES, as_at))
        )

    def ever(self, table: str, key: Mapping[str, object]) -> pl.DataFrame:
        """Every row that was ever held with these values in columns of its key, undone or not."""
        return self._database.ever(table, key)

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
            self._database.exists
            and not self._pending.exists()
            and seen.exists()
            and seen.read_text() == self._signature()
        )

    def _read(
        self, files: Mapping[str, bytes], progress: Progress | None = None
    ) -> Sequence[Received]:
        """The folder's files, read strictly and held against each other."""
        year_start = self.organisation.year_start
        parts = []
        for place, (name, content) in enumerate(files.items()):
            _tell(progress, _READING * place / len(files), f"Checking {name}")
            parts.append(ingest.read(name, content, year_start))
        across = ingest.check_references(parts, {}) + ingest.check_overlap(parts)
        return [_with_problems(part, across) for part in parts]

    # The journal and the database

    @contextlib.contextmanager
    def _alone(self, *, catching_up: bool = True) -> Iterator[None]:
        """One writer at a time, across threads and processes.

        Before anything else, what a writer that was stopped left half done is cleared away, and
        what it had received is brought into the database.
        """
        durable.make_folder(self.home)
        with (self.home / "lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            self._journal.clear()
            self._database.clear()
            if catching_up and self._is_behind():
                self._bring_in({})
            yield

    def _is_behind(self) -> bool:
        """Whether something was received that may not be in the database."""
        return self._pending.exists() or (
            not self._database.exists and bool(self._journal.uploads())
        )

    def _bring_in(
        self, read: Mapping[int, Sequence[Received]], progress: Progress | None = None
    ) -> None:
        """Bring into the database every upload received that is not in it yet.

        `read` has the rows of files that were read just now, by upload, so that none is read twice.
        """

        def rows_of(upload: Upload) -> Sequence[Received]:
            return read[upload.id] if upload.id in read else self._read_again(upload)

        self._database.add(self._journal.uploads(), rows_of, _part(progress, _READING, 1))
        self._pending.unlink(missing_ok=True)
        _tell(progress, 1, "Ready")

    def _bring_in_soon(
        self, read: Mapping[int, Sequence[Received]], progress: Progress | None = None
    ) -> None:
        """The same, unless readers hold the database for too long.

        What was received is saved already: then the next one to come brings it in.
        """
        with contextlib.suppress(StoreBusy):
            self._bring_in(read, progress)

    def _read_again(self, upload: Upload) -> Sequence[Received]:
        if upload.kind not in (FOLDER, FILES):
            return []
        return [part for kept in upload.kept for part in self._parts_of(upload, kept)]

    def _parts_of(self, upload: Upload, kept: Kept) -> list[Received]:
        if kept.as_read is None:
            content = self._journal.content(upload, kept)
            return [ingest.read(kept.name, content, self.organisation.year_start)]
        return [
            Received(kept.name, table, accepted.rows(table, content), ())
            for table, content in self._journal.rows_as_read(upload, kept).items()
        ]


def _faultless(parts: Sequence[Received]) -> Sequence[Received]:
    problems = [problem for part in parts for problem in part.problems]
    if problems:
        raise RefusedFiles(problems)
    return parts


def _with_problems(part: Received, more: Sequence[Problem]) -> Received:
    own = tuple(problem for problem in more if problem.file == part.file)
    return replace(part, problems=part.problems + own)


def _entry(uploads: Sequence[Upload], number: int) -> Upload:
    for upload in uploads:
        if upload.id == number:
            return upload
    raise UnknownName("upload", str(number), [str(one.id) for one in uploads])


def _tell(progress: Progress | None, share: float, what: str) -> None:
    if progress is not None:
        progress(share, what)


def _part(progress: Progress | None, start: float, end: float) -> Progress | None:
    """Progress of a part of the work, which goes from `start` to `end` of the whole."""
    if progress is None:
        return None
    return lambda share, what: progress(start + (end - start) * share, what)


#: Changes when a table gets another column.
_COLUMNS = repr([(table, *schemas.columns(table)) for table in schemas.TABLES])
