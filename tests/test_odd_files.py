"""Every file of tests/odd_files, uploaded: what is read, what is told, what is refused and how."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from kpi_core.ingest import FileRead, read
from tests.held import one_read
from tests.odd_files import write
from tests.tables import RULES, cases_of

FOLDER = Path(write.__file__).parent
FILES = sorted(path.name for path in FOLDER.iterdir() if path.is_file() and path.suffix != ".py")

#: Those of the page on files, which tests/spec holds against the reading of files.
ON_THE_PAGE = {case.cells["File"].strip("`") for case in cases_of(RULES / "files.md")}

#: Neither: each has its own test below.
OTHERS = {
    "header_only.csv", "mac_roman.csv", "ms_dos.csv", "remarks_beside.xlsx", "days.xlsx",
    "days_from_1904.xlsx",
}  # fmt: skip


def uploaded(file: str, answers: dict[str, str] | None = None) -> FileRead:
    return one_read(file, (FOLDER / file).read_bytes(), answers)


def figures_of(one: FileRead) -> pl.DataFrame:
    return pl.concat([part.rows for part in one.parts]).drop("file_row")


def test_every_odd_file_is_tried_and_is_what_its_script_writes() -> None:
    assert set(FILES) == ON_THE_PAGE | OTHERS
    written = write.text_files() | write.workbooks()
    for file in FILES:
        assert (FOLDER / file).read_bytes() == written[file], file


@pytest.mark.parametrize("file", FILES)
def test_only_what_the_bytes_alone_say_is_plain(file: str) -> None:
    """What is plain may be read again from its bytes alone, as the folder's files are."""
    content = (FOLDER / file).read_bytes()
    one = uploaded(file)
    if one.is_plain:
        again = read(file, content)
        assert [part.rows.equals(again.rows) for part in one.parts] == [True]
        assert one.problems == again.problems
    else:
        assert file not in {"utf8.csv", "utf8_with_mark.csv", "quotes_everywhere.csv"}


def test_titles_above_the_header_are_told_as_set_aside() -> None:
    one = uploaded("titles_above.csv")
    assert [(reading.text, reading.rows) for reading in one.aside] == [
        ("Testshire Council", (1,)), ("Figures to September 2025", (2,)),
    ]  # fmt: skip
    assert (one.lines, one.read, one.refused) == (5, 3, 0)
    assert figures_of(one).height == 3
    assert one.parts[0].rows["file_row"].to_list() == [5, 6, 7]


def test_a_header_alone_has_no_rows_and_no_problems() -> None:
    one = uploaded("header_only.csv")
    assert (one.problems, one.lines, one.read, one.refused) == ((), 0, 0, 0)


@pytest.mark.parametrize(
    ("file", "codec"), [("mac_roman.csv", "mac_roman"), ("ms_dos.csv", "cp850")]
)
def test_an_older_encoding_is_shown_and_can_be_corrected(file: str, codec: str) -> None:
    (question,) = uploaded(file).questions
    assert question.taken == "cp1252"
    labels = {option.code: option.label for option in question.options}
    assert labels[codec].endswith("Café")
    assert not labels["cp1252"].endswith("Café")
    corrected = uploaded(file, {question.key: codec})
    assert corrected.questions[0].taken == codec
    assert figures_of(corrected)["note"].to_list()[0] == "Café, £5"


def test_a_sheet_of_no_known_kind_beside_figures_is_asked_about() -> None:
    one = uploaded("remarks_beside.xlsx")
    (question,) = one.questions
    assert question.is_open
    assert "The sheet Remarks (1 row) is no table that is known." in question.text
    assert (one.lines, one.read, one.refused, one.problems) == (4, 3, 1, ())
    left = uploaded("remarks_beside.xlsx", {question.key: "leave"})
    assert [reading.text for reading in left.aside] == ["Remarks: Ask Ann about DAYS"]
    assert (left.read, left.refused, left.problems) == (3, 0, ())
    meant = uploaded("remarks_beside.xlsx", {question.key: "read"})
    assert "The columns are not those of any table." in meant.problems[0].message


