"""What changed between two reports, in sentences."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from kpi_core import editions, scorecard, what_changed
from kpi_core.figures import Figures
from kpi_core.periods import Period
from kpi_core.shown import Shown
from kpi_core.what_changed import What
from tests import tables

Q1, Q2 = Period.parse("2024/25 Q1"), Period.parse("2024/25 Q2")


def council(now: str, before: str, **more: str) -> Figures:
    past = [
        f"A | {period} | {v} | actual" if v != "no data" else f"A | {period} | | no_data"
        for period, v in ((Q1, before), (Q2, now))
        if v
    ]
    return tables.figures(
        **{
            "indicators": "indicator | name\nA | Calls",
            "placements": "indicator | year | name\nA | 2024/25 | Calls",
            "targets": "indicator | year | target | floor\nA | 2024/25 | 85 | 80",
            "observations": "\n".join(["indicator | period | value | status", *past]),
            **more,
        }
    )


def told(figures: Figures) -> list[tuple[object, ...]]:
    found = what_changed.between(figures, "qpr", Q2)
    return found.select("what", "was", "now", "sentence").rows()


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ("90", "88", None),
        ("88", "82", (What.WORSE, "GREEN", "AMBER", "82%, 3 points below target but above the floor of 80%. It was 88% in Q1 2024/25.")),
        ("79", "82", (What.BETTER, "RED", "AMBER", "82%, 3 points below target but above the floor of 80%. It was 79% in Q1 2024/25.")),
        ("no data", "88", (What.RATED, "NO DATA", "GREEN", "88%, 3 points above the target of 85%.")),
        ("", "88", None),  # nobody knows what the report before showed
        ("88", "", (What.UNRATED, "GREEN", "NO DATA", "No figure for this period. It was 88% in Q1 2024/25.")),
        ("", "", None),
    ],
)  # fmt: skip
def test_a_rating_that_changed(before: str, now: str, expected: tuple[str, ...] | None) -> None:
    assert told(council(now, before)) == ([expected] if expected else [])


def test_a_direction_that_turned() -> None:
    levels = [70, 71, 70, 71, 70, 71, 77, 84]
    periods = [Q2.shift(-back) for back in range(7, -1, -1)]
    past = [f"A | {period} | {level}" for period, level in zip(periods, levels, strict=True)]
    figures = council(
        "", "",
        observations="\n".join(["indicator | period | value", *past]),
        placements="indicator | year | name\nA | 2023/24 | Calls\nA | 2024/25 | Calls\nA | 2022/23 | Calls",
        targets="indicator | year | target | floor\nA | 2024/25 | 60 | 50",
    )  # fmt: skip
    assert [row[0] for row in told(figures)] == [What.IMPROVING]


def test_an_activity_that_left_its_range_and_came_back() -> None:
    def activity(now: str, before: str) -> Figures:
        return council(
            now, before,
            indicators="indicator | name | kind | unit | polarity\nA | Calls | activity | number | none",
            targets="indicator | year | target | floor\n",
            thresholds="indicator | year | lower | upper\nA | 2024/25 | 100 | 200",
        )  # fmt: skip

    outside = "210, above the expected range of 100 to 200; 60 more than last quarter."
    assert told(activity("210", "150")) == [(What.OUTSIDE, None, None, outside)]
    inside = "150, inside the expected range of 100 to 200; 60 less than last quarter."
    assert told(activity("150", "210")) == [(What.INSIDE, None, None, inside)]
    assert told(activity("150", "160")) == []


def test_a_kpi_that_came() -> None:
    figures = council(
        "88", "", placements="indicator | year | name | starts\nA | 2024/25 | Calls | 2024/25 Q2"
    )
    assert told(figures) == [(What.NEW, None, "GREEN", "88%, 3 points above the target of 85%.")]


def frozen(figures: Figures, at: Period) -> dict[tuple[str, str], Shown]:
    """What an edition of that period shows."""
    files = editions.contents(figures, 'name = "Test Council"', "qpr", at)
    return {("qpr", str(at)): editions.figures_of("test", files).shown}


def test_a_figure_corrected_since_it_was_shown() -> None:
    shown, now = council("", "88"), council("88", "79")
    assert told(replace(now, editions=frozen(shown, Q1))) == [
        (What.RESTATED, "GREEN", "RED", "For Q1 2024/25 it is now 79%; the report showed 88%.")
    ]


def test_a_late_figure_that_came_after_its_report_is_compared_with_what_that_showed() -> None:
    """The report of Q1 showed nothing; Q1's figure came with that of Q2."""
    then, now = council("", "no data"), council("82", "88")
    assert told(replace(now, editions=frozen(then, Q1))) == [
        (What.RATED, "NO DATA", "AMBER", "82%, 3 points below target but above the floor of 80%.")
    ]
    (row,) = scorecard.kpis(replace(now, editions=frozen(then, Q1)), "qpr", Q2).to_dicts()
    assert (row["previous_value"], row["previous_rating"]) == (88, "GREEN")
    assert (row["reported_value"], row["reported_rating"]) == (None, "NO DATA")


