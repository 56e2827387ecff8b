"""What people upload: checked, saved, kept, and taken back."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import random
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from kpi_core import database, ingest
from kpi_core.errors import OpenQuestions, RefusedFiles, UnknownName, UserError
from kpi_core.figures import Figures
from kpi_core.ingest import Batch, Option, Question
from kpi_core.store import Store
from tests.at_once import load_often, read_often
from tests.conftest import RunKpi
from tests.councils import QUARTERS, csv_bytes, figure
from tests.crashing import act, files_of
from tests.soak import examples

LAST = QUARTERS[-1]
YEAR = Question(
    "late.csv||year", "Is 03/04/2025 the 3rd of April or the 4th of March?",
    (Option("dmy", "3 April 2025"), Option("mdy", "4 March 2025")),
)  # fmt: skip


def upload(value: str) -> dict[str, bytes]:
    """A file with one figure."""
    return {"late.csv": csv_bytes("observations", [figure("CALLS", LAST, value)])}


def last_call(store: Store) -> Decimal:
    rows = store.figures().observations.filter(indicator="CALLS", period=LAST)
    value: Decimal = rows["value"].item()
    return value


def with_question(batch: Batch, question: Question) -> Batch:
    """The batch as if its file had raised a question."""
    return replace(batch, files=tuple(replace(one, questions=(question,)) for one in batch.files))


def not_plain(batch: Batch) -> Batch:
    """The batch as if its files had needed more than their bytes."""
    return replace(batch, files=tuple(replace(one, is_plain=False) for one in batch.files))


def same(one: Figures, other: Figures) -> bool:
    pairs = zip(one.tables(), other.tables(), strict=True)
    return all(left[1].equals(right[1]) for left, right in pairs)


# Checked and saved


def test_what_a_file_does_not_say_stays_also_when_everything_is_built_again(store: Store) -> None:
    key = {"indicator": "CALLS", "period": LAST, "basis": "period", "breakdown": "", "item": ""}

    def row(**facts: str) -> dict[str, bytes]:
        return {"late.csv": csv_bytes("observations", [key | {"status": "actual"} | facts])}

    store.commit(row(value="70", numerator="7", denominator="10", note="without Dover"), "Ada", "")
    columns = [*key, "status", "value"]
    alone = [",".join(columns), ",".join([*key.values(), "actual", "70"])]
    batch = store.check({"late.csv": "\n".join(alone).encode()})
    assert [reading.text for reading in batch.files[0].readings] == [
        f"Kept as saved, since the file does not say it: {name} of observations, 1 in all."
        for name in ("numerator", "denominator", "note")
    ]
    store.commit(batch, "Ada", "")
    for _ in range(2):
        saved = store.figures().observations.filter(indicator="CALLS", period=LAST)
        assert saved.select("value", "numerator", "denominator", "note").row(0) == (
            70, 7, 10, "without Dover",
        )  # fmt: skip
        store.rebuild()


def test_a_batch_that_was_checked_is_saved_as_it_was_read(store: Store) -> None:
    batch = store.check(upload("70"))
    assert not batch.problems
    assert store.commit(batch, "Ada", "late returns").files == ("late.csv",)
    assert last_call(store) == 70


def test_a_batch_is_read_again_when_the_store_has_changed_since(store: Store) -> None:
    definition = {
        "indicator": "NEW", "from": "2024/25", "name": "New", "kind": "kpi", "unit": "number",
        "decimals": "0", "polarity": "higher", "frequency": "quarter", "measure": "in_period",
        "ytd": "none",
    }  # fmt: skip
    store.commit({"indicators.csv": csv_bytes("indicators", [definition])}, "Ada", "")
    batch = store.check({"new.csv": csv_bytes("observations", [figure("NEW", LAST, "5")])})
    assert not batch.problems
    store.undo(2, "Bob")
    with pytest.raises(RefusedFiles, match="No indicator of that code is defined"):
        store.commit(batch, "Ada", "")
    assert len(store.log()) == 3


def test_what_is_open_is_asked_and_nothing_is_saved(store: Store) -> None:
    batch = with_question(store.check(upload("70")), YEAR)
    with pytest.raises(OpenQuestions) as asked:
        store.commit(batch, "Ada", "")
    assert str(asked.value).splitlines() == [
        "late.csv: Is 03/04/2025 the 3rd of April or the 4th of March?",
        "  --answer 'late.csv||year=dmy'   3 April 2025",
        "  --answer 'late.csv||year=mdy'   4 March 2025",
        "1 question is open; nothing was saved. Answer and try again.",
    ]
    assert len(store.log()) == 1


def test_what_was_answered_is_kept_with_the_upload(store: Store) -> None:
    batch = with_question(store.check(upload("70")), replace(YEAR, answer="dmy"))
    saved = store.commit(replace(batch, answers={YEAR.key: "dmy"}), "Ada", "")
    assert saved.answers == {YEAR.key: "dmy"}
    assert store.log()[-1] == saved


def test_progress_is_told_from_the_beginning_to_the_end(store: Store) -> None:
    told = list[tuple[float, str]]()
    store.commit(upload("70"), "Ada", "", progress=lambda share, what: told.append((share, what)))
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert (shares[0], told[-1]) == (0, (1, "Ready"))
    assert "Reading late.csv" in [what for _, what in told]


# Kept


def test_a_file_is_kept_byte_for_byte_with_its_sha256(store: Store) -> None:
    content = b"\xef\xbb\xbf" + upload("70")["late.csv"].replace(b"\n", b"\r\n")
    saved = store.commit({"late.csv": content}, "Ada", "")
    (kept,) = store.log()[-1].kept
    assert (kept.name, kept.size) == ("late.csv", len(content))
    assert kept.sha256 == hashlib.sha256(content).hexdigest()
    assert store.received(saved.id, "late.csv") == content


@pytest.mark.parametrize("name", ["upload.json", "../000001/targets.csv", "other.csv", ""])
def test_only_the_files_of_an_upload_are_handed_out(store: Store, name: str) -> None:
    store.commit(upload("70"), "Ada", "")
    with pytest.raises(UnknownName, match=r"Did you mean|Known: late\.csv"):
        store.received(2, name)
    with pytest.raises(UnknownName, match='There is no upload "9"'):
        store.received(9, "late.csv")


def test_a_file_that_was_changed_afterwards_is_neither_handed_out_nor_read(store: Store) -> None:
    store.commit(upload("70"), "Ada", "")
    (store.home / "uploads" / "000002" / "late.csv").write_bytes(upload("71")["late.csv"])
    with pytest.raises(UserError, match=r"late.csv is not as it was received. Put it back"):
        store.received(2, "late.csv")
    with pytest.raises(UserError, match="is not as it was received"):
        store.rebuild()
    assert last_call(store) == 70


def test_rows_accepted_stay_when_the_code_reads_the_file_otherwise(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.commit(not_plain(store.check(upload("70"))), "Ada", "")
    kept = store.home / "uploads" / "000002" / "as-read" / "late.csv.observations.csv"
    assert "CALLS" in kept.read_text()
    entry = json.loads((store.home / "uploads" / "000002" / "upload.json").read_text())
    digest = hashlib.sha256(kept.read_bytes()).hexdigest()
    assert entry["as_read"] == {"late.csv": {"observations": digest}}
    before, read = store.figures(), ingest.read

    def otherwise(file: str, content: bytes, year_start: int) -> ingest.Received:
        return read(file, content.replace(b"70", b"7"), year_start)

    monkeypatch.setattr(ingest, "read", otherwise)
    store.rebuild()
    assert same(store.figures(), before)
    (loaded,) = store.loaded()
    assert loaded.rows["value"].to_list() == [70]


def test_a_file_cannot_have_the_name_of_the_rows_kept_beside_it(store: Store) -> None:
    with pytest.raises(UserError, match="cannot be the name of a file"):
        store.commit(
            {"As-Read": csv_bytes("observations", [figure("CALLS", LAST, "70")])}, "Ada", ""
        )


def test_an_entry_without_rows_is_kept_and_can_be_taken_back(store: Store) -> None:
    before = store.figures()
    kept = store.keep("edition", {"edition.zip": b"PK"}, "Ada", "Q4", period=LAST)
    assert store.journal.details(kept.id)["period"] == LAST
    assert store.undo(kept.id, "Bob").undoes == kept.id
    store.rebuild()
    assert same(store.figures(), before)
    assert [one.kind for one in store.log()] == ["folder", "edition", "undo"]


# As at a moment


def test_a_clock_that_goes_back_changes_nothing_that_was_known(store: Store) -> None:
    first = store.log()[0].at
    saved = store.commit(upload("70"), "Ada", "", at=first - timedelta(days=1))
    assert saved.at > first
    assert last_call(store) == 70
    rows = store.figures(first).observations.filter(indicator="CALLS", period=LAST)
    assert rows["value"].item() == 92


@pytest.mark.parametrize("seed", range(examples(2, 40)))
def test_what_was_known_at_a_moment_never_changes(store: Store, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311
    known = {store.log()[0].at: store.figures()}
    for _ in range(9):
        saved = act(store, rng)
        if saved is not None:
            known[saved.at] = store.figures()
    assert all(same(store.figures(moment), figures) for moment, figures in known.items())
    file = store.folder / "observations.csv"
    file.write_text(file.read_text().replace(",92,", ",70,"))
    store.refresh()
    store.rebuild()
    assert all(same(store.figures(moment), figures) for moment, figures in known.items())


@pytest.mark.parametrize("seed", range(examples(2, 40)))
def test_undoing_every_upload_in_turn_returns_every_read(store: Store, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311
    before, saved = list[Figures](), list[int]()
    for _ in range(4):
        before.append(store.figures())
        files = store.check(files_of(rng))
        saved.append(store.commit(not_plain(files) if rng.random() < 0.5 else files, "Ada", "").id)
    whole = store.figures()
    for number, figures in zip(reversed(saved), reversed(before), strict=True):
        store.undo(number, "Bob")
        assert same(store.figures(), figures)
    for undoing in range(saved[-1] + len(saved), saved[-1], -1):
        store.undo(undoing, "Ada")
    assert same(store.figures(), whole)


# Many at once


def test_threads_that_save_and_read_at_once_all_succeed(store: Store) -> None:
    values = [str(71 + number) for number in range(4)]
    with ThreadPoolExecutor(5) as pool:
        saving = [pool.submit(store.commit, upload(value), value, "") for value in values]
        seen = list(pool.map(lambda _: last_call(store), range(6)))
        saved = {future.result(timeout=60).id: future.result().by for future in saving}
    assert {one.id: one.by for one in store.log() if one.id > 1} == saved
    assert (sorted(saved), sorted(saved.values())) == ([2, 3, 4, 5], values)
    assert last_call(store) == int(saved[5])
    assert set(seen) <= {92, *map(int, values)}


def test_processes_that_save_at_once_all_succeed(organisation: Path, tmp_path: Path) -> None:
    home, loads = tmp_path / "var" / "testshire", 3
    Store(organisation, home).refresh()
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        running: list[Future[int]] = [
            pool.submit(load_often, organisation, home, loads) for _ in range(2)
        ]
        seen = read_often(organisation, home, 4)
        for future in running:
            assert future.result(timeout=60) >= 1 + loads
    store = Store(organisation, home)
    assert [one.id for one in store.log()] == list(range(1, 2 + 2 * loads))
    assert last_call(store) == loads
    assert set(seen) <= {Decimal(92), *map(Decimal, range(1, loads + 1))}


def test_an_upload_that_readers_keep_out_of_the_database_is_saved_all_the_same(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = store.check(upload("70"))
    with monkeypatch.context() as patch:
        patch.setattr(database, "_PATIENCE_SECONDS", 0.05)
        with duckdb.connect(store.home / "figures.duckdb", read_only=True):
            saved = store.commit(batch, "Ada", "")
    assert store.log()[-1] == saved
    store.refresh()
    assert last_call(store) == 70


def test_a_database_that_is_damaged_says_how_to_mend_it(store: Store) -> None:
    store.commit(upload("70"), "Ada", "")
    (store.home / "figures.duckdb").write_bytes(b"no database")
    with pytest.raises(UserError, match=r"Nothing is lost: build it anew with kpi rebuild"):
        store.figures()
    store.rebuild()
    assert last_call(store) == 70
    assert store.log()[-1].at <= datetime.now(UTC)


# What was received stays so


def test_a_file_or_entry_changed_behind_the_stores_back_is_found(
    store: Store, run_kpi: RunKpi
) -> None:
    first = store.commit(
        {"late.csv": csv_bytes("observations", [figure("CALLS", LAST, "79")])}, "Ann", "late"
    )
    store.commit(
        {"more.csv": csv_bytes("observations", [figure("CALLS", LAST, "79")])}, "Bo", "again"
    )
    assert store.damage() == []
    said = run_kpi("verify", "--organisation", "testshire")
    assert said.out.startswith("3 entries of the log and their ")
    folder = store.home / "uploads" / f"{first.id:06d}"
    kept = (folder / "late.csv").read_bytes()
    (folder / "late.csv").write_bytes(kept.replace(b"79", b"97"))
    (wrong,) = store.damage()
    assert "late.csv is not as it was received" in wrong
    assert (
        "late.csv is not as it was received" in run_kpi("verify", "--organisation", "testshire").err
    )
    (folder / "late.csv").write_bytes(kept)
    entry = (folder / "upload.json").read_text(encoding="utf-8")
    (folder / "upload.json").write_text(entry.replace("Ann", "Zoe"), encoding="utf-8")
    (wrong,) = store.damage()
    assert wrong.startswith("The entry before upload 3 is not as it was written")
    said = run_kpi("rebuild", "--organisation", "testshire")
    assert (said.code, "The entry before upload 3" in said.err) == (1, True)
