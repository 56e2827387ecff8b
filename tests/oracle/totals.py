"""The executive summary: counts by section."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.oracle.calendar_of import Stretch
from tests.oracle.council import Council
from tests.oracle.figures_of import COMPUTED, PUBLISHED
from tests.oracle.files import DIRECTIONS
from tests.oracle.travel import LOST

RATINGS = {"green": "GREEN", "amber": "AMBER", "red": "RED", "no_data": "NO DATA"}
Counts = dict[str, object]


def summary(
    council: Council, report: str, at: Stretch, kpis: Sequence[Mapping[str, object]]
) -> list[Counts]:
    """A row for each section in the report's order, and the total. Takes the rows of its KPIs."""
    printed = council.counted(report, at.text)
    printed_before = council.counted(report, council.earlier(at).text)
    before = _reported(council, report, at)
    sections: dict[str, list[Mapping[str, object]]] = {}
    for row in kpis:
        if row["basis"] == "period":
            sections.setdefault(str(row["section"]), []).append(row)
    table: list[Counts] = []
    total: dict[str, int] = {}
    any_published = False
    for section, rows in sections.items():
        counts, basis = _of_section(section, rows, printed)
        any_published = any_published or basis == PUBLISHED
        for name, count in counts.items():
            total[name] = total.get(name, 0) + count
        then = _before(section, before.get(section, []), printed, printed_before)
        table.append({"section": section, **counts, **then, "directions_basis": basis})
    nothing = dict.fromkeys([*RATINGS, *DIRECTIONS, "not_rated"], 0)
    basis = PUBLISHED if any_published else COMPUTED
    then = _before(
        "TOTAL", [rating for of in before.values() for rating in of], printed, printed_before
    )
    table.append({"section": "TOTAL", **nothing, **total, **then, "directions_basis": basis})
    return table


_Printed = dict[tuple[str, str], tuple[int, int | None]]


def _reported(council: Council, report: str, at: Stretch) -> dict[str, list[str | None]]:
    """The ratings of the report before, by its own sections; None where one is not known."""
    earlier, found = council.earlier(at), dict[str, list[str | None]]()
    known = council.report_before(report, at)
    for one in council.framework(report, earlier):
        if one.kind == "kpi":
            rating = known[one.code, "period"].rating if known else None
            found.setdefault(one.section, []).append(rating)
    return found


def _of_section(
    section: str, rows: Sequence[Mapping[str, object]], printed: _Printed
) -> tuple[dict[str, int], str]:
    ratings = [row["rating"] for row in rows]
    headings = [row["direction"] for row in rows]
    counts = {name: ratings.count(word) for name, word in RATINGS.items()}
    counts |= {name: headings.count(name) for name in DIRECTIONS}
    counts["not_rated"] = sum(rating not in RATINGS.values() for rating in ratings)
    is_counted = any(of == section for of, _ in printed)
    is_lost = LOST in headings or any(row["direction_by_counts"] for row in rows)
    if not is_lost or not is_counted:
        return counts, COMPUTED
    for name in DIRECTIONS:
        counts[name] = printed.get((section, name), (0, None))[0]
    return counts, PUBLISHED


def _before(
    section: str, ratings: Sequence[str | None], printed: _Printed, printed_before: _Printed
) -> dict[str, int | None]:
    """The counts of the report before: from its KPIs where each is known, else as its document
    prints them, else as today's prints them as previous.
    """
    all_known = bool(ratings) and all(rating in RATINGS.values() for rating in ratings)
    found: dict[str, int | None] = {}
    for name in (*RATINGS, *DIRECTIONS):
        if all_known and name in RATINGS:
            found[f"previous_{name}"] = ratings.count(RATINGS[name])
        else:
            then, _ = printed_before.get((section, name), (None, None))
            _, said = printed.get((section, name), (0, None))
            found[f"previous_{name}"] = said if then is None else then
    return found
