"""Whatever file comes: no traceback, no value but what the file says, no row without a word.

Files are made as people make them (tidy and wide, in every encoding and separator, as workbooks),
and then damaged byte by byte. What a file says is found by a small reader of its own below, which
shares nothing with the product.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_core.ingest import FileRead
from tests.held import one_read
from tests.odd_files.write import book, lines, saved
from tests.soak import examples

INDICATORS = ["CALLS", "DAYS", "SHARE", "VISITS"]
HEADER = ["indicator", "period", "basis", "breakdown", "item", "value", "status", "note"]
CODECS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
NOTES = ["", "Café", "a, b", "a; b", 'said "no"', "two\nlines", "=1+2", "£5", "x" * 200, " spaced "]


# What a file says, told by the standard library alone


def texts_of(content: bytes) -> list[str]:
    """The text of a file in every encoding that it may be in."""
    found = []
    for codec in ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac_roman", "cp850"):
        try:
            found.append(content.decode(codec))
        except UnicodeDecodeError:
            continue
    return found


def rows_of(content: bytes) -> list[dict[int, list[str]]]:
    """The rows of a file that hold anything, by number, in every way that it may be read."""
    if content.startswith(b"PK"):
        return [sheet_rows(content)]
    found = []
    for text in texts_of(content):
        for separator in ",;\t":
            reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
            try:
                rows = dict(enumerate(reader, start=1))
            except csv.Error:
                continue
            found.append({row: line for row, line in rows.items() if any(c.strip() for c in line)})
    return found


def sheet_rows(content: bytes) -> dict[int, list[str]]:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    rows = {}
    for row in sheet.iter_rows():
        cells = [
            "" if c.value is None else f"{c.value * 100:.10g}%" if "%" in c.number_format
            and isinstance(c.value, float) else str(c.value)
            for c in row
        ]  # fmt: skip
        if any(cell.strip() for cell in cells):
            rows[row[0].row] = cells
    return rows


def said(cell: str) -> Decimal | None:
    """The figure that a cell shows, if it shows one."""
    bare = re.sub(r"[%£,\s\u00a0]|days?$", "", cell.strip().lower())
    try:
        return Decimal(bare)
    except InvalidOperation:
        return None


def figures_in(line: Sequence[str]) -> set[Decimal]:
    """Every figure of a line; a percentage may stand as a fraction of one, which is asked about."""
    found = {value for cell in line if (value := said(cell)) is not None and value.is_finite()}
    return found | {value * 100 for value in found if abs(value) <= 1}


def check(content: bytes, one: FileRead) -> None:
    """What holds of every file."""
    assert one.read + one.refused + len(one.aside) == one.lines
    assert {len(reading.rows) for reading in one.aside} <= {1}
    rows = [(p.table, row) for p in one.parts if p.table for row in p.rows.iter_rows(named=True)]
    bad = {(problem.file, problem.row) for problem in one.problems}
    possible = rows_of(content) if rows else []
    for table, row in rows:
        shown = [row[name] for name in FIGURES.get(table, ()) if row[name] is not None]
        assert any(
            set(shown) <= figures_in(found.get(row["file_row"], [])) for found in possible
        ), (row, shown)
    if one.read and not one.problems:
        assert one.read <= max(len(found) for found in possible)
    assert one.refused == 0 or bad or one.questions


FIGURES = {
    "observations": ("value", "numerator", "denominator"),
    "targets": ("target", "floor", "target_high", "floor_high"),
    "thresholds": ("lower", "upper"),
}


# Files as people make them


@dataclass
class Made:
    """A file, and the figures in it by row: None where the row holds none or a wrong one."""

    name: str
    content: bytes
    rows: int  #: rows that hold anything, header and titles included
    figures: dict[int, Decimal | None]


figures = st.one_of(
    st.decimals(2, 10**6, places=2), st.decimals(-(10**5), -2, places=1), st.integers(2, 10**9).map(Decimal)
)  # fmt: skip
#: What people write where there is no figure, or none that can be kept.
others = st.sampled_from(["", "n/a", "-", "tbc", "lots", "1e5", "1,2,3", "1.2.3", "12345678901234", "0.1234567", "=1", "#REF!"])  # fmt: skip


@st.composite
def cells(draw: st.DrawFn, unit: str) -> tuple[str, Decimal | None]:
    """A cell as people write it, and its figure."""
    if draw(st.integers(0, 5)) == 0:
        return draw(others), None
    value = draw(figures)
    plain = f"{value:f}"
    shapes = [plain, f"{value:,}", f" {plain} "]
    if unit == "percent":
        shapes += [f"{plain}%", f"{plain} %"]
    if unit == "days":
        shapes += [f"{plain} days"]
    return draw(st.sampled_from(shapes)), value


UNITS = {"CALLS": "percent", "DAYS": "days", "SHARE": "percent", "VISITS": "number"}


@st.composite
def tidy(draw: st.DrawFn) -> Made:
    """A tidy table of figures."""
    titles = draw(
        st.lists(st.sampled_from([["Figures of Q2"], ["", "Made by hand"], []]), max_size=3)
    )
    table, figures_by_row = [*titles, HEADER], {}
    for place in range(draw(st.integers(0, 8))):
        indicator = draw(st.sampled_from(INDICATORS))
        text, value = draw(cells(UNITS[indicator]))
        period = draw(
            st.sampled_from(
                [f"{1950 + place}-0{place + 1}", "Q1 2025/26", "Q9", f"May-{30 + place}"]
            )
        )
        row = [indicator, period, "period", "", "", text, "actual", draw(st.sampled_from(NOTES))]
        if draw(st.integers(0, 9)) == 0:
            row = row[: draw(st.integers(0, 8))]
        table.append(row)
        figures_by_row[len(table)] = value if len(row) > HEADER.index("value") else None
    name = draw(st.sampled_from(["upload.csv", "observations.csv", "Copy of figures (2).txt"]))
    return draw(written(name, table, figures_by_row))


@st.composite
def wide(draw: st.DrawFn) -> Made:
    """A wide table: one row for each indicator, one column for each quarter."""
    quarters = [f"Q{number} 2025/26" for number in range(1, draw(st.integers(2, 4)) + 1)]
    titles = draw(st.lists(st.just(["Figures of Q2"]), max_size=1))
    table = [*titles, ["Ref", "Indicator description", *quarters, "Target", "Floor"]]
    for indicator in draw(
        st.lists(st.sampled_from([*INDICATORS, "NEW1"]), max_size=4, unique=True)
    ):
        texts = [draw(cells(UNITS.get(indicator, "number")))[0] for _ in quarters]
        table.append([indicator, f"About {indicator}", *texts, "90", "80"])
    return draw(written("wide.csv", table, {}))


@st.composite
def written(
    draw: st.DrawFn, name: str, table: list[list[str]], figures_by_row: dict[int, Decimal | None]
) -> Made:
    """A table in any encoding and separator, or as a workbook."""
    rows = sum(any(cell.strip() for cell in line) for line in table)
    if draw(st.integers(0, 7)) == 0:
        return Made("upload.xlsx", saved(book(("Figures", table))), rows, figures_by_row)
    separator, end = draw(st.sampled_from(",;\t")), draw(st.sampled_from(["\n", "\r\n", "\r"]))
    text = lines(table, separator, "\r\n").replace("\r\n", end)
    return Made(name, text.encode(draw(st.sampled_from(CODECS))), rows, figures_by_row)


@st.composite
def damaged(draw: st.DrawFn, made: st.SearchStrategy[Made]) -> tuple[str, bytes]:
    """A file with a few bytes changed, taken out or put in."""
    one = draw(made)
    content = bytearray(one.content)
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, max(len(content) - 1, 0)))
        put = draw(st.one_of(st.binary(max_size=3), st.sampled_from([b'"', b",", b";", b"\t", b"\n", b"\0", b"\xff", b"%", b"0"])))  # fmt: skip
        content[place : place + draw(st.integers(0, 3))] = put
    return one.name, bytes(content)


@given(tidy())
@settings(max_examples=examples(150, 3_000))
def test_a_tidy_file_gives_its_figures_and_no_others(made: Made) -> None:
    one = one_read(made.name, made.content)
    check(made.content, one)
    if any(part.table for part in one.parts):
        assert one.lines == made.rows - 1
        found = {
            row["file_row"]: row["value"]
            for part in one.parts
            for row in part.rows.iter_rows(named=True)
        }
        for row, value in found.items():
            assert made.figures[row] == value
        told = {problem.row for problem in one.problems}
        assert set(found) | told >= {
            row for row, value in made.figures.items() if value is not None
        }


@given(wide())
@settings(max_examples=examples(100, 2_500))
def test_a_wide_file_gives_its_figures_and_no_others(made: Made) -> None:
    one = one_read(made.name, made.content)
    check(made.content, one)
    assert one.lines in {made.rows, made.rows - 1}


@given(damaged(st.one_of(tidy(), wide())))
@settings(max_examples=examples(200, 4_000))
def test_a_damaged_file_is_read_as_it_stands_or_refused(file: tuple[str, bytes]) -> None:
    name, content = file
    check(content, one_read(name, content))


@given(st.sampled_from(["observations.csv", "x.xlsx", ""]), st.binary(max_size=400))
@settings(max_examples=examples(60, 1_500))
def test_any_bytes_at_all(name: str, content: bytes) -> None:
    check(content, one_read(name, content))
