"""The journal: every upload as it was received, one folder each, byte for byte.

    uploads/000002/upload.json           who, when, why; each file with its SHA-256; answers given;
                                         the SHA-256 of the entry before
    uploads/000002/FILE                  as it was received
    uploads/000002/as-read/FILE.TABLE.csv    the rows accepted, where the bytes alone do not say them

It is the truth that the database is built from. A folder appears whole or not at all, and is never
changed afterwards.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath, PureWindowsPath
from tempfile import mkdtemp
from typing import Any

from kpi_core import durable
from kpi_core.errors import UserError

FOLDER, FILES, UNDO = "folder", "files", "undo"
#: Entries that bring no rows: a period frozen, and its confirmation.
EDITION, CONFIRMATION = "edition", "confirmation"

_META = "upload.json"
_AS_READ = "as-read"
_MAKING = "making-"

#: Bytes of a file name that fit every file system, `.published_counts.csv` behind it included.
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of an upload, as it was received."""

    name: str
    sha256: str
    size: int  #: bytes; 0 where somebody has taken it away
    as_read: Mapping[str, str] | None = None
    """SHA-256 of the rows accepted, by table; None where the bytes alone say them."""


@dataclass(frozen=True, slots=True)
class Upload:
    """One entry of the log."""

    id: int
    at: datetime
    by: str
    kind: str  #: folder, files, undo, edition or confirmation
    note: str
    undoes: int | None
    kept: tuple[Kept, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)  #: by the key of the question

    @property
    def files(self) -> tuple[str, ...]:
        """The names of its files."""
        return tuple(one.name for one in self.kept)


class Journal:
    """The uploads of one organisation.

    `pending` is a file that is made before an upload appears, so that whoever builds the database
    from the journal knows that there may be something to do.
    """

    def __init__(self, folder: Path, pending: Path) -> None:
        self._folder = folder
        self._pending = pending

    def uploads(self) -> list[Upload]:
        """Every upload, oldest first."""
        metas = sorted(self._folder.glob(f"[0-9]*/{_META}"))
        return [_upload_of(_entry(meta), meta.parent) for meta in metas]

    def receive(
        self,
        kind: str,
        files: Mapping[str, bytes],
        at: datetime,
        by: str,
        note: str,
        *,
        as_read: Mapping[str, Mapping[str, bytes]] | None = None,
        **more: Any,
    ) -> Upload:
        """Keep the files as they came. The folder appears whole or not at all.

        `as_read` has the rows accepted as CSVs, by file and table; `more` is noted in the entry.
        The log's moments never go back, whatever the clock does: what was known at a moment stays so.
        """
        for name in files:
            _refuse_odd_name(name)
        before = self.uploads()[-1:]
        number = before[0].id + 1 if before else 1
        moment = max([at, *(one.at + timedelta(microseconds=1) for one in before)])
        meta = {
            "id": number,
            "at": moment.isoformat(),
            "by": by,
            "kind": kind,
            "note": note,
            "files": {name: _sha256(content) for name, content in files.items()},
            **_noted("as_read", _digests(as_read or {})),
            **more,
            "before": self._fingerprint(before[0].id) if before else "",
        }
        durable.make_folder(self._folder)
        making = Path(mkdtemp(prefix=_MAKING, dir=self._folder))
        _write_all(
            making, {**files, _META: json.dumps(meta, indent=1, ensure_ascii=False).encode()}
        )
        for name, tables in (as_read or {}).items():
            durable.make_folder(making / _AS_READ)
            named = {_as_read_name(name, table): rows for table, rows in tables.items()}
            _write_all(making / _AS_READ, named)
        # The marker is on the disk before the upload is: none can be there and go unnoticed.
        durable.write(self._pending, b"")
        durable.flush_folder(self._pending.parent)
        folder = making.rename(self.folder_of(number))
        durable.flush_folder(self._folder)
        return _upload_of(meta, folder)

    def clear(self) -> None:
        """Remove what writers that were stopped left half done. Only for the one who writes."""
        for path in self._folder.glob(f"{_MAKING}*"):
            shutil.rmtree(path)

    def folder_of(self, upload: int) -> Path:
        """Where the files of an upload are kept."""
        return self._folder / f"{upload:06d}"

    def content(self, upload: Upload, kept: Kept) -> bytes:
        """A file as it was received. Raises UserError when it is not as it was."""
        return _read(self.folder_of(upload.id) / kept.name, kept.sha256)

    def rows_as_read(self, upload: Upload, kept: Kept) -> dict[str, bytes]:
        """The rows that were accepted from a file, as CSVs by table. Raises UserError likewise."""
        folder = self.folder_of(upload.id) / _AS_READ
        return {
            table: _read(folder / _as_read_name(kept.name, table), sha256)
            for table, sha256 in (kept.as_read or {}).items()
        }

    def damage(self) -> list[str]:
        """What is not as it was received, each in a sentence with the way out; empty if all is.

        Each entry bears the fingerprint of the one before, so that a change of any but the last
        shows as well as a change of a file.
        """
        found: list[str] = []
        before = ""
        for upload in self.uploads():
            noted = self.details(upload.id).get("before")
            if noted is not None and noted != before:
                found.append(
                    f"The entry before upload {upload.id} is not as it was written, or is missing. "
                    "Put the folder of the store back from a backup."
                )
            for kept in upload.kept:
                try:
                    self.content(upload, kept)
                    self.rows_as_read(upload, kept)
                except UserError as error:
                    found.append(str(error))
            before = self._fingerprint(upload.id)
        return found

    def _fingerprint(self, upload: int) -> str:
        return _sha256((self.folder_of(upload) / _META).read_bytes())

    def digest(self, upload: int) -> str:
        """The digest that was noted with the upload of an organisation's folder."""
        return str(self.details(upload)["digest"])

    def details(self, upload: int) -> dict[str, Any]:
        """All that was noted with an upload."""
        return _entry(self.folder_of(upload) / _META)


