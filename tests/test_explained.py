"""What an organisation has set, in plain words."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from kpi_core import explained
from kpi_core.organisation import Organisation
from kpi_core.rules import AmberRule, Rules
from kpi_core.wording import Wording
from kpi_core.words import Amber, Comparison, Rating

KENT = Organisation("kent", "Kent County Council")


def said(rules: Rules) -> dict[str, str]:
    return dict(explained.settings(replace(KENT, wording=Wording(rules=rules))))


def test_a_council_that_sets_nothing_is_explained_too() -> None:
    assert explained.settings(KENT, {"qpr": "Quarterly report"}) == [
        ("Financial year", "Begins in April."),
        ("Amber or Red", "A KPI that misses its target is Amber down to its floor standard, else Red."),
        ("Direction of travel", "By regression over the figures charted."),
        ("Reports", "Quarterly report for a quarter or a year, dashboard for a month."),
        ("Year to date", "Rated beside the period in: dashboard."),
        ("Figures", "Shown as 12,345.6 and £1,234.50."),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (AmberRule(Amber.POINTS, Decimal("2.5")), "Amber within 2,5 of its target, in the KPI's own unit, else Red."),
        (AmberRule(Amber.PERCENT, Decimal(5)), "Amber within 5% of its target, else Red."),
        (AmberRule(Amber.NONE), "is Red."),
        (AmberRule(Amber.YEAR_AGO), "Amber as long as it is no worse than in the same period a year before, else Red."),
    ],
)  # fmt: skip
def test_each_rule_of_amber_is_told_with_its_own_values(rule: AmberRule, text: str) -> None:
    wording = Wording(decimal_mark=",", thousands_mark=".", rules=Rules(amber=rule))
    told = explained.settings(replace(KENT, wording=wording))
    assert any(sentence.endswith(text) for _, sentence in told)


def test_a_kpi_with_a_rule_of_its_own_is_named() -> None:
    own = AmberRule(Amber.POINTS, Decimal(3), closeness=Decimal(2))
    assert said(Rules(own=(("RB01", own),)))["KPI RB01"] == (
        "Off target it is Amber within 3 of its target, in the KPI's own unit, else Red. "
        "Where the target itself is best, up to 2 off it is on target."
    )


def test_directions_are_told_with_their_tie() -> None:
    both = (Comparison.PREVIOUS, Comparison.YEAR_AGO)
    assert said(Rules(directions=both, tie=Decimal("0.5")))["Direction of travel"] == (
        "By the period against the one before. Beside it: the period against the same one a year "
        "before. A difference of up to 0.5 is no change."
    )
    assert said(Rules(directions=both))["Direction of travel"].endswith(
        "Only an equal figure is no change."
    )


def test_ratings_that_cannot_occur_are_left_out() -> None:
    assert [one.rating for one in explained.ratings(KENT)] == list(Rating)
    strict = replace(KENT, wording=Wording(rules=Rules(amber=AmberRule(Amber.NONE))))
    assert Rating.AMBER not in [one.rating for one in explained.ratings(strict)]
