"""The forecasts of a report's year ends that could have been made so far, and what came of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl

from kpi_core import calibration, forecast, history, outcomes, registry
from kpi_core.bounded import Scale
from kpi_core.calibration import YearEnd
from kpi_core.figures import Figures
from kpi_core.forecast import Aim
from kpi_core.periods import Frequency, Period
from kpi_core.views.ahead import ADDS_UP, JUDGED, aims, between, how_it_adds_up, so_far
from kpi_core.views.head import Page, page
from kpi_core.words import Kind, Ytd

FACTS: dict[str, pl.DataType] = {
    "section": pl.String(), "name": pl.String(), "indicator": pl.String(), "frequency": pl.String(),
}  # fmt: skip


@dataclass(frozen=True)
class Aimed:
    """What the figure of a year is rated against, and the target itself."""

    aim: Aim | None = None
    target: Decimal | None = None
    target_high: Decimal | None = None


@dataclass(frozen=True)
class ForecastsView:
    """How good the forecasts of a report's year ends were."""

    page: Page
    replays: pl.DataFrame  #: FACTS and the columns of calibration.replayed_years
    #: FACTS of every indicator with more than one figure a year, in the report's order; known Int64
    #: (figures in a row up to the latest), needed Int64 (to have forecast a year's end that came).
    indicators: pl.DataFrame


def past_forecasts(figures: Figures, report: str, at: Period) -> ForecastsView:
    """Every forecast of a year's end that could have been made up to a period.

    Of each KPI and activity indicator that the report places then and that has more than one figure
    a year: at every moment of each of its complete years, with what was known then in its present
    definition. Figures restated since count as they are now; each year has its own target.
    """
    placed = registry.placed(figures, report, at).filter(
        pl.col("kind").cast(pl.String) != Kind.TABLE, pl.col("frequency") != Frequency.YEAR
    )
    known = history.places(figures, report, placed, at).filter(
        pl.col("value").is_not_null() & pl.col("in_series")
    )
    parted = known.partition_by("indicator", as_dict=True)
    rows = {
        row["indicator"]: forecast.latest_run(
            parted.get((row["indicator"],), known.clear()), row["months"]
        )
        for row in placed.iter_rows(named=True)
    }
    aimed = _aims(figures, placed, pl.concat([known.clear(), *rows.values()]))
    replays, lengths = [pl.DataFrame(schema=FACTS | calibration.YEARS)], []
    for row in placed.iter_rows(named=True):
        own, season = rows[row["indicator"]], 12 // row["months"]
        values = own["unrounded"].to_list()
        replayed = calibration.replayed_years(values, season, _asked(own, row, aimed))
        facts = {name: row[name] for name in FACTS}
        replays.append(
            replayed.select(*(pl.lit(text).alias(name) for name, text in facts.items()), pl.all())
        )
        needed = forecast.periods_needed(season, 1) + 1
        lengths.append({**facts, "known": own.height, "needed": needed})
    schema = {**FACTS, "known": pl.Int64(), "needed": pl.Int64()}
    return ForecastsView(
        page(figures, report, at), pl.concat(replays), pl.DataFrame(lengths, schema=schema)
    )


def _complete(rows: pl.DataFrame, season: int) -> Iterator[tuple[str, int, pl.DataFrame]]:
    """Each year of which all figures are there, and the place of its first."""
    for (year,), own in rows.with_row_index("index").group_by("year", maintain_order=True):
        if own.height == season:
            yield str(year), int(own["index"][0]), own


def _aims(
    figures: Figures, placed: pl.DataFrame, rows: pl.DataFrame
) -> dict[tuple[str, str], Aimed]:
    """What each KPI's figure of each year is rated against."""
    kpis = placed.filter(pl.col("kind").cast(pl.String) == Kind.KPI)
    adds_up = {
        row["indicator"]: how_it_adds_up(row) in ADDS_UP for row in kpis.iter_rows(named=True)
    }
    ends = rows.group_by("indicator", "year", maintain_order=True).agg(pl.col("period").last())
    judged = (
        ends.join(kpis.select(JUDGED), on="indicator", maintain_order="left")
        .with_columns(
            whole=pl.col("indicator").replace_strict(
                adds_up, default=False, return_dtype=pl.Boolean
            )
        )
        .with_columns(
            period=pl.when("whole").then("year").otherwise("period"), own_year=pl.col("year")
        )
    )
    aimed = aims(figures, judged)
    return {
        (row["indicator"], row["own_year"]): Aimed(aim, row["target"], row["target_high"])
        for row, aim in zip(aimed.iter_rows(named=True), outcomes.aims(aimed), strict=True)
    }


def _asked(
    rows: pl.DataFrame, placement: dict[str, Any], aimed: dict[tuple[str, str], Aimed]
) -> Iterator[YearEnd]:
    """Every year end that came, from each moment at which all models could forecast it."""
    season, how = 12 // placement["months"], how_it_adds_up(placement)
    for year, begins, own in _complete(rows, season):
        whole = so_far(own, placement, 0)
        outcome = (
            whole.total / (1 if how == Ytd.SUM else season) if how in ADDS_UP else whole.done[-1]
        )
        against = aimed.get((placement["indicator"], year), Aimed())
        for left in range(season, 0, -1):
            moment = begins + season - left
            if moment < max(season, forecast.LEAST_HISTORY):
                continue
            until = so_far(own.head(season - left), placement, left)
            bounds = between(
                rows["value"].head(moment), placement["unit"], against.target, against.target_high
            )
            yield YearEnd(
                year=year,
                after=str(rows["period"][moment - 1]),
                moment=moment,
                so_far=forecast.SoFar(float(until.total), season - left, left),
                how=how,
                outcome=float(outcome),
                aim=against.aim,
                scale=Scale(*bounds),
            )
