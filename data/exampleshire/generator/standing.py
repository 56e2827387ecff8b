"""How a figure stands to its target, limit of Amber or expected range, as the end of a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kpi_core import display, limits
from kpi_core.rules import TOLERANT
from kpi_core.words import Amber, Polarity, Rating

Row = Mapping[str, Any]


def of_target(row: Row) -> str:
    """`, 2 points short of the target of 85% but above the floor of 80%`."""
    value, target = row["value"], row["target"]
    if target is None:
        return "; a target has yet to be agreed"
    if row["target_high"] is not None:
        return _of_band(row)
    aim = display.limit(target, row["unit"])
    if value == target:
        return f", exactly the target of {aim}"
    size = display.difference(value - target, row["unit"])
    side = "above" if value > target else "below"
    lower = row["polarity"] == Polarity.LOWER
    if row["polarity"] == Polarity.TARGET:
        return f", {size} {side} the target of {aim}"
    if (value < target) == lower:
        better = "better than" if row["unit"] == "percent" else side
        return f", {size} {better} the target of {aim}"
    return f", {size} {'above' if lower else 'short of'} the target of {aim}{_of_limit(row)}"


def _of_limit(row: Row) -> str:
    """What the limit between Amber and Red says of a figure that missed its target."""
    if limits.rule(row) is Amber.YEAR_AGO:
        return _of_year_ago(row)
    if row["floor"] is None:
        return "; no floor has been agreed" if row["rating"] == Rating.UNDECIDED else ""
    lower = row["polarity"] == Polarity.LOWER
    if limits.rule(row) in TOLERANT:
        name, held, lost = "Amber limit", "within", "beyond"
    else:
        name, held, lost = "floor", *(("within", "above") if lower else ("above", "below"))
    limit = f"the {name} of {display.limit(row['floor'], row['unit'])}"
    if row["value"] == row["floor"]:
        return f" and exactly at {limit}"
    return f" and {lost} {limit}" if row["rating"] == Rating.RED else f" but {held} {limit}"


def names_year_ago(row: Row) -> bool:
    """Whether `of_target` has told the figure of a year ago already."""
    missed = row["rating"] in (Rating.AMBER, Rating.RED)
    return missed and limits.rule(row) is Amber.YEAR_AGO and row["floor"] != row["target"]


def _of_year_ago(row: Row) -> str:
    """The same where the figure of a year ago is the limit, which at best is the target itself."""
    if row["rating"] == Rating.UNDECIDED:
        return "; there is no figure of a year ago to compare with"
    if not names_year_ago(row):
        return ", which was met a year ago"
    then = display.figure(row["floor"], row["unit"], row["decimals"])
    if row["value"] == row["floor"]:
        return f" but the same as the {then} of a year ago"
    worse = "worse" if row["rating"] == Rating.RED else "better"
    joined = "and" if row["rating"] == Rating.RED else "but"
    return f" {joined} {worse} than the {then} of a year ago"


def _of_band(row: Row) -> str:
    band = display.band(row["target"], row["target_high"], row["unit"])
    if row["target"] <= row["value"] <= row["target_high"]:
        return f", inside the range of {band} that is aimed for"
    side = "above" if row["value"] > row["target_high"] else "below"
    return f", {side} the range of {band} that is aimed for"


def of_range(row: Row) -> str:
    """`, above the expected range of 1,400 to 1,650`, or nothing where none is expected."""
    low, high = row["lower"], row["upper"]
    if low is None or high is None:
        return ""
    band = display.band(low, high, row["unit"])
    place = {"Above": "above", "Below": "below"}.get(str(row["alert"]), "within")
    return f", {place} the expected range of {band}"
