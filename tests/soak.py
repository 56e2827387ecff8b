"""How long a test runs: short in `make test`, long in `make soak`."""

from __future__ import annotations

import os


def examples(short: int, long: int) -> int:
    """How many examples to take: `long` where KPI_SOAK is set."""
    return long if os.environ.get("KPI_SOAK") else short
