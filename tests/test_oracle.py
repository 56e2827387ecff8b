"""Every figure of every council under data/, for every period that a report can show, against the
oracle: the same rules, written a second time without the core.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import product
from pathlib import Path

import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kpi_core import history, registry, scorecard, series, summary
from kpi_core.figures import Figures
from kpi_core.periods import Period
from kpi_core.store import Store
from kpi_core.words import Alert, Basis, Direction, Rating
from tests import oracles
from tests.conftest import ROOT
from tests.demanding import council
from tests.oracle.calendar_of import Stretch
from tests.oracle.council import Council
from tests.oracle.files import Folder
from tests.oracle.totals import summary as totals
from tests.oracle.travel import line

COUNCILS = sorted(path.parent for path in (ROOT / "data").glob("*/organisation.toml"))

POINTS = """
[rating]
amber = "points"
tolerance = 1.5
closeness = 0.5
[rating.kpi.K00]
amber = "none"
[rating.kpi.K03]
closeness = 1
[rating.kpi.K05]
amber = "percent"
tolerance = 3.33
[rating.kpi.K07]
amber = "year_ago"
[rating.kpi.K08]
amber = "floor"
closeness = 0
[direction]
by = ["previous", "regression"]
tie = 0.5
"""
YEAR_AGO = """
[rating]
amber = "year_ago"
closeness = 1
[direction]
by = ["year_ago", "previous"]
"""
PERCENT = """
[rating]
amber = "percent"
tolerance = 7.123456
closeness = 0.5
[rating.kpi.K03]
amber = "none"
closeness = 1.5
[rating.kpi.K08]
amber = "year_ago"
[direction]
by = ["regression", "year_ago"]
tie = 1
"""
#: Month in which the year begins, and rules of rating and direction.
DEMANDING = {
    "floor": (4, ""),
    "points": (1, POINTS),
    "year ago": (7, YEAR_AGO),
    "percent": (10, PERCENT),
}

Row = Mapping[str, object]


@dataclass(frozen=True, repr=False)
class Both:
    """One council: as its files say, and as the product has it."""

    oracle: Council
    figures: Figures

    @classmethod
    def of(cls, folder: Path, home: Path) -> Both:
        store = Store(folder, home)
        store.refresh()
        return cls(Council(Folder(folder)), store.figures())

    @cached_property
    def reports(self) -> list[str]:
        return sorted({report for report, _ in self.oracle.folder.placements})

    def moments(self) -> Iterator[tuple[str, Stretch, Period]]:
        """Every report and period that it can show."""
        for report in self.reports:
            for at in self.oracle.periods(report):
                yield report, at, Period.parse(at.text, self.figures.year_start)


def differences(
    where: str, expected: Iterable[Row], came: pl.DataFrame, by: Sequence[str]
) -> list[str]:
    """Each cell, row or order in which the product differs from what was expected."""
    rows = {_name(row, by): row for row in expected}
    columns = list(dict.fromkeys(column for row in rows.values() for column in row))
    found = {_name(row, by): row for row in came.select({*by, *columns}).iter_rows(named=True)}
    told = [f"{where}: {name}: expected a row, came none" for name in rows if name not in found]
    told += [f"{where}: {name}: expected no row, came one" for name in found if name not in rows]
    if not told and list(rows) != list(found):
        told.append(f"{where}: expected the order {list(rows)}, came {list(found)}")
    return told + [
        f"{where}: {name}: {column}: expected {row.get(column)}, came {found[name][column]}"
        for name, row in rows.items()
        for column in columns
        if name in found and not _same(row.get(column), found[name][column])
    ]


def _name(row: Row, by: Sequence[str]) -> str:
    return " ".join(str(row[column]) for column in by)


def _same(expected: object, came: object) -> bool:
    if isinstance(expected, float) and isinstance(came, float):
        return math.isclose(expected, came, rel_tol=1e-9, abs_tol=1e-9)
    return expected == came


def of_periods(both: Both) -> list[str]:
    told = []
    for report in both.reports:
        expected = [period.text for period in both.oracle.periods(report)]
        came = [str(period) for period in registry.report_periods(both.figures, report)]
        if expected != came:
            told.append(f"{report}: expected the periods {expected}, came {came}")
    return told


def of_kpis_and_counts(both: Both) -> list[str]:
    told = []
    for report, at, period in both.moments():
        where = f"{report} {at.text}"
        expected = list(both.oracle.kpis(report, at))
        card = scorecard.kpis(both.figures, report, period)
        told += differences(where, expected, card, ["indicator", "basis"])
        counted = summary.counts(card, both.figures, report, period)
        told += differences(
            f"{where} counts", totals(both.oracle, report, at, expected), counted, ["section"]
        )
    return told


def of_activities(both: Both) -> list[str]:
    told = []
    for report, at, period in both.moments():
        came = scorecard.activities(both.figures, report, period)
        expected = both.oracle.activities(report, at)
        told += differences(f"{report} {at.text}", expected, came, ["indicator"])
    return told


def of_years_to_date(both: Both) -> list[str]:
    """The year to date of every indicator, rated or not, with its basis."""
    told = []
    for report, at, period in both.moments():
        figures = both.figures
        placed = registry.placed(figures, report, period)
        points = series.points(figures.observations, placed, figures.year_start)
        came = series.year_to_date(points, figures.observations, placed, period)
        expected = both.oracle.years_to_date(report, at)
        told += differences(f"{report} {at.text} to date", expected, came, ["indicator"])
    return told


def of_the_past(both: Both) -> list[str]:
    """Every period from each indicator's first figure to the one shown, twelve months rolling too."""
    told = []
    for report, at, period in both.moments():
        placed = registry.placed(both.figures, report, period)
        came = history.places(both.figures, report, placed, period)
        expected = [
            row
            for one in sorted(both.oracle.framework(report, at), key=lambda one: one.code)
            for row in both.oracle.past(report, one, at)
        ]
        told += differences(f"{report} {at.text} past", expected, came, ["indicator", "period"])
    return told


