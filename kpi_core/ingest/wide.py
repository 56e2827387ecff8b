"""Wide tables, as everybody has them: a row for each indicator, a column for each period.

A sheet may hold several, one under another, with titles, remarks and sections between them. What
each column holds, what each doubtful cell means and which indicator a row is about is proposed
where it is likely and can be corrected; where it is not, it is asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from kpi_core.errors import Problem
from kpi_core.figures import Figures
from kpi_core.ingest import cells, compared, frames, headers, kept
from kpi_core.ingest.asking import LEAVE, Asking
from kpi_core.ingest.headers import ROLES, Column
from kpi_core.ingest.names import Names
from kpi_core.ingest.received import FileRead, Option, Reading, Received
from kpi_core.ingest.rows import Defined, Entry, Reader, Table, defined
from kpi_core.ingest.settled import settle
from kpi_core.ingest.sheet import Sheet
from kpi_core.periods import Period

#: How much of a line that is set aside is shown.
_SHOWN = 80

Line = tuple[int, list[str]]


def read_wide(sheet: Sheet, figures: Figures, answers: Mapping[str, str]) -> FileRead | None:
    """Read a sheet of wide tables; None where it holds none.

    `answers` maps keys of questions to codes of options. Gives observations, targets and
    thresholds, each with the place in the file as its source. A row with any problem is refused
    whole.
    """
    lines = [(int(row), list(line)) for row, _, *line in sheet.cells.iter_rows()]
    raw = list(_split(lines, figures.year_start))
    if not raw:
        return None
    asking = Asking(sheet, answers)
    names = Names.of(figures)
    tables = _tables(raw, figures.year_start, names, asking)
    at = max((t.latest for t in tables if t.latest), key=lambda p: p.end_month, default=None)
    work = _Work(sheet, figures, asking, _marks(tables, figures, asking))
    if at is not None:
        known = defined(figures, at)
        for table in tables:
            work.read_table(table, known, names)
    else:
        work.refuse(tables)
    return work.outcome(lines, tables, at)


@dataclass
class _Raw:
    """A table before its columns are told: where its header is, and its lines."""

    header_row: int
    header: list[str]
    sub_row: int | None
    lines: list[Line] = field(default_factory=list)


def _split(lines: Sequence[Line], year_start: int) -> Iterator[_Raw]:
    current: _Raw | None = None
    for place, (row, line) in enumerate(lines):
        if headers.is_header(line, year_start):
            if current is not None:
                yield current
            above = lines[place - 1][1] if place else [""] * len(line)
            follows = lines[place + 1] if place + 1 < len(lines) else (0, [""] * len(line))
            joined, has_sub = headers.with_ends(line, above, follows[1])
            current = _Raw(row, joined, follows[0] if has_sub else None)
        elif current is not None and row != current.sub_row:
            current.lines.append((row, line))
    if current is not None:
        yield current


def _tables(raw: Sequence[_Raw], year_start: int, names: Names, asking: Asking) -> list[Table]:
    rows = [one.header_row for one in raw]
    is_month_first = headers.month_first([one.header for one in raw], asking, rows)
    heads = headers.Headers(asking, year_start, is_month_first, None)
    sure = [
        found[0]
        for one in raw
        for place, text in enumerate(one.header)
        if len(found := heads.candidates(text)) == 1 and _has_figures(one.lines, place)
    ]
    heads = replace(heads, latest=_last(sure))
    tables = []
    for one in raw:
        with_figures = [
            line for _, line in one.lines if any(cells.is_figure_like(cell) for cell in line)
        ]
        labels = {
            place: names.label(held)
            for place in range(len(one.header))
            if (held := [line[place] for line in with_figures if line[place]])
        }
        columns = heads.columns(one.header, labels, one.header_row)
        filled = [
            Period.parse(column.role, year_start)
            for column in columns
            if column.role and column.kind not in ROLES and _has_figures(one.lines, column.place)
        ]
        tables.append(Table(one.header_row, columns, one.lines, _last(filled)))
    return tables


def _has_figures(lines: Sequence[Line], place: int) -> bool:
    """Whether a column holds figures: months to come may stand there empty."""
    return any(cells.has_digit(line[place]) for _, line in lines)


def _last(periods: Sequence[Period]) -> Period | None:
    """The one that ends last; of several the shortest."""
    return max(periods, key=lambda p: (p.end_month, -p.frequency.months), default=None)


def _marks(tables: Sequence[Table], figures: Figures, asking: Asking) -> str:
    """What parts decimals in the sheet: the organisation's mark, unless its cells prove another."""
    own = figures.organisation.wording.decimal_mark
    texts = [
        line[column.place]
        for table in tables for _, line in table.rows for column in table.columns
        if column.kind not in {"ref", "name", "rating", LEAVE}
    ]  # fmt: skip
    mark = cells.decimal_mark(texts, own)
    if mark == own:
        return own
    options = [
        Option(".", "a point: 46.5, and 1,234 is one thousand and more"),
        Option(",", "a comma: 46,5, and 1.234 is one thousand and more"),
    ]
    text = (
        "Some figures of the sheet have another mark before their decimals than the council's. "
        "Which one has the sheet?"
    )
    return asking.ask("marks", text, options, mark or "") or own


