"""XLSX becomes sheets: every cell as the text a person sees in it, losing nothing.

A number is read by the 15 digits that a spreadsheet holds, a percentage as 97%, a date as
2024-09-30. A formula counts as the value that was saved with it.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import IO, Any
from xml.etree.ElementTree import ParseError

from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.escape import unescape
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.xml.functions import iterparse

from kpi_core.errors import Problem
from kpi_core.ingest.received import Reading
from kpi_core.ingest.sheet import MOST_CELLS, MOST_COLUMNS, Sheet, Unreadable

#: A workbook of a million observations unpacks to about 500 MB of XML; 300 MB are more than any
#: council's figures of a year, and what this machine reads in a minute.
MOST_BYTES = 300_000_000
#: A workbook of a hundred sheets with charts has about a thousand parts.
MOST_PARTS = 5_000

_WAY_OUT = "Save it in Excel as .xlsx or as CSV UTF-8 and try again."
_DAMAGED = f"The workbook is damaged: it cannot be opened. {_WAY_OUT}"

_NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@dataclass
class _Survey:
    """What the XML of a sheet says that its cells do not."""

    formulas: int = 0
    unsaved: set[str] = field(default_factory=set)  #: formulas without a value, by address
    hidden_rows: int = 0
    hidden_columns: int = 0


def sheets(file: str, content: bytes) -> tuple[tuple[Sheet, ...], tuple[Problem, ...]]:
    """Every sheet that holds anything, and the cells that have no value. Raises Unreadable.

    Where several sheets hold anything, `Sheet.file` and the problems name the sheet too.
    """
    archive = _checked(content)
    try:
        with warnings.catch_warnings():
            # What openpyxl warns of (styles, drawings, dates out of range) is no matter of cells,
            # or comes back as an error in the cell.
            warnings.simplefilter("ignore")
            read = list(_sheets(content, archive))
    except Unreadable:
        raise
    except _FAULTS as error:
        raise Unreadable(_DAMAGED) from error
    several = len(read) > 1
    found, problems = [], []
    for one in read:
        label = f"{file}, sheet {one.name}" if several else file
        sheet = Sheet.of(label, one.lines, one.name)
        found.append(replace(sheet, readings=_told(one)))
        problems += [Problem(label, *fault) for fault in one.faults]
    return tuple(found), tuple(problems)


#: What openpyxl and the standard library raise over a workbook that is not what it says.
_FAULTS = (
    ArithmeticError, AttributeError, EOFError, InvalidFileException, LookupError, NotImplementedError,
    OSError, ParseError, RuntimeError, SyntaxError, TypeError, ValueError, zipfile.BadZipFile,
)  # fmt: skip


def _checked(content: bytes) -> zipfile.ZipFile:
    """The parts of a workbook, once it is known to be one that can be unpacked safely."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except _FAULTS as error:
        raise Unreadable(_DAMAGED) from error
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise Unreadable(f"This is no Excel workbook. {_WAY_OUT}")
    if any(name.endswith(".bin") and "worksheets/" in name for name in names):
        raise Unreadable(f"This is a binary workbook (.xlsb), which cannot be read. {_WAY_OUT}")
    if len(parts) > MOST_PARTS:
        raise Unreadable(
            f"The workbook has {len(parts):,} parts, where at most {MOST_PARTS:,} are opened. "
            "Save the sheet with the figures as CSV UTF-8."
        )
    size = sum(part.file_size for part in parts)
    if size > MOST_BYTES:
        raise Unreadable(
            f"The workbook unpacks to {size // 10**6:,} MB, where at most "
            f"{MOST_BYTES // 10**6:,} MB are opened. Save the sheet with the figures as CSV UTF-8."
        )
    return archive


#: A cell without a value: its row, no column, how it shows, and what to do.
_Fault = tuple[int, None, str | None, str]


@dataclass(frozen=True, slots=True)
class _Read:
    """A worksheet: its lines, all of one width, and the cells that have no value."""

    name: str
    is_hidden: bool
    surveyed: _Survey
    lines: list[list[str]]
    faults: list[_Fault]


