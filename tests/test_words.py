"""The words that a reader meets."""

from __future__ import annotations

from enum import StrEnum

import pytest

from kpi_core import trend, words

EXPLAINED: list[type[StrEnum]] = [words.Rating, words.Direction]


@pytest.mark.parametrize("kind", EXPLAINED, ids=lambda kind: kind.__name__)
def test_every_word_explains_itself_in_its_own_words(kind: type[StrEnum]) -> None:
    meanings = [word.meaning for word in kind]  # type: ignore[attr-defined]
    assert len(set(meanings)) == len(meanings)
    assert all(meaning[0].isupper() and not meaning.endswith(".") for meaning in meanings)


@pytest.mark.parametrize("kind", [*EXPLAINED, words.Alert], ids=lambda kind: kind.__name__)
def test_labels_are_sentence_case(kind: type[StrEnum]) -> None:
    labels = [word.label for word in kind]  # type: ignore[attr-defined]
    assert labels == [label.capitalize() for label in labels]


def test_the_codes_of_ratings_are_those_of_the_contract() -> None:
    assert [str(rating) for rating in words.Rating] == [
        "GREEN", "AMBER", "RED", "NO DATA", "NOT RATED", "UNDECIDED",
    ]  # fmt: skip
    assert [str(rating) for rating in words.DECIDED] == ["GREEN", "AMBER", "RED"]


def test_the_meaning_of_too_little_history_names_the_number_that_is_used() -> None:
    assert trend.MINIMUM_POINTS == 6
    assert "Fewer than six periods" in words.Direction.NOT_ENOUGH.meaning
