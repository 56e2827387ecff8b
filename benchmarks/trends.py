"""How often each rule sees a trend, and how long a million series take: `make benchmark-trends`.

`make simulated` writes the shares alone into docs/simulated.md, which the method page shows.

Simulated series without a trend give the false alarms; with one, the power. A trend is 0.3 of the
measure's own scatter (one standard deviation) a period. Figures are independent of each other, or of
twelve months rolling, which share three of four quarters, or eleven of twelve months, with the one
before, or they come and go with a season: a wave through the year that begins anywhere. An XmR chart
sees something when it marks any point; below 12 points there is none.

Then a million series of twelve points, and statsmodels' own loop beside it on a sample, in one run:
seconds by the clock and of the processor, which differ on a busy machine.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from kpi_core import robust, season_aware, spc, trend
from kpi_core.runs import Floats

PAGE = Path(__file__).resolve().parents[1] / "docs" / "simulated.md"

COUNTS = (6, 8, 12, 16)
STEEP = 0.3
SERIES = 1_000_000
POINTS = 12
SAMPLE = 500
SEED = 20260401


@dataclass(frozen=True)
class Kind:
    """How figures come about: how many periods each adds up, and the season, in standard deviations."""

    overlap: int = 1
    periods: int = 12  #: of a year
    season: float = 0.0


KINDS = {
    "independent": Kind(),
    "12 months rolling, by quarter": Kind(overlap=4, periods=4),
    "12 months rolling, by month": Kind(overlap=12),
    "with a season, by month": Kind(season=1),
    "with a strong season, by month": Kind(season=3),
    "with a strong season, by quarter": Kind(periods=4, season=3),
}


def simulated(count: int, kind: Kind, steepness: float, many: int, before: int = 0) -> Floats:
    """Random series, one in each row: noise of one standard deviation, a season and a slope.

    The first `before` figures of each are those that come before the ones that count.
    """
    overlap, random = kind.overlap, np.random.default_rng(SEED + count)
    noise = random.standard_normal((many, before + count + overlap - 1))
    windows = np.lib.stride_tricks.sliding_window_view(noise, overlap, axis=1)
    figures = windows.sum(axis=2) / np.sqrt(overlap)
    time = np.arange(-before, count)
    begins = random.uniform(0, 1, (many, 1))
    wave = kind.season * np.sin(2 * np.pi * (time / kind.periods + begins))
    return np.asarray(figures + wave + steepness * time, dtype=np.float64)


def framed(figures: Floats) -> pl.DataFrame:
    """The series as `trend` and `spc` take them."""
    many, count = figures.shape
    return pl.DataFrame(
        {
            "indicator": pl.Series(np.repeat(np.arange(many), count)).cast(pl.String),
            "x": np.tile(np.arange(count, dtype=float), many),
            "y": figures.ravel(),
            "value": figures.ravel(),
            "stage": pl.Series(np.zeros(figures.size, dtype=np.uint32)),
            "in_baseline": np.ones(figures.size, dtype=bool),
        }
    )


def published(figures: Floats, _: Kind) -> float:
    """The share of series in which the published rule sees a trend."""
    return _share(trend.fit(framed(figures))["p"].to_list())


def mann_kendall(figures: Floats, _: Kind) -> float:
    """The same for Mann–Kendall."""
    x = np.arange(figures.shape[1], dtype=float)
    return _share([robust.mann_kendall(x, y) for y in figures])


def newey_west(figures: Floats, kind: Kind) -> float:
    """The same for Newey–West, told of the overlap; of independent figures it is told none."""
    x = np.arange(figures.shape[1], dtype=float)
    return _share([robust.newey_west(x, y, kind.overlap) for y in figures])


def known_overlap(figures: Floats, kind: Kind) -> float:
    """The same for least squares that knows how figures overlap."""
    x = np.arange(figures.shape[1], dtype=float)
    return _share([robust.overlapping(x, y, kind.overlap) for y in figures])


def season_allowed_for(figures: Floats, kind: Kind) -> float:
    """The same for the test that allows for the time of year; the first year says what the season is."""
    x = np.arange(figures.shape[1], dtype=float)
    found = [season_aware.trend(x, y, kind.periods, float(kind.periods)) for y in figures]
    return _share([one.p if one else None for one in found])


def _share(ps: list[float | None]) -> float:
    return sum(p is not None and p < trend.SIGNIFICANCE for p in ps) / len(ps)


def xmr(figures: Floats, _: Kind) -> float:
    """The share of series in which an XmR chart marks a point."""
    charted = spc.chart(framed(figures))
    marked = charted.filter(pl.col("cause") != spc.Cause.COMMON)["indicator"].n_unique()
    return marked / len(figures)


#: Each rule, and how many series it is tried on: those that fit one by one, on fewer.
SEASON = "season allowed for"
RULES: dict[str, tuple[Callable[[Floats, Kind], float], int]] = {
    "published rule": (published, 8_000),
    "Mann–Kendall": (mann_kendall, 2_000),
    "Newey–West": (newey_west, 1_000),
    "known overlap": (known_overlap, 1_000),
    SEASON: (season_allowed_for, 2_000),
    "XmR chart": (xmr, 8_000),
}


def applies(rule: str, kind: Kind, count: int) -> bool:
    """Whether a rule is for such figures, and for so many."""
    if rule == "XmR chart":
        return count >= spc.SPC_MINIMUM_POINTS
    if rule == SEASON:
        return kind.overlap == 1 and count >= season_aware.FEWEST
    return rule not in ("Newey–West", "known overlap") or not kind.season


def seen(rule: str, kind: str, count: int, steepness: float, at_most: int = 8_000) -> float | None:
    """The share of simulated series in which a rule sees something; None where it does not apply."""
    found, many = RULES[rule]
    how = KINDS[kind]
    if not applies(rule, how, count):
        return None
    before = how.periods if rule == SEASON else 0
    return found(simulated(count, how, steepness, min(many, at_most), before), how)


def table(steepness: float) -> list[str]:
    """A row for each kind of figures and number of points, a column for each rule, as Markdown."""
    lines = [_row("Figures", "Points", *RULES), _row(*["---"] * (len(RULES) + 2))]
    for kind in KINDS:
        for count in COUNTS:
            shares = [seen(rule, kind, count, steepness) for rule in RULES]
            cells = ["–" if share is None else f"{share:.0%}" for share in shares]
            lines.append(_row(kind, str(count), *cells))
    return lines


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def written() -> str:
    """The page of docs: both tables with what they mean."""
    many = [count for _, count in RULES.values()]
    parts = [
        "# How often a rule sees a trend",
        (
            "Each share comes from made-up series with a known truth, drawn at random and always the "
            f"same: {min(many):,} to {max(many):,} for each rule (`make simulated`). Figures scatter about their "
            "level. Those of twelve months rolling share most of their months with the one before. A "
            "season is a wave through the year that begins anywhere: it rises above and falls below the level "
            "by the usual scatter (one standard deviation), or three times that where it is strong. The "
            "season is allowed for with one more year of figures before the points counted here. An XmR "
            "chart sees something when it marks any point; it takes twelve points. A dash: the rule is not "
            "for such figures, or they are too few."
        ),
        "## False alarms",
        (
            "Nothing moves in these series but the season: whatever a rule sees is chance or season. One "
            "time in twenty, 5%, is what the published rule allows itself. Where figures overlap or have a "
            "season, a rule that does not know it is wrong far more often. These are shares of KPIs without "
            "a trend. What share of all arrows is false is another question, which also depends on how many KPIs move."
        ),
        "\n".join(table(0)),
        "## Power",
        (
            f"These series do move, by {STEEP} of their usual scatter (one standard deviation) each "
            "period. The shares say how often a rule notices. Where figures overlap or have a season, read "
            "them beside the false alarms above: a rule that often sees a trend that is not there also "
            "often sees one that is."
        ),
        "\n".join(table(STEEP)),
    ]
    return "\n\n".join(parts) + "\n"


def timed(what: str, work: Callable[[], object]) -> None:
    """Do it twice, as the first time loads libraries, and print the second."""
    work()
    clock, processor = time.perf_counter(), time.process_time()
    work()
    taken, used = time.perf_counter() - clock, time.process_time() - processor
    print(f"{what:<64}{taken:>8.2f} s by the clock {used:>8.2f} s of the processor")


def directions(points: pl.DataFrame) -> pl.DataFrame:
    """The direction of travel of every series."""
    return trend.direction(trend.fit(points).with_columns(polarity=pl.lit("higher")))


def by_statsmodels(points: pl.DataFrame) -> None:
    """The lines of some series, one after another."""
    from statsmodels.regression.linear_model import OLS
    from statsmodels.tools import add_constant

    x, y = points["x"].to_numpy(), points["y"].to_numpy()
    for block in range(0, SAMPLE * POINTS, POINTS):
        some = slice(block, block + POINTS)
        fitted = OLS(y[some], add_constant(x[some])).fit()
        assert 0 <= fitted.pvalues[1] <= 1


def main() -> None:
    """Write the shares where the method page has them, or print them and the speeds."""
    if sys.argv[1:] == ["--write"]:
        PAGE.write_text(written(), encoding="utf-8")
        return
    print(written())
    print(f"{SERIES:,} series of {POINTS} points")
    points = framed(np.random.default_rng(SEED).standard_normal((SERIES, POINTS)))
    timed("direction of travel, all", lambda: directions(points))
    timed("XmR chart, all", lambda: spc.chart(points))
    timed(
        f"statsmodels' own loop, {SAMPLE} of them (× {SERIES // SAMPLE:,} for all)",
        lambda: by_statsmodels(points),
    )


if __name__ == "__main__":
    main()
