"""Were past forecasts right? Each is made again with what was known then, and held against what came.

Nothing that came later enters a forecast: neither the figures nor the choice of the model. So this is
how well forecasts of today may be expected to do, and not how well a model fits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, partial

import numpy as np
import polars as pl

from kpi_core import forecast
from kpi_core.bounded import Scale
from kpi_core.forecast import Aim, Model, Outlook, Past, SoFar
from kpi_core.words import Ytd


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

#: Of replays of year ends.
YEARS: dict[str, pl.DataType] = {"year": pl.String(), "after": pl.String(), **SCHEMA}

_NOTHING = (None,) * len(_RATINGS)
_TAIL = (1 - forecast.COVERAGE) / 2
#: Of 95 in 100.
_Z = 1.959964
#: Into how many classes chances are sorted.
FIFTHS = 5


@dataclass(frozen=True)
class YearEnd:
    """The end of a year as it could have been forecast at a moment, and what came."""

    year: str
    after: str  #: the last period of which the figure was known
    moment: int  #: how many figures were known
    so_far: SoFar  #: of the year, then
    how: Ytd
    outcome: float  #: the year's figure
    aim: Aim | None
    scale: Scale  #: between which bounds all figures lay, as far as was known


def replayed(
    history: Past, ahead: int, *, total: bool = False, aim: Aim | None = None
) -> pl.DataFrame:
    """Every forecast so far ahead that could have been made, by each method, and what came.

    One row for each method and moment (how many figures were known): SCHEMA. `scale` is the mean
    step between two figures known then; moments at which no figure had ever differed are left out,
    because there is nothing to forecast. The chances and what came (0 or 1) are null without a target.
    """
    rows: list[tuple[object, ...]] = []
    for moment in range(history.first, len(history.values) - ahead + 1):
        known, came = history.until(moment), history.values[moment : moment + ahead]
        made = partial(forecast.outlook, ahead=ahead, total=total)
        outcome = float(came.sum() if total else came[-1])
        rows += _replays(known, made, ahead, outcome, aim=aim)
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def replayed_years(figures: Sequence[float], season: int, asked: Iterable[YearEnd]) -> pl.DataFrame:
    """The same of year ends: figures of periods that follow each other, so many of them a year.

    One row for each method and moment: YEARS.
    """
    rows: list[tuple[object, ...]] = []
    # Bounds seldom change while figures come in, so that most moments share one history.
    history = cache(partial(forecast.past, figures, season, season))
    for one in asked:
        known = history(one.scale).until(one.moment)
        made = partial(forecast.year_end, how=one.how, so_far=one.so_far)
        replays = _replays(known, made, one.so_far.left, one.outcome, aim=one.aim)
        rows += [(one.year, one.after, *row) for row in replays]
    return pl.DataFrame(rows, schema=YEARS, orient="row")


def _replays(
    known: Past,
    made: Callable[..., Outlook | None],
    ahead: int,
    outcome: float,
    *,
    aim: Aim | None,
) -> Iterator[tuple[object, ...]]:
    """What each method forecast at one moment, held against what came."""
    scale = float(np.abs(np.diff(known.values)).mean()) if len(known.values) > 1 else 0.0
    if scale == 0:
        return
    sure = Outlook(Model.LAST, outcome, 0, 1, 0)
    came = forecast.chances(sure, aim) or _NOTHING
    for method, models in MODELS.items():
        view = made(known.at_one_level if method is Method.CHOSEN else known, models=models)
        if view is None:
            continue
        low, high = view.interval()
        said = forecast.chances(view, aim) or _NOTHING
        facts = (method, len(known.values), ahead, view.model)
        yield (*facts, low, view.centre, high, outcome, scale, *said, *came)


def scores(replays: pl.DataFrame, *by: str) -> pl.DataFrame:
    """How well each method did, altogether or by the values of some columns.

    Takes what `replayed` gives, of any number of indicators. Returns `by`, method, forecasts UInt32,
    coverage (the share of outcomes inside the interval: 0.8 is meant), pinball (the mean loss of the
    interval's ends and centre as quantiles, in mean steps: less is better), rated UInt32 (forecasts
    with the chances of all ratings), brier (the mean squared difference between these and what came,
    summed over the ratings: 0 is perfect, 2 is worst; null without chances).
    """
    outcome = pl.col("outcome")
    losses = [
        _pinball(outcome, pl.col(name), share)
        for name, share in (("low", _TAIL), ("centre", 0.5), ("high", 1 - _TAIL))
    ]
    apart = [(pl.col(name) - pl.col(f"came_{name}")).pow(2) for name in _RATINGS]
    has_chances = pl.all_horizontal(pl.col(_RATINGS).is_not_null())
    return (
        replays.group_by(*by, "method", maintain_order=True)
        .agg(
            forecasts=pl.len(),
            coverage=held().mean(),
            pinball=(pl.sum_horizontal(losses) / len(losses) / pl.col("scale")).mean(),
            rated=has_chances.sum(),
            brier=pl.when(has_chances).then(pl.sum_horizontal(apart)).mean(),
        )
        .sort(*by, "method", maintain_order=True)
    )


def held() -> pl.Expr:
    """Whether what came lies inside the interval."""
    return pl.col("outcome").is_between("low", "high")


def _pinball(outcome: pl.Expr, quantile: pl.Expr, share: float) -> pl.Expr:
    """The loss of a quantile: 9 in 10 outcomes should lie below the 0.9 one."""
    missed = outcome - quantile
    return pl.max_horizontal(share * missed, (share - 1) * missed)


def shares(cases: pl.DataFrame, *by: str) -> pl.DataFrame:
    """How often something came, and within which ends that share is known.

    Takes `by` (at least one), indicator, year (whose outcome it is) and came Bool. Forecasts of one
    outcome come true or fail together, so they count as fewer: as many as would make a share as
    uncertain as it is when outcomes, and not forecasts, are taken for independent, and never as more
    than there are outcomes (effective sample size: Kish, Survey Sampling, 1965; Korn and Graubard,
    Survey Methodology, 1998). Returns `by`, cases UInt32, outcomes UInt32, came UInt32, share, low and
    high Float64 (Wilson's 95% interval, Journal of the American Statistical Association, 1927).
    """
    n, came, size = pl.col("cases"), pl.col("came"), pl.col("outcomes")
    share = came / n
    wide = _Z**2 / pl.col("effective")
    centre = (share + wide / 2) / (1 + wide)
    half = (wide * share * (1 - share) + wide.pow(2) / 4).sqrt() / (1 + wide)
    outcome = dict.fromkeys([*by, "indicator", "year"])
    each = cases.group_by(list(outcome), maintain_order=True).agg(
        cases=pl.len(), came=pl.col("came").sum()
    )
    apart = pl.col("came") - pl.col("cases") * (pl.col("came").sum() / pl.col("cases").sum())
    return (
        each.group_by(*by, maintain_order=True)
        .agg(
            outcomes=pl.len(),
            apart=apart.pow(2).sum(),
            cases=pl.col("cases").sum(),
            came=pl.col("came").sum(),
        )
        .with_columns(spread=pl.col("apart") / n.pow(2))
        .with_columns(
            effective=pl.when(pl.col("spread") > 0)
            .then((share * (1 - share) / pl.col("spread")).clip(1, size))
            .otherwise(size)
        )
        .select(
            *by, "cases", "outcomes", "came",
            share=share, low=(centre - half).clip(0, 1), high=(centre + half).clip(0, 1),
        )
        .sort(*by, maintain_order=True)
    )  # fmt: skip


def reliability(replays: pl.DataFrame) -> pl.DataFrame:
    """How often a rating came that was given some chance: in fifths of the chance.

    Takes what `replayed_years` gives, with indicator; every rating of every forecast of the method
    chosen that has chances is a case. Returns fifth Int32 (0 is a chance under 20%), said Float64
    (the mean of the chances) and what `shares` gives: fifths that never were said are left out.
    """
    own = replays.filter(pl.col("method") == str(Method.CHOSEN))
    said = pl.concat(
        own.select("indicator", "year", said=rating, came=pl.col(f"came_{rating}") > 0)
        for rating in _RATINGS
    ).drop_nulls("said")
    cases = said.with_columns(
        fifth=(pl.col("said") * FIFTHS).floor().cast(pl.Int32).clip(0, FIFTHS - 1)
    )
    means = cases.group_by("fifth").agg(pl.col("said").mean())
    return means.join(shares(cases, "fifth"), on="fifth").sort("fifth")
