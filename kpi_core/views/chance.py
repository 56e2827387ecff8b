"""The figures of an indicator held against chance: its XmR chart, and what it says in words."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from kpi_core import spc
from kpi_core.periods import Frequency
from kpi_core.views.one_indicator import IndicatorView
from kpi_core.words import Measure


@dataclass(frozen=True)
class Control:
    """An XmR chart, or why there is none."""

    #: place, period, label, words, end_month, shown, unit, decimals, and: value, mean, lower, upper,
    #: target_from, target_to Float64, stage UInt32, cause, variation (see spc)
    places: pl.DataFrame
    remark: str | None  #: what stands where there is nothing to chart
    screened: bool
    left_out: int  #: moving ranges screened out, of the present definition
    assurance: str | None  #: against the latest target
    #: cause, variation, first, last (words of the periods), points: the special causes, oldest first
    stretches: pl.DataFrame
    rebase: str = ""  #: in words, from which period somebody had the limits begin anew
    baseline: str = ""  #: in words, up to which period figures make the limits; empty for all

    @property
    def latest(self) -> dict[str, object]:
        """The place of the latest figure. Only where there is a chart."""
        return self.places.filter(pl.col("value").is_not_null()).row(-1, named=True)

    @property
    def breaks(self) -> int:
        """How often limits begin anew."""
        return self.places["stage"].n_unique() - 1


def control(
    view: IndicatorView, *, screened: bool, rebase: str = "", baseline: str = ""
) -> Control:
    """The chart of an indicator's whole past, with limits of the form asked for.

    Limits begin anew with a definition, and in the period `rebase`. Those of the stretch in which the
    period `baseline` lies are made from its figures up to that period, and held against the rest.
    """
    months = Frequency(str(view.indicator["frequency"])).months
    history = view.places.select(
        "indicator", "end_month", "unrounded", "in_series", months=pl.lit(months, dtype=pl.Int32)
    )
    x = {
        period: end // months
        for period, end in view.places.select("period", "end_month").iter_rows()
    }
    rebased = [(str(view.indicator["indicator"]), x[rebase])] if rebase else []
    starts = pl.DataFrame(rebased, schema={"indicator": pl.String, "x": pl.Int64}, orient="row")
    points = _based(spc.points_of(history, starts), x[baseline] if baseline else None)
    now = spc.limits(points, screened=screened).tail(1)
    count, steps, left_out = (
        now.select("n", pl.col("mean_range").fill_null(0), "left_out").row(0)
        if now.height
        else (0, 0.0, 0)
    )
    polarity = pl.lit(str(view.indicator["polarity"]))
    charted = spc.chart(points, screened=screened).with_columns(
        variation=spc.variation(pl.col("cause"), polarity)
    )
    places = _placed(view.places, charted, months)
    return Control(
        places=places,
        remark=spc.remark(
            count,
            steps,
            f"{view.indicator['frequency']}s",
            rolling=str(view.indicator["measure"]) == Measure.ROLLING,
        ),
        screened=screened,
        left_out=left_out,
        assurance=_assurance(places),
        stretches=_told(charted, places),
        rebase=_words(view.places, rebase),
        baseline=_words(view.places, baseline),
    )


def bases(view: IndicatorView) -> tuple[dict[str, str], dict[str, str]]:
    """The periods in which limits can begin anew, and those up to which figures can make them, with
    their words: enough figures stand on the one side, and at least one on the other.
    """
    known = view.places.filter(pl.col("value").is_not_null() & pl.col("in_series"))
    rows = known.select("period", "words").rows()
    least = spc.SPC_MINIMUM_POINTS
    return dict(rows[1 : len(rows) - least + 1]), dict(rows[least - 1 : -1])


def _words(places: pl.DataFrame, period: str) -> str:
    found = places.filter(period=period)["words"]
    return str(found[0]) if found.len() else ""


def _based(points: pl.DataFrame, last: int | None) -> pl.DataFrame:
    """The points with the baseline of one stage ending at `last`."""
    if last is None:
        return points
    stage = points.filter(pl.col("x") <= last)["stage"].max()
    return points.with_columns(in_baseline=(pl.col("stage") != stage) | (pl.col("x") <= last))


def _placed(places: pl.DataFrame, charted: pl.DataFrame, months: int) -> pl.DataFrame:
    """The points at their places; limits go on through periods without a figure."""
    limits = ["mean", "lower", "upper", "stage"]
    known = charted.select("x", "value", *limits, "cause", "variation")
    bands = (pl.col(name).cast(pl.Float64) for name in ("target_from", "target_to"))
    return (
        places.select(
            "place", "period", "label", "words", "shown", "unit", "decimals", *bands,
            "target", "target_high", x=(pl.col("end_month") // months).cast(pl.Int64),
        )
        .join(known, on="x", how="left", maintain_order="left")
        .with_columns(pl.col(limits).forward_fill())
    )  # fmt: skip


def _assurance(places: pl.DataFrame) -> str | None:
    """Whether the limits of today lie inside the latest target."""
    found = (
        places.filter(pl.col("value").is_not_null())
        .tail(1)
        .select(
            spc.assurance(
                *(pl.col(name) for name in ("lower", "upper", "target_from", "target_to"))
            )
        )
    )
    return found.item() if found.height else None


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
