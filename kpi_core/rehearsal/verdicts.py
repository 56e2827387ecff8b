"""What reports say of the indicators touched, before and after: ratings, directions, alerts, counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import polars as pl

from kpi_core import scorecard
from kpi_core.fields import FIGURE
from kpi_core.figures import Figures
from kpi_core.periods import Period
from kpi_core.rehearsal.extent import Reach, Stretch, restricted
from kpi_core.rehearsal.superseded import SUPERSEDED, superseded
from kpi_core.words import DECIDED, FigureBasis, Kind, Rating

Schema = Mapping[str, pl.DataType | type[pl.DataType]]

#: What a change of a rating, a direction or an alert is told by, and its types.
CHANGED: Schema = {
    "report": pl.String, "period": pl.String, "against": pl.String, "basis": pl.String,
    "indicator": pl.String, "name": pl.String, "unit": pl.String, "decimals": pl.Int32,
    "was": pl.String, "now": pl.String, "was_value": FIGURE, "now_value": FIGURE,
}  # fmt: skip
#: How many KPIs have a rating.
COUNTED: Schema = {
    "report": pl.String, "period": pl.String, "against": pl.String, "basis": pl.String,
    "rating": pl.String, "was": pl.Int64, "now": pl.Int64,
}  # fmt: skip
#: KPIs that have a rating in a period looked at, and had none in any of them.
FIRST: Schema = {"report": pl.String, "indicator": pl.String, "name": pl.String}
#: What a printed rating is told by.
_SAME_PRINT = ["document", "indicator", "basis", "period"]


@dataclass(frozen=True)
class Verdicts:
    """What reports would say otherwise.

    The first three have the columns CHANGED: `was` and `now` are the codes of ratings, directions
    or alerts, null where the indicator was not (or will not be) in the report; `against` is the
    period that `was` is of: another one than `period` where that could not be shown before.
    """

    ratings: pl.DataFrame
    directions: pl.DataFrame
    alerts: pl.DataFrame
    #: COUNTED, over all KPIs of the report: of periods in which a rating changes or that are new
    counts: pl.DataFrame
    #: FIRST
    first_rated: pl.DataFrame
    #: SUPERSEDED, each printed rating once, in whichever periods of a report it is shown
    superseded: pl.DataFrame


def changed_verdicts(
    before: Figures, after: Figures, reached: Reach, stretches: Iterable[Stretch]
) -> Verdicts:
    """What changes in the periods looked at, for the indicators touched."""
    found = [
        _of_report(before, after, reached, stretch) for stretch in stretches if stretch.looked_at
    ]

    return Verdicts(
        _all([one.ratings for one in found], CHANGED),
        _all([one.directions for one in found], CHANGED),
        _all([one.alerts for one in found], CHANGED),
        _all([one.counts for one in found], COUNTED),
        _all([one.first_rated for one in found], FIRST),
        _all([one.superseded for one in found], SUPERSEDED),
    )


def _of_report(before: Figures, after: Figures, reached: Reach, stretch: Stretch) -> Verdicts:
    report = stretch.report
    earliest = min((one for pair in stretch.looked_at for one in pair), key=lambda p: p.first_month)
    sides = [restricted(figures, report, reached, earliest) for figures in (before, after)]
    kinds = set(pl.concat(side.indicators["kind"].cast(pl.String) for side in sides))
    ratings, directions, alerts, counts, decided, lost = [], [], [], [], [], []
    for at, held in stretch.looked_at:
        where = {"report": report, "period": str(at), "against": str(held)}
        if Kind.KPI in kinds:
            was, now = (
                scorecard.kpis(side, report, of) for side, of in zip(sides, (held, at), strict=True)
            )
            changed = _changed(was, now, "rating", where)
            ratings.append(changed)
            directions.append(_changed(_in_period(was), _in_period(now), "direction", where))
            decided.append((_decided(was), _decided(now)))
            if at == held:
                lost.append(superseded(sides[0], was, now, report, at))
            if changed.height or at != held:
                rest = _of_others(before, after, report, reached, (held, at))
                counts.append(_counts([was, rest[0]], [now, rest[1]], where))
        if Kind.ACTIVITY in kinds:
            was, now = (
                scorecard.activities(side, report, of)
                for side, of in zip(sides, (held, at), strict=True)
            )
            alerts.append(_changed(was, now, "alert", where))
    return Verdicts(
        _all(ratings, CHANGED), _all(directions, CHANGED), _all(alerts, CHANGED),
        _all(counts, COUNTED), _first_rated(report, decided),
        _all(lost, SUPERSEDED).unique(_SAME_PRINT, keep="first", maintain_order=True),
    )  # fmt: skip


def _changed(
    was: pl.DataFrame, now: pl.DataFrame, verdict: str, where: dict[str, str]
) -> pl.DataFrame:
    """Rows of CHANGED: those whose verdict is another one.

    An indicator has a rating for each basis, but one alert, whatever it is judged on.
    """
    on = ["indicator"] if verdict == "alert" else ["indicator", "basis"]
    told = ["basis", "name", "unit", "decimals", "section_order", "order"]
    own = [name for name in told if name not in on]
    left, right = (
        card.select(
            *on, *own, pl.col(verdict).cast(pl.String).alias(side),
            pl.col("value").alias(f"{side}_value"),
        )
        for card, side in ((was, "was"), (now, "now"))
    )  # fmt: skip
    both = right.join(left, on=on, how="full", coalesce=True, suffix="_then")
    return (
        both.filter(~pl.col("was").eq_missing(pl.col("now")))
        .with_columns(pl.coalesce(name, f"{name}_then") for name in own)
        .sort("section_order", "order", "indicator", "basis", nulls_last=True)
        .with_columns(pl.lit(text).alias(name) for name, text in where.items())
        .select(pl.col(name).cast(kind) for name, kind in CHANGED.items())
    )


def _of_others(
    before: Figures, after: Figures, report: str, reached: Reach, periods: tuple[Period, Period]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The KPIs of a report that are not touched, in the period held against and in the new one."""
    held, at = periods
    now = scorecard.kpis(_without(after, reached.indicators), report, at)
    if held == at:
        return now, now
    return scorecard.kpis(_without(before, reached.indicators), report, held), now


