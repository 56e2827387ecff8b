"""The outlook for an indicator's year: what each period left must bring, and where it may end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

import polars as pl

from kpi_core import fields, forecast, outcomes, quotients, rating, run_rate, standards
from kpi_core.bounded import Scale
from kpi_core.figures import Figures
from kpi_core.forecast import Chances, Outlook
from kpi_core.periods import Frequency, Period
from kpi_core.run_rate import RunRate, YearSoFar
from kpi_core.views.one_indicator import IndicatorView
from kpi_core.words import Kind, Measure, Ytd

#: The whole of something, in percent.
_ALL = 100
#: Where the year's figure comes from all of its periods.
ADDS_UP = (Ytd.SUM, *run_rate.AVERAGED)
#: What an indicator is judged by.
JUDGED = ("indicator", "polarity", "unit", "decimals")
#: What a year's figure is rated against.
AIM = ("target", "target_high", "target_from", "target_to", "floor_from", "floor_to")


class Open(StrEnum):
    """Why there is nothing to look ahead to."""

    YEARLY = "yearly"  #: one figure a year
    COMPLETE = "complete"  #: no period is left
    GAP = "gap"  #: a figure of the year is missing, or of the end of the year before


@dataclass(frozen=True)
class Forecast:
    """Where the year may end, and the chance of each rating."""

    outlook: Outlook
    low: float  #: four of five outcomes lie between low and high
    high: float
    chances: Chances | None  #: None without a target


@dataclass(frozen=True)
class AheadView:
    """The rest of the year of an indicator."""

    year: Period
    closed: Open | None
    left: int  #: periods of the year that have no figure yet
    last: Period  #: the last period of the year
    adds_up: bool  #: whether the year's figure comes from all of its periods, or from the last
    target: tuple[Decimal | None, Decimal | None]  #: as printed: see standards.with_targets
    rate: RunRate | None  #: None without a target
    range: tuple[int | None, int | None]  #: between which all figures lie, as far as is known
    known: int  #: figures in a row, the latest the last
    forecast: Forecast | None


def ahead(figures: Figures, view: IndicatorView) -> AheadView:
    """What is ahead of an indicator in the year of the page."""
    frequency = Frequency(str(view.indicator["frequency"]))
    year = view.page.at.year
    last = Period(frequency, year.end_month - frequency.months, year.year_start)
    known = _known(view, frequency)
    in_year = 12 // frequency.months
    passed = _passed(known, year, frequency)
    left = in_year - passed
    done = known.filter(pl.col("end_month") > year.first_month)
    how = how_it_adds_up(view.indicator)
    aim = _aim(figures, view, year, last if how not in ADDS_UP else year)
    closed = _closed(in_year, passed, done.height, adds_up=how in ADDS_UP)
    row = forecast.unbroken(known.select("x", value="unrounded"))
    ends = between(known["value"], str(view.indicator["unit"]), aim["target"], aim["target_high"])
    year_so_far = so_far(done, view.indicator, left)
    decimals = int(str(view.indicator["decimals"]))
    against = outcomes.aim(
        aim["target_from"], aim["target_to"], aim["floor_from"], aim["floor_to"], decimals
    )
    made = None if closed else _forecast(row, year_so_far, in_year, against, Scale(*ends))
    has_target = aim["target_from"] is not None or aim["target_to"] is not None
    return AheadView(
        year=year,
        closed=closed,
        left=left,
        last=last,
        adds_up=how in ADDS_UP,
        target=(aim["target"], aim["target_high"]),
        rate=run_rate.needed(year_so_far, aim["target_from"], aim["target_to"])
        if has_target and not closed
        else None,
        range=ends,
        known=len(row),
        forecast=made,
    )


def _known(view: IndicatorView, frequency: Frequency) -> pl.DataFrame:
    """The figures in the indicator's present definition, oldest first, with x in periods."""
    return view.places.filter(pl.col("value").is_not_null() & pl.col("in_series")).select(
        "end_month", "value", "unrounded", "counted", "numerator", "denominator", "unit",
        x=pl.col("end_month") // frequency.months,
    )  # fmt: skip


