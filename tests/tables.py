"""Small tables as text: the data of the tests, and the cases on the pages under docs/rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from kpi_core import schemas
from kpi_core.figures import Figures, tables_in_order
from kpi_core.organisation import Organisation

RULES = Path(__file__).resolve().parent.parent / "docs" / "rules"

Cells = dict[str, str]


def read(text: str) -> list[Cells]:
    """The rows of one table whose cells are parted by `|`; a line of dashes is skipped."""
    lines = [_cells(line) for line in text.splitlines() if "|" in line]
    header, *rows = [cells for cells in lines if not all(set(cell) <= set("-:") for cell in cells)]
    return [dict(zip(header, cells, strict=True)) for cells in rows]


def _cells(line: str) -> list[str]:
    line = line.strip()
    if line.startswith("|") and line.endswith("|"):
        line = line[1:-1]
    return [cell.strip() for cell in line.split("|")]


@dataclass(frozen=True)
class Case:
    """One row of a table on a page of the method."""

    page: str
    heading: str
    cells: Cells

    def __str__(self) -> str:
        return " · ".join(cell for cell in self.cells.values() if cell)


def cases_of(page: Path) -> Iterator[Case]:
    """Every row of every table of a page, with the heading under which the table stands."""
    heading, lines = "", list[str]()
    for line in [*page.read_text(encoding="utf-8").splitlines(), ""]:
        if line.startswith("|"):
            lines.append(line)
            continue
        if lines:
            for cells in read("\n".join(lines)):
                yield Case(page.stem, heading, cells)
            lines = []
        if line.startswith("#"):
            heading = line.lstrip("# ")


def number(cell: str) -> Decimal | None:
    """A figure as a page writes it; `–` is none."""
    return None if cell in {"", "–"} else Decimal(cell.replace(",", "").replace("−", "-"))


def limits(cell: str) -> tuple[Decimal | None, Decimal | None]:
    """`90`, or `17.5 to 22.5`, or `–`."""
    low, _, high = cell.partition(" to ")
    return number(low), number(high)


#: What a row is unless its test says otherwise.
_DEFAULTS: dict[str, dict[str, Any]] = {
    "documents": {"report": "qpr"},
    "reports": {"frequency": "quarter"},
    "placements": {"report": "qpr", "section": "Roads", "order": 1, "frequency": "quarter"},
    "sections": {"report": "qpr", "directorate": "Place", "order": 1},
    "indicators": {
        "from": "2020/21", "kind": "kpi", "unit": "percent", "decimals": 0, "polarity": "higher",
        "frequency": "quarter", "measure": "in_period", "ytd": "none",
    },
    "targets": {"status": "set"},
    "thresholds": {"basis": "period"},
    "observations": {"basis": "period", "status": "actual"},
    "published": {"place": 1, "basis": "period"},
    "commentary": {"kind": "commentary", "order": 1},
}  # fmt: skip


def table(name: str, rows: list[Cells]) -> pl.DataFrame:
    """A table of the contract from its rows, in its types; what is left out is empty."""
    empty = _empty(name)
    if not rows:
        return empty
    unknown = {column for row in rows for column in row} - set(empty.columns)
    assert not unknown, f"{name} has no column {unknown}"
    full = [
        {**dict.fromkeys(empty.columns), **_DEFAULTS.get(name, {}), **row, "file_row": place}
        for place, row in enumerate(rows, start=2)
    ]
    typed = [
        {column: _value(row[column], dtype) for column, dtype in empty.schema.items()}
        for row in full
    ]
    return pl.DataFrame(typed, schema=empty.schema, orient="row")


_empty = cache(schemas.empty)


def _value(cell: Any, dtype: pl.DataType) -> Any:
    if dtype == pl.String:
        return cell or ""
    if cell is None or cell == "":
        return None
    if dtype.is_decimal():
        return Decimal(cell)
    if dtype.is_integer():
        return int(cell)
    return cell == "true" if dtype == pl.Boolean else cell


YEARS = ("2022/23", "2023/24", "2024/25", "2025/26")


def figures(organisation: Organisation | None = None, /, **tables: str) -> Figures:
    """All the figures of a small council, each table as text.

    Unless told otherwise, every indicator stands in the quarterly report of every year, in the
    section Roads, under its own code.
    """
    rows = {name: read(text) for name, text in tables.items()}
    for row in rows.get("indicators", []):
        row.setdefault("name", row["indicator"])
    rows.setdefault("reports", [{"report": "qpr", "title": "Performance report"}])
    codes = list(dict.fromkeys(row["indicator"] for row in rows.get("indicators", [])))
    everywhere = [
        {"indicator": code, "year": year, "order": str(order)}
        for year in YEARS
        for order, code in enumerate(codes, start=1)
    ]
    placed = rows.setdefault("placements", everywhere)
    for row in placed:
        row.setdefault("name", row["indicator"])
    rows.setdefault("sections", _sections(placed))
    council = organisation or Organisation("test", "Test Council")
    return Figures(
        council,
        *tables_in_order({name: table(name, rows.get(name, [])) for name in schemas.TABLES}),
    )


def _sections(placed: list[Cells]) -> list[Cells]:
    """The sections that placements speak of, in the order in which they do."""
    seen = dict.fromkeys(
        (row.get("report", "qpr"), row.get("section", "Roads"), row["year"]) for row in placed
    )
    return [
        {"report": report, "section": section, "year": year, "order": str(order)}
        for order, (report, section, year) in enumerate(seen, start=1)
    ]
