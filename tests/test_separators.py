"""Which separator a text has, and its cells, whichever way they are read."""

from __future__ import annotations

import csv
import io

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_core.ingest import delimited
from kpi_core.ingest.sheet import Sheet, Unreadable
from tests.soak import examples


def taken(text: str, answers: dict[str, str] | None = None) -> tuple[str, str]:
    """The separator, and what was asked about it: nothing, or the codes offered."""
    separator, _, asked = delimited.separator_of("f.csv", text, answers or {})
    return separator, " ".join(option.code for question in asked for option in question.options)


@pytest.mark.parametrize(
    ("text", "separator"),
    [
        ("a,b\n1,2\n", ","),
        ("a;b\n1;2\n", ";"),
        ("a\tb\n1\t2\n", "\t"),
        ("a;b;c\n1,5;2,5;3\n2,5;x;y\n4;5;6\n", ";"),
        ("a,b\n1,half; and half\n2,x\n3,y\n", ","),
        ('a;b\n"1,2,3";2\n"4,5,6";3\n', ";"),
        ("just one column\nof text\n", ","),
        ("Title; of a sheet\n\nindicator,period,basis,breakdown,item,value,status\n", ","),
        ("indicator;period;basis;breakdown;item;value;status;note\nA;2024/25;period;;;1,5;actual;a,b\n", ";"),
        ("", ","),
    ],
)  # fmt: skip
def test_the_separator_that_parts_the_lines_alike_is_taken(text: str, separator: str) -> None:
    assert taken(text) == (separator, "")


def test_where_two_would_do_it_is_asked_and_the_answer_holds() -> None:
    text = "a;b,c\n1;2,3\n4;5,6\n"
    assert taken(text) == (",", "comma semicolon")
    assert taken(text, {"f.csv|separator": "semicolon"}) == (";", "comma semicolon")
    assert taken(text, {"f.csv|separator": "tab"}) == (",", "comma semicolon")


def test_any_other_separator_than_commas_is_told() -> None:
    _, readings, _ = delimited.separator_of("f.csv", "a;b\n1;2\n", {})
    assert [reading.text for reading in readings] == ["The cells are parted by semicolons."]


def by_hand(text: str, separator: str) -> list[tuple[int, int, list[str]]]:
    """Row, width and cells of each line that holds anything, by the standard library alone."""
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    return [
        (row, len(line), [cell.strip() for cell in line])
        for row, line in enumerate(lines, start=1)
        if any(cell.strip() for cell in line)
    ]


def in_frame(cells: pl.DataFrame) -> list[tuple[int, int, list[str]]]:
    assert all(cell == "" for row in cells.iter_rows() for cell in row[2 + row[1] :])
    return [(row, width, list(line[:width])) for row, width, *line in cells.iter_rows()]


CHARACTERS = st.sampled_from(
    [*"ab1,;\t\n\r \"'#\ufeff", "\r\n", "\n\n", "é", "\u00a0", "\u2028", "€", "😀", "-", "=", "."]
)
TEXTS = st.lists(CHARACTERS, max_size=60).map("".join)
LINES = st.lists(
    st.lists(st.sampled_from(["", " ", "a", "1.5", "é ", "-"]), min_size=1, max_size=4), max_size=8
)


@given(TEXTS, st.sampled_from([",", ";", "\t"]))
@settings(max_examples=examples(500, 20_000))
def test_cells_are_what_the_standard_library_finds(text: str, separator: str) -> None:
    try:
        cells = delimited.cells(text, separator)
    except Unreadable:
        assert '"' in text
        return
    assert in_frame(cells) == by_hand(text, separator)


@given(LINES, st.sampled_from([",", ";", "\t"]), st.sampled_from(["\n", "\r\n"]))
@settings(max_examples=examples(300, 10_000))
def test_the_fast_way_and_the_slow_way_give_the_same(
    lines: list[list[str]], separator: str, end: str
) -> None:
    text = end.join(separator.join(line) for line in lines)
    fast = delimited.plain(text.encode(), separator)
    if fast is not None:
        slow = delimited.quoted(text, separator)
        assert in_frame(fast) == in_frame(slow)
        assert fast.schema == slow.schema


def test_a_million_lines_go_the_fast_way_blank_ones_and_all() -> None:
    text = "a,b,c\n" + "1,2,3\n" * 5
    assert delimited.plain(text.encode(), ",") is not None


def test_more_lines_than_one_chunk_keep_their_numbers() -> None:
    text = 'a,"b"\n' + "1,2\n" * 120_000
    cells = delimited.cells(text, ",")
    assert cells["file_row"].to_list() == list(range(1, 120_002))
    assert cells.select("c0", "c1").row(-1) == ("1", "2")


def test_a_sheet_of_lines_leaves_blank_ones_out_and_blank_columns_when_asked() -> None:
    sheet = Sheet.of("f", [["a", "", "b", ""], ["", " "], ["1", "", "2"], ["3"]])
    assert in_frame(sheet.cells) == [
        (1, 4, ["a", "", "b", ""]),
        (3, 3, ["1", "", "2"]),
        (4, 1, ["3"]),
    ]
    assert in_frame(sheet.without_blank_columns().cells) == [
        (1, 2, ["a", "b"]), (3, 2, ["1", "2"]), (4, 1, ["3"]),
    ]  # fmt: skip
