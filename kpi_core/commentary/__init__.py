"""The commentary: what is said about figures, and whether it says what they say."""

from kpi_core.commentary.checks import KINDS, Doubt, of_report, of_text, without_action
from kpi_core.commentary.rows import actions, of_period
from kpi_core.commentary.subject import Standing, Subject, subjects

__all__ = [
    "KINDS", "Doubt", "Standing", "Subject", "actions", "of_period", "of_report", "of_text",
    "subjects", "without_action",
]  # fmt: skip