Check = Callable[[Both], list[str]]


EVERYTHING = pytest.mark.parametrize(
    "check", [of_periods, of_kpis_and_counts, of_activities, of_years_to_date, of_the_past]
)


@pytest.fixture(scope="module", params=COUNCILS, ids=lambda path: path.name)
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Both:
    return Both.of(request.param, tmp_path_factory.mktemp("oracle"))


@EVERYTHING
def test_every_figure_of_a_council_is_that_of_the_oracle(both: Both, check: Check) -> None:
    told = check(both)
    assert not told, f"{len(told)} differences\n" + "\n".join(told[:40])


@pytest.fixture(scope="module", params=DEMANDING)
def demanding(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Both:
    """A council that uses everything at once, under some rules."""
    year_start, rules = DEMANDING[request.param]
    home = tmp_path_factory.mktemp("demanding")
    folder = council(home / "data", year_start, rules)
    return Both.of(folder, home / "store")


@EVERYTHING
def test_every_rule_gives_what_the_oracle_gives(demanding: Both, check: Check) -> None:
    told = check(demanding)
    assert not told, f"{len(told)} differences\n" + "\n".join(told[:40])


def test_the_demanding_council_knows_every_verdict(demanding: Both) -> None:
    oracle = demanding.oracle
    moments = [(report, at) for report, at, _ in demanding.moments()]
    rows = [row for report, at in moments for row in oracle.kpis(report, at)]
    assert {row["rating"] for row in rows} >= {*Rating} - {Rating.UNDECIDED}
    assert {(row["rating_basis"], row["previous_basis"]) for row in rows} >= set(
        product(Basis, repeat=2)
    )
    assert {row["direction"] for row in rows} == {*Direction, None}
    alerts = [row["alert"] for report, at in moments for row in oracle.activities(report, at)]
    assert set(alerts) == {*Alert, None}


@settings(max_examples=25)
@given(st.lists(st.integers(0, 20), min_size=3, max_size=14, unique=True), st.data())
def test_the_line_of_the_oracle_is_that_of_statsmodels(
    quarters: list[int], data: st.DataObject
) -> None:
    figures = data.draw(
        st.lists(st.integers(5_000, 9_000), min_size=len(quarters), max_size=len(quarters))
    )
    assume(len(set(figures)) > 2)
    points = [
        (24_291 + 3 * quarter, Decimal(figure) / 100)
        for quarter, figure in zip(sorted(quarters), figures, strict=True)
    ]
    slope, p = oracles.line([(month / 3, float(value)) for month, value in points])
    found = line(points, 3)
    assert found.slope == pytest.approx(slope, rel=1e-9, abs=1e-9)
    assert found.p == pytest.approx(p, rel=1e-6, abs=1e-9)