class _Work:
    """Reads the tables of one sheet and gathers what comes of it."""

    def __init__(self, sheet: Sheet, figures: Figures, asking: Asking, mark: str) -> None:
        self.sheet, self.figures, self.asking = sheet, figures, asking
        self.reader = Reader(figures, mark, asking)
        self.problems: list[Problem] = []
        self.undecided: set[int] = set()
        self.entries: list[Entry] = []
        self.printed: list[compared.Printed] = []

    def refuse(self, tables: Sequence[Table]) -> None:
        """Refuse the rows of tables of which no column with figures is a period."""
        self._wrong(
            tables[0].header_row, None, None,
            "No column with figures is known to be a month, quarter or year. Head one as Mar-25 or "
            "as Q4 2024/25, or say which it is.",
        )  # fmt: skip
        self.undecided |= {
            row
            for table in tables for row, line in table.rows
            if any(cells.is_figure_like(cell) for cell in line)
        }  # fmt: skip

    def read_table(self, table: Table, known: Mapping[str, Defined], names: Names) -> None:
        """Take in the rows of one table."""
        table = self._without_twins(table)
        for row, line in table.rows:
            has_figures = any(
                cells.is_figure_like(line[column.place])
                for column in table.columns
                if column.kind not in {"ref", "name", LEAVE}
            )
            ref, name = table.text(line, "ref"), table.text(line, "name")
            if not has_figures and not names.knows(ref):
                continue
            indicator = names.find(ref, name, row, self.asking)
            if indicator in ("", LEAVE):
                if not indicator:
                    self.undecided.add(row)
                continue
            self._read_row(table, row, line, known[indicator])

    def _read_row(self, table: Table, row: int, line: Sequence[str], of: Defined) -> None:
        self.entries += self.reader.entries(table, row, line, of)
        period = of.period(table.latest) if table.latest else None
        if period is None:
            return
        self.printed += [
            compared.Printed(
                row, column.header, of.indicator, str(period), basis, line[column.place]
            )
            for column in table.columns
            if column.kind == "rating"
            for basis in _bases(column)
        ]

    def _without_twins(self, table: Table) -> Table:
        """The table without columns that are taken for the same as one before them: a problem."""
        single: dict[str, Column] = {}
        for column in table.columns:
            is_single = column.kind not in {"rating", LEAVE, ""}
            role = column.role if is_single else f"{column.place}:{column.role}"
            first = single.setdefault(role, column)
            if first is not column:
                self._wrong(
                    table.header_row, column.header, None,
                    f"The columns {first.header} and {column.header} are both taken for the same. "
                    "Say what each holds, or leave one out.",
                )  # fmt: skip
        return replace(table, columns=tuple(single.values()))

    def _wrong(self, row: int, column: str | None, value: str | None, message: str) -> None:
        self.problems.append(Problem(self.sheet.file, row, column, value, message))

    def outcome(
        self, lines: Sequence[Line], tables: Sequence[Table], at: Period | None
    ) -> FileRead:
        """All that came of the sheet."""
        file = self.sheet.file
        settled = settle(self.entries, self.figures, self.asking)
        for entry in self.entries:
            if entry.cell.problem:
                self._wrong(entry.row, entry.column, entry.text, entry.cell.problem)
        found, repeated = frames.frames(self.sheet, settled)
        given = found
        found = {
            table: kept.completed(table, frame, self.figures, kept.UNSAID_BY_WIDE[table])
            for table, frame in given.items()
        }
        completed = [
            one for table, frame in given.items() for one in kept.told(table, frame, found[table])
        ]
        bad = sorted({problem.row for problem in self.problems if problem.row is not None})
        for table, frame in found.items():
            sound = frame.filter(pl.col("file_row").is_in(bad).not_())
            self.problems += frames.broken_rules(file, table, sound)
        refused = {problem.row for problem in self.problems if problem.row is not None}
        good = {
            table: frame.filter(pl.col("file_row").is_in(sorted(refused)).not_())
            for table, frame in found.items()
        }
        refused |= self.undecided
        first, taken = tables[0].header_row, {entry.row for entry in self.entries}
        counted = [(row, line) for row, line in lines if row != first]
        aside = tuple(
            Reading(_shown(line), (row,)) for row, line in counted if row not in taken | refused
        )
        out = sum(row in refused for row, _ in counted)
        differing = compared.differences(self.printed, good, self.figures, at) if at else ()
        return FileRead(
            file, self._parts(good), self.asking.questions,
            (*self.sheet.readings, *frames.remarks(settled), *repeated, *completed, *differing),
            lines=len(counted), read=len(counted) - out - len(aside), refused=out, aside=aside,
            is_plain=False,
        )  # fmt: skip

    def _parts(self, good: Mapping[str, pl.DataFrame]) -> tuple[Received, ...]:
        """The tables that have rows; figures always, and with them what is wrong."""
        problems = tuple(sorted(self.problems, key=lambda problem: problem.row or 0))
        return tuple(
            Received(self.sheet.file, table, frame, problems if table == "observations" else ())
            for table, frame in good.items()
            if table == "observations" or frame.height
        )


def _bases(column: Column) -> list[str]:
    """What a rating can be about: `In expected range?` is about whichever figure has the range."""
    if column.role.endswith("ytd"):
        return ["ytd"]
    is_alert = any(word in headers.words(column.header) for word in ("range", "alert"))
    return ["period", "ytd"] if is_alert else ["period"]


def _shown(line: Sequence[str]) -> str:
    text = " · ".join(cell for cell in line if cell)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
