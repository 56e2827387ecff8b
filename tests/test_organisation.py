"""What an organisation says of itself."""

from __future__ import annotations

import pytest

from kpi_core import colours
from kpi_core.errors import PeriodError, SettingsError
from kpi_core.organisation import Organisation
from kpi_core.periods import Period
from kpi_core.wording import Wording
from kpi_core.words import Rating

FULL = """
name = "Exampleshire"
year_start = 1
currency = "€"
decimal_mark = ","
thousands_mark = "."
made_up = true
[reports]
quarterly = "board"
monthly = "pulse"
year_to_date = ["pulse", "board"]
[names]
green = "On track"
[colours]
red = "#7b2d8b"
"""


def test_every_setting_is_taken() -> None:
    assert Organisation.from_toml("ex", FULL) == Organisation(
        "ex", "Exampleshire", 1, "board", "pulse", ("pulse", "board"), made_up=True,
        wording=Wording("€", ",", ".", ((Rating.GREEN, "On track"),)),
        colours=colours.from_settings("ex", {"colours": {"red": "#7b2d8b"}}),
    )  # fmt: skip


def test_a_council_that_says_nothing_is_an_ordinary_one() -> None:
    assert Organisation.from_toml("ex", "") == Organisation(
        "ex", "ex", 4, "qpr", "dashboard", ("dashboard",), made_up=False, wording=Wording("£")
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("year_start = 5", "Enter the month in which the financial year begins: 1, 4, 7 or 10"),
        ('year_start = "April"', "1, 4, 7 or 10"),
        ("name = ", "ex/organisation.toml cannot be read"),
        ("year_begins = 4", 'no setting "year_begins"'),
        ('[reports]\nquaterly = "qpr"', 'no setting "quaterly"'),
        ('reports = "qpr"', "year_to_date is a list"),
        ('[reports]\nyear_to_date = "qpr"', "Write for example year_to_date"),
    ],
)
def test_settings_that_cannot_be_followed_name_the_file_and_the_way_out(
    text: str, message: str
) -> None:
    with pytest.raises(SettingsError, match=message) as refused:
        Organisation.from_toml("ex", text)
    assert "ex/organisation.toml" in str(refused.value)


def test_periods_are_those_of_the_organisations_calendar() -> None:
    council = Organisation.from_toml("ex", FULL)
    assert council.period(" 2024 Q2 ") == Period.parse("2024 Q2", 1)
    with pytest.raises(PeriodError):
        council.period("2024/25 Q2")


@pytest.mark.parametrize(
    ("period", "report"), [("2024-09", "pulse"), ("2024 Q2", "board"), ("2024", "board")]
)
def test_each_kind_of_period_has_its_report(period: str, report: str) -> None:
    council = Organisation.from_toml("ex", FULL)
    assert council.report_for(council.period(period)) == report


# What stands on papers

PAPERS = """
[papers]
since = "2024/25 Q2"
produced_by = "Performance Team"
from = ["Ann Other, Leader", "Ben Example, Chief Executive"]
to = "Cabinet"
[[papers.contacts]]
name = "Cat Sample"
email = "cat@council.example"
"""


def test_papers_bear_what_is_said_of_them_from_then_on() -> None:
    council = Organisation.from_toml("ex", PAPERS)
    now = council.papers.at(council.period("2024/25 Q2"))
    assert now.sender == ("Ann Other, Leader", "Ben Example, Chief Executive")
    assert (now.to, now.classification) == ("Cabinet", "")
    assert [(one.name, one.telephone) for one in now.contacts] == [("Cat Sample", "")]
    assert council.papers.producer(council.period("2024-06")) == []
    assert council.papers.producer(council.period("2024/25 Q3")) == [
        ("Produced by", "Performance Team")
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('papers = "Cabinet"', "[papers] is a table. Write for example"),
        ('[papers]\nform = ["Ann"]', '[papers]: there is no setting "form". Did you mean "from"?'),
        ("[papers]\nto = 7", '[papers] to: 7 is not a line of text. Write it in quotes: "…".'),
        ('[papers]\nfrom = "Ann"', "[papers] from: write a list"),
        ('[papers]\nsince = "soon"', '[papers] since: "soon" is not a period.'),
        ('[papers]\ncontacts = ["Ann"]', "begins with [[papers.contacts]]"),
        ('[[papers.contacts]]\nphone = "1"', 'contacts: there is no setting "phone".'),
    ],
)
def test_a_letterhead_that_cannot_be_followed_names_the_way_out(text: str, message: str) -> None:
    with pytest.raises(SettingsError) as refused:
        Organisation.from_toml("ex", text)
    assert message in str(refused.value)
    assert str(refused.value).startswith("ex/organisation.toml")
