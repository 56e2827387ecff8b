"""A paper as a workbook after the guidance of the Government Analysis Function on spreadsheets.

A cover, contents and notes; one marked-up table on each sheet, with a title above it, one header row
and no merged or empty cells; nothing told by colour. Every figure has its period, and the edition it
comes from.

https://analysisfunction.civilservice.gov.uk/policy-store/releasing-statistics-in-spreadsheets/
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import polars as pl
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.table import Table, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from kpi_core.cells import sentence_case
from kpi_core.report import zips
from kpi_core.report.tree import LANGUAGE, Paper, Sheet, printable
from kpi_core.words import Rating

#: What stands in a cell without an entry, as the guidance has it.
NOT_KNOWN, NOT_APPLICABLE = "[x]", "[z]"
#: Columns that many rows have no use for; in others an entry that is missing is not known.
_OPTIONAL = re.compile(
    r"(target|floor|lower|upper|judged|note|status|alert|indicator|section|heading|lifecycle|change|"
    r"direction|rating|action|due|update|year|before|previous|actual_period).*"
)
_NAMES = {
    "indicator": "Code", "name": "Indicator", "shown_for": "Period", "no_data": "No data",
    "year_value": "Year to date", "before_value": "Year before", "actual": "Last year's actual",
}  # fmt: skip
_ABOUT = (
    "Every sheet has one table. The sheet Contents lists them; the sheet Notes says what stands where "
    "there is no figure."
)
_PUBLISHED = (
    "Where a rating or direction has the basis published, it is taken from a published document, "
    "because its printed figures cannot decide it; otherwise it is computed."
)
_WIDEST = 60
#: What can be in a cell of a worksheet at most.
_LONGEST = 32_767
_TITLE, _HEADING = Font(name="Arial", size=15, bold=True), Font(name="Arial", size=12, bold=True)
_PLAIN, _BOLD = Font(name="Arial", size=11), Font(name="Arial", size=11, bold=True)
_TOP = Alignment(vertical="top", wrap_text=True)
_STYLE = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")


def xlsx(paper: Paper) -> bytes:
    """The paper as a workbook."""
    book = Workbook()
    book.remove(book.active)
    _properties(book, paper)
    sheets = [_with_edition(sheet, paper) for sheet in paper.sheets]
    _cover(book, paper)
    contents = pl.DataFrame(
        {
            "sheet": ["Notes", *(sheet.name for sheet in sheets)],
            "title": ["What to know about this workbook", *(sheet.title for sheet in sheets)],
            "rows": [len(_notes(paper)), *(sheet.rows.height for sheet in sheets)],
        }
    )
    _tabled(book, Sheet("Contents", "Contents", "The sheets of this workbook.", contents), paper)
    for row in range(_FIRST + 1, _FIRST + 1 + contents.height):
        cell = book["Contents"].cell(row, 1)
        cell.hyperlink = f"#'{cell.value}'!A1"
    notes = pl.DataFrame(
        list(enumerate(_notes(paper), 1)),
        schema={"number": pl.Int64, "note": pl.String},
        orient="row",
    )
    about = "What the figures are, and what stands where there is none."
    _tabled(book, Sheet("Notes", "What to know about this workbook", about, notes), paper)
    for sheet in sheets:
        _tabled(book, sheet, paper)
    held = io.BytesIO()
    book.save(held)
    moment = paper.written_at.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    return zips.fixed(held.getvalue(), lambda _, part: _MODIFIED.sub(rb"\g<1>" + moment, part))


#: The row in which the header of each table stands.
_FIRST = 4


def _properties(book: Workbook, paper: Paper) -> None:
    held, moment = book.properties, paper.written_at.replace(tzinfo=None)
    held.title, held.creator, held.subject = paper.name, paper.organisation.name, paper.subtitle
    held.description, held.keywords, held.language = paper.made_from, paper.kind, LANGUAGE
    held.created, held.lastModifiedBy = moment, paper.organisation.name


def _with_edition(sheet: Sheet, paper: Paper) -> Sheet:
    edition = paper.edition.name if paper.edition else "none: the latest figures"
    rows = sheet.rows.with_columns(edition=pl.lit(edition))
    return Sheet(sheet.name, sheet.title, sheet.about, rows)


def _cover(book: Workbook, paper: Paper) -> None:
    page: Worksheet = book.create_sheet("Cover")
    lines: list[tuple[str, Font]] = [
        (paper.title, _TITLE),
        (paper.subtitle, _HEADING),
        (paper.organisation.name, _PLAIN),
        *((f"{warning}.", _BOLD) for warning in paper.warnings),
        (paper.made_from, _PLAIN),
        (_ABOUT, _PLAIN),
        *(
            (f"{name}: {text}", _PLAIN)
            for name, text in (
                ("Contact", paper.organisation.papers.email),
                ("Telephone", paper.organisation.papers.telephone),
            )
            if text
        ),
    ]  # fmt: skip
    for row, (text, font) in enumerate(lines, 1):
        _put(page.cell(row, 1), text, font)
    page.column_dimensions["A"].width = 90
    _printed(page, paper)


def _notes(paper: Paper) -> list[str]:
    wording = paper.organisation.wording
    ratings = [*wording.decided, Rating.NO_DATA, Rating.NOT_RATED, Rating.UNDECIDED]
    return [
        paper.made_from,
        f"{NOT_KNOWN} stands where a figure or word is not known.",
        f"{NOT_APPLICABLE} stands where there is nothing to say, or nothing is set.",
        "Percentages are percent numbers: 89 is 89%. Times of the unit seconds are in seconds.",
        _PUBLISHED,
        *(f"{one}: {wording.label(one)}. {wording.meaning(one)}." for one in ratings),
        *paper.notes,
    ]


def _tabled(book: Workbook, sheet: Sheet, paper: Paper) -> None:
    """A sheet with its title, what it is about, what has to be said everywhere, and its table."""
    page: Worksheet = book.create_sheet(sheet.name)
    _put(page.cell(1, 1), sheet.title, _TITLE, wrap=False)
    _put(page.cell(2, 1), f"This worksheet contains one table. {sheet.about}", _PLAIN, wrap=False)
    said = " ".join([*(f"{warning}." for warning in paper.warnings), paper.made_from])
    _put(page.cell(3, 1), said, _PLAIN, wrap=False)
    names = _headers(sheet.rows.columns)
    for column, name in enumerate(names, 1):
        _put(page.cell(_FIRST, column), name, _BOLD)
    for row, values in enumerate(sheet.rows.iter_rows(), _FIRST + 1):
        for column, (name, value) in enumerate(zip(sheet.rows.columns, values, strict=True), 1):
            _put(page.cell(row, column), _entry(name, value), _PLAIN)
    last = page.cell(_FIRST + sheet.rows.height, len(names)).coordinate
    table = Table(displayName=re.sub(r"\W", "_", sheet.name), ref=f"A{_FIRST}:{last}")
    table.tableStyleInfo = _STYLE
    page.add_table(table)
    for column, name in enumerate(sheet.rows.columns, 1):
        letter = page.cell(_FIRST, column).column_letter
        page.column_dimensions[letter].width = _width(sheet.rows[name], names[column - 1])
    _printed(page, paper)


def _headers(columns: Sequence[str]) -> list[str]:
    return [_NAMES.get(name, sentence_case(name.replace("_", " "))) for name in columns]


def _entry(name: str, value: Any) -> Any:
    if value is None or value == "":
        return NOT_APPLICABLE if _OPTIONAL.fullmatch(name) else NOT_KNOWN
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, Decimal):
        # A spreadsheet has no decimals of its own; these figures are exact in what it has.
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def _width(values: pl.Series, name: str) -> float:
    longest = values.cast(pl.String).str.len_chars().max()
    return min(max(len(name), int(longest or 0)) * 1.1 + 3, _WIDEST)  # type: ignore[arg-type]


def _put(cell: Cell, value: Any, font: Font, *, wrap: bool = True) -> None:
    """Text is always text: what begins like a formula is marked as none."""
    if isinstance(value, str):
        text = printable(value)[:_LONGEST]
        cell.value = text
        cell.data_type = "s"
        cell.quotePrefix = text[:1] in "=+-@\t"
    else:
        cell.value = value
    cell.font = font
    if wrap:
        cell.alignment = _TOP


def _printed(page: Worksheet, paper: Paper) -> None:
    """How the sheet prints: across, as wide as the paper, with what every page has to say."""
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = page.PAPERSIZE_A4
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.page_setup.fitToHeight = 0
    said = " · ".join([paper.name, *paper.warnings])
    page.oddHeader.left.text = said.replace("&", "&&")
    page.oddFooter.left.text = paper.made_from.replace("&", "&&")
    page.oddFooter.right.text = "Page &P of &N"
