"""What a report of a period says: every KPI, every activity indicator, one at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TypeVar

from tests.oracle.calendar_of import Stretch
from tests.oracle.figures_of import COMPUTED, PUBLISHED, Indicator, Past, as_shown
from tests.oracle.files import DIRECTIONS, Aims, Folder, Said
from tests.oracle.rated import Band, alert, floors_shown, on_target, rating
from tests.oracle.travel import NOT_ENOUGH, Line, by_comparison, by_line, line

_Set = TypeVar("_Set")

DECIDED = ("GREEN", "AMBER", "RED")


@dataclass(frozen=True)
class Judged:
    """A figure against its target."""

    period: str
    value: Decimal | None  #: as shown
    status: str | None
    aims: Aims
    band: Band | None
    floors: tuple[Decimal | None, Decimal | None]
    amber: str
    computed: str
    rating: str
    basis: str
    said: Said


class Council(Past):
    """An organisation, worked out from its folder."""

    def __init__(self, folder: Folder) -> None:
        super().__init__(folder)
        self.said = cache(folder.said)
        self.counted = cache(folder.counted)
        self.line = cache(self._line)
        self.place = cache(self._place)

    # Ratings

    def kpis(self, report: str, at: Stretch) -> Iterator[dict[str, object]]:
        """A row for each KPI and basis, in the report's order."""
        for one in self.framework(report, at):
            if one.kind == "kpi":
                for basis in ("period", "ytd"):
                    row = self._row(report, one, at, basis)
                    if row is not None:
                        yield row

    def _row(
        self, report: str, one: Indicator, at: Stretch, basis: str
    ) -> dict[str, object] | None:
        judged = self._judged(report, one, at, basis)
        if judged is None:
            return None
        before = self._judged(report, one, self._earlier(at), basis)
        previous: tuple[str | None, str | None] = (None, None)
        if before is not None:
            previous = (before.rating, before.basis)
        said = judged.said.previous_rating
        # Where figures give what the document printed, nothing has to be taken from it.
        if previous[0] not in DECIDED and said is not None and said != previous[0]:
            previous = (judged.said.previous_rating, PUBLISHED)
        row: dict[str, object] = {
            "indicator": one.code, "basis": basis, "section": one.section, "name": one.name,
            "period": judged.period, "value": judged.value, "status": judged.status,
            "target": judged.aims.target, "target_high": judged.aims.target_high,
            "floor": judged.floors[0], "floor_high": judged.floors[1], "amber": judged.amber,
            "computed_rating": judged.computed, "rating": judged.rating,
            "rating_basis": judged.basis, "previous_value": before.value if before else None,
            "previous_rating": previous[0], "previous_basis": previous[1],
            "direction": None, "direction_basis": None,
        }  # fmt: skip
        if basis == "period":
            row |= self._direction(report, one, at, judged, before)
        return row

    def _earlier(self, at: Stretch) -> Stretch:
        return self.calendar.ending(at.kind, at.first)

    def _year_earlier(self, at: Stretch) -> Stretch:
        return self.calendar.ending(at.kind, at.end - 12)

    def _shown(
        self, one: Indicator, at: Stretch, basis: str
    ) -> tuple[str, Decimal | None, str | None] | None:
        """Period, figure as shown, status; nothing for a year to date that does not exist."""
        if basis == "ytd":
            period, value, _ = self.year_to_date(one, at)
            return None if value is None else (period, as_shown(value, one), None)
        figure = self.figure(one, at.end)
        if figure is None:
            return self.calendar.last_complete(one.frequency, at.end).text, None, None
        return figure.period.text, as_shown(self.value(one, figure), one), figure.status

    def _year_before(self, one: Indicator, period: str, basis: str) -> Decimal | None:
        """The figure of the very period a year before, on the same side of a break."""
        now = self.calendar.read(period)
        then = self.calendar.ending(now.kind, now.end - 12)
        figure = self.series(one).get(then.end)
        if (figure.period if figure else then).first < one.series_start:
            return None
        if basis == "ytd":
            text = figure.period.text if figure else then.text
            return as_shown(self.to_date(one, text, figure), one)
        return as_shown(self.value(one, figure), one) if figure else None

    def _judged(self, report: str, one: Indicator, at: Stretch, basis: str) -> Judged | None:
        if basis == "ytd" and report not in self.folder.rates_year_to_date:
            return None
        shown = self._shown(one, at, basis)
        if shown is None:
            return None
        period, value, status = shown
        aims = (
            _set_for(self.folder.targets, one.code, self.calendar.year_of(at.first), period)
            or Aims()
        )
        rule = self.folder.amber(one.code)
        nothing = value is None and status is None  # then no limit is asked for
        year_ago = None if nothing else self._year_before(one, period, basis)
        computed = rating(value, one.polarity, aims, rule, year_ago)
        said = self._said(report, one.code, at.text, period, basis)
        verdict, verdict_basis = as_published(computed, status, said.rating)
        return Judged(
            period, value, status, aims, on_target(one.polarity, aims, rule.closeness),
            floors_shown(one.polarity, aims, rule, year_ago), rule.by,
            computed, verdict, verdict_basis, said,
        )  # fmt: skip

    def _said(self, report: str, code: str, at: str, period: str, basis: str) -> Said:
        """What is printed under the period of the report, or else under that of the figure."""
        said = self.said(report)
        first = said.get((code, at, basis), Said())
        second = said.get((code, period, basis), Said())
        return Said(
            first.rating or second.rating,
            first.previous_rating or second.previous_rating,
            first.direction or second.direction,
        )

    # Directions

    def _line(self, one: Indicator, last: int, band: Band | None) -> Line:
        points = []
        for end, figure in self.series(one).items():
            if last - one.window * one.months < end <= last and self.is_of_series(one, figure):
                value = self.value(one, figure)
                if value is None:
                    continue
                if one.polarity in {"range", "target"}:
                    if band is None:
                        continue
                    value = band.misses_by(value)
                points.append((end, value))
        return line(sorted(points), one.months)

    def _direction(
        self, report: str, one: Indicator, at: Stretch, now: Judged, before: Judged | None
    ) -> dict[str, object]:
        figure = self.figure(one, at.end)
        fitted = self.line(one, figure.period.end, now.band) if figure else Line(0)
        ago = self._shown(one, self._year_earlier(at), "period")
        headings = {
            "regression": by_line(fitted, one.polarity),
            "previous": by_comparison(
                now.value, before.value if before else None, one.polarity, now.band, self.folder.tie
            ),
            "year_ago": by_comparison(
                now.value, ago[1] if ago else None, one.polarity, now.band, self.folder.tie
            ),
        }
        asked = self.folder.directions
        heading, basis = headings[asked[0]], COMPUTED
        counted = {measure for _, measure in self.counted(report, at.text)}
        if heading == NOT_ENOUGH and now.said.direction is not None:
            heading, basis = now.said.direction, PUBLISHED
        elif (
            heading == NOT_ENOUGH
            and counted.intersection(DIRECTIONS)
            and now.said.rating in DECIDED
        ):
            heading, basis = "not printed", PUBLISHED
        line_of: dict[str, object] = dict.fromkeys(("n", "slope", "p"))
        if "regression" in asked:
            line_of = {"n": fitted.points, "slope": fitted.slope, "p": fitted.p}
        return {
            "direction": heading, "direction_basis": basis, **line_of,
            **{
                f"direction_{by}": word if by in asked else None for by, word in headings.items()
            },
        }  # fmt: skip

    # Activity

    def activities(self, report: str, at: Stretch) -> Iterator[dict[str, object]]:
        """A row for each activity indicator, in the report's order."""
        year = self.calendar.year_of(at.first)
        for one in self.framework(report, at):
            if one.kind != "activity":
                continue
            period, to_date, _ = self.year_to_date(one, at)
            of_year = _set_for(self.folder.ranges["ytd"], one.code, year, period)
            if to_date is not None and of_year is not None and of_year != (None, None):
                basis, shown, expected = "ytd", as_shown(to_date, one), of_year
            else:
                shown_row = self._shown(one, at, "period")
                if shown_row is None:
                    continue
                basis, (period, shown, _) = "period", shown_row
                of_period = _set_for(self.folder.ranges["period"], one.code, year, period)
                expected = of_period or (None, None)
            yield {
                "indicator": one.code, "section": one.section, "name": one.name, "period": period,
                "basis": basis, "value": shown, "lower": expected[0], "upper": expected[1],
                "alert": alert(shown, *expected),
            }  # fmt: skip

    # The past

    def past(self, report: str, one: Indicator, at: Stretch) -> Iterator[dict[str, object]]:
        """Every period from an indicator's first figure, each rated against its own target."""
        series = self.series(one)
        ends = [end for end in series if end <= at.end]
        last = self.calendar.last_complete(one.frequency, at.end)
        for end in range(min(ends), last.end + 1, one.months) if ends else ():
            yield self.place(report, one, self.calendar.ending(one.frequency, end))

    def _place(self, report: str, one: Indicator, period: Stretch) -> dict[str, object]:
        figure = self.series(one).get(period.end)
        value = self.value(one, figure) if figure else None
        shown = as_shown(value, one)
        year = self.calendar.year_of(period.first)
        aims = _set_for(self.folder.targets, one.code, year, period.text) or Aims()
        lower, upper = _set_for(
            self.folder.ranges["period"], one.code, year, period.text
        ) or (None, None)  # fmt: skip
        rule = self.folder.amber(one.code)
        ago = self.series(one).get(period.end - 12)
        year_ago = None
        if ago and figure and self.is_of_series(one, ago) == self.is_of_series(one, figure):
            year_ago = as_shown(self.value(one, ago), one)
        computed = rating(shown, one.polarity, aims, rule, year_ago)
        said = self.said(report).get((one.code, period.text, "period"), Said())
        status = figure.status if figure else None
        verdict, basis = as_published(computed, status, said.rating)
        floors = floors_shown(one.polarity, aims, rule, year_ago)
        return {
            "indicator": one.code, "period": period.text, "shown": shown, "status": status,
            "target": aims.target, "target_high": aims.target_high,
            "floor": floors[0], "floor_high": floors[1], "amber": rule.by,
            "rating": verdict, "rating_basis": basis, "lower": lower, "upper": upper,
            "alert": alert(shown, lower, upper),
            "rolling": self.rolling(one, figure) if figure else None,
        }  # fmt: skip


def as_published(computed: str, status: str | None, printed: str | None) -> tuple[str, str]:
    """The printed rating stands where figures cannot decide; not where they say there is none."""
    if computed not in DECIDED and printed in DECIDED and status != "no_data":
        return str(printed), PUBLISHED
    return computed, COMPUTED


def _set_for(
    rows: Mapping[tuple[str, str, str], _Set], code: str, year: str, period: str
) -> _Set | None:
    """What is set for the very period, else what is set for the year."""
    if (code, "", period) in rows:
        return rows[code, "", period]
    return rows.get((code, year, ""))
