"""What the processes of a test do to one store at the same time. Light to import."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from kpi_core.store import Store
from tests.councils import QUARTERS, csv_bytes, figure


def read_often(folder: Path, home: Path, times: int) -> list[Decimal]:
    """The last figure of calls answered, time after time."""
    store, seen = Store(folder, home), []
    for _ in range(times):
        store.refresh()
        rows = store.figures().observations.filter(indicator="CALLS", period=QUARTERS[-1])
        seen.append(rows["value"].item())
    return seen


def load_often(folder: Path, home: Path, times: int) -> int:
    """Load 1, 2, 3 … as that figure; the number of uploads there are then."""
    store = Store(folder, home)
    store.refresh()
    for number in range(1, times + 1):
        row = figure("CALLS", QUARTERS[-1], str(number))
        store.commit({"observations.csv": csv_bytes("observations", [row])}, "Ada", "")
    return len(store.log())
