"""Comparing by keyboard and by link, and what can be taken along, in a browser."""

from __future__ import annotations

import csv

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SIZES, Scheme, Visit
from tests.browser.test_browser import SCHEMES, looks_right, parameters, violations

MADE_UP = {"organisation": "exampleshire", "report": "qpr", "period": "2025/26 Q4"}
VIEWS = [
    {},
    {"find": "complaints"},
    {"with": "CU03,CU11", "view": "together"},
    {"with": "CU03,CU11", "view": "against"},
]


@pytest.mark.parametrize("width", SIZES)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_views_fit_and_axe_finds_nothing(scheme: Scheme, width: int, visit: Visit) -> None:
    visitor = visit(width, scheme)
    for asked in VIEWS:
        visitor.go("compare", **MADE_UP, **asked)
        looks_right(visitor)
        assert violations(visitor.page) == [], asked


def test_two_are_found_and_added_by_keyboard_and_back_takes_one_out(visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    visitor.go("compare", **MADE_UP)
    chosen = page.get_by_role("list", name="What is compared").get_by_role("listitem")
    field = page.get_by_role("textbox", name="Search the indicators")
    for words, name, count in (
        ("complaints received", "Complaints received", 1),
        ("calls received", "Calls received by the contact centre", 2),
    ):
        field.fill(words)
        field.press("Enter")
        add = page.get_by_role("link", name=f"Add {name}", exact=True)
        add.focus()
        add.press("Enter")
        expect(chosen).to_have_count(count)
        visitor.settle()
    assert len(parameters(visitor)["with"].split(",")) == 2
    looks_right(visitor)
    page.go_back()
    expect(chosen).to_have_count(1)


def test_figures_and_pictures_can_be_taken_along(visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    visitor.go("compare", **MADE_UP, **{"with": "CU03,CU11", "view": "together"})
    starts = {"SVG": b"<svg", "PNG": b"\x89PNG"}
    for kind, start in starts.items():
        with page.expect_download() as download:
            page.get_by_text(f"Download the picture as {kind}").click()
        assert download.value.suggested_filename.endswith(f"comparison.{kind.lower()}")
        assert download.value.path().read_bytes().startswith(start)
    with page.expect_download() as download:
        page.get_by_text("Download these figures as CSV").click()
    with download.value.path().open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert {row["key"] for row in rows} == {"CU03", "CU11"}
    assert float(rows[0]["index"]) == 100
