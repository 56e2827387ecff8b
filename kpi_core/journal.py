"""The journal: every upload as it was received, one folder each, byte for byte.

It is the truth that the database is built from. A folder appears whole or not at all, and is never
changed afterwards.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath, PureWindowsPath
from tempfile import mkdtemp
from typing import Any

from kpi_core.errors import UserError

FOLDER, FILES, UNDO = "folder", "files", "undo"
#: Entries that bring no rows: a period frozen, and its confirmation.
EDITION, CONFIRMATION = "edition", "confirmation"

_META = "upload.json"

#: Bytes of a file name that fit every file system.
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Upload:
    """One entry of the log."""

    id: int
    at: datetime
    by: str
    kind: str  #: folder, files, undo, edition or confirmation
    note: str
    undoes: int | None
    files: tuple[str, ...]


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
        if not self._folder.exists():
            return []
        metas = sorted(self._folder.glob(f"[0-9]*/{_META}"))
        return [_upload_of(json.loads(meta.read_text(encoding="utf-8"))) for meta in metas]

    def _meta(self, upload: int) -> Path:
        return self._folder / f"{upload:06d}" / _META

    def receive(
        self,
        kind: str,
        files: Mapping[str, bytes],
        at: datetime,
        by: str,
        note: str,
        **more: object,
    ) -> Upload:
        """Keep the files as they came. The folder appears whole or not at all."""
        for name in files:
            _refuse_odd_name(name)
        number = max((one.id for one in self.uploads()), default=0) + 1
        self._folder.mkdir(parents=True, exist_ok=True)
        making = Path(mkdtemp(prefix="making-", dir=self._folder))
        for name, content in files.items():
            _write_durably(making / name, content)
        meta = {
            "id": number,
            "at": at.isoformat(),
            "by": by,
            "kind": kind,
            "note": note,
            "files": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
            **more,
        }
        text = json.dumps(meta, indent=1, ensure_ascii=False)
        _write_durably(making / _META, text.encode())
        self._pending.touch()
        making.rename(self._meta(number).parent)
        _flush_folder(self._folder)
        return _upload_of(meta)

    def folder_of(self, upload: int) -> Path:
        """Where the files of an upload are kept."""
        return self._meta(upload).parent

    def digest(self, upload: int) -> str:
        """The digest that was noted with the upload of an organisation's folder."""
        return str(self.details(upload)["digest"])

    def details(self, upload: int) -> dict[str, Any]:
        """All that was noted with an upload."""
        noted: dict[str, Any] = json.loads(self._meta(upload).read_text(encoding="utf-8"))
        return noted


def _upload_of(meta: Mapping[str, object]) -> Upload:
    files = meta.get("files", {})
    undoes = meta.get("undoes")
    return Upload(
        id=int(str(meta["id"])),
        at=datetime.fromisoformat(str(meta["at"])),
        by=str(meta["by"]),
        kind=str(meta["kind"]),
        note=str(meta["note"]),
        undoes=None if undoes is None else int(str(undoes)),
        files=tuple(files) if isinstance(files, dict) else (),
    )


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
        digest.update(name.encode() + b"\0" + content + b"\0")
    return digest.hexdigest()


def _refuse_odd_name(name: str) -> None:
    """A name from a browser becomes the name of a file here, so it must be no more than that."""
    bare = PureWindowsPath(PurePosixPath(name).name).name
    plain = name == bare and name.strip(". ") == name and name.isprintable() and name != _META
    if not plain or not name or len(name.encode()) > _LONGEST_NAME:
        raise UserError(
            f'"{name[:100]}" cannot be the name of a file. '
            "Rename it, for example to observations.csv."
        )


def _write_durably(path: Path, content: bytes) -> None:
    with path.open("wb") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
