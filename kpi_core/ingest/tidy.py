"""A file as received becomes rows of a table, together with everything that is wrong with it.

Reading never raises over a bad cell: good rows and problems come back side by side, each problem
with its address (file, row, column), the value as it stands in the file, and the way out.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from inspect import cleandoc
from pathlib import PurePath
from typing import Any

import dataframely as dy
import polars as pl

from kpi_core import schemas
from kpi_core.errors import PeriodError, Problem
from kpi_core.ingest.received import Received
from kpi_core.periods import APRIL, Period


def read(file: str, content: bytes, year_start: int = APRIL) -> Received:
    """Read one CSV. The table is told by the file's name, or else by its columns."""
    name = PurePath(file).name
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _refused(name, _not_utf8(name, error))
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        message = f"This is not a CSV file ({error}). Save the sheet as CSV and try again."
        return _refused(name, Problem(name, None, None, None, message))
    if not any(any(cell.strip() for cell in line) for line in lines):
        message = "The file is empty. Enter a header and at least one row."
        return _refused(name, Problem(name, None, None, None, message))
    header = [cell.strip() for cell in lines[0]]
    table = _table_of(name, header)
    if table is None:
        return _refused(name, _unknown_kind(name, header))
    wrong_columns = _check_header(name, table, header)
    if wrong_columns:
        return Received(name, table, schemas.empty(table), tuple(wrong_columns))
    raw, ragged = _as_text(name, header, lines[1:])
    typed, bad_cells = _typed(name, table, raw, year_start)
    broken_rules = _check_rules(name, table, typed, raw, {p.row for p in bad_cells})
    problems = tuple(sorted(ragged + bad_cells + broken_rules, key=lambda p: p.row or 0))
    bad_rows = [problem.row for problem in problems if problem.row is not None]
    good = typed.filter(pl.col("file_row").is_in(bad_rows).not_())
    return Received(name, table, schemas.TABLES[table].cast(good), problems)


def check_references(
    batch: Sequence[Received], known: Mapping[str, Iterable[str]]
) -> tuple[Problem, ...]:
    """Problems of rows that name what is defined nowhere.

    `known` maps a column (indicator, report, document) to the names that the store already has;
    what the batch itself defines counts too. While a file that defines names has problems of its
    own, the names are not looked up: nearly every row would be one.
    """
    unsure = {received.table for received in batch if received.problems}
    defined = {column: set(names) for column, names in known.items()}
    for column, table in DEFINES.items():
        names = defined.setdefault(column, set())
        for received in batch:
            if received.table == table:
                names.update(received.rows[column].to_list())
    problems = []
    for received in batch:
        for column, table in DEFINES.items():
            if table in unsure or received.table == table or column not in received.rows.columns:
                continue
            for row, name in received.rows.select("file_row", column).iter_rows():
                if name and name not in defined[column]:
                    problems.append(_unknown(received.file, row, column, name, defined[column]))
        problems += _unknown_in_lists(received, defined, unsure)
    return tuple(problems)


def check_overlap(batch: Sequence[Received]) -> tuple[Problem, ...]:
    """Problems of rows whose key stands in an earlier file of the batch too."""
    problems: list[Problem] = []
    for place, later in enumerate(batch):
        for earlier in batch[:place]:
            if later.table and later.table == earlier.table:
                problems += _in_both(earlier, later)
    return tuple(problems)


def _in_both(earlier: Received, later: Received) -> list[Problem]:
    key = schemas.key(later.table)
    before = earlier.rows.select(*key, row_before="file_row")
    both = later.rows.join(before, on=key, how="inner", maintain_order="left")
    return [
        Problem(
            later.file, row["file_row"], None, _key_of(later.table, row),
            f"{earlier.file} has the same {', '.join(key)} in row {row['row_before']}. "
            "Keep one of the two.",
        )
        for row in both.iter_rows(named=True)
    ]  # fmt: skip


