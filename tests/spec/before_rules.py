"""The pages on what came before and on whose target counts, row by row, against the core."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from kpi_core import registry, scorecard
from kpi_core.judged import Past
from kpi_core.periods import Period
from tests import tables
from tests.tables import Cells, number

Q1, Q2 = Period.parse("2024/25 Q1"), Period.parse("2024/25 Q2")


def text(value: object) -> str:
    """A figure or word as the page writes it."""
    return "–" if value is None else str(value).removesuffix(".000000")


def _row(case: Cells) -> dict[str, object]:
    known = [entry.split(": ") for entry in case["Figures known"].split("; ")]
    rows = [
        f"A | {period} | | no_data" if value == "no data" else f"A | {period} | {value} | actual"
        for period, value in known
    ]
    another = ["B | 2024/25 Q1 | 90 | actual"] if "Same figure" in case else []
    placed = [f"A | {year} | {case['Due every']}" for year in tables.YEARS]
    placed += [f"B | {year} | quarter" for year in tables.YEARS]
    value, _, rating = case.get("Document of the quarter before", "–").partition(", ")
    older = [] if not rating else [f"OLD | A | 2024/25 Q1 | {value.strip('–')} | {rating} |"]
    said = case["The document prints as previous"].strip("–")
    figures = tables.figures(
        indicators=f"indicator | arrears\nA | {case['Periods late']}\nB |",
        placements="\n".join(["indicator | year | frequency", *placed]),
        observations="\n".join(["indicator | period | value | status", *rows, *another]),
        targets="indicator | year | target | floor\n"
        + "\n".join(f"A | {year} | 85 | 80" for year in tables.YEARS),
        documents="document | period\nNEW | 2024/25 Q2\nOLD | 2024/25 Q1",
        published="\n".join(
            [
                "document | indicator | period | value | rating | previous_rating",
                *older,
                *([f"NEW | A | 2024/25 Q2 | | | {said}"] if said else []),
            ]
        ),
    )
    return scorecard.kpis(figures, "qpr", Q2).row(0, named=True)


def previous_figure(case: Cells) -> None:
    row = _row(case)
    names = ["value", "previous_value", "previous_period", "previous_rating", "previous_basis"]
    assert [text(row[name]) for name in names] == list(case.values())[4:]


def previous_report(case: Cells) -> None:
    row = _row(case)
    names = ["value", "reported_rating", "reported_value", "reported_period"]
    same = "yes" if row["same_figure"] else "no"
    assert [*(text(row[name]) for name in names), same] == list(case.values())[5:]


def _limits(case: Cells, column: str, row: str) -> list[str]:
    """A row of targets or of a document's figures, with the target and floor of the cell."""
    if case[column] == "–":
        return []
    return [row.format(*case[column].split(", "))]


def own_period(case: Cells) -> None:
    figures = tables.figures(
        indicators="indicator | arrears\nA | 1",
        observations="indicator | period | value\nA | 2023/24 Q4 | 82",
        targets="\n".join(
            [
                "indicator | year | period | target | floor",
                *_limits(case, "Set for 2023/24 Q4", "A | 2023/24 | 2023/24 Q4 | {} | {}"),
                *_limits(case, "Set for 2023/24", "A | 2023/24 | | {} | {}"),
                *_limits(case, "Set for 2024/25", "A | 2024/25 | | {} | {}"),
            ]
        ),
        documents="document | period\nD | 2024/25 Q1",
        published="\n".join(
            [
                "document | indicator | period | value | target | floor",
                *_limits(case, "Printed beside 82", "D | A | 2023/24 Q4 | 82 | {} | {}"),
                *_limits(case, "Printed beside 83", "D | A | 2023/24 Q4 | 83 | {} | {}"),
            ]
        ),
    )
    row = scorecard.kpis(figures, "qpr", Q1).row(0, named=True)
    assert [text(row[name]) for name in ("rating", "target", "target_basis")] == list(
        case.values()
    )[5:]


def own_range(case: Cells) -> None:
    rows = [
        "A | {} | {} | {}".format(year, *case[f"Range for {year}"].split(" to "))
        for year in ("2023/24", "2024/25")
        if case[f"Range for {year}"] != "–"
    ]
    figures = tables.figures(
        indicators="indicator | kind | arrears\nA | activity | 1",
        observations="indicator | period | value\nA | 2023/24 Q4 | 82",
        thresholds="\n".join(["indicator | year | lower | upper", *rows]),
    )
    row = scorecard.activities(figures, "qpr", Q1).row(0, named=True)
    assert row["value"] == number("82")
    assert [text(row[name]) for name in ("alert", "range_basis")] == list(case.values())[2:]


def speaks_of(case: Cells) -> None:
    saved = [text for text in case["Figures saved"].strip("–").split(", ") if text]
    under = case["Printed figure"].strip("–")
    figures = tables.figures(
        indicators=f"indicator | arrears\nA | {case['Periods late']}",
        placements=f"indicator | year | frequency\nA | 2024/25 | {case['Due every']}",
        observations="\n".join(["indicator | period | value", *(f"A | {of} | 82" for of in saved)]),
        documents="document | period\nD | 2024/25 Q2",
        published="\n".join(
            [
                "document | indicator | period | value | rating | previous_rating | place",
                "D | A | 2024/25 Q2 | | AMBER | RED | 1",
                *([f"D | A | {under} | 82 | | | 2"] if under else []),
            ]
        ),
    )
    says = Past.of(figures, "qpr", Q2, registry.placed(figures, "qpr", Q2)).says
    for column, word in (
        ("The rating speaks of", "AMBER"),
        ("The previous rating speaks of", "RED"),
    ):
        ends = says.filter(pl.col("rating") == word)["end_month"].to_list()
        expected = case[column].strip("–")
        assert ends == ([Period.parse(expected).end_month] if expected else [])


CHECKS: dict[tuple[str, str], Callable[[Cells], None]] = {
    ("published", "Of which figure it speaks"): speaks_of,
    ("previous", "The previous figure"): previous_figure,
    ("previous", "The previous report"): previous_report,
    ("own-period", "Cases"): own_period,
    ("own-period", "Expected ranges"): own_range,
}
