"""Checks for the pages of the method that are about a year: its framework and the risks."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import polars as pl
import pytest

from kpi_core import framework, risks
from kpi_core.errors import UserError
from kpi_core.figures import Figures
from kpi_core.periods import Period
from tests import tables
from tests.tables import Cells, limits, number

YEAR = Period.parse("2024/25")
BEFORE = YEAR.shift(-1)


def _amount(value: Decimal | None) -> str:
    return "" if value is None else str(value)


def _or_blank(cell: str) -> str:
    return "" if cell == "–" else cell


def _row(figures: Figures) -> dict[str, object]:
    rows = framework.framework(figures, "qpr", YEAR).filter(pl.col("indicator") == "A")
    return rows.row(0, named=True)


def change(case: Cells) -> None:
    then, now = _or_blank(case["Last year"]), _or_blank(case["This year"])
    definitions = ["indicator | from | kind | lifecycle", "REST | 2020/21 | activity |"]
    placements = ["indicator | year", *(f"REST | {year}" for year in (BEFORE, YEAR))]
    targets = ["indicator | year | status | target | floor"]
    for year, kind, target, floor in (
        (BEFORE, then, "Its target", "Its floor"),
        (YEAR, now, "Target", "Floor"),
    ):
        if not kind:
            continue
        placements.append(f"A | {year}")
        if kind == "kpi":
            low, high = number(case[target]), number(case[floor])
            status = "tbc" if low is None else "set"
            targets.append(f"A | {year} | {status} | {_amount(low)} | {_amount(high)}")
    definitions.append(f"A | 2020/21 | {then or now} |")
    if then != now and now:
        definitions.append(f"A | {YEAR} | {now} |")
    if case["Defined anew"] == "yes":
        definitions.append(f"A | {YEAR} | {now} | revised")
    figures = tables.figures(
        indicators="\n".join(definitions),
        placements="\n".join(placements),
        targets="\n".join(targets),
    )
    row = _row(figures)
    assert (row["lifecycle"], row["lifecycle_basis"]) == (_or_blank(case["Change"]), "computed")


def target(case: Cells) -> None:
    rows = []
    for text in case["Targets of 2024/25"].split("; "):
        what, _, period = text.partition(" for ")
        status, _, value = what.partition(" ")
        rows.append(f"A | 2024/25 | {period} | {status} | {value}")
    figures = tables.figures(
        indicators="indicator | name\nA | A",
        targets="\n".join(["indicator | year | period | status | target", *rows]),
    )
    row = _row(figures)
    of = "" if case["Of"] == "the year" else case["Of"]
    assert (row["target"], row["status"], row["target_period"]) == (
        number(case["Target"]), case["Status"], of,
    )  # fmt: skip


def actual(case: Cells) -> None:
    due = case["Due every"]
    known = [text.split(": ") for text in case["Figures known"].split("; ")]
    figures = tables.figures(
        indicators=f"indicator | frequency | arrears\nA | {due} | {case['Periods late']}",
        placements=f"indicator | year | frequency\nA | 2023/24 | {due}\nA | 2024/25 | {due}",
        observations="\n".join(
            ["indicator | period | value", *(f"A | {period} | {value}" for period, value in known)]
        ),
    )
    row = _row(figures)
    period = row["actual_period"] or "–"
    assert (row["actual"], period) == (number(case["Actual"]), case["Of"])


def finding(case: Cells) -> None:
    (target, target_high), (floor, floor_high) = limits(case["Target"]), limits(case["Floor"])
    before = [] if case["Figures before"] == "–" else case["Figures before"].split(", ")
    past = [*before, case["Last year's actual"]]
    last = Period.parse("2023/24 Q4")
    rows = [
        f"A | {last.shift(place + 1 - len(past))} | {value}" for place, value in enumerate(past)
    ]
    status = "tbc" if target is None else "proposed"
    amounts = " | ".join(map(_amount, (target, target_high, floor, floor_high)))
    figures = tables.figures(
        indicators=f"indicator | polarity\nA | {case['Better is']}",
        targets=f"""
            indicator | year    | status   | target | target_high | floor | floor_high
            A         | 2024/25 | {status} | {amounts}
            """,
        observations="\n".join(["indicator | period | value", *rows]),
    )
    found = framework.checks(figures, "qpr", YEAR)["finding"].to_list()
    assert found == ([case["Finding"]] if case["Finding"] != "–" else [])


def under_another_target(case: Cells) -> None:
    then = (number(case["Target then"]), number(case["Floor then"]))
    targets = "indicator | year | target | floor"
    if then[0] is not None:
        targets += f"\nA | 2023/24 | {' | '.join(map(_amount, then))}"
    figures = tables.figures(
        indicators=f"indicator | polarity\nA | {case['Better is']}",
        targets=targets,
        observations=f"indicator | period | value\nA | 2023/24 Q4 | {case['Figure']}",
    )
    proposed = (number(case["Proposed target"]), number(case["Proposed floor"]))
    rows = framework.rehearsal(figures, "A", YEAR, *proposed)
    assert rows.select("period", "rating", "proposed_rating").rows() == [
        ("2023/24 Q4", case["Rated"], case["Would be"])
    ]


def which_register(case: Cells) -> None:
    held = case["Registers held"].split("; ")
    rows = [f"R1 | {period} | high" for period in held]
    figures = tables.figures(risks="\n".join(["risk | period | level", *rows]))
    at = Period.parse(case["Report for"])
    if case["Shows"] == "–":
        with pytest.raises(UserError, match="There is no risk register"):
            risks.register_of(figures, at)
    else:
        assert str(risks.register_of(figures, at)) == case["Shows"]


def risk_changed(case: Cells) -> None:
    rows = ["REST | 2024-08 | low |", "REST | 2024-11 | low |"]
    for period, level, printed in (
        ("2024-08", case["Level before"], ""),
        ("2024-11", case["Level now"], _or_blank(case["Printed"])),
    ):
        if level != "not there":
            rows.append(f"R1 | {period} | {_or_blank(level)} | {printed}")
    figures = tables.figures(risks="\n".join(["risk | period | level | change", *rows]))
    register = risks.register(figures, Period.parse("2024-11")).filter(pl.col("risk") == "R1")
    row = register.row(0, named=True)
    said = (row["change"] or "–", row["change_basis"] or "–")
    assert said == (case["Change"], case["Basis"])


def risk_levels(case: Cells) -> None:
    rows = []
    for place, level in enumerate(case["Levels in the register"].split(", ")):
        left = level == "removed"
        rows.append(
            f"R{place} | 2024-11 | {'' if left else _or_blank(level)} | {level if left else ''}"
        )
    more = {}
    if case["Printed beside it"] != "–":
        printed = case["Printed beside it"].replace(",", " |")
        more["risk_levels"] = f"period | low | medium | high\n2024-11 | {printed}"
    figures = tables.figures(risks="\n".join(["risk | period | level | change", *rows]), **more)
    row = risks.levels(figures, Period.parse("2024-11")).row(0, named=True)
    counted = tuple("–" if row[level] is None else str(row[level]) for level in risks.LEVELS[:3])
    assert counted == (case["Low"], case["Medium"], case["High"])
    assert (row["basis"] or "–") == case["Basis"]


CHECKS: dict[tuple[str, str], Callable[[Cells], None]] = {
    ("framework", "What changed"): change,
    ("framework", "Which target"): target,
    ("framework", "Last year's actual"): actual,
    ("framework", "What can be wrong with a target"): finding,
    ("framework", "Last year under another target"): under_another_target,
    ("risks", "Which register"): which_register,
    ("risks", "What changed"): risk_changed,
    ("risks", "How many at each level"): risk_levels,
}
