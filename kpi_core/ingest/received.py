"""What was received, once read: rows, how they were read, what is wrong, and what is not certain.

Reading never raises over a bad cell: good rows and problems come back side by side. Where a cell or
a column can be read in more than one way, nothing is guessed in silence: a reading that is likely is
shown and can be corrected, one that is not is a question that must be answered before anything is
saved.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from kpi_core.errors import Problem


@dataclass(frozen=True, slots=True)
class Option:
    """One way to read something; `code` is what an answer names."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Question:
    """Something in a file that can be read in more than one way."""

    key: str  #: names it within a batch; the same when the same file is read again
    text: str
    options: tuple[Option, ...]
    proposed: str = ""  #: the option that stands unless another is chosen; empty where none does
    answer: str = ""  #: the option that was chosen
    rows: tuple[int, ...] = ()  #: rows of the file that it is about

    @property
    def taken(self) -> str:
        """The option by which the file was read; empty while the question is open."""
        return self.answer or self.proposed

    @property
    def is_open(self) -> bool:
        """Whether it must be answered before anything is saved."""
        return not self.taken


@dataclass(frozen=True, slots=True)
class Reading:
    """How something was read, for the analyst to see: `97%` as 97."""

    text: str
    rows: tuple[int, ...] = ()


@dataclass(frozen=True)
class Received:
    """Rows of one table, read from one file or one sheet of it.

    `rows` has the columns and types of the table's schema; it is complete only when there are no
    problems. `table` is empty when the kind could not be told.
    """

    file: str
    table: str
    rows: pl.DataFrame
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class FileRead:
    """One file, read. Every row that holds anything is read, refused or set aside, and told.

    A file may hold rows of several tables: a wide one gives figures, targets and expected ranges.
    """

    file: str
    parts: tuple[Received, ...]
    questions: tuple[Question, ...] = ()
    readings: tuple[Reading, ...] = ()
    #: rows of the file that hold anything, the header left out; where none could be told, all
    lines: int = 0
    read: int = 0  #: of these, rows whose cells all were read
    refused: int = 0  #: of these, rows with a problem
    aside: tuple[
        Reading, ...
    ] = ()  #: of these, rows that hold no figures: titles, headings, remarks
    #: whether `read` gives the same from the bytes alone: no answer and no history was needed
    is_plain: bool = True

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything wrong with the file."""
        return tuple(problem for part in self.parts for problem in part.problems)


@dataclass(frozen=True)
class Batch:
    """Files that are to be saved together, read and checked against each other and what is held."""

    contents: Mapping[str, bytes]
    files: tuple[FileRead, ...]
    answers: Mapping[str, str] = field(default_factory=dict)

    @property
    def parts(self) -> tuple[Received, ...]:
        """The rows of all files, table by table of each."""
        return tuple(part for one in self.files for part in one.parts)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything wrong, file by file."""
        return tuple(problem for one in self.files for problem in one.problems)

    @property
    def open_questions(self) -> tuple[Question, ...]:
        """What must be answered before the batch can be saved."""
        return tuple(q for one in self.files for q in one.questions if q.is_open)
