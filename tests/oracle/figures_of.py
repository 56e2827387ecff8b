"""The framework of a report, and the figures of each indicator: one at a time, period by period."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache

from tests.oracle import exact_of
from tests.oracle.calendar_of import MONTHS, Stretch
from tests.oracle.exact_of import Part
from tests.oracle.files import Figure, Folder, Row

COMPUTED, PUBLISHED = "computed", "published"


@dataclass(frozen=True)
class Indicator:
    """One placement and the definition in force: how an indicator counts in a report."""

    code: str
    section: str
    place: tuple[
        bool, int, int, str
    ]  #: what the report is ordered by; a section without order last
    name: str
    frequency: str
    kind: str
    unit: str
    decimals: int
    polarity: str
    measure: str
    ytd: str
    arrears: int
    window: int
    series_start: int  #: the month at which the unbroken series begins

    @property
    def months(self) -> int:
        return MONTHS[self.frequency]


class Past:
    """What is known of an organisation's indicators."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.calendar = folder.calendar
        self.series = cache(self._series)
        self.framework = cache(self._framework)

    # The framework

    def periods(self, report: str) -> list[Stretch]:
        """The periods that a report can show, latest first."""
        kind = self.folder.reports.get(report, "quarter")
        years = {year for of, year in self.folder.placements if of == report}
        placed = {
            row["indicator"]
            for (of, _), rows in self.folder.placements.items()
            for row in rows
            if of == report
        }
        texts = {
            row["period"] for row in self.folder.rows("observations") if row["indicator"] in placed
        } | {period for of, period in self.folder.documents.values() if of == report}
        known = [self.calendar.read(text) for text in texts]
        fitting = [p for p in known if p.kind == kind and self.calendar.year_of(p.first) in years]
        return sorted(fitting, key=lambda period: -period.first)

    def _framework(self, report: str, at: Stretch) -> list[Indicator]:
        """The indicators of a report in a period, in its order."""
        year = self.calendar.year_of(at.first)
        found = [
            self._defined(row, self.folder.section_order.get((report, year, row["section"])), at)
            for row in self.folder.placements.get((report, year), [])
            if not row["starts"] or self.calendar.read(row["starts"]).first < at.end
            if row["indicator"] in self.folder.definitions
        ]
        return sorted(found, key=lambda indicator: indicator.place)

    def _defined(self, row: Row, section_order: int | None, at: Stretch) -> Indicator:
        started = [
            (self.calendar.read(definition["from"]).first, definition)
            for definition in self.folder.definitions[row["indicator"]]
        ]
        started.sort(key=lambda pair: pair[0])
        in_force = [pair for pair in started if pair[0] < at.end]
        now = in_force[-1][1] if in_force else started[0][1]
        breaks = [first for first, one in in_force if one["lifecycle"] == "revised"]
        place = (section_order is None, section_order or 0, int(row["order"]), row["indicator"])
        return Indicator(
            row["indicator"], row["section"], place, row["name"], row["frequency"],
            now["kind"], now["unit"], int(now["decimals"]), now["polarity"], now["measure"],
            now["ytd"], int(now["arrears"] or 0), int(now["trend_window"] or 12),
            max(breaks, default=0),
        )  # fmt: skip

    # Figures

    def _series(self, one: Indicator) -> dict[int, Figure]:
        """The figures that can stand for a period of the indicator's frequency, by their end."""
        found: dict[int, Figure] = {}
        for figure in self.folder.observations.get((one.code, "period"), []):
            period = figure.period
            if period.kind == one.frequency:
                found[period.end] = figure
            elif one.measure == "snapshot" and MONTHS[period.kind] < one.months:
                whole = self.calendar.last_complete(one.frequency, period.end)
                if whole.end == period.end:
                    found.setdefault(period.end, figure)
        return found

    def value(self, one: Indicator, figure: Figure | None) -> Fraction | None:
        """The figure as given, or worked out from its numerator and denominator: exact."""
        if figure is None:
            return None
        if figure.value is not None:
            return Fraction(figure.value)
        return exact_of.quotient(Part(None, figure.numerator, figure.denominator), one.unit)

    def figure(self, one: Indicator, end: int) -> Figure | None:
        """The figure that a report which ends there shows: as late as arrears allow, no later."""
        series = self.series(one)
        for month in range(end, end - one.months * (one.arrears + 1), -1):
            if month in series:
                return series[month] if self.is_of_series(one, series[month]) else None
        return None

    def names(self, one: Indicator, period: Stretch) -> list[str]:
        """What a figure's period is called: as it is dated, and as the period that ends then.

        A count at the end of a quarter may be dated by its last month.
        """
        whole = self.calendar.ending(one.frequency, period.end)
        return list(dict.fromkeys([period.text, whole.text]))

    def is_of_series(self, one: Indicator, figure: Figure) -> bool:
        """Whether a figure comes after the last break in definition."""
        return figure.period.first >= one.series_start

    def _parts(self, one: Indicator, first: int, end: int, *, now: bool) -> list[Part | None]:
        """The figures of every period from one month to another, on one side of a break."""
        parts: list[Part | None] = []
        for month in range(first + one.months, end + 1, one.months):
            figure = self.series(one).get(month)
            if figure is None or self.is_of_series(one, figure) != now:
                parts.append(None)
            else:
                value = self.value(one, figure)
                parts.append(Part(value, figure.numerator, figure.denominator))
        return parts

    def year_to_date(
        self, one: Indicator, at: Stretch
    ) -> tuple[Stretch, Fraction | None, str | None]:
        """The period up to which it reaches, the year to date, and whether it was worked out."""
        figure = self.figure(one, at.end)
        period = figure.period if figure else self.calendar.last_complete(one.frequency, at.end)
        value = self.to_date(one, period, figure)
        if value is None:
            return period, None, None
        is_computed = figure is not None and self._added_up(one, figure) is not None
        return period, value, COMPUTED if is_computed else PUBLISHED

    def to_date(self, one: Indicator, period: Stretch, figure: Figure | None) -> Fraction | None:
        """The year to date up to a period's figure: worked out, or else as printed."""
        if one.ytd == "none":
            return None
        found = None if figure is None else self._added_up(one, figure)
        if found is not None:
            return found
        printed = (self.folder.printed_to_date.get((one.code, n)) for n in self.names(one, period))
        return next((Fraction(value) for value in printed if value is not None), None)

    def _added_up(self, one: Indicator, figure: Figure) -> Fraction | None:
        begin = self.calendar.year_begins(figure.period.end - 1)
        parts = self._parts(one, begin, figure.period.end, now=True)
        found = exact_of.year_to_date(one.ytd, one.unit, parts)
        return None if as_shown(found, one) is None else found

    def years_to_date(self, report: str, at: Stretch) -> Iterator[dict[str, object]]:
        """A row for each indicator that has a year to date, known or not."""
        for one in self.framework(report, at):
            if one.ytd != "none":
                period, value, basis = self.year_to_date(one, at)
                yield {
                    "indicator": one.code, "period": period.text, "ytd_basis": basis,
                    "value": as_shown(value, one),
                }  # fmt: skip

    def rolling(self, one: Indicator, figure: Figure) -> Fraction | None:
        """The twelve months up to a figure."""
        if one.measure != "in_period":
            return None
        end = figure.period.end
        side = self.is_of_series(one, figure)
        return exact_of.rolling(one.unit, self._parts(one, end - 12, end, now=side))


def as_shown(value: Fraction | Decimal | None, one: Indicator) -> Decimal | None:
    """The figure rounded to the indicator's decimals."""
    return None if value is None else exact_of.shown(Fraction(value), one.decimals)
