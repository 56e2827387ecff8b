"""Text becomes lines of cells: which separator a file has, and its cells, quotes respected."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

import polars as pl

from kpi_core.ingest import header
from kpi_core.ingest.received import Option, Question, Reading
from kpi_core.ingest.sheet import MOST_CELLS, MOST_COLUMNS, Unreadable, frame_of, stacked, trimmed

# One cell may be a megabyte; whether a table takes it is not for the reader of lines to say.
csv.field_size_limit(64 * 1024 * 1024)

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
#: What an answer names a separator by.
_CODES = {",": "comma", ";": "semicolon", "\t": "tab"}

#: The separator is told from so many lines at the top, and so much text.
_SAMPLE_LINES = 200
_SAMPLE_TEXT = 200_000
#: A separator is sure when it parts at least so many lines alike, and no other half as many.
_SURE = 0.5
#: Lines of one chunk: as lists of text, a million lines would take a gigabyte.
_CHUNK = 50_000


def cells(text: str, separator: str) -> pl.DataFrame:
    """The lines of a text as the frame of a sheet. Raises Unreadable."""
    content = text.encode()
    frame = plain(content, separator) if _is_plain(content) else None
    return quoted(text, separator) if frame is None else frame


def separator_of(
    file: str, text: str, answers: Mapping[str, str]
) -> tuple[str, tuple[Reading, ...], tuple[Question, ...]]:
    """The separator of a file, how it was told, and the question where it is not sure."""
    lines = {one: _sample(text, one) for one in SEPARATORS}
    regular = {one: _regularity(found) for one, found in lines.items()}
    possible = [one for one in SEPARATORS if regular[one] > (0, 0)]
    if not possible:
        return ",", (), ()
    likely = max(possible, key=lambda one: regular[one])
    if len(possible) > 1 and (by_names := _by_names(lines)):
        return by_names, _told(by_names), ()
    rivals = [one for one in possible if one != likely]
    is_sure = regular[likely][0] >= _SURE and all(
        regular[one][0] < regular[likely][0] / 2 for one in rivals
    )
    if is_sure or not rivals:
        return likely, _told(likely), ()
    key = f"{file}|separator"
    codes = {_CODES[one]: one for one in possible}
    answer = answers.get(key, "")
    question = Question(
        key, f"What parts the cells of {file}?",
        tuple(Option(_CODES[one], _option(one, lines[one])) for one in possible),
        proposed=_CODES[likely], answer=answer if answer in codes else "",
    )  # fmt: skip
    taken = codes[question.taken]
    return taken, _told(taken), (question,)


def _told(separator: str) -> tuple[Reading, ...]:
    if separator == ",":
        return ()
    return (Reading(f"The cells are parted by {SEPARATORS[separator]}."),)


def _option(separator: str, lines: Sequence[Sequence[str]]) -> str:
    first = next(line for line in lines if len(line) > 1)
    shown = " | ".join(cell.strip() for cell in first[:4])
    return f"{SEPARATORS[separator].capitalize()}: {shown}"


def _sample(text: str, separator: str) -> list[list[str]]:
    """The lines at the top that hold anything."""
    top = io.StringIO(text[:_SAMPLE_TEXT], newline="")
    lines = islice(csv.reader(top, delimiter=separator), _SAMPLE_LINES)
    return [line for line in lines if any(cell.strip() for cell in line)]


def _regularity(lines: Sequence[Sequence[str]]) -> tuple[float, int]:
    """The share of lines that are parted alike, and into how many cells."""
    widths = Counter(len(line) for line in lines if len(line) > 1)
    if not widths:
        return 0, 0
    width, count = max(widths.items(), key=lambda found: (found[1], found[0]))
    return count / len(lines), width


def _by_names(lines: Mapping[str, Sequence[Sequence[str]]]) -> str:
    """The one separator that parts a line into the names of a table's columns, if there is."""
    found = [
        separator
        for separator, sample in lines.items()
        if any(header.is_header(line) for line in sample[: header.TITLE_ROWS])
    ]
    return found[0] if len(found) == 1 else ""


def _is_plain(content: bytes) -> bool:
    """Whether lines end at line breaks and cells at separators, whatever they hold."""
    return (
        b'"' not in content
        and content.count(b"\r") == content.count(b"\r\n")
        and b"\0" not in content
        and not content.startswith(b"\xef\xbb\xbf")
    )


def plain(content: bytes, separator: str) -> pl.DataFrame | None:
    """The cells of a plain text, read by polars: thirty times as fast as line by line.

    None where polars would read otherwise: it takes the first line for the widest, and leaves some
    blank lines out.
    """
    content = content.rstrip(b"\r\n")
    if not content:
        return None
    lines = _table(content, "\0", 1)["c0"]
    if lines.len() != content.count(b"\n") + 1:
        return None
    width = lines.str.count_matches(separator, literal=True).fill_null(0) + 1
    most = max(width.unique().to_list())
    if width[0] != most:
        return None
    _check_size(lines.len(), most)
    frame = _table(content, separator, most)
    if frame.height != lines.len():
        return None
    rows = pl.int_range(1, frame.height + 1, dtype=pl.UInt32, eager=True)
    return trimmed(
        frame.select(rows.alias("file_row"), width.cast(pl.UInt32).alias("width"), pl.all())
    )


def _table(content: bytes, separator: str, width: int) -> pl.DataFrame:
    return pl.read_csv(
        content, separator=separator, has_header=False, quote_char=None,
        schema={f"c{place}": pl.String for place in range(width)}, infer_schema=False,
    ).with_columns(pl.all().fill_null(""))  # fmt: skip


def quoted(text: str, separator: str) -> pl.DataFrame:
    """The cells of any text, line by line."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    chunks, row, most = [frame_of([], 1)], 1, 0
    try:
        for lines in _chunks(reader):
            most = max(most, *(len(line) for line in lines))
            _check_size(row + len(lines), most)
            chunks.append(frame_of(lines, row))
            row += len(lines)
    except csv.Error as error:
        raise Unreadable(
            f"This is not a CSV file ({_fault(str(error), reader.line_num)}). "
            "Save the sheet as CSV and try again."
        ) from None
    return stacked(chunks)


def _fault(error: str, line: int) -> str:
    """What the csv module says, in plain words; `line` is how far it came."""
    if error == "unexpected end of data":
        return "a quotation mark opens a cell and none closes it"
    if "expected after" in error:
        return f"line {line:,} has text after the quotation mark that closes a cell"
    return error


def _chunks(reader: Iterator[list[str]]) -> Iterator[list[list[str]]]:
    while lines := list(islice(reader, _CHUNK)):
        yield lines


def _check_size(rows: int, columns: int) -> None:
    if columns > MOST_COLUMNS:
        raise Unreadable(f"A row has {columns:,} cells, where at most {MOST_COLUMNS:,} are read.")
    if rows * columns > MOST_CELLS:
        raise Unreadable(
            f"The table is too big: {rows:,} rows of up to {columns:,} cells, where at most "
            f"{MOST_CELLS:,} cells are read. Split it into several files."
        )
