"""The framework of a financial year: its KPIs and activity indicators, and what changed."""

from kpi_core.framework.listing import COLUMNS, Lifecycle, framework, is_held, kpis
from kpi_core.framework.proposal import Finding, checks, checks_of, rehearsal

__all__ = [
    "COLUMNS", "Finding", "Lifecycle", "checks", "checks_of", "framework", "is_held", "kpis",
    "rehearsal",
]  # fmt: skip
