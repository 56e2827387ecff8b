"""What is wrong with a year's targets and floors, and what last year would have been under others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any

import polars as pl

from kpi_core import display, earlier, history, rating, registry, series, standards
from kpi_core.errors import UnknownName
from kpi_core.fields import FIGURE
from kpi_core.figures import Figures
from kpi_core.framework.listing import framework, is_held, kpis
from kpi_core.framework.printed import as_listed
from kpi_core.periods import Period
from kpi_core.wording import Wording
from kpi_core.words import Amber, Kind, Polarity, Rating


class Finding(StrEnum):
    """What can be wrong with a target or floor."""

    FLOOR_BEYOND_TARGET = "floor_beyond_target"
    EASIER_THAN_ACTUAL = "easier_than_actual"
    NO_FLOOR = "no_floor"
    NEVER_MISSED = "never_missed"
    NEVER_MET = "never_met"


#: Figures from which it says something that all of them met a target, or none: a year of quarters.
ENOUGH = 4

_LIMITS = standards.TARGETS
_TWO_SIDED = (Polarity.RANGE, Polarity.TARGET)
_BETTER = {Polarity.HIGHER: "higher is better", Polarity.LOWER: "lower is better"}


def checks(figures: Figures, report: str, year: Period) -> pl.DataFrame:
    """What is wrong with the targets and floors of a year, whether set or proposed.

    Nothing for a year of which only what was removed is known. In the framework's order. Returns
    finding (a Finding), indicator, message (one sentence with the figures), all String.
    """
    listed = framework(figures, report, year)
    if not is_held(figures, report, year):
        listed = listed.clear()
    return checks_of(figures, report, year, listed)


def checks_of(figures: Figures, report: str, year: Period, listed: pl.DataFrame) -> pl.DataFrame:
    """What is wrong with the targets and floors of these rows of a framework (see `checks`).

    They may be other ones than the framework has: those that somebody thinks of proposing.
    """
    in_force = kpis(listed)
    past = _past(as_listed(figures, report, year), report, year, in_force)
    rows = rating.with_bands(rating.with_rules(in_force, figures.organisation.rules)).join(
        past, on="indicator", how="left", maintain_order="left"
    )
    found = [
        {"finding": str(finding), "indicator": row["indicator"], "message": message}
        for row in rows.iter_rows(named=True)
        for finding, message in _findings(row, figures)
    ]
    return pl.DataFrame(found, schema=dict.fromkeys(("finding", "indicator", "message"), pl.String))


def _past(figures: Figures, report: str, year: Period, in_force: pl.DataFrame) -> pl.DataFrame:
    """How the figures before the year stand to its target: indicator, known, met, lowest, highest,
    first and last (the period).

    Only figures that measure what the year's definition does.
    """
    asked = registry.placed(figures, report, year)
    before = series.points(figures.observations, asked, figures.year_start).filter(
        pl.col("in_series")
        & pl.col("value").is_not_null()
        & (pl.col("end_month") <= year.first_month)
    )
    limits = in_force.select("indicator", "polarity", *_LIMITS)
    return (
        rating.rate(
            rating.with_rules(before.join(limits, on="indicator"), figures.organisation.rules)
        )
        .filter(pl.col("rating").cast(pl.String) != Rating.NOT_RATED)
        .sort("indicator", "end_month")
        .group_by("indicator", maintain_order=True)
        .agg(
            known=pl.len(),
            met=(pl.col("rating").cast(pl.String) == Rating.GREEN).sum(),
            lowest=pl.col("shown").min(),
            highest=pl.col("shown").max(),
            first=pl.col("period").first(),
            last=pl.col("period").last(),
        )
    )


def _findings(row: Mapping[str, Any], figures: Figures) -> Iterator[tuple[Finding, str]]:
    """The findings of one KPI, each with its sentence."""
    target = _target(row, figures.organisation.wording)
    yield from _of_floor(row, target, figures.organisation.wording)
    if _is_easier(row, figures.organisation.period):
        when = figures.organisation.period(row["actual_period"]).words
        actual = display.limit(row["actual"], row["unit"], figures.organisation.wording)
        message = f"The target of {target} is easier than last year's actual of {actual} ({when})."
        yield Finding.EASIER_THAN_ACTUAL, message
    known, met = row["known"] or 0, row["met"] or 0
    if row["target"] is None or known < ENOUGH or met not in {0, known}:
        return
    past = _in_words(row, figures)
    if met:
        yield Finding.NEVER_MISSED, f"The target of {target} was met by all {past}."
    else:
        yield Finding.NEVER_MET, f"The target of {target} was met by none of the {past}."


def _target(row: Mapping[str, Any], wording: Wording) -> str:
    return display.band(row["target"], row["target_high"], row["unit"], wording)


def _of_floor(
    row: Mapping[str, Any], target: str, wording: Wording
) -> Iterator[tuple[Finding, str]]:
    def limit(value: Decimal) -> str:
        return display.limit(value, row["unit"], wording)

    polarity = row["polarity"]
    why = f": {_BETTER[polarity]}" if polarity in _BETTER else ""
    low, high = row["floor_from"], row["floor_to"]
    for floor, edge, lies, is_wrong in (
        (low, row["target_from"], "above", _is_less(row["target_from"], low)),
        (high, row["target_to"], "below", _is_less(high, row["target_to"])),
    ):
        if is_wrong:
            limits = f"The floor of {limit(floor)} lies {lies} the target of {limit(edge)}"
            yield Finding.FLOOR_BEYOND_TARGET, f"{limits}, on its better side{why}."
    if row["target"] is None:
        yield Finding.NO_FLOOR, "There is no target and no floor: both are still to be agreed."
    elif row["amber"] != Amber.FLOOR:
        return  # Amber is told apart without a floor
    elif row["floor"] is None or (polarity in _TWO_SIDED and row["floor_high"] is None):
        missed = f"No floor is known: when the target of {target} is missed"
        yield Finding.NO_FLOOR, f"{missed}, Amber and Red cannot be told apart."


def _in_words(row: Mapping[str, Any], figures: Figures) -> str:
    """`8 figures from Q1 2023/24 to Q4 2024/25, which lie between 78% and 92%`."""
    organisation = figures.organisation
    first, last = (organisation.period(row[name]).words for name in ("first", "last"))
    low, high = (
        display.figure(row[name], row["unit"], row["decimals"], organisation.wording)
        for name in ("lowest", "highest")
    )
    among = f"which lie between {low} and {high}" if low != high else f"which are all {low}"
    return f"{row['known']} figures from {first} to {last}, {among}"


def _is_less(one: Decimal | None, other: Decimal | None) -> bool:
    return one is not None and other is not None and one < other


def _is_easier(row: Mapping[str, Any], period: Any) -> bool:
    """Whether last year did better than the target asks for.

    Only where one way is better, and where last year's figure measured the same thing.
    """
    if row["actual"] is None or period(row["actual_period"]).first_month < row["series_start"]:
        return False
    if row["polarity"] == Polarity.HIGHER:
        return _is_less(row["target"], row["actual"])
    return row["polarity"] == Polarity.LOWER and _is_less(row["actual"], row["target"])


def rehearsal(
    figures: Figures,
    indicator: str,
    year: Period,
    target: Decimal | None,
    floor: Decimal | None,
    *,
    target_high: Decimal | None = None,
    floor_high: Decimal | None = None,
    report: str = "",
) -> pl.DataFrame:
    """The periods of the year before `year`, rated under another target and floor.

    From the first period that has a figure; oldest first. Returns period, value (Decimal, as
    displayed), rating (as it was rated then, published ones included), proposed_rating (null where
    the figure measures something else than the year's definition does), rating_basis: all String
    but the value. Raises UnknownName for an indicator that is no KPI of either year's framework.
    """
    report, before = report or figures.organisation.quarterly, year.shift(-1)
    then = _kpi(figures, report, before, indicator)
    now = _kpi(figures, report, year, indicator)
    placed, proposed_for = (now if then.is_empty() else then), (then if now.is_empty() else now)
    if placed.is_empty():
        known = [
            *_kpi(figures, report, before)["indicator"],
            *_kpi(figures, report, year)["indicator"],
        ]
        raise UnknownName("KPI", indicator, set(known))
    rows = history.places(figures, report, placed, before).filter(pl.col("year") == str(before))
    limits = {
        "target": target, "target_high": target_high, "floor": floor, "floor_high": floor_high,
    }  # fmt: skip
    facts = proposed_for.row(0, named=True)
    bare = rows.select("indicator", "period", "end_month", "value", "status").with_columns(
        *(pl.lit(value, dtype=FIGURE).alias(name) for name, value in limits.items()),
        polarity=pl.lit(str(facts["polarity"])),
        decimals=pl.lit(facts["decimals"], dtype=pl.Int32),
        unit=pl.lit(facts["unit"]),
    )
    points = series.points(figures.observations, proposed_for, figures.year_start)
    year_ago = earlier.by_place(points).filter("in_series").drop("in_series")
    aimed = rating.with_rules(
        bare.join(year_ago, on=["indicator", "end_month"], how="left", maintain_order="left"),
        figures.organisation.rules,
    )
    comparable = pl.col("end_month") > facts["series_start"]
    proposed = rating.rate(aimed).select(
        "period",
        proposed_rating=pl.when(comparable).then(pl.col("rating").cast(pl.String)),
    )
    return rows.join(proposed, on="period", how="left", maintain_order="left").select(
        "period", pl.col("shown").alias("value"), "rating", "proposed_rating", "rating_basis"
    )


def _kpi(figures: Figures, report: str, year: Period, indicator: str = "") -> pl.DataFrame:
    """The placement of a KPI in a year, or of all of them."""
    placed = registry.placed(figures, report, year)
    kpis = placed.filter(pl.col("kind").cast(pl.String) == Kind.KPI)
    return kpis.filter(pl.col("indicator") == indicator) if indicator else kpis
