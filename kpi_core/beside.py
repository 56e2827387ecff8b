"""The directions of travel that an organisation shows beside the first one, in small words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kpi_core.periods import Period, when
from kpi_core.wording import PLAIN, Wording
from kpi_core.words import Comparison, Direction

_COMPARED = {
    Direction.IMPROVING: "better",
    Direction.STABLE: "same",
    Direction.WORSENING: "worse",
    Direction.NOT_ENOUGH: "not known",
}
_FITTED = {
    Direction.IMPROVING: "improving",
    Direction.STABLE: "stable",
    Direction.WORSENING: "worsening",
    Direction.NOT_ENOUGH: "too few figures",
}


def _before(period: str | None, at: Period) -> str:
    """`previous quarter`; where the figure before is of another period, that period."""
    then = "" if period is None else when(period, at)
    return then.removeprefix("in ") if then.startswith("in ") else f"previous {at.frequency}"


@dataclass(frozen=True, slots=True)
class Beside:
    """One of them: `previous quarter`, improving, `better`."""

    against: str
    direction: Direction
    said: str
    by: Comparison


def beside(row: Mapping[str, Any], at: Period, wording: Wording = PLAIN) -> list[Beside]:
    """The further directions of a row of the scorecard, in the order of the settings.

    They stand in the columns direction_regression, direction_previous and direction_year_ago, which
    may be missing, and are null where the organisation does not ask for them.
    """
    against = {
        Comparison.REGRESSION: "trend",
        Comparison.PREVIOUS: _before(row.get("previous_period"), at),
        Comparison.YEAR_AGO: "a year ago",
    }
    order = [*wording.rules.directions, *Comparison]
    found = []
    for by in dict.fromkeys(order):
        held = row.get(f"direction_{by}")
        if by is wording.direction or held is None:
            continue
        direction = Direction(held)
        words = _FITTED if by is Comparison.REGRESSION else _COMPARED
        found.append(Beside(against[by], direction, words.get(direction, "not known"), by))
    return found
