"""The tables of docs/rules/files.md against the reading of files."""

from __future__ import annotations

import polars as pl

from kpi_core.ingest import FileRead, read
from tests.held import one_read
from tests.odd_files import write
from tests.tables import Cells


def uploaded(case: Cells) -> FileRead:
    file = case["File"].strip("`")
    return one_read(file, (write.HERE / file).read_bytes())


def read_whole(case: Cells) -> None:
    one = uploaded(case)
    plain = read("observations.csv", (write.HERE / "utf8.csv").read_bytes())
    rows = pl.concat([part.rows for part in one.parts])
    assert one.problems == ()
    assert rows.drop("file_row").equals(plain.rows.drop("file_row"))
    assert not [question for question in one.questions if question.is_open]
    assert (one.read, one.refused) == (3, 0)
    told = " · ".join(reading.text for reading in one.readings)
    assert (told or "–") == case["What is told"]


def refused(case: Cells) -> None:
    one = uploaded(case)
    assert case["What is said"] in str(one.problems[0])
    assert (one.read, one.refused) == (int(case["Rows read"]), int(case["Rows refused"]))
    assert sum(part.rows.height for part in one.parts) == one.read
    assert one.lines == one.read + one.refused + len(one.aside)


CHECKS = {
    ("files", "Files that are read"): read_whole,
    ("files", "Files that are refused, as a whole or in part"): refused,
}
