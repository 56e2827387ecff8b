"""The corporate risk register: Kent's as printed, and registers that are held in full."""

from __future__ import annotations

import polars as pl
import pytest

from kpi_core import risks, views
from kpi_core.errors import UserError
from kpi_core.figures import Figures
from kpi_core.periods import Period
from tests import tables

Q2 = Period.parse("2024/25 Q2")
NOVEMBER = Period.parse("2024-11")


# Kent


def test_kents_levels_and_actions_are_as_printed(kent: Figures) -> None:
    of = risks.register_of(kent, Q2)
    assert str(of) == "2024-11"
    levels = risks.levels(kent, of).select("period", "low", "medium", "high", "basis")
    assert levels.rows() == [
        ("2024-11", 0, 3, 13, "published"),
        ("2024-08", 0, 4, 13, "published"),
    ]
    assert risks.action_counts(risks.actions(kent, of))["count"].to_list() == [8, 6, 6, 1]
    assert risks.sentences(kent, of) == [
        "November 2024: 0 low, 3 medium, 13 high (as printed).",
        "August 2024: 0 low, 4 medium, 13 high (as printed).",
        ("21 actions: 8 complete, 6 partially complete, 6 regular review, 1 outstanding."),
    ]


def test_a_risk_without_a_printed_level_has_none(kent: Figures) -> None:
    assert risks.register(kent, NOVEMBER)["level"].null_count() == 13
    then = risks.register(kent, Period.parse("2020-12"))
    assert then.drop_nulls("level").select("risk", "level").rows() == [("CRR0014", "high")]


def test_nothing_is_worked_out_from_a_register_that_is_not_held(kent: Figures) -> None:
    """Of August 2024 only the counts are known: nothing in November is new because of that."""
    changed = risks.register(kent, NOVEMBER).filter(pl.col("change") != "")
    assert changed.select("risk", "change", "change_basis").rows() == [
        ("CRR0060", "de-escalated", "published")
    ]


def test_the_changes_printed_in_2020(kent: Figures) -> None:
    of = risks.register_of(kent, Period.parse("2020/21 Q2"))
    changed = risks.register(kent, of).filter(pl.col("change") != "")
    assert dict(changed.select("risk", "change").iter_rows()) == {
        "CRR0014": "reduced", "CRR0051": "increased", "CRR0040": "removed",
    }  # fmt: skip
    assert risks.sentences(kent, of)[-1] == "14 actions, none with a status."


def test_the_table_has_every_action_and_every_risk(kent: Figures) -> None:
    table = risks.table(kent, NOVEMBER)
    assert table.columns == risks.COLUMNS
    assert table["action"].drop_nulls().len() == 21
    assert table["risk"].n_unique() == 13
    assert table["title"].null_count() == 0


# Registers that are held in full


def council(**more: str) -> Figures:
    return tables.figures(**{
        "indicators": "indicator | name\nA | Calls answered\nB | Days lost",
        "risks": """
            risk | period  | title    | level  | change    | indicators
            R1   | 2024-08 | Money    | medium |           |
            R2   | 2024-08 | Staff    | high   |           |
            R3   | 2024-08 | Flood    | low    |           |
            R5   | 2024-08 | Old      |        | removed   |
            R1   | 2024-11 | Money    | high   |           | A B
            R2   | 2024-11 | Staff    | high   |           | B
            R4   | 2024-11 | Cyber    | tbc    | escalated |
            """,
        "risk_actions": """
            risk | action | period  | due        | status             | update
            R1   | Save   | 2024-11 | March 2025 | Complete           | Done
            R1   | Ask    | 2024-11 | May 2025   | closed             | Not needed
            R9   | Train  | 2024-11 |            | partially complete | Half
            R2   | Hire   | 2024-11 |            |                    | Begun
            R2   | Keep   | 2024-08 |            | outstanding        | Late
            """,
        **more,
    })  # fmt: skip


def test_changes_are_worked_out_from_two_registers() -> None:
    register = risks.register(council(), NOVEMBER)
    columns = ["risk", "level", "previous_level", "change", "change_basis", "has_left"]
    assert register.select(columns).rows() == [
        ("R1", "high", "medium", "increased", "computed", False),
        ("R2", "high", "high", "", None, False),
        ("R4", "tbc", None, "escalated", "published", False),
        ("R3", None, "low", "removed", "computed", True),
    ]


