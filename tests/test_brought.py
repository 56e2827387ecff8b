"""What an upload brings in faults: those that it adds, each where it is, and no others."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from kpi_core import overlay, quality
from kpi_core.changes import compare
from kpi_core.figures import Figures
from kpi_core.ingest import Received
from kpi_core.quality import added
from tests import clean_council
from tests.clean_council import MONTHS, QUARTERS, change, figure, value_of

TODAY = date(2025, 12, 1)
COUNCIL = clean_council.council(7)
LAST = QUARTERS[-1]


def without(figures: Figures, *periods: str) -> Figures:
    """The council before it had the figures of these periods."""
    kept = figures.observations.filter(~pl.col("period").is_in(periods))
    return replace(figures, observations=kept)


def brought(
    before: Figures, after: Figures, published: pl.DataFrame | None = None, today: date = TODAY
) -> pl.DataFrame:
    """What the upload that leads from one to the other brings."""
    rows = after.observations.join(
        before.observations, on=["indicator", "period", "basis", "breakdown", "item", "value"], how="anti"
    )  # fmt: skip
    parts = [Received("figures.csv", "observations", rows, ())]
    laid = overlay.laid_over(before, parts)
    changes = {"observations": compare("observations", rows, before.observations)}
    return quality.brought(before, laid, changes, today, published=published)


def kinds(found: pl.DataFrame) -> list[tuple[str, str, str]]:
    return found.select("finding", "indicator", "period").rows()


def test_a_quarter_as_it_should_be_brings_nothing() -> None:
    assert kinds(brought(without(COUNCIL, LAST, *MONTHS[-3:]), COUNCIL)) == []


def test_a_fault_that_was_there_before_is_not_told_again() -> None:
    wrong = change(COUNCIL, "observations", figure("STAFF", QUARTERS[3]), value="7000")
    assert kinds(quality.findings(wrong).select(quality.COLUMNS)) == [
        ("scale", "STAFF", QUARTERS[3])
    ]
    assert kinds(brought(without(wrong, LAST, *MONTHS[-3:]), wrong)) == []


def test_a_figure_wrong_in_another_way_is_told_again() -> None:
    wrong = change(COUNCIL, "observations", figure("STAFF", QUARTERS[3]), value="7000")
    still = change(COUNCIL, "observations", figure("STAFF", QUARTERS[3]), value="7100")
    assert kinds(brought(wrong, still)) == [("scale", "STAFF", QUARTERS[3])]


def test_a_month_that_leaves_its_quarter_wrong_is_told_again() -> None:
    def wrong(by: int) -> Figures:
        value = value_of(COUNCIL, "CALLS", MONTHS[0]) + by
        return change(COUNCIL, "observations", figure("CALLS", MONTHS[0]), value=str(value))

    assert kinds(brought(wrong(90), wrong(70))) == [("months_and_quarter", "CALLS", QUARTERS[0])]


def test_a_fault_whose_words_move_with_later_figures_is_not_told_again() -> None:
    wrong = change(COUNCIL, "observations", figure("STAFF", QUARTERS[3]), value="7000")
    before = without(wrong, *QUARTERS[-2:])
    said = [quality.findings(one)["message"].item() for one in (before, wrong)]
    assert said[0] != said[1]
    assert kinds(brought(before, wrong)) == []


def test_a_figure_put_right_brings_nothing() -> None:
    wrong = change(COUNCIL, "observations", figure("STAFF", QUARTERS[3]), value="7000")
    assert kinds(brought(wrong, COUNCIL)) == []


@pytest.mark.parametrize(
    ("kind", "code", "period", "value"),
    [
        ("scale", "STAFF", LAST, lambda was: was * 10),
        ("fraction", "ANSWERED", MONTHS[-1], lambda was: was / 100),
        ("quotient", "ANSWERED", MONTHS[-1], lambda was: was - 4),
        ("months_and_quarter", "CALLS", LAST, lambda was: was + 90),
        ("jump", "STAFF", LAST, lambda was: was * Decimal("1.4")),
    ],
)
def test_one_wrong_figure_in_a_new_quarter_is_found(
    kind: str, code: str, period: str, value: object
) -> None:
    assert callable(value)
    was = value_of(COUNCIL, code, period)
    wrong = change(COUNCIL, "observations", figure(code, period), value=str(value(was).quantize(Decimal("0.01"))))  # fmt: skip
    before = without(COUNCIL, LAST, *MONTHS[-3:])
    assert (kind, code, period) in kinds(brought(before, wrong))


def test_a_new_period_copied_from_the_one_before_is_found() -> None:
    wrong = COUNCIL
    for item in ("", *clean_council.DISTRICTS):
        old = value_of(COUNCIL, "BOOKS", QUARTERS[-2], item)
        wrong = change(wrong, "observations", figure("BOOKS", LAST, item), value=str(old))
    found = kinds(brought(without(COUNCIL, LAST), wrong))
    assert found == [("copied", "BOOKS", LAST)]


def test_a_column_copied_from_an_indicator_that_is_not_in_the_upload_is_found() -> None:
    wrong = COUNCIL
    for month in MONTHS[-12:]:
        calls = value_of(COUNCIL, "CALLS", month)
        wrong = change(wrong, "observations", figure("VISITS", month), value=str(calls))
    found = brought(without(COUNCIL, *MONTHS[-12:]), wrong)
    assert "copied" in found["finding"].to_list()


def test_the_way_back_from_a_jump_is_no_jump() -> None:
    high = change(COUNCIL, "observations", figure("STAFF", QUARTERS[-2]), value="1100")
    found = brought(without(high, QUARTERS[-2], LAST), high)
    assert kinds(found) == [("jump", "STAFF", QUARTERS[-2])]


# A very large council


@pytest.mark.parametrize("most", [200, 60])
def test_of_a_large_council_the_latest_figures_touched_are_looked_at(
    monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(added, "MOST_FIGURES", most)
    was = value_of(COUNCIL, "CALLS", MONTHS[-1])
    wrong = change(COUNCIL, "observations", figure("CALLS", MONTHS[-1]), value=str(was * 10))
    assert kinds(brought(without(COUNCIL, MONTHS[-1]), wrong)) == [("scale", "CALLS", MONTHS[-1])]


# What is published already


def test_a_change_to_an_edition_is_told_with_the_old_and_the_new_figure() -> None:
    was = value_of(COUNCIL, "STAFF", LAST)
    changed = change(COUNCIL, "observations", figure("STAFF", LAST), value=str(was + 1))
    editions = pl.DataFrame({"report": ["qpr"], "period": [LAST]})
    (row,) = brought(COUNCIL, changed, editions).iter_rows(named=True)
    assert (row["finding"], row["severity"]) == ("restated", "warning")
    assert f"changes from {was.normalize():f} to {(was + 1).normalize():f}" in row["message"]
    assert "the report of Q4 2024/25 is published" in row["message"]
    assert kinds(brought(COUNCIL, changed)) == []


def test_more_than_ten_changes_to_a_period_are_told_in_one_sentence() -> None:
    moved = COUNCIL.observations.with_columns(
        value=pl.when(pl.col("period").is_in([LAST, MONTHS[-1]]))
        .then((pl.col("value") * 3).cast(pl.Decimal(18, 6)))
        .otherwise("value")
    )
    changed = replace(COUNCIL, observations=moved)
    editions = pl.DataFrame({"report": ["qpr"], "period": ["2024/25"]})
    found = brought(COUNCIL, changed, editions).filter(finding="restated")
    singly = found.filter(pl.col("period") == MONTHS[-1])["indicator"].to_list()
    assert singly == ["ANSWERED", "CALLS", "COST", "VISITS"]
    together = found.filter(pl.col("period") == LAST)["message"].item()
    # The wholes of six indicators, and the books of five districts.
    assert together.startswith(
        "11 figures for Q4 2024/25 change, although the report of 2024/25 is published: "
    )
    assert together.endswith(" and 8 more.")


# A period that has not ended


def test_figures_of_a_period_to_come_are_counted_when_they_are_many() -> None:
    ahead = COUNCIL.observations.filter(pl.col("period") == LAST).with_columns(
        period=pl.lit("2034/35 Q4")
    )
    after = replace(COUNCIL, observations=pl.concat([COUNCIL.observations, ahead]))
    found = brought(COUNCIL, after).filter(finding="future")
    (row,) = found.iter_rows(named=True)
    assert (row["severity"], row["indicator"], row["period"]) == ("error", "", "2034/35 Q4")
    assert row["message"].startswith(
        f"There are {ahead.height} figures for Q4 2034/35, which begins on 1 January 2035: "
    )
