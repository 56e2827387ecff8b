"""The page Compare and the search on the indicator's page, run as a visitor runs them."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from kpi_core import catalogue, views
from pages.explore import comparison
from pages.explore.comparison import Comparison
from pages.shared.selection import Selection
from tests.conftest import ROOT
from tests.html import Shown
from tests.test_catalogue import figures_of
from tests.test_pages import open_page, periods, shown

COMPARE = ROOT / "pages/explore/compare.py"
INDICATOR = ROOT / "pages/explore/indicator.py"
MADE_UP = {"organisation": "exampleshire"}


def compared(**asked: str) -> Shown:
    return shown(opened(**asked))


def opened(**asked: str) -> AppTest:
    return open_page(COMPARE, **MADE_UP, **asked)


def labels(page: AppTest) -> list[str]:
    return [cast("Any", one).proto.label for one in page.get("download_button")]


@pytest.mark.parametrize("organisation", ["kent", "exampleshire"])
def test_every_comparison_to_begin_with_opens(organisation: str) -> None:
    page = shown(open_page(COMPARE, organisation=organisation))
    ready = [link for link in page.links if link.startswith("compare?")]
    assert len(ready) > 1
    for link in ready:
        asked = {name: texts[0] for name, texts in parse_qs(urlsplit(link).query).items()}
        there = shown(open_page(COMPARE, **asked))
        assert "What is compared" in there.text
        assert there.pictures, link


def test_what_is_found_has_a_link_that_adds_it() -> None:
    page = compared(find="potholes", **{"with": "CU03"})
    (link,) = [one for one in page.links if "HT0" in one and one.startswith("compare?")]
    asked = parse_qs(urlsplit(link).query)
    assert catalogue.apart(asked["with"][0])[0] == "CU03"
    assert len(catalogue.apart(asked["with"][0])) == 2


def test_nothing_found_and_nothing_known_are_told() -> None:
    assert "Nothing in this report goes by “zeppelin”" in compared(find="zeppelin").text
    page = compared(**{"with": "CU03,NONE", "view": "odd", "from": "1999/00", "shift": "99"})
    for text in ("no “NONE”", "no view “odd”", "no period “1999/00”", "no shift “99”"):
        assert text in page.text, text
    assert "Complaints answered within 20 working days" in page.text


def test_text_of_the_address_stays_text() -> None:
    hostile = "<img src=x onerror=alert(1)>"
    page = compared(find=hostile, **{"with": f"CU03,{hostile}"})
    assert "img" not in page.tags
    assert hostile[:40] in page.text


@pytest.mark.parametrize("view", ["side", "together", "against"])
def test_each_view_has_pictures_with_words_and_downloads(view: str) -> None:
    page = opened(**{"with": "CU03,CU11", "view": view})
    read = shown(page)
    assert all(len(picture.attrib["aria-label"]) > 20 for picture in read.pictures)
    assert labels(page) == [
        "Download the picture as SVG",
        "Download the picture as PNG",
        "Download these figures as CSV",
    ]


def test_small_charts_stand_under_their_directorates() -> None:
    page = compared(**{"with": "CU03,HT11", "by": "directorate"})
    assert page.text.index("Customer and Communities") < page.text.index("Highways and Environment")


@pytest.mark.parametrize("report", ["qpr", "dashboard"])
def test_periods_of_any_age_open_it(report: str) -> None:
    figures = figures_of("exampleshire")
    for period in periods(figures, report)[::9]:
        rows = catalogue.catalogue(figures, report, figures.organisation.period(period))
        keys = catalogue.joined(rows["key"].gather_every(max(rows.height // 4, 1)).to_list())
        for view in ("side", "against"):
            compared(report=report, period=period, view=view, **{"with": keys})


@pytest.mark.parametrize(
    "wanted",
    [
        Comparison(("CU03", "CU11")),
        Comparison(("CU03", "CU11"), "together", first="2022/23 Q1", last="2024/25 Q1"),
        Comparison(("CU01", "CU03"), "together", scale="values"),
        Comparison(("CU03", "CU11"), "against", shift="-2"),
        Comparison(("CU03", "CU04/service=Blue badges", "CO02@England"), order="directorate"),
    ],
)
def test_a_comparison_comes_back_from_its_link(wanted: Comparison) -> None:
    figures = figures_of("exampleshire")
    at = views.latest_period(figures, "qpr")
    link = wanted.link(Selection("exampleshire", "", "qpr", str(at)), wanted.keys)
    asked = {name: texts[0] for name, texts in parse_qs(urlsplit(link).query).items()}
    texts = {name: asked.get(name, "") for name in comparison.NAMES}
    view = views.together(figures, "qpr", at, catalogue.apart(texts["with"]))
    assert comparison.asked(view, texts) == (wanted, [])


def test_the_indicators_page_finds_others_and_leads_to_compare() -> None:
    page = shown(open_page(INDICATOR, **MADE_UP, indicator="CU04", find="potholes"))
    assert any(link.startswith("indicator?") and "HT0" in link for link in page.links)
    (link,) = [one for one in page.links if one.startswith("compare?")]
    keys = catalogue.apart(parse_qs(urlsplit(link).query)["with"][0])
    assert keys[0] == "CU04"
    assert len(keys) > 2
    assert all(key.startswith("CU04/") for key in keys[1:])
