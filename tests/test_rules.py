"""A council's own rules, from its organisation.toml to its scorecard."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from kpi_core import history, registry, scorecard, views
from kpi_core.errors import SettingsError
from kpi_core.figures import Figures
from kpi_core.organisation import Organisation
from kpi_core.periods import Frequency, Period
from kpi_core.rules import AmberRule, Rules
from kpi_core.words import Amber, Comparison
from tests import tables

FULL = """
[rating]
amber = "percent"
tolerance = 2.5
closeness = 1
[rating.kpi.RB01]
amber = "points"
tolerance = 0.1
[rating.kpi.RB02]
amber = "none"
[direction]
by = ["previous", "year_ago", "regression"]
tie = 0.3
"""


def rules(text: str) -> Rules:
    return Organisation.from_toml("ex", text).rules


def test_every_rule_is_taken_and_is_exact() -> None:
    one = Decimal(1)
    assert rules(FULL) == Rules(
        AmberRule(Amber.PERCENT, Decimal("2.5"), one),
        (
            ("RB01", AmberRule(Amber.POINTS, Decimal("0.1"), one)),
            ("RB02", AmberRule(Amber.NONE, None, one)),
        ),
        (Comparison.PREVIOUS, Comparison.YEAR_AGO, Comparison.REGRESSION),
        Decimal("0.3"),
    )


@pytest.mark.parametrize("text", ["", "[rating]\n[direction]", '[rating]\namber = "floor"'])
def test_a_council_that_says_nothing_has_the_rules_of_kent(text: str) -> None:
    assert rules(text) == Rules()
    assert rules(text).kinds_of_amber == {Amber.FLOOR}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[rating]\namber = "point"', r'amber is "point"\. Did you mean "points"\? Enter one of: floor'),
        ("[rating]\namber = 5", "amber is 5. Enter one of"),
        ('[rating]\namber = "points"', 'amber = "points" needs a tolerance. Say by how many points'),
        ('[rating]\namber = "percent"', "by how many percent of the target"),
        ("[rating]\ntolerance = 5", 'tolerance of 5 has no meaning with amber = "floor"'),
        ('[rating]\namber = "none"\ntolerance = 0', "Remove it, or set amber"),
        ('[rating]\namber = "points"\ntolerance = -1', "tolerance is -1. Enter a number, 0 or more"),
        ('[rating]\namber = "points"\ntolerance = "5"', 'tolerance is "5"'),
        ('[rating]\namber = "points"\ntolerance = true', "tolerance is true"),
        ('[rating]\namber = "points"\ntolerance = nan', "tolerance is nan"),
        ('[rating]\namber = "points"\ntolerance = inf', "tolerance is inf"),
        ('[rating]\namber = "points"\ntolerance = 0.0000001', "at most 12 digits before the point"),
        ('[rating]\namber = "points"\ntolerance = 1e40', "at most 12 digits before the point"),
        ("[rating]\ncloseness = -0.5", "closeness is -0.5"),
        ("[rating]\ntolerence = 5", r'\[rating\]: there is no setting "tolerence". Did you mean "tolerance"'),
        ('rating = "floor"', r"rating is a table. Write \[rating\] on a line of its own"),
        ("[rating]\nkpi = 3", r"Write \[rating.kpi\]"),
        ("[rating.kpi]\nRB01 = 3", r"Write \[rating.kpi.RB01\]"),
        ("[rating.kpi.RB01]\ntolerance = 2", r'\[rating.kpi.RB01\]: a tolerance of 2 has no meaning'),
        ('[rating.kpi.RB01]\namber = "points"', r"\[rating.kpi.RB01\]: .* needs a tolerance"),
        (
            '[rating]\namber = "percent"\ntolerance = 5\n[rating.kpi.RB01]\namber = "points"',
            r"\[rating.kpi.RB01\]: .* needs a tolerance",
        ),
        ("[rating.kpi.RB01]\nambre = 2", r'\[rating.kpi.RB01\]: there is no setting "ambre"'),
        ('[direction]\nby = "regression"', "by is a list"),
        ("[direction]\nby = []", "by is a list"),
        ('[direction]\nby = ["last_year"]', 'by is "last_year"'),
        ('[direction]\nby = ["previous", "previous"]', 'by has "previous" twice'),
        ("[direction]\ntie = -1", r"\[direction\]: tie is -1"),
        ("[direction]\nties = 1", 'no setting "ties". Did you mean "tie"'),
    ],
)  # fmt: skip
def test_rules_that_cannot_be_followed_name_the_place_and_the_way_out(
    text: str, message: str
) -> None:
    with pytest.raises(SettingsError, match=message) as refused:
        rules(text)
    assert str(refused.value).startswith("ex/organisation.toml")


# On the scorecard

TARGET = "indicator | year | target | floor\nA | 2024/25 | 85 | 60\nB | 2024/25 | 85 | 60"
Q2 = Period.parse("2024/25 Q2")


def council(settings: str, observations: str, **tables_of: str) -> Figures:
    texts = {
        "indicators": "indicator | name\nA | A\nB | B",
        "targets": TARGET,
        "observations": "indicator | period | value\n" + observations,
    }
    return tables.figures(Organisation.from_toml("ex", settings), **(texts | tables_of))


def card(figures: Figures, at: Period = Q2) -> dict[str, dict[str, Any]]:
    return {row["indicator"]: row for row in scorecard.kpis(figures, "qpr", at).to_dicts()}


def test_each_kpi_is_rated_by_its_own_rule_here_and_in_its_past() -> None:
    figures = council(
        '[rating]\namber = "points"\ntolerance = 5\n[rating.kpi.B]\namber = "none"',
        "A | 2024/25 Q1 | 79\nA | 2024/25 Q2 | 80\nB | 2024/25 Q1 | 85\nB | 2024/25 Q2 | 84",
    )
    rows = card(figures)
    assert [rows["A"][name] for name in ("amber", "floor", "rating", "previous_rating")] == [
        "points", 80, "AMBER", "RED",
    ]  # fmt: skip
    assert [rows["B"][name] for name in ("amber", "floor", "rating", "previous_rating")] == [
        "none", None, "RED", "GREEN",
    ]  # fmt: skip
    past = history.places(figures, "qpr", registry.placed(figures, "qpr", Q2), Q2)
    assert past.select("indicator", "amber", "floor", "floor_from", "rating").rows() == [
        ("A", "points", 80, 80, "RED"),
        ("A", "points", 80, 80, "AMBER"),
        ("B", "none", None, 85, "GREEN"),
        ("B", "none", None, 85, "RED"),
    ]


def test_the_limit_of_a_year_before_steps_from_period_to_period() -> None:
    quarters = [Q2.shift(back) for back in range(-5, 1)]
    values = (70, 60, 75, 90, 72, 59)
    rows = "\n".join(f"A | {q} | {v}" for q, v in zip(quarters, values, strict=True))
    figures = council('[rating]\namber = "year_ago"', rows)
    placed = registry.placed(figures, "qpr", Q2)
    for window in (None, 3):
        past = history.places(figures, "qpr", placed, Q2, window).tail(2)
        assert past.select("floor", "rating").rows() == [(70, "AMBER"), (60, "RED")]
    assert card(figures)["A"]["floor"] == 60


def test_a_late_figure_is_held_against_its_own_period_a_year_before() -> None:
    figures = council(
        '[rating]\namber = "year_ago"',
        "A | 2023/24 Q1 | 70\nA | 2023/24 Q2 | 80\nA | 2024/25 Q1 | 75",
        indicators="indicator | arrears\nA | 1\nB | 0",
    )
    row = card(figures)["A"]
    assert (row["period"], row["floor"], row["rating"]) == ("2024/25 Q1", 70, "AMBER")


@pytest.mark.parametrize("earlier", ["2023/24 Q2", "2023-09"])
def test_a_snapshot_of_a_year_before_may_stand_under_its_last_month(earlier: str) -> None:
    figures = council(
        'reports = {year_to_date = ["qpr"]}\n[rating]\namber = "year_ago"',
        f"A | {earlier} | 70\nA | 2024/25 Q2 | 75",
        indicators="indicator | measure | ytd\nA | snapshot | latest\nB | snapshot | latest",
    )
    rows = scorecard.kpis(figures, "qpr", Q2).filter(indicator="A")
    assert rows.select("basis", "floor", "rating").rows() == [
        ("period", 70, "AMBER"),
        ("ytd", 70, "AMBER"),
    ]


SIX = "\n".join(f"A | {Q2.shift(back)} | {80 + back}" for back in range(-5, 1))


@pytest.mark.parametrize(
    ("by", "said"),
    [
        ('["regression"]', ("improving", "improving", None, None, 6)),
        ('["previous"]', ("improving", None, "improving", None, None)),
        ('["year_ago", "regression"]', ("improving", "improving", None, "improving", 6)),
    ],
)
def test_only_what_is_asked_for_is_said(by: str, said: tuple[object, ...]) -> None:
    row = card(council(f"[direction]\nby = {by}", SIX))["A"]
    names = ["direction", "direction_regression", "direction_previous", "direction_year_ago", "n"]
    assert tuple(row[name] for name in names) == said


def test_without_a_regression_nothing_speaks_of_one() -> None:
    plain = views.indicator(council("", SIX), "qpr", Q2, "A")
    assert plain.line is not None
    assert plain.places["fit"].is_not_null().any()
    other = views.indicator(council('[direction]\nby = ["previous"]', SIX), "qpr", Q2, "A")
    assert other.line is None
    assert other.places["fit"].is_null().all()


def test_a_trend_beside_another_direction_is_its_own() -> None:
    rows = f"{SIX[: SIX.rindex('|')]}| 60"
    figures = council('[direction]\nby = ["previous", "regression"]', rows)
    line = views.indicator(figures, "qpr", Q2, "A").line
    assert line is not None
    assert (card(figures)["A"]["direction"], line["direction"]) == ("worsening", "stable")


@pytest.mark.parametrize("month", [1, 7, 10])
def test_a_year_that_begins_in_another_month(month: int) -> None:
    """Ratings, the year to date and directions of a January, a July and an October council."""
    year = Period.containing(Period.parse("2024-12").start, Frequency.YEAR, month)
    months = [Period(Frequency.MONTH, year.first_month + n, month) for n in range(-12, 5)]
    values = [*range(60, 72), 40, 50, 60, 70, 80]
    rows = "\n".join(
        f"A | {period} | period | | {value} | 100"
        for period, value in zip(months, values, strict=True)
    )
    settings = (
        f'year_start = {month}\n[reports]\nyear_to_date = ["qpr"]\n'
        '[rating]\namber = "year_ago"\n[direction]\nby = ["year_ago", "previous", "regression"]'
    )
    years = [str(year.shift(-1)), str(year)]
    figures = tables.figures(
        Organisation.from_toml("ex", settings),
        reports="report | title | frequency\nqpr | Report | month",
        indicators=f"indicator | from | frequency | ytd\nA | {years[0]} | month | ratio",
        placements="indicator | year | frequency\n" + "\n".join(f"A | {y} | month" for y in years),
        targets="indicator | year | target\n" + "\n".join(f"A | {y} | 75" for y in years),
        observations="indicator | period | basis | value | numerator | denominator\n" + rows,
    )
    at = months[-2]
    period, to_date = scorecard.kpis(figures, "qpr", at).sort("basis").to_dicts()
    # The fourth month of the year: 70, against 63 in that of the year before.
    assert (period["value"], period["floor"], period["rating"]) == (70, 63, "AMBER")
    # 40, 50, 60 and 70 make 55; the four months of the year before made 61.5, shown as 62.
    assert (to_date["value"], to_date["floor"], to_date["rating"]) == (55, 62, "RED")
    ways = ["direction", "direction_year_ago", "direction_previous", "direction_regression"]
    assert [period[name] for name in ways] == ["improving", "improving", "improving", "stable"]
    first = scorecard.kpis(figures, "qpr", at.shift(-3)).filter(pl.col("basis") == "ytd")
    assert first["value"].to_list() == [40]
