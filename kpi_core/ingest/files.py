"""A file becomes sheets, by what it holds and not by what it is called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kpi_core.errors import Problem
from kpi_core.ingest import delimited, encoding
from kpi_core.ingest.received import Question
from kpi_core.ingest.sheet import Sheet, Unreadable

EMPTY = "The file is empty. Enter a header and at least one row."

#: How files begin that are often taken for tables, and what they are.
_OTHERS = {
    b"\xd0\xcf\x11\xe0": "an old .xls workbook, or one locked with a password,",
    b"%PDF": "a PDF",
    b"{\\rtf": "a text document",
    b"\x1f\x8b": "a compressed file",
    b"PAR1": "a Parquet file",
}
_ZIP = b"PK"
_OPENDOCUMENT = b"application/vnd.oasis.opendocument"


@dataclass(frozen=True)
class Opened:
    """The sheets of a file that hold anything, and why others could not be read."""

    sheets: tuple[Sheet, ...] = ()
    problems: tuple[Problem, ...] = ()
    questions: tuple[Question, ...] = ()
    lines: int = 0  #: lines that hold anything, where the file could not be read as a table
    is_plain: bool = False  #: UTF-8 and parted by commas


def opened(file: str, content: bytes, answers: Mapping[str, str]) -> Opened:
    """The sheets of an XLSX or of a CSV, TSV or text of any usual encoding and separator."""
    for start, kind in _OTHERS.items():
        if content.startswith(start):
            return _refused(
                file, f"This is {kind} and cannot be read. Save it as .xlsx or CSV UTF-8."
            )
    if content.startswith(_ZIP):
        return _workbook(file, content)
    return _text(file, content, answers)


def _workbook(file: str, content: bytes) -> Opened:
    if _OPENDOCUMENT in content[:200]:
        return _refused(
            file, "This is an OpenDocument file and cannot be read. Save it as .xlsx or CSV UTF-8."
        )
    from kpi_core.ingest import workbook  # noqa: PLC0415 - half a second to import

    try:
        sheets, problems = workbook.sheets(file, content)
    except Unreadable as error:
        return _refused(file, error.message)
    if not sheets:
        return _refused(file, EMPTY)
    return Opened(sheets, problems)


def _text(file: str, content: bytes, answers: Mapping[str, str]) -> Opened:
    found = encoding.decoded(file, content, answers)
    if found.text is None:
        problems = () if found.problem is None else (found.problem,)
        return Opened((), problems, found.questions, lines=filled(content))
    separator, told, asked = delimited.separator_of(file, found.text, answers)
    questions = found.questions + asked
    try:
        cells = delimited.cells(found.text, separator)
    except Unreadable as error:
        problem = Problem(file, error.row, None, error.value, error.message)
        return Opened((), (problem,), questions, lines=filled(found.text.encode()))
    if cells.is_empty():
        return _refused(file, EMPTY)
    sheet = Sheet(file, "", cells, found.readings + told)
    return Opened((sheet,), (), questions, is_plain=found.is_utf8 and separator == ",")


def _refused(file: str, message: str) -> Opened:
    return Opened((), (Problem(file, None, None, None, message),))


def filled(content: bytes) -> int:
    """How many lines of a text hold anything, where its cells could not be told."""
    return sum(bool(line.strip()) for line in content.replace(b"\r", b"\n").split(b"\n"))
