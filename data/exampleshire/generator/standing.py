"""How a figure stands to its target, floor or expected range, as the end of a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kpi_core import display
from kpi_core.words import Polarity, Rating

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
    return f", {size} {'above' if lower else 'short of'} the target of {aim}{_of_floor(row)}"


def _of_floor(row: Row) -> str:
    """What the floor says of a figure that missed its target."""
    if row["floor"] is None:
        return "; no floor has been agreed" if row["rating"] == Rating.UNDECIDED else ""
    floor = display.limit(row["floor"], row["unit"])
    lower = row["polarity"] == Polarity.LOWER
    if row["value"] == row["floor"]:
        return f" and exactly at the floor of {floor}"
    if row["rating"] == Rating.RED:
        return f" and {'above' if lower else 'below'} the floor of {floor}"
    return f" but {'within' if lower else 'above'} the floor of {floor}"


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