def _key_of(table: str, row: Mapping[str, object]) -> str:
    return ", ".join(str(row[name]) for name in schemas.key(table) if row[name] not in ("", None))


#: Which table defines the names of a column.
DEFINES = {"indicator": "indicators", "report": "reports", "document": "documents"}


def _unknown(file: str, row: int, column: str, name: str, known: set[str]) -> Problem:
    return Problem(file, row, column, name, _not_defined(column, name, known))


def _not_defined(column: str, name: str, known: set[str]) -> str:
    near = get_close_matches(name, known, n=1, cutoff=0.4)
    hint = f' Did you mean "{near[0]}"?' if near else ""
    return (
        f"No {column} of that code is defined.{hint} New ones are added in {DEFINES[column]}.csv."
    )


def _refused(file: str, problem: Problem) -> Received:
    stem = PurePath(file).stem.lower()
    if stem in schemas.TABLES:
        return Received(file, stem, schemas.empty(stem), (problem,))
    return Received(file, "", pl.DataFrame(), (problem,))


#: Columns that list several names, and the column that defines them.
LISTS = {"indicators": "indicator"}


def _unknown_in_lists(
    received: Received, defined: Mapping[str, set[str]], unsure: set[str]
) -> list[Problem]:
    return [
        Problem(received.file, row, column, name, _not_defined(of, name, defined[of]))
        for column, of in LISTS.items()
        if column in received.rows.columns and DEFINES[of] not in unsure
        for row, listed in received.rows.select("file_row", column).iter_rows()
        for name in re.findall(schemas.CODE, listed)
        if name not in defined[of]
    ]


def _not_utf8(file: str, error: UnicodeDecodeError) -> Problem:
    content = error.object
    row = content[: error.start].count(b"\n") + 1
    start = content.rfind(b"\n", 0, error.start) + 1
    shown = content[start : error.end + 20].split(b"\n")[0].decode("cp1252", errors="replace")
    way_out = 'The file is not UTF-8. In Excel choose "CSV UTF-8 (comma delimited)" when saving.'
    return Problem(file, row, None, shown.strip()[:60], way_out)


def _table_of(file: str, header: Sequence[str]) -> str | None:
    """By the file's name, or else the table whose columns the header matches best.

    That table counts only if the header has its whole key.
    """
    stem = PurePath(file).stem.lower()
    if stem in schemas.TABLES:
        return stem
    table = _nearest(header)
    return table if set(schemas.key(table)) <= set(header) else None


def _nearest(header: Sequence[str]) -> str:
    """The table that has most of the header's columns; of equals, one whose key is all there."""

    def fit(table: str) -> tuple[int, bool]:
        known = set(schemas.columns(table))
        there = set(header)
        return len(there & known) - len(there - known), set(schemas.key(table)) <= there

    return max(schemas.TABLES, key=fit)


def _unknown_kind(file: str, header: Sequence[str]) -> Problem:
    nearest = _nearest(header)
    if set(header) & set(schemas.columns(nearest)):
        missing = [name for name in schemas.key(nearest) if name not in header]
        hint = f"The nearest is {nearest}.csv; it also needs {', '.join(missing)}."
    else:
        hint = "The first row must hold the names of the columns, as data/README.md lists them."
    way_out = f"The columns are not those of any table. {hint}"
    return Problem(file, 1, None, ", ".join(header)[:80], way_out)


def _check_header(file: str, table: str, header: Sequence[str]) -> list[Problem]:
    known = list(schemas.columns(table))
    problems = []
    for place, name in enumerate(header):
        if not name:
            message = f"Cell {place + 1} of the header is blank. Name the column or delete it."
            problems.append(Problem(file, 1, None, None, message))
        elif name not in known:
            near = get_close_matches(name, known, n=1, cutoff=0.4)
            way_out = f'Did you mean "{near[0]}"?' if near else f"Its columns: {', '.join(known)}."
            problems.append(
                Problem(file, 1, name, None, f"{table}.csv has no such column. {way_out}")
            )
        elif name in header[:place]:
            problems.append(Problem(file, 1, name, None, "The column stands twice. Remove one."))
    needed = [name for name, column in schemas.columns(table).items() if _is_needed(column)]
    missing = [name for name in needed if name not in header]
    return problems + [
        Problem(file, 1, name, None, "The column is missing. Add it.") for name in missing
    ]


