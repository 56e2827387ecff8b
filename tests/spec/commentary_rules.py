"""The tables of docs/rules/commentary.md against the checks of texts."""

from __future__ import annotations

from decimal import Decimal

from kpi_core import commentary
from kpi_core.commentary import Standing, Subject
from kpi_core.words import Direction
from tests import tables
from tests.tables import Cells, number


def about(unit: str = "percent", better: str = "higher", **more: object) -> Subject:
    given = {"name": "A", "unit": unit, "decimals": 0, "polarity": better, "is_kpi": True}
    return Subject(**{**given, **more})  # type: ignore[arg-type]


def listed(cell: str) -> frozenset[Decimal]:
    return frozenset() if cell == "–" else frozenset(map(Decimal, cell.split(", ")))


def agrees(found: list[commentary.Doubt], case: Cells) -> None:
    assert [one.finding for one in found] == ([] if case["Finding"] == "–" else [case["Finding"]])


def numbers(case: Cells) -> None:
    figures, limits = listed(case["Figures"]), listed(case["Target and floor"])
    subject = about(case["Unit"], figures=figures, limits=limits, value=max(figures))
    agrees(commentary.of_text(case["Text"], subject), case)


def moved(before: Decimal | None, now: Decimal | None, better: str) -> str:
    if before is None or now is None:
        return Direction.NOT_ENOUGH
    if before == now:
        return Direction.STABLE
    return Direction.IMPROVING if (now > before) == (better == "higher") else Direction.WORSENING


def movement(case: Cells) -> None:
    now, before, ago = (number(case[name]) for name in ("Now", "Before", "A year before"))
    better = case["Better is"]
    subject = about(
        "percent", better, value=now, previous=before, year_ago=ago, direction=case["Direction"],
        moved=moved(before, now, better), moved_in_a_year=moved(ago, now, better),
        figures=frozenset(one for one in (now, before, ago, Decimal(71)) if one is not None),
    )  # fmt: skip
    agrees(commentary.of_text(case["Text"], subject), case)


def standing(case: Cells) -> None:
    value, target, floor = (number(case[name]) for name in ("Figure", "Target", "Floor"))
    verdicts = [case["Rating"], *([case["Year to date"]] if case["Year to date"] != "–" else [])]
    standings = tuple(Standing(rating, value, target, floor) for rating in verdicts)
    subject = about("percent", case["Better is"], value=value, standings=standings)
    agrees(commentary.of_text(case["Text"], subject), case)


def pasted(case: Cells) -> None:
    now, before = Decimal(71), Decimal(71 if case["Figure"] == "unchanged" else 66)
    subject = about(value=now, previous=before, figures=frozenset([now, Decimal(66)]))
    agrees(commentary.of_text(case["Text now"], subject, [case["Text before"]]), case)


def acted(case: Cells) -> None:
    value = {"RED": "70", "AMBER": "82", "GREEN": "90"}[case["Rating"]]
    monthly = "-" in case["Report"]
    length = "month" if monthly else "quarter"
    written = case["Action for"]
    text = f"\nqpr | A | {written} | action | We act." if written != "–" else ""
    figures = tables.figures(
        indicators=f"indicator | frequency\nA | {length}",
        reports="report | title | frequency\nqpr | Q | quarter\ndashboard | D | month",
        placements=f"report | year | indicator | frequency | order\n"
        f"{'dashboard' if monthly else 'qpr'} | 2024/25 | A | {length} | 1",
        targets="indicator | year | target | floor\nA | 2024/25 | 85 | 80",
        observations=f"indicator | period | value\nA | {case['Report']} | {value}",
        commentary=f"report | indicator | period | kind | text{text}",
    )
    at = figures.organisation.period(case["Report"])
    found = commentary.of_report(figures, "dashboard" if monthly else "qpr", at)
    assert found["finding"].to_list() == ([] if case["Finding"] == "–" else [case["Finding"]])


CHECKS = {
    ("commentary", "Numbers"): numbers,
    ("commentary", "Movement"): movement,
    ("commentary", "Rating, target and floor"): standing,
    ("commentary", "Last quarter's text again"): pasted,
    ("commentary", "A Red without an action"): acted,
}
