"""The store: what is kept, what counts at which moment, and what happens when something goes wrong."""

from __future__ import annotations

import multiprocessing
import random
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from kpi_core import database, ingest, schemas, settings
from kpi_core.database import Database
from kpi_core.errors import RefusedFiles, StoreBusy, UnknownName, UserError
from kpi_core.figures import Figures
from kpi_core.journal import Upload
from kpi_core.store import Store
from tests.at_once import load_often, read_often
from tests.conftest import ROOT
from tests.councils import CALLS, QUARTERS, csv_bytes, figure, tables

LAST = QUARTERS[-1]


def upload(value: str, quarter: str = LAST, indicator: str = "CALLS") -> dict[str, bytes]:
    """One file with one figure."""
    return {"observations.csv": csv_bytes("observations", [figure(indicator, quarter, value)])}


def calls(figures: Figures) -> dict[str, str]:
    """Calls answered, by quarter, as plain text."""
    rows = figures.observations.filter(indicator="CALLS").select("period", "value")
    return {period: f"{value.normalize():f}" for period, value in rows.iter_rows()}


def last_call(store: Store) -> str:
    return calls(store.figures())[LAST]


def held(home: Path) -> dict[str, bytes]:
    """Every file of a store but the lock, byte for byte."""
    files = (path for path in home.rglob("*") if path.is_file() and path.name != "lock")
    return {str(path.relative_to(home)): path.read_bytes() for path in files}


def same(one: Figures, other: Figures) -> bool:
    pairs = zip(one.tables(), other.tables(), strict=True)
    return all(left[1].equals(right[1]) for left, right in pairs)


# The guard


def test_tests_cannot_open_the_real_store() -> None:
    with pytest.raises(RuntimeError, match="Use the `store` fixture"):
        Store(ROOT / "data" / "kent", ROOT / "var" / "kent")


def test_the_store_stands_where_kpi_store_says(temporary_store: Path) -> None:
    assert settings.open_store("kent").home == temporary_store / "kent"
    assert not temporary_store.is_relative_to(ROOT)


# The folder


def test_the_folder_is_the_first_upload(store: Store) -> None:
    (folder,) = store.log()
    assert (folder.id, folder.kind, folder.by) == (1, "folder", "folder")
    assert set(folder.files) == {f"{table}.csv" for table in tables()}
    assert calls(store.figures()) == dict(zip(QUARTERS, CALLS, strict=True))


def test_figures_have_every_table_in_its_types(store: Store) -> None:
    figures = store.figures()
    assert dict(figures.tables()).keys() == schemas.TABLES.keys()
    for table, frame in figures.tables():
        assert frame.schema == schemas.empty(table).schema
    assert figures.risks.is_empty()
    assert figures.organisation.name == "Testshire Council"


def test_a_folder_that_stays_as_it_is_is_taken_in_once(store: Store) -> None:
    before = held(store.home)
    store.refresh()
    Store(store.folder, store.home).refresh()
    assert held(store.home) == before


