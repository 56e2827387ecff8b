"""A rehearsal as it is shown: sentences, tables of what differs, and the lines of the command."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl

from kpi_core import views
from kpi_core.figures import Figures
from kpi_core.organisation import Organisation
from tests import tables
from tests.test_overlay import part
from tests.test_rehearsal import FIGURES, figures_of

TODAY = date(2025, 12, 1)

COUNCIL = tables.figures(**FIGURES)


def shown(council: Figures, *rows: str) -> views.Rehearsed:
    return views.rehearsed(council, [figures_of(*rows)], TODAY)


def test_what_is_restated_stands_with_its_old_and_its_new_figure() -> None:
    (table,) = shown(COUNCIL, "CALLS | 2024/25 Q2 | 71.5", "CALLS | 2024/25 Q1 | 91", "ROADS | 2024/25 Q3 | 90").tables  # fmt: skip
    assert (table.table, table.added, table.restated, table.unchanged) == ("observations", 1, 1, 1)
    assert table.rows.rows() == [
        ("restated", "Calls answered (CALLS), Q2 2024/25", "value", "85%", "71.5%"),
        ("added", "Roads mended (ROADS), Q3 2024/25", "value", "", "90%"),
    ]
    assert table.more == 0


def test_a_target_that_is_added_is_said_cell_by_cell() -> None:
    target = part("targets", "indicator | year | target | floor\nCALLS | 2025/26 | 92.5 | 80")
    (table,) = views.rehearsed(COUNCIL, [target], TODAY).tables
    assert table.rows.rows() == [
        ("added", "Calls answered (CALLS), 2025/26, set", "", "", "target 92.5%, floor 80%")
    ]


def test_ratings_and_counts_are_in_the_words_of_the_council() -> None:
    own = Organisation.from_toml("test", 'name = "Test"\n[names]\namber = "Watch"\n')
    view = shown(replace(COUNCIL, organisation=own), "CALLS | 2024/25 Q2 | 71")
    assert view.ratings.rows() == [
        (
            "Performance report",
            "Q2 2024/25",
            "",
            "Calls answered",
            "Watch",
            "Red",
            "AMBER",
            "RED",
            "85%",
            "71%",
        )
    ]
    assert ("Performance report", "Q2 2024/25", "Watch", 1, 0) in view.counts.rows()
    assert "Calls answered Watch → Red" in view.sentences[0]


def test_two_hundred_rows_are_listed_those_restated_first_and_the_rest_counted() -> None:
    months = [f"{year}-{month:02d}" for year in range(2000, 2020) for month in range(1, 13)]
    (table,) = shown(
        COUNCIL, *(f"CALLS | {month} | 90" for month in months), "CALLS | 2024/25 Q2 | 71"
    ).tables
    assert table.rows["change"].to_list() == ["restated", *["added"] * 199]
    assert (table.added, table.restated, table.more) == (240, 1, 41)


def test_the_command_gets_what_changes_and_then_what_looks_wrong() -> None:
    lines = shown(COUNCIL, "CALLS | 2034/35 Q2 | 85").said()
    assert lines == [
        "No rating, direction or alert changes.",
        "observations: 1 added, 0 restated, 0 unchanged.",
        "Error: Calls answered: there is a figure for Q2 2034/35, which begins on 1 July 2034.",
    ]


def test_nothing_to_save_is_said() -> None:
    view = shown(COUNCIL, "CALLS | 2024/25 Q2 | 85")
    assert view.is_idle
    assert view.said() == ["Nothing that is shown would change: every row is held already."]
    assert isinstance(view.findings, pl.DataFrame)
    assert view.findings.is_empty()
