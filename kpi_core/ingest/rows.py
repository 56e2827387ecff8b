"""The rows of a wide table: what each cell is a figure of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from kpi_core import registry
from kpi_core.figures import Figures
from kpi_core.ingest import cells, dates
from kpi_core.ingest.asking import Asking
from kpi_core.ingest.cells import Cell, Counted
from kpi_core.ingest.headers import ROLES, Column
from kpi_core.ingest.received import Option
from kpi_core.periods import Frequency, Period
from kpi_core.words import FigureBasis, Measure, Polarity, Ytd

_IN_THOUSANDS = re.compile(r"\b0{3}s?\b|['’]0{3}s?|thousands", re.IGNORECASE)
_RANGE = re.compile(r"(.*[0-9%]) ?(?:to|-|–|—) ?([0-9£€$].*)", re.IGNORECASE)
#: No range is written longer.
_LONGEST = 80
_ONE_END = "The target of this indicator is a range. Enter both ends, as 17.5% to 22.5%."
_UNKNOWN = "The table does not say which period it reports on. Head a column with it, as Mar-25."
PRINTED_AS_LAST_YEAR = "printed as previous year"


@dataclass(frozen=True)
class Table:
    """One table of a sheet: its columns, its rows, and the latest period with a figure."""

    header_row: int
    columns: Sequence[Column]
    rows: Sequence[tuple[int, Sequence[str]]]
    latest: Period | None

    def text(self, line: Sequence[str], kind: str) -> str:
        """The row's first cell of that kind; empty where there is none."""
        return next((line[c.place] for c in self.columns if c.kind == kind), "")


@dataclass(frozen=True)
class Defined:
    """What an indicator's definition says of how its cells are read."""

    indicator: str
    counted: Counted
    frequency: Frequency
    is_range: bool
    has_ytd: bool
    is_in_period: bool

    def period(self, period: Period) -> Period | None:
        """What a column of that period means for the indicator."""
        return dates.at_frequency(period, self.frequency)


@dataclass(frozen=True, slots=True)
class Entry:
    """One cell and what it is a figure of."""

    row: int
    column: str
    text: str
    indicator: str
    table: str = ""  #: observations, targets or thresholds; empty for a cell with a problem
    key: tuple[str, ...] = ()  #: period and basis; year; year and basis
    field: str = "value"
    note: str = ""
    cell: Cell = Cell()  # noqa: RUF009 (frozen)


def defined(figures: Figures, at: Period) -> dict[str, Defined]:
    """Every indicator as defined in a period.

    Its frequency is the finest that its definition or a placement of the year names: a figure
    that one report shows by the quarter may stand in another by the month.
    """
    placed: dict[str, list[Frequency]] = {}
    of_year = figures.placements.filter(pl.col("year") == str(at.year))
    for code, frequency in of_year.select("indicator", "frequency").iter_rows():
        placed.setdefault(code, []).append(Frequency(frequency))
    names: dict[str, str] = {}
    for frame in (figures.indicators, figures.placements):
        for code, name in frame.select("indicator", "name").iter_rows():
            names[code] = f"{names.get(code, '')} {name}"
    return {
        row["indicator"]: _defined(row, placed.get(row["indicator"], []), names[row["indicator"]])
        for row in registry.definitions(figures.indicators, at).iter_rows(named=True)
    }


def _defined(row: Mapping[str, Any], placed: Sequence[Frequency], names: str) -> Defined:
    return Defined(
        row["indicator"],
        Counted(row["unit"], bool(_IN_THOUSANDS.search(names))),
        min([Frequency(row["frequency"]), *placed], key=lambda one: one.months),
        row["polarity"] == Polarity.RANGE,
        row["ytd"] != Ytd.NONE,
        row["measure"] == Measure.IN_PERIOD,
    )


