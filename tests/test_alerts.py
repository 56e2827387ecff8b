"""Alerts against the plain rule: above, below, or in the range with both its ends."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from kpi_core import alerts
from kpi_core.fields import FIGURE
from tests.strategies import decimals

few = st.none() | decimals(0, 3, 0) | decimals(0, 3)
Row = tuple[Decimal | None, Decimal | None, Decimal | None]


def plain(value: Decimal | None, lower: Decimal | None, upper: Decimal | None) -> str | None:
    if value is None or (lower is None and upper is None):
        return None
    if upper is not None and value > upper:
        return "Above"
    if lower is not None and value < lower:
        return "Below"
    return "Yes"


@given(st.lists(st.tuples(few, few, few), min_size=1, max_size=40))
def test_every_alert_is_the_plain_one(rows: list[Row]) -> None:
    schema = dict.fromkeys(["value", "lower", "upper"], FIGURE)
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    found = frame.select(alerts.alert(*map(pl.col, schema))).to_series()
    assert found.to_list() == [plain(*row) for row in rows]
