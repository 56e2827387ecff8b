"""The tables of docs/rules/quality.md against the search for faults."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from kpi_core import overlay, quality
from kpi_core.changes import compare
from kpi_core.figures import Figures
from kpi_core.ingest import Received
from kpi_core.periods import Period
from tests import tables
from tests.tables import Cells

HEADER = "indicator | period | basis | breakdown | item | value | numerator | denominator | note"


def plain(cell: str) -> str:
    """A figure as a CSV has it: `1,234` is 1234, `–` is empty."""
    return cell.replace(",", "") if cell != "–" else ""


def listed(cell: str) -> list[str]:
    """Figures parted by comma and space."""
    return [plain(one) for one in cell.split(", ")]


def figure(period: str, value: str, *, basis: str = "period", item: str = "", **more: str) -> str:
    part = "part" if item else ""
    cells = [basis, part, item, value, *(more.get(n, "") for n in ("top", "bottom", "note"))]
    return " | ".join(["A", period, *cells])


def council(
    rows: Sequence[str], *, unit: str = "number", decimals: str = "0", name: str = "", **more: str
) -> Figures:
    given = {
        "indicators": "indicator | unit | decimals | ytd | name\n"
        f"A | {unit} | {decimals} | {'none' if unit == 'percent' else 'sum'} | {name or 'A'}",
        "targets": "indicator | year | status\n"
        + "\n".join(f"A | {year} | tbc" for year in tables.YEARS),
        "observations": "\n".join([HEADER, *rows]),
    }
    return tables.figures(**(given | more))


def agrees(figures: Figures, case: Cells) -> None:
    found = quality.findings(figures)["finding"].to_list()
    assert found == ([] if case["Finding"] == "–" else [case["Finding"]])


def named(case: Cells) -> str:
    return "Calls (thousands)" if case["Counted"] == "in thousands" else "Calls"


def quarters(values: Sequence[str]) -> list[str]:
    first = Period.parse("2022/23 Q1")
    return [figure(str(first.shift(n)), value) for n, value in enumerate(values)]


def dragged(case: Cells) -> None:
    first = Period.parse("2024-04")
    values = listed(case["Counted each month"])
    agrees(council([figure(str(first.shift(n)), v) for n, v in enumerate(values)]), case)


def sizes(case: Cells) -> None:
    decimals = "1" if case["Unit"] == "percent" else "0"
    agrees(council(quarters(listed(case["Figures"])), unit=case["Unit"], decimals=decimals), case)


def quotient(case: Cells) -> None:
    top, bottom = plain(case["Numerator"]), plain(case["Denominator"])
    row = figure("2024/25 Q1", plain(case["Figure"]), top=top, bottom=bottom)
    agrees(council([row], unit=case["Unit"], decimals=case["Decimals"]), case)


def parts(case: Cells) -> None:
    rows = []
    for quarter in ("Q1", "Q2"):
        rows.append(figure(f"2024/25 {quarter}", plain(case[f"{quarter} total"])))
        rows += [
            figure(f"2024/25 {quarter}", value, item=f"part {n}")
            for n, value in enumerate(listed(case[f"{quarter} parts"]))
        ]
    agrees(council(rows, name=named(case)), case)


def longer(case: Cells) -> None:
    if "Quarter" in case:
        months = zip(("2024-04", "2024-05", "2024-06"), listed(case["Three months"]), strict=True)
        rows = [figure(month, value) for month, value in months if value]
        rows.append(figure("2024/25 Q1", plain(case["Quarter"])))
    else:
        rows = quarters(listed(case["Four quarters"]))
        rows.append(figure("2022/23 Q4", plain(case["Twelve months"]), basis="12m"))
    agrees(council(rows, name=named(case)), case)


DOCUMENT = "document | period\nD | 2024/25 Q2"


def printed(case: Cells, column: str, names: Sequence[str]) -> str:
    rows = [
        f"D | {place} | A | 2024/25 Q2 | {plain(case[name])}"
        for place, name in enumerate(names, start=1)
        if case[name] != "–"
    ]
    return "\n".join([f"document | place | indicator | period | {column}", *rows])


def twice(case: Cells) -> None:
    if "Target set" in case:
        names = ["Target printed", "Printed again"]
        targets = f"indicator | year | target\nA | 2024/25 | {plain(case['Target set'])}"
        figures = council(
            [], documents=DOCUMENT, published=printed(case, "target", names), targets=targets
        )
    else:
        names = ["Printed first", "Printed again"]
        row = figure("2024/25 Q2", plain(case["Now held"]), note=plain(case["Its note"]))
        figures = council(
            [row], decimals="1", documents=DOCUMENT, published=printed(case, "value", names)
        )
    agrees(figures, case)


def floors(case: Cells) -> None:
    target = f"A | 2024/25 | {case['Status']} | {case['Target']} | {plain(case['Floor'])}"
    figures = council(
        [],
        indicators=f"indicator | polarity\nA | {case['Better is']}",
        targets=f"indicator | year | status | target | floor\n{target}",
    )
    agrees(figures, case)


def brought(figures: Figures, *given: str, today: str = "2026-04-01") -> pl.DataFrame:
    """What an upload of some figures brings."""
    rows = tables.table("observations", tables.read("\n".join([HEADER, *given])))
    after = overlay.laid_over(figures, [Received("figures.csv", "observations", rows, ())])
    changes = {"observations": compare("observations", rows, figures.observations)}
    return quality.brought(figures, after, changes, date.fromisoformat(today))


def jumps(case: Cells) -> None:
    first, values = Period.parse("2022-04"), listed(case["Figures of months"])
    *before, last = (figure(str(first.shift(n)), value) for n, value in enumerate(values))
    found = brought(council(before, unit="percent"), last)["finding"].to_list()
    assert found == ([] if case["Finding"] == "–" else [case["Finding"]])


def repeated(case: Cells) -> None:
    before, after = (listed(case[column]) for column in ("Period before", "Brought"))
    codes = "BCDEF"[: len(after)]
    held, given = (
        [
            f"{code} | {period} | period | | | {value} | | |"
            for code, value in zip(codes, values, strict=True)
            if value
        ]
        for period, values in (("2024/25 Q1", before), ("2024/25 Q2", after))
    )
    known = tables.figures(
        indicators="\n".join(["indicator | unit", *(f"{code} | percent" for code in codes)]),
        targets="\n".join(
            ["indicator | year | status", *(f"{code} | 2024/25 | tbc" for code in codes)]
        ),
        observations="\n".join([HEADER, *held]),
        placements="\n".join(["indicator | year", *(f"{code} | 2024/25" for code in codes)]),
    )
    found = brought(known, *given)["finding"].to_list()
    assert found == ([] if case["Finding"] == "–" else [case["Finding"]])


def unended(case: Cells) -> None:
    known = council([figure("2024/25 Q4", "70")])
    found = brought(known, figure(case["Figure of"], "71"), today=case["Today"])
    told = found.select("finding", "severity").rows()
    assert told == ([] if case["Finding"] == "–" else [(case["Finding"], case["Severity"])])


def republished(case: Cells) -> None:
    period, was = case["Figure of"], plain(case["Was"])
    known = council(
        [figure(period, was)] if was else [],
        documents=f"document | period\nD | {case['Published']}",
    )
    found = brought(known, figure(period, case["Becomes"]))
    assert found["finding"].to_list() == ([] if case["Finding"] == "–" else [case["Finding"]])
    assert all(f"changes from {was} to {case['Becomes']}" in said for said in found["message"])


CHECKS = {
    ("quality", "A cell dragged along"): dragged,
    ("quality", "Counts and percentages"): sizes,
    ("quality", "Numerator and denominator"): quotient,
    ("quality", "Parts and total"): parts,
    ("quality", "Periods and longer periods"): longer,
    ("quality", "One thing given two values"): twice,
    ("quality", "Floors and targets"): floors,
    ("quality", "A figure far outside its own variation"): jumps,
    ("quality", "An upload that repeats the period before"): repeated,
    ("quality", "A period that has not ended"): unended,
    ("quality", "A figure that is published already"): republished,
}
