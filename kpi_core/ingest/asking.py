"""What is asked about a sheet, and what was answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from kpi_core.ingest.received import Option, Question
from kpi_core.ingest.sheet import Sheet

#: The option that keeps a column or a row out of what is saved.
LEAVE = "leave"


class Asking:
    """Asks about one sheet and keeps what was asked."""

    def __init__(self, sheet: Sheet, answers: Mapping[str, str]) -> None:
        self._place = f"{sheet.file}|{sheet.name}|"
        self._answers = answers
        self._asked: dict[str, Question] = {}

    def ask(
        self,
        about: str,
        text: str,
        options: Sequence[Option],
        proposed: str = "",
        rows: Iterable[int] = (),
    ) -> str:
        """The code of the option that holds; empty while the question is open.

        An answer that is not among the options counts for nothing. What is asked again is asked
        once, about all of its rows.
        """
        key = self._place + about
        before = self._asked.get(key)
        answer = self._answers.get(key, "")
        known = {option.code for option in options}
        question = Question(
            key, text, tuple(options), proposed, answer if answer in known else "",
            tuple(sorted({*rows, *(before.rows if before else ())})),
        )  # fmt: skip
        self._asked[key] = question
        return question.taken

    @property
    def questions(self) -> tuple[Question, ...]:
        """Everything asked, in order."""
        return tuple(self._asked.values())
