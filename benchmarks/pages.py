"""What each page costs: `make benchmark`.

A real server on this machine, and a client that speaks Streamlit's own protocol to it, without a
browser. For each page: the first run with cold caches, then filter changes back and forth with warm
ones. `script` is the time of the page's own code in the server; `answer` is from asking to the last
message at the client, which on an idle machine is mostly waiting to be woken. Bytes are what a
browser would get. Kent's pages and Exampleshire's are measured in one run, one after the other, with
the number of pictures on each: a page of twice as many may take twice as long. `reads` counts how often DuckDB was opened: the pages are cached by the store's
version, so a warm page opens it never.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from socket import IPPROTO_TCP, TCP_QUICKACK
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from kpi_core import registry, scorecard, views
from kpi_core.figures import Figures
from kpi_core.settings import data_folder
from kpi_core.store import Store
from tests.browser.serving import serving

CHANGES = 20
PATIENCE_SECONDS = 60

#: Two quarters to change between, of each organisation.
QUARTERS = {
    "kent": ("2024/25 Q2", "2024/25 Q1"),
    "exampleshire": ("2025/26 Q2", "2025/26 Q1"),
}
SECTION = "qpr-adult-social-care"
#: An indicator to open: of Exampleshire one with all of its 24 quarters.
INDICATORS = {"kent": "CS07", "exampleshire": "CU03"}
FILTERS = [
    ("", "Period"),
    (SECTION, "Period"),
    (SECTION, "Show KPIs rated"),
    ("indicator", "Period"),
    ("dashboard", "Period"),
]
RATED = ("Amber", "All")
FIRST = ["first script", "kB", "reads", "pictures"]
#: Columns of words; figures follow.
NAMES = 3
WARM = ["warm script", "2nd worst", "answer", "kB", "reads"]


@dataclass
class Visitor:
    """One session: what it was sent, and the boxes in which it can choose."""

    socket: ClientConnection
    page: str
    query: str
    pictures: int = 0
    boxes: dict[str, tuple[str, list[str]]] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    known: list[str] = field(default_factory=list)

    def run(self, **chosen: str) -> tuple[float, int]:
        """Choose in boxes, by their labels, and wait for the script's end: milliseconds, bytes."""
        self.values |= chosen
        ask = BackMsg()
        ask.rerun_script.page_name = self.page
        ask.rerun_script.query_string = self.query
        for label, value in self.values.items():
            widget = ask.rerun_script.widget_states.widgets.add()
            widget.id = self.boxes[label][0]
            widget.string_value = value
        # As a browser says which long messages it still has.
        ask.rerun_script.cached_message_hashes.extend(self.known)
        self.pictures = 0
        size, start = 0, time.perf_counter()
        self.socket.send(ask.SerializeToString())
        while True:
            # Else the kernel holds back its acknowledgement, and the server its answer, for 40 ms.
            self.socket.socket.setsockopt(IPPROTO_TCP, TCP_QUICKACK, 1)
            raw = self.socket.recv(PATIENCE_SECONDS, decode=False)
            size += len(raw)
            if self._ends(ForwardMsg.FromString(raw)):
                return 1000 * (time.perf_counter() - start), size

    def _ends(self, message: ForwardMsg) -> bool:
        kind = message.WhichOneof("type")
        if message.hash and message.metadata.cacheable:
            self.known.append(message.hash)
        if kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            if element.WhichOneof("type") == "exception":
                raise RuntimeError(element.exception.message)
            if element.WhichOneof("type") == "html":
                self.pictures += element.html.body.count('class="kpi-picture"')
            if element.WhichOneof("type") == "selectbox":
                box = element.selectbox
                self.boxes[box.label] = (box.id, list(box.options))
        early = ForwardMsg.FINISHED_EARLY_FOR_RERUN
        return kind == "script_finished" and message.script_finished != early


