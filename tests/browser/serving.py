"""The dashboard as a process of its own, on a free port, for tests, benchmarks and pictures."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[2]
_PATIENCE_SECONDS = 120
_ANSWER_SECONDS = 10  # a server that starts on a busy machine answers late
_PAUSE_SECONDS = 0.05

#: Nothing that leaves this machine, nothing that needs a desktop.
CHROMIUM = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
#: Streamlit's word that the script has run to its end.
AT_REST = '[data-testid="stApp"][data-test-script-state="notRunning"]'
#: No picture is left to be unpacked.
DRAWN = "() => !document.querySelector('script.kpi-picture')"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(store: Path, *start: str) -> Iterator[str]:
    """Run the dashboard on a store; gives its address. `start` replaces `streamlit run app.py`."""
    port = free_port()
    command = list(start) or [sys.executable, "-m", "streamlit", "run", "app.py"]
    store.mkdir(parents=True, exist_ok=True)
    log = store / f"server-{port}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*command, "--server.port", str(port)],
            cwd=ROOT,
            env={**os.environ, "KPI_STORE": str(store)},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_for(f"http://localhost:{port}", process, log)
            yield f"http://localhost:{port}"
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)


def wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with urlopen(f"{address}/_stcore/health", timeout=_ANSWER_SECONDS):
                return
        except (URLError, OSError):
            time.sleep(_PAUSE_SECONDS)
    said = log.read_text(encoding="utf-8", errors="replace")
    raise RuntimeError(f"The dashboard did not start:\n{said}")


def chromium() -> str:
    """Where the system's Chromium is."""
    names = ("chromium", "chromium-browser", "google-chrome")
    folders = os.environ.get("PATH", "").split(os.pathsep)
    for path in (Path(folder) / name for name in names for folder in folders):
        if path.exists():
            return str(path)
    raise RuntimeError("There is no Chromium here. Install it with: make browser")