def test_no_file_is_read_twice(organisation: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read, read_batch, files = ingest.read, ingest.read_batch, list[str]()

    def counted(file: str, content: bytes, year_start: int) -> ingest.Received:
        files.append(file)
        return read(file, content, year_start)

    def counted_batch(contents: Mapping[str, bytes], *more: Any) -> ingest.Batch:
        files.extend(contents)
        return read_batch(contents, *more)

    monkeypatch.setattr(ingest, "read", counted)
    monkeypatch.setattr(ingest, "read_batch", counted_batch)
    store = settings.open_store("testshire")
    store.refresh()
    store.commit(upload("70"), "Ada", "")
    store.commit(store.check(upload("71")), "Ada", "")
    assert files == [*store.log()[0].files, "observations.csv", "observations.csv"]


def test_a_folder_that_is_only_touched_brings_no_upload(store: Store) -> None:
    file = store.folder / "targets.csv"
    file.write_bytes(file.read_bytes())
    store.refresh()
    assert len(store.log()) == 1


def test_figures_follow_a_change_of_the_folder(store: Store) -> None:
    file = store.folder / "observations.csv"
    file.write_text(
        file.read_text().replace(f"CALLS,{LAST},period,,,92", f"CALLS,{LAST},period,,,70")
    )
    store.refresh()
    assert last_call(store) == "70"
    assert [one.kind for one in store.log()] == ["folder", "folder"]


def test_rows_that_left_the_folder_no_longer_count(store: Store) -> None:
    file = store.folder / "observations.csv"
    lines = file.read_text().splitlines()
    file.write_text("\n".join(line for line in lines if not line.startswith("CALLS")))
    (store.folder / "thresholds.csv").unlink()
    store.refresh()
    figures = store.figures()
    assert calls(figures) == {}
    assert figures.thresholds.is_empty()
    assert figures.observations.height > 0


def test_what_was_loaded_lies_over_a_later_change_of_the_folder(store: Store) -> None:
    store.commit(upload("70"), "Ada", "")
    file = store.folder / "observations.csv"
    file.write_text(
        file.read_text().replace("CALLS,2023/24 Q1,period,,,78", "CALLS,2023/24 Q1,period,,,77")
    )
    store.refresh()
    figures = calls(store.figures())
    assert (figures["2023/24 Q1"], figures[LAST]) == ("77", "70")


def test_a_folder_with_a_mistake_leaves_the_store_as_it_was(store: Store) -> None:
    before, file = held(store.home), store.folder / "observations.csv"
    file.write_text(file.read_text().replace(",92,", ",92%,"))
    with pytest.raises(RefusedFiles, match=r"observations.csv, row 9, column value") as refused:
        store.refresh()
    assert len(refused.value.problems) == 1
    assert held(store.home) == before
    assert last_call(store) == "92"


def test_an_organisation_without_settings_says_what_to_do(store: Store) -> None:
    (store.folder / "organisation.toml").unlink()
    with pytest.raises(UserError, match=r"has no organisation.toml. Copy one from data/kent."):
        store.figures()


# Uploads


def test_commit_undo_and_undo_of_the_undo(store: Store) -> None:
    saved = store.commit(upload("70"), "Ada", "late returns")
    assert (saved.id, saved.kind, saved.by, saved.note) == (2, "files", "Ada", "late returns")
    assert saved.files == ("observations.csv",)
    assert last_call(store) == "70"
    undone = store.undo(2, "Bob", "wrong quarter")
    assert (undone.id, undone.kind, undone.undoes) == (3, "undo", 2)
    assert last_call(store) == "92"
    store.undo(3, "Ada")
    assert last_call(store) == "70"
    assert [one.id for one in store.log()] == [1, 2, 3, 4]


def test_the_later_upload_wins_and_the_earlier_shows_again_when_it_is_undone(store: Store) -> None:
    store.commit(upload("70"), "Ada", "")
    store.commit(upload("71"), "Ada", "")
    assert last_call(store) == "71"
    store.undo(3, "Ada")
    assert last_call(store) == "70"


def test_an_upload_adds_quarters_and_leaves_the_others(store: Store) -> None:
    store.commit(upload("95", quarter="2025/26 Q1"), "Ada", "")
    figures = calls(store.figures())
    assert figures == {**dict(zip(QUARTERS, CALLS, strict=True)), "2025/26 Q1": "95"}


def test_what_cannot_be_undone(store: Store) -> None:
    with pytest.raises(UnknownName, match=r'There is no upload "9"'):
        store.undo(9, "Ada")
    with pytest.raises(UserError, match="Change the files in the folder"):
        store.undo(1, "Ada")
    store.commit(upload("70"), "Ada", "")
    store.undo(2, "Ada")
    with pytest.raises(UserError, match=r"has been undone already. To bring it back"):
        store.undo(2, "Ada")
    assert len(store.log()) == 3


def test_files_are_kept_as_they_came(store: Store) -> None:
    content = b"\xef\xbb\xbf" + upload("70")["observations.csv"].replace(b"\n", b"\r\n")
    saved = store.commit({"From the district.csv": content}, "Ada", "")
    kept = store.home / "uploads" / f"{saved.id:06d}" / "From the district.csv"
    assert kept.read_bytes() == content
    assert last_call(store) == "70"


def test_nothing_is_ever_deleted(store: Store) -> None:
    before = held(store.home / "uploads")
    store.commit(upload("70"), "Ada", "")
    store.undo(2, "Ada")
    with duckdb.connect(store.home / "figures.duckdb", read_only=True) as connection:
        rows = connection.sql("select upload, count(*) from observations group by all order by all")
        assert rows.fetchall() == [(1, len(tables()["observations"])), (2, 1)]
        log = connection.sql('select id, "by", kind, undoes from uploads order by id')
        assert log.fetchall() == [
            (1, "folder", "folder", None), (2, "Ada", "files", None), (3, "Ada", "undo", 2),
        ]  # fmt: skip
    assert before.items() <= held(store.home / "uploads").items()


BAD = {
    "a bad cell": upload("many"),
    "an unknown indicator": upload("89", indicator="CALS"),
    "one good and one bad": {**upload("89"), "targets.csv": b"indicator\n"},
    "no table": {"notes.csv": b"Dear all"},
    "one key in two files": {**upload("89"), "more.csv": upload("90")["observations.csv"]},
    "a path": {"../../escaped.csv": upload("89")["observations.csv"]},
    "a path of Windows": {"..\\escaped.csv": upload("89")["observations.csv"]},
    "the name of the entry": {"upload.json": upload("89")["observations.csv"]},
    "no name": {"": upload("89")["observations.csv"]},
    "dots": {"..": upload("89")["observations.csv"]},
    "a name too long": {"é" * 150 + ".csv": upload("89")["observations.csv"]},
    "a name of control characters": {"a\nb.csv": upload("89")["observations.csv"]},
}


@pytest.mark.parametrize("files", BAD.values(), ids=BAD.keys())
def test_refused_files_change_nothing(store: Store, files: Mapping[str, bytes]) -> None:
    before, version = held(store.home), store.version
    with pytest.raises(UserError):
        store.commit(files, "Ada", "")
    assert held(store.home) == before
    assert store.version == version


def test_checking_saves_nothing(store: Store) -> None:
    before = held(store.home)
    good = store.check(upload("70"))
    bad = store.check(upload("89", indicator="CALS"))
    assert good.problems == ()
    assert "No indicator of that code is defined" in str(bad.problems[0])
    assert all(not one.problems for one in store.check_folder())
    assert held(store.home) == before


def test_the_version_changes_with_the_contents_and_not_on_reading(store: Store) -> None:
    seen = [store.version]
    store.figures()
    store.check(upload("70"))
    store.refresh()
    assert store.version == seen[0]
    store.commit(upload("70"), "Ada", "")
    seen.append(store.version)
    store.undo(2, "Ada")
    seen.append(store.version)
    settings_file = store.folder / "organisation.toml"
    settings_file.write_text(settings_file.read_text().replace("Testshire Council", "Testshire"))
    seen.append(store.version)
    assert len(set(seen)) == len(seen)


# As at a moment


@dataclass
class Model:
    """The same rules in plain Python: what each upload says, and which of them are switched on."""

    said: dict[int, tuple[str, str]] = field(default_factory=dict)  #: quarter and value, by upload
    undoes: dict[int, int] = field(default_factory=dict)
    on: set[int] = field(default_factory=set)

    def switch(self, upload: int, *, on: bool) -> None:
        (self.on.add if on else self.on.discard)(upload)
        if upload in self.undoes:
            self.switch(self.undoes[upload], on=not on)

    def calls(self) -> dict[str, str]:
        shown = dict(zip(QUARTERS, CALLS, strict=True))
        for one in sorted(self.on & self.said.keys()):
            quarter, value = self.said[one]
            shown[quarter] = value
        return shown


@pytest.mark.parametrize("seed", range(2))
def test_every_moment_of_a_random_history_equals_a_plain_model(store: Store, seed: int) -> None:
    rng, model = random.Random(seed), Model()  # noqa: S311
    start = store.log()[0].at
    expected = {start: model.calls()}
    for step in range(1, 8):
        moment, number = start + timedelta(minutes=step), step + 1
        if model.on and rng.random() < 0.45:
            undone = rng.choice(sorted(model.on))
            assert store.undo(undone, "Ada", at=moment).id == number
            model.undoes[number] = undone
        else:
            quarter, value = rng.choice(QUARTERS[-3:]), str(rng.randrange(50, 100))
            assert store.commit(upload(value, quarter), "Ada", "", at=moment).id == number
            model.said[number] = (quarter, value)
        model.switch(number, on=True)
        expected[moment] = model.calls()
    assert {moment: calls(store.figures(moment)) for moment in expected} == expected
    before = store.figures()
    store.rebuild()
    assert same(store.figures(), before)
    assert {moment: calls(store.figures(moment)) for moment in expected} == expected


def test_before_the_first_upload_nothing_was_known(store: Store) -> None:
    figures = store.figures(datetime(2000, 1, 1, tzinfo=UTC))
    assert all(frame.is_empty() for _, frame in figures.tables())


def test_a_change_of_the_folder_is_a_moment_like_any_other(store: Store) -> None:
    first = store.log()[0].at
    file = store.folder / "observations.csv"
    file.write_text(file.read_text().replace(",92,", ",70,"))
    store.refresh()
    assert (calls(store.figures(first))[LAST], last_call(store)) == ("92", "70")


# When something goes wrong


class KilledError(Exception):
    """The process ends here."""


def killed(*_: object, **__: object) -> None:
    raise KilledError


def test_an_upload_received_but_not_applied_is_applied_at_the_next_start(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Database, "add", killed)
        with pytest.raises(KilledError):
            store.commit(upload("70"), "Ada", "")
    assert last_call(store) == "92"
    Store(store.folder, store.home).refresh()
    assert last_call(store) == "70"
    assert [one.by for one in store.log()] == ["folder", "Ada"]


def test_a_folder_received_but_not_applied_is_applied_at_the_next_start(
    organisation: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = settings.open_store("testshire")
    with monkeypatch.context() as patch:
        patch.setattr(Database, "_insert_upload", killed)
        with pytest.raises(KilledError):
            store.refresh()
    store.refresh()
    assert last_call(store) == "92"
    assert len(store.log()) == 1


def test_a_rebuilding_that_stops_half_way_leaves_what_was_there(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.commit(upload("70"), "Ada", "")
    as_it_is = Database._insert_upload

    def stops_at_the_second(self: Database, connection: Any, upload: Upload, parts: Any) -> None:
        if upload.id == 2:
            raise KilledError
        as_it_is(self, connection, upload, parts)

    with monkeypatch.context() as patch:
        patch.setattr(Database, "_insert_upload", stops_at_the_second)
        with pytest.raises(KilledError):
            store.rebuild()
    assert last_call(store) == "70"
    store.undo(2, "Ada")
    assert last_call(store) == "92"
    assert not list(store.home.glob("building*"))


def test_a_half_written_upload_is_ignored(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", killed)
        with pytest.raises(KilledError):
            store.commit(upload("70"), "Ada", "")
    assert [path.name[:7] for path in store.home.glob("uploads/making-*")] == ["making-"]
    store.refresh()
    assert (last_call(store), len(store.log())) == ("92", 1)
    assert store.commit(upload("71"), "Ada", "").id == 2
    assert last_call(store) == "71"
    assert not list(store.home.glob("uploads/making-*"))


def test_a_lost_database_is_built_from_what_was_received(store: Store) -> None:
    store.commit(upload("70"), "Ada", "")
    before = store.figures()
    (store.home / "figures.duckdb").unlink()
    store.refresh()
    assert same(store.figures(), before)
    assert len(store.log()) == 2


def test_a_database_from_before_a_column_was_there_gets_it(store: Store) -> None:
    before = store.figures()
    database = store.home / "figures.duckdb"
    with duckdb.connect(database) as connection:
        connection.execute('alter table risks drop column "indicators"')
        connection.execute('alter table observations drop column "note"')
    (store.home / "seen").write_text("as an earlier version wrote it")
    store.refresh()
    after = store.figures()
    assert after.observations["note"].to_list() == [""] * before.observations.height
    assert after.risks.columns == before.risks.columns
    assert len(store.log()) == 1


def test_a_database_held_by_another_is_said_to_be_busy(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_PATIENCE_SECONDS", 0.05)
    with (
        duckdb.connect(store.home / "figures.duckdb"),
        pytest.raises(StoreBusy, match=r"is in use by another process. Try again in a moment."),
    ):
        store.figures()
    assert last_call(store) == "92"


def test_figures_cannot_reach_beyond_the_store(store: Store) -> None:
    with (
        store._database._connection(store.home / "figures.duckdb", read_only=True) as connection,
        pytest.raises(duckdb.PermissionException),
    ):
        connection.sql("select * from read_text('/etc/hostname')").fetchall()


def test_readers_and_a_writer_at_once_see_no_error_and_no_half_of_an_upload(
    organisation: Path, tmp_path: Path
) -> None:
    home, loads = tmp_path / "var" / "testshire", 4
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        writer = pool.submit(load_often, organisation, home, loads)
        reader = pool.submit(read_often, organisation, home, 6)
        seen = [read_often(organisation, home, 6), reader.result(timeout=60)]
        assert writer.result(timeout=60) == 1 + loads
    for values in seen:
        loaded = [value for value in values if value != 92]
        assert values == [Decimal(92)] * (len(values) - len(loaded)) + sorted(loaded)
        assert set(loaded) <= set(map(Decimal, range(1, loads + 1)))
    assert last_call(Store(organisation, home)) == str(loads)
