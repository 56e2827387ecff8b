"""How every outcome of a forecast would be rated, by the rule by which figures are rated."""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal

import polars as pl

from kpi_core import rating
from kpi_core.fields import FIGURE
from kpi_core.forecast import Aim
from kpi_core.words import Rating

#: The bands of `rating.with_bands`: which end, and whether it is a lower one.
_ENDS = {"target_from": True, "target_to": False, "floor_from": True, "floor_to": False}


def aims(bands: pl.DataFrame) -> list[Aim | None]:
    """What outcomes are rated against; None where there is no target.

    Takes the four bands of `rating.with_bands` (null is open) and decimals Int. An outcome counts as
    it will be displayed, so ratings change half a last digit before a limit: at 89.5 where the target
    is 90, no decimals. A limit on the wrong side of another is taken as figures are rated by it.
    """
    rows = bands.select(*_ENDS, "decimals").to_dicts()
    cuts = [_cuts(row, row["decimals"]) for row in rows]
    cells = [
        {**row, "row": number, "shown": Decimal(digits).scaleb(-row["decimals"])}
        for number, row in enumerate(rows)
        for digits in [cut - 1 for cut in cuts[number][:1]] + cuts[number]
    ]
    figures = dict.fromkeys([*_ENDS, "shown"], FIGURE)
    frame = pl.DataFrame(cells, schema={**figures, "decimals": pl.Int64(), "row": pl.Int64()})
    rated = frame.select("row", rating=rating.verdict().cast(pl.String))
    by_row: dict[int, list[Rating]] = {}
    for number, found in rated.iter_rows():
        by_row.setdefault(number, []).append(Rating(found))
    return [
        None
        if row["target_from"] is None and row["target_to"] is None
        else Aim(tuple(_edge(cut, row["decimals"]) for cut in cuts[number]), tuple(by_row[number]))
        for number, row in enumerate(rows)
    ]


def aim(
    target_from: Decimal | None,
    target_to: Decimal | None,
    floor_from: Decimal | None,
    floor_to: Decimal | None,
    decimals: int,
) -> Aim | None:
    """The same of one set of bands."""
    row = (target_from, target_to, floor_from, floor_to, decimals)
    schema = {**dict.fromkeys(_ENDS, FIGURE), "decimals": pl.Int64()}
    return aims(pl.DataFrame([row], schema=schema, orient="row"))[0]


def _cuts(row: dict[str, Decimal | None], decimals: int) -> list[int]:
    """The displayed figures from which on a rating may be another, in units of their last digit."""
    return sorted(set(_cut(row, decimals)))


def _cut(row: dict[str, Decimal | None], decimals: int) -> Iterator[int]:
    for name, is_lower in _ENDS.items():
        end = row[name]
        if end is not None:
            digits = end.scaleb(decimals)
            yield math.ceil(digits) if is_lower else math.floor(digits) + 1


def _edge(cut: int, decimals: int) -> float:
    """The least figure that is displayed as so many last digits: half a digit is rounded away from
    zero, so that below zero it still belongs to the digit before.
    """
    edge = (2 * cut - 1) / (2 * 10**decimals)
    return edge if cut > 0 else math.nextafter(edge, math.inf)
