"""The product held against the oracle, one aspect at a time: each cell in which they differ, told."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from kpi_core import history, registry, schemas, scorecard, series, summary
from kpi_core.figures import Figures
from kpi_core.lasting import of_report
from kpi_core.overlay import laid_over
from kpi_core.periods import Period
from kpi_core.store import Store
from tests.oracle.calendar_of import Stretch
from tests.oracle.council import Council
from tests.oracle.files import Folder
from tests.oracle.lasting import lasting
from tests.oracle.totals import summary as totals

Row = Mapping[str, object]

#: What is compared of a KPI, by what a reader asks about.
OF_KPIS = {
    "figures": ("section", "name", "period", "value", "status"),
    "targets": (
        "target", "target_high", "target_basis", "target_year", "floor", "floor_high", "amber",
    ),
    "ratings": ("computed_rating", "rating", "rating_basis"),
    "previous figure": (
        "previous_value", "previous_rating", "previous_basis", "previous_period",
    ),
    "report before": (
        "reported_value", "reported_rating", "reported_basis", "reported_period",
    ),
    "directions": (
        "direction", "direction_basis", "direction_by_counts", "n", "slope", "p", "direction_regression",
        "direction_previous",
    ),
    "direction from a year ago": ("direction_year_ago",),
}  # fmt: skip


@dataclass(frozen=True)
class Moment:
    """A report in a period, by both calendars."""

    report: str
    at: Stretch
    period: Period

    def __str__(self) -> str:
        return f"{self.report} {self.at.text}"


@dataclass
class Both:
    """One council: as its files say, and as the product has it."""

    oracle: Council
    figures: Figures
    moments: list[Moment] = field(default_factory=list)  #: every one, unless some are chosen

    def __post_init__(self) -> None:
        self._expected: dict[Moment, list[Row]] = {}
        self._cards: dict[Moment, pl.DataFrame] = {}
        if not self.moments:
            self.moments = [
                self.moment(report, at)
                for report in self.reports
                for at in self.oracle.periods(report)
            ]

    @classmethod
    def in_store(cls, folder: Path, home: Path) -> Both:
        """As the store has it."""
        store = Store(folder, home)
        store.refresh()
        return cls(Council(Folder(folder)), store.figures())

    @classmethod
    def as_read(cls, folder: Path) -> Both:
        """As its files are read and checked, without a store."""
        return cls(Council(Folder(folder)), figures_of(folder))

    @cached_property
    def reports(self) -> list[str]:
        return sorted({report for report, _ in self.oracle.folder.placements})

    def moment(self, report: str, at: Stretch) -> Moment:
        return Moment(report, at, Period.parse(at.text, self.figures.year_start))

    def expected(self, moment: Moment) -> list[Row]:
        """The rows of the KPIs as the oracle has them."""
        if moment not in self._expected:
            self._expected[moment] = list(self.oracle.kpis(moment.report, moment.at))
        return self._expected[moment]

    def card(self, moment: Moment) -> pl.DataFrame:
        """The rows of the KPIs as the product has them."""
        if moment not in self._cards:
            self._cards[moment] = scorecard.kpis(self.figures, moment.report, moment.period)
        return self._cards[moment]


def figures_of(folder: Path) -> Figures:
    """What a folder's files hold, read and checked as the store does it, but kept nowhere."""
    store = Store(folder, folder / "no store")
    parts = store.check_folder()
    problems = [str(problem) for part in parts for problem in part.problems]
    assert not problems, "\n".join(problems[:20])
    tables: dict[str, Any] = {table: schemas.empty(table) for table in schemas.TABLES}
    return laid_over(Figures(store.organisation, **tables), parts)


def differences(
    where: str, expected: Iterable[Row], came: pl.DataFrame, by: Sequence[str],
    columns: Sequence[str] = (),
) -> list[str]:  # fmt: skip
    """Each cell, row or order in which the product differs from what was expected.

    Of all columns that the expected rows have, unless some are given.
    """
    rows = {_name(row, by): row for row in expected}
    columns = columns or list(dict.fromkeys(name for row in rows.values() for name in row))
    there = [name for name in dict.fromkeys([*by, *columns]) if name in came.columns]
    told = [f"{where}: no column {name}" for name in columns if name not in there]
    found = {_name(row, by): row for row in came.select(there).iter_rows(named=True)}
    told += [f"{where}: {name}: expected a row, came none" for name in rows if name not in found]
    told += [f"{where}: {name}: expected no row, came one" for name in found if name not in rows]
    if not told and list(rows) != list(found):
        told.append(f"{where}: expected the order {list(rows)}, came {list(found)}")
    return told + [
        f"{where}: {name}: {column}: expected {row.get(column)}, came {found[name][column]}"
        for name, row in rows.items()
        for column in columns
        if name in found and column in there and not _same(row.get(column), found[name][column])
    ]


