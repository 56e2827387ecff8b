"""The figures of an indicator held against chance: its XmR chart, and what it says in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from kpi_core import display, outcomes, spc, stable, steps
from kpi_core.periods import Frequency
from kpi_core.views.one_indicator import IndicatorView
from kpi_core.words import Comparison, Measure


@dataclass(frozen=True)
class Control:
    """An XmR chart, or why there is none."""

    #: place, period, label, words, shown, unit, decimals, and: value, mean, lower, upper,
    #: target_from, target_to Float64, stage UInt32, cause, variation (see spc); and what is proposed:
    #: proposed_stage UInt32, proposed_mean, proposed_lower, proposed_upper Float64 (null without)
    places: pl.DataFrame
    remark: str | None  #: what stands where there is nothing to chart
    screened: bool
    left_out: int  #: moving ranges screened out, of the present definition
    #: against the latest target, by the limits of the latest stretch, accepted or proposed; only of a
    #: stable process
    assurance: str | None
    #: why there is no assurance about the latest target; empty where there is one, or no target
    unstable: str
    #: periods in which the level changed, so that limits should begin anew; none once they do
    proposed: tuple[str, ...]
    #: cause, variation, first, last (words of the periods), points: the special causes, oldest first
    stretches: pl.DataFrame
    rebase: str = ""  #: in words, from which periods somebody had the limits begin anew
    baseline: str = ""  #: in words, up to which period figures make the limits; empty for all

    @property
    def latest(self) -> dict[str, object]:
        """The place of the latest figure. Only where there is a chart."""
        return self.places.filter(pl.col("value").is_not_null()).row(-1, named=True)

    @property
    def proposed_in(self) -> str:
        """The periods of `proposed` in words."""
        return _words(self.places, self.proposed)

    @property
    def breaks(self) -> int:
        """How often limits begin anew."""
        return self.places["stage"].n_unique() - 1


def control(
    view: IndicatorView, *, screened: bool, rebase: str = "", baseline: str = ""
) -> Control:
    """The chart of an indicator's whole past, with limits of the form asked for.

    Limits begin anew with a definition, and in the periods of `rebase`, parted by commas. Those of the
    stretch in which the period `baseline` lies are made from its figures up to that period, and held
    against the rest. Where the latest stretch has changed its level, new limits are proposed.
    """
    months = Frequency(str(view.indicator["frequency"])).months
    history = view.places.select(
        "indicator", "end_month", "unrounded", "in_series", months=pl.lit(months, dtype=pl.Int32)
    )
    x = {
        period: end // months
        for period, end in view.places.select("period", "end_month").iter_rows()
    }
    anew = [x[period] for period in asked_periods(rebase)]
    points = _based(_points(view, history, anew), x[baseline] if baseline else None)
    now = spc.limits(points, screened=screened).tail(1)
    count, spread, left_out = (
        now.select("n", pl.col("mean_range").fill_null(0), "left_out").row(0)
        if now.height
        else (0, 0.0, 0)
    )
    polarity = pl.lit(str(view.indicator["polarity"]))
    charted = spc.chart(points, screened=screened).with_columns(
        variation=spc.variation(pl.col("cause"), polarity)
    )
    remark = spc.remark(
        count,
        spread,
        f"{view.indicator['frequency']}s",
        rolling=str(view.indicator["measure"]) == Measure.ROLLING,
    )
    changes = [] if remark or baseline else _changes(points)
    again = (
        spc.chart(_points(view, history, [*anew, *changes]), screened=screened)
        if changes
        else charted
    )
    places = _placed(view.places, charted, again if changes else again.clear(), months)
    assurance, unstable = (None, "") if remark else _assurance(view, places, again)
    periods = {place: period for period, place in x.items()}
    return Control(
        places=places,
        remark=remark,
        screened=screened,
        left_out=left_out,
        assurance=assurance,
        unstable=unstable,
        proposed=tuple(periods[change] for change in changes),
        stretches=_told(charted, places),
        rebase=_words(view.places, asked_periods(rebase)),
        baseline=_words(view.places, asked_periods(baseline)),
    )


def asked_periods(periods: str) -> list[str]:
    """The periods of a text in which they are parted by commas."""
    return [period for period in periods.split(",") if period]


def bases(view: IndicatorView) -> tuple[dict[str, str], dict[str, str]]:
    """The periods in which limits can begin anew, and those up to which figures can make them, with
    their words: enough figures stand on the one side, and at least one on the other.
    """
    known = view.places.filter(pl.col("value").is_not_null() & pl.col("in_series"))
    rows = known.select("period", "words").rows()
    least = spc.SPC_MINIMUM_POINTS
    return dict(rows[1 : len(rows) - least + 1]), dict(rows[least - 1 : -1])


def _words(places: pl.DataFrame, periods: Sequence[str]) -> str:
    found = places.filter(pl.col("period").is_in(periods))["words"].to_list()
    return display.listed(found) if found else ""


def _points(view: IndicatorView, history: pl.DataFrame, anew: Sequence[int]) -> pl.DataFrame:
    """The figures in stretches, which begin with a definition and at these places."""
    rebased = [(str(view.indicator["indicator"]), x) for x in anew]
    starts = pl.DataFrame(rebased, schema={"indicator": pl.String, "x": pl.Int64}, orient="row")
    return spc.points_of(history, starts)


def _changes(points: pl.DataFrame) -> list[int]:
    """The places at which the latest stretch changed its level."""
    latest = points.filter(pl.col("stage") == pl.col("stage").max())
    starts = steps.new_levels(latest["value"].to_numpy().astype(np.float64))
    return latest["x"].gather(starts).to_list()


def _based(points: pl.DataFrame, last: int | None) -> pl.DataFrame:
    """The points with the baseline of one stage ending at `last`."""
    if last is None:
        return points
    stage = points.filter(pl.col("x") <= last)["stage"].max()
    return points.with_columns(in_baseline=(pl.col("stage") != stage) | (pl.col("x") <= last))


def _placed(
    places: pl.DataFrame, charted: pl.DataFrame, proposed: pl.DataFrame, months: int
) -> pl.DataFrame:
    """The points at their places; limits go on through periods without a figure."""
    limits = ["mean", "lower", "upper", "stage"]
    known = charted.select("x", "value", *limits, "cause", "variation")
    again = proposed.select("x", *(pl.col(name).alias(f"proposed_{name}") for name in limits))
    bands = (pl.col(name).cast(pl.Float64) for name in ("target_from", "target_to"))
    return (
        places.select(
            "place", "period", "label", "words", "shown", "unit", "decimals", *bands,
            "target", "target_high", x=(pl.col("end_month") // months).cast(pl.Int64),
        )
        .join(known, on="x", how="left", maintain_order="left")
        .join(again, on="x", how="left", maintain_order="left")
        .with_columns(pl.col(*limits, *again.columns[1:]).forward_fill())
    )  # fmt: skip


def _assurance(
    view: IndicatorView, places: pl.DataFrame, charted: pl.DataFrame
) -> tuple[str | None, str]:
    """Whether the limits of the latest stretch lie inside the latest target; or why nobody can say."""
    latest = view.places.filter(pl.col("value").is_not_null()).row(-1, named=True)
    low, high = latest["target_from"], latest["target_to"]
    if low is None and high is None:
        return None, ""
    direction = str(view.line["direction"]) if view.line else ""
    found = stable.stretch(charted, direction)
    if not found.is_stable:
        begins = charted.filter(pl.col("stage") == pl.col("stage").max())["x"].min()
        since = places.filter(x=begins)["words"].item()
        is_arrow = view.page.wording.direction is Comparison.REGRESSION
        return None, found.reasons(since, *([] if is_arrow else ["trend by regression"]))
    edges = (
        pl.lit(edge, dtype=pl.Float64)
        for edge in outcomes.as_displayed(low, high, latest["decimals"])
    )
    assurance = charted.tail(1).select(spc.assurance(pl.col("lower"), pl.col("upper"), *edges))
    return assurance.item(), ""


def _told(charted: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """The special causes by the words of their periods."""
    words = dict(places.select("x", "words").iter_rows())
    means = charted.select("x", "variation")
    return (
        spc.stretches(charted)
        .join(means, left_on="first", right_on="x", how="left", maintain_order="left")
        .select(
            pl.col("cause", "variation").cast(pl.String),
            pl.col("first", "last").replace_strict(words, return_dtype=pl.String),
            "points",
        )
    )