def test_what_the_report_before_showed_too_is_no_change() -> None:
    """A figure one period late, corrected or not, rated by its own target in both reports."""
    late = {
        "indicators": "indicator | name | arrears\nA | Calls | 1",
        "targets": "indicator | year | target | floor\nA | 2024/25 | 85 | 80",
    }
    then, now = council("", "88", **late), council("", "79", **late)
    assert told(replace(then, editions=frozen(then, Q1))) == []
    assert [row[0] for row in told(replace(now, editions=frozen(then, Q1)))] == [What.RESTATED]


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        ("88", "88", "Nothing changed since the report of Q1 2024/25."),
        ("88", "82", "One rating changed since the report of Q1 2024/25: one for the worse, none for the better."),
    ],
)  # fmt: skip
def test_the_headline_counts(before: str, now: str, said: str) -> None:
    figures = council(now, before)
    found = what_changed.between(figures, "qpr", Q2)
    assert what_changed.headline(found, Q1, figures.organisation.wording) == said


def test_kent_tells_the_changes_that_its_document_prints(kent: Figures) -> None:
    """The ratings before are printed: they count, although their figures are not held."""
    at = kent.organisation.period("2024/25 Q2")
    found = what_changed.between(kent, "qpr", at)
    card = scorecard.kpis(kent, "qpr", at).with_columns(pl.col("rating").cast(pl.String))
    colours = ["GREEN", "AMBER", "RED"]
    moved = card.filter(
        pl.col("rating").is_in(colours) & pl.col("reported_rating").is_in(colours)
        & (pl.col("rating") != pl.col("reported_rating"))
    )  # fmt: skip
    rated = found.filter(pl.col("what").is_in([What.WORSE, What.BETTER]))
    assert sorted(rated["indicator"]) == sorted(moved["indicator"])
    assert rated.height > 0


def test_a_kpi_that_came_and_one_that_went() -> None:
    figures = council(
        "88", "86",
        indicators="indicator | name | frequency\nA | Calls | year\nB | Visits | year",
        placements="indicator | year | name | frequency\nA | 2024/25 | Calls | year\nB | 2023/24 | Visits, as they were called | year",
        reports="report | title | frequency\nqpr | Q | year",
        observations="indicator | period | value\nA | 2024/25 | 88\nB | 2023/24 | 71",
        targets="indicator | year | target | floor\nA | 2024/25 | 85 | 80\nB | 2023/24 | 85 | 80",
    )  # fmt: skip
    found = what_changed.between(figures, "qpr", Period.parse("2024/25"))
    assert found.select("what", "name", "was", "now", "sentence").rows() == [
        (What.NEW, "Calls", None, "GREEN", "88%, 3 points above the target of 85%."),
        (What.GONE, "Visits, as they were called", "RED", None, "It was last in the report of 2023/24."),
    ]  # fmt: skip
