"""A server that has just started, and several visitors at the same moment."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from websockets.sync.client import connect

from benchmarks.pages import Visitor
from tests.browser.serving import serving
from tests.conftest import ROOT

#: Pages that need between them everything that is imported late.
ASKED = (
    ("", ""),
    ("indicator", "indicator=CS07"),
    ("indicator", "indicator=CS04"),
    ("compare", ""),
    ("report", ""),
    ("risks", ""),
)


def test_several_visitors_of_a_cold_server_all_see_their_page(tmp_path: Path) -> None:
    together = Barrier(len(ASKED))

    def visit(page: str, query: str) -> int:
        with connect(stream, subprotocols=["streamlit"], max_size=None) as socket:  # type: ignore[list-item]
            visitor = Visitor(socket, page, query)
            together.wait(timeout=60)
            _, size = visitor.run()  # raises what the page shows as an error
            return size

    with serving(tmp_path) as address, ThreadPoolExecutor(len(ASKED)) as visitors:
        stream = address.replace("http", "ws", 1) + "/_stcore/stream"
        sizes = list(visitors.map(visit, *zip(*ASKED, strict=True)))
    assert all(size > 1000 for size in sizes)
    [log] = tmp_path.glob("server-*.log")
    assert "Traceback" not in log.read_text(encoding="utf-8")


def test_what_is_imported_late_is_imported_before_the_first_visitor() -> None:
    """Whatever a function of the core or the pages imports, but the command's own."""
    late = {
        name
        for folder in ("kpi_core", "pages")
        for file in (ROOT / folder).rglob("*.py")
        if not file.is_relative_to(ROOT / "kpi_core" / "cli")
        for name in _imported_in_functions(ast.parse(file.read_text(encoding="utf-8")))
    }
    assert {"scipy.stats", "statsmodels.tsa.seasonal"} <= late
    program = (
        "import asyncio, sys\n"
        "from pages.shared import server\n"
        "async def start():\n"
        "    async with server.lifespan(None):\n"
        "        print(*sys.modules, sep='\\n')\n"
        "asyncio.run(start())\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert late | {"pandas"} <= set(run.stdout.split())


def _imported_in_functions(tree: ast.Module) -> Iterator[str]:
    functions = [one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)]
    for inner in (one for function in functions for one in ast.walk(function)):
        if isinstance(inner, ast.ImportFrom) and inner.module:
            yield inner.module
        elif isinstance(inner, ast.Import):
            yield from (one.name for one in inner.names)
