"""The tables of document 004 as people save them: a wide CSV, and a workbook with real dates and
percentages.

`document_004.csv` has the printed tables line by line, without the commentary between them.
"""

from __future__ import annotations

import csv
import io
import re
from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

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
