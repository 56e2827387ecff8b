"""What a council's pages say of a report in a period, as values: nothing is drawn, nothing compared."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import polars as pl
import pytest

from kpi_core import history, lasting, registry, reported, scorecard, views
from kpi_core.figures import Figures
from kpi_core.periods import Period, calendar
from kpi_core.views import (
    AheadView,
    ChangesView,
    Control,
    IndicatorView,
    SectionView,
    SummaryView,
    Telling,
)
from kpi_core.wording import Wording
from kpi_core.words import FigureBasis, Kind

Row = Mapping[str, Any]

#: Periods that the page of ratings over time goes back.
SPAN = 12


@dataclass(frozen=True)
class Kpi:
    """What is said about one KPI, wherever it is shown."""

    code: str
    at: Period
    wording: Wording
    #: by the name of the page: what it shows of the figure of the report's period
    shown: Mapping[str, Row]
    to_date: Mapping[str, Row]  #: the same for the year to date
    before: Mapping[str, Row]  #: what charts show of the figure before
    changes: tuple[Row, ...]  #: see what_changed.between
    #: oldest first, as far as the page of ratings over time goes back
    past_ratings: tuple[str | None, ...]
    lasts: Row | None  #: see lasting.lasting
    reports: int  #: how many reports there can have been since its first figure
    view: IndicatorView
    control: Control
    ahead: AheadView
    telling: Telling

    @property
    def row(self) -> Row:
        """Its row of the scorecard, as its section shows it."""
        return self.shown["the section's page"]


@dataclass(frozen=True)
class Activity:
    """What is said about one activity indicator."""

    code: str
    at: Period
    wording: Wording
    shown: Mapping[str, Row]
    changes: tuple[Row, ...]
    view: IndicatorView
    control: Control
    ahead: AheadView

    @property
    def row(self) -> Row:
        """Its row of the scorecard, as its section shows it."""
        return self.shown["the section's page"]


@dataclass(frozen=True)
class Told:
    """Everything that is said of one report in one period."""

    report: str
    at: Period
    wording: Wording
    summary: SummaryView
    sections: tuple[SectionView, ...]
    changes: ChangesView
    before: pl.DataFrame  #: see reported.kpis, on the basis of the period
    kpis: tuple[Kpi, ...] = ()
    activities: tuple[Activity, ...] = ()


class _Pages:
    """The pages of a report, each worked out once."""

    def __init__(self, figures: Figures, report: str, at: Period) -> None:
        asked = (figures, report, at)
        self.figures, self.report, self.at = asked
        self.sections = views.every_section(*asked)
        self.summary = views.executive_summary(*asked)
        self.matrix = views.ratings_over_time(*asked, SPAN)
        self.changes = views.what_changed_since(*asked)
        self.lasts = lasting.of_report(figures, report, self.summary.scorecard, at)
        self.cards = _by_code(one.kpis for one in self.sections)
        self.to_date = _by_code(one.to_date for one in self.sections)
        self.activities = _by_code(one.activities for one in self.sections)
        self.places = _by_code(one.places for one in self.sections)
        self.in_tables = _by_code(
            table.rows for area in views.dashboard(*asked).areas for table in area.tables
        )


def _by_code(frames: Iterable[pl.DataFrame]) -> dict[str, list[Row]]:
    """The rows of each indicator, in their order."""
    found: dict[str, list[Row]] = {}
    for frame in frames:
        for row in rows(frame):
            found.setdefault(row["indicator"], []).append(row)
    return found


def told(figures: Figures, report: str, at: Period, codes: Iterable[str] | None = None) -> Told:
    """What all pages say; of the indicators in `codes` alone, where they are given."""
    with _each_once():
        pages = _Pages(figures, report, at)
        wanted = None if codes is None else set(codes)
        everything = views.all_indicators(figures, report, at)
        chosen = [
            (code, kind)
            for code, kind in everything.select("indicator", "kind").iter_rows()
            if wanted is None or code in wanted
        ]
        before = reported.kpis(figures, report, at).filter(pl.col("section").is_not_null())
        return Told(
            report, at, figures.organisation.wording,
            summary=pages.summary, sections=tuple(pages.sections), changes=pages.changes,
            before=before.filter(pl.col("basis") == FigureBasis.PERIOD),
            kpis=tuple(_kpi(pages, code) for code, kind in chosen if kind == Kind.KPI),
            activities=tuple(_activity(pages, code) for code, kind in chosen if kind == Kind.ACTIVITY),
        )  # fmt: skip


@contextmanager
def _each_once() -> Iterator[None]:
    """Work out a report's scorecard, that before and the past of its indicators once, as pages keep them: not again
    for each indicator.
    """
    with pytest.MonkeyPatch.context() as patch:
        for module, name in (
            (scorecard, "kpis"),
            (scorecard, "activities"),
            (reported, "kpis"),
        ):
            patch.setattr(module, name, _kept(getattr(module, name)))
        patch.setattr(history, "places", _together(history.places))
        yield


def _kept(whole: Callable[..., pl.DataFrame]) -> Callable[..., pl.DataFrame]:
    found: dict[tuple[int, str, Period], pl.DataFrame] = {}
    alive: list[Figures] = []  # so that no other figures get the number of these

    def kept(figures: Figures, report: str, at: Period) -> pl.DataFrame:
        asked = (id(figures), report, at)
        if asked not in found:
            alive.append(figures)
            found[asked] = whole(figures, report, at)
        return found[asked]

    return kept


def _together(places: Callable[..., pl.DataFrame]) -> Callable[..., pl.DataFrame]:
    """Of a single indicator those of all, worked out together."""
    kept = _kept(lambda of, report, at: places(of, report, registry.placed(of, report, at), at))

    def of_one(
        figures: Figures, report: str, placed: pl.DataFrame, at: Period, window: int | None = None
    ) -> pl.DataFrame:
        if window is not None or placed.height != 1:
            return places(figures, report, placed, at, window)
        return kept(figures, report, at).filter(pl.col("indicator") == placed["indicator"].item())

    return of_one


def _kpi(pages: _Pages, code: str) -> Kpi:
    view = views.indicator(pages.figures, pages.report, pages.at, code)
    grid = pages.matrix.grid.filter(pl.col("indicator") == code)
    (row,), (in_table,) = pages.cards[code], pages.in_tables[code]
    shown = {
        "the section's page": row,
        "the summary": of(pages.summary.scorecard, code),
        "the indicator's page": dict(view.row or {}),
        "the dashboard": {name: in_table[name] for name in _OF_TABLE},
        "ratings over time": of(pages.matrix.kpis, code),
    }
    before = {}
    for name, places in (
        ("the indicator's chart", rows(view.places)),
        ("the section's chart", pages.places.get(code, [])),
    ):
        shown[name] = _charted(places, row)
        before[name] = _charted_before(places, row, pages.at.year_start)
    to_date = {}
    if code in pages.to_date:
        to_date["the section's page"] = pages.to_date[code][0]
        to_date["the dashboard"] = {
            "value": in_table["year_value"],
            "rating": in_table["year_rating"],
        }
    lasts = pages.lasts.filter(pl.col("indicator") == code)
    return Kpi(
        code, pages.at, pages.figures.organisation.wording, shown, to_date, before,
        changes=_changes(pages, code),
        past_ratings=tuple(grid["rating"].to_list()),
        lasts=rows(lasts)[0] if lasts.height else None,
        reports=_reports(pages),
        view=view,
        control=views.control(view, screened=True),
        ahead=views.ahead(pages.figures, view),
        telling=views.telling(view),
    )  # fmt: skip


def _reports(pages: _Pages) -> int:
    """How many reports there can have been since the first figure of any of the report's KPIs."""
    starts = calendar(pages.figures.observations["period"].to_list(), pages.at.year_start)
    first = starts["first_month"].min()
    months = pages.at.end_month - first if isinstance(first, int) else 0
    return -(-months // pages.at.frequency.months)


#: What a row of the dashboard has under the name that the scorecard gives it.
_OF_TABLE = ("value", "rating", "rating_basis", "direction", "target", "floor")
#: What a chart has of the figure that a card shows.
_OF_CHART = ("rating", "rating_basis", "target", "target_high", "floor", "floor_high")


def _activity(pages: _Pages, code: str) -> Activity:
    view = views.indicator(pages.figures, pages.report, pages.at, code)
    (row,) = pages.activities[code]
    shown = {"the section's page": row, "the indicator's page": dict(view.row or {})}
    if row["basis"] == FigureBasis.PERIOD:
        for name, places in (
            ("the indicator's chart", rows(view.places)),
            ("the section's chart", pages.places.get(code, [])),
        ):
            shown[name] = _charted(places, row, ("alert", "lower", "upper"))
    return Activity(
        code, pages.at, pages.figures.organisation.wording, shown,
        changes=_changes(pages, code), view=view,
        control=views.control(view, screened=True), ahead=views.ahead(pages.figures, view),
    )  # fmt: skip


def _charted(places: Iterable[Row], row: Row, names: Iterable[str] = _OF_CHART) -> Row:
    """What a chart shows of the figure that a card speaks of."""
    for place in places:
        if row["value"] is not None and place["end_month"] == row["end_month"]:
            return {"value": place["shown"], **{name: place[name] for name in names}}
    return {}


def _charted_before(places: Iterable[Row], row: Row, year_start: int) -> Row:
    """What a chart shows of the figure before the one that a card speaks of."""
    if row["previous_value"] is None:
        return {}
    end = Period.parse(row["previous_period"], year_start).end_month
    for place in places:
        if place["end_month"] == end and place["shown"] is not None:
            return {"previous_value": place["shown"], "previous_rating": place["rating"]}
    return {}


def _changes(pages: _Pages, code: str) -> tuple[Row, ...]:
    return tuple(rows(pages.changes.found.filter(pl.col("indicator") == code)))


def of(frame: pl.DataFrame, code: str) -> Row:
    """The one row of an indicator."""
    (row,) = rows(frame.filter(pl.col("indicator") == code))
    return row


def rows(frame: pl.DataFrame) -> list[Row]:
    """The rows with verdicts as texts."""
    return list(frame.with_columns(pl.col(pl.Enum).cast(pl.String)).iter_rows(named=True))
