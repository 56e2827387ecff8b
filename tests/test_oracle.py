"""Every figure of every council under data/, for every period that a report can show, against the
oracle: the same rules, written a second time without the core. One aspect at a time, so that a
difference says what it is about.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kpi_core.words import Alert, Basis, Direction, Rating
from tests import oracles
from tests.against_oracle import CHECKS, Both
from tests.conftest import ROOT
from tests.demanding import council
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

#: The past of one moment holds that of all before; how long ratings last looks at all of it, too.
OF_ALL_THAT_WENT_BEFORE = ("the past", "how long")

aspects = pytest.mark.parametrize("aspect", CHECKS)


@pytest.fixture(scope="module", params=COUNCILS, ids=lambda path: path.name)
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Both:
    return Both.in_store(request.param, tmp_path_factory.mktemp("oracle"))


def differences(both: Both, aspect: str) -> list[str]:
    if aspect in OF_ALL_THAT_WENT_BEFORE:
        both = replace(both, moments=both.moments[::6])
    return CHECKS[aspect](both)


@aspects
def test_every_figure_of_a_council_is_that_of_the_oracle(both: Both, aspect: str) -> None:
    told = differences(both, aspect)
    assert not told, f"{len(told)} differences\n" + "\n".join(told[:40])


@pytest.fixture(scope="module", params=DEMANDING)
def demanding(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Both:
    """A council that uses everything at once, under some rules."""
    year_start, rules = DEMANDING[request.param]
    home = tmp_path_factory.mktemp("demanding")
    return Both.as_read(council(home / "data", year_start, rules))


@aspects
def test_every_rule_gives_what_the_oracle_gives(demanding: Both, aspect: str) -> None:
    told = differences(demanding, aspect)
    assert not told, f"{len(told)} differences\n" + "\n".join(told[:40])


def test_the_demanding_council_knows_every_verdict(demanding: Both) -> None:
    oracle = demanding.oracle
    rows = [row for moment in demanding.moments for row in demanding.expected(moment)]
    assert {row["rating"] for row in rows} >= {*Rating} - {Rating.UNDECIDED}
    assert {(row["rating_basis"], row["previous_basis"]) for row in rows} >= set(
        product(Basis, repeat=2)
    )
    assert {row["direction"] for row in rows} == {*Direction, None}
    alerts = [
        row["alert"]
        for moment in demanding.moments
        for row in oracle.activities(moment.report, moment.at)
    ]
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
        (24_291 + 3 * quarter, Fraction(Decimal(figure)) / 100)
        for quarter, figure in zip(sorted(quarters), figures, strict=True)
    ]
    slope, p = oracles.line([(month / 3, float(value)) for month, value in points])
    found = line(points, 3)
    assert found.slope == pytest.approx(slope, rel=1e-9, abs=1e-9)
    assert found.p == pytest.approx(p, rel=1e-6, abs=1e-9)
