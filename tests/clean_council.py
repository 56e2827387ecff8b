"""A council whose figures are as they should be: long histories, seasons, parts that add up.

Made from a seed alone, so that a fault can be planted anywhere in it and nothing else is found.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Any

import polars as pl

from kpi_core.figures import Figures, tables_in_order
from kpi_core.organisation import Organisation
from kpi_core.periods import Frequency, Period
from kpi_core.schemas import TABLES
from tests.tables import Cells, table

FIRST, YEARS = "2021/22", ("2021/22", "2022/23", "2023/24", "2024/25")
MONTHS = [str(Period.parse("2021-04").shift(n)) for n in range(48)]
QUARTERS = [str(Period.parse("2021/22 Q1").shift(n)) for n in range(16)]
DISTRICTS = ("North", "East", "South", "West", "Middle")


def months_of(quarter: str) -> list[str]:
    """The three months of a quarter."""
    first = Period(Frequency.MONTH, Period.parse(quarter).first_month)
    return [str(first.shift(n)) for n in range(3)]


def rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def council(seed: int) -> Figures:
    """Four years of a council: CALLS and VISITS counted monthly and quarterly, ANSWERED (a share of
    the calls, a KPI), COST (pounds each), BOOKS by district quarterly, STAFF at the quarter's end.
    """
    draw = Random(seed)  # noqa: S311
    rows: dict[str, list[Cells]] = {name: [] for name in TABLES}
    rows["reports"] = [{"report": "qpr", "title": "Report", "frequency": "quarter"}]
    for code, unit, measure, ytd, kind, decimals in (
        ("CALLS", "number", "in_period", "sum", "activity", "0"),
        ("VISITS", "number", "in_period", "sum", "activity", "0"),
        ("ANSWERED", "percent", "in_period", "ratio", "kpi", "1"),
        ("COST", "currency", "in_period", "ratio", "kpi", "2"),
        ("BOOKS", "number", "in_period", "sum", "table", "0"),
        ("STAFF", "number", "snapshot", "latest", "kpi", "0"),
    ):
        rows["indicators"].append({
            "indicator": code, "from": FIRST, "name": f"The {code.lower()}", "kind": kind,
            "unit": unit, "decimals": decimals, "measure": measure, "ytd": ytd,
            "polarity": "lower" if code == "COST" else "higher",
        })  # fmt: skip
        for order, year in enumerate(YEARS):
            rows["placements"].append(
                {"indicator": code, "year": year, "name": code, "order": str(order)}
            )
    rows["sections"] = [{"report": "qpr", "section": "Roads", "year": year} for year in YEARS]
    for year in YEARS:
        for code, target, floor in (
            ("ANSWERED", "90", "80"),
            ("COST", "12", "20"),
            ("STAFF", "700", "600"),
        ):
            rows["targets"].append({"indicator": code, "year": year, "target": target, "floor": floor})  # fmt: skip
    rows["observations"] = list(_observations(draw))
    frames = {name: table(name, rows[name]) for name in TABLES}
    return Figures(Organisation("test", "Test Council"), *tables_in_order(frames))


def _observations(draw: Random) -> Iterator[Cells]:
    for code, level in (("CALLS", draw.randint(2000, 40000)), ("VISITS", draw.randint(500, 9000))):
        monthly = _monthly(draw, level)
        yield from (_row(code, month, monthly[month]) for month in MONTHS)
        yield from (_row(code, q, sum(monthly[m] for m in months_of(q))) for q in QUARTERS)
    asked = _monthly(draw, draw.randint(800, 20000))
    for code, share, factor, places in (("ANSWERED", (0.8, 0.98), 100, 1), ("COST", (9, 16), 1, 2)):
        top = {m: int(n * draw.uniform(*share)) for m, n in asked.items()}
        pairs = [(m, top[m], asked[m]) for m in MONTHS]
        pairs += [
            (q, sum(top[m] for m in months_of(q)), sum(asked[m] for m in months_of(q)))
            for q in QUARTERS
        ]
        for period, above, below in pairs:
            value = rounded(Decimal(factor * above) / below, places)
            yield _row(code, period, value, numerator=str(above), denominator=str(below))
    sizes = [draw.randint(150, 900) for _ in DISTRICTS]
    for quarter in QUARTERS:
        parts = [int(size * draw.uniform(0.8, 1.2)) for size in sizes]
        yield _row("BOOKS", quarter, sum(parts))
        for district, part in zip(DISTRICTS, parts, strict=True):
            yield _row("BOOKS", quarter, part, breakdown="district", item=district)
    staff = draw.randint(600, 800)
    for quarter in QUARTERS:
        staff += draw.randint(-9, 9)
        yield _row("STAFF", quarter, staff)


def _monthly(draw: Random, level: int) -> dict[str, int]:
    season = [1 + 0.15 * ((n % 12) / 6 - 1) for n in range(48)]
    return {m: int(level * season[n] * draw.uniform(0.9, 1.1)) for n, m in enumerate(MONTHS)}


def _row(code: str, period: str, value: object, **more: str) -> Cells:
    return {"indicator": code, "period": period, "value": str(value), **more}


def change(figures: Figures, name: str, where: dict[str, str], **cells: Any) -> Figures:
    """The figures with other cells in the one row of a table that `where` picks out."""
    frame: pl.DataFrame = getattr(figures, name)
    picked = pl.all_horizontal(pl.col(key).cast(pl.String) == text for key, text in where.items())
    assert frame.select(picked.sum()).item() == 1, where
    changed = frame.with_columns(
        pl.when(picked).then(pl.lit(value).cast(frame.schema[key])).otherwise(key).alias(key)
        for key, value in cells.items()
    )
    return _with(figures, name, changed)


def figure(code: str, period: str, item: str = "", basis: str = "period") -> dict[str, str]:
    """What picks out one observation."""
    return {"indicator": code, "period": period, "item": item, "basis": basis}


def value_of(figures: Figures, code: str, period: str, item: str = "") -> Decimal:
    """The value of one observation."""
    where = figure(code, period, item)
    picked = pl.all_horizontal(pl.col(key).cast(pl.String) == text for key, text in where.items())
    value: Decimal = figures.observations.filter(picked)["value"].item()
    return value


def add(figures: Figures, name: str, *rows: Cells) -> Figures:
    """The figures with more rows in a table."""
    more = pl.concat([getattr(figures, name), table(name, list(rows))])
    return _with(figures, name, more)


def _with(figures: Figures, name: str, frame: pl.DataFrame) -> Figures:
    tables = dict(figures.tables()) | {name: frame}
    return Figures(figures.organisation, *tables_in_order(tables))
