"""What part of an indicator's coming and going is season."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from kpi_core import display, forecast, robust
from kpi_core.periods import Frequency, Period
from kpi_core.views.one_indicator import IndicatorView
from kpi_core.words import Measure

#: See robust.chance_of_season: at this level at most 3 in 100 series without any season show one.
LEVEL = 0.01
#: Above it season is most of what moves (Hyndman and Athanasopoulos, FPP3, 4.3).
_STRONG = 0.64


@dataclass(frozen=True)
class Seasons:
    """The seasons of the latest year, or why there are none to be seen."""

    remark: str  #: empty where there are seasons
    strength: float  #: see robust.Season.strength
    figures: int  #: how many they rest on
    frequency: str  #: how often these come
    #: label String (`Q1`, `Apr`), words String, value Float64 (above or below the year's run), text
    #: String, place Int32: a row for each quarter or month, in the order of the financial year
    parts: pl.DataFrame

    @property
    def said(self) -> str:
        """What the seasons come to, in a sentence; or why there are none."""
        if self.remark:
            return self.remark
        most = ", which is most of what moves them" if self.strength >= _STRONG else ""
        high, low = (
            self.parts.sort("value", descending=descending).row(0, named=True)
            for descending in (True, False)
        )
        return (
            f"The figures come and go with the seasons{most} (p below {LEVEL}, "
            f"{self.figures} {self.frequency}s): {high['words']} is "
            f"{high['text']} the year's run, {low['words']} {low['text']} it."
        )


def seasons(view: IndicatorView) -> Seasons:
    """The seasons of an indicator's figures since their last gap or break in definition."""
    frequency = Frequency(str(view.indicator["frequency"]))
    periods = 12 // frequency.months
    known = view.places.filter(pl.col("shown").is_not_null() & pl.col("in_series"))
    run = forecast.latest_run(known, frequency.months)

    def none(remark: str) -> Seasons:
        return Seasons(remark, 0.0, run.height, str(frequency), pl.DataFrame())

    if periods == 1:
        return none("One figure a year has no seasons.")
    if str(view.indicator["measure"]) == Measure.ROLLING:
        return none("Each figure is of twelve months, so every season is in each of them.")
    found = robust.season(run["unrounded"].to_numpy(), periods)
    if found is None:
        return none(
            f"Seasons need two years of {frequency}s without a gap, which is "
            f"{robust.YEARS_OF_SEASON * periods} figures; the latest unbroken run has {run.height}."
        )
    chance = robust.chance_of_season(found, periods)
    if chance >= LEVEL:
        return none(
            f"{run.height} figures in a row show no season that chance could not have made "
            f"(p {display.number(Decimal(str(round(chance, 4))), 2)})."
        )
    latest = run.with_columns(value=pl.Series(found.seasonal)).tail(periods)
    return Seasons("", found.strength, run.height, str(frequency), _parts(latest, view))


def _parts(latest: pl.DataFrame, view: IndicatorView) -> pl.DataFrame:
    """A year of seasons in the order of the financial year."""
    wording, start = view.page.wording, view.page.at.year_start
    unit, decimals = str(view.indicator["unit"]), int(str(view.indicator["decimals"]))
    rows = []
    for period, value in latest.select("period", "value").iter_rows():
        one = Period.parse(period, start)
        into_year = one.first_month - one.year.first_month
        name = (
            f"Q{one.quarter_number}" if one.frequency is Frequency.QUARTER else one.words.split()[0]
        )
        away = Decimal(str(round(value, max(decimals, 1) if unit == "percent" else decimals)))
        size = display.difference(away, unit, wording)
        text = f"{size} {'above' if away > 0 else 'below'}" if away else "the same as"
        rows.append((into_year, name[:3], name, value, text))
    schema = {
        "into_year": pl.Int32, "label": pl.String, "words": pl.String, "value": pl.Float64,
        "text": pl.String,
    }  # fmt: skip
    return (
        pl.DataFrame(rows, schema=schema, orient="row")
        .sort("into_year")
        .with_columns(place=pl.int_range(pl.len(), dtype=pl.Int32))
        .drop("into_year")
    )
