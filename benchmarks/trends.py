"""How often each rule sees a trend, and how long a million series take: `make benchmark-trends`.

Simulated series without a trend give the false arrows; with one, the power. A trend is 0.3 of the
measure's own scatter (one standard deviation) a period. Figures are independent of each other, or of
twelve months rolling, which share three of four quarters, or eleven of twelve months, with the one
before. An XmR chart sees something when it marks any point; below 12 points there is none.

Then a million series of twelve points, and statsmodels' own loop beside it on a sample, in one run:
seconds by the clock and of the processor, which differ on a busy machine.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import polars as pl

from kpi_core import robust, spc, trend
from kpi_core.runs import Floats

COUNTS = (6, 8, 12, 16)
STEEP = 0.3
SERIES = 1_000_000
POINTS = 12
SAMPLE = 500
#: Over how many periods each kind of figure is added up.
KINDS = {"independent": 1, "rolling, by quarter": 4, "rolling, by month": 12}
SEED = 20260401


def simulated(count: int, overlap: int, steepness: float, many: int) -> Floats:
    """Random series, one in each row: noise of one standard deviation about a slope."""
    noise = np.random.default_rng(SEED + count).standard_normal((many, count + overlap - 1))
    windows = np.lib.stride_tricks.sliding_window_view(noise, overlap, axis=1)
    figures = windows.sum(axis=2) / np.sqrt(overlap)
    return np.asarray(figures + steepness * np.arange(count), dtype=np.float64)


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


def published(figures: Floats, _: int) -> float:
    """The share of series in which the published rule sees a trend."""
    return _share(trend.fit(framed(figures))["p"].to_list())


def mann_kendall(figures: Floats, _: int) -> float:
    """The same for Mann–Kendall."""
    x = np.arange(figures.shape[1], dtype=float)
    return _share([robust.mann_kendall(x, y) for y in figures])


def newey_west(figures: Floats, overlap: int) -> float:
    """The same for Newey–West, told of the overlap; of independent figures it is told none."""
    x = np.arange(figures.shape[1], dtype=float)
    return _share([robust.newey_west(x, y, overlap) for y in figures])


def known_overlap(figures: Floats, overlap: int) -> float:
    """The same for least squares that knows how figures overlap."""
    x = np.arange(figures.shape[1], dtype=float)
    return _share([robust.overlapping(x, y, overlap) for y in figures])


def _share(ps: list[float | None]) -> float:
    return sum(p is not None and p < trend.SIGNIFICANCE for p in ps) / len(ps)


def xmr(figures: Floats, _: int) -> float:
    """The share of series in which an XmR chart marks a point."""
    charted = spc.chart(framed(figures))
    marked = charted.filter(pl.col("cause") != spc.Cause.COMMON)["indicator"].n_unique()
    return marked / len(figures)


#: Each rule, and how many series it is tried on: those that fit one by one, on fewer.
RULES: dict[str, tuple[Callable[[Floats, int], float], int]] = {
    "published rule": (published, 8_000),
    "Mann–Kendall": (mann_kendall, 2_000),
    "Newey–West": (newey_west, 1_000),
    "known overlap": (known_overlap, 1_000),
    "XmR chart": (xmr, 8_000),
}


def seen(rule: str, kind: str, count: int, steepness: float, at_most: int = 8_000) -> float | None:
    """The share of simulated series in which a rule sees something; None where it does not apply."""
    found, many = RULES[rule]
    if rule == "XmR chart" and count < spc.SPC_MINIMUM_POINTS:
        return None
    overlap = KINDS[kind]
    return found(simulated(count, overlap, steepness, min(many, at_most)), overlap)


def print_shares(title: str, steepness: float) -> None:
    """A table: a row for each kind of figures and number of points, a column for each rule."""
    print(f"\n{title}\n{'figures':<22}{'points':>6}" + "".join(f"{rule:>16}" for rule in RULES))
    for kind in KINDS:
        for count in COUNTS:
            shares = [seen(rule, kind, count, steepness) for rule in RULES]
            cells = ["–" if share is None else f"{share:.0%}" for share in shares]
            print(f"{kind:<22}{count:>6}" + "".join(f"{cell:>16}" for cell in cells))


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
    """Print shares and speeds."""
    print_shares("False arrows: nothing moves", 0)
    print_shares(f"Power: a trend of {STEEP} standard deviations a period", STEEP)
    print(f"\n{SERIES:,} series of {POINTS} points")
    points = framed(np.random.default_rng(SEED).standard_normal((SERIES, POINTS)))
    timed("direction of travel, all", lambda: directions(points))
    timed("XmR chart, all", lambda: spc.chart(points))
    timed(
        f"statsmodels' own loop, {SAMPLE} of them (× {SERIES // SAMPLE:,} for all)",
        lambda: by_statsmodels(points),
    )


if __name__ == "__main__":
    main()