def _sheets(content: bytes, archive: zipfile.ZipFile) -> Iterator[_Read]:
    reader = ExcelReader(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    reader.read()
    for entry, relation in reader.parser.find_sheets():
        if entry.name not in reader.wb.sheetnames or "chartsheet" in relation.Type:
            continue
        with archive.open(relation.target) as part:
            surveyed = _surveyed(part)
        worksheet = reader.wb[entry.name]
        # What a sheet says of its own size may be wrong, and would cut cells off.
        worksheet.reset_dimensions()
        lines, faults = _rectangle(worksheet.iter_rows(), surveyed)
        if lines:
            yield _Read(entry.name, entry.state != "visible", surveyed, lines, faults)


def _rectangle(
    rows: Iterator[tuple[Any, ...]], surveyed: _Survey
) -> tuple[list[list[str]], list[_Fault]]:
    """The lines from the first row of a sheet to the last that is filled, and its faults."""
    lines: list[list[str]] = []
    faults: list[_Fault] = []
    filled, widest = 0, 0
    for number_of_row, row in enumerate(rows, start=1):
        line = [_shown(cell, surveyed) for cell in row]
        while line and not line[-1]:
            line.pop()
        lines.append(line)
        faults += [
            (number_of_row, None, text.strip(_UNSAVED) or None, _way_out(cell.coordinate, text))
            for cell, text in zip(row, line, strict=False)
            if text and (cell.data_type == "e" or text == _UNSAVED)
        ]
        if line:
            filled, widest = len(lines), max(widest, len(line))
        _check_size(filled, widest)
    return [line + [""] * (widest - len(line)) for line in lines[:filled]], faults


#: Stands for a formula without a value: a text of no cell, since this would be a formula itself.
_UNSAVED = "="


def _way_out(address: str, text: str) -> str:
    if text == _UNSAVED:
        return (
            f"Cell {address} is a formula whose result is not saved in the file. "
            "Open the file in Excel, save it and try again."
        )
    return f"Cell {address} shows an error. Mend its formula, or enter the value."


def _check_size(rows: int, columns: int) -> None:
    if columns > MOST_COLUMNS:
        raise Unreadable(
            f"A sheet has {columns:,} columns, where at most {MOST_COLUMNS:,} are read. "
            "Delete the columns that hold no figures."
        )
    if rows * columns > MOST_CELLS:
        raise Unreadable(
            f"A sheet has more than {MOST_CELLS:,} cells. Split it into several files."
        )


def _shown(cell: Any, surveyed: _Survey) -> str:
    """The text of a cell, trimmed."""
    if cell.value is not None:
        return _text(cell.value, cell.number_format).strip()
    is_unsaved = surveyed.unsaved and getattr(cell, "coordinate", "") in surveyed.unsaved
    return _UNSAVED if is_unsaved else ""


def _text(value: object, shape: str) -> str:
    """A value as a person sees it in the sheet, without rounding it."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return number(value, is_percent=is_percent(shape))
    if isinstance(value, datetime):
        is_day = value.time() == time()
        return value.date().isoformat() if is_day else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"
    plain: str = unescape(str(value))
    return plain


def number(value: float, *, is_percent: bool = False) -> str:
    """A number by the 15 significant digits that a spreadsheet holds; 0.97 as 97% if so shown."""
    exact = Decimal(value if isinstance(value, int) else f"{value:.15g}")
    if not exact.is_finite():
        return str(value)
    if is_percent:
        return f"{_plain(exact.scaleb(2))}%"
    return _plain(exact)


def _plain(exact: Decimal) -> str:
    text = f"{exact:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def is_percent(shape: str) -> bool:
    """Whether a number format shows percentages: a % that is not quoted text."""
    return "%" in re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", shape or "")


def _surveyed(part: IO[bytes]) -> _Survey:
    """What openpyxl does not tell of a sheet. Raises Unreadable for rows out of order."""
    found, last = _Survey(), 0
    for _, element in iterparse(part):
        if element.tag == f"{_NS}c" and element.find(f"{_NS}f") is not None:
            found.formulas += 1
            # A result that is text may be empty; any other that is empty was never saved.
            if not element.findtext(f"{_NS}v") and element.get("t") != "str":
                found.unsaved.add(element.get("r", ""))
        elif element.tag == f"{_NS}col" and element.get("hidden") in ("1", "true"):
            found.hidden_columns += int(element.get("max", 0)) - int(element.get("min", 0)) + 1
        elif element.tag == f"{_NS}row":
            found.hidden_rows += element.get("hidden") in ("1", "true")
            row = int(element.get("r", last + 1))
            if row <= last:
                # openpyxl would leave such a row out without a word.
                raise Unreadable(f"The rows of a sheet are not in order (row {row}). {_WAY_OUT}")
            last = row
            element.clear()
    return found


def _told(read: _Read) -> tuple[Reading, ...]:
    surveyed = read.surveyed
    counts = [
        (surveyed.formulas - len(surveyed.unsaved), "formula", "formulas",
         "read as the value that was saved with the file"),
        (surveyed.hidden_rows, "hidden row", "hidden rows", "read like the others"),
        (surveyed.hidden_columns, "hidden column", "hidden columns", "read like the others"),
    ]  # fmt: skip
    told = [
        Reading(f"{count:,} {one if count == 1 else many}, {how}.")
        for count, one, many, how in counts
        if count
    ]
    hidden = Reading(f"The sheet {read.name} is hidden; it was read like the others.")
    return (*told, *([hidden] if read.is_hidden else []))
