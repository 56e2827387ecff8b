"""A file as received becomes rows of a table, together with everything that is wrong with it.

Reading never raises over a bad cell: good rows and problems come back side by side, each problem
with its address (file, row, column), the value as it stands in the file, and the way out.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from inspect import cleandoc
from pathlib import PurePath

import dataframely as dy
import polars as pl

from kpi_core import schemas
from kpi_core.errors import PeriodError, Problem
from kpi_core.periods import APRIL, Period


@dataclass(frozen=True)
class Received:
    """One file, read: the table it belongs to, its valid rows, its problems.

    `rows` has the columns and types of the table's schema; it is complete only when there are no
    problems. `table` is empty when the file's kind could not be told.
    """

    file: str
    table: str
    rows: pl.DataFrame
    problems: tuple[Problem, ...]


def read(file: str, content: bytes, year_start: int = APRIL) -> Received:
    """Read one CSV. The table is told by the file's name, or else by its columns."""
    name = PurePath(file).name
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _refused(name, _not_utf8(name, content, error))
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        return _refused(name, Problem(name, None, None, None, f"This is not a CSV file: {error}."))
    if not any(any(cell.strip() for cell in line) for line in lines):
        return _refused(name, Problem(name, None, None, None, "The file is empty."))
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
    what the batch itself defines counts too.
    """
    defined = {column: set(names) for column, names in known.items()}
    for column, table in DEFINES.items():
        names = defined.setdefault(column, set())
        for received in batch:
            if received.table == table:
                names.update(received.rows[column].to_list())
    problems = []
    for received in batch:
        for column, table in DEFINES.items():
            if received.table in ("", table) or column not in received.rows.columns:
                continue
            for row, name in received.rows.select("file_row", column).iter_rows():
                if name and name not in defined[column]:
                    problems.append(_unknown(received.file, row, column, name, defined[column]))
    return tuple(problems)


#: Which table defines the names of a column.
DEFINES = {"indicator": "indicators", "report": "reports", "document": "documents"}


def _unknown(file: str, row: int, column: str, name: str, known: set[str]) -> Problem:
    near = get_close_matches(name, known, n=1, cutoff=0.4)
    hint = f' Did you mean "{near[0]}"?' if near else ""
    way_out = (
        f"No {column} of that code is defined.{hint} New ones are added in {DEFINES[column]}.csv."
    )
    return Problem(file, row, column, name, way_out)


def _refused(file: str, *problems: Problem) -> Received:
    return Received(file, "", pl.DataFrame(), problems)


def _not_utf8(file: str, content: bytes, error: UnicodeDecodeError) -> Problem:
    row = content[: error.start].count(b"\n") + 1
    start = content.rfind(b"\n", 0, error.start) + 1
    shown = content[start : error.end + 20].split(b"\n")[0].decode("cp1252", errors="replace")
    way_out = 'The file is not UTF-8. In Excel choose "CSV UTF-8 (comma delimited)" when saving.'
    return Problem(file, row, None, shown.strip()[:60], way_out)


def _table_of(file: str, header: Sequence[str]) -> str | None:
    """By the file's name, or else the table whose columns the header matches best.

    A table is a candidate only if the header has its whole key: the columns that may be left out
    are never part of it.
    """
    stem = PurePath(file).stem.lower()
    if stem in schemas.TABLES:
        return stem
    scores = {
        table: len(set(header) & set(schemas.columns(table)))
        - len(set(header) - set(schemas.columns(table)))
        for table in schemas.TABLES
        if set(schemas.key(table)) <= set(header)
    }
    return max(scores, key=lambda table: scores[table]) if scores else None


def _unknown_kind(file: str, header: Sequence[str]) -> Problem:
    nearest = max(schemas.TABLES, key=lambda t: len(set(header) & set(schemas.columns(t))))
    missing = [name for name in schemas.key(nearest) if name not in header]
    way_out = (
        "The columns are not those of any table. "
        f"The nearest is {nearest}.csv; it also needs {', '.join(missing)}."
    )
    return Problem(file, 1, None, ", ".join(header)[:80], way_out)


def _check_header(file: str, table: str, header: Sequence[str]) -> list[Problem]:
    known = list(schemas.columns(table))
    problems = []
    for name in header:
        if name not in known:
            near = get_close_matches(name, known, n=1, cutoff=0.4)
            way_out = f'Did you mean "{near[0]}"?' if near else f"Its columns: {', '.join(known)}."
            problems.append(
                Problem(file, 1, name, None, f"{table}.csv has no such column. {way_out}")
            )
        elif header.count(name) > 1:
            problems.append(Problem(file, 1, name, None, "The column stands twice. Remove one."))
    for name in schemas.key(table):
        if name not in header:
            problems.append(Problem(file, 1, name, None, "The column is missing. Add it."))
    return problems


def _as_text(
    file: str, header: Sequence[str], lines: Sequence[Sequence[str]]
) -> tuple[pl.DataFrame, list[Problem]]:
    """Every cell as text, trimmed; blank lines left out; lines too long or too short reported."""
    rows, problems = [], []
    for number, line in enumerate(lines, start=2):
        if not any(cell.strip() for cell in line):
            continue
        if len(line) != len(header):
            message = f"There are {len(line)} cells where the header has {len(header)}. "
            message += "A comma inside a text needs double quotes around the text."
            problems.append(Problem(file, number, None, None, message))
            continue
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
        plain = text.str.contains(r"^[+-]?(\d{1,12})(\.\d{1,6})?$")
        return (
            pl.when(plain).then(text).cast(schemas.FIGURE, strict=False),
            "Enter a number with digits and at most one point, for example 89 or 12.5.",
        )
    if isinstance(column, dy.Int32):
        plain = text.str.contains(r"^\d{1,9}$")
        return (
            pl.when(plain).then(text).cast(pl.Int32, strict=False),
            "Enter a whole number, for example 2.",
        )
    if isinstance(column, dy.Bool):
        flag = text.str.to_lowercase().replace_strict(
            {"true": True, "false": False}, default=None, return_dtype=pl.Boolean
        )
        return flag, "Enter true or false."
    if isinstance(column, dy.Date):
        return text.str.to_date("%Y-%m-%d", strict=False), "Enter a date as 2025-01-09."
    if isinstance(column, dy.Enum):
        words = [str(word) for word in column.categories]
        return (
            text.cast(pl.Enum(words), strict=False),
            f"Enter one of: {', '.join(words)}.",
        )
    return text, ""


def _number_hint(value: str) -> str | None:
    """A way out that fits what people write where a number is wanted."""
    bare = value.replace(",", "").replace("%", "").replace("£", "").strip()
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
    problems = []
    details = failure.details()
    for rule in counts:
        for row in details.filter(pl.col(rule).cast(pl.String) == "invalid").iter_rows(named=True):
            problems.append(_broken(file, table, rule, row, raw))
    return problems


def _broken(file: str, table: str, rule: str, row: dict[str, object], raw: pl.DataFrame) -> Problem:
    number = row["file_row"]
    assert isinstance(number, int)
    column, _, check = rule.partition("|")
    if rule == "primary_key":
        names = schemas.key(table)
        value = ", ".join(str(row[name]) for name in names if row[name])
        message = f"Another row of this file has the same {', '.join(names)}. Keep one of them."
        return Problem(file, number, None, value, message)
    if check:
        value = _cell(raw, number, column)
        if value == "":
            return Problem(
                file, number, column, None, "The cell is blank but is required. Fill it."
            )
        return Problem(file, number, column, value, _limits(schemas.columns(table)[column]))
    function = getattr(schemas.TABLES[table], rule).validation_fn
    return Problem(file, number, None, None, " ".join(cleandoc(function.__doc__ or rule).split()))


def _limits(column: dy.Column) -> str:
    lowest, highest = getattr(column, "min", None), getattr(column, "max", None)
    if lowest is not None and highest is not None:
        return f"Enter a whole number from {lowest} to {highest}."
    return "Enter 0 or more." if lowest is not None else "This value is not allowed here."


def _cell(raw: pl.DataFrame, number: int, column: str) -> str:
    if column not in raw.columns:
        return ""
    return str(raw.filter(pl.col("file_row") == number)[column].item())