@dataclass
class Journal:
    """What `benchmarks.server` has written since it was last read."""

    path: Path
    seen: int = 0

    def since(self, runs: int) -> tuple[list[float], int]:
        """Milliseconds of the scripts run since, as many as there must be, and reads."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            lines = self.path.read_text(encoding="utf-8").splitlines()[self.seen :]
            scripts = [float(line.split()[1]) for line in lines if line.startswith("script")]
            if len(scripts) >= runs or time.monotonic() > deadline:
                break
            # The last line is written just after the client has its answer.
            time.sleep(0.01)
        self.seen += len(lines)
        return scripts, lines.count("read")


def measure(address: str, journal: Journal, council: str, page: str, label: str) -> list[str]:
    """A row of the table for one page of a council and one of its filters."""
    values = QUARTERS[council] if label == "Period" else RATED
    query = urlencode(
        {"organisation": council, "period": QUARTERS[council][0], "indicator": INDICATORS[council]}
    )
    socket_address = address.replace("http", "ws", 1) + "/_stcore/stream"
    with connect(socket_address, subprotocols=["streamlit"], max_size=None) as socket:  # type: ignore[list-item]
        visitor = Visitor(socket, page, query)
        _, first_bytes = visitor.run()
        pictures = visitor.pictures
        first_scripts, first_reads = journal.since(1)
        for value in values:
            visitor.run(**{label: value})
        journal.since(len(values))
        answers, sizes = [], []
        for turn in range(CHANGES):
            milliseconds, size = visitor.run(**{label: values[turn % 2]})
            answers.append(milliseconds)
            sizes.append(size)
        scripts, reads = journal.since(CHANGES)
    return [
        council,
        page or "executive summary",
        label,
        f"{first_scripts[0]:.0f}",
        f"{first_bytes / 1000:.0f}",
        f"{first_reads}",
        f"{pictures}",
        f"{statistics.median(scripts):.1f}",
        f"{sorted(scripts)[-2]:.1f}",
        f"{statistics.median(answers):.0f}",
        f"{statistics.median(sizes) / 1000:.0f}",
        f"{reads}",
    ]


def in_process(home: Path, council: str) -> list[tuple[str, float]]:
    """The parts of a cold page, without a server: build, read, and each kind of view."""
    store = Store(data_folder() / council, home)
    parts: list[tuple[str, float]] = []

    def timed(name: str, act: Callable[[], object]) -> object:
        start = time.perf_counter()
        result = act()
        parts.append((name, 1000 * (time.perf_counter() - start)))
        return result

    timed("build the store from nothing", store.refresh)
    timed("see that nothing has changed", store.refresh)
    figures = timed("read everything (one opening)", store.figures)
    assert isinstance(figures, Figures)
    at = figures.organisation.period(QUARTERS[council][0])
    timed("scorecard, first", lambda: scorecard.kpis(figures, "qpr", at))
    timed("scorecard", lambda: scorecard.kpis(figures, "qpr", at))
    timed("executive summary", lambda: views.executive_summary(figures, "qpr", at))
    timed("section", lambda: views.section(figures, "qpr", at, "Adult Social Care"))
    timed("indicator", lambda: views.indicator(figures, "qpr", at, INDICATORS[council]))
    timed("dashboard", lambda: views.dashboard(figures, "qpr", at))
    timed("periods of a report", lambda: registry.report_periods(figures, "qpr"))
    return parts


def table(head: list[str], rows: list[list[str]]) -> None:
    """Print rows under their head, figures to the right."""
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    for row in [head, *rows]:
        cells = [
            cell.ljust(width) if column < NAMES else cell.rjust(width)  # names first, then figures
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        print("  ".join(cells))


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as home:
        print("In one process, milliseconds:")
        parts = [in_process(Path(home) / council, council) for council in QUARTERS]
        print(f"  {'':32}" + "".join(f"{council:>14}" for council in QUARTERS))
        for one in zip(*parts, strict=True):
            print(f"  {one[0][0]:32}" + "".join(f"{milliseconds:14.1f}" for _, milliseconds in one))
        print(f"\nPages, one visitor, {CHANGES} changes of a filter, milliseconds and kB:")
        os.environ["KPI_JOURNAL"] = str(Path(home) / "journal")
        journal = Journal(Path(home) / "journal")
        rows = []
        for (page, label), council in product(FILTERS, QUARTERS):
            # A server of its own for each, so that its first run finds nothing cached.
            journal.path.write_text("", encoding="utf-8")
            journal.seen = 0
            start = (sys.executable, "-m", "benchmarks.server", "run", "app.py")
            with serving(Path(home) / "served", *start) as address:
                rows.append(measure(address, journal, council, page, label))
        table(["council", "page", "filter", *FIRST, *WARM], rows)


if __name__ == "__main__":
    main()
