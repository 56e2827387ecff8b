"""Rows as they were accepted come back exactly."""

from __future__ import annotations

from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from kpi_core import accepted, schemas
from kpi_core.ingest import Received
from tests.strategies import decimals

#: What a cell may hold: anything that can be shown, with the characters that part and quote a CSV.
TEXT = st.text(
    st.one_of(
        st.sampled_from(",;\"'\n\r\t =-+@£%é"),
        st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")),
    ),
    max_size=8,
)


def cells(kind: pl.DataType) -> st.SearchStrategy[Any]:
    if isinstance(kind, pl.Enum):
        return st.sampled_from(kind.categories.to_list())
    if kind == pl.String:
        return TEXT
    of: dict[type[pl.DataType], st.SearchStrategy[Any]] = {
        pl.Decimal: decimals(-999_999_999_999, 999_999_999_999),
        pl.Int32: st.integers(0, 10**9),
        pl.UInt32: st.integers(2, 2**20),
        pl.Boolean: st.booleans(),
        pl.Date: st.dates(),
    }
    return st.none() | of[type(kind)]


@given(table=st.sampled_from(list(schemas.TABLES)), data=st.data())
def test_any_rows_come_back_exactly(table: str, data: st.DataObject) -> None:
    types = schemas.empty(table).schema
    row = st.tuples(*(cells(kind) for kind in types.values()))
    frames = [
        pl.DataFrame(data.draw(st.lists(row, max_size=3)), schema=types, orient="row")
        for _ in range(2)
    ]
    parts = [Received("book.xlsx", table, rows, ()) for rows in frames]
    kept = accepted.by_table(parts)
    assert list(kept) == [table]
    assert accepted.rows(table, kept[table]).equals(pl.concat(frames))


def test_each_table_of_a_file_has_its_own_rows() -> None:
    figures, targets = schemas.empty("observations"), schemas.empty("targets")
    parts = [
        Received("wide.csv", "observations", figures, ()),
        Received("wide.csv", "targets", targets, ()),
    ]
    assert list(accepted.by_table(parts)) == ["observations", "targets"]


def test_a_column_that_is_newer_than_the_rows_is_blank() -> None:
    old = b"file_row,indicator,year,period,status,target\n2,CALLS,2024/25,,set,90\n"
    (row,) = accepted.rows("targets", old).to_dicts()
    assert (row["target"], row["floor"], row["source"]) == (90, None, "")
