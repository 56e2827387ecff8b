"""A figure against the target and the range of its own period, and what documents say of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TypeVar

from tests.oracle import said
from tests.oracle.calendar_of import Stretch
from tests.oracle.figures_of import Indicator, Past, as_shown
from tests.oracle.files import Aims, Folder, Line, Range
from tests.oracle.rated import Band, floors_shown, on_target, rating
from tests.oracle.said import Voice

_Set = TypeVar("_Set")

OWN, PRINTED, REPORT_YEAR = "own", "printed", "report_year"


@dataclass(frozen=True)
class Seen:
    """Which figure is looked at: its period, as shown, and what its row says of it."""

    period: Stretch
    value: Decimal | None
    status: str | None = None


@dataclass(frozen=True)
class Judged:
    """A figure against its target."""

    seen: Seen
    aims: Aims
    band: Band | None
    floors: tuple[Decimal | None, Decimal | None]
    amber: str
    computed: str
    rating: str
    basis: str
    voices: tuple[Voice, ...]  #: what documents say of it, under its period or the report's

    @property
    def period(self) -> str:
        return self.seen.period.text

    @property
    def value(self) -> Decimal | None:
        return self.seen.value


class Court(Past):
    """Rates one figure at a time."""

    def __init__(self, folder: Folder) -> None:
        super().__init__(folder)
        self.printed = cache(folder.printed)

    def lines(self, report: str, one: Indicator, basis: str) -> list[Line]:
        """What the documents of a report print of an indicator."""
        return self.printed(report).get((one.code, basis), [])

    def shown(self, one: Indicator, at: Stretch, basis: str) -> Seen | None:
        """The figure of a report that ends then; nothing for a year to date that does not exist."""
        if basis == "ytd":
            period, value, _ = self.year_to_date(one, at)
            return None if value is None else Seen(period, as_shown(value, one))
        figure = self.figure(one, at.end)
        if figure is None:
            return Seen(self.calendar.last_complete(one.frequency, at.end), None)
        return Seen(figure.period, as_shown(self.value(one, figure), one), figure.status)

    def judge(
        self,
        report: str,
        one: Indicator,
        basis: str,
        seen: Seen,
        *,
        year: str | None = None,
        at: str | None = None,
        more: Sequence[Voice] = (),
    ) -> Judged:
        """Rate a figure.

        `year` is that of the report where its target may do, `at` the period of the report that
        shows the figure, whose documents count first; `more` is what else is said of it.
        """
        aims = self._aims(report, one, basis, seen, year)
        rule = self.folder.amber(one.code)
        nothing = seen.value is None and seen.status is None  # then no limit is asked for
        year_ago = None if nothing else self.year_before(one, seen.period, basis)
        band = on_target(one.polarity, aims, rule.closeness)
        computed = rating(seen.value, one.polarity, aims, rule, year_ago)
        voices = list(self._voices(report, one, basis, seen.period, at))
        called = self.said_after(report, one, basis, seen.period, at)
        verdict, verdict_basis = said.verdict(
            computed,
            seen.status,
            seen.value,
            one.decimals,
            aims=aims,
            band=band,
            voices=[*voices, *called, *more],
        )
        return Judged(
            seen, aims, band, floors_shown(one.polarity, aims, rule, year_ago), rule.by,
            computed, verdict, verdict_basis, tuple(voices),
        )  # fmt: skip

    # What documents say

    def _voices(
        self, report: str, one: Indicator, basis: str, period: Stretch, at: str | None
    ) -> Iterator[Voice]:
        """What documents say of a figure: those about the report's period first."""
        lines, names = self.lines(report, one, basis), self.names(one, period)
        abouts = {line.document: line.about for line in lines}
        for document in sorted(abouts, key=lambda document: (abouts[document] != at, document)):
            of_it = [line for line in lines if line.document == document]
            named = [line for line in of_it if line.period in names]
            is_of = [
                line
                for line in of_it
                if line.period == line.about and self._is_of(lines, one, line, period)
            ]
            under = [line for line in is_of if line not in named]
            own = [line for line in named if line.period != line.about or line in is_of]
            if under:
                yield Voice.of(under, named)
            if own:
                yield Voice.of(own, [])

    def _is_of(self, lines: list[Line], one: Indicator, line: Line, period: Stretch) -> bool:
        """Whether what a document says under its own period is about the figure of that one."""
        document = [other for other in lines if other.document == line.document]
        return self._shows(document, one, self.calendar.read(line.about)).end == period.end

    def _shows(self, lines: list[Line], one: Indicator, at: Stretch) -> Stretch:
        """The period of the figure that a document about `at` shows, whose lines these are.

        The one whose value it prints; where it prints none, the one that was due: a figure that
        came earlier than they do may not have been there. Where no figure is saved, it is whatever
        the report shows none of.
        """
        shown = self.shown(one, at, "period")
        assert shown is not None
        valued = [line for line in lines if line.value is not None]
        if any(line.period == at.text for line in valued):
            return at if at.kind == one.frequency else shown.period
        in_time = self.in_time(valued, one, at)
        if in_time:
            return in_time[0]
        is_early = at.end - shown.period.end < one.arrears * one.months
        return self.due(one, at) if shown.value is not None and is_early else shown.period

    def in_time(self, lines: list[Line], one: Indicator, at: Stretch) -> list[Stretch]:
        """The other periods of lines whose figure a report may show: as late as arrears allow.

        The latest first.
        """
        allowed = (one.arrears + 1) * one.months
        periods = [self.calendar.read(text) for text in {line.period for line in lines}]
        found = [of for of in periods if of != at and 0 <= at.end - of.end < allowed]
        return sorted(found, key=lambda of: (-of.end, of.text))

    def due(self, one: Indicator, at: Stretch) -> Stretch:
        """The period whose figure a report of `at` was to show."""
        return self.calendar.last_complete(one.frequency, at.end - one.arrears * one.months)

    def due_before(self, one: Indicator, at: Stretch, then: Stretch) -> Stretch:
        """The same for the report of an earlier period: as late as what the one of `at` shows."""
        figure = self.figure(one, at.end)
        late = one.arrears
        if figure is not None:
            whole = self.calendar.last_complete(one.frequency, at.end)
            late = (whole.end - figure.period.end) // one.months
        return self.calendar.last_complete(one.frequency, then.end - late * one.months)

    def said_after(
        self, report: str, one: Indicator, basis: str, period: Stretch, at: str | None = None
    ) -> list[Voice]:
        """What documents print as previous rating beside the figure of the period after this one.

        Under the period of a report, where it shows a figure of another one, only if the figure of
        this period was due in the report before.
        """
        after = self.calendar.ending(one.frequency, period.end + one.months)
        if period.first < one.series_start <= after.first:
            return []
        lines, names = (
            self.lines(report, one, basis),
            self.names(one, self.dated(one, after).period),
        )
        says = [line for line in lines if self._is_after(lines, one, line, after, names)]
        says.sort(key=lambda line: (line.about != at, line.document))
        return said.as_previous(says, lines, self.names(one, period))

    def _is_after(
        self, lines: list[Line], one: Indicator, line: Line, after: Stretch, names: list[str]
    ) -> bool:
        if line.period != line.about:
            return line.period in names
        if not self._is_of(lines, one, line, after):
            return False
        if line.period in names:
            return True
        earlier = self.earlier(self.calendar.read(line.about))
        return self.due(one, earlier).end == after.end - one.months

    def earlier(self, at: Stretch) -> Stretch:
        """The report's period before."""
        return self.calendar.ending(at.kind, at.first)

    def dated(self, one: Indicator, period: Stretch) -> Seen:
        """The figure of a period, under the period by which its row is dated; or none."""
        figure = self.series(one).get(period.end)
        if figure is None:
            return Seen(period, None)
        return Seen(figure.period, as_shown(self.value(one, figure), one), figure.status)

    # Targets and ranges

    def _aims(self, report: str, one: Indicator, basis: str, seen: Seen, year: str | None) -> Aims:
        """The target of the figure's own period; else what a document prints beside this very
        figure; else that of the report's year. Each is a row taken whole.
        """
        names = self.names(one, seen.period)
        own = set_for(self.folder.targets, one.code, self._year_of(seen.period), names)
        if own is not None:
            return _as(own, OWN)
        for line in self.lines(report, one, basis) if one.polarity != "range" else ():
            is_very_figure = (
                line.period in names
                and seen.value is not None
                and line.value is not None
                and as_shown(line.value, one) == seen.value
            )
            if is_very_figure and line.target is not None:
                about = self._year_of(self.calendar.read(line.about))
                return Aims(line.target, None, line.floor, None, about, PRINTED)
        of_report = self.folder.targets.get((one.code, year, "")) if year else None
        return Aims() if of_report is None else _as(of_report, REPORT_YEAR)

    def expected(
        self, one: Indicator, basis: str, period: Stretch, year: str | None = None
    ) -> Range | None:
        """The range of the figure's own period or year; else that of the report's year."""
        ranges = self.folder.ranges[basis]
        own = set_for(ranges, one.code, self._year_of(period), self.names(one, period))
        if own is not None or year is None:
            return own
        return ranges.get((one.code, year, ""))

    def year_before(self, one: Indicator, period: Stretch, basis: str) -> Decimal | None:
        """The figure of the very period a year before, on the same side of a break."""
        then = self.calendar.ending(one.frequency, period.end - 12)
        figure = self.series(one).get(then.end)
        start, of = one.series_start, figure.period if figure else then
        if (of.first < start) != (period.first < start):
            return None
        if basis == "ytd":
            return as_shown(self.to_date(one, figure.period if figure else then, figure), one)
        return as_shown(self.value(one, figure), one)

    def _year_of(self, period: Stretch) -> str:
        return self.calendar.year_of(period.first)


def set_for(
    rows: Mapping[tuple[str, str, str], _Set], code: str, year: str, periods: Sequence[str]
) -> _Set | None:
    """What is set for the very period, else what is set for the year."""
    for period in periods:
        if (code, "", period) in rows:
            return rows[code, "", period]
    return rows.get((code, year, ""))


def _as(aims: Aims, basis: str) -> Aims:
    return Aims(aims.target, aims.target_high, aims.floor, aims.floor_high, aims.year, basis)