def _is_needed(column: dy.Column) -> bool:
    return column.primary_key or schemas.is_required(column)


#: Control characters, which no page or paper can show; some bring the drawing of charts down.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def _as_text(
    file: str, header: Sequence[str], lines: Sequence[Sequence[str]]
) -> tuple[pl.DataFrame, list[Problem]]:
    """Every cell as text, trimmed; blank lines left out; lines too long or too short reported."""
    rows, problems = [], []
    for number, line in enumerate(lines, start=2):
        if not any(cell.strip() for cell in line):
            continue
        if len(line) != len(header):
            cells = "1 cell" if len(line) == 1 else f"{len(line)} cells"
            verb = "is" if len(line) == 1 else "are"
            message = f"There {verb} {cells} where the header has {len(header)}. " + (
                "A comma inside a text or a number needs double quotes around it."
                if len(line) > len(header)
                else "Separate all cells by commas, blank ones too."
            )
            problems.append(Problem(file, number, None, None, message))
            continue
        for name, cell in zip(header, line, strict=True):
            if _UNPRINTABLE.search(cell):
                shown = _UNPRINTABLE.sub("?", cell)
                message = "The cell holds a character that cannot be shown (here: ?). Retype it."
                problems.append(Problem(file, number, name, shown, message))
        rows.append([number, *(cell.strip() for cell in line)])
    schema = {"file_row": pl.UInt32, **dict.fromkeys(header, pl.String)}
    return pl.DataFrame(rows, schema=schema, orient="row"), problems


def _typed(
    file: str, table: str, raw: pl.DataFrame, year_start: int
) -> tuple[pl.DataFrame, list[Problem]]:
    """The text in the table's types. A cell that cannot be read is null and a problem."""
    problems: list[Problem] = []
    typed = [pl.col("file_row")]
    absent = [name for name in schemas.columns(table) if name not in raw.columns]
    raw = raw.with_columns(pl.lit("").alias(name) for name in absent)
    for name, column in schemas.columns(table).items():
        reading, way_out = _reading(column)
        text = pl.col(name).replace("", None)
        if isinstance(column, dy.String):
            reading = pl.col(name)
        unread = raw.filter(text.is_not_null() & reading.is_null())
        for row, value in unread.select("file_row", name).iter_rows():
            problems.append(Problem(file, row, name, value, _number_hint(value) or way_out))
        if schemas.is_period(column):
            problems += _bad_periods(file, raw, name, year_start)
        typed.append(reading.alias(name))
    return raw.select(typed), problems


