"""What papers say in words: a fixed grammar, every clause of it tied to a figure.

What a sentence says of one KPI or one activity indicator stands in `summary`; here is what papers
say of all of them together. Counts up to ten are words, as prose has them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from kpi_core import display, summary
from kpi_core.cells import sentence_case
from kpi_core.periods import Period
from kpi_core.wording import Wording
from kpi_core.words import DECIDED, Direction, Rating

Counts = Mapping[str, Any]

_WAYS = {
    Direction.IMPROVING: ("shows a positive trend", "show a positive trend"),
    Direction.STABLE: ("is stable or has no clear trend", "are stable or have no clear trend"),
    Direction.WORSENING: ("shows a negative trend", "show a negative trend"),
}
_COMPARED = {
    Direction.IMPROVING: ("is better than before", "are better than before"),
    Direction.STABLE: ("is no better and no worse", "are no better and no worse"),
    Direction.WORSENING: ("is worse than before", "are worse than before"),
}


def against_before(now: int, before: int | None, at: Period, wording: Wording) -> str:
    """`one fewer than the previous Quarter`; empty where the count before is not known."""
    if before is None:
        return ""
    change = display.change(now, before, wording)
    than = "the same as" if change == "same" else f"{change} than"
    return f"{than} the previous {at.frequency.capitalize()}"


def _in_brackets(text: str) -> str:
    return f" ({text})" if text else ""


def key_indicators(many: int, wording: Wording) -> str:
    """`40 Key Performance Indicators (KPIs)`, `one Key Performance Indicator (KPI)`."""
    words = "Key Performance Indicator (KPI)" if many == 1 else "Key Performance Indicators (KPIs)"
    return f"{display.count(many, wording)} {words}"


def overall(scorecard: pl.DataFrame, total: Counts, at: Period, wording: Wording) -> str:
    """How many KPIs there are, how many have which rating, and how many had it before.

    `Of the 40 Key Performance Indicators (KPIs), 16 met their target (Green, one fewer than the
    previous Quarter), 15 missed their target but not their floor standard (Amber, …) and eight missed
    their floor standard (Red, …). One has no data.`
    """
    outcome = summary.outcomes(scorecard.filter(pl.col("rating").is_in(DECIDED)), wording)
    said = []
    for name, rating in summary.RATINGS.items():
        count = total[name]
        if count and rating in outcome:
            words = {"its": "its", "be": "is"} if count == 1 else {"its": "their", "be": "are"}
            did, label = outcome[rating].format(**words), wording.label(rating)
            before = against_before(count, total[f"previous_{name}"], at, wording)
            inside = ", ".join(filter(None, ["" if label in did else label, before]))
            said.append(f"{display.count(count, wording)} {did}{_in_brackets(inside)}")
    counted = f"Of the {key_indicators(scorecard.height, wording)}, "
    rest = without_rating(total, wording)
    none = f"No KPI has a rating for {at.words}.{rest}"
    return f"{counted}{display.listed(said)}.{rest}" if said else none


def without_rating(total: Counts, wording: Wording) -> str:
    """` One has no data.`: the KPIs that have no standing."""
    said = []
    for name, one, many in (
        ("no_data", "has no data", "have no data"),
        ("not_rated", "cannot be rated", "cannot be rated"),
    ):
        if total[name]:
            has = one if total[name] == 1 else many
            said.append(f"{display.count(total[name], wording)} {has}")
    return f" {sentence_case(display.listed(said))}." if said else ""


def rated(total: Counts, at: Period, wording: Wording) -> list[str]:
    """A line for each rating: `16 are rated Green (one fewer than the previous Quarter): target has
    been achieved or exceeded.`, and one for those without a rating.
    """
    lines = []
    for name, rating in summary.RATINGS.items():
        count = total[name]
        if rating in wording.decided:
            change = _in_brackets(against_before(count, total[f"previous_{name}"], at, wording))
            many = display.count(count, wording) if count else "none"
            meaning = wording.meaning(rating).partition(";")[0]
            lines.append(
                f"{sentence_case(many)} {'is' if count == 1 else 'are'} rated {wording.label(rating)}"
                f"{change}: {meaning[:1].lower()}{meaning[1:]}."
            )
    rest = without_rating(total, wording).strip()
    return [*lines, *([rest] if rest else [])]


def reds(count: int, wording: Wording) -> str:
    """What stands above the Reds by section: `The eight indicators rated Red are in:`."""
    red = wording.label(Rating.RED)
    if count == 0:
        return f"No indicator is rated {red}."
    if count == 1:
        return f"The one indicator rated {red} is in:"
    return f"The {display.count(count, wording)} indicators rated {red} are in:"


def directions(total: Counts, at: Period, wording: Wording) -> str:
    """`11 indicators show a positive trend (the same as the previous Quarter), 22 are stable …`;
    empty where no direction is known.
    """
    if not any(total[name] for name in summary.DIRECTIONS):
        return ""
    words = _WAYS if wording.direction == "regression" else _COMPARED
    said: list[str] = []
    for name, direction in summary.DIRECTIONS.items():
        count = total[name]
        if said:
            what = display.count(count, wording) if count else "none"
        else:
            what = f"{display.count(count, wording)} {'indicator' if count == 1 else 'indicators'}"
        change = _in_brackets(against_before(count, total[f"previous_{name}"], at, wording))
        said.append(f"{what} {words[direction][count != 1]}{change}")
    return f"With regard to direction of travel, {display.listed(said)}."
