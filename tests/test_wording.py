"""How an organisation says things: its marks, its names, its meanings, and what is refused."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from typing import Any

import pytest

from kpi_core import trend
from kpi_core.errors import SettingsError
from kpi_core.organisation import Organisation
from kpi_core.rules import AmberRule, Rules
from kpi_core.wording import NO_BREAK_SPACE, PLAIN, Wording
from kpi_core.words import Amber, Comparison, Direction, Rating

NAMES = """
[names]
green = "On track"
amber = "Slightly behind"
red = " Off track "
no_data = "Nothing known"
not_rated = "No target"
undecided = "Open"
"""


def read(text: str) -> Wording:
    return Wording.from_settings("ex", tomllib.loads(text))


def ruled(by: Amber, own: Amber | None = None, *directions: Comparison) -> Wording:
    """The words of a council with that general rule, and of one KPI of another."""
    rules = Rules(
        amber=AmberRule(by, Decimal(5)),
        own=(("RB01", AmberRule(own, Decimal(2))),) if own else (),
        directions=directions or (Comparison.REGRESSION,),
    )
    return Wording(rules=rules)


def test_ratings_have_the_names_that_were_given() -> None:
    wording = read(NAMES)
    assert [wording.label(rating) for rating in Rating] == [
        "On track", "Slightly behind", "Off track", "Nothing known", "No target", "Open",
    ]  # fmt: skip


def test_without_names_ratings_are_called_by_their_codes() -> None:
    assert [PLAIN.label(rating) for rating in Rating] == [
        "Green", "Amber", "Red", "No data", "Not rated", "Undecided",
    ]  # fmt: skip
    assert read('[names]\nred = "Off track"').label("GREEN") == "Green"


@pytest.mark.parametrize(
    ("text", "wording"),
    [
        ("", Wording("£", ".", ",")),
        ('decimal_mark = ","\nthousands_mark = "."', Wording("£", ",", ".")),
        ('decimal_mark = ","\nthousands_mark = " "', Wording("£", ",", NO_BREAK_SPACE)),
        ('thousands_mark = "\'"', Wording("£", ".", "'")),
        ('thousands_mark = ""\ncurrency = "€"', Wording("€", ".", "")),
    ],
)
def test_marks_are_taken(text: str, wording: Wording) -> None:
    assert read(text) == wording


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('decimal_mark = ";"', 'decimal_mark is \';\'. Write "." or ","'),
        ("decimal_mark = 1", "decimal_mark is 1"),
        ('thousands_mark = "_"', "thousands_mark is '_'"),
        ("thousands_mark = [','] ", "thousands_mark is"),
        ('decimal_mark = ","', 'both ",".*Write for example thousands_mark = "."'),
        ('thousands_mark = "."', 'both ".".*Write for example thousands_mark = ","'),
        ("currency = 5", "currency is 5"),
        ('currency = "pounds"', "at most 5 characters"),
        ('names = "On track"', r"\[names\] is a table"),
        ('[names]\ngreeen = "On track"', r'\[names\]: there is no setting "greeen". Did you mean "green"'),
        ('[names]\nGREEN = "On track"', 'there is no setting "GREEN"'),
        ("[names]\ngreen = 1", 'green: 1 is not a text. Write it in quotes: "1"'),
        ('[names]\ngreen = "  "', "green: '' cannot be shown. Write a word or two"),
        ('[names]\ngreen = "On\\ntrack"', "cannot be shown"),
        ('[names]\nred = "Very much further behind"\ngreen = "Very very much further behind"', '"Very very much further behind" has 29 characters. Write at most 24'),
        ('[names]\nred = "Amber"', '"Red"|"Amber" is the name of amber and of red. Give each rating a name of its own'),
        ('[names]\nred = "on track"\ngreen = "On Track"', "is the name of green and of red"),
        ('[names]\nred = "all"', "the choice of all ratings"),
    ],
)  # fmt: skip
def test_what_cannot_be_followed_is_refused_with_the_way_out(text: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message) as refused:
        Organisation.from_toml("ex", text)
    assert str(refused.value).startswith("ex/organisation.toml")


def test_a_name_may_be_as_long_as_the_limit_says() -> None:
    assert read('[names]\nred = "Very much further behind"').label("RED") == (
        "Very much further behind"
    )


@pytest.mark.parametrize("by", Amber)
def test_every_rating_has_a_meaning_of_its_own_under_every_rule(by: Amber) -> None:
    meanings = [PLAIN.meaning(rating, by) for rating in Rating]
    assert len(set(meanings)) == len(meanings)
    assert all(meaning[0].isupper() and not meaning.endswith(".") for meaning in meanings)


@pytest.mark.parametrize("by", Comparison)
def test_every_direction_has_a_meaning_of_its_own_by_every_comparison(by: Comparison) -> None:
    meanings = [PLAIN.direction_meaning(direction, by) for direction in Direction]
    assert len(set(meanings)) == len(meanings)
    assert all(meaning[0].isupper() and not meaning.endswith(".") for meaning in meanings)


@pytest.mark.parametrize(
    ("by", "amber", "red"),
    [
        (
            Amber.FLOOR, "Floor standard achieved but target has not been met",
            "Floor standard has not been achieved; management action must follow",
        ),
        (
            Amber.POINTS, "Target missed by no more than the tolerance",
            "Target missed by more than the tolerance; management action must follow",
        ),
        (
            Amber.PERCENT, "Target missed by no more than the tolerance",
            "Target missed by more than the tolerance; management action must follow",
        ),
        (
            Amber.NONE, "Target has not been met",
            "Target has not been achieved; management action must follow",
        ),
        (
            Amber.YEAR_AGO, "Target missed, but no worse than a year ago",
            "Target missed, and worse than a year ago",
        ),
    ],
)  # fmt: skip
def test_amber_and_red_mean_what_the_rule_says(by: Amber, amber: str, red: str) -> None:
    assert (PLAIN.meaning("AMBER", by), PLAIN.meaning("RED", by)) == (amber, red)
    council = ruled(by)
    assert (council.meaning("AMBER"), council.meaning("RED")) == (amber, red)
    assert council.meaning("RED", "floor") == PLAIN.meaning("RED")


def test_a_direction_means_what_the_first_comparison_says() -> None:
    by_year = ruled(Amber.FLOOR, None, Comparison.YEAR_AGO, Comparison.REGRESSION)
    assert by_year.direction_meaning("improving") == "Better than in the same period a year before"
    assert PLAIN.direction_meaning("improving") == "The figures charted show a positive trend"


def test_the_meaning_of_too_little_history_names_the_number_that_is_used() -> None:
    assert trend.MINIMUM_POINTS == 6
    assert "Fewer than six periods" in PLAIN.direction_meaning(Direction.NOT_ENOUGH)


def test_labels_of_directions_are_sentence_case() -> None:
    labels = [PLAIN.direction_label(direction) for direction in Direction]
    assert labels == [label.capitalize() for label in labels]


def test_amber_occurs_unless_no_kpi_can_be_amber() -> None:
    assert PLAIN.decided == (Rating.GREEN, Rating.AMBER, Rating.RED)
    assert ruled(Amber.NONE).decided == (Rating.GREEN, Rating.RED)
    assert ruled(Amber.NONE, Amber.POINTS).has_amber
    assert not ruled(Amber.NONE, Amber.NONE).has_amber


@pytest.mark.parametrize(
    ("wording", "amber", "name"),
    [
        (PLAIN, None, "Floor"),
        (PLAIN, "points", "Amber limit"),
        (ruled(Amber.POINTS), None, "Amber limit"),
        (ruled(Amber.POINTS), "floor", "Floor"),
        (ruled(Amber.NONE), None, ""),
        (ruled(Amber.NONE, Amber.YEAR_AGO), None, "Amber limit"),
        (ruled(Amber.NONE, Amber.YEAR_AGO), "none", ""),
        (read(NAMES), "percent", "Slightly behind limit"),
    ],
)
def test_the_limit_of_amber_has_a_name(wording: Wording, amber: str | None, name: str) -> None:
    assert wording.limit_name(amber) == name


def test_words_of_two_organisations_can_be_kept_by_what_they_are() -> None:
    kept: dict[Any, str] = {PLAIN: "a", read(NAMES): "b", ruled(Amber.NONE): "c"}
    assert kept[read(NAMES)] == "b"
    assert kept[Wording()] == "a"
