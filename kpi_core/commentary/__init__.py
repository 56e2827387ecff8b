"""The commentary: what is said about figures, and whether it says what they say."""

from kpi_core.commentary.checks import KINDS, Doubt, findings, of_report, of_text, without_action
from kpi_core.commentary.places import DOING, Where, texts, with_places
from kpi_core.commentary.rows import actions, of_period
from kpi_core.commentary.subject import Standing, Subject, subjects
from kpi_core.commentary.writing import FILE, Place, file_of, tidy

__all__ = [
    "DOING", "FILE", "KINDS", "Doubt", "Place", "Standing", "Subject", "Where", "actions", "file_of",
    "findings", "of_period", "of_report", "of_text", "subjects", "texts", "tidy", "with_places",
    "without_action",
]  # fmt: skip
