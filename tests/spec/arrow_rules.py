"""Lost arrows that printed counts tell, row by row, against the core."""

from __future__ import annotations

from collections.abc import Callable

from kpi_core import scorecard
from kpi_core.periods import Period
from tests import tables
from tests.tables import Cells

Q2 = Period.parse("2024/25 Q2")
_RISING = ("2023/24 Q1", "2023/24 Q2", "2023/24 Q3", "2023/24 Q4", "2024/25 Q1")


def told_by_counts(case: Cells) -> None:
    kpis = dict(enumerate(case["The KPIs of the section"].split(", ")))
    observations, published = [], []
    for place, kpi in kpis.items():
        code = f"K{place}"
        printed, saved = "80", "81" if kpi.endswith("replaced") else "80"
        observations.append(f"{code} | 2024/25 Q2 | {saved}")
        if kpi.endswith("six rising figures"):
            observations += [f"{code} | {at} | {n}" for n, at in enumerate(_RISING, start=70)]
        word = kpi.partition(" in words")[0] if " in words" in kpi else ""
        if kpi != "not rated":
            published.append(f"D | {code} | 2024/25 Q2 | {printed} | AMBER | {word}")
    said = case["The document counts"].strip("–").split(", ")
    counts = [f"D | Roads | {' | '.join(entry.split(' '))}" for entry in said if entry]
    figures = tables.figures(
        indicators="\n".join(["indicator | decimals", *(f"K{place} | 0" for place in kpis)]),
        observations="\n".join(["indicator | period | value", *observations]),
        documents="document | period\nD | 2024/25 Q2",
        published="\n".join(
            ["document | indicator | period | value | rating | direction", *published]
        ),
        published_counts="\n".join(["document | section | measure | count", *counts]),
    )
    rows = scorecard.kpis(figures, "qpr", Q2).to_dicts()
    assert ", ".join(row["direction"] for row in rows) == case["Shown"]
    lost = [row for row in rows if row["direction_by_counts"]]
    assert {row["direction_basis"] for row in lost} <= {"published"}


CHECKS: dict[tuple[str, str], Callable[[Cells], None]] = {
    ("direction", "Lost arrows that the counts tell"): told_by_counts,
}
