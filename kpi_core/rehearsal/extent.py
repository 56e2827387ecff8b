"""How far a change reaches: which indicators it touches, and which periods of which reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl

from kpi_core import registry
from kpi_core.changes import Changes
from kpi_core.figures import Figures
from kpi_core.periods import Frequency, Period, calendar
from kpi_core.rules import Rules
from kpi_core.trend import DEFAULT_WINDOW
from kpi_core.words import Amber, Comparison

#: Periods of a report that are looked at: a year of months, three of quarters. Each takes about a
#: tenth of a second, before and after.
MOST_PERIODS = 12
#: Indicators times periods of a report that are looked at: about a second's work. Where more than
#: four hundred indicators are touched at once the periods are fewer, but never none.
MOST_VERDICTS = 5_000

#: The column of each table that says when a row counts. A figure shows from the end of its period
#: on; a target, an expected range and a place in the framework hold all year.
_WHEN = {
    "observations": "period", "published": "period", "targets": "year", "thresholds": "year",
    "placements": "year",
}  # fmt: skip
#: Tables by which every indicator may be judged otherwise, at any time.
_OF_ALL = ("documents", "reports", "published_counts")
_EVER = (0, 12 * 10_000)
_YEAR = 12


@dataclass(frozen=True)
class Reach:
    """What a change bears on: these indicators, and what rests on figures of these months.

    Months are counted as in `periods`; both belong to the stretch.
    """

    indicators: frozenset[str]
    first_month: int
    last_month: int


@dataclass(frozen=True)
class Stretch:
    """The periods of one report that a change can bear on."""

    report: str
    #: latest first, each with the period that it is held against: itself, or where it could not be
    #: shown before, the latest before it that could
    looked_at: tuple[tuple[Period, Period], ...]
    passed_over: tuple[Period, ...]  #: for which there was no room, latest first


def reach(changes: Mapping[str, Changes], after: Figures) -> Reach:
    """What rows added or restated bear on. Takes the changes by table."""
    indicators: set[str] = set()
    spans: list[tuple[int, int]] = []
    for table, column in _WHEN.items():
        if table in changes and changes[table].changed.height:
            rows = changes[table].changed
            indicators |= set(rows["indicator"].unique())
            spans.append(_span(rows[column], after.year_start, all_year=column == "year"))
    if "indicators" in changes and changes["indicators"].changed.height:
        # A first definition also reads the figures that are older than itself.
        indicators |= set(changes["indicators"].changed["indicator"].unique())
        spans.append(_EVER)
    if any(table in changes and changes[table].changed.height for table in _OF_ALL):
        indicators |= set(after.placements["indicator"].unique())
        spans.append(_EVER)
    firsts, lasts = zip(*spans, strict=True) if spans else ((0,), (0,))
    return Reach(frozenset(indicators), min(firsts), max(lasts))


def _span(periods: pl.Series, year_start: int, *, all_year: bool) -> tuple[int, int]:
    dates = calendar(periods.unique().to_list(), year_start).select(
        first=pl.col("first_month") if all_year else pl.col("end_month") - 1,
        last=pl.col("end_month") - 1,
    )
    return int(dates["first"].to_numpy().min()), int(dates["last"].to_numpy().max())


def stretches(before: Figures, after: Figures, reached: Reach) -> list[Stretch]:
    """The periods of each report that a change can bear on.

    Where they are too many: those of the changed figures themselves, the latest first, and after
    them those in whose trend or year to date the figures still count, the earliest first.
    """
    found = []
    touched = pl.col("indicator").is_in(list(reached.indicators))
    placements = pl.concat([before.placements, after.placements]).filter(touched)
    for report in placements["report"].unique().sort():
        placed = placements.filter(pl.col("report") == report)
        last = reached.last_month + memory(placed, after)
        could = registry.report_periods(before, report)
        periods = [
            one
            for one in registry.report_periods(after, report)
            if reached.first_month < one.end_month <= last + 1
        ]
        most = max(1, min(MOST_PERIODS, MOST_VERDICTS // placed["indicator"].n_unique()))
        own = [one for one in periods if one.first_month <= reached.last_month]
        later = [one for one in reversed(periods) if one.first_month > reached.last_month]
        chosen = set([*own, *later][:most])
        pairs = tuple((one, _against(one, could)) for one in periods if one in chosen)
        found.append(Stretch(report, pairs, tuple(one for one in periods if one not in chosen)))
    return found


def _against(period: Period, could: list[Period]) -> Period:
    """The period itself if it could be shown, else the latest before it that could, if any."""
    if period in could:
        return period
    return next((one for one in could if one.end_month < period.end_month), period)


def memory(placed: pl.DataFrame, figures: Figures) -> int:
    """For how many months after its own a figure counts in verdicts on these placements.

    As long as it is shown (it may be late), and then as long as a trend or a year to date reaches
    back from the figure shown, and a year where that is compared with the year before.
    """
    defined = figures.indicators.join(placed.select("indicator"), on="indicator", how="semi")
    frequencies = placed["frequency"].cast(pl.String).unique()
    months = max((Frequency(one).months for one in frequencies), default=_YEAR)
    window: int = max([DEFAULT_WINDOW, *defined["trend_window"].drop_nulls()])
    late: int = max(defined["arrears"].drop_nulls(), default=0)
    year_ago = _YEAR if _compares_years(figures.organisation.rules) else 0
    return (late + 1) * months + max(window * months, _YEAR) + year_ago


def _compares_years(rules: Rules) -> bool:
    return Amber.YEAR_AGO in rules.kinds_of_amber or Comparison.YEAR_AGO in rules.directions


def restricted(figures: Figures, report: str, reached: Reach, earliest: Period) -> Figures:
    """The figures that a report's verdicts on the indicators touched rest on, from a period on."""
    touched = pl.col("indicator").is_in(list(reached.indicators))
    placed = figures.placements.filter(touched & (pl.col("report") == report))
    wholes = figures.observations.filter(touched & (pl.col("breakdown") == ""))
    dates = calendar(wholes["period"].unique().to_list(), figures.year_start)
    since = earliest.first_month - memory(placed, figures)
    recent = dates.filter(pl.col("end_month") > since)["period"]
    return replace(
        figures,
        placements=placed,
        indicators=figures.indicators.filter(touched),
        observations=wholes.filter(pl.col("period").is_in(recent.implode())),
    )
