"""What the columns of a wide table hold, told by the words of its header."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kpi_core.ingest import dates
from kpi_core.ingest.asking import LEAVE, Asking
from kpi_core.ingest.received import Option
from kpi_core.periods import Frequency, Period

#: What a column can hold besides a period's figures, as an analyst chooses it.
ROLES = {
    LEAVE: "leave this column out",
    "ref": "reference of the indicator",
    "name": "name of the indicator",
    "ytd": "year to date",
    "last_year": "whole of last year",
    "last_year_to_date": "last year, up to the same period",
    "target": "target of the year",
    "floor": "floor standard of the year",
    "lower": "lower end of the expected range",
    "upper": "upper end of the expected range",
    "lower:ytd": "lower end, for the year to date",
    "upper:ytd": "upper end, for the year to date",
    "lower:period": "lower end, for the single period",
    "upper:period": "upper end, for the single period",
    "rating": "rating of the latest period, compared only",
    "rating:ytd": "rating of the year to date, compared only",
}

_LAST = r"(?:prev(?:ious)?|last|prior)"
_YEAR = r"(?:year|yr)"
_YTD = r"(?:ytd|year to date)"
_END = r"(?:actual|figure|value|total|outturn|result|performance)"
_NOW = r"(?:month(?:ly)?|qtr|quarter(?:ly)?|latest|current|period|kpi)"
_KINDS = r"(?:(?:key |performance |activity |kpi |pi )*(?:indicators?|kpis?|measures?))"
_WORDS = [
    (re.compile(pattern), code)
    for pattern, code in (
        (r"(?:(?:kpi|pi|indicator|measure) )?(?:ref|reference|code|id)(?: (?:no|number|code))?", "ref"),
        (rf"{_KINDS}(?: (?:description|name|title))?|description|name|title", "name"),
        (rf"(?:{_YTD}|{_YEAR}|annual) (?:rag|rating|alert)(?: (?:rating|status))?", "rating:ytd"),
        (rf"(?:rag|rating) {_YTD}", "rating:ytd"),
        (rf"(?:{_NOW} )?(?:rag|rating|alert)(?: (?:rating|status))?", "rating"),
        (r"(?:in|within) (?:the )?expected range", "rating"),
        (rf"{_LAST} {_YEAR} {_YTD}|{_LAST} {_YTD}|{_YTD} {_LAST} {_YEAR}", "last_year_to_date"),
        (rf"{_LAST} {_YEAR}(?: {_END})?", "last_year"),
        (rf"(?:{_YTD}|cumulative)(?: {_END})?", "ytd"),
        (rf"(?:(?:annual|{_YEAR}(?: end)?|kpi|{_YTD}) )?target(?: {_END})?", "target"),
        (r"floor(?: (?:standard|target|value))?|minimum(?: standard)?", "floor"),
        (rf"(?:.* )?{_YTD}(?: .*)? lower(?: (?:limit|threshold|end))?", "lower:ytd"),
        (rf"(?:.* )?{_YTD}(?: .*)? upper(?: (?:limit|threshold|end))?", "upper:ytd"),
        (r"(?:.* )?lower(?: (?:limit|threshold|end|range|expected range))?", "lower"),
        (r"(?:.* )?upper(?: (?:limit|threshold|end|range|expected range))?", "upper"),
        (r"direction(?: of travel)?|dot|trend|variance|change|difference", LEAVE),
        (r"comments?|commentary|notes?|owner|lead|section|directorate|division", LEAVE),
        (r"service(?: area)?|units?|polarity|frequency|source|status", LEAVE),
    )
]  # fmt: skip
_OF_A_YEAR = re.compile(r"(target|floor)(?: standard)?[ :,-]+(.+)", re.IGNORECASE)
_ENDS = re.compile(r"upper|lower")
_LABELS = ("ref", "name")
_SURE_PERIODS = 2
#: Every cell is tried as a heading: the texts of a sheet come again and again.
_MANY = 10_000
#: No heading is longer.
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: its place among the cells, its header, and what it holds."""

    place: int
    header: str
    role: str  #: a code of ROLES, `target:2024/25`, or a period; empty while that is open

    @property
    def kind(self) -> str:
        """The role without the year or basis that it names."""
        return self.role.partition(":")[0]


