"""How a figure that missed its target stands to the limit between Amber and Red, in words.

The limit is what the KPI's rule of Amber makes of it: the floor standard, the end of a tolerance,
the figure of a year ago, or none. A row of the scorecard names its rule in the column `amber`; a
row without one goes by the floor.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from kpi_core import display
from kpi_core.wording import PLAIN, Wording
from kpi_core.words import Amber, Rating

Row = Mapping[str, Any]


def rule(kpi: Row) -> Amber:
    """The rule of Amber that was applied to the row."""
    return Amber(kpi.get("amber") or Amber.FLOOR)


def missed_on(kpi: Row, value: Decimal) -> Decimal | None:
    """The limit on the side on which the target was missed, as far as it is known."""
    limit: Decimal | None = kpi["floor_to"] if _too_high(kpi, value) else kpi["floor_from"]
    return limit


def against(kpi: Row, value: Decimal, wording: Wording = PLAIN) -> str:
    """The end of a sentence that has told how far the target was missed; empty where none is known.

    ` and 9 below the floor of 80%`, ` but within the Amber limit of 80%`, ` and 3 below the 74% of a
    year ago`
    """
    limit = missed_on(kpi, value)
    if limit is None or kpi["rating"] not in (Rating.RED, Rating.AMBER):
        return ""
    by = rule(kpi)
    if by is Amber.NONE:
        return ""
    if by is Amber.YEAR_AGO:
        return _against_year_ago(kpi, value, limit, wording)
    if by is Amber.FLOOR:
        name, held = "floor", "within" if _too_high(kpi, value) else "above"
        lost = _side(kpi, value)
    else:
        name, held, lost = _tolerated(wording), "within", "beyond"
    text = f"the {name} of {display.limit(limit, kpi['unit'], wording)}"
    if value == limit:
        return f" and at {text}"
    if kpi["rating"] == Rating.AMBER:
        return f" but {held} {text}"
    return f" and {_size(value - limit, kpi, wording)} {lost} {text}"


def _against_year_ago(kpi: Row, value: Decimal, limit: Decimal, wording: Wording) -> str:
    if limit == _target_missed(kpi, value):
        return ", which the figure of a year ago met"
    if _two_sided(kpi):  # the figure of a year ago may have missed the target on the other side
        if kpi["rating"] == Rating.AMBER:
            return " but no further out than a year ago"
        return f" and {_size(value - limit, kpi, wording)} further out than a year ago"
    text = f"the {display.figure(limit, kpi['unit'], kpi['decimals'], wording)} of a year ago"
    if kpi["rating"] == Rating.AMBER:
        return f" but no worse than {text}"
    return f" and {_size(value - limit, kpi, wording)} {_side(kpi, value)} {text}"


def why_red(kpi: Row, value: Decimal, wording: Wording = PLAIN) -> str:
    """By how much a Red missed its limit, beside its figures: `9 points below the floor`."""
    by, limit = rule(kpi), missed_on(kpi, value)
    if limit is None:
        unknown = {Amber.FLOOR: "; the document prints no floor"}
        return f"Rating as published{unknown.get(by, '')}"
    size = display.difference(value - limit, kpi["unit"], wording)
    if by is Amber.FLOOR:
        return f"{size} {'above' if value > limit else 'below'} the floor"
    if by in (Amber.POINTS, Amber.PERCENT):
        return f"{size} beyond the {_tolerated(wording)}"
    if by is Amber.YEAR_AGO and limit != _target_missed(kpi, value):
        return f"{size} {'further out' if _two_sided(kpi) else 'worse'} than a year ago"
    met = ", which the figure of a year ago met" if by is Amber.YEAR_AGO else ""
    return f"{size} {_side(kpi, value)} target{met}"


def _too_high(kpi: Row, value: Decimal) -> bool:
    return kpi["target_to"] is not None and value > kpi["target_to"]


def _side(kpi: Row, value: Decimal) -> str:
    return "above" if _too_high(kpi, value) else "below"


def _target_missed(kpi: Row, value: Decimal) -> Decimal | None:
    target: Decimal | None = kpi["target_to"] if _too_high(kpi, value) else kpi["target_from"]
    return target


def _two_sided(kpi: Row) -> bool:
    return None not in (kpi["target_from"], kpi["target_to"])


def _size(gap: Decimal, kpi: Row, wording: Wording) -> str:
    """Without the points, which the sentence has named already."""
    return display.difference(gap, kpi["unit"], wording).split(" point")[0]


def _tolerated(wording: Wording) -> str:
    """`Amber limit`; a name of several words stands in quotes."""
    name = wording.label(Rating.AMBER)
    return f"“{name}” limit" if " " in name else f"{name} limit"
