"""The faults in the figures: found where they are, gone when put right, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from random import Random

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpi_core import quality
from kpi_core.figures import Figures
from kpi_core.store import Store
from tests import clean_council, random_council, tables
from tests.clean_council import (
    DISTRICTS,
    MONTHS,
    QUARTERS,
    add,
    change,
    figure,
    months_of,
    value_of,
)  # fmt: skip
from tests.conftest import RunKpi
from tests.councils import csv_bytes, write_council
from tests.councils import figure as row_of

Found = tuple[str, str, str]


def found(figures: Figures) -> list[Found]:
    """Kind, indicator and period of each finding, in the order given."""
    return quality.findings(figures).select("finding", "indicator", "period").rows()


def message(figures: Figures, kind: str) -> str:
    """The sentence of the only finding of that kind."""
    said: str = quality.findings(figures).filter(pl.col("finding") == kind)["message"].item()
    return said


# Kent: what its documents contain, and nothing else

DRAGGED = ("drag_fill", "CS08", "2025-03")
HALF = ("count_with_decimals", "CS-COMPLAINTS", "2019/20 Q2")
CALLS = ("periods_and_year", "CS-CALLS", "2024/25 Q2")
DOLS = ("two_values", "AS-DOLS", "2024/25 Q2")
ENTRANTS = ("two_targets", "ES-FTE", "2020/21 Q2")
REVIEWS = ("floor_beyond_target", "ES-EHCPREV", "2024/25")
IN_KENT = [DRAGGED, HALF, CALLS, DOLS, ENTRANTS, REVIEWS]

COMPLAINTS = "Environment, Planning and Enforcement & Economic Development"


def test_kent_has_these_six_and_no_other(kent: Figures) -> None:
    assert found(kent) == IN_KENT
    table = quality.findings(kent)
    assert tuple(table.columns) == quality.COLUMNS
    assert table["severity"].unique().to_list() == ["error"]
    assert all(".txt:" in source for source in table["sources"])


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("drag_fill", "26,436, 26,437, 26,438 and 26,439, each 1 more than the last"),
        (
            "periods_and_year",
            "the four quarters 107, 116, 111 and 125 make 459 against a printed 465 for the 12 months",
        ),
        (
            "periods_and_year",
            "to the end of Q2 2024/25; rounding explains at most 2.",
        ),
        ("count_with_decimals", "is 95.3, although it counts whole things"),
        ("two_values", "as 2,672 and as 2,679, 7 apart"),
        ("two_targets", "the target for Q2 2020/21 is given as 270 and as 290, 20 apart"),
        ("floor_beyond_target", "a target of 50% and a floor of 60%"),
    ],
)
def test_each_says_its_arithmetic_in_one_sentence(kent: Figures, kind: str, words: str) -> None:
    said = message(kent, kind)
    assert words in said
    assert said.endswith(".")
    assert ". " not in said


@pytest.mark.parametrize(
    ("fault", "table", "where", "cells"),
    [
        (DRAGGED, "observations", figure("CS08", "2025-02"), {"value": "27104", "note": "Corrected in May"}),
        (HALF, "observations", figure("CS-COMPLAINTS", "2019/20 Q2", COMPLAINTS, "12m"), {"value": "95"}),
        (CALLS, "observations", figure("CS-CALLS", "2024/25 Q2", basis="12m"), {"value": "459"}),
        (DOLS, "published", {"indicator": "AS-DOLS", "place": "3"}, {"value": "2672"}),
        (ENTRANTS, "published", {"indicator": "ES-FTE", "place": "3", "period": "2020/21 Q2"}, {"target": "270"}),
        (REVIEWS, "indicators", {"indicator": "ES-EHCPREV", "from": "2023/24"}, {"polarity": "lower"}),
    ],
)  # fmt: skip
def test_a_cell_put_right_makes_its_finding_go(
    kent: Figures, fault: Found, table: str, where: dict[str, str], cells: dict[str, str]
) -> None:
    mended = change(kent, table, where, **cells)
    assert found(mended) == [one for one in IN_KENT if one != fault]


def plant(kent: Figures, table: str, where: dict[str, str], **cells: str) -> list[Found]:
    """What is found beside what Kent has anyway."""
    return [one for one in found(change(kent, table, where, **cells)) if one not in IN_KENT]


@pytest.mark.parametrize(
    ("fault", "table", "where", "cells"),
    [
        (("count_with_decimals", "ET-CASUALTIES", "2023/24 Q2"), "observations", figure("ET-CASUALTIES", "2023/24 Q2", "Serious"), {"value": "177.4"}),
        (("parts_and_total", "IC-CIC", "2024/25 Q1"), "observations", figure("IC-CIC", "2024/25 Q1", "UASC"), {"value": "467"}),
        (("parts_and_total", "GE-S106", "2019/20 Q4"), "observations", figure("GE-S106", "2019/20 Q4"), {"value": "11290"}),
        (("periods_and_year", "CS-CALLS", "2020/21 Q2"), "observations", figure("CS-CALLS", "2020/21 Q2", "Adult Social Care", "12m"), {"value": "126"}),
        (("quotient", "ET-POTHOLES", "2024/25 Q2"), "observations", figure("ET-POTHOLES", "2024/25 Q2"), {"value": "79"}),
        (("fraction", "ICT01", "2025-01"), "observations", figure("ICT01", "2025-01"), {"value": "0.87"}),
        (("two_values", "IC-REREF", "2024/25 Q2"), "published", {"indicator": "IC-REREF", "place": "2", "period": "2024/25 Q2"}, {"value": "29.3"}),
        (("two_targets", "IC-FOSTER", "2020/21 Q2"), "published", {"document": "003", "indicator": "IC-FOSTER", "place": "2", "period": "2020/21 Q2"}, {"target": "80"}),
        (("floor_beyond_target", "PI01", "2024/25"), "targets", {"indicator": "PI01"}, {"floor": "4"}),
        (("floor_beyond_target", "FN08", "2024/25"), "targets", {"indicator": "FN08"}, {"floor": "99"}),
        (("floor_beyond_target", "PH-STIREC", "2024/25"), "targets", {"indicator": "PH-STIREC"}, {"floor": "85"}),
        (("future", "GE-NUE", "2042/43 Q2"), "observations", figure("GE-NUE", "2024/25 Q2"), {"period": "2042/43 Q2"}),
        (("after_end", "IC-ADOPT", "2024/25 Q1"), "observations", figure("IC-ADOPT", "2020/21 Q1"), {"period": "2024/25 Q1"}),
        (("overlapping_definitions", "ES-EHCPREV", "2023/24"), "indicators", {"indicator": "ES-EHCPREV", "from": "2023/24"}, {"to": "2024/25"}),
        (("rating", "ASCH3", "2024/25 Q2"), "published", {"document": "001", "place": "1", "indicator": "ASCH3"}, {"rating": "RED"}),
    ],
    ids=lambda cell: "-".join(cell) if isinstance(cell, tuple) else "",
)  # fmt: skip
def test_the_same_fault_elsewhere_in_kent_is_found(
    kent: Figures, fault: Found, table: str, where: dict[str, str], cells: dict[str, str]
) -> None:
    assert fault in plant(kent, table, where, **cells)


def test_a_run_planted_in_another_indicator_of_kent_is_found(kent: Figures) -> None:
    for step, month in enumerate(("2024-12", "2025-01", "2025-02", "2025-03")):
        kent = change(kent, "observations", figure("FN06b", month), value=str(34120 + step))
    assert ("drag_fill", "FN06b", "2025-03") in found(kent)


# A clean council, and one fault anywhere in it

Plant = Callable[[Figures, Random], tuple[Figures, Found]]


def drag(figures: Figures, draw: Random) -> tuple[Figures, Found]:
    at, code = draw.randrange(40), draw.choice(["CALLS", "VISITS"])
    first = value_of(figures, code, MONTHS[at])
    for step in range(1, 4):
        where = figure(code, MONTHS[at + step])
        figures = change(figures, "observations", where, value=str(first + step))
    return figures, ("drag_fill", code, MONTHS[at + 3])


def copy_districts(figures: Figures, draw: Random) -> tuple[Figures, Found]:
    at = draw.randrange(1, len(QUARTERS))
    for item in ("", *DISTRICTS):
        before = value_of(figures, "BOOKS", QUARTERS[at - 1], item)
        where = figure("BOOKS", QUARTERS[at], item)
        figures = change(figures, "observations", where, value=str(before))
    return figures, ("copied", "BOOKS", QUARTERS[at])


def copy_column(figures: Figures, draw: Random) -> tuple[Figures, Found]:
    for month in MONTHS:
        calls = value_of(figures, "CALLS", month)
        figures = change(figures, "observations", figure("VISITS", month), value=str(calls))
    for quarter in QUARTERS:
        calls = value_of(figures, "CALLS", quarter)
        where = figure("VISITS", quarter)
        figures = change(figures, "observations", where, value=str(calls))
    return figures, ("copied", "CALLS", MONTHS[-1])


def slip(figures: Figures, draw: Random) -> tuple[Figures, Found]:
    code, period = draw.choice(
        [("CALLS", draw.choice(MONTHS)), ("STAFF", draw.choice(QUARTERS)), ("BOOKS", draw.choice(QUARTERS))]
    )  # fmt: skip
    factor = draw.choice([10, 100])
    wrong = value_of(figures, code, period) * factor
    figures = change(figures, "observations", figure(code, period), value=str(wrong))
    return figures, ("scale", code, period)


def enter_fraction(figures: Figures, draw: Random) -> tuple[Figures, Found]:
    period = draw.choice(MONTHS + QUARTERS)
    wrong = value_of(figures, "ANSWERED", period) / 100
    where = figure("ANSWERED", period)
    return change(figures, "observations", where, value=str(wrong)), (
        "fraction",
        "ANSWERED",
        period,
    )


def break_count(figures: Figures, draw: Random) -> tuple[Figures, Found]:
    period = draw.choice(QUARTERS)
    wrong = value_of(figures, "STAFF", period) + Decimal("0.3")
    figures = change(figures, "observations", figure("STAFF", period), value=str(wrong))
    return figures, ("count_with_decimals", "STAFF", period)


def misdivide(figures: Figures, draw: Random) -> tuple[Figures, Found]:
    code, period = draw.choice(["ANSWERED", "COST"]), draw.choice(MONTHS + QUARTERS)
    wrong = value_of(figures, code, period) - draw.randint(2, 6)
    figures = change(figures, "observations", figure(code, period), value=str(wrong))
    return figures, ("quotient", code, period)


def misplace_part(figures: Figures, draw: Random) -> tuple[Figures, Found]:
    period, item = draw.choice(QUARTERS), draw.choice(DISTRICTS)
    wrong = value_of(figures, "BOOKS", period, item) + draw.choice([-40, -7, 3, 60])
    figures = change(figures, "observations", figure("BOOKS", period, item), value=str(wrong))
    return figures, ("parts_and_total", "BOOKS", period)


def mistake_quarter(figures: Figures, draw: Random) -> tuple[Figures, Found]:
    code, period = draw.choice(["CALLS", "VISITS"]), draw.choice(QUARTERS)
    wrong = value_of(figures, code, period) + draw.choice([-270, -9, 1, 90])
    figures = change(figures, "observations", figure(code, period), value=str(wrong))
    return figures, ("months_and_quarter", code, period)


def mistake_month(figures: Figures, draw: Random) -> tuple[Figures, Found]:
    quarter = draw.choice(QUARTERS)
    month = draw.choice(months_of(quarter))
    wrong = value_of(figures, "CALLS", month) + draw.choice([-90, 9])
    figures = change(figures, "observations", figure("CALLS", month), value=str(wrong))
    return figures, ("months_and_quarter", "CALLS", quarter)


def mistake_year(figures: Figures, draw: Random) -> tuple[Figures, Found]:
    code, at = draw.choice(["CALLS", "BOOKS"]), draw.randrange(3, len(QUARTERS))
    total = sum(value_of(figures, code, quarter) for quarter in QUARTERS[at - 3 : at + 1])
    row = {"indicator": code, "period": QUARTERS[at], "basis": "12m", "value": str(total + 12)}
    return add(figures, "observations", row), ("periods_and_year", code, QUARTERS[at])


def turn_floor(figures: Figures, draw: Random) -> tuple[Figures, Found]:
    code, year = draw.choice(["ANSWERED", "COST"]), draw.choice(clean_council.YEARS)
    where, wrong = {"indicator": code, "year": year}, {"ANSWERED": "95", "COST": "11"}[code]
    return change(figures, "targets", where, floor=wrong), ("floor_beyond_target", code, year)


def lose_target(figures: Figures, draw: Random) -> tuple[Figures, Found]:
    code, year = draw.choice(["ANSWERED", "COST", "STAFF"]), draw.choice(clean_council.YEARS)
    kept = figures.targets.filter((pl.col("indicator") != code) | (pl.col("year") != year))
    return replace(figures, targets=kept), ("kpi_without_target", code, year)


def exceed(figures: Figures, draw: Random) -> tuple[Figures, Found]:
    period = draw.choice(MONTHS)
    where = figure("ANSWERED", period)
    changed = change(
        figures, "observations", where, value="103.4", numerator=None, denominator=None
    )
    return changed, ("beyond_hundred", "ANSWERED", period)


def mistype_year(figures: Figures, draw: Random) -> tuple[Figures, Found]:
    row = {"indicator": "STAFF", "period": "2052/53 Q1", "value": "700"}
    return add(figures, "observations", row), ("future", "STAFF", "2052/53 Q1")


def publish_twice(figures: Figures, draw: Random) -> tuple[Figures, Found]:
    period = draw.choice(QUARTERS)
    right = value_of(figures, "ANSWERED", period)
    figures = add(figures, "documents", {"document": "D", "period": period})
    rows = [
        {"document": "D", "place": str(place), "indicator": "ANSWERED", "period": period, "value": str(value)}
        for place, value in ((1, right), (2, right - draw.choice([2, 9])))
    ]  # fmt: skip
    return add(figures, "published", *rows), ("two_values", "ANSWERED", period)


PLANTS: list[Plant] = [
    drag, copy_districts, copy_column, slip, enter_fraction, break_count, misdivide, misplace_part,
    mistake_quarter, mistake_month, mistake_year, turn_floor, lose_target, exceed, mistype_year,
    publish_twice,
]  # fmt: skip

seeds = st.integers(0, 10_000)


@given(seeds)
@settings(max_examples=12)
def test_a_clean_council_gives_no_finding(seed: int) -> None:
    assert found(clean_council.council(seed)) == []


@pytest.mark.parametrize("planted", PLANTS, ids=lambda planted: planted.__name__)
@given(seed=seeds)
@settings(max_examples=4)
def test_one_fault_anywhere_is_found_once_and_nothing_else(planted: Plant, seed: int) -> None:
    figures, fault = planted(clean_council.council(seed), Random(seed))  # noqa: S311
    assert found(figures) == [fault]


def test_a_restatement_that_a_note_tells_of_is_no_contradiction() -> None:
    figures = clean_council.council(1)
    figures, fault = publish_twice(figures, Random(1))  # noqa: S311
    older = figures.published.filter(pl.col("place") == 2)
    figures = replace(figures, published=older)
    assert found(figures) == [fault]
    where = figure(fault[1], fault[2])
    noted = change(figures, "observations", where, note="Revised in Q1 after late returns")
    assert found(noted) == []


def test_a_first_month_that_is_its_year_to_date_proves_no_sum() -> None:
    rows = [f"{month} | {basis} | {value}" for month, *values in (
        ("2022-04", 90, 90), ("2023-04", 80, 80), ("2024-04", 85, 85), ("2024-05", 87, 86),
    ) for basis, value in zip(("period", "ytd"), values, strict=True)]  # fmt: skip
    figures = tables.figures(
        indicators="indicator | frequency | ytd\nA | month | published",
        observations="\n".join(
            ["indicator | period | basis | value", *(f"A | {row}" for row in rows)]
        ),
    )
    assert found(figures) == []


@given(random_council.councils())
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_oddest_council_is_searched_without_an_error(
    tmp_path_factory: pytest.TempPathFactory, council: random_council.Council
) -> None:
    base = tmp_path_factory.mktemp("odd")
    store = Store(write_council(base / "odd", council), base / "var")
    store.refresh()
    table = quality.findings(store.figures())
    assert set(table["finding"]) <= set(quality.KINDS)


# The command


def test_the_command_lists_findings_and_succeeds(
    store: Store, tmp_path: Path, run_kpi: RunKpi
) -> None:
    here = ("--organisation", "testshire")
    said = run_kpi("quality", *here, "--format", "csv")
    assert (said.code, said.err) == (0, "Findings: none\n")
    assert said.out == "finding,severity,indicator,period,message,sources\n"
    file = tmp_path / "half.csv"
    file.write_bytes(csv_bytes("observations", [row_of("VISITS", "2024/25 Q3", "160.5")]))
    run_kpi("load", file, *here)
    said = run_kpi("quality", *here, "--format", "csv")
    assert (said.code, said.err) == (0, "Findings: 1 error\n")
    assert said.out.splitlines()[1] == (
        "count_with_decimals,error,VISITS,2024/25 Q3,"
        '"Visits to libraries: Q3 2024/25 is 160.5, although it counts whole things and its other '
        'figures are whole.",""'
    )
