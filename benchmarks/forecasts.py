"""Forecasts of made-up series whose future is held back: make benchmark-forecasts.

Six kinds of series, quarterly and monthly, each drawn at random from a fixed seed with its own level,
noise, length and number of periods left. Of each the year's end is forecast as a page would, from all
but the last figures, and held against these: the figure of the last period, and where figures add up
the total of all that are left. Intervals meant to hold 80% must hold 75% to 85% of each kind, and no
centre or end may lie outside the bounds of the measure. Exit code 1 if not.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from kpi_core import forecast
from kpi_core.bounded import Scale
from kpi_core.runs import Floats

SEED = 13
#: Series of each kind and frequency.
SERIES = 400
#: Periods in a year, the shortest and longest history, and the most periods left, by frequency.
LENGTHS = {"quarters": (4, 18, 32, 3), "months": (12, 30, 72, 9)}
COVERAGE = (0.75, 0.85)
#: A level shift comes at least so many figures before the forecast.
SHIFTED = 6

AT_LEAST_NOTHING = Scale(0)
PERCENT = Scale(0, 100)


@dataclass(frozen=True)
class Ask:
    """How a series is made: how many figures are known, of how many in all, and of how many a year."""

    random: np.random.Generator
    known: int
    count: int
    season: int

    def noise(self) -> Floats:
        """Chance of standard deviation 1."""
        return self.random.standard_normal(self.count)

    def sign(self) -> int:
        """Up or down."""
        return int(self.random.choice([-1, 1]))


def trend(ask: Ask) -> Floats:
    """A straight line, by a tenth to six tenths of the noise a period."""
    return 200 + ask.sign() * ask.random.uniform(0.1, 0.6) * np.arange(ask.count) + ask.noise()


def season(ask: Ask) -> Floats:
    """The same season every year, one to four times as large as the noise."""
    year = ask.random.standard_normal(ask.season) * ask.random.uniform(1, 4)
    return 200 + np.resize(year, ask.count) + ask.noise()


def level_shift(ask: Ask) -> Floats:
    """One change of level, by three to ten times the noise."""
    at = ask.known - ask.random.integers(SHIFTED, min(19, ask.known - 8))
    by = ask.sign() * ask.random.uniform(3, 10)
    return 200 + by * (np.arange(ask.count) >= at) + ask.noise()


def near_100(ask: Ask) -> Floats:
    """95% to 99.7% of 40 to 400 cases: all of them now and then."""
    cases = ask.random.integers(40, 400)
    met = ask.random.binomial(cases, ask.random.uniform(0.95, 0.997), ask.count)
    return 100 * met / cases


def counts(ask: Ask) -> Floats:
    """Two to sixty cases a period on average."""
    return ask.random.poisson(ask.random.uniform(2, 60), ask.count).astype(np.float64)


def rolling(ask: Ask) -> Floats:
    """The mean of twelve months, told every month or quarter."""
    each = 100 + 10 * ask.random.standard_normal(ask.count + ask.season - 1)
    return np.convolve(each, np.full(ask.season, 1 / ask.season), "valid")


#: Each kind, between which bounds it lies, and whether its figures add up.
KINDS: dict[str, tuple[Callable[[Ask], Floats], Scale, bool]] = {
    "trend": (trend, AT_LEAST_NOTHING, True),
    "season": (season, AT_LEAST_NOTHING, True),
    "level shift": (level_shift, AT_LEAST_NOTHING, True),
    "near 100%": (near_100, PERCENT, True),
    "counts": (counts, AT_LEAST_NOTHING, True),
    "rolling 12 months": (rolling, AT_LEAST_NOTHING, False),
}


def held_back(series: int, seed: int = SEED) -> pl.DataFrame:
    """Every forecast: kind, frequency, total Boolean, low, centre, high, outcome, smallest, largest."""
    rows = [
        row
        for number, kind in enumerate(KINDS)
        for frequency in LENGTHS
        for row in _of_kind(kind, frequency, series, [seed, number, LENGTHS[frequency][0]])
    ]
    figures = ("low", "centre", "high", "outcome", "smallest", "largest")
    schema = {"kind": pl.String, "frequency": pl.String, "total": pl.Boolean}
    return pl.DataFrame(rows, schema=schema | dict.fromkeys(figures, pl.Float64), orient="row")


def _of_kind(
    kind: str, frequency: str, series: int, seed: list[int]
) -> Iterator[tuple[object, ...]]:
    make, scale, adds_up = KINDS[kind]
    in_year, shortest, longest, most = LENGTHS[frequency]
    random = np.random.default_rng(seed)
    for _ in range(series):
        known, left = int(random.integers(shortest, longest + 1)), int(random.integers(1, most + 1))
        values = make(Ask(random, known, known + left, in_year))
        history = forecast.past(values[:known], in_year, left, scale).at_one_level
        for total in (False, True)[: 1 + adds_up]:
            view = forecast.outlook(history, left, total=total)
            if view is None:
                continue
            outcome = values[known:].sum() if total else values[-1]
            ends = [
                None if end is None else end * view.times for end in (scale.smallest, scale.largest)
            ]
            low, high = view.interval()
            yield (kind, frequency, total, low, view.centre, high, float(outcome), *ends)


def scored(forecasts: pl.DataFrame, *by: str) -> pl.DataFrame:
    """Of each kind: forecasts, coverage, and how many lie outside their bounds."""
    outside = (pl.col("low") < pl.col("smallest")) | (pl.col("high") > pl.col("largest"))
    between = pl.col("centre").is_between("low", "high")
    return forecasts.group_by(*by, maintain_order=True).agg(
        forecasts=pl.len(),
        coverage=pl.col("outcome").is_between("low", "high").mean(),
        outside=(outside.fill_null(value=False) | ~between).sum(),
    )


def main() -> int:
    """Print the table; 0 if every kind is as it must be."""
    forecasts = held_back(SERIES)
    for row in scored(forecasts, "kind", "frequency", "total").iter_rows(named=True):
        what = "all that are left" if row["total"] else "the last period"
        print(
            f"{row['kind']:<18} {row['frequency']:<9} {what:<18} {row['forecasts']:>6} "
            f"{row['coverage']:>7.1%} {row['outside']:>4} outside"
        )
    found = scored(forecasts, "kind")
    wrong = found.filter(~pl.col("coverage").is_between(*COVERAGE) | (pl.col("outside") > 0))
    print()
    for row in found.iter_rows(named=True):
        print(f"{row['kind']:<18} {row['forecasts']:>6} {row['coverage']:>7.1%}")
    print("Coverage is as it must be" if wrong.is_empty() else "Not good enough")
    return 0 if wrong.is_empty() else 1


if __name__ == "__main__":
    sys.exit(main())