def _reading(column: dy.Column) -> tuple[pl.Expr, str]:
    """How a column's text is read (null where it cannot be), and what to enter instead."""
    text = pl.col(column.name).replace("", None)
    if isinstance(column, dy.Decimal):
        plain = text.str.contains(r"^[+-]?[0-9]{1,12}(\.[0-9]{1,6})?$")
        return (
            pl.when(plain).then(text).cast(schemas.FIGURE, strict=False),
            "Enter a number such as 89 or 12.5: at most 12 digits, a point and 6 decimals.",
        )
    if isinstance(column, dy.Int32):
        plain = text.str.contains(r"^[0-9]{1,9}$")
        return (
            pl.when(plain).then(text).cast(pl.Int32, strict=False),
            "Enter a whole number, 0 or more, for example 2.",
        )
    if isinstance(column, dy.Bool):
        flag = text.str.to_lowercase().replace_strict(
            {"true": True, "false": False}, default=None, return_dtype=pl.Boolean
        )
        return flag, "Enter true or false."
    if isinstance(column, dy.Date):
        plain = text.str.contains(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
        day = pl.when(plain).then(text).str.to_date("%Y-%m-%d", strict=False)
        return day, "Enter a date as 2025-01-09."
    if isinstance(column, dy.Enum):
        words = [str(word) for word in column.categories]
        return (
            text.cast(pl.Enum(words), strict=False),
            f"Enter one of: {', '.join(words)}.",
        )
    return text, ""


#: `1,234.5` has commas between groups of three digits; `46,5` has one before its decimals.
_GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_DECIMAL_COMMA = re.compile(r"(0,[0-9]+|[0-9]+,([0-9]{1,2}|[0-9]{4,6}))")


def _number_hint(value: str) -> str | None:
    """A way out that fits what people write where a number is wanted."""
    signs = {"%", *(one for one in value if unicodedata.category(one) == "Sc")}
    bare = value.translate(dict.fromkeys(map(ord, signs))).strip()
    if _DECIMAL_COMMA.fullmatch(bare):
        point = bare.replace(",", ".")
        return f"Figures in files have a point before their decimals, not a comma: {point}."
    if _GROUPED.fullmatch(bare):
        bare = bare.replace(",", "")
    if bare == value or not bare.replace(".", "", 1).isdigit():
        return None
    return f"Enter the number alone, without commas, % or £: {bare}."


def _bad_periods(file: str, raw: pl.DataFrame, name: str, year_start: int) -> list[Problem]:
    impossible = {}
    for text in raw[name].unique().to_list():
        try:
            if text:
                Period.parse(text, year_start)
        except PeriodError as error:
            impossible[text] = str(error)
    bad = raw.filter(pl.col(name).is_in(list(impossible)))
    return [
        Problem(file, row, name, text, impossible[text])
        for row, text in bad.select("file_row", name).iter_rows()
    ]


def _check_rules(
    file: str, table: str, typed: pl.DataFrame, raw: pl.DataFrame, judged: set[int | None]
) -> list[Problem]:
    """What the schema's own rules say of the rows whose cells could be read."""
    schema = schemas.TABLES[table]
    _, failure = schema.filter(typed.filter(pl.col("file_row").is_in(list(judged)).not_()))
    counts = failure.counts()
    if not counts:
        return []
    details = failure.details()
    return [
        _broken(file, table, rule, row, raw)
        for rule in counts
        for row in details.filter(pl.col(rule).cast(pl.String) == "invalid").iter_rows(named=True)
    ]


def _broken(file: str, table: str, rule: str, row: dict[str, Any], raw: pl.DataFrame) -> Problem:
    number: int = row["file_row"]
    column, _, check = rule.partition("|")
    if rule == "primary_key":
        names = ", ".join(schemas.key(table))
        message = f"Another row of this file has the same {names}. Keep one of them."
        return Problem(file, number, None, _key_of(table, row), message)
    if check:
        value = _cell(raw, number, column)
        if value == "":
            return Problem(
                file, number, column, None, "The cell is blank but is required. Fill it."
            )
        return Problem(file, number, column, value, _limits(schemas.columns(table)[column]))
    sentence = " ".join(cleandoc(schemas.rules(table)[rule]).split())
    return Problem(file, number, None, None, sentence)


def _limits(column: dy.Column) -> str:
    lowest, highest = getattr(column, "min", None), getattr(column, "max", None)
    if lowest is not None and highest is not None:
        return f"Enter a whole number from {lowest} to {highest}."
    return "Enter 0 or more." if lowest is not None else "This value is not allowed here."


def _cell(raw: pl.DataFrame, number: int, column: str) -> str:
    if column not in raw.columns:
        return ""
    return str(raw.filter(pl.col("file_row") == number)[column].item())
