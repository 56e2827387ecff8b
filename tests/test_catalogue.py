"""What can be compared, its search in plain words, and its keys in an address."""

from __future__ import annotations

from functools import cache

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_core import catalogue, settings, views
from kpi_core.figures import Figures


@cache
def figures_of(organisation: str) -> Figures:
    store = settings.open_store(organisation)
    store.refresh()
    return store.figures()


@cache
def known(organisation: str, report: str = "qpr") -> pl.DataFrame:
    figures = figures_of(organisation)
    return catalogue.catalogue(figures, report, views.latest_period(figures, report))


@pytest.mark.parametrize("report", ["qpr", "dashboard"])
@pytest.mark.parametrize("organisation", ["kent", "exampleshire"])
def test_each_key_says_what_it_names_and_stands_once(organisation: str, report: str) -> None:
    rows = known(organisation, report)
    assert rows["key"].is_unique().all()
    for row in rows.iter_rows(named=True):
        part = f"/{row['breakdown']}={row['item']}" if row["item"] else ""
        area = f"@{row['area']}" if row["area"] else ""
        assert row["key"] == f"{row['indicator']}{part}{area}"
        assert row["label"].startswith(row["name"])
        assert row["item"] in row["label"]
        assert row["area"] in row["label"]


def test_wholes_parts_and_places_elsewhere_can_all_be_compared() -> None:
    assert set(known("exampleshire")["of"]) == {"whole", "part", "elsewhere"}
    assert set(known("kent")["of"]) == {"whole", "part", "elsewhere"}


@pytest.mark.parametrize(
    ("wanted", "first"),
    [
        ("potholes", "Potholes repaired within 28 days"),
        ("pothole", "Potholes repaired within 28 days"),
        ("how many complaints do we answer", "Complaints answered within 20 working days"),
        ("complants", "Complaints answered within 20 working days"),  # as it may be typed
        ("fly tips", "Fly-tips reported"),
        ("CU11", "Calls received by the contact centre"),
        ("cu11", "Calls received by the contact centre"),
    ],
)
def test_plain_words_find_what_they_mean(wanted: str, first: str) -> None:
    assert catalogue.search(known("exampleshire"), wanted)["label"][0] == first


def test_call_waiting_finds_how_long_callers_wait() -> None:
    found = catalogue.search(known("exampleshire"), "call waiting")["label"].to_list()
    assert "Average time that callers wait" in found[:5]


def test_a_whole_question_finds_each_of_its_subjects() -> None:
    found = catalogue.search(known("exampleshire"), "how do complaints and calls move together?")
    assert {"Complaints received", "Calls received by the contact centre"} <= set(
        found["label"][:8]
    )


def test_all_words_must_be_there_where_any_row_has_them_all() -> None:
    found = catalogue.search(known("exampleshire"), "complaints highways")
    assert found["label"].to_list() == ["Complaints received, Highways"]


def test_wholes_stand_before_their_parts() -> None:
    found = catalogue.search(known("exampleshire"), "complaints received")
    assert found["of"][0] == "whole"
    assert found["of"].to_list()[1:] == ["part"] * (found.height - 1)


@pytest.mark.parametrize("wanted", ["zeppelin", "qqqq"])
def test_a_word_that_nothing_has_finds_nothing(wanted: str) -> None:
    assert catalogue.search(known("exampleshire"), wanted).is_empty()


@given(st.text(max_size=40))
def test_any_text_can_be_searched_for(wanted: str) -> None:
    rows = known("exampleshire")
    found = catalogue.search(rows, wanted)
    assert set(found["key"]) <= set(rows["key"])


KEYS = st.lists(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(
        lambda key: key == key.strip()
    ),
    unique=True,
)


@given(KEYS)
def test_keys_come_back_from_an_address_as_they_went(keys: list[str]) -> None:
    assert catalogue.apart(catalogue.joined(keys)) == keys


def test_keys_can_be_typed() -> None:
    assert catalogue.apart(" CS07, CS08/service=Libraries,,CS07 ") == [
        "CS07",
        "CS08/service=Libraries",
    ]
    assert catalogue.joined(["A/b=C, D"]) == "A/b=C%2C D"


@pytest.mark.parametrize("organisation", ["kent", "exampleshire"])
def test_every_indicator_of_the_report_can_be_found(organisation: str) -> None:
    """Also one that has too few figures to be compared."""
    figures = figures_of(organisation)
    at = views.latest_period(figures, "qpr")
    rows = catalogue.indicators(figures, "qpr", at)
    assert (
        rows["indicator"].to_list()
        == views.all_indicators(figures, "qpr", at)["indicator"].to_list()
    )
    for code in rows["indicator"].gather_every(9):
        assert code in catalogue.search(rows, code)["indicator"].to_list()