def test_sheets_of_one_workbook_are_named_in_what_is_said() -> None:
    one = uploaded("two_sheets.xlsx")
    assert [part.file for part in one.parts] == [
        "two_sheets.xlsx, sheet One",
        "two_sheets.xlsx, sheet Two",
    ]


@pytest.mark.parametrize("file", ["days.xlsx", "days_from_1904.xlsx"])
def test_a_day_is_the_same_in_both_calendars_of_workbooks(file: str) -> None:
    one = uploaded(file)
    assert figures_of(one).row(0)[:2] == ("CALLS", "2025-06")
    assert one.readings[0].text == 'period: "2025-06-30" read as 2025-06.'


# Files too big to be kept here


def observations(*rows: list[str]) -> bytes:
    return write.lines([write.HEADER, *write.ROWS, *rows]).encode()


def test_a_megabyte_in_one_cell_is_a_problem_of_that_cell() -> None:
    long = ["DAYS", "2025/26 Q2", "period", "", "", "9.2", "actual", "x" * 2**20]
    one = one_read("o.csv", observations(long))
    (problem,) = one.problems
    assert (problem.row, problem.column) == (5, "note")
    assert problem.message == (
        "The cell holds 1,048,576 characters, where at most 32,767 fit. Shorten it."
    )
    assert len(problem.value or "") < 300
    assert (one.read, one.refused) == (3, 1)


def test_a_megabyte_in_quotes_is_read_too() -> None:
    long = ["DAYS", "2025/26 Q2", "period", "", "", "9.2", "actual", 'x,"' * 2**19]
    (problem,) = one_read("o.csv", observations(long)).problems
    assert (problem.row, problem.column) == (5, "note")


def test_a_line_of_very_many_cells_is_refused_with_the_limit() -> None:
    one = one_read("o.csv", observations([""] * 3000))
    assert one.problems[0].message == "A row has 3,000 cells, where at most 2,000 are read."
    assert (one.lines, one.refused) == (5, 5)


def packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_a_zip_bomb_is_not_unpacked() -> None:
    parts = {"[Content_Types].xml": b"<x/>", "xl/worksheets/sheet1.xml": bytes(400_000_000)}
    content = packed(parts)
    assert len(content) < 1_000_000
    (problem,) = one_read("bomb.xlsx", content).problems
    assert problem.message.startswith(
        "The workbook unpacks to 400 MB, where at most 200 MB are opened."
    )


def test_a_workbook_of_very_many_parts_is_not_opened() -> None:
    parts = {"[Content_Types].xml": b"<x/>"} | {f"xl/{number}": b"" for number in range(5000)}
    (problem,) = one_read("many.xlsx", packed(parts)).problems
    assert "The workbook has 5,001 parts, where at most 5,000 are opened." in problem.message


def test_a_part_that_hides_its_size_is_damaged() -> None:
    """The size that a zip gives for a part is no promise: what is unpacked stops there."""
    whole = (FOLDER / "workbook.xlsx").read_bytes()
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    shrunk = whole.replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little"))
    assert shrunk != whole
    (problem,) = one_read("workbook.xlsx", shrunk).problems
    assert problem.message.startswith("The workbook is damaged: it cannot be opened.")


def test_a_number_is_read_by_the_digits_that_a_spreadsheet_holds() -> None:
    rows = [["CALLS", f"2025-0{month}", "period", "", "", value, "actual", ""]
            for month, value in enumerate([0.1 + 0.2, 1e-6, 123456789012.125, -3.2, 7], start=1)]  # fmt: skip
    content = write.saved(write.book(("Figures", [write.HEADER, *rows])))
    one = one_read("numbers.xlsx", content)
    assert one.problems == ()
    assert one.parts[0].rows["value"].to_list() == [
        Decimal("0.3"), Decimal("0.000001"), Decimal("123456789012.125"), Decimal("-3.2"), Decimal(7),
    ]  # fmt: skip
