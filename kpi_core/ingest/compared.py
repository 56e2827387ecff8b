"""Ratings and alerts that a wide table prints, held against what its own figures give.

They are never saved: a rating is always worked out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from kpi_core import alerts, exact, rating, registry, standards
from kpi_core.figures import Figures
from kpi_core.ingest.received import Reading
from kpi_core.periods import Period, with_calendar
from kpi_core.words import DECIDED, Alert, Rating


@dataclass(frozen=True, slots=True)
class Printed:
    """A rating or alert as a cell prints it."""

    row: int
    column: str
    indicator: str
    period: str
    basis: str
    text: str


_NOTHING = {"", "n/a", "na", "-", "–", "no data"}


def differences(
    printed: Sequence[Printed], parts: Mapping[str, pl.DataFrame], figures: Figures, at: Period
) -> Iterator[Reading]:
    """What differs, cell by cell. `parts` has the observations, targets and thresholds read."""
    said = [one for one in printed if one.text.strip().casefold() not in _NOTHING]
    if not said:
        return
    rows = pl.DataFrame(
        [(p.row, p.column, p.indicator, p.period, p.basis, p.text) for p in said],
        schema=["row", "column", "indicator", "period", "basis", "printed"],
        orient="row",
    )
    values = parts["observations"].select(
        "indicator", "period", pl.col("basis").cast(pl.String), "value"
    )
    definitions = registry.definitions(figures.indicators, at).select(
        "indicator", pl.col("polarity").cast(pl.String), "decimals"
    )
    found = rows.join(values, on=["indicator", "period", "basis"], maintain_order="left").join(
        definitions, on="indicator", maintain_order="left"
    )
    found = with_calendar(found, at.year_start).with_columns(own_year="year")
    targets = _laid_over(figures.targets, parts["targets"], ["indicator", "year", "period"])
    rated = rating.rate(
        rating.with_rules(standards.with_targets(found, targets), figures.organisation.rules)
    )
    ranges = _laid_over(figures.thresholds, parts["thresholds"], ["indicator", "year", "period"])
    for row in rated.iter_rows(named=True):
        yield from _of_rating(row, figures)
    for row in _judged(found, ranges).iter_rows(named=True):
        yield from _of_alert(row)


def _laid_over(held: pl.DataFrame, given: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    columns = [name for name in held.columns if name != "file_row"]
    return pl.concat([held.join(given, on=key, how="anti").select(columns), given.select(columns)])


def _judged(found: pl.DataFrame, ranges: pl.DataFrame) -> pl.DataFrame:
    """An alert is on the figure of the basis that its range is for."""
    value = exact.shown(pl.col("value"), pl.col("decimals"))
    return pl.concat(
        [
            standards.with_thresholds(
                found.filter(pl.col("basis") == basis), ranges, basis
            ).with_columns(alert=alerts.alert(value, pl.col("lower"), pl.col("upper")), shown=value)
            for basis in ("period", "ytd")
        ]
    )


def _of_rating(row: Mapping[str, object], figures: Figures) -> Iterator[Reading]:
    given = str(row["printed"]).strip()
    by_name = {figures.organisation.wording.label(one).casefold(): one for one in Rating}
    short = {one[0].casefold(): one for one in DECIDED}
    says = by_name.get(given.casefold()) or short.get(given.casefold())
    if says is None or row["rating"] not in DECIDED or says == row["rating"]:
        return
    yield _differs(row, given, str(row["rating"]))


def _of_alert(row: Mapping[str, object]) -> Iterator[Reading]:
    words = {one.casefold(): one for one in Alert}
    says = words.get(str(row["printed"]).strip().casefold())
    if says is not None and row["alert"] is not None and says != row["alert"]:
        yield _differs(row, str(row["printed"]), str(row["alert"]))


def _differs(row: Mapping[str, object], given: str, computed: str) -> Reading:
    figure = Decimal(str(row["shown"])).normalize()
    return Reading(
        f"{row['indicator']}, {row['column']}: the file says {given}; its figure {figure:,f} gives "
        f"{computed}. Ratings are worked out, so that of the file is not saved.",
        (int(str(row["row"])),),
    )