def _passed(known: pl.DataFrame, year: Period, frequency: Frequency) -> int:
    """How many periods of the year are over, up to the latest figure; negative before its start."""
    latest = known["end_month"].max()
    end = latest if isinstance(latest, int) else year.first_month - 12
    return (end - year.first_month) // frequency.months


def how_it_adds_up(indicator: Mapping[str, object]) -> Ytd:
    """How the year's figure comes about. A percentage is never a mean of percentages."""
    how = Ytd(str(indicator["ytd"]))
    if str(indicator["measure"]) == Measure.YEAR_TO_DATE:
        return Ytd.LATEST
    return Ytd.RATIO if how == Ytd.MEAN and factor(indicator) > 1 else how


def factor(indicator: Mapping[str, object]) -> int:
    """What a quotient is multiplied with to be a figure."""
    return _ALL if indicator["unit"] == "percent" else 1


def _closed(in_year: int, passed: int, done: int, *, adds_up: bool) -> Open | None:
    if in_year == 1:
        return Open.YEARLY
    if passed == in_year:
        return Open.COMPLETE
    if passed < 0 or (adds_up and done < passed):
        return Open.GAP
    return None


def between(
    values: pl.Series, unit: str, *targets: Decimal | None
) -> tuple[int | None, int | None]:
    """Between which ends all figures lie, as far as history and target say.

    No count, day, tonne or pound has been below nothing, so none will be. A percentage is one of a
    whole, unless it was below nothing or above a hundred, or is meant to be: then it is a change, or
    one thing in percent of another.
    """
    aimed_at = [target for target in targets if target is not None]
    below = bool((values < 0).any()) or any(target < 0 for target in aimed_at)
    above = bool((values > _ALL).any()) or any(target > _ALL for target in aimed_at)
    return (None if below else 0), (_ALL if unit == "percent" and not above and not below else None)


def so_far(done: pl.DataFrame, indicator: Mapping[str, object], left: int) -> YearSoFar:
    """What a year's periods brought so far: rows as `quotients.fractions` takes them, in order."""
    how = how_it_adds_up(indicator)
    cases = done["denominator"]
    weights = [] if cases.null_count() else cases.to_list()
    figures = quotients.fractions(done)
    return YearSoFar(how, figures, left, parts(done), weights, factor(indicator))


def parts(done: pl.DataFrame) -> list[tuple[Decimal, Decimal]]:
    """Numerator and denominator of each period, where every one is known."""
    pairs = done.select("numerator", "denominator")
    return [] if pairs.null_count().sum_horizontal().sum() else list(pairs.iter_rows())


def _aim(
    figures: Figures, view: IndicatorView, year: Period, judged: Period
) -> dict[str, Decimal | None]:
    """What the year's figure will be rated against: target, target_high and the bands."""
    if view.indicator["kind"] != Kind.KPI:
        return dict.fromkeys(AIM)
    row = pl.DataFrame([{name: view.indicator[name] for name in JUDGED}]).with_columns(
        period=pl.lit(str(judged)), own_year=pl.lit(str(year))
    )
    return aims(figures, row).select(AIM).row(0, named=True)


def aims(figures: Figures, rows: pl.DataFrame) -> pl.DataFrame:
    """What figures of years will be rated against.

    Takes the columns of JUDGED, period (whose figure it is: the year, or its last period) and
    own_year. Returns them with those of AIM: see standards.with_targets and rating.with_bands.
    """
    missing = pl.lit(None, dtype=fields.FIGURE)
    framed = rows.with_columns(value=missing, year_ago=missing)
    aimed = rating.with_rules(
        standards.with_targets(framed, figures.targets), figures.organisation.rules
    )
    return rating.with_bands(aimed)


def _forecast(
    row: list[float], year: YearSoFar, season: int, aim: forecast.Aim | None, scale: Scale
) -> Forecast | None:
    """Where the year may end; None where history is too short."""
    if not row:
        return None
    history = forecast.past(row, season, year.left, scale).at_one_level
    known = forecast.SoFar(float(year.total), len(year.done), year.left)
    outlook = forecast.year_end(history, year.how, known)
    if outlook is None:
        return None
    low, high = outlook.interval()
    return Forecast(outlook, low, high, forecast.chances(outlook, aim))