def _name(row: Row, by: Sequence[str]) -> str:
    return " ".join(str(row[column]) for column in by)


def _same(expected: object, came: object) -> bool:
    if isinstance(expected, float) and isinstance(came, float):
        return math.isclose(expected, came, rel_tol=1e-9, abs_tol=1e-9)
    return expected == came


def of_periods(both: Both) -> list[str]:
    """Which periods each report can show."""
    told = []
    for report in both.reports:
        expected = [period.text for period in both.oracle.periods(report)]
        came = [str(period) for period in registry.report_periods(both.figures, report)]
        if expected != came:
            told.append(f"{report}: expected the periods {expected}, came {came}")
    return told


def of_kpis(columns: Sequence[str]) -> Callable[[Both], list[str]]:
    """Some columns of each KPI."""

    def check(both: Both) -> list[str]:
        return [
            told
            for moment in both.moments
            for told in differences(
                str(moment),
                both.expected(moment),
                both.card(moment),
                ["indicator", "basis"],
                columns,
            )
        ]

    return check


def of_counts(both: Both) -> list[str]:
    """The summary, with the counts of the report before."""
    told = []
    for moment in both.moments:
        expected = totals(both.oracle, moment.report, moment.at, both.expected(moment))
        came = summary.counts(both.card(moment), both.figures, moment.report, moment.period)
        told += differences(str(moment), expected, came, ["section"])
    return told


def of_activities(both: Both) -> list[str]:
    """Every activity indicator, its expected range and its alert."""
    told = []
    for moment in both.moments:
        came = scorecard.activities(both.figures, moment.report, moment.period)
        expected = both.oracle.activities(moment.report, moment.at)
        told += differences(str(moment), expected, came, ["indicator"])
    return told


def of_years_to_date(both: Both) -> list[str]:
    """The year to date of every indicator, rated or not, with its basis."""
    told, figures = [], both.figures
    for moment in both.moments:
        asked = registry.placed(figures, moment.report, moment.period)
        points = series.points(figures.observations, asked, figures.year_start)
        came = series.year_to_date(points, figures.observations, asked, moment.period)
        expected = both.oracle.years_to_date(moment.report, moment.at)
        told += differences(str(moment), expected, _as_shown(came, asked, "value"), ["indicator"])
    return told


def of_the_past(both: Both) -> list[str]:
    """Every period from each indicator's first figure to the one shown, twelve months rolling too."""
    told = []
    for moment in both.moments:
        asked = registry.placed(both.figures, moment.report, moment.period)
        came = history.places(both.figures, moment.report, asked, moment.period)
        expected = [
            row
            for one in sorted(
                both.oracle.framework(moment.report, moment.at), key=lambda one: one.code
            )
            for row in both.oracle.past(moment.report, one, moment.at)
        ]
        came = _as_shown(came, asked, "rolling")
        told += differences(str(moment), expected, came, ["indicator", "period"])
    return told


def of_lasting(both: Both) -> list[str]:
    """For how long each KPI has been rated as it is."""
    told = []
    for moment in both.moments:
        expected = lasting(both.oracle, moment.report, moment.at)
        in_order = sorted(expected, key=lambda row: str(row["indicator"]))
        card = both.card(moment).filter(pl.col("basis") == "period")
        came = of_report(both.figures, moment.report, card, moment.period).sort("indicator")
        told += differences(str(moment), in_order, came, ["indicator"])
    return told


def _as_shown(came: pl.DataFrame, asked: pl.DataFrame, column: str) -> pl.DataFrame:
    """Figures rounded as they are shown, which the core does where it shows them."""
    if "decimals" not in came.columns:
        came = came.join(asked.select("indicator", "decimals"), on="indicator", how="left")
    rounded = [
        pl.when(pl.col("decimals") == places).then(
            pl.col(column).round(places, mode="half_away_from_zero")
        )
        for places in range(5)
    ]
    return came.with_columns(pl.coalesce(rounded).alias(column))


#: Every aspect by its name.
CHECKS: Mapping[str, Callable[[Both], list[str]]] = {
    "periods": of_periods,
    **{name: of_kpis(columns) for name, columns in OF_KPIS.items()},
    "counts": of_counts,
    "activities": of_activities,
    "years to date": of_years_to_date,
    "the past": of_the_past,
    "how long": of_lasting,
}


def told_of(both: Both) -> Iterator[str]:
    """Every difference of every aspect, each after the name of its aspect."""
    for aspect, check in CHECKS.items():
        for line in check(both):
            yield f"{aspect}: {line}"
