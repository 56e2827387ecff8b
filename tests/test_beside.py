"""Directions that stand beside the first one."""

from __future__ import annotations

from collections.abc import Mapping

from kpi_core.beside import beside
from kpi_core.periods import Period
from kpi_core.rules import Rules
from kpi_core.wording import PLAIN, Wording
from kpi_core.words import Comparison

Q2, MONTH = Period.parse("2024/25 Q2"), Period.parse("2024-09")
ALL = {
    "direction": "improving", "direction_regression": "improving", "direction_previous": "worsening",
    "direction_year_ago": "stable",
}  # fmt: skip


def by(*comparisons: Comparison) -> Wording:
    return Wording(rules=Rules(directions=comparisons))


def read(row: Mapping[str, str | None], wording: Wording, at: Period = Q2) -> list[tuple[str, str]]:
    return [(one.against, one.said) for one in beside(row, at, wording)]


def test_the_first_direction_is_not_told_twice() -> None:
    wording = by(Comparison.REGRESSION, Comparison.PREVIOUS, Comparison.YEAR_AGO)
    assert read(ALL, wording) == [("previous quarter", "worse"), ("a year ago", "same")]
    assert read(ALL, wording, MONTH)[0] == ("previous month", "worse")


def test_they_stand_in_the_order_of_the_settings() -> None:
    wording = by(Comparison.YEAR_AGO, Comparison.REGRESSION, Comparison.PREVIOUS)
    assert read(ALL, wording) == [("trend", "improving"), ("previous quarter", "worse")]


def test_what_was_not_asked_for_or_is_not_there_is_left_out() -> None:
    assert read({"direction": "stable"}, PLAIN) == []
    assert read(ALL | {"direction_previous": None}, PLAIN) == [("a year ago", "same")]


def test_too_little_history_is_told() -> None:
    few = dict.fromkeys(ALL, "not enough history")
    wording = by(Comparison.PREVIOUS, Comparison.YEAR_AGO, Comparison.REGRESSION)
    assert read(few, wording) == [("a year ago", "not known"), ("trend", "too few figures")]
