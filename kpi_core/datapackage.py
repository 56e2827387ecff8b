"""The data contract written down: `datapackage.json` for programs, `data/README.md` for people.

    python -m kpi_core.datapackage data/kent/ …

writes the Frictionless Data Package (version 1) of each folder, and beside the folders the page of
columns. Both come from the schemas that validate uploads, so they cannot say anything else.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Sequence
from inspect import cleandoc
from pathlib import Path
from typing import Any

import dataframely as dy

from kpi_core import fields, ingest, schemas
from kpi_core.organisation import Organisation

#: Names of the types, in a data package and on the page of columns.
_TYPES: dict[type[dy.Column], tuple[str, str]] = {
    dy.String: ("string", "text"),
    dy.Enum: ("string", "one of a list"),
    dy.Decimal: ("number", "number"),
    dy.Int32: ("integer", "whole number"),
    dy.Bool: ("boolean", "true or false"),
    dy.Date: ("date", "date"),
}

_PERIOD = r"([0-9]{4}(/[0-9]{2})?( Q[1-4])?|[0-9]{4}-(0[1-9]|1[0-2]))"


def describe(folder: Path) -> str:
    """The datapackage.json of an organisation's folder."""
    settings = (folder / "organisation.toml").read_text(encoding="utf-8")
    organisation = Organisation.from_toml(folder.name, settings)
    tables = [table for table in schemas.TABLES if (folder / f"{table}.csv").exists()]
    package = {
        "profile": "tabular-data-package",
        "name": organisation.code,
        "title": organisation.name,
        "description": "Performance figures by quarter and month, with targets and sources."
        + (" The council and its figures are made up." if organisation.made_up else ""),
        "resources": [_resource(folder, table, tables) for table in tables],
    }
    return json.dumps(package, indent=1, ensure_ascii=False) + "\n"


def columns_page() -> str:
    """The page of columns, as Markdown."""
    parts = [_INTRODUCTION, *(_section(table) for table in schemas.TABLES)]
    return "\n\n".join(parts) + "\n"


def write(folders: Sequence[Path]) -> list[Path]:
    """Write the package of each folder, and the page of columns beside them."""
    written = {folder / "datapackage.json": describe(folder) for folder in folders}
    written |= {folder.parent / "README.md": columns_page() for folder in folders}
    for path, text in written.items():
        path.write_text(text, encoding="utf-8")
    return list(written)


def _resource(folder: Path, table: str, tables: Sequence[str]) -> dict[str, Any]:
    with (folder / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
        header = next(csv.reader(file))
    columns = schemas.columns(table)
    references = [
        {"fields": column, "reference": {"resource": other, "fields": column}}
        for column, other in ingest.DEFINES.items()
        if column in header and table != other and other in tables
    ]
    schema: dict[str, Any] = {
        "fields": [_field(columns[name]) for name in header],
        "missingValues": [""],
        "primaryKey": schemas.key(table),
    }
    if references:
        schema["foreignKeys"] = references
    return {
        "profile": "tabular-data-resource",
        "name": table,
        "path": f"{table}.csv",
        "description": _summary(table),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }


def _field(column: dy.Column) -> dict[str, Any]:
    field = {
        "name": column.name,
        "type": _TYPES[type(column)][0],
        "description": column.description,
    }
    constraints = _constraints(column)
    return {**field, "constraints": constraints} if constraints else field


def _constraints(column: dy.Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {}
    if fields.is_required(column):
        constraints["required"] = True
    if isinstance(column, dy.Enum):
        constraints["enum"] = list(column.categories)
    if isinstance(column, dy.Int32):
        limits = {"minimum": column.min, "maximum": column.max}
        constraints |= {name: limit for name, limit in limits.items() if limit is not None}
    if fields.is_period(column):
        constraints["pattern"] = _PERIOD
    return constraints


_INTRODUCTION = """\
# Columns of the CSV files

An organisation is a folder here: CSV files, an `organisation.toml` with its name and calendar, and
a `datapackage.json` that says the same as this page to programs. To see whether files are right,
without saving anything: `kpi check FILE…`.

- UTF-8, the names of the columns in the first row. Columns that need not be filled may be left out.
- The columns in **bold** identify a row: no two rows of a file have the same in all of them.
- Periods are written `2024/25` (year), `2024/25 Q2` (quarter), `2024-09` (month); dates
  `2025-01-09`.
- Numbers have digits and at most one point: no commas, no % or £. Percentages are percent numbers:
  89 is 89%.
- A figure that is not known is an empty cell, never a 0.

This page and the packages are written from `kpi_core/schemas.py` by `make datapackages`."""


def _section(table: str) -> str:
    rows = [_row(name, column) for name, column in schemas.columns(table).items()]
    head = "| column | type | must be filled | what it holds |\n|---|---|---|---|\n"
    rules = [f"- {cleandoc(rule).replace(chr(10), ' ')}" for rule in schemas.rules(table).values()]
    parts = [f"## {table}.csv", _summary(table), head + "\n".join(rows)]
    if rules:
        parts.append("What else is refused:\n\n" + "\n".join(rules))
    return "\n\n".join(parts)


def _row(name: str, column: dy.Column) -> str:
    shown = f"**{name}**" if column.primary_key else name
    kind = "period" if fields.is_period(column) else _TYPES[type(column)][1]
    if isinstance(column, dy.Enum):
        kind = ", ".join(f"`{word}`" for word in column.categories)
    filled = "yes" if fields.is_required(column) else ""
    return f"| {shown} | {kind} | {filled} | {(column.description or '').replace('|', chr(92) + '|')} |"


def _summary(table: str) -> str:
    return cleandoc(schemas.TABLES[table].__doc__ or "")


if __name__ == "__main__":
    for path in write([Path(name) for name in sys.argv[1:]]):
        sys.stdout.write(f"{path} written\n")
