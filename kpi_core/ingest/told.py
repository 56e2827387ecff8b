"""A copy of a file with each problem beside its row, for whoever mends it in a spreadsheet."""

from __future__ import annotations

import codecs
from collections.abc import Mapping, Sequence

import polars as pl

from kpi_core import export
from kpi_core.errors import Problem
from kpi_core.ingest import files, header
from kpi_core.ingest.received import FileRead
from kpi_core.ingest.sheet import Sheet

#: The column that the copy has in addition.
PROBLEMS = "problems"


def annotated(one: FileRead, content: bytes, answers: Mapping[str, str] | None = None) -> bytes:
    """The file as a CSV, every row where it stands, with a last column of problems.

    What is wrong with the file as a whole stands beside its header, and so does every question that
    is open still, beside that of the first sheet. Sheets of a workbook follow
    each other, each below its name. A cell that a spreadsheet would run has a quotation mark in
    front. UTF-8 with a mark, by which spreadsheets know it.
    """
    opened = files.opened(one.file, content, answers or {})
    several = len(opened.sheets) > 1
    asked = [f"To be answered: {question.text}" for question in one.questions if question.is_open]
    parts = [
        _lines(sheet, one.problems, [*asked] * (not place), named=several)
        for place, sheet in enumerate(opened.sheets)
    ]
    if not parts:
        said = "\n".join([*(str(problem) for problem in one.problems), *asked])
        parts = [pl.DataFrame({PROBLEMS: [PROBLEMS, said]})]
    text = "".join(export.received_to_csv(part) for part in parts)
    return codecs.BOM_UTF8 + text.encode()


def _lines(
    sheet: Sheet, problems: Sequence[Problem], asked: Sequence[str], *, named: bool
) -> pl.DataFrame:
    """The rows of a sheet from its first, blank ones too, with their problems; all String.

    What is `asked` stands beside its header.
    """
    head = sheet.cells["file_row"][header.place_of(sheet) or 0]
    said: dict[int, list[str]] = {head: [*asked]}
    for problem in problems:
        if problem.file == sheet.file:
            place = f"{problem.column}: " if problem.column else ""
            said.setdefault(problem.row or head, []).append(f"{place}{problem.message}")
    texts = {row: " ".join(dict.fromkeys(one)) for row, one in said.items()}
    texts[head] = f"{PROBLEMS}: {texts[head]}" if texts[head] else PROBLEMS
    beside = pl.DataFrame(
        {"file_row": list(texts), PROBLEMS: list(texts.values())},
        schema={"file_row": pl.UInt32, PROBLEMS: pl.String},
    )
    rows = range(1, sheet.cells["file_row"][-1] + 1)
    whole = (
        pl.DataFrame({"file_row": rows}, schema={"file_row": pl.UInt32})
        .join(sheet.cells.drop("width"), on="file_row", how="left", maintain_order="left")
        .join(beside, on="file_row", how="left", maintain_order="left")
        .drop("file_row")
        .with_columns(pl.all().fill_null(""))
    )
    title = whole.clear(1).with_columns(pl.all().fill_null(""))
    names = [*[title.with_columns(c0=pl.lit(sheet.name))] * named]
    return pl.concat([*names, whole])
