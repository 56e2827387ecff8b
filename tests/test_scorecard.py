"""What a report of a period says of each KPI and each activity indicator."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_core import scorecard, summary
from kpi_core.figures import Figures
from kpi_core.organisation import Organisation
from kpi_core.periods import Period
from tests import oracles, tables
from tests.strategies import decimals

Q1, Q2 = Period.parse("2024/25 Q1"), Period.parse("2024/25 Q2")


def kpi(
    figures: Figures, at: Period = Q2, basis: str = "period", code: str = "A"
) -> dict[str, Any]:
    card = scorecard.kpis(figures, "qpr", at)
    return card.filter((pl.col("indicator") == code) & (pl.col("basis") == basis)).row(
        0, named=True
    )


def council(observations: str = "", **tables_of: str) -> Figures:
    """One KPI: higher is better, target 85, floor 80."""
    texts = {
        "indicators": "indicator | name\nA | A",
        "targets": "indicator | year | target | floor\nA | 2024/25 | 85 | 80",
        "observations": "indicator | period | value\n" + observations,
    }
    return tables.figures(**(texts | tables_of))


def history(*values: str, up_to: Period = Q2) -> str:
    """Figures of the last quarters, the latest last."""
    count = len(values)
    return "\n".join(
        f"A | {up_to.shift(place - count + 1)} | {value}"
        for place, value in enumerate(values)
        if value
    )


@st.composite
def past(draw: st.DrawFn) -> list[Decimal | None]:
    return draw(st.lists(st.none() | decimals(60, 100, 1), min_size=9, max_size=9))


@settings(max_examples=20)
@given(
    st.lists(past(), min_size=1, max_size=5),
    st.sampled_from(["higher", "lower"]),
    st.integers(0, 1),
)
def test_a_whole_scorecard_is_what_the_rules_spell_out(
    many: list[list[Decimal | None]], polarity: str, decimals_shown: int
) -> None:
    codes = [f"K{place}" for place in range(len(many))]
    floor = 75 if polarity == "higher" else 85
    rows = [
        f"{code} | {Q2.shift(place - 8)} | {value}"
        for code, values in zip(codes, many, strict=True)
        for place, value in enumerate(values)
        if value is not None
    ]
    figures = tables.figures(
        indicators="\n".join(
            [
                "indicator | polarity | decimals",
                *(f"{code} | {polarity} | {decimals_shown}" for code in codes),
            ]
        ),
        targets="\n".join(
            [
                "indicator | year | target | floor",
                *(f"{code} | 2024/25 | 80 | {floor}" for code in codes),
            ]
        ),
        observations="\n".join(["indicator | period | value", *rows]),
    )
    card = scorecard.kpis(figures, "qpr", Q2)
    assert card["indicator"].to_list() == codes
    aims = oracles.Aims(polarity, Decimal(80), None, Decimal(floor))
    expected = []
    for row, values in zip(card.iter_rows(named=True), many, strict=True):
        now = values[-1]
        before = next((one for one in reversed(values[:-1]) if one is not None), None)
        points = [(float(x), float(y)) for x, y in enumerate(values) if y is not None]
        heading = oracles.direction(points, polarity) if now is not None else "not enough history"
        verdict = oracles.rating(now, decimals_shown, aims)
        assert row["rating"] == verdict
        assert row["previous_rating"] == oracles.rating(before, decimals_shown, aims)
        assert row["direction"] == heading
        assert row["value"] == (None if now is None else oracles.rounded(now, decimals_shown))
        expected.append((row["section"], verdict, heading))
    table = summary.counts(card, figures, "qpr", Q2)
    for row in table.iter_rows(named=True):
        assert {name: row[name] for name in summary.MEASURES} == oracles.counts(expected)[
            row["section"]
        ]


def test_one_figure_changes_rating_counts_and_sentence() -> None:
    said = {}
    for value in ("79", "80"):
        figures = council(history("86", value))
        card = scorecard.kpis(figures, "qpr", Q2)
        total = summary.counts(card, figures, "qpr", Q2).row(-1, named=True)
        sentence = summary.sentence(card.row(0, named=True), Q2)
        said[value] = (card["rating"].item(), total["amber"], total["red"], sentence)
    assert said == {
        "79": (
            "RED", 0, 1,
            "A: 79%, 6 points below target and 1 below the floor of 80%. Red; it was Green last quarter.",
        ),
        "80": (
            "AMBER", 1, 0,
            "A: 80%, 5 points below target and at the floor of 80%. Amber; it was Green last quarter.",
        ),
    }  # fmt: skip


def test_the_first_quarter_compares_with_the_last_of_the_year_before_and_its_target() -> None:
    figures = council(
        "A | 2023/24 Q4 | 86\nA | 2024/25 Q1 | 86",
        targets="indicator | year | target | floor\nA | 2023/24 | 90 | 88\nA | 2024/25 | 85 | 80",
    )
    row = kpi(figures, Q1)
    assert (row["rating"], row["previous_rating"], row["previous_value"]) == ("GREEN", "RED", 86)


def test_a_figure_that_comes_late_is_shown_with_its_own_period_and_its_own_target() -> None:
    figures = council(
        "A | 2023/24 Q4 | 82",
        indicators="indicator | arrears\nA | 1",
        targets="indicator | year | target | floor\nA | 2023/24 | 70 | 60\nA | 2024/25 | 85 | 80",
    )
    row = kpi(figures, Q1)
    assert (row["period"], row["value"], row["target"], row["rating"]) == (
        "2023/24 Q4", 82, 70, "GREEN",
    )  # fmt: skip


def test_a_kpi_without_a_figure_names_the_period_that_is_missing() -> None:
    row = kpi(council())
    assert (row["period"], row["value"], row["rating"]) == ("2024/25 Q2", None, "NO DATA")


def test_a_value_is_shown_with_the_decimals_of_its_indicator() -> None:
    assert kpi(council("A | 2024/25 Q2 | 84.5"))["value"] == 85


def test_status_and_note_of_a_figure_come_with_it() -> None:
    figures = tables.figures(
        indicators="indicator | name\nA | A",
        observations="""
            indicator | period     | value | status      | note
            A         | 2024/25 Q2 | 90    | provisional | July only
            """,
    )
    row = kpi(figures)
    assert (row["status"], row["note"]) == ("provisional", "July only")


def test_the_report_decides_whether_the_year_to_date_is_rated() -> None:
    texts = {
        "indicators": "indicator | ytd\nA | ratio\nB | none",
        "targets": "indicator | year | target | floor\nA | 2024/25 | 85 | 80",
        "observations": """
            indicator | period     | value | numerator | denominator
            A         | 2024/25 Q1 |       | 90        | 100
            A         | 2024/25 Q2 |       | 30        | 50
            B         | 2024/25 Q2 | 50    |           |
            """,
    }
    quiet = scorecard.kpis(tables.figures(**texts), "qpr", Q2)
    assert quiet["basis"].to_list() == ["period", "period"]
    both = tables.figures(Organisation("t", "T", year_to_date=("qpr",)), **texts)
    card = scorecard.kpis(both, "qpr", Q2)
    assert card.select("indicator", "basis", "value", "rating").rows() == [
        ("A", "period", 60, "RED"),
        ("A", "ytd", 80, "AMBER"),
        ("B", "period", 50, "NOT RATED"),
    ]


def test_activity_indicators_and_tables_are_no_kpis() -> None:
    figures = council(indicators="indicator | kind\nA | activity\nB | table\nC | kpi")
    assert scorecard.kpis(figures, "qpr", Q2)["indicator"].to_list() == ["C"]
    assert scorecard.activities(figures, "qpr", Q2)["indicator"].to_list() == ["A"]


DOCUMENT = "document | period\nD | 2024/25 Q2"


@pytest.mark.parametrize("printed_for", ["2024/25 Q2", "2024/25 Q1"])
def test_a_rating_is_printed_under_the_period_of_the_report_or_of_the_figure(
    printed_for: str,
) -> None:
    figures = council(
        "A | 2024/25 Q1 | 84",
        indicators="indicator | arrears\nA | 1",
        targets="indicator | year | target\nA | 2024/25 | 85",
        documents=DOCUMENT,
        published=f"document | indicator | period | rating\nD | A | {printed_for} | AMBER",
    )
    row = kpi(figures)
    assert (row["rating"], row["rating_basis"], row["computed_rating"]) == (
        "AMBER", "published", "UNDECIDED",
    )  # fmt: skip


def test_what_a_document_prints_first_counts() -> None:
    figures = council(
        documents=DOCUMENT,
        published="""
            document | place | indicator | period     | rating
            D        | 2     | A         | 2024/25 Q2 | RED
            D        | 1     | A         | 2024/25 Q2 | AMBER
            """,
    )
    assert kpi(figures)["rating"] == "AMBER"


def test_another_reports_document_does_not_speak_for_this_one() -> None:
    figures = council(
        documents="document | report | period\nD | dashboard | 2024/25 Q2",
        published="document | indicator | period | rating\nD | A | 2024/25 Q2 | AMBER",
    )
    assert kpi(figures)["rating"] == "NO DATA"


RISING = ["70", "72", "71", "74", "75", "77"]


def test_a_direction_is_worked_out_from_the_figures_whatever_was_printed() -> None:
    figures = council(
        history(*RISING),
        documents=DOCUMENT,
        published="document | indicator | period | direction\nD | A | 2024/25 Q2 | worsening",
    )
    row = kpi(figures)
    assert (row["direction"], row["direction_basis"], row["n"]) == ("improving", "computed", 6)
    assert row["slope"] == pytest.approx(47 / 35)


def test_a_printed_direction_stands_where_there_is_too_little_history() -> None:
    figures = council(
        history(*RISING[:3]),
        documents=DOCUMENT,
        published="document | indicator | period | direction\nD | A | 2024/25 Q2 | worsening",
    )
    row = kpi(figures)
    assert (row["direction"], row["direction_basis"], row["n"]) == ("worsening", "published", 3)


@pytest.mark.parametrize(
    ("measure", "direction", "basis"),
    [("stable", "not printed", "published"), ("green", "not enough history", "computed")],
)
def test_an_arrow_is_lost_only_where_the_document_counted_arrows(
    measure: str, direction: str, basis: str
) -> None:
    figures = council(
        history("71"),
        documents=DOCUMENT,
        published="document | indicator | period | rating\nD | A | 2024/25 Q2 | RED",
        published_counts=f"document | section | measure | count\nD | Roads | {measure} | 2",
    )
    row = kpi(figures)
    assert (row["direction"], row["direction_basis"]) == (direction, basis)


def test_a_kpi_that_the_document_does_not_rate_has_no_lost_arrow() -> None:
    figures = council(
        history("71"),
        documents=DOCUMENT,
        published_counts="document | section | measure | count\nD | Roads | stable | 1",
    )
    row = kpi(figures)
    assert (row["direction"], row["direction_basis"]) == ("not enough history", "computed")


def test_figures_after_the_period_do_not_bend_its_trend() -> None:
    known = history(*RISING)
    later = f"{known}\nA | 2024/25 Q3 | 1\nA | 2024/25 Q4 | 1"
    then, now = kpi(council(known)), kpi(council(later))
    assert (now["slope"], now["p"], now["n"]) == (then["slope"], then["p"], then["n"])


def test_a_change_of_definition_begins_a_new_trend() -> None:
    figures = council(
        history(*RISING),
        indicators="indicator | from | lifecycle\nA | 2020/21 |\nA | 2024/25 Q1 | revised",
    )
    row = kpi(figures)
    assert (row["n"], row["direction"]) == (2, "not enough history")
    assert kpi(figures, Period.parse("2023/24 Q4"))["n"] == 4


def test_counts_taken_at_the_end_of_a_quarter_are_spaced_as_quarters_are() -> None:
    by_quarter = history(*RISING)
    mixed = by_quarter.replace("2023/24 Q4", "2024-03").replace("2024/25 Q2", "2024-09")
    snapshot = "indicator | measure\nA | snapshot"
    plain = kpi(council(by_quarter, indicators=snapshot))
    assert kpi(council(mixed, indicators=snapshot))["slope"] == pytest.approx(plain["slope"])


def test_a_range_without_a_target_goes_nowhere_that_could_be_told() -> None:
    figures = council(
        history(*RISING),
        indicators="indicator | polarity\nA | range",
        targets="indicator | year | status\nA | 2024/25 | tbc",
    )
    row = kpi(figures)
    assert (row["direction"], row["rating"]) == ("not enough history", "NOT RATED")


def activity(figures: Figures) -> dict[str, Any]:
    return scorecard.activities(figures, "qpr", Q2).row(0, named=True)


def busy(thresholds: str = "", decimals: int = 0) -> Figures:
    return tables.figures(
        indicators=f"indicator | kind | unit | ytd | decimals\nA | activity | number | sum | {decimals}",
        observations="indicator | period | value\nA | 2024/25 Q1 | 11\nA | 2024/25 Q2 | 20.4",
        thresholds="indicator | year | basis | lower | upper\n" + thresholds,
    )


def test_an_activity_indicator_without_a_range_is_shown_without_an_alert() -> None:
    row = activity(busy())
    assert (row["value"], row["previous_value"], row["alert"]) == (20, 11, None)


@pytest.mark.parametrize(("decimals", "alert"), [(0, "Yes"), (1, "Above")])
def test_an_alert_compares_the_figure_as_it_is_shown(decimals: int, alert: str) -> None:
    assert activity(busy("A | 2024/25 | period | 10 | 20", decimals))["alert"] == alert


def test_a_range_of_the_year_to_date_is_held_against_the_year_to_date() -> None:
    row = activity(busy("A | 2024/25 | ytd | 10 | 20"))
    assert (row["basis"], row["value"], row["alert"]) == ("ytd", 31, "Above")
