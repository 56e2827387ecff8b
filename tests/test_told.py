"""Problems told together, and the copy of a file that has them beside its rows."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from kpi_core.errors import Problem, RefusedFiles, grouped
from kpi_core.ingest import read, told
from tests.held import one_read
from tests.odd_files import write


def problem(
    row: int | None, value: str | None, message: str, column: str | None = "value"
) -> Problem:
    return Problem("o.csv", row, column, value, message)


def test_like_problems_are_one_sentence_with_their_rows() -> None:
    rows = [4, 5, 6, 9, 12, 13]
    (group,) = grouped([problem(row, "lots", "Enter a number.") for row in rows])
    assert str(group) == (
        'o.csv, rows 4–6, 9 and 12–13, column value: you entered "lots". Enter a number.'
    )


def test_values_that_differ_are_shown_and_the_rest_counted() -> None:
    (group,) = grouped([problem(row, f"x{row}", "Enter a number.") for row in range(2, 10)])
    assert group.values == tuple(f"x{row}" for row in range(2, 10))
    assert 'you entered "x2", "x3", "x4", "x5", "x6" and 3 more. Enter a number.' in str(group)


def test_messages_that_differ_in_what_they_quote_are_alike() -> None:
    (group,) = grouped(
        problem(row, f"{row}%", f"Enter the number alone, without commas, % or £: {row}.")
        for row in (2, 3)
    )
    assert str(group) == (
        'o.csv, rows 2–3, column value: you entered "2%" and "3%". '
        "Row 2: Enter the number alone, without commas, % or £: 2."
    )


def test_problems_of_another_kind_column_or_file_stay_apart() -> None:
    several = [
        problem(2, None, "The cell is blank but is required. Fill it."),
        problem(3, "x", "Enter a number."),
        problem(3, "x", "Enter a number.", column="numerator"),
        Problem("other.csv", 3, "value", "x", "Enter a number."),
    ]
    assert [group.problems for group in grouped(several)] == [(one,) for one in several]


def test_many_separate_rows_are_counted() -> None:
    (group,) = grouped([problem(row, None, "Fill it.") for row in range(2, 60, 2)])
    assert group.rows == "rows 2, 4, 6, 8, 10, 12, 14, 16 and 21 more"


def test_a_problem_of_the_whole_file_has_no_rows() -> None:
    (group,) = grouped([problem(None, None, "The file is empty.", column=None)])
    assert str(group) == "o.csv: The file is empty."


def test_another_start_of_the_year_is_one_line_and_not_one_for_every_figure() -> None:
    periods = [f"2024/25 Q{number}" for number in (1, 2, 3, 4)] * 10
    text = "".join(f"K{row},{period},period,,,1,actual\n" for row, period in enumerate(periods))
    content = f"indicator,period,basis,breakdown,item,value,status\n{text}".encode()
    problems = read("observations.csv", content, year_start=1).problems
    assert len(problems) == 40
    first, last = str(RefusedFiles(problems)).split("\n")
    assert first.startswith("observations.csv, rows 2–41, column period: you entered")
    assert last == "40 problems; nothing was saved."


def test_a_few_like_problems_are_still_told_one_by_one() -> None:
    few = [problem(row, "x", "Enter a number.") for row in (2, 3)]
    assert str(RefusedFiles(few)).split("\n")[:2] == [str(one) for one in few]


# The copy of the file


def copied(file: str, content: bytes) -> list[list[str]]:
    text = told.annotated(one_read(file, content), content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def test_the_copy_has_every_row_in_its_place_and_its_problems_last() -> None:
    good, bad = write.ROWS[0], [*write.ROWS[1][:5], "lots", "nearly", ""]
    content = f"Title\n\n{write.lines([write.HEADER, good, bad])}".encode()
    assert copied("o.csv", content) == [
        ["Title", *[""] * 8],
        [""] * 9,
        [*write.HEADER, "problems"],
        [*good, ""],
        [
            *bad,
            (
                "value: Enter a number such as 89 or 12.5: at most 12 digits, a point and 6 "
                "decimals. status: Enter one of: actual, provisional, estimate, no_data."
            ),
        ],
    ]


def test_the_copy_says_beside_the_header_what_must_be_answered() -> None:
    content = b"Ref,Apr-25,Whatever\nCALLS,lots,1\n"
    head, row = copied("o.csv", content)
    assert head[-1].startswith('problems: To be answered: What does the column "Whatever" hold?')
    assert "To be answered" not in row[-1]


def test_a_cell_that_a_spreadsheet_would_run_is_guarded_in_the_copy() -> None:
    row = [*write.ROWS[0][:5], "-3.2", "actual", "=1+2"]
    content = write.lines([write.HEADER, row]).encode()
    assert copied("o.csv", content)[1][5:8] == ["-3.2", "actual", "'=1+2"]


def test_what_is_wrong_with_the_header_stands_beside_it() -> None:
    content = write.lines([[*write.HEADER[:-1], "remark"], write.ROWS[0]]).encode()
    first, second = copied("o.csv", content)
    assert first[-1].startswith("problems: remark: observations.csv has no such column.")
    assert second[-1] == ""


def test_a_file_that_is_no_table_comes_back_with_what_is_wrong() -> None:
    assert copied("o.csv", b"%PDF-1.7") == [
        ["problems"],
        ["o.csv: This is a PDF and cannot be read. Save it as .xlsx or CSV UTF-8."],
    ]


def test_the_sheets_of_a_workbook_follow_each_other_by_name() -> None:
    content = (Path(write.__file__).parent / "two_sheets.xlsx").read_bytes()
    names = [line[0] for line in copied("two_sheets.xlsx", content)]
    assert names == ["One", "indicator", "CALLS", "CALLS", "Two", "indicator", "DAYS"]
