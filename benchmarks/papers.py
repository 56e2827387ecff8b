"""What a paper costs: `make benchmark-papers`.

The whole Quarterly Performance Report of Exampleshire, 40 KPIs and 60 activity indicators with a
chart each, as a file of each format. Cold is a new process, from its start to the last byte, with the
store built; warm is the next paper of the same process, as a dashboard makes it. Seconds on the clock,
and seconds of this machine's processors, which do not grow when others use them too.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time

from kpi_core import settings

_MAKE = """
import json, sys, time
from kpi_core import report, settings
told = []
def tell(doing, share):
    if not told or told[-1][0] != doing:
        told.append([doing, time.perf_counter()])
figures = settings.open_store("exampleshire").figures()
runs = []
for _ in range(2):
    told.clear()
    start, used = time.perf_counter(), time.process_time()
    content = report.make(figures, "qpr", "2025/26 Q4", sys.argv[1], progress=tell)
    stages = {doing: round(at - start, 2) for doing, at in told}
    runs.append([time.perf_counter() - start, time.process_time() - used, len(content), stages])
print(json.dumps(runs))
"""


def main() -> None:
    """Print one line for each format, and when each stage of the PDF began."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["KPI_STORE"] = home
        settings.open_store("exampleshire").refresh()
        print(f"{'':6}{'cold s':>8}{'cpu s':>8}{'warm s':>8}{'cpu s':>8}{'kB':>8}")
        for written_as in ("pdf", "docx", "xlsx", "html"):
            _measure(written_as)


def _measure(written_as: str) -> None:
    start = time.perf_counter()
    before = os.times()
    command = [sys.executable, "-c", _MAKE, written_as]
    ran = subprocess.run(command, check=True, capture_output=True, text=True)
    whole, after = time.perf_counter() - start, os.times()
    used = after.children_user + after.children_system
    used -= before.children_user + before.children_system
    (_, _, _, stages), (warm, warm_cpu, size, _) = json.loads(ran.stdout)
    cold, cold_cpu = whole - warm, used - warm_cpu
    print(
        f"{written_as:6}{cold:8.2f}{cold_cpu:8.2f}{warm:8.2f}{warm_cpu:8.2f}{size / 1000:8.0f}"
        f"   {', '.join(f'{doing} from {at}' for doing, at in stages.items())}"
    )


if __name__ == "__main__":
    main()
