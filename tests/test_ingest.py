"""What people get wrong in a CSV, and what they are told."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_core import schemas
from kpi_core.errors import Problem, RefusedFiles
from kpi_core.ingest import Received, check_overlap, check_references, read
from tests.councils import Row, csv_bytes, figure, tables

HEADER = "indicator,period,basis,breakdown,item,value,status\n"
GOOD = "CALLS,2024/25 Q1,period,,,89,actual\n"


def observations(text: str) -> Received:
    return read("observations.csv", text.encode())


def problems(file: str, text: str) -> list[str]:
    return [str(problem) for problem in read(file, text.encode()).problems]


def of_value(value: str) -> list[str]:
    """What is said of an observation with this value, in row 3 after a good one."""
    return problems("observations.csv", f"{HEADER}{GOOD}CALLS,2024/25 Q2,period,,,{value},actual\n")


# Good files


def test_a_good_file_gives_its_rows_in_their_types() -> None:
    received = observations(HEADER + GOOD)
    assert (received.file, received.table, received.problems) == (
        "observations.csv", "observations", (),
    )  # fmt: skip
    assert received.rows.schema == schemas.empty("observations").schema
    row = received.rows.row(0, named=True)
    assert row["value"] == Decimal(89)
    assert (row["file_row"], row["basis"], row["breakdown"], row["note"]) == (2, "period", "", "")
    assert row["numerator"] is None


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + (HEADER + GOOD).encode(),
        (HEADER + GOOD).replace("\n", "\r\n").encode(),
        (HEADER + GOOD).replace("\n", "\r").encode(),
        (HEADER + "\n , ,,\n" + GOOD + "\n\n").encode(),
        (HEADER + GOOD).replace(",", " , ").replace("\n", "  \n").encode(),
        (HEADER + GOOD).rstrip().encode(),
        (HEADER + '"CALLS","2024/25 Q1","period","","","89","actual"\n').encode(),
    ],
    ids=["BOM", "CRLF", "CR", "blank lines", "spaces", "no last line break", "quotes"],
)
def test_what_spreadsheets_leave_in_files_does_no_harm(content: bytes) -> None:
    received = read("observations.csv", content)
    assert received.problems == ()
    expected = observations(HEADER + GOOD).rows.drop("file_row")
    assert received.rows.drop("file_row").equals(expected)


def test_a_file_of_a_header_alone_has_no_rows_and_no_problems() -> None:
    received = observations(HEADER)
    assert received.problems == ()
    assert received.rows.schema == schemas.empty("observations").schema
    assert received.rows.is_empty()


@pytest.mark.parametrize("table", list(schemas.TABLES))
def test_every_table_is_recognised_by_its_columns(table: str) -> None:
    header = ",".join(schemas.columns(table))
    assert read("Copy of figures (2).csv", header.encode()).table == table


def test_a_known_file_name_counts_more_than_the_columns() -> None:
    assert read("OBSERVATIONS.CSV", HEADER.encode()).table == "observations"
    assert read("targets.csv", HEADER.encode()).table == "targets"


def test_columns_that_need_not_be_filled_may_be_left_out() -> None:
    row = observations(HEADER + GOOD).rows.row(0, named=True)
    assert (row["source"], row["denominator"]) == ("", None)


# The file as a whole


def test_a_file_that_is_not_utf8_says_how_to_save_it() -> None:
    content = (HEADER + GOOD + "CALLS,2024/25 Q2,period,ward,Île,89,actual\n").encode("latin-1")
    (problem,) = read("observations.csv", content).problems
    assert problem.row == 3
    assert "Île" in (problem.value or "")
    assert "CSV UTF-8 (comma delimited)" in problem.message


def test_the_row_that_is_not_utf8_is_counted_after_a_byte_order_mark_too() -> None:
    content = b"\xef\xbb\xbf" + HEADER.encode() + b"\xff" + GOOD.encode()
    (problem,) = read("observations.csv", content).problems
    assert problem.row == 2


@pytest.mark.parametrize("content", [b"", b"\n\n", b" , ,\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_called_empty(content: bytes) -> None:
    assert [str(p) for p in read("observations.csv", content).problems] == [
        "observations.csv: The file is empty. Enter a header and at least one row."
    ]


def test_a_quotation_mark_that_never_closes_is_no_csv() -> None:
    (said,) = problems("observations.csv", HEADER + 'CALLS,"2024/25 Q1')
    assert said.startswith("observations.csv: This is not a CSV file (")
    assert said.endswith("Save the sheet as CSV and try again.")


def test_an_unknown_kind_of_file_names_the_nearest() -> None:
    assert problems("figures.csv", "indicator,period,value\n") == [
        (
            'figures.csv, row 1: you entered "indicator, period, value". The columns are not those of '
            "any table. The nearest is observations.csv; it also needs basis, breakdown, item."
        )
    ]


def test_a_file_of_something_else_is_told_what_a_first_row_is() -> None:
    (said,) = problems("notes.csv", "Dear all\nhere are the figures\n")
    assert "The first row must hold the names of the columns, as data/README.md lists them." in said


# The header


def test_a_wrong_column_names_the_nearest_and_a_missing_one_is_asked_for() -> None:
    text = (HEADER + GOOD).replace("status", "state")
    assert problems("observations.csv", text) == [
        (
            "observations.csv, row 1, column state: observations.csv has no such column. "
            'Did you mean "status"?'
        ),
        "observations.csv, row 1, column status: The column is missing. Add it.",
    ]


def test_a_column_like_no_other_lists_what_there_is() -> None:
    (said,) = problems("reports.csv", "report,title,frequency,zzz\n")
    assert said.endswith("has no such column. Its columns: report, title, frequency.")


def test_a_column_that_stands_twice_is_reported_once() -> None:
    assert problems("reports.csv", "report,title,title,frequency\n") == [
        "reports.csv, row 1, column title: The column stands twice. Remove one."
    ]


def test_a_blank_cell_in_the_header_is_given_by_its_place() -> None:
    assert problems("reports.csv", "report,title,frequency,\nqpr,Report,quarter,\n") == [
        "reports.csv, row 1: Cell 4 of the header is blank. Name the column or delete it."
    ]


# The rows


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("CALLS,2024/25 Q2,period,,,1,234,actual",
         ("There are 8 cells where the header has 7. "
         "A comma inside a text or a number needs double quotes around it.")),
        ("CALLS,2024/25 Q2,period", ("There are 3 cells where the header has 7. "
         "Separate all cells by commas, blank ones too.")),
        ("CALLS", ("There is 1 cell where the header has 7. "
         "Separate all cells by commas, blank ones too.")),
    ],
)  # fmt: skip
def test_a_row_too_long_or_too_short(line: str, said: str) -> None:
    received = observations(f"{HEADER}{GOOD}{line}\n")
    assert [str(p) for p in received.problems] == [f"observations.csv, row 3: {said}"]
    assert received.rows["file_row"].to_list() == [2]


@pytest.mark.parametrize(
    ("entered", "way_out"),
    [
        ("89%", "Enter the number alone, without commas, % or £: 89."),
        ('"1,234"', "Enter the number alone, without commas, % or £: 1234."),
        ("46.5%", "Enter the number alone, without commas, % or £: 46.5."),
        ('"46,5"', "Figures in files have a point before their decimals, not a comma: 46.5."),
        ('"0,125"', "Figures in files have a point before their decimals, not a comma: 0.125."),
        ('"1,234,567.5"', "Enter the number alone, without commas, % or £: 1234567.5."),
        ('"1,2,3"',
         "Enter a number such as 89 or 12.5: at most 12 digits, a point and 6 decimals."),
        ("€5", "Enter the number alone, without commas, % or £: 5."),
        ("£5", "Enter the number alone, without commas, % or £: 5."),
        ("£1234.50", "Enter the number alone, without commas, % or £: 1234.50."),
        ("eighty", "Enter a number such as 89 or 12.5: at most 12 digits, a point and 6 decimals."),
        ("1e5", "Enter a number such as 89 or 12.5: at most 12 digits, a point and 6 decimals."),
        ("1.2.3", "Enter a number such as 89 or 12.5: at most 12 digits, a point and 6 decimals."),
        ("٨٩", "Enter a number such as 89 or 12.5: at most 12 digits, a point and 6 decimals."),
        ("1234567890123",
         "Enter a number such as 89 or 12.5: at most 12 digits, a point and 6 decimals."),
        ("0.1234567",
         "Enter a number such as 89 or 12.5: at most 12 digits, a point and 6 decimals."),
    ],
)  # fmt: skip
def test_what_is_no_number(entered: str, way_out: str) -> None:
    shown = entered.strip('"')
    assert of_value(entered) == [
        f'observations.csv, row 3, column value: you entered "{shown}". {way_out}'
    ]


@pytest.mark.parametrize("entered", ["-3.2", "+4", "0", "999999999999.999999"])
def test_what_is_a_number(entered: str) -> None:
    assert of_value(entered) == []


@pytest.mark.parametrize(
    "period", ["2024/26 Q1", "2024/25 Q5", "2024-13", "2024", "Q2 2024/25", "0000/01", "summer"]
)
def test_an_impossible_period_says_how_periods_are_written(period: str) -> None:
    assert problems("observations.csv", (HEADER + GOOD).replace("2024/25 Q1", period)) == [
        (
            f'observations.csv, row 2, column period: you entered "{period}". "{period}" is not a '
            "period. Write a year as 2024/25, a quarter as 2024/25 Q2, a month as 2024-09."
        )
    ]


def test_a_year_is_read_in_the_calendar_of_the_organisation() -> None:
    text = (HEADER + GOOD).replace("2024/25 Q1", "2024 Q1").encode()
    assert read("observations.csv", text, year_start=1).problems == ()


def test_two_rows_of_one_key_are_both_pointed_at() -> None:
    again = GOOD.replace("89", "90")
    assert problems("observations.csv", HEADER + GOOD + GOOD.replace("Q1", "Q2") + again) == [
        f'observations.csv, row {row}: you entered "CALLS, 2024/25 Q1, period". Another row of '
        "this file has the same indicator, period, basis, breakdown, item. Keep one of them."
        for row in (2, 4)
    ]


def test_a_cell_that_must_be_filled() -> None:
    assert problems("observations.csv", HEADER + GOOD.replace("CALLS", " ")) == [
        "observations.csv, row 2, column indicator: The cell is blank but is required. Fill it."
    ]


@pytest.mark.parametrize(
    ("column", "entered", "way_out"),
    [
        ("basis", "quarterly", "Enter one of: period, ytd, 12m."),
        ("status", "Actual", "Enter one of: actual, provisional, estimate, no_data."),
    ],
)
def test_closed_lists_name_what_may_be_entered(column: str, entered: str, way_out: str) -> None:
    row = {**figure("CALLS", "2024/25 Q1", "89"), column: entered}
    (said,) = read("observations.csv", csv_bytes("observations", [row])).problems
    assert str(said) == (
        f'observations.csv, row 2, column {column}: you entered "{entered}". {way_out}'
    )


@pytest.mark.parametrize(
    ("table", "column", "entered", "way_out"),
    [
        ("indicators", "arrears", "-1", "Enter a whole number, 0 or more, for example 2."),
        ("indicators", "decimals", "1.5", "Enter a whole number, 0 or more, for example 2."),
        ("indicators", "decimals", "7", "Enter a whole number from 0 to 4."),
        ("indicators", "name", "", "The cell is blank but is required. Fill it."),
        ("sections", "order", "first", "Enter a whole number, 0 or more, for example 2."),
        ("sections", "order", "2147483648", "Enter a whole number, 0 or more, for example 2."),
    ],
)
def test_cells_of_other_tables(table: str, column: str, entered: str, way_out: str) -> None:
    row = {**tables()[table][0], column: entered}
    (problem,) = read(f"{table}.csv", csv_bytes(table, [row])).problems
    assert (problem.row, problem.column, problem.message) == (2, column, way_out)
    assert problem.value == (entered or None)


def test_dates_and_flags() -> None:
    header = "document,title,report,period,published_on,file\n"
    for day in ("9 January 2025", "2025-02-30", "25-01-09", "+12025-01-01"):
        (problem,) = read("documents.csv", f"{header}D1,T,qpr,2024/25,{day},\n".encode()).problems
        assert (problem.value, problem.message) == (day, "Enter a date as 2025-01-09.")
    officer = {"report": "qpr", "role": "Director", "from": "2024/25", "name": "A", "interim": "y"}
    (problem,) = read("officers.csv", csv_bytes("officers", [officer])).problems
    assert (problem.column, problem.message) == ("interim", "Enter true or false.")


RULES = [
    ("observations", {"status": "no_data"}, "The status says no_data but there is a value."),
    ("observations", {"value": ""}, "There is no figure here."),
    ("observations", {"denominator": "0"}, "A denominator of 0 gives no figure."),
    ("observations", {"item": "Dover"}, "A part needs the name of its breakdown"),
    ("observations", {"breakdown": "district"}, "A part needs the name of its breakdown"),
    ("targets", {"target": ""}, "A target that is set needs a value."),
    ("targets", {"target_high": "70"}, "The upper end of the target is below its lower end."),
    ("targets", {"target_high": "95", "floor": "91"}, "The floor of a range must lie outside it"),
    ("thresholds", {"lower": "300"}, "The upper end of the expected range is below its lower end."),
]


@pytest.mark.parametrize(("table", "changed", "said"), RULES)
def test_rules_between_columns_say_what_to_do(table: str, changed: Row, said: str) -> None:
    row = {**tables()[table][0], **changed}
    (problem,) = read(f"{table}.csv", csv_bytes(table, [row])).problems
    assert (problem.row, problem.column) == (2, None)
    assert problem.message.startswith(said)


def test_every_rule_between_columns_is_tried_above() -> None:
    tried = {said for _, _, said in RULES}
    for table in schemas.TABLES:
        for sentence in schemas.rules(table).values():
            assert any(sentence.startswith(said) for said in tried), sentence


def test_many_mistakes_come_together_in_the_order_of_the_file() -> None:
    received = observations(
        HEADER
        + "CALLS,2024/25 Q1,period,,,89%,actual\n"
        + GOOD
        + "CALLS,2024/25 Q9,period,,,lots,nearly\n"
        + "CALLS,2024/25 Q3\n"
    )
    assert [(p.row, p.column) for p in received.problems] == [
        (2, "value"), (4, "period"), (4, "value"), (4, "status"), (5, None),
    ]  # fmt: skip
    assert received.rows["file_row"].to_list() == [3]


def test_problems_of_a_refusal_are_counted() -> None:
    problem = Problem("a.csv", 2, "value", "x", "Enter a number.")
    said = 'a.csv, row 2, column value: you entered "x". Enter a number.'
    assert str(RefusedFiles([problem])) == f"{said}\n1 problem; nothing was saved."
    assert str(RefusedFiles([problem] * 2)).endswith("2 problems; nothing was saved.")


# Files against each other


def test_an_unknown_indicator_names_the_nearest() -> None:
    batch = [observations(HEADER + GOOD.replace("CALLS", "CALS"))]
    assert [str(p) for p in check_references(batch, {"indicator": ["CALLS", "DAYS"]})] == [
        (
            'observations.csv, row 2, column indicator: you entered "CALS". No indicator of that code '
            'is defined. Did you mean "CALLS"? New ones are added in indicators.csv.'
        )
    ]


def test_what_a_batch_defines_itself_is_known() -> None:
    definition = read("indicators.csv", csv_bytes("indicators", tables()["indicators"]))
    figures = observations(HEADER + GOOD)
    assert check_references([figures, definition], {}) == ()
    assert len(check_references([figures], {})) == 1


def test_a_mistake_in_the_definitions_is_not_repeated_for_every_figure() -> None:
    broken = read("indicators.csv", b"\xff")
    assert check_references([observations(HEADER + GOOD), broken], {}) == ()


def test_the_whole_of_a_report_needs_no_indicator() -> None:
    row = {"report": "qpr", "period": "2024/25 Q1", "kind": "summary", "order": "1", "text": "Good"}
    batch = [read("commentary.csv", csv_bytes("commentary", [row]))]
    assert check_references(batch, {"report": ["qpr"]}) == ()


def test_one_key_in_two_files_of_a_batch_is_refused() -> None:
    first, second = observations(HEADER + GOOD), read("more.csv", (HEADER + GOOD).encode())
    assert [str(p) for p in check_overlap([first, second])] == [
        (
            'more.csv, row 2: you entered "CALLS, 2024/25 Q1, period". observations.csv has the same '
            "indicator, period, basis, breakdown, item in row 2. Keep one of the two."
        )
    ]
    other_quarter = read("more.csv", (HEADER + GOOD.replace("Q1", "Q2")).encode())
    assert check_overlap([first, other_quarter]) == ()


# Whatever comes

FILES = st.sampled_from([f"{table}.csv" for table in schemas.TABLES] + ["x.csv", "", "no name"])
CELLS = st.one_of(
    st.text(max_size=8),
    st.sampled_from(["", "89", "89%", "2024/25 Q2", "period", "set", "CALLS", '"', "-1", "0"]),
)


@given(FILES, st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
def test_no_bytes_ever_raise(file: str, content: bytes) -> None:
    received = read(file, content)
    assert received.problems or received.table


@given(st.sampled_from(list(schemas.TABLES)), st.data())
def test_no_cells_ever_raise(table: str, data: st.DataObject) -> None:
    names = list(schemas.columns(table))
    line = st.lists(CELLS, min_size=len(names) - 1, max_size=len(names) + 1)
    text = io.StringIO(newline="")
    csv.writer(text).writerows([names, *data.draw(st.lists(line, max_size=6))])
    received = read("upload.csv", text.getvalue().encode())
    assert received.table == table
    assert received.rows.schema == schemas.empty(table).schema
    bad = {problem.row for problem in received.problems}
    assert bad.isdisjoint(received.rows["file_row"].to_list())


# Control characters are refused; everything else that a cell can hold must survive.
PRINTABLE = st.characters(
    codec="utf-8", exclude_categories=["Cc"], exclude_characters="\ufffe\uffff"
)
TRIMMED = st.text(PRINTABLE, max_size=12).filter(lambda s: s == s.strip())
FIGURES = st.one_of(st.none(), st.decimals(-(10**11), 10**11, places=6))


@given(st.lists(st.tuples(FIGURES, FIGURES, TRIMMED, TRIMMED), max_size=12))
def test_what_is_written_reads_back_the_same(
    drawn: list[tuple[Decimal | None, Decimal | None, str, str]],
) -> None:
    frame = pl.DataFrame(
        [
            {
                "file_row": number, "indicator": "CALLS", "period": f"{1900 + number}-01",
                "basis": "period", "breakdown": "", "item": "", "value": value,
                "numerator": numerator, "denominator": None,
                "status": "actual" if (value, numerator) != (None, None) else "no_data",
                "note": note, "source": source,
            }
            for number, (value, numerator, note, source) in enumerate(drawn, start=2)
        ],
        schema=schemas.empty("observations").schema,
    )  # fmt: skip
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    written = frame.drop("file_row")
    writer.writerows([written.columns, *written.iter_rows()])
    received = observations(text.getvalue())
    assert received.problems == ()
    assert received.rows.equals(frame)


@given(st.lists(st.sampled_from(["good", "bad", "blank"]), min_size=1, max_size=30))
def test_a_problem_has_the_row_that_a_spreadsheet_shows(kinds: list[str]) -> None:
    lines = [
        "" if kind == "blank" else f"CALLS,{1900 + row}-01,period,,,{kind},actual"
        for row, kind in enumerate(kinds, start=2)
    ]
    received = observations(HEADER + "\n".join(lines).replace("good", "1"))
    numbered = list(enumerate(kinds, start=2))
    assert [p.row for p in received.problems] == [row for row, kind in numbered if kind == "bad"]
    good = [row for row, kind in numbered if kind == "good"]
    assert received.rows["file_row"].to_list() == good


def test_a_character_that_cannot_be_shown_is_refused_with_its_address() -> None:
    row = "CALLS,2024-01,period,,,1,actual,before\x01after\n"
    received = observations("indicator,period,basis,breakdown,item,value,status,note\n" + row)
    (problem,) = received.problems
    assert (problem.row, problem.column, problem.value) == (2, "note", "before?after")
    assert "Retype" in problem.message


def test_a_risk_names_its_indicators_by_their_codes() -> None:
    row = {"risk": "R1", "period": "2024-11", "indicators": "CALLS | DAYS CALS"}
    batch = [read("risks.csv", csv_bytes("risks", [row]))]
    assert [str(p) for p in check_references(batch, {"indicator": ["CALLS", "DAYS"]})] == [
        (
            'risks.csv, row 2, column indicators: you entered "CALS". No indicator of that code '
            'is defined. Did you mean "CALLS"? New ones are added in indicators.csv.'
        )
    ]
