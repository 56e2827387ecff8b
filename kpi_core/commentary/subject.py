"""What a text about an indicator is held against: its figures, its rating, where it heads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl

from kpi_core import earlier, registry, scorecard, series, trend
from kpi_core.figures import Figures
from kpi_core.periods import Period
from kpi_core.wording import PLAIN, Wording
from kpi_core.words import Amber, Direction, FigureBasis

#: The columns of each table that hold figures of an indicator.
_FIGURES = {
    "observations": ("value", "numerator", "denominator"),
    "benchmarks": ("value",),
    "published": ("value", "target", "floor"),
}
_LIMITS = {
    "targets": ("target", "target_high", "floor", "floor_high"),
    "thresholds": ("lower", "upper"),
}
_YEAR = 12


@dataclass(frozen=True)
class Standing:
    """One verdict on a KPI: on its period's figure, or on the year to date."""

    rating: str
    value: Decimal | None
    target: Decimal | None
    floor: Decimal | None  #: only where it tells Amber from Red


@dataclass(frozen=True)
class Subject:
    """An indicator in a period, as far as a text can be held against it.

    `moved` and `moved_in_a_year` are directions (Direction), from the period before and from a year
    before; `figures` has every figure held of the indicator, of whatever period, area or part.
    """

    name: str
    unit: str
    decimals: int
    polarity: str
    is_kpi: bool
    value: Decimal | None = None
    previous: Decimal | None = None
    year_ago: Decimal | None = None
    is_new: bool = True  #: whether the period before showed another figure, of an earlier time
    direction: str = Direction.NOT_ENOUGH
    moved: str = Direction.NOT_ENOUGH
    moved_in_a_year: str = Direction.NOT_ENOUGH
    standings: tuple[Standing, ...] = ()
    figures: frozenset[Decimal] = frozenset()
    limits: frozenset[Decimal] = frozenset()
    wording: Wording = PLAIN

    @property
    def called(self) -> str:
        """What a message calls it, under its name."""
        return "this KPI" if self.is_kpi else "this indicator"

    @property
    def has_changed(self) -> bool:
        """Whether the figure is new and another than that of the period before."""
        return self.is_new and self.value is not None and self.value != self.previous


def subjects(figures: Figures, report: str, at: Period, card: pl.DataFrame) -> dict[str, Subject]:
    """Every KPI and activity indicator of a report in a period, by its code.

    `card` is what scorecard.kpis gives for that report and period.
    """
    placed = registry.placed(figures, report, at)
    past = series.points(figures.observations, placed, figures.year_start)
    then = earlier.of_a_year_before(past, series.shown(past, at))
    tie = figures.organisation.rules.tie
    known = _by_indicator(figures, _FIGURES)
    limits = _by_indicator(figures, _LIMITS)
    to_date = _years_to_date(figures, placed, past, at)
    kpis = card.join(then, on="indicator", how="left", maintain_order="left").with_columns(
        moved=trend.compared(pl.col("previous_value"), tie).cast(pl.String),
        moved_in_a_year=trend.compared(pl.col("a_year_before"), tie).cast(pl.String),
    )
    activities = scorecard.activities(figures, report, at).join(
        then, on="indicator", how="left", maintain_order="left"
    )
    found = {}
    for row in kpis.filter(pl.col("basis") == FigureBasis.PERIOD).iter_rows(named=True):
        own = kpis.filter(pl.col("indicator") == row["indicator"])
        found[row["indicator"]] = _subject(
            row,
            figures,
            is_kpi=True,
            standings=tuple(map(_standing, own.iter_rows(named=True))),
            direction=str(row["direction"]),
            moved=row["moved"] if not row["same_figure"] else Direction.NOT_ENOUGH,
            moved_in_a_year=row["moved_in_a_year"],
        )
    for row in activities.iter_rows(named=True):
        found[row["indicator"]] = _subject(row, figures, is_kpi=False)
    return {
        code: _with_figures(one, known.get(code, ()), to_date.get(code, ()), limits.get(code, ()))
        for code, one in found.items()
    }


def _subject(row: Mapping[str, Any], figures: Figures, *, is_kpi: bool, **more: Any) -> Subject:
    return Subject(
        name=row["name"],
        unit=row["unit"],
        decimals=row["decimals"],
        polarity=str(row["polarity"]),
        is_kpi=is_kpi,
        value=row["value"],
        previous=row["previous_value"],
        year_ago=row["a_year_before"],
        is_new=not row["same_figure"],
        wording=figures.organisation.wording,
        **more,
    )


def _standing(row: Mapping[str, Any]) -> Standing:
    by_floor = row["amber"] == Amber.FLOOR
    one_sided = row["target_high"] is None
    return Standing(
        str(row["rating"]),
        row["value"],
        row["target"] if one_sided else None,
        row["floor"] if by_floor and one_sided else None,
    )


def _with_figures(
    subject: Subject,
    known: Iterable[Decimal],
    to_date: Iterable[Decimal],
    limits: Iterable[Decimal],
) -> Subject:
    shown = (subject.value, subject.previous, subject.year_ago)
    judged = (standing.value for standing in subject.standings)
    figures = {one for one in (*known, *to_date, *shown, *judged) if one is not None}
    bounds = {bound for one in subject.standings for bound in (one.target, one.floor)}
    held = frozenset(limits) | {bound for bound in bounds if bound is not None}
    return Subject(**(vars(subject) | {"figures": frozenset(figures), "limits": held}))


def _by_indicator(
    figures: Figures, tables: Mapping[str, tuple[str, ...]]
) -> dict[str, set[Decimal]]:
    """The numbers in those columns, by indicator."""
    found: dict[str, set[Decimal]] = {}
    for table, columns in tables.items():
        rows: pl.DataFrame = getattr(figures, table)
        for code, *numbers in rows.select("indicator", *columns).iter_rows():
            found.setdefault(code, set()).update(one for one in numbers if one is not None)
    return found


def _years_to_date(
    figures: Figures, placed: pl.DataFrame, past: pl.DataFrame, at: Period
) -> dict[str, set[Decimal]]:
    """The year to date at the period, at the one before and a year before, by indicator."""
    found: dict[str, set[Decimal]] = {}
    for period in (at, at.shift(-1), at.shift(-_YEAR // at.frequency.months)):
        for code, value in _to_date(figures, placed, past, period):
            found.setdefault(code, set()).add(value)
    return found


def _to_date(
    figures: Figures, placed: pl.DataFrame, past: pl.DataFrame, period: Period
) -> Iterator[tuple[str, Decimal]]:
    rows = series.year_to_date(past, figures.observations, placed, period)
    yield from rows.filter(pl.col("value").is_not_null()).select("indicator", "value").iter_rows()