def _without(figures: Figures, touched: frozenset[str]) -> Figures:
    others = figures.placements.filter(~pl.col("indicator").is_in(list(touched)))
    theirs = figures.observations.join(
        others.select("indicator").unique(), on="indicator", how="semi"
    )
    return replace(figures, placements=others, observations=theirs)


def _counts(
    was: list[pl.DataFrame], now: list[pl.DataFrame], where: dict[str, str]
) -> pl.DataFrame:
    """Rows of COUNTED: every rating of a basis that is or was there."""
    by = ["basis", "rating"]
    sides = [
        pl.concat(card.select("basis", pl.col("rating").cast(pl.String)) for card in cards)
        .group_by(by)
        .agg(pl.len().cast(pl.Int64).alias(name))
        for name, cards in (("was", was), ("now", now))
    ]
    ratings = {str(one): place for place, one in enumerate(Rating)}
    return (
        sides[0]
        .join(sides[1], on=by, how="full", coalesce=True)
        .with_columns(
            pl.col("was", "now").fill_null(0),
            *(pl.lit(text).alias(name) for name, text in where.items()),
        )
        .sort("basis", pl.col("rating").replace_strict(ratings, return_dtype=pl.Int32))
        .select(pl.col(name).cast(kind) for name, kind in COUNTED.items())
    )


def _in_period(card: pl.DataFrame) -> pl.DataFrame:
    return card.filter(pl.col("basis") == FigureBasis.PERIOD)


def _decided(card: pl.DataFrame) -> pl.DataFrame:
    words = [str(one) for one in DECIDED]
    return card.filter(pl.col("rating").cast(pl.String).is_in(words)).select("indicator", "name")


def _first_rated(report: str, decided: list[tuple[pl.DataFrame, pl.DataFrame]]) -> pl.DataFrame:
    """The KPIs decided in a period after (the second of each pair) and in none before."""
    if not decided:
        return pl.DataFrame(schema=FIRST)
    was = pl.concat(before for before, _ in decided)
    now = pl.concat(after for _, after in decided)
    return (
        now.join(was, on="indicator", how="anti", maintain_order="left")
        .unique("indicator", keep="first", maintain_order=True)
        .select(pl.lit(report).alias("report"), "indicator", "name")
    )


def _all(frames: list[pl.DataFrame], schema: Schema) -> pl.DataFrame:
    empty = pl.DataFrame(schema=schema)
    return pl.concat([empty, *frames])
