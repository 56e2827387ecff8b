"""What files laid over the figures give: what the store gives once they are saved."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpi_core import ingest, overlay, schemas
from kpi_core.figures import Figures
from kpi_core.store import Store
from tests import tables
from tests.councils import Row, csv_bytes, write_council
from tests.random_council import Council, councils

#: The column of a table that an upload changes.
CHANGED = {
    "observations": ("value", st.integers(-300, 300).map(str)),
    "targets": ("target", st.integers(-300, 300).map(str)),
    "placements": ("order", st.integers(0, 9).map(str)),
    "indicators": ("decimals", st.sampled_from("01234")),
    "thresholds": ("upper", st.integers(50, 90).map(str)),
}


@st.composite
def uploads(draw: st.DrawFn) -> tuple[Council, dict[str, bytes]]:
    """A council, and files for some of its tables: rows as they are, changed, and new."""
    council = draw(councils())
    files = {}
    for table in draw(st.sets(st.sampled_from(list(CHANGED)), min_size=1)):
        rows = [draw(_row(table, row)) for row in council[table] if draw(st.booleans())]
        if table == "observations":
            code = council["indicators"][0]["indicator"]
            rows.append({"indicator": code, "period": "2031-01", "basis": "ytd", "value": "7", "status": "actual"})  # fmt: skip
        files[f"{table}.csv"] = csv_bytes(table, rows)
    return council, files


@st.composite
def _row(draw: st.DrawFn, table: str, row: Row) -> Row:
    column, values = CHANGED[table]
    can_change = row.get("status") not in {"no_data", "tbc"} and not {"target_high", "floor"} & {
        *row
    }
    return {**row, column: draw(values)} if can_change and draw(st.booleans()) else row


@given(uploads())
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_files_laid_over_are_what_the_store_holds_after_saving_them(
    tmp_path_factory: pytest.TempPathFactory, upload: tuple[Council, dict[str, bytes]]
) -> None:
    council, files = upload
    base = tmp_path_factory.mktemp("laid")
    store = Store(write_council(base / "odd", council), base / "var")
    store.refresh()
    before = store.figures()
    parts = [ingest.read(name, content, before.year_start) for name, content in files.items()]
    laid = overlay.laid_over(before, parts)
    store.commit(files, "A. Analyst", "")
    for (table, expected), (_, found) in zip(store.figures().tables(), laid.tables(), strict=True):
        assert found.equals(expected), table


def part(table: str, text: str) -> ingest.Received:
    return ingest.Received(f"{table}.csv", table, tables.table(table, tables.read(text)), ())


def values(figures: Figures) -> dict[str, str]:
    rows = figures.observations.select("period", "value")
    return {period: f"{value.normalize():f}" for period, value in rows.iter_rows()}


FIGURES = tables.figures(
    indicators="indicator | name\nA | Calls",
    observations="""
        indicator | period     | value
        A         | 2024/25 Q1 | 70
        A         | 2024/25 Q2 | 80
        """,
)


def test_a_row_of_the_same_key_takes_its_place_and_others_are_added() -> None:
    first = part(
        "observations", "indicator | period | value\nA | 2024/25 Q2 | 81\nA | 2024/25 Q3 | 90"
    )
    assert values(overlay.laid_over(FIGURES, [first])) == {
        "2024/25 Q1": "70", "2024/25 Q2": "81", "2024/25 Q3": "90",
    }  # fmt: skip
    assert values(FIGURES) == {"2024/25 Q1": "70", "2024/25 Q2": "80"}


def test_the_later_of_two_files_counts() -> None:
    parts = [
        part("observations", f"indicator | period | value\nA | 2024/25 Q2 | {v}") for v in "12"
    ]
    assert values(overlay.laid_over(FIGURES, parts))["2024/25 Q2"] == "2"


def test_tables_that_no_file_brings_stay_as_they_are() -> None:
    laid = overlay.laid_over(
        FIGURES, [part("observations", "indicator | period | value\nA | 2024-04 | 1")]
    )
    for table in schemas.TABLES.keys() - {"observations"}:
        assert getattr(laid, table) is getattr(FIGURES, table)
