"""Whenever the process is stopped, what was acknowledged is there whole, and nothing in part."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections.abc import Mapping
from typing import IO, Any

import pytest

from kpi_core import ingest, schemas
from kpi_core.figures import Figures
from kpi_core.journal import FILES, FOLDER, Upload
from kpi_core.store import Store
from tests.conftest import ROOT
from tests.soak import examples

#: Kills of one store, one after the other, each upon what the others left.
KILLS = 5
#: Coming up to date, saving and taking back each run 400 to 900 lines of the store's modules, so
#: this is up to three of them.
LINES = 2000
#: In this time a process saves up to ten uploads, on a busy machine one or two.
LONGEST_SECONDS = 1.5


def started(store: Store, seed: str, step: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.crashing", store.folder, store.home, seed, step]
    return subprocess.Popen(
        [str(part) for part in command],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def pipe(stream: IO[str] | None) -> IO[str]:
    assert stream is not None
    return stream


def acknowledged(process: subprocess.Popen[str], delay: float | None) -> list[dict[str, Any]]:
    """What the process acknowledged before it was killed: by us after a delay, or by itself."""
    pipe(process.stdin).write("go\n")
    pipe(process.stdin).flush()
    if delay is not None:
        time.sleep(delay)  # the moment of the kill, not a wait for anything
        process.kill()
    lines = pipe(process.stdout).read().splitlines()
    assert process.wait() == -9
    pipe(process.stdin).close()
    pipe(process.stdout).close()
    return [json.loads(line) for line in lines]


def all_moments(store: Store) -> Mapping[object, Figures]:
    return {one.at: store.figures(one.at) for one in store.log()} | {"now": store.figures()}


def same(one: Mapping[object, Figures], other: Mapping[object, Figures]) -> bool:
    return one.keys() == other.keys() and all(
        frame.equals(dict(other[moment].tables())[table])
        for moment, figures in one.items()
        for table, frame in figures.tables()
    )


def expected(uploads: list[Upload], store: Store) -> dict[str, set[tuple[object, ...]]]:
    """The rows that count, worked out from the files received, without the database."""
    undone = set[int]()
    for one in reversed(uploads):
        if one.undoes is not None and one.id not in undone:
            undone.add(one.undoes)
    rows: dict[str, dict[tuple[object, ...], tuple[object, ...]]] = {t: {} for t in schemas.TABLES}
    for one in uploads:
        if one.kind not in {FOLDER, FILES} or one.id in undone:
            continue
        for name in one.files:
            part = ingest.read(name, store.received(one.id, name))
            key = [part.rows.columns.index(column) for column in schemas.key(part.table)]
            rows[part.table] |= {tuple(row[i] for i in key): row for row in part.rows.iter_rows()}
    return {table: set(found.values()) for table, found in rows.items()}


@pytest.mark.parametrize("seed", range(examples(20, 200) // KILLS))
def test_a_process_killed_at_any_moment_loses_nothing_and_leaves_nothing_in_part(
    store: Store, seed: int
) -> None:
    rng, known = random.Random(seed), dict[int, dict[str, Any]]()  # noqa: S311
    for kill in range(KILLS):
        step = rng.randrange(1, LINES) if kill % 2 else 0
        process = started(store, f"{seed} {kill}", step)
        entries = acknowledged(process, None if step else rng.uniform(0, LONGEST_SECONDS))
        known |= {entry["id"]: entry for entry in entries}
        assert_whole(Store(store.folder, store.home), known)


def assert_whole(store: Store, known: dict[int, dict[str, Any]]) -> None:
    store.refresh()
    log = {one.id: one for one in store.log()}
    assert list(log) == list(range(1, len(log) + 1))
    assert known.keys() <= log.keys()
    # At most the one that it was about to acknowledge is there as well.
    assert len(log) - 1 - len(known) in {0, 1}
    assert {number: entry_of(log[number]) for number in known} == known
    rows = {table: set(frame.iter_rows()) for table, frame in store.figures().tables()}
    assert rows == expected(list(log.values()), store)
    moments = all_moments(store)
    store.rebuild()
    assert same(all_moments(store), moments)
    assert {path.name for path in store.home.iterdir()} == {
        "uploads", "figures.duckdb", "lock", "seen",
    }  # fmt: skip
    assert sorted(path.name for path in store.home.glob("uploads/*")) == [f"{n:06d}" for n in log]
    known |= {n: entry_of(one) for n, one in log.items() if one.kind != FOLDER}


def entry_of(upload: Upload) -> dict[str, Any]:
    """The entry as the process prints it."""
    files = {one.name: one.sha256 for one in upload.kept}
    return {"id": upload.id, "undoes": upload.undoes, "files": files}
