"""The process that the test of crashes kills: it saves and takes back uploads until it is stopped.

    python -m tests.crashing FOLDER HOME SEED STEP

It waits for a line on its standard input, then prints an entry as JSON each time the store has
acknowledged it. With a STEP it kills itself before the line of that number that it runs in the
modules of the store; with 0 it goes on until the test kills it.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any

from kpi_core import database, durable, journal, store
from kpi_core.ingest import Batch
from kpi_core.journal import Upload, active_of
from kpi_core.store import Store
from tests.councils import QUARTERS, csv_bytes, figure

_STEPS = {str(module.__file__) for module in (database, durable, journal, store)}


def files_of(rng: random.Random) -> dict[str, bytes]:
    """One to three files: figures of several quarters, targets, and commentary."""
    quarters = rng.sample(QUARTERS, rng.randint(1, 4))
    figures = [figure("CALLS", quarter, str(rng.randrange(50, 100))) for quarter in quarters]
    said = {
        "report": "qpr", "section": "Roads", "period": rng.choice(QUARTERS), "kind": "commentary",
        "order": "1", "text": f'Said, "{rng.random()}"\nand more',
    }  # fmt: skip
    target = {
        "indicator": "CALLS", "year": "2024/25", "status": "set",
        "target": str(rng.randrange(80, 99)), "floor": "70",
    }  # fmt: skip
    files = {
        "observations.csv": csv_bytes("observations", figures),
        "commentary.csv": csv_bytes("commentary", [said]),
        "targets.csv": csv_bytes("targets", [target]),
    }
    return {name: files[name] for name in sorted(rng.sample(sorted(files), rng.randint(1, 3)))}


def act(held: Store, rng: random.Random) -> Upload | None:
    """One thing that people do; None where it leaves no entry in the log."""
    does = rng.random()
    uploads = held.log()
    active = [one.id for one in uploads if one.id in active_of(uploads) and one.kind != "folder"]
    if does < 0.3 and active:
        return held.undo(rng.choice(active), "Ada", "taken back")
    if does < 0.4:
        held.rebuild()
        return None
    return held.commit(as_if_read(held.check(files_of(rng)), rng), "Ada", "saved")


def as_if_read(batch: Batch, rng: random.Random) -> Batch:
    """The batch, now and then as if its files had needed more than their bytes."""
    if rng.random() < 0.5:
        return batch
    return replace(batch, files=tuple(replace(one, is_plain=False) for one in batch.files))


def said(upload: Upload) -> str:
    """What is printed once an upload is acknowledged."""
    files = {one.name: one.sha256 for one in upload.kept}
    return json.dumps({"id": upload.id, "undoes": upload.undoes, "files": files})


def kill_before(step: int) -> None:
    """Count lines of the store's modules, and stop dead before the one of this number."""
    left = step

    def line(_frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal left
        left -= event == "line"
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return line

    def call(frame: FrameType, _event: str, _argument: object) -> Any:
        return line if frame.f_code.co_filename in _STEPS else None

    sys.settrace(call)


def main(folder: str, home: str, seed: str, step: str) -> None:
    held, rng = Store(Path(folder), Path(home)), random.Random(seed)  # noqa: S311
    sys.stdin.readline()
    if int(step):
        kill_before(int(step))
    held.refresh()
    while True:
        upload = act(held, rng)
        if upload is not None:
            print(said(upload), flush=True)  # noqa: T201 - this is how it acknowledges


if __name__ == "__main__":
    main(*sys.argv[1:])
