"""What is another than in the last edition, in plain sentences."""

from __future__ import annotations

import polars as pl
import pytest

from kpi_core import scorecard, what_changed
from kpi_core.figures import Figures
from kpi_core.periods import Period
from tests import tables

Q2 = Period.parse("2024/25 Q2")
HEADER = "indicator | period | value | status"


def council(rows: list[str]) -> Figures:
    """KPIs with a target of 90 and a floor of 80, each with its figures."""
    codes = list(dict.fromkeys(row.split(" | ")[0] for row in rows))
    return tables.figures(
        indicators="\n".join(["indicator | unit", *(f"{code} | percent" for code in codes)]),
        targets="\n".join(
            ["indicator | year | target | floor"]
            + [f"{code} | {year} | 90 | 80" for code in codes for year in tables.YEARS]
        ),
        observations="\n".join([HEADER, *rows]),
    )


def changes(rows: list[str]) -> list[tuple[str, str, str]]:
    figures = council(rows)
    now, before = (scorecard.kpis(figures, "qpr", at) for at in (Q2, Q2.shift(-1)))
    found = what_changed.changes(now, before, Q2)
    return found.select("indicator", "change", "sentence").rows()


@pytest.mark.parametrize(
    ("before", "now", "change", "sentence"),
    [
        (
            "91", "79", "rated worse",
            "Red; it was Green. 79%, 11 points below target and 1 below the floor of 80%.",
        ),
        (
            "79", "85", "rated better",
            "Amber; it was Red. 85%, 5 points below target but above the floor of 80%.",
        ),
        ("85", "90", "rated better", "Green; it was Amber. 90%, at target."),
    ],
)  # fmt: skip
def test_a_rating_that_changed_is_told_with_its_reason(
    before: str, now: str, change: str, sentence: str
) -> None:
    rows = [f"A | 2024/25 Q1 | {before} | actual", f"A | 2024/25 Q2 | {now} | actual"]
    assert changes(rows) == [("A", change, sentence)]


def test_what_stayed_as_it_was_is_not_told() -> None:
    assert changes(["A | 2024/25 Q1 | 91 | actual", "A | 2024/25 Q2 | 95 | actual"]) == []


def test_a_figure_that_is_gone_and_one_that_is_back_are_told() -> None:
    gone = ["A | 2024/25 Q1 | 91 | actual", "A | 2024/25 Q2 | | no_data"]
    assert changes(gone) == [("A", "no figure", "There is no figure for Q2 2024/25.")]
    back = ["A | 2024/25 Q1 | | no_data", "A | 2024/25 Q2 | 91 | actual"]
    (row,) = changes(back)
    assert row[1:] == (
        "a figure again",
        "It has a figure again. Green: 91%, 1 point above the target of 90%.",
    )


def test_a_direction_that_turned_is_told() -> None:
    values = [95, 91, 95, 91, 94, 92, 80, 81]
    periods = [str(Q2.shift(n - len(values) + 1)) for n in range(len(values))]
    rows = [
        f"A | {period} | {value} | actual" for period, value in zip(periods, values, strict=True)
    ]
    told = [row[1:] for row in changes(rows)]
    assert ("worsening now", "Its direction is worsening; it was stable.") in told


def test_new_and_gone_are_told_and_the_gravest_comes_first() -> None:
    figures = council(
        [
            *("B | 2024/25 Q1 | 91 | actual", "B | 2024/25 Q2 | 91 | actual"),
            *("A | 2024/25 Q1 | 79 | actual", "A | 2024/25 Q2 | 91 | actual"),
            *("C | 2024/25 Q1 | 91 | actual", "C | 2024/25 Q2 | 79 | actual"),
            *("D | 2024/25 Q1 | 91 | actual", "D | 2024/25 Q2 | 91 | actual"),
        ]
    )
    now, before = (scorecard.kpis(figures, "qpr", at) for at in (Q2, Q2.shift(-1)))
    found = what_changed.changes(
        now.filter(pl.col("indicator") != "D"), before.filter(pl.col("indicator") != "B"), Q2
    )
    assert found.select("indicator", "change").rows() == [
        ("C", "rated worse"),
        ("A", "rated better"),
        ("B", "new"),
        ("D", "no longer reported"),
    ]
    assert found.filter(indicator="B")["sentence"].item() == (
        "New in this report: 91%, 1 point above the target of 90%."
    )


def test_two_editions_that_are_the_same_have_nothing_to_tell() -> None:
    card = scorecard.kpis(council(["A | 2024/25 Q2 | 79 | actual"]), "qpr", Q2)
    assert what_changed.changes(card, card, Q2).is_empty()
