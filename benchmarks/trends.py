"""How often each rule sees a trend, and how long a million series take: `make benchmark-trends`.

`make simulated` writes the shares alone into docs/simulated.md, which the method page shows.

Simulated series without a trend give the false arrows; with one, the power. A trend is 0.3 of the
measure's own scatter (one standard deviation) a period. Figures are independent of each other, or of
twelve months rolling, which share three of four quarters, or eleven of twelve months, with the one
before. An XmR chart sees something when it marks any point; below 12 points there is none.

Then a million series of twelve points, and statsmodels' own loop beside it on a sample, in one run:
seconds by the clock and of the processor, which differ on a busy machine.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl

from kpi_core import robust, spc, trend
from kpi_core.runs import Floats

PAGE = Path(__file__).resolve().parents[1] / "docs" / "simulated.md"

COUNTS = (6, 8, 12, 16)
STEEP = 0.3
SERIES = 1_000_000
POINTS = 12
SAMPLE = 500
#: Over how many periods each kind of figure is added up.
KINDS = {"independent": 1, "12 months rolling, by quarter": 4, "12 months rolling, by month": 12}
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
            "level; those of twelve months rolling share most of their months with the one before. An "
            "XmR chart sees something when it marks any point; it takes twelve points."
        ),
        "## False arrows",
        (
            "Nothing moves in these series: whatever a rule sees is chance. One time in twenty, 5%, is "
            "what the published rule allows itself. Where figures overlap, a rule that does not know it "
            "is wrong far more often."
        ),
        "\n".join(table(0)),
        "## Power",
        (
            f"These series do move, by {STEEP} of their usual scatter (one standard deviation) each "
            "period. The shares say how often a rule notices. Where figures overlap, read them beside "
            "the false arrows above: a rule that often sees a trend that is not there also often sees "
            "one that is."
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
