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

FOLDER = Path(write.__file__).parent
FILES = sorted(path.name for path in FOLDER.iterdir() if path.is_file() and path.suffix != ".py")

#: The good ones, and words of what is told of each: how it was read.
GOOD = {
    "utf8.csv": [],
    "utf8_with_mark.csv": [],
    "utf16_little.csv": ["Read as UTF-16."],
    "utf16_big.csv": ["Read as UTF-16."],
    "utf16_little_without_mark.csv": ["Read as UTF-16."],
    "utf16_big_without_mark.csv": ["Read as UTF-16."],
    "windows_1252.csv": ['Read as Windows-1252: "Café".'],
    "unicode_text.txt": ["Read as UTF-16.", "The cells are parted by tabs."],
    "semicolons.csv": ["The cells are parted by semicolons."],
    "tabs.tsv": ["The cells are parted by tabs."],
    "line_ends_of_windows.csv": [],
    "line_ends_of_old_macs.csv": [],
    "line_ends_mixed.csv": [],
    "quotes_everywhere.csv": [],
    "no_last_line_end.csv": [],
    "titles_above.csv": [],
    "blank_lines_and_columns.csv": [],
    "names_in_capitals.csv": ["Columns read by the tables' names: \"INDICATOR\" as indicator,"],
    "as_people_write.csv": [
        'period: "Q1 2025/26" read as 2025/26 Q1.', 'period: "Q2 2025/26" read as 2025/26 Q2.',
        'value: "89%" read as 89.', 'value: "90.50 %" read as 90.50.', 'value: "9.1 days" read as 9.1.',
    ],
    "workbook.xlsx": [],
    "workbook_called.csv": [],
    "percentages.xlsx": ['value: "89%" read as 89.', 'value: "90.5%" read as 90.5.'],
    "hidden.xlsx": [
        "1 hidden row, read like the others.", "1 hidden column, read like the others.",
        "The sheet Figures is hidden; it was read like the others.",
    ],
    "merged_title.xlsx": [],
    "formulas.xlsx": ["1 formula, read as the value that was saved with the file."],
    "two_sheets.xlsx": [],
    "wrong_about_its_size.xlsx": [],
    "text_called_a_workbook.xlsx": [],
}  # fmt: skip

#: The others: rows read, rows refused, and words of what is said first.
REFUSED = {
    "empty.csv": (0, 0, "The file is empty. Enter a header and at least one row."),
    "blank_lines.csv": (0, 0, "The file is empty. Enter a header and at least one row."),
    "ragged.csv": (2, 2, "There are 3 cells where the header has 8."),
    "nul_bytes.csv": (2, 1, "The cell holds a character that cannot be shown"),
    "nul_bytes_all_through.csv": (0, 1, "The file is not UTF-8."),
    "control_characters.csv": (2, 1, "The cell holds a character that cannot be shown"),
    "quotation_mark_left_open.csv": (0, 5, "a quotation mark opens a cell and none closes it"),
    "utf16_cut_short.csv": (0, 4, "begins like UTF-16 text but is damaged"),
    "utf8_damaged.csv": (0, 4, "The file is not UTF-8."),
    "letter.csv": (0, 3, "The columns are not those of any table."),
    "commas_or_semicolons.csv": (0, 2, "The columns are not those of any table."),
    "formulas.csv": (1, 1, "Enter a number such as 89 or 12.5"),
    "old_workbook.xls": (0, 0, "an old .xls workbook, or one locked with a password"),
    "paper.csv": (0, 0, "This is a PDF and cannot be read. Save it as .xlsx or CSV UTF-8."),
    "errors.xlsx": (3, 1, "Cell F5 shows an error. Mend its formula, or enter the value."),
    "formulas_without_values.xlsx": (2, 1, "Cell F3 is a formula whose result is not saved"),
    "rows_out_of_order.xlsx": (0, 0, "The rows of a sheet are not in order (row 4)."),
    "no_sheets_filled.xlsx": (0, 0, "The file is empty."),
    "cut_short.xlsx": (0, 0, "The workbook is damaged: it cannot be opened."),
    "entities.xlsx": (0, 0, "The workbook is damaged: it cannot be opened."),
    "no_workbook.xlsx": (0, 0, "This is no Excel workbook."),
    "opendocument.ods": (0, 0, "This is an OpenDocument file and cannot be read."),
}

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
    assert set(FILES) == set(GOOD) | set(REFUSED) | OTHERS
    written = write.text_files() | write.workbooks()
    for file in FILES:
        assert (FOLDER / file).read_bytes() == written[file], file


@pytest.mark.parametrize("file", GOOD)
def test_a_good_odd_file_gives_the_same_figures_and_says_how_it_was_read(file: str) -> None:
    one = uploaded(file)
    plain = read("observations.csv", (FOLDER / "utf8.csv").read_bytes())
    assert one.problems == ()
    assert figures_of(one).equals(plain.rows.drop("file_row"))
    assert not [question for question in one.questions if question.is_open]
    assert (one.read, one.refused) == (3, 0)
    assert len(one.readings) == len(GOOD[file])
    for reading, said in zip(one.readings, GOOD[file], strict=True):
        assert reading.text.startswith(said)


@pytest.mark.parametrize("file", REFUSED)
def test_a_bad_odd_file_says_what_is_wrong_and_how_many_rows_it_refuses(file: str) -> None:
    one = uploaded(file)
    good, bad, said = REFUSED[file]
    assert said in str(one.problems[0])
    assert sum(part.rows.height for part in one.parts) == one.read == good
    assert one.lines - one.read - len(one.aside) == one.refused
    assert one.refused == bad


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
    assert [reading.text for reading in left.aside] == ["Ask Ann about DAYS"]
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
        "The workbook unpacks to 400 MB, where at most 300 MB are opened."
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
