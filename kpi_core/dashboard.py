"""The dashboard's tables: the latest figures of each indicator, the year to date, the year before.

One table serves any report: a monthly one shows months, and quarters for what is due by the quarter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl

from kpi_core import display, exact, registry, scorecard, series
from kpi_core.figures import Figures
from kpi_core.periods import Frequency, Period
from kpi_core.wording import PLAIN, Wording
from kpi_core.words import Basis, FigureBasis, Kind

#: Periods that a table goes back over, the latest included: as many as a page's width has room for.
MOST = 5

#: The lists of a row, with an entry for each period.
_BY_PERIOD = ["recent", "recent_year", "recent_year_basis"]
#: What a row takes from the scorecard, and what from the activity indicators.
_OF_KPIS = [
    "rating", "rating_basis", "direction", "direction_basis", "target",
    "target_high", "floor", "floor_high", "amber",
]  # fmt: skip
_OF_ACTIVITIES: list[str | pl.Expr] = [
    "alert",
    "lower",
    "upper",
    pl.col("basis").alias("judged_on"),
]


@dataclass(frozen=True)
class Table:
    """Indicators of one section, kind and frequency."""

    section: str
    kind: Kind
    frequency: Frequency
    periods: tuple[Period, ...]  #: the columns, oldest first
    rows: pl.DataFrame  #: see `rows`; its lists are parallel to `periods`


def tables(figures: Figures, report: str, at: Period, most: int = MOST) -> list[Table]:
    """The tables of a report in a period, section by section: KPIs first, then activity indicators,
    what is due more often before what is due less often.

    A column of periods for which no row has a figure is left out at the old end.
    """
    everything = rows(figures, report, at, most)
    found = []
    for (section, kind, frequency), group in everything.group_by(
        "section", "kind", "frequency", maintain_order=True
    ):
        end = at.ending_with(Frequency(frequency))
        known = group.select(pl.col("recent").list.eval(pl.element().is_not_null()))["recent"]
        filled = [any(row[place] for row in known) for place in range(most)]
        shown = most - filled.index(True) if any(filled) else 1
        found.append(
            Table(
                str(section), Kind(kind), Frequency(frequency),
                tuple(end.shift(place - shown + 1) for place in range(shown)),
                group.with_columns(pl.col(_BY_PERIOD).list.tail(shown)),
            )
        )  # fmt: skip
    order = list(Frequency)
    place_of = {name: place for place, name in enumerate(dict.fromkeys(t.section for t in found))}
    return sorted(
        found, key=lambda t: (place_of[t.section], t.kind != Kind.KPI, order.index(t.frequency))
    )


def rows(figures: Figures, report: str, at: Period, most: int = MOST) -> pl.DataFrame:
    """Every KPI and activity indicator of a report in a period, in the report's order.

    Returns indicator, name, section, kind, frequency, unit, decimals, polarity; recent
    List(Decimal): the figures as displayed of the last `most` periods of its frequency, oldest
    first; recent_year List(Decimal) and recent_year_basis List(String): the year to date up to each of
    these periods, null where there is none; period and end_month (of the figure shown), value, status,
    note; of a KPI rating, rating_basis, direction, direction_basis and its target and floor; of an activity
    indicator alert, lower, upper, judged_on; year_value, year_basis (computed or published), year_printed (the
    year to date as a document printed it, null where none did), year_rating, year_rating_basis;
    before_value, before_basis: the year before, see `year_before`.
    """
    placed = registry.placed(figures, report, at).filter(
        pl.col("kind").cast(pl.String) != Kind.TABLE
    )
    history = series.points(figures.observations, placed, figures.year_start)
    card = scorecard.kpis(figures, report, at)
    is_period = pl.col("basis") == FigureBasis.PERIOD
    now = card.filter(is_period).select("indicator", *_OF_KPIS)
    rated_year = card.filter(~is_period).select(
        "indicator", year_rating="rating", year_rating_basis="rating_basis"
    )
    judged = scorecard.activities(figures, report, at).select("indicator", *_OF_ACTIVITIES)
    shown = series.shown(history, at).select(
        "indicator", "period", "end_month", "value", "status", "note"
    )
    to_date = series.year_to_date(history, figures.observations, placed, at).select(
        "indicator", year_value="value", year_basis="ytd_basis", year_printed="printed"
    )
    joined = placed.with_columns(pl.col("kind", "polarity").cast(pl.String))
    parts = (
        _recent(history, placed, at, most), _recent_years(figures, history, placed, at, most),
        shown, now, rated_year, judged, to_date, year_before(figures, placed, history, at),
    )  # fmt: skip
    for part in parts:
        joined = joined.join(part, on="indicator", how="left", maintain_order="left")
    return joined.with_columns(
        exact.shown(pl.col(name), pl.col("decimals")).alias(name)
        for name in ("value", "year_value", "year_printed", "before_value")
    )


def _recent(history: pl.DataFrame, placed: pl.DataFrame, at: Period, most: int) -> pl.DataFrame:
    """indicator, recent: the figures of the last periods as displayed, null where there is none."""
    ends = {str(f): at.ending_with(f).end_month for f in Frequency}
    grid = (
        placed.select("indicator", "frequency", "months")
        .with_columns(end=pl.col("frequency").replace_strict(ends, return_dtype=pl.Int32))
        .join(pl.DataFrame({"back": range(most - 1, -1, -1)}), how="cross")
        .select("indicator", end_month=(pl.col("end") - pl.col("back") * pl.col("months")).cast(pl.Int32))
    )  # fmt: skip
    figures = history.select(
        "indicator", "end_month", shown=exact.shown(pl.col("value"), pl.col("decimals"))
    )
    return (
        grid.join(figures, on=["indicator", "end_month"], how="left", maintain_order="left")
        .group_by("indicator", maintain_order=True)
        .agg(recent="shown")
    )


def _recent_years(
    figures: Figures, history: pl.DataFrame, placed: pl.DataFrame, at: Period, most: int
) -> pl.DataFrame:
    """indicator, recent_year, recent_year_basis: the year to date up to each of the last periods."""
    found = pl.concat(
        _year_up_to(figures, history, placed, at, back) for back in range(most - 1, -1, -1)
    )
    return (
        placed.select("indicator", "decimals")
        .join(found, on="indicator", maintain_order="left_right")
        .group_by("indicator", maintain_order=True)
        .agg(
            recent_year=exact.shown(pl.col("value"), pl.col("decimals")),
            recent_year_basis="ytd_basis",
        )
    )


def _year_up_to(
    figures: Figures, history: pl.DataFrame, placed: pl.DataFrame, at: Period, back: int
) -> pl.DataFrame:
    """indicator, value, ytd_basis: the year to date up to so many periods back; a row for each placement."""
    of = {str(one): at.ending_with(one).shift(-back) for one in Frequency}
    ends = {name: period.end_month for name, period in of.items()}
    names = {name: str(period) for name, period in of.items()}
    frequency = pl.col("frequency")
    saved = history.select("indicator", "end_month", "year", saved_as="period", last="end_month")
    up_to = (
        placed.select(
            "indicator", period=frequency.replace_strict(names, return_dtype=pl.String),
            end_month=frequency.replace_strict(ends, return_dtype=pl.Int32),
        )
        .join(saved, on=["indicator", "end_month"], how="left", maintain_order="left")
        .select("indicator", "year", period=pl.coalesce("saved_as", "period"), end_month="last")
    )  # fmt: skip
    found = series.to_date(history, figures.observations, placed, up_to, at.year_start)
    return placed.select("indicator").join(
        found.select("indicator", "value", "ytd_basis"),
        on="indicator", how="left", maintain_order="left",
    )  # fmt: skip


def year_before(
    figures: Figures, placed: pl.DataFrame, history: pl.DataFrame, at: Period
) -> pl.DataFrame:
    """The year before, to hold against this one: like with like.

    The year to date at the same point of the year before; for an indicator without a year to date
    its figure of that period. A late figure has the late figure of a year before beside it. Returns
    indicator, before_value Decimal, before_basis (ytd, period).
    """
    then = at.shift(-12 // at.frequency.months)
    ends = series.shown(history, at).select("indicator", end_month=pl.col("end_month") - 12)
    a_year_before = history.filter("in_series").join(
        ends, on=["indicator", "end_month"], how="semi"
    )
    up_to = (
        placed.select("indicator", "frequency")
        .join(
            a_year_before.select("indicator", "period", "end_month", "year"),
            on="indicator", how="left", maintain_order="left",
        )
        .with_columns(period=pl.coalesce("period", series.due_period(then)))
    )  # fmt: skip
    to_date = series.to_date(history, figures.observations, placed, up_to, at.year_start).select(
        "indicator", to_date="value"
    )
    in_period = a_year_before.select("indicator", in_period="value")
    has_year = pl.col("ytd").cast(pl.String) != "none"
    return (
        placed.select("indicator", "ytd")
        .join(to_date, on="indicator", how="left", maintain_order="left")
        .join(in_period, on="indicator", how="left", maintain_order="left")
        .select(
            "indicator",
            before_value=pl.when(has_year).then("to_date").otherwise("in_period"),
            before_basis=pl.when(has_year)
            .then(pl.lit(FigureBasis.YTD))
            .otherwise(pl.lit(FigureBasis.PERIOD)),
        )
    )


def year_as_printed(row: Mapping[str, Any]) -> Decimal | None:
    """The year to date that a document printed, where the figures give another one."""
    printed: Decimal | None = row["year_printed"]
    differs = row["year_basis"] == Basis.COMPUTED and printed != row["year_value"]
    return printed if differs else None


def headline(kpis: pl.DataFrame, wording: Wording = PLAIN) -> str:
    """How many KPIs have which rating, now and for the year to date, from what `rows` gives of them.

    `Latest: 22 Green, 1 Amber and 4 Red. Year to date: 18 Green and 7 Red.`
    """
    parts = []
    for words, column in (("Latest", "rating"), ("Year to date", "year_rating")):
        counts = Counter(kpis[column].cast(pl.String)) if column in kpis.columns else Counter()
        said = [f"{counts[one]} {wording.label(one)}" for one in wording.decided if counts[one]]
        if said:
            parts.append(f"{words}: {display.listed(said)}.")
    return " ".join(parts)
