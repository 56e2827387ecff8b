"""The words that a reader meets."""

from __future__ import annotations

import pytest

from kpi_core import words


@pytest.mark.parametrize("alert", words.Alert)
def test_labels_of_alerts_are_sentence_case(alert: words.Alert) -> None:
    assert alert.label == alert.label.capitalize()


def test_the_codes_of_ratings_are_those_of_the_contract() -> None:
    assert [str(rating) for rating in words.Rating] == [
        "GREEN", "AMBER", "RED", "NO DATA", "NOT RATED", "UNDECIDED",
    ]  # fmt: skip
    assert [str(rating) for rating in words.DECIDED] == ["GREEN", "AMBER", "RED"]
