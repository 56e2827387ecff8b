"""One file, read: its sheets, the tables in them, how they were read, and all that is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from kpi_core import schemas
from kpi_core.errors import Problem
from kpi_core.figures import Figures
from kpi_core.ingest import files, header, kept, people, tidy
from kpi_core.ingest.asking import Asking
from kpi_core.ingest.received import FileRead, Option, Question, Reading, Received
from kpi_core.ingest.sheet import Sheet
from kpi_core.ingest.typed import typed
from kpi_core.ingest.wide import read_wide

#: No wide table is longer; a tidy one is, and with a slip in its header must not be searched for one.
_LONGEST_WIDE = 50_000
#: How much of a title is shown.
_SHOWN = 80


def read_file(file: str, content: bytes, figures: Figures, answers: Mapping[str, str]) -> FileRead:
    """Read one file that people upload, whatever it is. Raises nothing over what it holds."""
    opened = files.opened(file, content, answers)
    if not opened.sheets:
        parts = tuple(tidy.refused(file, problem) for problem in opened.problems)
        return FileRead(
            file, parts, opened.questions, lines=opened.lines, refused=opened.lines, is_plain=False
        )
    is_alone = len(opened.sheets) == 1
    read = []
    for sheet in opened.sheets:
        called = header.named(sheet.name) or (header.named(file) if is_alone else "")
        faults = [problem for problem in opened.problems if problem.file == sheet.file]
        one = _read_whole(sheet, faults, called, figures, answers)
        one = one or _unknown(sheet, answers, is_alone=is_alone)
        read.append(one if is_alone else _naming(sheet.name, one))
    return FileRead(
        file,
        tuple(part for one in read for part in one.parts),
        opened.questions + tuple(question for one in read for question in one.questions),
        tuple(reading for one in read for reading in one.readings),
        sum(one.lines for one in read),
        sum(one.read for one in read),
        sum(one.refused for one in read),
        tuple(reading for one in read for reading in one.aside),
        is_plain=opened.is_plain and all(one.is_plain for one in read),
    )


def _naming(sheet: str, read: FileRead) -> FileRead:
    """What was read of one sheet of several, the sheet named in all that is told of it."""

    def named(readings: tuple[Reading, ...]) -> tuple[Reading, ...]:
        return tuple(Reading(f"{sheet}: {reading.text}", reading.rows) for reading in readings)

    return replace(read, readings=named(read.readings), aside=named(read.aside))


def _read_whole(
    sheet: Sheet,
    faults: Sequence[Problem],
    called: str,
    figures: Figures,
    answers: Mapping[str, str],
) -> FileRead | None:
    """A sheet of any known kind. Rows with a cell that has no value are refused; the others read."""
    bad = {problem.row for problem in faults}
    sound = sheet.cells.filter(pl.col("file_row").is_in(list(bad)).not_()) if bad else sheet.cells
    read = _read_sound(replace(sheet, cells=sound), called, figures, answers)
    if read is None or not faults:
        return read
    first = read.parts[0]
    told = replace(first, problems=(*faults, *first.problems))
    return replace(
        read, parts=(told, *read.parts[1:]), lines=read.lines + len(bad),
        refused=read.refused + len(bad),
    )  # fmt: skip


def _read_sound(
    sheet: Sheet, called: str, figures: Figures, answers: Mapping[str, str]
) -> FileRead | None:
    """A tidy sheet, or else a wide one, or else one that is nearly tidy; None for any other."""
    trimmed = sheet.without_blank_columns()
    is_whole = trimmed is sheet
    place = header.place_of(trimmed, called)
    if place is None:
        may_be_wide = 0 < trimmed.cells.height <= _LONGEST_WIDE
        wide = read_wide(trimmed, figures, answers) if may_be_wide else None
        if wide is not None:
            return wide
        place = 0
    if trimmed.cells.is_empty():
        return None
    given = trimmed.line(place)
    names = header.cleaned(given)
    table = called or header.table_of(names)
    if not table:
        return None
    is_plain = is_whole and names == given and place == 0
    return _read_tidy(trimmed, place, table, figures, Asking(trimmed, answers), is_plain=is_plain)


def _read_tidy(
    sheet: Sheet, place: int, table: str, figures: Figures, asking: Asking, *, is_plain: bool
) -> FileRead:
    given = sheet.line(place)
    names = header.cleaned(given)
    below = sheet.cells.height - place - 1
    titles = _aside(sheet, range(place))
    readings = [*sheet.readings, *_renamed(given, names)]
    wrong = header.check(sheet.file, table, sheet.cells["file_row"][place], names)
    if wrong:
        part = Received(sheet.file, table, schemas.empty(table), tuple(wrong))
        return FileRead(
            sheet.file,
            (part,),
            (),
            tuple(readings),
            place + below,
            0,
            below,
            titles,
            is_plain=False,
        )
    raw, ragged = tidy.as_text(sheet, place, names)
    blank, taken_out = kept.without_none(table, raw)
    text, told = people.as_tables_have_them(table, blank, figures, asking)
    rows, found = typed(sheet.file, table, text, figures.year_start)
    unsaid = set(schemas.columns(table)) - set(names)
    whole = kept.completed(table, rows, figures, unsaid, taken_out)
    part = tidy.judged(Received(sheet.file, table, raw, tuple(ragged)), whole, found)
    stays = list(kept.told(table, rows, whole))
    as_given = not told and taken_out.is_empty() and whole.equals(rows)
    return FileRead(
        sheet.file, (part,), asking.questions, (*readings, *told, *stays), place + below,
        part.rows.height, below - part.rows.height, titles, is_plain=is_plain and as_given,
    )  # fmt: skip


def _unknown(sheet: Sheet, answers: Mapping[str, str], *, is_alone: bool) -> FileRead:
    """A sheet of no known kind: refused, unless it lies beside others and is to be left out."""
    lines = sheet.cells.height
    given = sheet.without_blank_columns().line(0)
    problem = header.unknown_kind(sheet.file, sheet.cells["file_row"][0], header.cleaned(given))
    if is_alone:
        part = tidy.refused(sheet.file, problem)
        return FileRead(
            sheet.file, (part,), readings=sheet.readings, lines=lines, refused=lines, is_plain=False
        )
    key = f"{sheet.file}|{sheet.name}|sheet"
    options = (
        Option("leave", "Leave it out"),
        Option("read", "It holds figures: say what is wrong"),
    )
    rows = "1 row" if lines == 1 else f"{lines:,} rows"
    question = Question(
        key, f"The sheet {sheet.name} ({rows}) is no table that is known. What is to become of it?",
        options, answer=answers.get(key, "") if answers.get(key) in ("leave", "read") else "",
    )  # fmt: skip
    if question.answer == "leave":
        return FileRead(
            sheet.file, (), (question,), sheet.readings, lines, aside=_aside(sheet, range(lines)),
            is_plain=False,
        )  # fmt: skip
    parts = (tidy.refused(sheet.file, problem),) if question.answer else ()
    return FileRead(sheet.file, parts, (question,), sheet.readings, lines, 0, lines, is_plain=False)


def _aside(sheet: Sheet, places: range) -> tuple[Reading, ...]:
    return tuple(
        Reading(_line(sheet.line(place)), (sheet.cells["file_row"][place],)) for place in places
    )


def _line(cells: Sequence[str]) -> str:
    text = " · ".join(cell for cell in cells if cell)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def _renamed(given: Sequence[str], names: Sequence[str]) -> list[Reading]:
    pairs = [
        f'"{before}" as {name}' for before, name in zip(given, names, strict=True) if before != name
    ]
    return [Reading(f"Columns read by the tables' names: {', '.join(pairs)}.")] if pairs else []