@dataclass(frozen=True)
class Reader:
    """Reads the rows of the tables of one sheet."""

    figures: Figures
    decimal_mark: str
    asking: Asking

    def entries(self, table: Table, row: int, line: Sequence[str], of: Defined) -> Iterator[Entry]:
        """The cells of one row that hold figures, those without any included."""
        for column in table.columns:
            text = line[column.place]
            entry = Entry(row, column.header, text, of.indicator)
            placed = self._placed(entry, column, table, line, of)
            if placed is not None:
                yield from self._read(placed, of)

    def _read(self, entry: Entry, of: Defined) -> Iterator[Entry]:
        is_range = entry.table == "targets" and of.is_range
        ends = _RANGE.fullmatch(entry.text) if is_range and len(entry.text) <= _LONGEST else None
        if ends is not None:
            yield replace(entry, cell=self._cell(ends[1], of))
            yield replace(entry, field=f"{entry.field}_high", cell=self._cell(ends[2], of))
            return
        cell = entry.cell if entry.cell.problem else self._cell(entry.text, of)
        yield replace(entry, cell=Cell(problem=_ONE_END) if is_range and cell.ways else cell)

    def _cell(self, text: str, of: Defined) -> Cell:
        return cells.read(text, of.counted, self.figures.organisation.wording, self.decimal_mark)

    def _placed(
        self, entry: Entry, column: Column, table: Table, line: Sequence[str], of: Defined
    ) -> Entry | None:
        """The cell with what it is a figure of; None for a column that holds no figures."""
        kind, _, detail = column.role.partition(":")
        if kind in {"target", "floor"}:
            return self._of_year(entry, "targets", kind, detail or _year(table))
        if kind in {"lower", "upper"}:
            basis = detail or self._range_basis(table, line, of)
            return self._of_year(entry, "thresholds", kind, _year(table), basis)
        if kind in {"ytd", "last_year", "last_year_to_date"}:
            return self._to_date(entry, kind, table, line, of)
        if kind in ROLES or not kind:
            return None
        period = of.period(Period.parse(column.role, self.figures.year_start))
        if period is None:
            return _wrong(entry, _not_due(of)) if entry.text else None
        return replace(entry, table="observations", key=(str(period), FigureBasis.PERIOD))

    def _of_year(self, entry: Entry, table: str, field: str, year: str, *basis: str) -> Entry:
        if not year:
            return _wrong(entry, _UNKNOWN)
        return replace(entry, table=table, key=(year, *basis), field=field)

    def _range_basis(self, table: Table, line: Sequence[str], of: Defined) -> str:
        """What an expected range is judged on: as held, or else as the table shows it."""
        held = self.figures.thresholds.filter(
            (pl.col("indicator") == of.indicator) & (pl.col("year") == _year(table))
        )["basis"]
        if held.n_unique() == 1:
            return str(held[0])
        to_date = table.text(line, "ytd")
        is_ytd = of.has_ytd and cells.has_digit(to_date)
        return FigureBasis.YTD if is_ytd else FigureBasis.PERIOD

    def _to_date(
        self, entry: Entry, kind: str, table: Table, line: Sequence[str], of: Defined
    ) -> Entry | None:
        if table.latest is None:
            return _wrong(entry, _UNKNOWN)
        last = self._last_filled(table, line, of) if kind == "ytd" else of.period(table.latest)
        if last is None:
            return _wrong(entry, _not_due(of)) if entry.text else None
        if kind == "ytd":
            return replace(entry, table="observations", key=(str(last), FigureBasis.YTD))
        if kind == "last_year":
            year = table.latest.year
            last = Period.containing(year.last_day, of.frequency, year.year_start)
        before = last.shift(-(12 // last.frequency.months))
        stands_alone = not (of.has_ytd and of.is_in_period) and not table.text(line, "ytd").strip(
            "-–nN/aA "
        )
        basis = FigureBasis.PERIOD if stands_alone else FigureBasis.YTD
        note = PRINTED_AS_LAST_YEAR if stands_alone else ""
        return replace(entry, table="observations", key=(str(before), basis), note=note)

    def _last_filled(self, table: Table, line: Sequence[str], of: Defined) -> Period | None:
        """Up to which period a year to date reaches: the table's latest, or where the row has no
        figure in it, as is asked.
        """
        year_start = self.figures.year_start
        filled = [
            period
            for column in table.columns
            if column.kind[:1].isdigit() and cells.has_digit(line[column.place])
            and (period := of.period(Period.parse(column.role, year_start))) is not None
        ]  # fmt: skip
        latest = of.period(table.latest) if table.latest else None
        mine = max(filled, key=lambda p: p.end_month, default=None)
        if latest is None or mine is None or mine.end_month >= latest.end_month:
            return latest
        if not cells.has_digit(table.text(line, "ytd")):
            return latest
        answer = self.asking.ask(
            f"ytd:{of.indicator}",
            f"{of.indicator} has a year to date but no figure for {latest.words}. "
            "Up to when does its year to date reach?",
            [Option(str(p), p.words) for p in (latest, mine)],
        )
        return Period.parse(answer, year_start) if answer else latest


def _year(table: Table) -> str:
    return str(table.latest.year) if table.latest else ""


def _wrong(entry: Entry, problem: str) -> Entry:
    return replace(entry, cell=Cell(problem=problem))


def _not_due(of: Defined) -> str:
    return (
        f"{of.indicator} is due each {of.frequency}, and this is not the end of one. "
        "Leave the cell blank, or say what the column holds."
    )
