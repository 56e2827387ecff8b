"""The dashboard, with a journal of each run of a page and of each opening of DuckDB.

Run as `python -m benchmarks.server run app.py …`, with KPI_JOURNAL the file to write to. A line is
`script MILLISECONDS` or `read`.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

import duckdb
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.web import cli

JOURNAL = Path(os.environ["KPI_JOURNAL"])


def note(line: str) -> None:
    """Add a line to the journal."""
    with JOURNAL.open("a", encoding="utf-8") as journal:
        journal.write(f"{line}\n")


def main() -> None:
    """Serve, and take notes."""
    connect, run_script = duckdb.connect, ScriptRunner._run_script  # noqa: SLF001 - a benchmark

    def noted_connect(*args: Any, **options: Any) -> duckdb.DuckDBPyConnection:
        note("read")
        return connect(*args, **options)

    def noted_run(runner: ScriptRunner, *args: Any) -> None:
        start = time.perf_counter()
        run_script(runner, *args)
        note(f"script {1000 * (time.perf_counter() - start):.2f}")

    duckdb.connect = noted_connect
    ScriptRunner._run_script = noted_run  # type: ignore[assignment, method-assign]  # noqa: SLF001
    sys.argv[0] = "streamlit"
    cli.main()


if __name__ == "__main__":
    main()
