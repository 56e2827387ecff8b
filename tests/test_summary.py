"""The executive summary: counts, and one plain sentence for each KPI."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from kpi_core import cells, rating, scorecard, summary, trend
from kpi_core.figures import Figures
from kpi_core.periods import Period
from kpi_core.rules import AmberRule, Rules
from kpi_core.wording import Wording
from kpi_core.words import Amber, Rating
from tests import tables

Q2 = Period.parse("2024/25 Q2")
COMPLAINTS = "Percentage of complaints responded to within timescale"

AIMS = {"higher": "85 | | 80 |", "lower": "10 | | 12 |", "range": "17.5 | 22.5 | 15 | 25"}


def said(
    value: str, before: str = "", polarity: str = "higher", *, unit: str = "percent",
    decimals: int = 0, aims: str | None = None, name: str = "A", printed: dict[str, str] | None = None,
) -> str:  # fmt: skip
    """The sentence of a KPI with that figure and the one of the quarter before."""
    past = [f"A | {period} | {v}" for period, v in (("2024/25 Q1", before), (Q2, value)) if v]
    aims = AIMS[polarity] if aims is None else aims
    figures = tables.figures(
        indicators=f"indicator | unit | decimals | polarity\nA | {unit} | {decimals} | {polarity}",
        placements=f"indicator | year | name\nA | 2024/25 | {name}",
        targets="indicator | year | target | target_high | floor | floor_high"
        + (f"\nA | 2024/25 | {aims}" if aims else ""),
        observations="\n".join(["indicator | period | value", *past]),
        **(printed or {}),
    )
    card = scorecard.kpis(figures, "qpr", Q2)
    return summary.sentence(card.row(0, named=True), Q2)


def test_a_red_kpi_says_by_how_much_it_missed_target_and_floor() -> None:
    assert said("71", "66", name=COMPLAINTS) == (
        "Percentage of complaints responded to within timescale: 71%, 14 points below target and "
        "9 below the floor of 80%. Red, as last quarter."
    )


@pytest.mark.parametrize(
    ("value", "before", "sentence"),
    [
        ("71", "90", "71%, 14 points below target and 9 below the floor of 80%. Red; it was Green last quarter."),
        ("71", "", "71%, 14 points below target and 9 below the floor of 80%. Red."),
        ("79", "79", "79%, 6 points below target and 1 below the floor of 80%. Red, as last quarter."),
        ("84", "84", "84%, 1 point below target but above the floor of 80%. Amber, as last quarter."),
        ("80", "71", "80%, 5 points below target and at the floor of 80%. Amber; it was Red last quarter."),
        ("85", "85", "85%, at target. Green, as last quarter."),
        ("86", "84", "86%, 1 point above the target of 85%. Green; it was Amber last quarter."),
        ("", "84", "no figure for this period."),
    ],
)  # fmt: skip
def test_higher_is_better(value: str, before: str, sentence: str) -> None:
    assert said(value, before) == f"A: {sentence}"


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("8.5", "8.5%, 1.5 points better than the target of 10% (lower is better). Green."),
        ("10.0", "10.0%, at target. Green."),
        ("11.0", "11.0%, 1 point above target but within the floor of 12% (lower is better). Amber."),
        ("12.0", "12.0%, 2 points above target and at the floor of 12% (lower is better). Amber."),
        ("12.4", "12.4%, 2.4 points above target and 0.4 above the floor of 12% (lower is better). Red."),
    ],
)  # fmt: skip
def test_lower_is_better(value: str, sentence: str) -> None:
    assert said(value, polarity="lower", decimals=1) == f"A: {sentence}"


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("20.0", "20.0%, inside the target range of 17.5% to 22.5%. Green."),
        ("22.5", "22.5%, inside the target range of 17.5% to 22.5%. Green."),
        ("24.0", "24.0%, 1.5 points above the target range of 17.5% to 22.5% but within the floor of 25%. Amber."),
        ("26.0", "26.0%, 3.5 points above the target range of 17.5% to 22.5% and 1 above the floor of 25%. Red."),
        ("16.5", "16.5%, 1 point below the target range of 17.5% to 22.5% but above the floor of 15%. Amber."),
        ("15.0", "15.0%, 2.5 points below the target range of 17.5% to 22.5% and at the floor of 15%. Amber."),
        ("12.0", "12.0%, 5.5 points below the target range of 17.5% to 22.5% and 3 below the floor of 15%. Red."),
    ],
)  # fmt: skip
def test_a_range_has_two_sides(value: str, sentence: str) -> None:
    assert said(value, polarity="range", decimals=1) == f"A: {sentence}"


@pytest.mark.parametrize(
    ("value", "unit", "aims", "sentence"),
    [
        ("426", "days", "427 | | 400 |", "426 days, 1 day below target but above the floor of 400 days. Amber."),
        ("1612", "number", "1700 | | 1650 |", "1,612, 88 below target and 38 below the floor of 1,650. Red."),
        ("700", "currency", "719.5 | | 710 |", "£700, £19.50 below target and £10 below the floor of £710. Red."),
        ("114", "seconds", "120 | | 115 |", "1 min 54 s, 6 s below target and 1 s below the floor of 1 min 55 s. Red."),
    ],
)  # fmt: skip
def test_differences_have_the_unit_of_the_figure(
    value: str, unit: str, aims: str, sentence: str
) -> None:
    assert said(value, unit=unit, aims=aims) == f"A: {sentence}"


def printing(rating_of: str, previous: str = "") -> dict[str, str]:
    return {
        "documents": "document | period\nD | 2024/25 Q2",
        "published": "document | indicator | period | rating | previous_rating\n"
        f"D | A | 2024/25 Q2 | {rating_of} | {previous}",
    }


def test_a_published_rating_says_that_it_is_one() -> None:
    assert said("", printed=printing("RED", "RED")) == (
        "A: the document prints a rating but no figure. Red (as published), as last quarter."
    )
    assert said("84", aims="85 | | |", printed=printing("AMBER")) == (
        "A: 84%, 1 point below the target of 85%. Amber (as published)."
    )
    assert said("71", aims="", printed=printing("RED")) == (
        "A: 71%; no target is printed. Red (as published)."
    )


def test_what_cannot_be_rated_says_why() -> None:
    assert said("84", aims="85 | | |") == (
        "A: 84%, 1 point below the target of 85%. Undecided: no floor is known."
    )
    assert said("84", aims="") == "A: 84%; no target has been set. Not rated."


def ruled(
    value: str,
    amber: str | None,
    limit: str | None,
    rating: str,
    *,
    polarity: str = "higher",
    target: str = "85",
    high: str | None = None,
    closeness: str = "0",
) -> dict[str, Any]:
    """A row of the scorecard that was rated by that rule, its limit where it missed the target."""
    aim, far = Decimal(target), None if high is None else Decimal(high)
    at_most = aim if polarity == "lower" else far
    at_least = None if polarity == "lower" else aim
    if polarity == "target":
        at_least, at_most = aim - Decimal(closeness), aim + Decimal(closeness)
    missed_above = at_most is not None and Decimal(value) > at_most
    edge = None if limit is None else Decimal(limit)
    return {
        "name": "A", "value": Decimal(value), "unit": "percent", "decimals": 0, "polarity": polarity,
        "target": aim, "target_high": far, "target_from": at_least, "target_to": at_most,
        "floor_from": None if missed_above else edge, "floor_to": edge if missed_above else None,
        "amber": amber, "rating": rating, "rating_basis": "computed", "reported_rating": None,
        "same_figure": False, "period": "2024/25 Q2", "previous_value": None, "direction": "stable",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("row", "text", "why"),
    [
        (
            ruled("71", None, "80", "RED"),
            "71%, 14 points below target and 9 below the floor of 80%.",
            "9 points below the floor.",
        ),
        (
            ruled("71", "floor", "80", "RED"),
            "71%, 14 points below target and 9 below the floor of 80%.",
            "9 points below the floor.",
        ),
        (
            ruled("71", "points", "80", "RED"),
            "71%, 14 points below target and 9 beyond the Amber limit of 80%.",
            "9 points beyond the Amber limit.",
        ),
        (
            ruled("84", "percent", "80.75", "AMBER"),
            "84%, 1 point below target but within the Amber limit of 80.75%.",
            None,
        ),
        (
            ruled("80", "points", "80", "AMBER"),
            "80%, 5 points below target and at the Amber limit of 80%.",
            None,
        ),
        (
            ruled("13", "points", "12", "RED", polarity="lower", target="10"),
            "13%, 3 points above target and 1 beyond the Amber limit of 12% (lower is better).",
            "1 point beyond the Amber limit.",
        ),
        (
            ruled("71", "none", "85", "RED"),
            "71%, 14 points below the target of 85%.",
            "14 points below target.",
        ),
        (
            ruled("26", "none", "22", "RED", polarity="range", target="18", high="22"),
            "26%, 4 points above the target range of 18% to 22%.",
            "4 points above target.",
        ),
        (
            ruled("71", "year_ago", "74", "RED"),
            "71%, 14 points below target and 3 below the 74% of a year ago.",
            "3 points worse than a year ago.",
        ),
        (
            ruled("76", "year_ago", "74", "AMBER"),
            "76%, 9 points below target but no worse than the 74% of a year ago.",
            None,
        ),
        (
            ruled("71", "year_ago", "85", "RED"),
            "71%, 14 points below target, which the figure of a year ago met.",
            "14 points below target, which the figure of a year ago met.",
        ),
        (
            ruled("13", "year_ago", "12", "RED", polarity="lower", target="10"),
            "13%, 3 points above target and 1 above the 12% of a year ago (lower is better).",
            "1 point worse than a year ago.",
        ),
        (
            ruled("26", "year_ago", "25", "RED", polarity="range", target="18", high="22"),
            "26%, 4 points above the target range of 18% to 22% and 1 further out than a year ago.",
            "1 point further out than a year ago.",
        ),
        (
            ruled("24", "year_ago", "25", "AMBER", polarity="range", target="18", high="22"),
            "24%, 2 points above the target range of 18% to 22% but no further out than a year ago.",
            None,
        ),
        (
            ruled("71", "year_ago", None, "UNDECIDED"),
            "71%, 14 points below the target of 85%.",
            None,
        ),
        (
            ruled("93", "points", None, "GREEN", polarity="target", target="92", closeness="2"),
            "93%, within 2 points of the target of 92%.",
            None,
        ),
        (
            ruled("86", "points", "87", "RED", polarity="target", target="92", closeness="2"),
            "86%, 6 points below target and 1 beyond the Amber limit of 87% (the closer to the target the better).",
            "1 point beyond the Amber limit.",
        ),
    ],
)  # fmt: skip
def test_a_miss_is_told_in_the_words_of_its_rule(
    row: dict[str, Any], text: str, why: str | None
) -> None:
    assert summary.reason(row) == text
    if why is not None:
        assert summary.why_red(row, Q2) == why


OWN = Wording(
    "€", ",", ".",
    ((Rating.GREEN, "On track"), (Rating.AMBER, "Slightly behind"), (Rating.RED, "Off track")),
)  # fmt: skip


def test_sentences_have_the_names_and_marks_of_the_organisation() -> None:
    row = ruled("71.5", "points", "80.25", "RED") | {"decimals": 1, "reported_rating": "RED"}
    assert summary.sentence(row, Q2, OWN) == (
        "A: 71,5%, 13,5 points below target and 8,75 beyond the “Slightly behind” limit of 80,25%. "
        "Off track, as last quarter."
    )
    assert summary.standing(row | {"reported_rating": "AMBER"}, Q2, OWN) == (
        "Off track; it was Slightly behind last quarter."
    )
    money = busy(value=Decimal(7000), unit="currency")
    assert summary.activity(money, Q2, OWN) == (
        "€7.000, inside the expected range of €6.350 to €7.750; €500 more than last quarter."
    )


def test_what_cannot_be_decided_says_what_is_missing() -> None:
    row = ruled("71", "year_ago", None, "UNDECIDED")
    assert summary.standing(row, Q2) == "Undecided: no figure of a year ago is known."
    assert summary.standing(row | {"amber": "floor"}, Q2) == "Undecided: no floor is known."


def test_a_month_compares_with_last_month() -> None:
    row = {
        "rating": "RED",
        "reported_rating": "RED",
        "rating_basis": "computed",
        "same_figure": False,
    }
    assert summary.standing(row, Period.parse("2024-09")) == "Red, as last month."
    assert summary.standing(row, Period.parse("2024/25")) == "Red, as last year."


def test_a_figure_that_the_report_before_showed_too_is_no_news() -> None:
    row = {
        "rating": "RED",
        "reported_rating": "RED",
        "rating_basis": "computed",
        "same_figure": True,
    }
    late = row | {"period": "2023/24 Q4"}
    assert summary.standing(late, Q2) == "Red; no new figure since Q4 2023/24."
    other = late | {"reported_rating": "GREEN"}  # rated by another target then
    assert summary.standing(other, Q2) == "Red; no new figure since Q4 2023/24."


def red(**more: Any) -> dict[str, Any]:
    row = {
        "value": Decimal(71), "previous_value": Decimal(66), "previous_period": "2024/25 Q1",
        "unit": "percent", "decimals": 0,
        "target_to": None, "floor_from": Decimal(80), "floor_to": None, "direction": "stable",
    }  # fmt: skip
    return row | more


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (red(), "9 points below the floor; 66% last quarter."),
        (red(direction="worsening"), "9 points below the floor; 66% last quarter; worsening."),
        (red(previous_value=None), "9 points below the floor."),
        (red(previous_period="2022/23 Q4"), "9 points below the floor; 66% in Q4 2022/23."),
        (
            red(target_to=Decimal(10), floor_to=Decimal(12), floor_from=None),
            "59 points above the floor; 66% last quarter.",
        ),
        (red(floor_from=None), "Rating as published; the document prints no floor; 66% last quarter."),
        (red(value=None), "Rating as published; the document prints no value."),
    ],
)  # fmt: skip
def test_the_reason_for_a_red_beside_its_figures(row: dict[str, Any], text: str) -> None:
    assert summary.why_red(row, Q2) == text


def busy(**more: Any) -> dict[str, Any]:
    row = {
        "value": Decimal(7000), "previous_value": Decimal(6500), "previous_period": "2024/25 Q1",
        "unit": "number", "decimals": 0,
        "basis": "period", "lower": Decimal(6350), "upper": Decimal(7750), "alert": "Yes",
    }  # fmt: skip
    return row | more


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (busy(), "7,000, inside the expected range of 6,350 to 7,750; 500 more than last quarter."),
        (
            busy(value=Decimal(6000), alert="Below", upper=None),
            "6,000, below the expected range of at least 6,350; 500 less than last quarter.",
        ),
        (busy(alert=None, previous_value=Decimal(7000)), "7,000; the same as last quarter."),
        (
            busy(alert=None, previous_period="2023/24 Q2"),
            "7,000; 500 more than in Q2 2023/24.",
        ),
        (busy(basis="ytd"), "7,000 this year to date, inside the expected range of 6,350 to 7,750."),
        (busy(value=None, alert=None), "No figure for this period."),
    ],
)  # fmt: skip
def test_an_activity_indicator_in_one_sentence(row: dict[str, Any], text: str) -> None:
    assert summary.activity(row, Q2) == text


def card(rows: str) -> pl.DataFrame:
    """A scorecard of one KPI on each line: its rating now and before, direction, section."""
    cells = [[cell or None for cell in row.values()] for row in tables.read(CARD + rows)]
    schema: dict[str, Any] = {
        "rating": rating.RATING, "reported_rating": pl.String, "direction": trend.DIRECTION,
        "section": pl.String,
    }  # fmt: skip
    return pl.DataFrame(cells, schema=schema, orient="row").with_columns(
        basis=pl.lit("period"),
        same_figure=pl.lit(value=False),
        direction_by_counts=pl.lit(value=False),
    )


CARD = "now | before | direction | section\n"


def kpis(*ratings: str) -> pl.DataFrame:
    """`RED<GREEN` is Red now and was Green before."""
    pairs = [entry.partition("<") for entry in ratings]
    return card("\n".join(f"{now} | {before} | stable | Roads" for now, _, before in pairs))


@pytest.mark.parametrize(
    ("ratings", "text"),
    [
        (["RED<RED", "GREEN", "AMBER"], "One of three KPIs missed its floor standard; one met its target."),
        (["RED<GREEN", "GREEN", "GREEN"], "One of three KPIs missed its floor standard, newly this quarter; two met their target."),
        (["RED<RED", "RED<AMBER", "AMBER"], "Two of three KPIs missed their floor standard, one of them newly; none met its target."),
        (["RED<GREEN", "RED<AMBER", "GREEN"], "Two of three KPIs missed their floor standard, all of them newly; one met its target."),
        (["RED", "RED<NO DATA", "GREEN"], "Two of three KPIs missed their floor standard; one met its target."),
        (["GREEN", "AMBER"], "Neither of the two KPIs missed its floor standard; one met its target."),
        (["GREEN", "NO DATA"], "Neither of the two KPIs missed its floor standard; one met its target, and one has no rating."),
        (["RED", "NO DATA", "UNDECIDED"], "One of three KPIs missed its floor standard; none met its target, and two have no rating."),
        (["GREEN"] * 12, "None of the 12 KPIs missed its floor standard; 12 met their target."),
        (["GREEN"], "The one KPI met its target."),
        (["AMBER"], "The one KPI missed its target but not its floor standard."),
        (["RED"], "The one KPI missed its floor standard."),
        (["NO DATA", "NOT RATED"], "No KPI has a rating for Q2 2024/25."),
    ],
)  # fmt: skip
def test_the_headline(ratings: list[str], text: str) -> None:
    assert summary.headline(kpis(*ratings), Q2) == text


def general(by: Amber) -> Wording:
    return Wording(names=OWN.names, rules=Rules(amber=AmberRule(by)))


@pytest.mark.parametrize(
    ("by", "ratings", "text"),
    [
        (Amber.POINTS, ["RED<RED", "GREEN"], "One of two KPIs missed its target by more than the tolerance; one met its target."),
        (Amber.PERCENT, ["RED<GREEN", "RED", "GREEN"], "Two of three KPIs missed their target by more than the tolerance, one of them newly; one met its target."),
        (Amber.POINTS, ["AMBER"], "The one KPI missed its target, but by no more than the tolerance."),
        (Amber.NONE, ["RED<RED", "GREEN"], "One of two KPIs missed its target; one met its target."),
        (Amber.NONE, ["GREEN", "GREEN"], "Neither of the two KPIs missed its target; two met their target."),
        (Amber.YEAR_AGO, ["RED<RED", "RED", "GREEN"], "Two of three KPIs missed their target and are worse than a year ago; one met its target."),
        (Amber.YEAR_AGO, ["RED"], "The one KPI missed its target and is worse than a year ago."),
    ],
)  # fmt: skip
def test_the_headline_speaks_of_the_general_rule(by: Amber, ratings: list[str], text: str) -> None:
    rated = kpis(*ratings)
    assert summary.headline(rated, Q2, general(by)) == text
    ruled_alike = rated.with_columns(amber=pl.lit(str(by)))
    assert summary.headline(ruled_alike, Q2, general(by)) == text


def test_where_kpis_go_by_several_rules_the_headline_names_the_rating() -> None:
    rated = kpis("RED<GREEN", "RED<RED", "GREEN").with_columns(
        amber=pl.Series(["floor", "points", "floor"])
    )
    assert summary.headline(rated, Q2, general(Amber.FLOOR)) == (
        "Two of three KPIs are rated Off track, one of them newly; one met its target."
    )
    assert summary.headline(rated[2:].vstack(rated[2:]), Q2, general(Amber.POINTS)) == (
        "Neither of the two KPIs is rated Off track; two met their target."
    )


def test_no_kpis_have_no_headline() -> None:
    assert summary.headline(kpis("RED").clear(), Q2) == ""


def printed_counts(rows: str = "") -> Figures:
    return tables.figures(
        documents="document | period\nD | 2024/25 Q2\nOLD | 2024/25 Q1",
        published_counts="document | section | measure | count | previous" + rows,
    )


def counted(rows: str, figures: Figures | None = None) -> dict[str, dict[str, Any]]:
    table = summary.counts(card(rows), figures or printed_counts(), "qpr", Q2)
    return {row["section"]: row for row in table.iter_rows(named=True)}


TWO_SECTIONS = """
    GREEN | GREEN | improving   | Roads
    RED   | AMBER | stable      | Roads
    AMBER | AMBER | not printed | Waste
    AMBER | RED   | improving   | Waste
    """


def directions(row: dict[str, Any]) -> tuple[int, int, int, str]:
    return row["improving"], row["stable"], row["worsening"], row["directions_basis"]


def test_sections_stand_in_the_order_of_the_report_and_add_up() -> None:
    table = counted(TWO_SECTIONS)
    assert list(table) == ["Roads", "Waste", "TOTAL"]
    ratings = [(row["green"], row["amber"], row["red"]) for row in table.values()]
    assert ratings == [(1, 0, 1), (0, 2, 0), (1, 2, 1)]


def test_printed_counts_stand_only_in_the_section_where_an_arrow_is_lost() -> None:
    table = counted(
        TWO_SECTIONS,
        printed_counts("""
            D   | Roads | worsening | 9 |
            D   | Waste | stable    | 2 |
            D   | TOTAL | stable    | 7 |
            OLD | Waste | worsening | 5 |
            """),
    )
    assert directions(table["Roads"]) == (1, 1, 0, "computed")
    assert directions(table["Waste"]) == (0, 2, 0, "published")
    assert directions(table["TOTAL"]) == (1, 3, 0, "published")


def test_ratings_are_never_taken_from_printed_counts() -> None:
    table = counted(TWO_SECTIONS, printed_counts("\nD | Waste | green | 2 |"))
    assert (table["Waste"]["green"], table["Waste"]["amber"]) == (0, 2)


def two_quarters(before: str, **more: str) -> dict[str, dict[str, Any]]:
    """The counts of Q2: A and B in Roads, C in Waste, all 90 and Green; their figures of Q1 given."""
    quarters = [
        f"{code} | 2024/25 Q1 | {value}"
        for code, value in zip("ABC", before.split(), strict=True)
        if value != "-"
    ]
    figures = tables.figures(
        indicators="indicator | name\n" + "\n".join(f"{code} | {code}" for code in "ABC"),
        placements="indicator | section | year | name\n"
        "A | Roads | 2024/25 | A\nB | Roads | 2024/25 | B\nC | Waste | 2024/25 | C",
        targets="indicator | year | target | floor\n" + "\n".join(f"{c} | 2024/25 | 85 | 80" for c in "AB")
        + "\nC | 2024/25 | 85 |",
        observations="indicator | period | value\n"
        + "\n".join([*quarters, *(f"{code} | 2024/25 Q2 | 90" for code in "ABC")]),
        **more,
    )  # fmt: skip
    table = summary.counts(scorecard.kpis(figures, "qpr", Q2), figures, "qpr", Q2)
    return {row["section"]: row for row in table.iter_rows(named=True)}


def reds_and_greens(table: dict[str, dict[str, Any]]) -> dict[str, tuple[int | None, int | None]]:
    return {name: (row["previous_red"], row["previous_green"]) for name, row in table.items()}


def test_the_quarter_before_is_counted_where_every_rating_of_it_is_known() -> None:
    assert reds_and_greens(two_quarters("70 90 90")) == {
        "Roads": (1, 1), "Waste": (0, 1), "TOTAL": (1, 2),
    }  # fmt: skip
    # C misses its target and no floor is known: nobody knows what it was.
    assert reds_and_greens(two_quarters("70 90 71")) == {
        "Roads": (1, 1), "Waste": (None, None), "TOTAL": (None, None),
    }  # fmt: skip


def test_of_a_report_before_that_had_no_kpis_nothing_is_counted() -> None:
    figures = tables.figures(
        indicators="indicator | name\nA | A",
        placements="indicator | section | year | name\nA | Roads | 2024/25 | A",
        observations="indicator | period | value\nA | 2024/25 Q1 | 90",
    )
    first = Period.parse("2024/25 Q1")
    table = summary.counts(scorecard.kpis(figures, "qpr", first), figures, "qpr", first)
    assert set(table["previous_green"]) == {None}


def test_the_quarter_before_is_else_what_a_document_says() -> None:
    printed = {
        "documents": "document | period\nD | 2024/25 Q2\nOLD | 2024/25 Q1",
        "published_counts": "document | section | measure | count | previous\n"
        "D | TOTAL | green | 3 | 5\nD | TOTAL | red | 0 | 4\nOLD | TOTAL | green | 2 |",
    }
    # Its own document goes before what today's calls previous.
    assert reds_and_greens(two_quarters("70 90 71", **printed))["TOTAL"] == (4, 2)
    assert reds_and_greens(two_quarters("70 90 90", **printed))["TOTAL"] == (1, 2)


def test_directions_of_the_quarter_before_are_known_only_from_the_document() -> None:
    table = counted(TWO_SECTIONS, printed_counts("\nD | TOTAL | stable | 2 | 4"))
    assert (table["Roads"]["previous_stable"], table["TOTAL"]["previous_stable"]) == (None, 4)


def test_without_kpis_every_count_is_none() -> None:
    table = summary.counts(card(TWO_SECTIONS).clear(), printed_counts(), "qpr", Q2)
    assert table.select("section", *summary.MEASURES).rows() == [("TOTAL", *[0] * 7)]


def test_the_year_to_date_is_not_counted_again() -> None:
    period = card("GREEN | | stable | Roads")
    both = pl.concat([period, period.with_columns(basis=pl.lit("ytd"))])
    table = summary.counts(both, printed_counts(), "qpr", Q2)
    assert table["green"].to_list() == [1, 1]


def test_an_upper_end_counts_only_where_a_range_is_best() -> None:
    aims = "17.5 | 22.5 | 15 | 25"
    assert said("30", polarity="range").startswith("A: 30%, 7.5 points above the target range")
    assert said("30", polarity="higher", aims=aims) == (
        "A: 30%, 12.5 points above the target of 17.5%. Green."
    )


@pytest.mark.parametrize(
    ("reported", "of", "text"),
    [
        ("GREEN", "2024/25 Q1", "was 66% · Green"),
        ("RED", "2024/25 Q1", "was 66% · Green (reported as Red)"),
        (None, "2024/25 Q1", "was 66% · Green"),
        ("RED", "2023/24 Q4", "was 66% · Green"),  # of another figure
    ],
)
def test_the_rating_before_names_the_one_that_was_reported(
    reported: str | None, of: str, text: str
) -> None:
    row = before_it(reported_rating=reported, reported_period=of)
    assert cells.was(row, Q2, Wording()) == text
    otherwise = ["The report before rated the figure before Red."] if "Red" in text else []
    assert cells.reported_otherwise(row, Wording()) == otherwise


def before_it(**more: object) -> dict[str, object]:
    return {
        "previous_value": Decimal(66), "previous_period": "2024/25 Q1", "previous_rating": "GREEN",
        "reported_value": Decimal(66), "reported_period": "2024/25 Q1", "reported_rating": "GREEN",
        "unit": "percent", "decimals": 0,
    } | more  # fmt: skip


@pytest.mark.parametrize(
    ("of", "text"), [("2024/25 Q1", "66% (reported as 68%)"), ("2023/24 Q4", "66%")]
)
def test_a_restated_figure_before_is_told_with_both_values(of: str, text: str) -> None:
    row = before_it(reported_value=Decimal(68), reported_period=of)
    assert cells.previous(row, Wording()) == text
    assert cells.was(row, Q2, Wording()) == f"was {text} · Green"
