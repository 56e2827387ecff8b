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


class RefusedFiles(UserError):
    """Files that failed their checks. Nothing was saved."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        lines = "\n".join(str(problem) for problem in problems)
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        super().__init__(f"{lines}\n{count}; nothing was saved.")


class OpenQuestions(UserError):
    """Files that can be read in more than one way. Nothing was saved."""

    def __init__(self, questions: Sequence[str]) -> None:
        self.questions = tuple(questions)
        count = "1 question is" if len(questions) == 1 else f"{len(questions)} questions are"
        lines = "\n".join(questions)
        super().__init__(f"{lines}\n{count} open; nothing was saved. Answer and try again.")