def words(text: str) -> str:
    """A header without marks: letters and figures, parted by single spaces."""
    plain = re.sub(r"<[^<>]*>", " ", text[:_LONGEST]).casefold()
    return " ".join(re.sub(r"[^a-z0-9]+", " ", plain).split())


def role(text: str) -> str:
    """The role that a header's words tell, periods aside; empty where they tell none."""
    return _role(text) if len(text) <= _LONGEST else ""


@lru_cache(_MANY)
def _role(text: str) -> str:
    plain = words(text)
    return next((code for pattern, code in _WORDS if pattern.fullmatch(plain)), "")


def is_header(cells: Sequence[str], year_start: int) -> bool:
    """Whether a line heads a wide table: labels and periods, or at least two sure periods."""
    roles = [role(cell) for cell in cells]
    stretches = [bool(dates.periods(cell, year_start) or dates.serial(cell)) for cell in cells]
    if any(one in _LABELS for one in roles):
        return any(stretches) or "ytd" in roles
    sure = [
        cell for cell, is_one in zip(cells, stretches, strict=True)
        if is_one and not re.fullmatch(r"[0-9]+", cell)
    ]  # fmt: skip
    others = [cell for cell in cells if cell and cell not in sure and not role(cell)]
    return len(sure) >= _SURE_PERIODS and not any(re.search("[0-9]", cell) for cell in others)


def with_ends(header: list[str], above: list[str], below: list[str]) -> tuple[list[str], bool]:
    """The header with `Expected range` joined to `Upper` and `Lower`, wherever these stand.

    They stand in the line below, in the header under a line that groups columns, or both in one
    cell. Also returns whether the line below belongs to the header.
    """
    ends = [words(cell) for cell in below]
    is_part = any(ends) and all(not end or _ENDS.fullmatch(end) for end in ends)
    joined = list(header)
    for place, cell in enumerate(header):
        if is_part and ends[place]:
            joined[place] = f"{_last_filled(header, place)} {below[place]}".strip()
        elif _ENDS.fullmatch(words(cell)):
            joined[place] = f"{_last_filled(above, place)} {cell}".strip()
        both = _ENDS.findall(words(cell)) if len(cell) <= _LONGEST else []
        if len(both) == 2 and header[place + 1 : place + 2] == [""]:  # noqa: PLR2004
            start = re.sub(r"(?i)\b(upper|lower)\b", "", re.sub(r"<[^<>]*>", "", cell)).strip()
            joined[place : place + 2] = [f"{start} {end.capitalize()}".strip() for end in both]
    return joined, is_part


def _last_filled(cells: Sequence[str], place: int) -> str:
    return next((cell for cell in reversed(cells[: place + 1]) if cell), "")


def month_first(headers: Iterable[Sequence[str]], asking: Asking, rows: Sequence[int]) -> bool:
    """Whether dates in figures name the month first, shown by the dates or asked.

    An order is ruled out where a date cannot be read by it, or where it makes two columns of one
    table the same month.
    """
    tables = [[cell for cell in cells if dates.is_in_figures(cell)] for cells in headers]
    written = [cell for cells in tables for cell in cells]
    doubtful = [cell for cell in written if len(dates.periods(cell)) > 1]
    if not doubtful:
        return False
    proofs = {shown for cell in written if (shown := dates.day_first(cell)) is not None}
    day_collides, month_collides = (
        any(
            len({dates.periods(c)[order:][:1] or dates.periods(c) for c in t}) < len(t)
            for t in tables
        )
        for order in (0, 1)
    )
    if day_collides != month_collides:
        proofs.add(month_collides)
    proposed = {frozenset({True}): "day", frozenset({False}): "month"}.get(frozenset(proofs), "")
    example = doubtful[0]
    day, month = (p.words for p in dates.periods(example))
    options = [
        Option("day", f"the day first: {example} is in {day}"),
        Option("month", f"the month first: {example} is in {month}"),
    ]
    text = f"Dates such as {example} can be read in two ways. Which comes first?"
    return asking.ask("dates", text, options, proposed, rows) == "month"


