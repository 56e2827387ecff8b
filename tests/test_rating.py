"""Ratings of every polarity, against the same rules spelled out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_core import exact, rating
from kpi_core.schemas import FIGURE
from tests import oracles
from tests.strategies import decimals

LIMITS = ["target", "target_high", "floor", "floor_high"]
Row = dict[str, Any]


def rated(rows: list[Row]) -> pl.DataFrame:
    schema: dict[str, Any] = {
        **dict.fromkeys(["value", *LIMITS], FIGURE), "decimals": pl.Int32, "polarity": pl.String,
    }  # fmt: skip
    return rating.rate(pl.DataFrame(rows, schema=schema))


@st.composite
def kpis(draw: st.DrawFn) -> Row:
    """A KPI and a figure, which lies on or next to one of its limits more often than not."""
    aims = sorted(draw(st.lists(decimals(-50, 150, 2), min_size=4, max_size=4)))
    polarity = draw(st.sampled_from(["higher", "lower", "range", "none"]))
    low_floor, target, target_high, high_floor = aims
    row: Row = {"polarity": polarity, "target": target, "floor": low_floor}
    if polarity == "lower":
        row["floor"] = target_high
    if polarity == "range":
        row |= {"target_high": target_high, "floor_high": high_floor}
    for name in LIMITS:
        row[name] = None if draw(st.integers(0, 5)) == 0 else row.get(name)
    near = [limit for name in LIMITS if (limit := row[name]) is not None] or [Decimal(0)]
    steps = [Decimal(0), Decimal("0.000001"), Decimal("0.005"), Decimal("0.5"), Decimal(1)]
    at_a_limit = st.builds(
        lambda limit, step, sign: limit + sign * step,
        st.sampled_from(near), st.sampled_from(steps), st.sampled_from([-1, 1]),
    )  # fmt: skip
    row["value"] = draw(st.none() | decimals(-100, 200) | at_a_limit | at_a_limit)
    row["decimals"] = draw(st.integers(0, exact.MOST_DECIMALS))
    return row


@given(st.lists(kpis(), min_size=1, max_size=25))
def test_every_rating_is_the_one_that_the_rules_spell_out(rows: list[Row]) -> None:
    found = rated(rows)["rating"].to_list()
    for row, verdict in zip(rows, found, strict=True):
        aims = oracles.Aims(row["polarity"], *(row[name] for name in LIMITS))
        assert verdict == oracles.rating(row["value"], row["decimals"], aims), row


@given(st.lists(kpis(), min_size=1, max_size=25))
def test_at_target_is_green_and_at_floor_is_amber(rows: list[Row]) -> None:
    whole = [
        row | {"decimals": 2}
        for row in rows
        if row["target"] is not None
        and row["floor"] is not None
        and row["target"] != row["floor"]
        and row["polarity"] in {"higher", "lower"}
    ]
    assert set(rated([row | {"value": row["target"]} for row in whole])["rating"]) <= {"GREEN"}
    assert set(rated([row | {"value": row["floor"]} for row in whole])["rating"]) <= {"AMBER"}


@pytest.mark.parametrize(
    ("value", "verdict"), [("84.4", "AMBER"), ("84.5", "GREEN"), ("79.5", "AMBER"), ("79.4", "RED")]
)
def test_one_figure_decides(value: str, verdict: str) -> None:
    row = {
        "value": Decimal(value), "target": Decimal(85), "floor": Decimal(80),
        "decimals": 0, "polarity": "higher",
    }  # fmt: skip
    assert rated([row])["rating"].to_list() == [verdict]


def test_the_bands_of_a_chart_are_open_on_the_side_that_does_not_matter() -> None:
    low, high = Decimal(10), Decimal(12)
    rows = [
        {"polarity": "higher", "target": high, "floor": low},
        {"polarity": "lower", "target": low, "floor": high},
        {"polarity": "range", "target": low, "target_high": high, "floor": 8, "floor_high": 14},
        {"polarity": "none", "target": low, "floor": high},
    ]
    bands = ["target_from", "target_to", "floor_from", "floor_to"]
    frame = rated([dict.fromkeys(LIMITS) | {"decimals": 0, "value": None} | row for row in rows])
    assert frame.select(bands).rows() == [
        (12, None, 10, None),
        (None, 10, None, 12),
        (10, 12, 8, 14),
        (None, None, None, None),
    ]


def test_rating_adds_to_the_frame_and_leaves_its_rows_alone() -> None:
    rows = [{"value": Decimal(value), "decimals": 1} for value in ("3", "1", "2")]
    assert rated(rows)["value"].to_list() == [3, 1, 2]
