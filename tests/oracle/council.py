"""What a report of a period says: every KPI, every activity indicator, one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from tests.oracle.before import Before, Memory
from tests.oracle.calendar_of import Stretch
from tests.oracle.figures_of import COMPUTED, PUBLISHED, Indicator, as_shown
from tests.oracle.files import DIRECTIONS, Folder, Range
from tests.oracle.judged import Judged, Seen
from tests.oracle.rated import Band, alert
from tests.oracle.said import DECIDED
from tests.oracle.travel import LOST, NOT_ENOUGH, Line, by_comparison, by_line, line

Row = dict[str, object]


class Council(Memory):
    """An organisation, worked out from its folder."""

    def __init__(self, folder: Folder) -> None:
        super().__init__(folder)
        self.counted = cache(folder.counted)
        self.line = cache(self._line)
        self.left_over = cache(self._left_over)
        self.place = cache(self._of_the_past)
        self.on_card = cache(self._on_card)

    # Ratings

    def kpis(self, report: str, at: Stretch) -> Iterator[Row]:
        """A row for each KPI and basis, in the report's order."""
        for one in self.framework(report, at):
            if one.kind == "kpi":
                for basis in self._bases(report):
                    row = self._row(report, one, at, basis)
                    if row is not None:
                        yield row

    def card(self, report: str, one: Indicator, at: Stretch, basis: str) -> Judged | None:
        """The figure that a report shows, rated; nothing for a year to date that does not exist."""
        seen = self.shown(one, at, basis)
        if seen is None:
            return None
        year = self.calendar.year_of(at.first)
        return self.judge(report, one, basis, seen, year=year, at=at.text)

    def _row(self, report: str, one: Indicator, at: Stretch, basis: str) -> Row | None:
        judged = self.card(report, one, at, basis)
        if judged is None:
            return None
        before = self.previous(report, one, at, basis, judged.seen.period)
        reported = self.reported(report, one, at, basis)
        row: Row = {
            "indicator": one.code, "basis": basis, "section": one.section, "name": one.name,
            "period": judged.period, "value": judged.value, "status": judged.seen.status,
            "target": judged.aims.target, "target_high": judged.aims.target_high,
            "target_basis": judged.aims.basis, "target_year": judged.aims.year,
            "floor": judged.floors[0], "floor_high": judged.floors[1], "amber": judged.amber,
            "computed_rating": judged.computed, "rating": judged.rating,
            "rating_basis": judged.basis,
            "previous_value": before.value, "previous_rating": before.rating,
            "previous_basis": before.basis, "previous_period": before.period,
            "reported_value": reported.value, "reported_rating": reported.rating,
            "reported_basis": reported.basis, "reported_period": reported.period,
            "direction": None, "direction_basis": None,
        }  # fmt: skip
        return row | (self._direction(report, one, at, judged, before) if basis == "period" else {})

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
                    value = band.distance(value)
                points.append((end, value))
        return line(sorted(points), one.months)

    def _direction(
        self, report: str, one: Indicator, at: Stretch, now: Judged, before: Before
    ) -> Row:
        figure = self.figure(one, at.end)
        fitted = self.line(one, figure.period.end, now.band) if figure else Line(0)
        ago = self.year_before(one, now.seen.period, "period")
        headings = {"regression": by_line(fitted, one.polarity)}
        for by, then in (("previous", before.value), ("year_ago", ago)):
            headings[by] = by_comparison(now.value, then, one.polarity, now.band, self.folder.tie)
        asked = self.folder.directions
        heading, basis = headings[asked[0]], COMPUTED
        about = [voice for voice in now.voices if voice.is_of(now.value, one.decimals)]
        printed = next((voice.direction for voice in about if voice.direction), None)
        counted = {measure for _, measure in self.counted(report, at.text)}
        if (
            printed is None
            and counted.intersection(DIRECTIONS)
            and any(voice.rating in DECIDED for voice in about)
        ):
            printed = LOST
        by_counts = heading == NOT_ENOUGH and printed == LOST
        by_counts = by_counts and self.left_over(report, one.section, at) is not None
        if heading == NOT_ENOUGH and printed is not None:
            heading, basis = printed, PUBLISHED
        if by_counts:
            heading = str(self.left_over(report, one.section, at))
        line_of: Row = dict.fromkeys(("n", "slope", "p"))
        if "regression" in asked:
            line_of = {"n": fitted.points, "slope": fitted.slope, "p": fitted.p}
        return {
            "direction": heading, "direction_basis": basis, "direction_by_counts": by_counts,
            **line_of,
            **{
                f"direction_{by}": word if by in asked else None for by, word in headings.items()
            },
        }  # fmt: skip

    def _left_over(self, report: str, section: str, at: Stretch) -> str | None:
        """The one direction that the printed counts of a section leave for its lost arrows."""
        counts = self.counted(report, at.text)
        left = {name: counts.get((section, name), (0, None))[0] for name in DIRECTIONS}
        lost = 0
        for one in self.framework(report, at):
            card = self.card(report, one, at, "period")
            if one.kind == "kpi" and one.section == section and card is not None:
                word = next((voice.direction for voice in card.voices if voice.direction), None)
                if word in left:
                    left[word] -= 1
                elif word == LOST or (
                    word is None and any(voice.rating in DECIDED for voice in card.voices)
                ):
                    lost += 1
        kinds = [name for name, count in left.items() if count != 0]
        return kinds[0] if len(kinds) == 1 and left[kinds[0]] == lost else None

    # Activity

    def activities(self, report: str, at: Stretch) -> Iterator[Row]:
        """A row for each activity indicator, in the report's order."""
        for one in self.framework(report, at):
            if one.kind == "activity":
                yield self._activity(one, at)

    def _activity(self, one: Indicator, at: Stretch) -> Row:
        basis, seen, expected = self._expecting(one, at)
        before = self.latest_before(one, basis, seen.period.end)
        is_known = before is not None and before.value is not None
        return {
            "indicator": one.code, "section": one.section, "name": one.name,
            "period": seen.period.text, "basis": basis, "value": seen.value,
            "lower": expected.lower, "upper": expected.upper, "range_year": expected.year,
            "alert": alert(seen.value, expected.lower, expected.upper),
            "previous_value": before.value if before else None,
            "previous_period": before.period.text if before and is_known else None,
        }  # fmt: skip

    def _expecting(self, one: Indicator, at: Stretch) -> tuple[str, Seen, Range]:
        """The figure that is held against a range: first ranges of its own time, of the year to date
        before those of the period, then those of the report's year.
        """
        whole = self.shown(one, at, "ytd")
        single = self.shown(one, at, "period")
        assert single is not None
        for year in (None, self.calendar.year_of(at.first)):
            for basis, seen in (("ytd", whole), ("period", single)):
                expected = self.expected(one, basis, seen.period, year) if seen else None
                if seen and expected and (expected.lower, expected.upper) != (None, None):
                    return basis, seen, expected
        return "period", single, Range()

    # The past

    def past(self, report: str, one: Indicator, at: Stretch) -> Iterator[Row]:
        """Every period from an indicator's first figure, each rated against its own target."""
        ends = [end for end in self.series(one) if end <= at.end]
        last = self.calendar.last_complete(one.frequency, at.end)
        for end in range(min(ends), last.end + 1, one.months) if ends else ():
            yield self._place(report, one, at, self.calendar.ending(one.frequency, end))

    def _place(self, report: str, one: Indicator, at: Stretch, period: Stretch) -> Row:
        judged = self.placed(report, one, at, period)
        on_card = (of.seen.period.end for of in self.on_card(report, one, at))
        year = self.calendar.year_of(at.first) if period.end in on_card else None
        expected = self.expected(one, "period", judged.seen.period, year) or Range()
        figure = self.series(one).get(period.end)
        return {
            "indicator": one.code, "period": period.text, "shown": judged.value,
            "status": judged.seen.status,
            "target": judged.aims.target, "target_high": judged.aims.target_high,
            "floor": judged.floors[0], "floor_high": judged.floors[1], "amber": judged.amber,
            "rating": judged.rating, "rating_basis": judged.basis,
            "lower": expected.lower, "upper": expected.upper,
            "alert": alert(judged.value, expected.lower, expected.upper),
            "rolling": as_shown(self.rolling(one, figure), one) if figure else None,
        }  # fmt: skip

    def placed(self, report: str, one: Indicator, at: Stretch, period: Stretch) -> Judged:
        """A period of the past, rated by its own.

        The figure that the report shows, and the one before it, are rated as the report has them:
        a page must not show one figure with two ratings. Figures before a break never are.
        """
        figure = self.series(one).get(period.end)
        if figure is None or self.is_of_series(one, figure):
            for judged in self.on_card(report, one, at):
                if judged.seen.period.end == period.end:
                    return judged
        return self.place(report, one, period)

    def _on_card(self, report: str, one: Indicator, at: Stretch) -> list[Judged]:
        """The figure that a report shows, and the one before it."""
        card = self.card(report, one, at, "period")
        assert card is not None
        before = self.judged_before(report, one, at, "period", card.seen.period)
        return [card] if before is None else [card, before]

    def _of_the_past(self, report: str, one: Indicator, period: Stretch) -> Judged:
        return self.judge(report, one, "period", self.dated(one, period))
