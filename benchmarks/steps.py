"""How often step changes are found that are there, and that are not: make benchmark-steps.

Series drawn at random from a fixed seed, figures scattering about their level with standard deviation
1. docs/rules/spc.md quotes what this prints, a test tries its short form.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial

import numpy as np

from kpi_core import steps
from kpi_core.runs import Floats

SEED = 6
SERIES = 1_000
LENGTHS = (22, 30, 48, 72)
#: More false steps than that are too many: where nothing changes, and along a straight line.
MOST_FALSE = {"nothing changes": 0.01, "a straight line": 0.08}

Make = Callable[[np.random.Generator, int], Floats]


def still(random: np.random.Generator, count: int) -> Floats:
    """Chance alone."""
    return random.standard_normal(count)


def sloped(random: np.random.Generator, count: int, *, slope: float) -> Floats:
    """A straight line that rises by so much a period."""
    return still(random, count) + slope * np.arange(count, dtype=np.float64)


def seasonal(random: np.random.Generator, count: int, *, periods: int) -> Floats:
    """A season four times as high as the figures scatter."""
    season: Floats = np.sin(2 * np.pi * np.arange(count) / periods)
    return still(random, count) + 2 * season


def alike(random: np.random.Generator, count: int) -> Floats:
    """Each figure half of the one before."""
    figures = still(random, count)
    for place in range(1, count):
        figures[place] += figures[place - 1] / 2
    return figures


def wandering(random: np.random.Generator, count: int) -> Floats:
    """No level at all: each figure begins where the one before ended."""
    return np.cumsum(still(random, count), dtype=np.float64)


def stepped(random: np.random.Generator, count: int, *, size: float) -> Floats:
    """A step of so many standard deviations, wherever both stretches have room."""
    at = random.integers(steps.LIMITS.before, count - steps.LIMITS.after + 1)
    return still(random, count) + size * (np.arange(count) >= at)


KINDS: dict[str, Make] = {
    "nothing changes": still,
    **{
        f"a straight line, {slope:g} a period": partial(sloped, slope=slope)
        for slope in (0.05, 0.1, 0.2, 0.4)
    },
    "a season of 4": partial(seasonal, periods=4),
    "a season of 12": partial(seasonal, periods=12),
    "like the one before": alike,
    "wandering": wandering,
    **{f"a step of {size:g}": partial(stepped, size=size) for size in (1.5, 2, 3, 5)},
}


def share_found(kind: str, count: int, series: int = SERIES) -> float:
    """Of so many series of a kind and length, the share in which a step is found."""
    random = np.random.default_rng([SEED, list(KINDS).index(kind), count])
    return float(
        np.mean([bool(steps.new_levels(KINDS[kind](random, count))) for _ in range(series)])
    )


def main() -> int:
    """Print the table; 0 if false steps are as seldom as they must be."""
    print(f"{'Figures':<32}" + "".join(f"{count:>8}" for count in LENGTHS))
    wrong = False
    for kind in KINDS:
        found = [share_found(kind, count) for count in LENGTHS]
        print(f"{kind:<32}" + "".join(f"{share:>8.1%}" for share in found))
        most = [share for name, share in MOST_FALSE.items() if kind.startswith(name)]
        wrong |= bool(most) and max(found) > most[0]
    print("Too many false steps" if wrong else "False steps are as seldom as they must be")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
