"""Councils drawn from numbers, against the oracle: 50 that are always the same, and 2,000 new ones
in the long form (`make soak`, which prints the number that they begin with).

To repeat one: `KPI_SEED=NUMBER KPI_SOAK=1 pytest tests/test_random_councils.py -k "NUMBER-"`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random

import pytest

from tests.against_oracle import Both, told_of
from tests.random_folder import folder
from tests.soak import examples, first_seed

COUNCILS = examples(50, 2_000)
#: So many numbers make one test.
AT_ONCE = 10
CHUNKS = [
    range(first, min(first + AT_ONCE, first_seed() + COUNCILS))
    for first in range(first_seed(), first_seed() + COUNCILS, AT_ONCE)
]
#: Of each council so many periods of its reports are compared, drawn from its number.
MOMENTS = examples(1, 3)


def council(seed: int, where: Path) -> Both:
    """The council of a number, with some of its periods."""
    both = Both.as_read(folder(seed, where))
    drawn = Random(seed).sample(both.moments, min(MOMENTS, len(both.moments)))  # noqa: S311
    both.moments[:] = drawn
    return both


def told_of_seeds(seeds: Iterable[int], where: Path) -> list[str]:
    return [
        f"seed {seed}: {line}"
        for seed in seeds
        for line in told_of(council(seed, where / str(seed)))
    ]


def in_short(told: Sequence[str]) -> str:
    """How many differences there are of each aspect, and the first few."""
    of_aspects = Counter(line.split(": ")[1] for line in told)
    return "\n".join([f"{len(told)} differences: {dict(of_aspects)}", *told[:40]])


@pytest.mark.parametrize("seeds", CHUNKS, ids=lambda seeds: f"{seeds[0]}-{seeds[-1]}")
def test_a_random_council_is_that_of_the_oracle(seeds: range, tmp_path: Path) -> None:
    told = told_of_seeds(seeds, tmp_path)
    assert not told, in_short(told)


def test_the_same_number_gives_the_same_council(tmp_path: Path) -> None:
    first, again = folder(7, tmp_path / "a"), folder(7, tmp_path / "b")
    files = sorted(path.name for path in first.iterdir())
    assert files == sorted(path.name for path in again.iterdir())
    assert all((first / name).read_bytes() == (again / name).read_bytes() for name in files)
