"""All the figures of an organisation at one moment: one frame for each table of the contract."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields

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
    #: What the latest published edition of each report and period showed.
    editions: Mapping[tuple[str, str], Shown] = field(
        default_factory=dict, repr=False, kw_only=True
    )

    @property
    def year_start(self) -> int:
        """The month in which the organisation's financial year begins."""
        return self.organisation.year_start

    def shown_in(self, report: str, at: Period) -> Shown | None:  # noqa: ARG002
        """What was shown of that report and period and stands, whatever is worked out today."""
        return None

    def edition_of(self, report: str, at: Period) -> Shown | None:
        """What the published edition of a report and period showed; none where there is none."""
        return self.editions.get((report, str(at)))

    def tables(self) -> Iterator[tuple[str, pl.DataFrame]]:
        """Every table by its name."""
        for one in fields(self):
            value = getattr(self, one.name)
            if isinstance(value, pl.DataFrame):
                yield one.name, value


def tables_in_order(tables: Mapping[str, pl.DataFrame]) -> list[pl.DataFrame]:
    """The tables as `Figures` takes them after the organisation."""
    names = [one.name for one in fields(Figures)]
    return [tables[name] for name in names if name in tables]


@dataclass(frozen=True)
class AsPublished(Figures):
    """The figures of an edition, with what it showed of its report and period."""

    shown: Shown = field(kw_only=True)

    def shown_in(self, report: str, at: Period) -> Shown | None:
        """What the edition showed, if it is about that report and period."""
        about = (self.shown.report, self.shown.period)
        return self.shown if about == (report, str(at)) else None
