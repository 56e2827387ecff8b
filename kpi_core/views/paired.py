"""Two series against each other, now or so many periods later, and what that can tell, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from kpi_core import compare, display
from kpi_core.figures import Figures
from kpi_core.gathered import gathered
from kpi_core.periods import Frequency
from kpi_core.views.compared import Together, within, worded

#: Lags looked at in each direction.
LAGS = 4
#: Below this share of their number pairs are worth clearly fewer.
_CLEARLY = 0.9


@dataclass(frozen=True)
class Pair:
    """Two series, period by period, one of them so many periods later."""

    one: str  #: what A stands for
    other: str
    units: tuple[str, str]
    lag: int
    each: str  #: what a period is called
    pairs: pl.DataFrame  #: a, b Float64; words, then String (the periods); tip String
    lags: pl.DataFrame  #: see compare.lagged; with label, words, tip String
    note: str  #: that the figures of one are taken less often than they come; mostly empty
    remark: str  #: why there is nothing to compare; empty where there is

    @property
    def now(self) -> dict[str, float | int | None]:
        """The row of the lag chosen."""
        found: dict[str, float | int | None] = self.lags.filter(lag=self.lag).row(0, named=True)
        return found


def pair(figures: Figures, view: Together, lag: int) -> Pair:
    """The first two series against each other: the second `lag` periods later (earlier below 0).

    Where one comes more often than the other, its figures for the longer periods are taken, as far as
    there are any.
    """
    chosen = view.chosen.head(2)
    (a, b), names, units = chosen["letter"].to_list(), view.names, chosen["unit"].to_list()
    points, every, note = _alike(figures, view, chosen)
    each = str(every)
    first, then = (
        points.filter((pl.col("letter") == letter) & pl.col("y").is_not_null()).select(
            "x", "y", "words", "text"
        )
        for letter in (a, b)
    )
    found = compare.lagged(first.select("x", "y"), then.select("x", "y"), LAGS)
    pairs = (
        first.join(then.with_columns(x=pl.col("x") - lag), on="x", suffix="_then")
        .sort("x")
        .select(
            "words", a="y", b="y_then", then="words_then",
            tip=pl.concat_str(
                pl.lit(f"{a} "), "text", pl.lit(" in "), "words", pl.lit(f", {b} "), "text_then",
                pl.lit(" in "), "words_then",
            ),
        )
    )  # fmt: skip
    remark = ""
    if pairs.is_empty():
        apart = [one for one, own in ((a, first), (b, then)) if own.is_empty()] if note else []
        remark = (
            f"{note} But there is no figure of {apart[0]} for a {each} in this stretch of time, and "
            "adding shorter periods up would be a guess. Look at them side by side."
            if apart
            else f"There is no {each} in which both have a figure. Choose a longer stretch of time."
        )
    return Pair(
        one=names[a], other=names[b], units=(units[0], units[1]), lag=lag, each=each, pairs=pairs,
        lags=_worded_lags(found, each), note=note, remark=remark,
    )  # fmt: skip


def _alike(
    figures: Figures, view: Together, chosen: pl.DataFrame
) -> tuple[pl.DataFrame, Frequency, str]:
    """The points of two series as often as the one that comes less often, how often, and a note."""
    points = view.points.filter(pl.col("letter").is_in(chosen["letter"].to_list()))
    often = dict(points.select("letter", "frequency").unique().iter_rows())
    frequencies = {Frequency(one) for one in often.values()} or {Frequency.QUARTER}
    coarser = max(frequencies, key=lambda one: one.months)
    if len(frequencies) == 1:
        return points, coarser, ""
    at = view.page.at
    taken = gathered(figures, view.page.report, at, chosen, every=coarser)
    said = " and ".join(f"{letter} every {often[letter]}" for letter in sorted(often))
    note = f"{said[0]} comes{said[1:]}: both are taken by the {coarser}."
    return within(worded(taken, chosen, view.page.wording), view.stretch), coarser, note


def _worded_lags(found: pl.DataFrame, each: str) -> pl.DataFrame:
    texts = [later(lag, each) for lag in found["lag"]]
    tips = [
        f"{words}: {correlation(row)}"
        for words, row in zip(texts, found.iter_rows(named=True), strict=True)
    ]
    labels = [f"{'+' if lag > 0 else '−' if lag < 0 else ''}{abs(lag)}" for lag in found["lag"]]
    return found.with_columns(
        label=pl.Series(labels, dtype=pl.String),
        words=pl.Series(texts, dtype=pl.String),
        tip=pl.Series(tips, dtype=pl.String),
    )


def later(lag: int, each: str) -> str:
    """`B two quarters after A`, `B in the same quarter as A`."""
    if not lag:
        return f"B in the same {each} as A"
    many = f"{display.count(abs(lag))} {each}{'s' if abs(lag) > 1 else ''}"
    return f"B {many} {'after' if lag > 0 else 'before'} A"


def correlation(row: Mapping[str, float | int | None]) -> str:
    """`r 0.62, between 0.05 and 0.88, from 11 pairs`."""
    r, low, high, count = (row[name] for name in ("r", "low", "high", "n"))
    pairs = f"{count} pair{'' if count == 1 else 's'}"
    if r is None:
        return f"too little to say, {pairs}"
    if low is None or high is None:
        return f"r {_two(r)}, too little to say how sure, {pairs}"
    return f"r {_two(r)}, between {_two(low)} and {_two(high)}, from {pairs}"


def said(found: Pair) -> list[str]:
    """What the pairs can tell, and what they cannot, in plain sentences; the verdict first."""
    row = found.now
    r, low, high, count = row["r"], row["low"], row["high"], int(row["n"] or 0)
    many = f"{display.count(count)} {found.each}{'' if count == 1 else 's'}"
    if r is None and count <= compare.FEWEST:
        return [f"Only {many} can be paired: too few to tell anything from."]
    if r is None:
        return ["One of the two stands still over these periods: nothing can go together with it."]
    if abs(r) >= 1:
        return [f"All {count} pairs lie on one straight line: one looks worked out from the other."]
    if low is None or high is None:
        return [
            (
                "Too little to tell anything from: each figure is so much like the one before it that "
                f"{count} pairs are worth hardly more than one."
            )
        ]
    sure = (
        f"The correlation r is {_two(r)}; anything from {_two(low)} to {_two(high)} would fit the "
        f"{count} pairs of figures.{_worth(row['effective'], count)}"
    )
    if low > 0 or high < 0:
        way = "higher too" if r > 0 else "lower"
        return [
            f"The two go together: where A is higher, B is mostly {way}.",
            sure,
            (
                "Going together is not causing: one may bring the other about, either way round, or both "
                "may follow something else, such as the time of year."
            ),
        ]
    return [
        "The figures do not show that the two go together: chance alone could look like this.",
        sure,
        "Nor do they show that the two are unconnected: more figures might tell.",
    ]


def _worth(effective: float | int | None, count: int) -> str:
    """How many independent pairs they are worth, where that is clearly fewer."""
    if effective is None or effective >= _CLEARLY * count:
        return ""
    return (
        " Since each figure is like the one before it, they count for about "
        f"{max(round(effective), 1)} independent ones."
    )


def told(found: Pair) -> str:
    """What the chart of the pairs shows, in words."""
    shifted = later(found.lag, found.each)
    return (
        f"{found.one} (A) across, {found.other} (B) upwards, {shifted}: "
        f"{correlation(found.now)}. The latest: {found.pairs['tip'][-1]}."
    )


def lags_told(found: Pair) -> str:
    """What the chart of the shifts shows, in words."""
    return f"How closely they go together at each shift. {'; '.join(found.lags['tip'])}."


def best(found: Pair) -> str:
    """The lag at which they go together most closely; or that at none of them they surely do."""
    sure = found.lags.filter((pl.col("low") > 0) | (pl.col("high") < 0))
    if sure.is_empty():
        return (
            f"At none of the {display.count(found.lags.height)} shifts do they go together by more "
            "than chance could make."
        )
    top = sure.sort(pl.col("r").abs(), descending=True).row(0, named=True)
    return f"They go together most closely with {top['words']}: {correlation(top)}."


def _two(value: float | int) -> str:
    return display.number(Decimal(str(round(float(value), 6))), 2)
