"""Choosing among sentences: each has its turn before one comes again, in its own season."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from random import Random

from kpi_core.periods import Period

_SEASON = re.compile(r"((?:Q[1-4] )*Q[1-4]): ")


class Turns:
    """Chooses among sentences so that each has had its turn before one comes again."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._used: Counter[str] = Counter()

    def pick(self, options: Sequence[str]) -> str:
        """One of those said least often."""
        if not options:
            return ""
        least = min(self._used[option] for option in options)
        chosen = self._chance.choice([o for o in options if self._used[o] == least])
        self._used[chosen] += 1
        return chosen

    def fresh(self, options: Sequence[str]) -> str:
        """One that has not been said yet, or nothing."""
        return self.pick([option for option in options if not self._used[option]])

    def between_0_and_1(self) -> float:
        """A number by chance."""
        return self._chance.random()

    def often(self, share: float) -> bool:
        """True in that share of all cases."""
        return self._chance.random() < share


def in_season(options: Sequence[str], at: Period) -> list[str]:
    """The sentences that fit the quarter of the year, without their mark."""
    fitting = []
    for option in options:
        mark = _SEASON.match(option)
        if mark is None:
            fitting.append(option)
        elif f"Q{at.quarter_number}" in mark[1]:
            fitting.append(option[mark.end() :])
    return fitting
