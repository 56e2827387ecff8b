"""What an upload of a million figures costs: `make benchmark-uploads`.

A council of 2,000 indicators, each with targets, is given one tidy CSV: for each indicator the whole
and four areas, over a hundred months. A process of its own checks the file, rehearses what it would
change, saves it, and reads the store as a page does after it. For each step: seconds, seconds of
CPU (which another program running beside does not lengthen), and the most memory that the process
had held by its end. The bar for the first three steps together, on a machine
of two cores: 10 seconds and 1.5 GB. The reading after it is what a page waits for.
"""

from __future__ import annotations

import json
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import polars as pl

from kpi_core import schemas, views
from kpi_core.store import Store

INDICATORS = 2_000
AREAS = ("", "North", "South", "East", "West")
MONTHS = tuple(f"{2017 + place // 12}-{place % 12 + 1:02d}" for place in range(3, 103))
YEARS = tuple(f"{year}/{year % 100 + 1}" for year in range(2017, 2026))

SETTINGS = """\
name = "Manyshire Council"
year_start = 4
currency = "£"
made_up = true

[reports]
quarterly = "qpr"
monthly = "dashboard"
year_to_date = ["dashboard"]
"""


def codes() -> pl.DataFrame:
    """The indicators, numbered."""
    number = pl.int_range(INDICATORS, eager=True)
    return pl.DataFrame({"n": number, "indicator": pl.Series([f"KPI{n:04d}" for n in number])})


def write(folder: Path, table: str, rows: pl.DataFrame) -> Path:
    """A table's CSV, with all of its columns."""
    path = folder / f"{table}.csv"
    columns = list(schemas.columns(table))
    blank = [pl.lit(None).alias(name) for name in columns if name not in rows.columns]
    cells = rows.with_columns(blank).select(columns)
    # Blank cells are bare, as a spreadsheet saves them: polars writes "" for an empty text.
    cells.with_columns(pl.col(pl.String).replace("", None)).write_csv(path)
    return path


def write_council(folder: Path) -> None:
    """A folder with the definitions of all indicators, and no figures."""
    folder.mkdir(parents=True)
    (folder / "organisation.toml").write_text(SETTINGS, encoding="utf-8")
    known, years = codes(), pl.DataFrame({"year": YEARS})
    section = pl.format("Section {}", pl.col("n") // 100)
    write(
        folder, "reports",
        pl.DataFrame({"report": ["dashboard"], "title": ["Monthly"], "frequency": ["month"]}),
    )  # fmt: skip
    write(
        folder, "sections",
        known.select(report=pl.lit("dashboard"), section=section, order=pl.col("n") // 100 + 1)
        .unique().join(years, how="cross").with_columns(directorate=pl.lit("Place")),
    )  # fmt: skip
    write(
        folder, "placements",
        known.join(years, how="cross").with_columns(
            report=pl.lit("dashboard"), section=section, order=pl.col("n") % 100 + 1,
            name=pl.format("Measure {}", "n"), frequency=pl.lit("month"),
        ),
    )  # fmt: skip
    write(
        folder, "indicators",
        known.with_columns(
            pl.lit(YEARS[0]).alias("from"), name=pl.format("Measure {}", "n"), kind=pl.lit("kpi"),
            unit=pl.lit("percent"), decimals=pl.lit(1), polarity=pl.lit("higher"),
            frequency=pl.lit("month"), measure=pl.lit("in_period"), ytd=pl.lit("ratio"),
            arrears=pl.lit(0),
        ),
    )  # fmt: skip
    write(
        folder, "targets",
        known.join(years, how="cross").with_columns(
            status=pl.lit("set"), target=pl.lit("80"), floor=pl.lit("70")
        ),
    )  # fmt: skip


def write_figures(folder: Path) -> Path:
    """The upload: a million figures, with what they were worked out from."""
    series = codes().join(pl.DataFrame({"item": AREAS}), how="cross")
    denominator = 200 + pl.col("n") % 800
    share = 55 + (pl.col("n") * 7 + pl.col("m") * 3 + pl.col("item").str.len_chars()) % 40
    numerator = denominator * share // 100
    rows = (
        series.join(pl.DataFrame({"period": MONTHS}).with_row_index("m"), how="cross")
        .with_columns(numerator=numerator, denominator=denominator)
        .with_columns(
            value=(100 * pl.col("numerator") / pl.col("denominator")).round(4),
            basis=pl.lit("period"), status=pl.lit("actual"), source=pl.lit("case system"),
            breakdown=pl.when(pl.col("item") == "").then(pl.lit("")).otherwise(pl.lit("area")),
        )
    )  # fmt: skip
    return write(folder, "observations", rows)


@contextmanager
def timed(step: str) -> Iterator[None]:
    """Print what a step took, as JSON."""
    start, worked = time.perf_counter(), time.process_time()
    yield
    seconds, work = time.perf_counter() - start, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"step": step, "seconds": seconds, "work": work, "peak": peak}), flush=True)


def steps(base: Path) -> None:
    """The steps of an upload, in the process that is measured."""
    store, file = Store(base / "data", base / "var"), base / "observations.csv"
    told = list[str]()
    progress: Callable[[float, str], None] = lambda share, what: told.append(f"{share:.0%} {what}")  # noqa: E731
    with timed("read the definitions"):
        store.figures()
    with timed("read and check the file"):
        batch = store.check({file.name: file.read_bytes()}, progress=progress)
        if batch.problems or batch.open_questions:
            raise SystemExit(f"{batch.problems[:3]} {batch.open_questions[:3]}")
    with timed("rehearse"):
        seen = views.rehearsed(store.figures(), batch.parts, date(2026, 1, 1), progress=progress)
        if seen.is_idle:
            raise SystemExit("The rehearsal finds nothing to save.")
    with timed("save"):
        store.commit(batch, "Ada", "the benchmark", progress=progress)
    with timed("first read after it"):
        rows = store.figures().observations.height
    print(json.dumps({"rows": rows, "told": len(told)}))


def main() -> None:
    """Measure, and print a table."""
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        write_council(base / "data")
        file = write_figures(base)
        Store(base / "data", base / "var").refresh()
        size = file.stat().st_size / 2**20
        print(f"{platform.processor() or platform.machine()}, {file.name}: {size:.0f} MB")
        ran = subprocess.run(
            [sys.executable, "-m", "benchmarks.uploads", folder],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
    *lines, last = map(json.loads, ran.stdout.splitlines())
    upload = lines[1:4]
    together = {name: sum(line[name] for line in upload) for name in ("seconds", "work")}
    lines.append({"step": "check, rehearse and save", "peak": upload[-1]["peak"], **together})
    print(f"{'':26}{'seconds':>9}{'of CPU':>9}{'peak MB':>9}")
    for line in lines:
        print(f"{line['step']:26}{line['seconds']:9.2f}{line['work']:9.2f}{line['peak']:9.0f}")
    print(f"{last['rows']:,} figures; progress was told {last['told']} times")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        steps(Path(sys.argv[1]))
    else:
        main()
