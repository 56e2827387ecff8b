"""Months, quarters and years as numbers of months, so that time is a matter of counting."""

from __future__ import annotations

from dataclasses import dataclass

MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True)
class Stretch:
    """A period: `first` is its first month, `end` the first month after it, from the year 0."""

    text: str
    kind: str
    first: int
    end: int


@dataclass(frozen=True)
class Calendar:
    """The financial calendar of a council whose year begins in month `begins` (1 is January)."""

    begins: int

    def read(self, text: str) -> Stretch:
        """`2024/25`, `2024/25 Q2`, `2024-09`; `2024` and `2024 Q2` where a year is a calendar year."""
        if len(text) == 7 and text[4] == "-":
            first = int(text[:4]) * 12 + int(text[5:]) - 1
            return Stretch(text, "month", first, first + 1)
        year, _, quarter = text.partition(" Q")
        first = int(year[:4]) * 12 + self.begins - 1
        if not quarter:
            return Stretch(text, "year", first, first + 12)
        first += 3 * (int(quarter) - 1)
        return Stretch(text, "quarter", first, first + 3)

    def ending(self, kind: str, end: int) -> Stretch:
        """The period of that kind that ends there."""
        first = end - MONTHS[kind]
        if kind == "month":
            return Stretch(f"{first // 12:04d}-{first % 12 + 1:02d}", kind, first, end)
        year = self.year_of(first)
        if kind == "year":
            return Stretch(year, kind, first, end)
        return Stretch(f"{year} Q{self._into_year(first) // 3 + 1}", kind, first, end)

    def last_complete(self, kind: str, end: int) -> Stretch:
        """The last period of that kind that is over by then."""
        while self._into_year(end) % MONTHS[kind]:
            end -= 1
        return self.ending(kind, end)

    def year_of(self, month: int) -> str:
        """The financial year in which a month lies."""
        starts = (month - self._into_year(month)) // 12
        return f"{starts}" if self.begins == 1 else f"{starts}/{(starts + 1) % 100:02d}"

    def year_begins(self, month: int) -> int:
        """The first month of the financial year in which a month lies."""
        return month - self._into_year(month)

    def _into_year(self, month: int) -> int:
        return (month - (self.begins - 1)) % 12
