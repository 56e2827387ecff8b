"""A sheet: the cells of one table as text, whatever kind of file they came in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

import polars as pl

from kpi_core.ingest.received import Reading

#: More than any table of a council holds; a million observations have 11 million cells.
MOST_CELLS = 40_000_000
#: More than any table has, wide ones of many years of months included.
MOST_COLUMNS = 2_000


class Unreadable(Exception):
    """A file or sheet that cannot be read as a table at all; the message says the way out."""

    def __init__(self, message: str, row: int | None = None, value: str | None = None) -> None:
        self.message, self.row, self.value = message, row, value
        super().__init__(message)


@dataclass(frozen=True)
class Sheet:
    """The lines of a sheet that hold anything.

    `cells` has file_row UInt32 (as a spreadsheet counts, the first row being 1), width UInt32 (how
    many cells the line has) and c0, c1 … String: the cells, trimmed, as a person would read them in
    the sheet (a date as 2024-09-30, 0.97 shown as a percentage as 97%), "" where there is none.
    """

    file: str  #: as problems name it: with the sheet, where a workbook has several
    name: str  #: of the worksheet; empty for a CSV
    cells: pl.DataFrame
    readings: tuple[Reading, ...] = ()  #: how the bytes were read: encoding, separator, dates

    @classmethod
    def of(cls, file: str, lines: Sequence[Sequence[str]], name: str = "") -> Sheet:
        """A sheet of lines of text; blank lines count as rows and are left out."""
        frame = frame_of(lines, first_row=1)
        return cls(file, name, frame)

    @property
    def columns(self) -> list[str]:
        """The names of the columns that hold cells."""
        return self.cells.columns[2:]

    def line(self, place: int) -> list[str]:
        """The cells of one of the lines, as many as it has."""
        _, width, *cells = self.cells.row(place)
        return cells[:width]

    def without_blank_columns(self) -> Sheet:
        """The sheet without the columns in which no line holds anything."""
        blank = [name for name in self.columns if not (self.cells[name] != "").any()]
        if not blank:
            return self
        places = [int(name[1:]) for name in blank]
        gone = pl.sum_horizontal((pl.col("width") > place).cast(pl.UInt32) for place in places)
        kept = self.cells.with_columns((pl.col("width") - gone).cast(pl.UInt32)).drop(blank)
        return replace(self, cells=numbered(kept))


def frame_of(lines: Sequence[Sequence[str]], first_row: int) -> pl.DataFrame:
    """Lines as the frame of a sheet, the first being that row of the file; blank ones left out."""
    columns = [
        pl.Series(f"c{place}", texts, pl.String)
        for place, texts in enumerate(zip_longest(*lines, fillvalue=""))
    ]
    rows = range(first_row, first_row + len(lines))
    known = {
        "file_row": pl.Series(rows, dtype=pl.UInt32),
        "width": pl.Series([len(line) for line in lines], dtype=pl.UInt32),
    }
    return trimmed(pl.DataFrame(known).with_columns(columns))


def trimmed(cells: pl.DataFrame) -> pl.DataFrame:
    """The frame of a sheet with its cells trimmed, and lines that hold nothing left out."""
    texts = cells.columns[2:]
    cells = cells.with_columns(pl.col(texts).str.strip_chars())
    return (
        cells.filter(pl.any_horizontal(pl.col(name) != "" for name in texts))
        if texts
        else cells.clear()
    )


def numbered(cells: pl.DataFrame) -> pl.DataFrame:
    """The frame of a sheet with its columns named by their places."""
    names = {name: f"c{place}" for place, name in enumerate(cells.columns[2:])}
    return cells.rename(names)


def stacked(chunks: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Frames of one sheet below each other; what a shorter line lacks is blank."""
    widest = max(chunks, key=lambda chunk: chunk.width)
    whole = pl.concat([widest.clear(), *chunks], how="diagonal")
    return whole.with_columns(pl.col(pl.String).fill_null(""))