def active_of(uploads: Sequence[Upload]) -> list[int]:
    """The uploads whose rows count: the last folder, and every file upload not undone.

    An undo counts unless it is undone itself, which is decided from the latest back.
    """
    undone: set[int] = set()
    for upload in sorted(uploads, key=lambda one: one.id, reverse=True):
        if upload.undoes is not None and upload.id not in undone:
            undone.add(upload.undoes)
    folders = [one.id for one in uploads if one.kind == FOLDER]
    others = [one.id for one in uploads if one.kind != FOLDER and one.id not in undone]
    return folders[-1:] + sorted(others)


def digest_of(files: Mapping[str, bytes]) -> str:
    """One fingerprint of files with their names."""
    digest = hashlib.sha256()
    for name, content in files.items():
        digest.update(name.encode() + b"\0")
        digest.update(content)
        digest.update(b"\0")
    return digest.hexdigest()


def _entry(meta: Path) -> dict[str, Any]:
    entry: dict[str, Any] = json.loads(meta.read_text(encoding="utf-8"))
    return entry


def _upload_of(meta: Mapping[str, Any], folder: Path) -> Upload:
    as_read = meta.get("as_read", {})
    return Upload(
        id=meta["id"],
        at=datetime.fromisoformat(meta["at"]),
        by=meta["by"],
        kind=meta["kind"],
        note=meta["note"],
        undoes=meta.get("undoes"),
        kept=tuple(
            Kept(name, sha256, _size(folder / name), as_read.get(name))
            for name, sha256 in meta["files"].items()
        ),
        answers=meta.get("answers", {}),
    )


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _noted(key: str, value: Mapping[str, object]) -> dict[str, object]:
    return {key: value} if value else {}


def _digests(as_read: Mapping[str, Mapping[str, bytes]]) -> dict[str, dict[str, str]]:
    return {
        name: {table: _sha256(rows) for table, rows in tables.items()}
        for name, tables in as_read.items()
    }


def _as_read_name(file: str, table: str) -> str:
    return f"{file}.{table}.csv"


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _write_all(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        durable.write(folder / name, content)
    durable.flush_folder(folder)


def _read(path: Path, sha256: str) -> bytes:
    content = path.read_bytes() if path.is_file() else b""
    if _sha256(content) != sha256:
        raise UserError(
            f"{path} is not as it was received. Put it back from a backup: its SHA-256 is {sha256}."
        )
    return content


def _refuse_odd_name(name: str) -> None:
    """A name from a browser becomes the name of a file here, so it must be no more than that."""
    bare = PureWindowsPath(PurePosixPath(name).name).name
    plain = name == bare and name.strip(". ") == name and name.isprintable()
    taken = name.lower() in {_META, _AS_READ}
    if not plain or taken or not name or len(name.encode()) > _LONGEST_NAME:
        raise UserError(
            f'"{name[:100]}" cannot be the name of a file. '
            "Rename it, for example to observations.csv."
        )
