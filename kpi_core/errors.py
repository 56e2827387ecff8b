"""The errors of this product, named for whose fault it is.

KpiError
├── UserError            a person can mend it: shown plainly, without a traceback, exit code 1
│   ├── PeriodError      a text that is no period
│   ├── UnknownName      an organisation, report, section or indicator that is not there
│   ├── RefusedFiles     files that failed their checks; carries the problems
│   ├── OpenQuestions    files that can be read in more than one way, and nobody has said which
│   └── SettingsError    an organisation.toml that cannot be followed
│       └── UnknownSetting   a setting that does not exist
└── StoreBusy            another process kept the store locked for too long
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches


class KpiError(Exception):
    """Anything this product raises on purpose."""


class UserError(KpiError):
    """Something the person at the keyboard can put right; its text is shown as it stands."""


class PeriodError(UserError):
    """A text that is not a financial year, quarter or month."""

    def __init__(self, text: str, year: str = "2024/25") -> None:
        super().__init__(
            f'"{text}" is not a period. Write a year as {year}, a quarter as {year} Q2, '
            "a month as 2024-09."
        )


class UnknownName(UserError):
    """A name that is not among the known ones; the message offers the nearest."""

    def __init__(self, what: str, name: str, known: Iterable[str]) -> None:
        names = sorted(known)
        near = get_close_matches(name, names, n=1, cutoff=0.5)
        way_out = f'Did you mean "{near[0]}"?' if near else f"Known: {', '.join(names) or 'none'}."
        super().__init__(f'There is no {what} "{name}". {way_out}')


class SettingsError(UserError):
    """An organisation.toml that cannot be followed."""


class UnknownSetting(SettingsError):
    """A setting that does not exist; `place` is the file, and the table within it."""

    def __init__(self, place: str, key: str, known: Iterable[str]) -> None:
        names = sorted(known)
        near = get_close_matches(key, names, n=1, cutoff=0.4)
        way_out = f'Did you mean "{near[0]}"?' if near else f"Known: {', '.join(names)}."
        super().__init__(f'{place}: there is no setting "{key}". {way_out}')


class StoreBusy(KpiError):
    """The store stayed locked by another process."""

    def __init__(self, path: object) -> None:
        super().__init__(f"The store {path} is in use by another process. Try again in a moment.")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a file: its address, the value as it stands there, and the way out."""

    file: str
    row: int | None  #: as a spreadsheet counts: the header is row 1
    column: str | None
    value: str | None
    message: str

    def __str__(self) -> str:
        place = [self.file]
        if self.row is not None:
            place.append(f"row {self.row}")
        if self.column is not None:
            place.append(f"column {self.column}")
        entered = "" if self.value is None else f'you entered "{self.value}". '
        return f"{', '.join(place)}: {entered}{self.message}"


#: Values shown of a group, after which the others are counted; stretches of rows likewise.
_VALUES_SHOWN, _STRETCHES_SHOWN = 5, 8
#: So many like problems are still told one by one.
_APART = 3


@dataclass(frozen=True, slots=True)
class ProblemGroup:
    """Problems of one kind, in one column of a file."""

    problems: tuple[Problem, ...]

    @property
    def file(self) -> str:
        """The file that all of them are in."""
        return self.problems[0].file

    @property
    def column(self) -> str | None:
        """The column that all of them are in, if they are in one."""
        return self.problems[0].column

    @property
    def rows(self) -> str:
        """`row 4`, `rows 4–9, 12 and 31`; empty where they are of no row."""
        rows = sorted({problem.row for problem in self.problems if problem.row is not None})
        if not rows:
            return ""
        return ("row " if len(rows) == 1 else "rows ") + listed(_stretches(rows), _STRETCHES_SHOWN)

    @property
    def values(self) -> tuple[str, ...]:
        """The values as they stand in the file, each once."""
        return tuple(dict.fromkeys(p.value for p in self.problems if p.value is not None))

    @property
    def message(self) -> str:
        """What is wrong and what to enter instead; of the first, where they differ in a number."""
        first = self.problems[0]
        alike = all(problem.message == first.message for problem in self.problems)
        return first.message if alike or first.row is None else f"Row {first.row}: {first.message}"

    def __str__(self) -> str:
        place = [self.file, self.rows, f"column {self.column}" if self.column else ""]
        quoted = [f'"{value}"' for value in self.values]
        entered = f"you entered {listed(quoted, _VALUES_SHOWN)}. " if quoted else ""
        return f"{', '.join(part for part in place if part)}: {entered}{self.message}"


def grouped(problems: Iterable[Problem]) -> list[ProblemGroup]:
    """Like problems together, in the order of their first: same file, column and kind of message."""
    groups: dict[tuple[str, str | None, str], list[Problem]] = {}
    for problem in problems:
        groups.setdefault((problem.file, problem.column, _kind(problem.message)), []).append(
            problem
        )
    return [ProblemGroup(tuple(group)) for group in groups.values()]


def _kind(message: str) -> str:
    """A message without the values that it quotes and the numbers in it."""
    return re.sub(r"[0-9][0-9.,]*", "0", re.sub(r'"[^"]*"', '""', message))


def _stretches(rows: Sequence[int]) -> list[str]:
    """Rising numbers as `4–9` where they follow each other."""
    ends = [place for place, row in enumerate(rows) if rows[place + 1 : place + 2] != [row + 1]]
    starts = [0, *(place + 1 for place in ends[:-1])]
    return [
        str(rows[start]) if start == end else f"{rows[start]}–{rows[end]}"
        for start, end in zip(starts, ends, strict=True)
    ]


def listed(texts: Sequence[str], most: int) -> str:
    """`a, b and c`; after so many the others are counted."""
    more = len(texts) - most
    shown = list(texts) if more <= 0 else [*texts[:most], f"{more:,} more"]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


class RefusedFiles(UserError):
    """Files that failed their checks. Nothing was saved."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        lines = "\n".join(line for group in grouped(problems) for line in _said(group))
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        super().__init__(f"{lines}\n{count}; nothing was saved.")


class OpenQuestions(UserError):
    """Files that can be read in more than one way. Nothing was saved."""

    def __init__(self, questions: Sequence[str]) -> None:
        self.questions = tuple(questions)
        count = "1 question is" if len(questions) == 1 else f"{len(questions)} questions are"
        lines = "\n".join(questions)
        super().__init__(f"{lines}\n{count} open; nothing was saved. Answer and try again.")


def _said(group: ProblemGroup) -> list[str]:
    """A few like problems are told one by one, many in one sentence."""
    few = len(group.problems) <= _APART
    return [str(problem) for problem in group.problems] if few else [str(group)]
