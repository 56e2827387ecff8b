"""A rehearsal: what files would change, worked out before anything is saved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from kpi_core import overlay, quality
from kpi_core.changes import Changes, compare
from kpi_core.figures import Figures
from kpi_core.ingest import Received
from kpi_core.rehearsal.extent import Reach, Stretch, reach, stretches
from kpi_core.rehearsal.verdicts import CHANGED, COUNTED, Verdicts, changed_verdicts
from kpi_core.schemas import TABLES

__all__ = [
    "CHANGED", "COUNTED", "Reach", "Rehearsal", "Stretch", "Verdicts", "changed_verdicts", "rehearse",
]  # fmt: skip


@dataclass(frozen=True)
class Rehearsal:
    """What files would do."""

    changes: tuple[Changes, ...]  #: one for each table that the files bring, in their order
    reached: Reach
    stretches: tuple[Stretch, ...]  #: the periods of each report that were looked at, or not
    verdicts: Verdicts
    #: what looks wrong with the figures that the files bring, see `quality.brought`
    findings: pl.DataFrame
    after: Figures  #: what would be held

    @property
    def is_idle(self) -> bool:
        """Whether all rows are held already, so that saving would change nothing."""
        return all(one.changed.is_empty() for one in self.changes)


def rehearse(
    before: Figures,
    parts: Sequence[Received],
    today: date,
    *,
    published: pl.DataFrame | None = None,
    known: pl.DataFrame | None = None,
    progress: Callable[[float, str], None] | None = None,
) -> Rehearsal:
    """What saving these rows would change, from what is held before and what would be after.

    `parts` are rows without problems. `published` has report and period of every edition published
    here; documents count besides. `known` is what `quality.findings` says of `before`, for whoever
    has it already. Verdicts are worked out for the indicators touched, in all periods that can be
    hit, up to `extent.MOST_PERIODS` (see `extent.stretches`). `progress` is told the share done and
    what is being done.
    """
    tell = progress or (lambda _share, _doing: None)
    tell(0.0, "Comparing with what is held")
    after = overlay.laid_over(before, parts)
    brought = {part.table for part in parts if part.table}
    changes = {
        table: compare(table, overlay.received(table, parts), getattr(before, table))
        for table in TABLES
        if table in brought
    }
    reached = reach(changes, after)
    looked = tuple(stretches(before, after, reached))
    tell(0.3, "Working out ratings")
    verdicts = changed_verdicts(before, after, reached, looked)
    tell(0.6, "Looking for faults")
    found = quality.brought(before, after, changes, today, published=published, known=known)
    tell(1.0, "Rehearsed")
    return Rehearsal(tuple(changes.values()), reached, looked, verdicts, found, after)
