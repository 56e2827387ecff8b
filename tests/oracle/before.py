"""The figure that came before the one shown, and what the report of the period before showed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from tests.oracle import said
from tests.oracle.calendar_of import Stretch
from tests.oracle.figures_of import COMPUTED, PUBLISHED, Indicator, as_shown
from tests.oracle.files import Folder
from tests.oracle.judged import Court, Judged, Seen
from tests.oracle.said import DECIDED, Voice

NO_DATA = "NO DATA"
KNOWN = (*DECIDED, NO_DATA)


@dataclass(frozen=True)
class Before:
    """A figure, its rating, the period that it is about and how the rating came about."""

    value: Decimal | None = None
    rating: str | None = None
    period: str | None = None
    basis: str | None = None


class Memory(Court):
    """Looks back."""

    def __init__(self, folder: Folder) -> None:
        super().__init__(folder)
        self.report_before = cache(self._report_before)

    # The previous figure

    def previous(
        self, report: str, one: Indicator, at: Stretch, basis: str, now: Stretch
    ) -> Before:
        """What came before the figure shown, which is of the period `now`."""
        judged = self.judged_before(report, one, at, basis, now)
        if judged is None:
            return Before(None, NO_DATA, None, COMPUTED)
        is_known = judged.value is not None or judged.basis == PUBLISHED
        period = judged.period if is_known else None
        return Before(judged.value, judged.rating, period, judged.basis)

    def judged_before(
        self, report: str, one: Indicator, at: Stretch, basis: str, now: Stretch
    ) -> Judged | None:
        """The same, rated by its own target, else by that of the report's year."""
        just = self.dated(one, self.calendar.ending(one.frequency, now.end - one.months))
        year = self.calendar.year_of(at.first)
        seen = self.latest_before(one, basis, now.end)
        if seen is not None and seen.period.end == just.period.end:
            return self.judge(report, one, basis, seen, year=year)
        if just.period.first >= one.series_start:
            nothing = Seen(just.period, None, just.status)
            judged = self.judge(report, one, basis, nothing, year=year)
            if judged.basis == PUBLISHED:
                return judged
        if seen is None:
            return None
        return self.judge(report, one, basis, seen, year=year)

    def latest_before(self, one: Indicator, basis: str, end: int) -> Seen | None:
        """The latest figure of a period that ends earlier, on this side of a break."""
        rows = [
            self.dated(one, figure.period)
            for month, figure in self.series(one).items()
            if month < end and self.is_of_series(one, figure)
        ]
        known = [seen for seen in rows if seen.value is not None]
        if basis == "ytd":
            known = [self._to_date_of(one, seen.period) for seen in known]
            known += self._printed_to_date(one, end)
        return max(known, key=lambda seen: seen.period.end, default=None)

    def _to_date_of(self, one: Indicator, period: Stretch) -> Seen:
        value = self.to_date(one, period, self.series(one).get(period.end))
        return Seen(period, as_shown(value, one))

    def _printed_to_date(self, one: Indicator, end: int) -> list[Seen]:
        """Years to date that are only printed: there is no figure of that period."""
        found = []
        for (code, text), value in self.folder.printed_to_date.items():
            period = self.calendar.read(text)
            is_one = code == one.code and period.kind == one.frequency and one.ytd != "none"
            is_alone = self.value(one, self.series(one).get(period.end)) is None
            in_time = period.end < end and period.first >= one.series_start
            if is_one and is_alone and in_time and value is not None:
                found.append(Seen(period, as_shown(value, one)))
        return found

    # The previous report

    def reported(self, report: str, one: Indicator, at: Stretch, basis: str) -> Before:
        """What the report of the period before showed of a KPI; nothing from across a break."""
        found = self.report_before(report, at).get((one.code, basis), Before())
        of = self.calendar.read(found.period) if found.period else self._due_then(report, one, at)
        return found if of.first >= one.series_start else Before()

    def _due_then(self, report: str, one: Indicator, at: Stretch) -> Stretch:
        before = self.earlier(at)
        then = next((o for o in self.framework(report, before) if o.code == one.code), one)
        return self.due_before(then, at, before)

    def _report_before(self, report: str, at: Stretch) -> dict[tuple[str, str], Before]:
        """What the report of the period before showed of each KPI that it or this one has."""
        before = self.earlier(at)
        then = {one.code: one for one in self.framework(report, before) if one.kind == "kpi"}
        today = {one.code: one for one in self.framework(report, at) if one.kind == "kpi"}
        found: dict[tuple[str, str], Before] = {}
        anything = False
        for code, one in {**today, **then}.items():
            for basis in self._bases(report):
                printed = self._in_document(report, one, before, basis)
                if printed is not None:
                    found[code, basis], anything = printed, True
                    continue
                said_today = list(self._said_today(report, today.get(code), code, at, basis))
                seen, judged = None, Before()
                if code in then:
                    due = self.due_before(one, at, before)
                    seen = self._saved(one, due, basis)
                    judged = self._as_due(
                        report, one, before, basis, due=due, seen=seen, said_today=said_today
                    )
                elif said_today:
                    judged = self._as_said(Before(), said_today)
                is_known = seen is not None and (seen.value is not None or seen.status == "no_data")
                anything = anything or is_known or judged.basis == PUBLISHED
                found[code, basis] = judged
        return found if anything else {}

    def _bases(self, report: str) -> Iterator[str]:
        yield "period"
        if report in self.folder.rates_year_to_date:
            yield "ytd"

    def _in_document(self, report: str, one: Indicator, at: Stretch, basis: str) -> Before | None:
        """What a document of that report and period prints, where it rates the KPI.

        A figure that it leaves blank is the one that was due. Where figures give the very rating,
        it is computed: nothing has to be taken from the document.
        """
        lines = [line for line in self.lines(report, one, basis) if line.about == at.text]
        order = [at.text, *(of.text for of in self.in_time(lines, one, at))]
        sorted_lines = [line for text in order for line in lines if line.period == text]
        rating = next((line.rating for line in sorted_lines if line.rating), None)
        if rating not in KNOWN:
            return None
        first = next((line for line in sorted_lines if line.value is not None), None)
        due = self.due(one, at) if first is None else self.calendar.read(first.period)
        seen = self._saved(one, due, basis)
        value = seen.value if first is None and seen and rating != NO_DATA else None
        if first is not None and first.value is not None:
            value = as_shown(first.value, one)
        basis_of = PUBLISHED
        if seen is not None:
            year = self.calendar.year_of(at.first)
            judged = self.judge(report, one, basis, seen, year=year)
            basis_of = COMPUTED if judged.computed == rating else PUBLISHED
        period = self.dated(one, due).period.text
        return Before(value, rating, period if value is not None else None, basis_of)

    def _saved(self, one: Indicator, due: Stretch, basis: str) -> Seen | None:
        """The row of a period, or its year to date where that is known."""
        row = self.series(one).get(due.end)
        if row is not None and not self.is_of_series(one, row):
            return None
        if basis == "period":
            return self.dated(one, due) if row else None
        period = row.period if row else due
        value = self.to_date(one, period, row)
        return None if value is None else Seen(period, as_shown(value, one))

    def _as_due(
        self, report: str, one: Indicator, at: Stretch, basis: str, *, due: Stretch,
        seen: Seen | None, said_today: list[Voice],
    ) -> Before:  # fmt: skip
        """The figure that was due, rated by its own; else what is printed today of it."""
        if seen is not None and seen.status == "no_data":
            return Before(None, NO_DATA, None, COMPUTED)
        if seen is not None and seen.value is not None:
            year = self.calendar.year_of(at.first)
            judged = self.judge(report, one, basis, seen, year=year, more=said_today)
            if judged.rating in DECIDED:
                return Before(seen.value, judged.rating, judged.period, judged.basis)
            return Before(seen.value, None, judged.period, None)
        nothing = Seen(self.dated(one, due).period, None)
        year = self.calendar.year_of(at.first)
        judged = self.judge(report, one, basis, nothing, year=year, more=said_today)
        if judged.basis == PUBLISHED:
            return Before(None, judged.rating, None, PUBLISHED)
        older = self.latest_before(one, "period", due.end) if basis == "period" else None
        if older is not None:
            return Before(None, NO_DATA, None, COMPUTED)
        is_called = any(voice.rating == NO_DATA for voice in said_today)
        return Before(None, NO_DATA, None, PUBLISHED) if is_called else Before()

    def _said_today(
        self, report: str, one: Indicator | None, code: str, at: Stretch, basis: str
    ) -> Iterator[Voice]:
        """What the documents of today's report print as the rating of the report before."""
        lines = self.printed(report).get((code, basis), [])
        of_today = [line for line in lines if line.about == at.text]
        under = [line for line in of_today if line.period == at.text]
        yield from said.as_previous(under, lines, self._names_then(report, one, at))
        seen = self.shown(one, at, basis) if one is not None else None
        if one is not None and seen is not None:
            names = [name for name in self.names(one, seen.period) if name != at.text]
            own = [line for line in of_today if line.period in names]
            yield from said.as_previous(own, lines, self._names_then(report, one, at))

    def _names_then(self, report: str, one: Indicator | None, at: Stretch) -> list[str]:
        if one is None:
            return []
        return self.names(one, self.dated(one, self._due_then(report, one, at)).period)

    def _as_said(self, nothing: Before, voices: list[Voice]) -> Before:
        """The previous rating as printed, where no figure is known to hold it against."""
        rating = next((voice.rating for voice in voices if voice.rating in KNOWN), None)
        return nothing if rating is None else Before(None, rating, None, PUBLISHED)