@dataclass(frozen=True, slots=True)
class Headers:
    """How the headers of one sheet are read."""

    asking: Asking

    year_start: int
    is_month_first: bool
    latest: Period | None  #: the latest period that any header surely names

    def candidates(self, text: str) -> tuple[Period, ...]:
        """The periods that a header can mean; one where the sheet settles it."""
        day = dates.serial(text)
        if day is not None:
            return (Period.containing(day, Frequency.MONTH, self.year_start),)
        found = dates.periods(text, self.year_start)
        if len(found) > 1 and dates.is_in_figures(text):
            return (found[self.is_month_first],)
        same = [p for p in found if self.latest and p.frequency is self.latest.frequency]
        return tuple(same) if len(same) == 1 else found

    def columns(self, header: Sequence[str], labels: Mapping[int, str], row: int) -> list[Column]:
        """The columns of a table with their roles, each asked for with the likeliest proposed.

        `labels` are the places that hold anything under the header: ref or name where they hold
        indicators, else empty. The same header means the same in all tables of a sheet, so it is
        asked about once.
        """
        folded = [" ".join(text.casefold().split()) for text in header]
        columns = []
        for place, text in enumerate(header):
            if not text and place not in labels:
                continue
            is_first = folded.index(folded[place]) == place
            about = folded[place] if text and is_first else f"{place + 1}:{folded[place]}"
            options, proposed = self._options(text, role(text) or labels.get(place, ""))
            shown = f'"{text}"' if text else f"number {place + 1}, which has no heading,"
            question = f"What does the column {shown} hold?"
            held = self.asking.ask(f"column:{about}", question, options, proposed, [row])
            columns.append(Column(place, text or f"column {place + 1}", held))
        return columns

    def _options(self, text: str, told: str) -> tuple[list[Option], str]:
        """What a column can hold, and the likeliest. What the heading says stands first, else to
        leave the column out.
        """
        found, of_a_year = self.candidates(text), _OF_A_YEAR.fullmatch(text)
        own = [Option(str(p), _meaning(p, text)) for p in self._offered(found)]
        proposed = told or (str(found[0]) if len(found) == 1 else "")
        if told == "last_year" and not self._ends_a_year:
            proposed = ""  # the whole of last year, or last year so far
        if not told and of_a_year:
            years = [p for p in self.candidates(of_a_year[2]) if p.frequency is Frequency.YEAR]
            kind = of_a_year[1].casefold()
            own = [Option(f"{kind}:{y}", f"{ROLES[kind]} {y}") for y in years] + own
            proposed = own[0].code if len(years) == 1 else ""
        leave, *roles = [Option(code, label) for code, label in ROLES.items()]
        first = [*own, leave] if found or of_a_year else [leave, *own]
        return first + roles, proposed

    @property
    def _ends_a_year(self) -> bool:
        return self.latest is not None and self.latest.end_month == self.latest.year.end_month

    def _offered(self, found: Sequence[Period]) -> list[Period]:
        """The periods to choose from: those that the header can mean, and those around them."""
        if found:
            around = [
                Period.containing(one.last_day, frequency, self.year_start)
                for one in found
                for frequency in Frequency
                if frequency.months > one.frequency.months
            ]
            return list(dict.fromkeys([*found, *around]))
        if self.latest is None:
            return []
        year = self.latest.year
        first = [Period.containing(year.start, f, self.year_start) for f in Frequency]
        return [p.shift(n) for p in first for n in range(12 // p.frequency.months)]


def _meaning(period: Period, text: str) -> str:
    if dates.serial(text):
        return f"{period.words} (spreadsheets hold the day {dates.serial(text):%d/%m/%Y} as {text})"
    if period.frequency is Frequency.MONTH:
        return f"{period.words}; for a quarterly indicator, the quarter that ends with it"
    return period.words
