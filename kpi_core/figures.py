"""All the figures of an organisation at one moment: one frame for each table of the contract."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

import polars as pl

from kpi_core.organisation import Organisation
from kpi_core.periods import Period
from kpi_core.shown import Shown


@dataclass(frozen=True)
class Figures:
    """What the store holds, as at a moment. Each frame has the columns of its table's schema."""

    organisation: Organisation
    documents: pl.DataFrame
    reports: pl.DataFrame
    sections: pl.DataFrame
    officers: pl.DataFrame
    placements: pl.DataFrame
    indicators: pl.DataFrame
    targets: pl.DataFrame
    thresholds: pl.DataFrame
    observations: pl.DataFrame
    benchmarks: pl.DataFrame
    commentary: pl.DataFrame
    published: pl.DataFrame
    published_counts: pl.DataFrame
    risks: pl.DataFrame
    risk_levels: pl.DataFrame
    risk_actions: pl.DataFrame

    @property
    def year_start(self) -> int:
        """The month in which the organisation's financial year begins."""
        return self.organisation.year_start

    def shown_in(self, report: str, at: Period) -> Shown | None:  # noqa: ARG002
        """What was shown of that report and period and stands, whatever is worked out today."""
        return None

    def tables(self) -> Iterator[tuple[str, pl.DataFrame]]:
        """Every table by its name."""
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, pl.DataFrame):
                yield field.name, value


@dataclass(frozen=True)
class AsPublished(Figures):
    """The figures of an edition, with what it showed of its report and period."""

    shown: Shown

    def shown_in(self, report: str, at: Period) -> Shown | None:
        """What the edition showed, if it is about that report and period."""
        about = (self.shown.report, self.shown.period)
        return self.shown if about == (report, str(at)) else None
