"""The archive: editions in the store, and reading them back.

An edition is an entry of the journal with one file, a ZIP of the files of `editions.contents`. What
is handed out for download is that file as it is kept.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache, cached_property
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed_version

from kpi_core import editions, registry
from kpi_core.errors import KpiError, UnknownName, UserError
from kpi_core.figures import AsPublished, Figures
from kpi_core.journal import CONFIRMATION, EDITION, active_of
from kpi_core.periods import Period
from kpi_core.shown import Shown
from kpi_core.standing import (
    Confirmation,
    Edition,
    Standing,
    check_confirmation,
    numbered,
    standing,
)
from kpi_core.store import Store

#: The file of an edition, and the moment that stands in a ZIP where there is none.
_FILE = "edition.zip"
_NO_MOMENT = (1980, 1, 1, 0, 0, 0)


class DamagedEdition(KpiError):
    """An edition whose files are not those that were frozen."""

    def __init__(self, edition: int) -> None:
        super().__init__(
            f"The files of edition {edition} are not those that were frozen: their hash differs. "
            "Bring the folder of the store back from a backup."
        )


class Archive:
    """The editions of one organisation."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def editions(self) -> list[Edition]:
        """Every edition and where it stands, the oldest first."""
        journal, log = self._store.journal, self._store.log()
        noted = {
            one.id: journal.details(one.id) for one in log if one.kind in (EDITION, CONFIRMATION)
        }
        prepared = [
            Edition(
                id=one.id, report=noted[one.id]["report"], period=noted[one.id]["period"],
                prepared_by=one.by, prepared_at=one.at, note=one.note, hash=noted[one.id]["hash"],
                version=noted[one.id]["version"],
                needs_confirmation=noted[one.id]["needs_confirmation"],
            )
            for one in log if one.kind == EDITION
        ]  # fmt: skip
        confirmations = [
            Confirmation(one.id, noted[one.id]["confirms"], one.by, one.at)
            for one in log
            if one.kind == CONFIRMATION
        ]
        return standing(prepared, confirmations, active_of(log))

    def edition(self, number: int) -> Edition:
        """The edition of that number, which its papers print. Raises UnknownName."""
        known = self.editions()
        if (edition := numbered(known, number)) is None:
            raise UnknownName("edition", str(number), (str(one.number) for one in known))
        return edition

    def prepare(
        self, report: str, at: Period, by: str, note: str = "", moment: datetime | None = None
    ) -> Edition:
        """Freeze a period of a report as it is now.

        It is published at once, unless the organisation asks for a second person. Raises UserError
        for a period that the report does not show, and where nobody says who he is.
        """
        by = _named(by, "prepares the edition")
        settings, figures = self._store.settings, all_figures(self._store)
        if at not in registry.report_periods(figures, report):
            raise UserError(
                f"The report {report} shows nothing for {at}, so there is nothing to publish. "
                "Load figures first, or choose another period."
            )
        files = editions.contents(figures, settings, report, at)
        entry = self._store.keep(
            EDITION, {_FILE: _packed(files)}, by, note, moment,
            report=report, period=str(at), hash=editions.content_hash(files),
            version=_version(), needs_confirmation=figures.organisation.confirmed_by_another,
        )  # fmt: skip
        return next(one for one in self.editions() if one.id == entry.id)

    def confirm(
        self, number: int, by: str, note: str = "", moment: datetime | None = None
    ) -> Edition:
        """Publish a draft, on the word of another person than the one who prepared it.

        Raises UnknownName, UserError, and DamagedEdition when its files have changed meanwhile.
        """
        edition = self.edition(number)
        by = _named(by, "confirms the edition")
        check_confirmation(edition, by)
        self.files(number)  # are they still those that were frozen?
        self._store.keep(CONFIRMATION, {}, by, note, moment, confirms=edition.id)
        return self.edition(number)

    def withdraw(self, number: int, by: str, note: str = "") -> Edition:
        """Count an edition as published no longer. Raises UnknownName and UserError."""
        edition = self.edition(number)
        by = _named(by, "withdraws the edition")
        if edition.standing is Standing.WITHDRAWN:
            raise UserError(f"Edition {edition.number} is withdrawn already.")
        self._store.undo(edition.id, by, note)
        return self.edition(edition.number)

    def figures(self, number: int) -> AsPublished:
        """The figures of an edition, with what it showed. Raises UnknownName."""
        return editions.figures_of(self._store.folder.name, self.files(number))

    def files(self, number: int) -> Mapping[str, bytes]:
        """The files of an edition by name, as they were frozen. Raises DamagedEdition."""
        edition = self.edition(number)
        files = self._kept(number)
        if editions.content_hash(files) != edition.hash:
            raise DamagedEdition(number)
        return files

    def packed(self, number: int) -> bytes:
        """The files of an edition as one ZIP, as it is kept. Raises UnknownName."""
        entry = self.edition(number).id
        return (self._store.journal.folder_of(entry) / _FILE).read_bytes()

    def recomputed(self, number: int) -> str:
        """The hash of the files as they are kept now: that of the edition, or they were changed."""
        return editions.content_hash(self._kept(number))

    def _kept(self, number: int) -> dict[str, bytes]:
        """The files as they are kept; none where the ZIP cannot be read any more."""
        try:
            with zipfile.ZipFile(io.BytesIO(self.packed(number))) as packed:
                return {name: packed.read(name) for name in packed.namelist()}
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError):
            return {}


def all_figures(store: Store, as_at: datetime | None = None) -> Figures:
    """Everything that was known at a moment (now, unless one is given), with what editions showed."""
    return replace(store.figures(as_at), editions=_Published(Archive(store), as_at))


class _Published(Mapping[tuple[str, str], Shown]):
    """What the published edition of each report and period showed, read from its file when asked for.

    Of several the one published last counts, up to a moment where one is given. An edition whose files
    are damaged counts as none: `kpi verify` and the log say that it is.
    """

    def __init__(self, archive: Archive, as_at: datetime | None) -> None:
        self._archive, self._as_at = archive, as_at
        self._read: dict[tuple[str, str], Shown | None] = {}

    @cached_property
    def _numbers(self) -> dict[tuple[str, str], int]:
        known = sorted(
            (one.published_at, one.number, (one.report, one.period))
            for one in self._archive.editions()
            if one.published_at is not None
            and one.standing in (Standing.PUBLISHED, Standing.SUPERSEDED)
            and (self._as_at is None or one.published_at <= self._as_at)
        )
        return {about: number for _, number, about in known}

    def __getitem__(self, about: tuple[str, str]) -> Shown:
        if about not in self._read:
            self._read[about] = self._shown(self._numbers[about])
        if (shown := self._read[about]) is None:
            raise KeyError(about)
        return shown

    def _shown(self, number: int) -> Shown | None:
        try:
            return self._archive.figures(number).shown
        except DamagedEdition:
            return None

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)


def _packed(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, content in files.items():
            packed.writestr(
                zipfile.ZipInfo(name, _NO_MOMENT), content, compress_type=zipfile.ZIP_DEFLATED
            )
    return out.getvalue()


def _named(by: str, does: str) -> str:
    """The name as it stands in the log: without spaces around or doubled within."""
    name = " ".join(by.split())
    if not name:
        raise UserError(f"Say who {does}: a name is missing.")
    return name


@cache
def _version() -> str:
    try:
        return installed_version("quarterly-performance-dashboard")
    except PackageNotFoundError:  # run from its folder, not installed
        return "unknown"
