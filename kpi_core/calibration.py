"""Were past forecasts right? Each is made again with what was known then, and held against what came.

Nothing that came later enters a forecast: neither the figures nor the choice of the model. So this is
how well forecasts of today may be expected to do, and not how well a model fits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum

import numpy as np
import polars as pl

from kpi_core import forecast
from kpi_core.forecast import Aim, Model, Past


class Method(StrEnum):
    """Whose forecast: the product's, or one of the two that anybody can make."""

    CHOSEN = "chosen"
    NAIVE = "naive"
    SEASONAL = "seasonal-naive"


MODELS: dict[Method, Sequence[Model]] = {
    Method.CHOSEN: tuple(Model),
    Method.NAIVE: (Model.LAST,),
    Method.SEASONAL: (Model.SEASON,),
}

_FIGURES = ("low", "centre", "high", "outcome", "scale")
_RATINGS = ("green", "amber", "red")
SCHEMA: dict[str, pl.DataType] = {
    "method": pl.Enum([str(method) for method in Method]),
    "moment": pl.UInt32(),
    "ahead": pl.UInt32(),
    "model": pl.String(),
    **dict.fromkeys(_FIGURES, pl.Float64()),
    **dict.fromkeys(_RATINGS, pl.Float64()),
    **dict.fromkeys((f"came_{rating}" for rating in _RATINGS), pl.Float64()),
}

_NOTHING = (None,) * len(_RATINGS)
_TAIL = (1 - forecast.COVERAGE) / 2


def replayed(
    history: Past, ahead: int, *, total: bool = False, aim: Aim | None = None
) -> pl.DataFrame:
    """Every forecast so far ahead that could have been made, by each method, and what came.

    One row for each method and moment (how many figures were known): SCHEMA. `scale` is the mean
    step between two figures known then; moments at which no figure had ever differed are left out,
    because there is nothing to forecast. The chances and what came (0 or 1) are null without a target.
    """
    moments = range(history.first, len(history.values) - ahead + 1)
    rows = [row for moment in moments for row in _at(history, moment, ahead, total=total, aim=aim)]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _at(
    history: Past, moment: int, ahead: int, *, total: bool, aim: Aim | None
) -> Iterator[tuple[object, ...]]:
    known, came = history.until(moment), history.values[moment : moment + ahead]
    scale = float(np.abs(np.diff(known.values)).mean())
    outcome = float(came.sum() if total else came[-1])
    for method, models in MODELS.items():
        view = forecast.outlook(known, ahead, total=total, models=models)
        if view is None or scale == 0:
            continue
        low, high = view.interval()
        sure = forecast.Outlook(view.model, outcome, 0, 1, 0)
        said, came_true = (forecast.chances(one, aim) if aim else None for one in (view, sure))
        yield (
            *(method, moment, ahead, view.model, low, view.centre, high, outcome, scale),
            *(said or _NOTHING),
            *(came_true or _NOTHING),
        )


def scores(replays: pl.DataFrame) -> pl.DataFrame:
    """How well each method did.

    Takes what `replayed` gives, of any number of indicators. Returns method, forecasts UInt32,
    coverage (the share of outcomes inside the interval: 0.8 is meant), pinball (the mean loss of the
    interval's ends and centre as quantiles, in mean steps: less is better), brier (the mean squared
    difference between the chances of the ratings and what came, summed over the ratings: 0 is perfect,
    2 is worst; null without chances).
    """
    outcome = pl.col("outcome")
    losses = [
        _pinball(outcome, pl.col(name), share)
        for name, share in (("low", _TAIL), ("centre", 0.5), ("high", 1 - _TAIL))
    ]
    apart = [(pl.col(name) - pl.col(f"came_{name}")).pow(2) for name in _RATINGS]
    return (
        replays.group_by("method")
        .agg(
            forecasts=pl.len(),
            coverage=outcome.is_between("low", "high").mean(),
            pinball=(pl.sum_horizontal(losses) / len(losses) / pl.col("scale")).mean(),
            brier=pl.when(pl.all_horizontal(pl.col(_RATINGS).is_not_null()))
            .then(pl.sum_horizontal(apart))
            .mean(),
        )
        .sort("method")
    )


def _pinball(outcome: pl.Expr, quantile: pl.Expr, share: float) -> pl.Expr:
    """The loss of a quantile: 9 in 10 outcomes should lie below the 0.9 one."""
    missed = outcome - quantile
    return pl.max_horizontal(share * missed, (share - 1) * missed)
