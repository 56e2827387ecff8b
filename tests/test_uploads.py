"""Files that people upload: which table they are of, and cells of tidy tables as people write them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kpi_core.ingest import FileRead, read_batch
from tests.councils import csv_text
from tests.held import held, one_read
from tests.odd_files.write import HEADER, ROWS, book, lines, saved


def observation(
    value: str = "89", period: str = "2025/26 Q1", indicator: str = "CALLS"
) -> list[str]:
    return [indicator, period, "period", "", "", value, "actual", ""]


def one_row(**changed: str) -> FileRead:
    return one_read("o.csv", lines([HEADER, observation(**changed)]).encode())


@pytest.mark.parametrize(
    ("written", "indicator", "figure"),
    [
        ("97%", "CALLS", "97"),
        ("1,234.5", "VISITS", "1234.5"),
        ("−5", "VISITS", "-5"),
        ("9.5 days", "DAYS", "9.5"),
        (" 89.10 ", "CALLS", "89.1"),
    ],
)
def test_a_figure_as_people_write_it_is_read_and_shown(
    written: str, indicator: str, figure: str
) -> None:
    one = one_row(value=written, indicator=indicator)
    assert one.problems == ()
    assert one.parts[0].rows["value"].to_list() == [Decimal(figure)]
    is_as_written = written.strip() == "89.10"
    assert one.is_plain is is_as_written
    assert [reading.rows for reading in one.readings] == ([] if is_as_written else [(2,)])


@pytest.mark.parametrize(
    ("written", "indicator"),
    [
        ("97%", "VISITS"),
        ("£5", "CALLS"),
        ("(12)", "VISITS"),
        ("97 (p)", "CALLS"),
        ("89*", "CALLS"),
        ("97%", "UNKNOWN"),
        ("about 5", "VISITS"),
        ("1234567890123", "VISITS"),
    ],
)
def test_a_doubtful_figure_is_refused_and_never_guessed(written: str, indicator: str) -> None:
    one = one_row(value=written, indicator=indicator)
    assert (one.problems[0].column, one.problems[0].value) == ("value", written)
    assert (one.read, one.refused) == (0, 1)


def test_no_figure_in_words_is_a_blank_and_needs_the_status_to_say_so() -> None:
    rows = [observation("n/a"), [*observation("n/a", "2025/26 Q2")[:6], "no_data", ""]]
    one = one_read("o.csv", lines([HEADER, *rows]).encode())
    assert one.problems[0].message.startswith("There is no figure here.")
    assert [row["value"] for row in one.parts[0].rows.iter_rows(named=True)] == [None]


@pytest.mark.parametrize(
    ("written", "period"),
    [
        ("Sep-25", "2025-09"),
        ("September 2025", "2025-09"),
        ("Q2 2025/26", "2025/26 Q2"),
        ("30/09/2025", "2025-09"),
        ("2025-09-30", "2025-09"),
    ],
)
def test_a_period_as_people_write_it_is_read_and_shown(written: str, period: str) -> None:
    one = one_row(period=written)
    assert one.parts[0].rows["period"].to_list() == [period]
    assert one.readings[0].text == f'period: "{written}" read as {period}.'


@pytest.mark.parametrize("written", ["03/04/2025", "summer", "Q5 2025/26"])
def test_a_period_that_can_be_two_or_none_is_refused(written: str) -> None:
    one = one_row(period=written)
    assert (one.problems[0].column, one.problems[0].value) == ("period", written)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("9 January 2025", "2025-01-09"),
        ("09 Jan 2025", "2025-01-09"),
        ("31/01/2025", "2025-01-31"),
        ("05/05/2025", "2025-05-05"),
        ("09/01/2025", None),
        ("31/02/2025", None),
    ],
)
def test_a_day_that_can_be_read_in_one_way_only_is_read(written: str, day: str | None) -> None:
    row = {"document": "D1", "title": "T", "report": "qpr", "period": "2024/25"}
    text = csv_text("documents", [{**row, "published_on": written}])
    one = one_read("documents.csv", text.encode())
    assert [str(found) for found in one.parts[0].rows["published_on"]] == ([day] if day else [])
    assert bool(one.problems) is (day is None)


def test_a_count_with_marks_between_thousands_is_read() -> None:
    text = 'period,low,medium,high\n2025-09,"1,234",2,1.5\n2025-10,"1,234",2,3\n'
    one = one_read("risk_levels.csv", text.encode())
    assert one.parts[0].rows["low"].to_list() == [1234]
    assert [(problem.row, problem.column) for problem in one.problems] == [(2, "high")]


def test_more_than_six_decimals_are_asked_about_and_rounded_only_when_told() -> None:
    content = saved(book(("Figures", [HEADER, [*observation()[:5], 100 / 7, "actual", ""]])))
    one = one_read("o.xlsx", content)
    (question,) = one.questions
    assert question.is_open
    assert "such as 14.2857142857143 in row 2" in question.text
    assert (one.read, one.refused) == (0, 1)
    rounded = one_read("o.xlsx", content, {question.key: "round"})
    assert rounded.parts[0].rows["value"].to_list() == [Decimal("14.285714")]
    assert rounded.readings[0].text == 'value: "14.2857142857143" read as 14.285714.'
    assert one_read("o.xlsx", content, {question.key: "refuse"}).problems[0].column == "value"


def test_many_values_read_otherwise_are_told_in_a_few_lines() -> None:
    rows = [observation(f"{place}%", f"19{place:02d}-01") for place in range(10, 60)]
    one = one_read("o.csv", lines([HEADER, *rows]).encode())
    assert len(one.readings) == 13
    assert one.readings[-1].text == "value: 38 other values read in the same way."
    assert sum(len(reading.rows) for reading in one.readings) == 50


# Kind


def test_a_single_word_above_the_header_is_a_title_and_no_table_of_one_column() -> None:
    one = one_read("o.csv", f"Period\n{lines([HEADER, *ROWS])}".encode())
    assert (one.parts[0].table, one.read, [a.text for a in one.aside]) == (
        "observations", 3, ["Period"],
    )  # fmt: skip


def test_a_line_by_which_excel_is_told_the_separator_is_heeded() -> None:
    one = one_read("o.csv", f"sep=;\n{lines([HEADER, *ROWS], ';')}".encode())
    assert (one.read, one.problems, [a.text for a in one.aside]) == (3, (), ["sep="])


def test_a_workbook_of_several_tables_is_read_sheet_by_sheet() -> None:
    limits = [["indicator", "year", "period", "status", "target", "floor"],
              ["CALLS", "2025/26", "", "set", 90, 80]]  # fmt: skip
    one = one_read("figures.xlsx", saved(book(("Figures", [HEADER, *ROWS]), ("Limits", limits))))
    assert [part.table for part in one.parts] == ["observations", "targets"]
    assert (one.lines, one.read, one.refused, one.problems) == (4, 4, 0, ())


def test_bytes_of_no_likely_encoding_are_asked_about() -> None:
    content = lines([HEADER, [*observation()[:7], "Caf@"]]).encode().replace(b"@", b"\x81")
    one = one_read("o.csv", content)
    (question,) = one.questions
    assert question.is_open
    assert (one.parts, one.lines, one.refused) == ((), 2, 2)
    answered = one_read("o.csv", content, {question.key: "cp850"})
    assert answered.parts[0].rows["note"].to_list() == ["Cafü"]


def test_rows_that_clash_with_another_file_are_counted_as_refused() -> None:
    content = lines([HEADER, *ROWS]).encode()
    first, second = read_batch({"a.csv": content, "b.csv": content}, held()).files
    assert (first.read, first.refused, second.read, second.refused) == (3, 0, 0, 3)
    assert "a.csv has the same" in second.problems[0].message


def test_progress_names_each_file_and_ends_with_the_check() -> None:
    content, heard = lines([HEADER, *ROWS]).encode(), list[tuple[float, str]]()
    read_batch({"a.csv": content}, held(), progress=lambda share, what: heard.append((share, what)))
    assert heard == [(0.0, "Reading a.csv"), (0.8, "Checking the rows against what is held")]
