"""The tables of document 004 as people save them: a wide CSV, and a workbook with real dates and
percentages.

`document_004.csv` has the printed tables line by line, without the commentary between them.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from kpi_core import dashboard, quality, reconcile, registry, schemas, scorecard, summary, views
from kpi_core.figures import Figures

TABLES = ("observations", "targets", "thresholds")
#: What the council's own figures say beyond what the tables of the document print.
CURATED = r"; running total since April|running total since April|December to March are printed.*"

CSV = Path(__file__).parent / "document_004.csv"

#: How Excel shows a date such as Dec-24, and a percentage with as many decimals as are typed.
_MONTH_SHAPE = "mmm-yy"


def lines() -> list[list[str]]:
    """The lines of the CSV."""
    with CSV.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def workbook() -> bytes:
    """The same as a workbook of one sheet: dates, numbers and percentages are such to Excel, and the
    headings of an expected range stand in two lines, the upper over two columns.
    """
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Dashboard"
    row = 0
    for line in lines():
        row += 1
        for place, text in enumerate(line, start=1):
            _fill(sheet.cell(row, place), text)
        for place, text in enumerate(line, start=1):
            if match := re.fullmatch(r"(Expected .*) Upper Lower", text):
                sheet.cell(row, place).value = match[1]
                sheet.merge_cells(
                    start_row=row, end_row=row, start_column=place, end_column=place + 1
                )
                row += 1
                sheet.cell(row, place).value, sheet.cell(row, place + 1).value = "Upper", "Lower"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(cell: Any, text: str) -> None:
    """Put a text in a cell as Excel takes it in when it is typed."""
    value, shape = _typed(text)
    if value is None or not isinstance(cell, Cell):
        return
    cell.value = value
    if shape:
        cell.number_format = shape


def _typed(text: str) -> tuple[str | float | datetime | None, str]:
    if not text:
        return None, ""
    if re.fullmatch(r"[A-Z][a-z]{2}-[0-9]{2}", text):
        return datetime.strptime(text, "%b-%y"), _MONTH_SHAPE  # noqa: DTZ007 (a month, no moment)
    if match := re.fullmatch(r"([0-9]+)(?:\.([0-9]+))?%", text):
        decimals = len(match[2] or "")
        return float(text[:-1]) / 100, f"0.{'0' * decimals}%" if decimals else "0%"
    if re.fullmatch(r"[0-9,]+", text):
        return int(text.replace(",", "")), "#,##0"
    return text, ""


def printed(kent: Figures) -> dict[str, pl.DataFrame]:
    """The tidy rows that the tables of document 004 print, without what was added to them by hand."""
    in_a_table = pl.col("source").str.contains(r"004_\S+ [A-Z][^|]*table")
    rows = {table: getattr(kent, table).filter(in_a_table) for table in TABLES}
    whole = rows["observations"].filter(pl.col("breakdown") == "")
    return rows | {"observations": whole.with_columns(pl.col("note").str.replace_all(CURATED, ""))}


def before(kent: Figures, tidy: dict[str, pl.DataFrame]) -> Figures:
    """Kent before document 004: without the rows that have no other source."""
    changed = {}
    for table, rows in tidy.items():
        only = rows.filter(~pl.col("source").str.contains("00[0-3]_"))
        changed[table] = getattr(kent, table).join(only, on=schemas.key(table), how="anti")
    return replace(kent, **changed)


def reads(figures: Figures) -> dict[str, object]:
    """Everything that pages and the command line show of these figures, by what it is."""
    said: dict[str, object] = {}
    for report in ("qpr", "dashboard"):
        for at in registry.report_periods(figures, report):
            card = scorecard.kpis(figures, report, at)
            said[f"{report} {at}"] = (
                card.drop("source", strict=False).rows(),
                scorecard.activities(figures, report, at).drop("source", strict=False).rows(),
                dashboard.rows(figures, report, at).drop("source", strict=False).rows(),
                summary.counts(card, figures, report, at).rows(),
                views.dashboard(figures, report, at).long().rows(),
            )
    said["reconcile"] = reconcile.reconcile(figures).rows()
    said["quality"] = sorted(quality.findings(figures).drop("sources").rows())
    return said
