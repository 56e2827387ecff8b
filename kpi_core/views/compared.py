"""Indicators compared: keys of the catalogue and a stretch of time in, all that the page shows out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from kpi_core import catalogue, compare, display, lines
from kpi_core.figures import Figures
from kpi_core.gathered import gathered
from kpi_core.periods import Period
from kpi_core.views.head import Page, page
from kpi_core.wording import Wording

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWX"
#: Lags looked at in each direction.
LAGS = 4


@dataclass(frozen=True)
class Together:
    """What is compared, and its figures."""

    page: Page
    chosen: pl.DataFrame  #: rows of the catalogue with letter, in the order asked for
    unknown: tuple[str, ...]  #: keys that the report does not have
    #: see gathered, of the stretch asked for; with letter, unit String, decimals Int32 and text
    points: pl.DataFrame
    periods: tuple[Period, ...]  #: that the stretch can begin and end with, oldest first

    @property
    def names(self) -> dict[str, str]:
        """What each letter stands for."""
        return dict(self.chosen.select("letter", "label").iter_rows())

    @property
    def unit(self) -> str | None:
        """The unit that all have in common; none where they have several."""
        units = self.chosen["unit"].unique().to_list()
        return units[0] if len(units) == 1 else None

    @property
    def has_figures(self) -> bool:
        """Whether there is any figure in the stretch asked for."""
        return bool(self.points["value"].is_not_null().any())


def comparable(figures: Figures, report: str, at: Period) -> pl.DataFrame:
    """Everything that can be compared: see catalogue."""
    return catalogue.catalogue(figures, report, at)


def together(
    figures: Figures,
    report: str,
    at: Period,
    keys: Sequence[str],
    *,
    first: str = "",
    last: str = "",
) -> Together:
    """The figures of the keys from one period to another, as far as they are known."""
    listed = comparable(figures, report, at)
    asked = pl.DataFrame({"key": list(dict.fromkeys(keys))}, schema={"key": pl.String})
    chosen = asked.join(listed, on="key", how="inner", maintain_order="left").head(len(LETTERS))
    chosen = chosen.with_columns(letter=pl.Series(list(LETTERS[: chosen.height]), dtype=pl.String))
    wording = figures.organisation.wording
    points = _worded(gathered(figures, report, at, chosen), chosen, wording)
    periods = _periods(points, at)
    start, end = _edges(periods, first, last)
    return Together(
        page=page(figures, report, at),
        chosen=chosen,
        unknown=tuple(asked.join(listed, on="key", how="anti", maintain_order="left")["key"]),
        points=points.filter(pl.col("end_month").is_between(start, end)),
        periods=periods,
    )


def _worded(points: pl.DataFrame, chosen: pl.DataFrame, wording: Wording) -> pl.DataFrame:
    facts = chosen.select("key", "letter", "unit", "decimals")
    joined = points.join(facts, on="key", how="left", maintain_order="left")
    texts = [
        display.figure(value, unit, decimals, wording)
        for value, unit, decimals in joined.select("value", "unit", "decimals").iter_rows()
    ]
    return joined.with_columns(
        y=pl.col("value").cast(pl.Float64), text=pl.Series(texts, dtype=pl.String)
    )


def _periods(points: pl.DataFrame, at: Period) -> tuple[Period, ...]:
    if points.is_empty():
        return ()
    often = lines.finest(points["frequency"].to_list())
    texts = points.filter(pl.col("frequency") == often).sort("end_month")["period"]
    return tuple(Period.parse(text, at.year_start) for text in texts.unique(maintain_order=True))


def _edges(periods: Sequence[Period], first: str, last: str) -> tuple[int, int]:
    """The months in which the stretch asked for begins and ends; all that is known by default."""
    ends = {str(period): period.end_month for period in periods}
    months = list(ends.values()) or [0]
    return ends.get(first, months[0]), ends.get(last, months[-1])


def indexed(view: Together) -> pl.DataFrame:
    """The points with y as a share of the first period that all have, and text to match.

    Returns the columns of `points`; y null where there is no share.
    """
    shares = compare.indexed(
        view.points.select("letter", series="letter", x="end_month", value="y")
    )
    wording = view.page.wording
    texts = [lines.index_text(share, wording) for share in shares["index"].to_list()]
    return view.points.with_columns(
        y=shares["index"], text=pl.Series(texts, dtype=pl.String), base=shares["base"]
    )


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
    remark: str  #: why there is nothing to compare; empty where there is

    @property
    def now(self) -> dict[str, float | int | None]:
        """The row of the lag chosen."""
        found: dict[str, float | int | None] = self.lags.filter(lag=self.lag).row(0, named=True)
        return found


def pair(view: Together, lag: int) -> Pair:
    """The first two series against each other: the second `lag` periods later (earlier below 0)."""
    (a, b), names = view.chosen["letter"].to_list()[:2], view.names
    one, other = (view.points.filter(letter=letter) for letter in (a, b))
    often = {*one["frequency"].to_list(), *other["frequency"].to_list()}
    each = next(iter(often)) if len(often) == 1 else "period"
    units = view.chosen["unit"].to_list()
    remark = ""
    if len(often) != 1:
        remark = (
            f"{a} and {b} do not come equally often, so their figures are of different stretches of "
            "time. Look at them side by side."
        )
    first, then = (
        frame.filter(pl.col("y").is_not_null()).select("x", "y", "words", "text")
        for frame in (one, other)
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
    if not remark and pairs.is_empty():
        remark = f"There is no {each} in which both have a figure. Choose a longer stretch of time."
    return Pair(
        one=names[a], other=names[b], units=(units[0], units[1]), lag=lag, each=each, pairs=pairs,
        lags=_worded_lags(found, each), remark=remark,
    )  # fmt: skip


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


def correlation(row: dict[str, float | int | None]) -> str:
    """`r 0.62, between 0.05 and 0.88, from 11 pairs`."""
    r, low, high, count = (row[name] for name in ("r", "low", "high", "n"))
    pairs = f"{count} pair{'' if count == 1 else 's'}"
    if r is None:
        return f"too few to say, {pairs}"
    if low is None or high is None:
        return f"r {_two(r)}, too few independent pairs to say how sure, {pairs}"
    return f"r {_two(r)}, between {_two(low)} and {_two(high)}, from {pairs}"


def said(found: Pair) -> list[str]:
    """What the pairs can tell, and what they cannot, in plain sentences."""
    row = found.now
    r, low, high, count = (row[name] for name in ("r", "low", "high", "n"))
    if r is None:
        many = f"{display.count(int(count or 0))} {found.each}{'' if count == 1 else 's'}"
        return [
            f"Only {many} can be paired, or one of the two never moves: that is too little to go by."
        ]
    if low is None or high is None:
        return [
            f"Each figure is so much like the one before that {count} pairs are worth next to nothing."
        ]
    worth = row["effective"]
    like = (
        f" Since figures are like those just before them, {count} pairs are worth about "
        f"{max(round(worth), 1)} independent ones."
        if worth is not None and worth < 0.9 * float(count or 0)
        else ""
    )
    sure = f"r is {_two(r)}; anything from {_two(low)} to {_two(high)} would fit the figures.{like}"
    if low > 0 or high < 0:
        way = "higher too" if r > 0 else "lower"
        return [
            f"The two go together: where A is higher, B is mostly {way}. {sure}",
            "That is no proof that one brings the other about: both may follow something else.",
        ]
    return [
        f"The figures do not show that the two go together: chance alone could look like this. {sure}",
    ]


def best(found: Pair) -> str:
    """The lag at which they go together most surely; empty where at none of them they surely do."""
    sure = found.lags.filter((pl.col("low") > 0) | (pl.col("high") < 0))
    if sure.is_empty():
        return (
            f"At none of the {found.lags.height} shifts looked at do they go together beyond doubt."
        )
    top = sure.sort(pl.col("r").abs(), descending=True).row(0, named=True)
    return f"They go together most closely with {top['words']}: {correlation(top)}."


def _two(value: float | int) -> str:
    return display.number(Decimal(str(round(float(value), 6))), 2)


def table(view: Together) -> pl.DataFrame:
    """The figures as they are downloaded: one row for each series and period that has one."""
    return view.points.filter(pl.col("value").is_not_null()).join(
        view.chosen.select("key", "indicator", "label", "section", "breakdown", "item", "area"),
        on="key", how="left", maintain_order="left",
    ).select(
        "key", "indicator", "label", "section", "breakdown", "item", "area", "unit", "period", "value"
    )  # fmt: skip
