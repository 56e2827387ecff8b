"""Text in the types of a table, and what the table's rules say of its rows."""

from __future__ import annotations

import re
import unicodedata
from inspect import cleandoc

import dataframely as dy
import polars as pl

from kpi_core import fields, schemas
from kpi_core.errors import PeriodError, Problem
from kpi_core.ingest.across import key_of
from kpi_core.periods import Period

#: What a cell may hold at most: as much as a cell of a spreadsheet.
_LONGEST = 32_767
#: So much of a long cell is shown in a problem.
_SHOWN = 200

#: Control characters, which no page or paper can show; some bring the drawing of charts down.
_UNPRINTABLE = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]"


def unshowable(file: str, raw: pl.DataFrame) -> list[Problem]:
    """Cells with a character that cannot be shown, or longer than a cell may be."""
    texts = raw.columns[1:]
    is_odd = [
        pl.col(name).str.contains(_UNPRINTABLE) | (pl.col(name).str.len_chars() > _LONGEST)
        for name in texts
    ]
    odd = raw.filter(pl.any_horizontal(is_odd))
    return [
        Problem(file, row, name, _shown(re.sub(_UNPRINTABLE, "?", value)), message)
        for name in (texts if odd.height else ())
        for row, value in odd.select("file_row", name).iter_rows()
        if (message := _unshowable(value))
    ]


def _unshowable(value: str) -> str:
    if re.search(_UNPRINTABLE, value):
        return "The cell holds a character that cannot be shown (here: ?). Retype it."
    if len(value) > _LONGEST:
        return (
            f"The cell holds {len(value):,} characters, where at most {_LONGEST:,} fit. Shorten it."
        )
    return ""


def typed(
    file: str, table: str, raw: pl.DataFrame, year_start: int
) -> tuple[pl.DataFrame, list[Problem]]:
    """The text in the table's types. A cell that cannot be read is null and a problem."""
    problems: list[Problem] = []
    readings = [pl.col("file_row")]
    absent = [name for name in schemas.columns(table) if name not in raw.columns]
    raw = raw.with_columns(pl.lit("").alias(name) for name in absent)
    for name, column in schemas.columns(table).items():
        reading, way_out = strict(column)
        readings.append(reading.alias(name))
        if fields.is_period(column):
            problems += _bad_periods(file, raw, name, year_start)
        elif not isinstance(column, dy.String):
            unread = raw.filter((pl.col(name) != "") & reading.is_null())
            problems += [
                Problem(file, row, name, _shown(value), _number_hint(value) or way_out)
                for row, value in unread.select("file_row", name).iter_rows()
            ]
    return raw.select(readings), problems


def strict(column: dy.Column) -> tuple[pl.Expr, str]:
    """How a column's text is read (null where it cannot be), and what to enter instead."""
    text = pl.col(column.name)
    if isinstance(column, dy.Decimal):
        plain = text.str.contains(r"^[+-]?[0-9]{1,12}(\.[0-9]{1,6})?$")
        return (
            pl.when(plain).then(text).cast(fields.FIGURE, strict=False),
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


def impossible_periods(texts: pl.Series, year_start: int) -> dict[str, str]:
    """What is said of each text that is no period."""
    impossible = {}
    for text in texts.unique().to_list():
        try:
            if text:
                Period.parse(text, year_start)
        except PeriodError as error:
            impossible[text] = str(error)
    return impossible


def _bad_periods(file: str, raw: pl.DataFrame, name: str, year_start: int) -> list[Problem]:
    impossible = impossible_periods(raw[name], year_start)
    if not impossible:
        return []
    bad = raw.filter(pl.col(name).is_in(list(impossible)))
    return [
        Problem(file, row, name, _shown(text), impossible[text])
        for row, text in bad.select("file_row", name).iter_rows()
    ]


def check_rules(file: str, table: str, rows: pl.DataFrame, raw: pl.DataFrame) -> list[Problem]:
    """What the schema's own rules say of rows whose cells could be read.

    `raw` has the text of these and other rows, for the value of a cell as it stands in the file.
    """
    _, failure = schemas.TABLES[table].filter(rows)
    counts = failure.counts()
    if not counts:
        return []
    details = failure.details()
    problems = []
    for rule in counts:
        broken = details.filter(pl.col(rule).cast(pl.String) == "invalid")
        problems += _broken(file, table, rule, broken, raw)
    return problems


def _broken(
    file: str, table: str, rule: str, rows: pl.DataFrame, raw: pl.DataFrame
) -> list[Problem]:
    column, _, check = rule.partition("|")
    if rule == "primary_key":
        names = ", ".join(schemas.key(table))
        message = f"Another row of this file has the same {names}. Keep one of them."
        return [
            Problem(file, row["file_row"], None, key_of(table, row), message)
            for row in rows.iter_rows(named=True)
        ]
    if check:
        limits = _limits(schemas.columns(table)[column])
        return [
            Problem(file, row, column, _shown(value), limits)
            if value
            else Problem(file, row, column, None, "The cell is blank but is required. Fill it.")
            for row, value in _cells(rows, raw, column)
        ]
    sentence = " ".join(cleandoc(schemas.rules(table)[rule]).split())
    return [Problem(file, row, None, None, sentence) for row in rows["file_row"].to_list()]


def _cells(rows: pl.DataFrame, raw: pl.DataFrame, column: str) -> list[tuple[int, str]]:
    """The row numbers of some rows with the text of their cells in a column."""
    if column not in raw.columns:
        return [(row, "") for row in rows["file_row"].to_list()]
    texts = raw.select("file_row", text=column)
    return list(
        rows.select("file_row").join(texts, on="file_row", maintain_order="left").iter_rows()
    )


def _limits(column: dy.Column) -> str:
    lowest, highest = getattr(column, "min", None), getattr(column, "max", None)
    if lowest is not None and highest is not None:
        return f"Enter a whole number from {lowest} to {highest}."
    return "Enter 0 or more." if lowest is not None else "This value is not allowed here."


def _shown(value: str) -> str:
    return value if len(value) <= _SHOWN else f"{value[:_SHOWN]}…"
