"""The planted errors: each of a kind that really happens, each in one place, applied last.

Apart from these the figures are clean. `README.md` of the folder lists them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

Row = dict[str, str]
Tables = Mapping[str, Sequence[Row]]


#: How far below the final one a draft figure lay that stayed in a document's text.
_DRAFT = Decimal("2.3")


@dataclass(frozen=True)
class Planted:
    """One error as it was planted: where, what stands there, and what should."""

    what: str
    file: str
    indicator: str
    period: str
    part: str
    column: str
    planted: str
    right: str


def plant(tables: Tables) -> list[Planted]:
    """Change cells of targets and observations in place; say what was changed."""
    found: list[Planted] = []
    for error in (
        _drag_filled, _quarter_not_its_months, _total_not_its_parts, _decimals_in_a_count,
        _floor_on_the_wrong_side, _ten_times, _fraction_for_percent, _value_not_its_quotient,
        _copied_in_all_districts,
    ):  # fmt: skip
        found += error(tables)
    return found


def plant_published(tables: Tables) -> list[Planted]:
    """Add the row in which a document gives one figure a second value."""
    rows = tables["published"]
    first = next(
        row
        for row in rows
        if (row["document"], row["indicator"], row["place"]) == ("QPR-2025-Q1", "AD02", "1")
    )
    second = first | {
        "place": "2", "value": str(Decimal(first["value"]) - _DRAFT), "target": "", "floor": "", "rating": "",
        "previous_rating": "", "direction": "",
    }  # fmt: skip
    assert isinstance(rows, list)  # noqa: S101  the tables of a run are lists
    rows.insert(rows.index(first) + 1, second)
    what = "One published figure has two values in two places of the document"
    return [_planted(what, "published", second, "value", first["value"])]


def _drag_filled(tables: Tables) -> list[Planted]:
    what = "Four numbers in a row, as when a cell is dragged down"
    quarters = [f"2023/24 Q{number}" for number in (1, 2, 3, 4)]
    begin = int(_observation(tables, "CU15", quarters[0])["value"])
    return [
        _set(what, _observation(tables, "CU15", quarter), str(begin + step))
        for step, quarter in enumerate(quarters)
        if step
    ]


def _quarter_not_its_months(tables: Tables) -> list[Planted]:
    row = _observation(tables, "AD12", "2023/24 Q3")
    return [_set("A quarter that its months do not make: two digits swapped", row, _swapped(row["value"]))]  # fmt: skip


def _total_not_its_parts(tables: Tables) -> list[Planted]:
    row = _observation(tables, "EW13", "2024/25 Q3", "Greywater")
    return [_set("Parts that do not make the total: two digits of one swapped", row, _swapped(row["value"]))]  # fmt: skip


def _decimals_in_a_count(tables: Tables) -> list[Planted]:
    row = _observation(tables, "PH15", "2022/23 Q3")
    return [_set("A count with decimals", row, f"{row['value']}.3")]


def _floor_on_the_wrong_side(tables: Tables) -> list[Planted]:
    row = next(r for r in tables["targets"] if (r["indicator"], r["year"]) == ("CH03", "2026/27"))
    right, row["floor"] = row["floor"], "8"
    what = "A floor on the wrong side of its (proposed) target: lower is better"
    return [_planted(what, "targets", row | {"period": row["year"]}, "floor", right)]


def _ten_times(tables: Tables) -> list[Planted]:
    row = _observation(tables, "LC14", "2021/22 Q3")
    return [_set("A value ten times too large", row, f"{row['value']}0")]


def _fraction_for_percent(tables: Tables) -> list[Planted]:
    row = _observation(tables, "AD03", "2021/22 Q4")
    row["numerator"] = row["denominator"] = ""
    fraction = (Decimal(row["value"]) / 100).quantize(Decimal("0.01"))
    what = "A fraction for a percentage, without numerator and denominator"
    return [_set(what, row, str(fraction))]


def _value_not_its_quotient(tables: Tables) -> list[Planted]:
    row = _observation(tables, "PH13", "2023/24 Q2")
    what = "Numerator and denominator that do not give the value: two digits swapped"
    return [_set(what, row, _swapped(row["value"]))]


def _copied_in_all_districts(tables: Tables) -> list[Planted]:
    what = "A period copied unchanged from the one before, in all districts"
    before, after = "2024/25 Q3", "2024/25 Q4"
    rows = [r for r in tables["observations"] if r["indicator"] == "GP12" and r["period"] == after]
    return [
        _set(what, row, _observation(tables, "GP12", before, row["item"])["value"]) for row in rows
    ]


def _observation(tables: Tables, code: str, period: str, item: str = "") -> Row:
    return next(
        row
        for row in tables["observations"]
        if (row["indicator"], row["period"], row["item"]) == (code, period, item)
        and row["basis"] == "period"
    )


def _set(what: str, row: Row, value: str) -> Planted:
    right, row["value"] = row["value"], value
    return _planted(what, "observations", row, "value", right)


def _planted(what: str, table: str, row: Row, column: str, right: str) -> Planted:
    return Planted(
        what, f"{table}.csv", row["indicator"], row["period"], row.get("item", ""), column,
        row[column], right,
    )  # fmt: skip


def _swapped(value: str) -> str:
    """The value with two neighbouring digits swapped, not the first two if others differ."""
    places = [at for at, sign in enumerate(value) if sign.isdigit()]
    pairs = list(pairwise(places))
    for one, two in (*pairs[1:], *pairs[:1]):
        if value[one] != value[two] and "0" not in (value[one], value[two]):
            signs = list(value)
            signs[one], signs[two] = value[two], value[one]
            return "".join(signs)
    message = f"{value} has no two digits to swap"
    raise ValueError(message)
