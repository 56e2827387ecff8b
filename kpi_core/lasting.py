"""How long ratings have lasted: counted over all that is saved, whatever span a page shows."""

from __future__ import annotations

import polars as pl

from kpi_core import history, registry
from kpi_core.figures import Figures
from kpi_core.judged import Past
from kpi_core.periods import Period
from kpi_core.words import DECIDED

_DECIDED = [str(one) for one in DECIDED]


def whole_grid(figures: Figures, report: str, kpis: pl.DataFrame, at: Period) -> pl.DataFrame:
    """The ratings of a scorecard's KPIs in every report from the first of which anything is known.

    Takes and returns what `history.grid_of_ratings` does.
    """
    placed = registry.placed(figures, report, at).join(kpis, on="indicator", how="semi")
    past = Past.of(figures, report, at, placed)
    known = [past.points["end_month"].min(), past.says["end_month"].min()]
    ends = [end for end in known if isinstance(end, int)]
    # Whatever ended then was due no earlier: the report that ends with it is the first to look at.
    months = at.end_month - min(ends, default=at.end_month)
    window = 1 + -(-months // at.frequency.months)
    return history.grid_of_ratings(figures, report, kpis, at, window)


def lasting(grid: pl.DataFrame) -> pl.DataFrame:
    """How many of the latest periods in a row each KPI has had the rating that it has now.

    Takes what `whole_grid` returns. Returns indicator, rating String, lasts UInt32 and at_least Boolean:
    whether the count ended because nothing is known of the period before, so that it may be longer.
    Only KPIs that have a rating now.
    """
    rating = pl.col("rating").is_in(_DECIDED)
    now = pl.col("rating").last().over("indicator")
    backwards = (
        grid.with_columns(
            is_same=(pl.col("rating") == now).fill_null(value=False),
            is_known=rating.fill_null(value=False),
            back=pl.int_range(pl.len()).reverse().over("indicator"),
        )
        .sort("indicator", "back", maintain_order=True)
        .with_columns(ended=(~pl.col("is_same")).cum_sum().over("indicator"))
    )
    return (
        backwards.group_by("indicator", maintain_order=True)
        .agg(
            pl.col("rating").first(),
            lasts=(pl.col("ended") == 0).sum(),
            ended_by=pl.col("is_known").filter(pl.col("ended") == 1).first(),
            is_rated=pl.col("is_known").first(),
        )
        .filter("is_rated")
        .select(
            "indicator",
            "rating",
            pl.col("lasts").cast(pl.UInt32),
            at_least=~pl.col("ended_by").fill_null(value=False),
        )
    )


def of_report(figures: Figures, report: str, kpis: pl.DataFrame, at: Period) -> pl.DataFrame:
    """What `lasting` says of a scorecard's KPIs: one row for each that has a rating."""
    return lasting(whole_grid(figures, report, kpis, at))
