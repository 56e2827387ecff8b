"""A sheet: the cells of one table as text, whatever kind of file they came in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from kpi_core.ingest.received import Reading


@dataclass(frozen=True)
class Sheet:
    """The lines of a sheet that hold anything.

    `cells` has file_row UInt32 (as a spreadsheet counts, the first row being 1), width UInt32 (how
    many cells the line has) and c0, c1 … String: the cells, trimmed, as a person would read them in
    the sheet (a date as 2024-09-30, 0.97 shown as a percentage as 97%), "" where there is none.
    """

    file: str
    name: str  #: of the worksheet; empty for a CSV
    cells: pl.DataFrame
    readings: tuple[Reading, ...] = ()  #: how the bytes were read: encoding, separator, dates

    @classmethod
    def of(cls, file: str, lines: Sequence[Sequence[str]], name: str = "") -> Sheet:
        """A sheet of lines of text; blank lines count as rows and are left out."""
        most = max((len(line) for line in lines), default=0)
        rows = [
            [number, len(line), *(cell.strip() for cell in line), *[""] * (most - len(line))]
            for number, line in enumerate(lines, start=1)
            if any(cell.strip() for cell in line)
        ]
        schema = {"file_row": pl.UInt32, "width": pl.UInt32} | {
            f"c{place}": pl.String for place in range(most)
        }
        return cls(file, name, pl.DataFrame(rows, schema=schema, orient="row"))

    @property
    def columns(self) -> list[str]:
        """The names of the columns that hold cells."""
        return self.cells.columns[2:]
