"""How often the long tests try: a little in `make test`, much in `make soak`."""

from __future__ import annotations

import os


def examples(short: int, long: int) -> int:
    """The number of examples: `long` where KPI_SOAK is set, as `make soak` does."""
    return long if os.environ.get("KPI_SOAK") else short


def first_seed() -> int:
    """The number that random councils begin with: always 0, unless KPI_SEED says another."""
    return int(os.environ.get("KPI_SEED", "0"))