def test_any_word_for_a_change_is_shown_as_printed() -> None:
    """`change` is a text: ours are known however they are written, others stand after them."""
    rows = ("worse than before", "Unchanged", "REMOVED", "no change", "Increased", "<b>")
    figures = council(
        risks="\n".join(
            ["risk | period | title | level | change"]
            + [f"R{place} | 2024-11 | T{place} | high | {word}" for place, word in enumerate(rows)]
        ),
        risk_actions="risk | action | period",
    )
    register = risks.register(figures, NOVEMBER)
    assert dict(register.select("risk", "change").iter_rows()) == {
        "R0": "worse than before", "R1": "Unchanged", "R2": "removed", "R3": "no change",
        "R4": "increased", "R5": "<b>",
    }  # fmt: skip
    assert risks.changed(register)["risk"].to_list() == ["R4", "R2", "R0", "R5"]
    assert risks.levels(figures, NOVEMBER)["high"].to_list() == [5]


def test_a_register_held_in_full_is_counted_whatever_was_printed() -> None:
    figures = council(risk_levels="period | low | medium | high\n2024-11 | 9 | 9 | 9")
    levels = risks.levels(figures, NOVEMBER)
    assert levels.select("low", "medium", "high", "tbc", "basis").rows() == [
        (0, 0, 2, 1, "computed"),
        (1, 1, 1, 0, "computed"),
    ]
    assert risks.sentences(figures, NOVEMBER)[0] == (
        "November 2024: 0 low, 0 medium, 2 high, 1 with no level yet."
    )


def test_one_unknown_level_and_nothing_is_counted() -> None:
    figures = council(risks="risk | period | level\nR1 | 2024-11 | high\nR2 | 2024-11 |")
    row = risks.levels(figures, NOVEMBER).row(0, named=True)
    assert (row["high"], row["without_level"], row["basis"]) == (None, 1, None)
    assert risks.sentences(figures, NOVEMBER)[0] == "November 2024: the levels are not known."


def test_actions_are_counted_by_status_and_stand_in_the_order_of_the_file() -> None:
    acted = risks.actions(council(), NOVEMBER)
    assert acted["action"].to_list() == ["Save", "Ask", "Hire", "Train"]
    assert risks.action_counts(acted).rows() == [
        ("complete", 2), ("partially complete", 1), ("regular review", 0), ("outstanding", 0),
    ]  # fmt: skip
    assert risks.sentences(council(), NOVEMBER)[-1] == (
        "4 actions: 2 complete, 1 partially complete, 0 regular review, 0 outstanding, "
        "1 without a status."
    )


def test_an_action_on_a_risk_that_the_register_lacks_is_not_lost() -> None:
    table = risks.table(council(), NOVEMBER)
    assert table.filter(risk="R9")["action"].to_list() == ["Train"]
    assert table["risk"].to_list() == ["R1", "R1", "R2", "R4", "R3", "R9"]


def test_a_first_register_changes_nothing() -> None:
    august = Period.parse("2024-08")
    register = risks.register(council(), august).filter(~pl.col("has_left"))
    assert register["change"].to_list() == ["", "", ""]
    assert risks.before(council(), august) is None


def test_without_any_register_it_says_what_to_do() -> None:
    figures = tables.figures(indicators="indicator | name\nA | A")
    with pytest.raises(UserError, match=r"There is no risk register for 2024/25 Q2\. Enter one"):
        risks.register_of(figures, Q2)


# What the pages show


def test_risks_name_the_indicators_that_they_bear_on() -> None:
    view = views.corporate_risks(council(), "qpr", Q2)
    assert view.bears_on.select("risk", "indicator", "name").rows() == [
        ("R1", "A", "Calls answered"),
        ("R1", "B", "Days lost"),
        ("R2", "B", "Days lost"),
    ]
    assert (str(view.register), str(view.before)) == ("2024-11", "2024-08")


def test_an_indicator_knows_the_risks_that_bear_on_it() -> None:
    figures = council()
    assert views.risks_of(figures, Q2, "B")["title"].to_list() == ["Money", "Staff"]
    assert views.risks_of(figures, Q2, "C").is_empty()
    assert views.risks_of(figures, Period.parse("2022/23 Q2"), "B").is_empty()
