"""Ratings of every polarity, against the same rules spelled out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_core import exact, rating
from kpi_core.fields import FIGURE
from kpi_core.rules import TOLERANT, AmberRule, Rules
from kpi_core.words import Amber
from tests import oracles
from tests.strategies import decimals

RULE = ["tolerance", "closeness", "year_ago"]
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


def rated_by(rows: list[Row]) -> pl.DataFrame:
    schema: dict[str, Any] = {
        **dict.fromkeys(["value", *LIMITS, *RULE], FIGURE), "decimals": pl.Int32,
        "polarity": pl.String, "amber": pl.String,
    }  # fmt: skip
    return rating.rate(pl.DataFrame(rows, schema=schema))


_tolerances = decimals(0, 30) | st.sampled_from(
    [Decimal(0), Decimal("3.3333"), Decimal("0.000001")]
)
_shown = decimals(-100, 200, 2)


@st.composite
def ruled(draw: st.DrawFn) -> Row:
    """A KPI under any rule of Amber, its figure near one of its limits more often than not."""
    row = draw(kpis())
    row["polarity"] = draw(st.sampled_from(["higher", "lower", "range", "target", "none"]))
    if row["polarity"] == "range" and row["target"] is not None and row["target_high"] is None:
        row["target_high"] = draw(st.none() | st.just(row["target"] + 3))
    row["amber"] = draw(st.sampled_from(list(Amber)))
    row |= {"closeness": draw(_tolerances), "year_ago": draw(st.none() | _shown)}
    needs_one = row["amber"] in TOLERANT
    row["tolerance"] = draw(_tolerances) if needs_one else None
    if draw(st.booleans()) and row["target"] is not None:
        share = row["target"] / 100 if row["amber"] == "percent" else Decimal(1)
        room = draw(st.sampled_from([row["closeness"], row["tolerance"] or Decimal(0)])) * share
        near = row["target"] + draw(st.sampled_from([-1, 1])) * room
        row["value"] = oracles.rounded(near, 4) + draw(st.sampled_from([0, 1, -1])) / Decimal(10000)
        row["decimals"] = 4
    return row


def leeway(row: Row) -> oracles.Leeway:
    return oracles.Leeway(row["amber"], row["tolerance"], row["closeness"], row["year_ago"])


@settings(max_examples=200)
@given(st.lists(ruled(), min_size=1, max_size=25))
def test_every_rule_of_amber_gives_what_it_spells_out(rows: list[Row]) -> None:
    found = rated_by(rows)["rating"].to_list()
    for row, verdict in zip(rows, found, strict=True):
        aims = oracles.Aims(row["polarity"], *(row[name] for name in LIMITS))
        assert verdict == oracles.rating_by(row["value"], row["decimals"], aims, leeway(row)), row


WORST_FIRST = ["RED", "AMBER", "UNDECIDED", "GREEN"]


@given(st.lists(st.tuples(ruled(), decimals(-50, 50, 4)), min_size=1, max_size=25))
def test_a_better_figure_never_has_a_worse_rating(many: list[tuple[Row, Decimal]]) -> None:
    pairs = [(row, row | {"value": row["value"] + step}) for row, step in many if row["value"]]
    one = rated_by([row for row, _ in pairs]).to_dicts()
    other = rated_by([moved for _, moved in pairs]).to_dicts()
    for (row, _), a, b in zip(pairs, one, other, strict=True):
        aims = oracles.Aims(row["polarity"], *(row[name] for name in LIMITS))
        band = oracles.target_band(aims, row["closeness"])
        misses = [oracles.missed_by(rated["shown"], band) for rated in (a, b)]
        if band == (None, None) or misses[0] * misses[1] < 0:
            continue  # nothing to miss, or missed on two sides
        worse, better = (a, b) if abs(misses[0]) >= abs(misses[1]) else (b, a)
        assert WORST_FIRST.index(worse["rating"]) <= WORST_FIRST.index(better["rating"]), row


@given(st.lists(ruled(), min_size=1, max_size=25), decimals(0, 20))
def test_a_wider_tolerance_never_worsens_a_rating(rows: list[Row], wider: Decimal) -> None:
    tolerant = [row for row in rows if row["tolerance"] is not None]
    narrow = rated_by(tolerant)["rating"].to_list()
    wide = rated_by([row | {"tolerance": row["tolerance"] + wider} for row in tolerant])["rating"]
    closer = rated_by([row | {"closeness": row["closeness"] + wider} for row in tolerant])["rating"]
    for before, after, close in zip(narrow, wide, closer, strict=True):
        if before in WORST_FIRST:
            assert WORST_FIRST.index(after) >= WORST_FIRST.index(before)
            assert WORST_FIRST.index(close) >= WORST_FIRST.index(before)


def test_limits_beyond_what_a_figure_can_be_stop_there() -> None:
    most = Decimal("999999999999")
    row: Row = {
        "polarity": "higher", "target": -most, "amber": "percent", "tolerance": most,
        "closeness": Decimal(0), "value": -most, "decimals": 0,
    }  # fmt: skip
    short = rated_by([row, row | {"target": most}, row | {"target": most, "tolerance": Decimal(1)}])
    assert short["rating"].to_list() == ["GREEN", "AMBER", "RED"]


@pytest.mark.parametrize("amber", list(Amber))
def test_a_rule_is_named_on_its_row_and_leaves_no_column_of_its_own(amber: Amber) -> None:
    council = Rules(AmberRule(), own=(("A", AmberRule(amber, Decimal(1))),))
    frame = pl.DataFrame({"indicator": ["A", "B"], "value": [Decimal(1)] * 2, "decimals": [0, 0]})
    frame = frame.with_columns(
        *(pl.lit(None, FIGURE).alias(name) for name in LIMITS), polarity=pl.lit("higher")
    )
    known = rating.rate(rating.with_rules(frame, council))
    assert known["amber"].to_list() == [amber, "floor"]
    assert not set(RULE) & set(known.columns)


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
