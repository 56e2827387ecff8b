"""The framework of a year and the setting of targets, in a browser."""

from __future__ import annotations

import csv

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SIZES, Scheme, Visit, Visitor
from tests.browser.test_browser import SCHEMES, looks_right, parameters, violations

#: Kent's framework that prints most, Exampleshire's proposals of the year to come, and a range.
PAGES = [
    ("framework", {"organisation": "kent", "report": "qpr", "year": "2024/25"}),
    ("framework", {"organisation": "exampleshire", "report": "qpr", "year": "2026/27"}),
    ("targets", {"organisation": "kent", "year": "2020/21", "kpi": "IC-CPP2", "report": "qpr"}),
    ("targets", {"organisation": "exampleshire", "report": "qpr", "kpi": "CU01", "target": "92.6"}),
]  # fmt: skip


def tries(visitor: Visitor, target: str) -> None:
    """Type another target, and leave the field as the keyboard does."""
    field = visitor.page.get_by_role("spinbutton", name="Target")
    field.fill(target)
    field.press("Enter")


@pytest.mark.parametrize("width", SIZES)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_pages_fit_and_axe_finds_nothing(scheme: Scheme, width: int, visit: Visit) -> None:
    visitor = visit(width, scheme)
    for path, chosen in PAGES:
        visitor.go(path, **chosen)
        looks_right(visitor)
        made_up = visitor.page.locator(".madeup").count()
        assert made_up == (chosen["organisation"] == "exampleshire")
        assert violations(visitor.page) == [], chosen


def test_a_target_moved_by_keyboard_changes_a_rating_and_can_be_shared(visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    visitor.go("targets", organisation="exampleshire", report="qpr", year="2026/27", kpi="CU01")
    would = page.locator("[data-would] .pill")
    expect(would).to_have_text(["●Green"] * 4)
    tries(visitor, "92.6")
    expect(would).to_have_text(["●Green", "▲Amber", "●Green", "▲Amber"])
    expect(page.locator('[data-count="green"]')).to_contain_text("was 4")
    expect(page.locator('[data-count="green"] .n')).to_have_text("2")
    visitor.settle()
    assert parameters(visitor)["target"] == "92.6"
    looks_right(visitor)

    # An arrow moves it by one in the last place.
    page.get_by_role("spinbutton", name="Target").press("ArrowUp")
    expect(would).to_have_text(["▲Amber", "▲Amber", "●Green", "▲Amber"])
    visitor.settle()
    assert parameters(visitor)["target"] == "92.7"

    other = visit()
    other.page.goto(page.url)
    shared = other.page.locator("[data-would] .pill")
    expect(shared).to_have_text(["▲Amber", "▲Amber", "●Green", "▲Amber"])
    other.settle()
    assert parameters(other) == parameters(visitor)
    expect(other.page.get_by_role("spinbutton", name="Target")).to_have_value("92.7")

    page.get_by_role("button", name="Reset to the present target").click()
    expect(would).to_have_text(["●Green"] * 4)
    visitor.settle()
    assert "target" not in parameters(visitor)


def test_from_a_finding_to_another_target_and_its_download(visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    visitor.go("framework", organisation="kent", report="qpr", year="2024/25")
    page.locator("summary", has_text="The floor is on the better side").wait_for()
    page.get_by_role("link", name="Try another target for Percentage of annual reviews").click()
    visitor.at("Setting targets")
    assert parameters(visitor)["kpi"] == "ES-EHCPREV"
    expect(page.locator(".found")).to_contain_text("The floor of 60% lies above")
    tries(visitor, "65")
    expect(page.locator(".found").get_by_text("The floor of 60%")).to_have_count(0)
    visitor.settle()
    with page.expect_download() as download:
        page.get_by_text("Download this proposal").click()
    assert download.value.suggested_filename == "kent-qpr-2024-25-target-ES-EHCPREV.csv"
    with download.value.path().open(encoding="utf-8", newline="") as lines:
        (row,) = csv.DictReader(lines)
    assert row.pop("source")
    assert row == {
        "indicator": "ES-EHCPREV", "year": "2024/25", "period": "", "status": "proposed",
        "target": "65", "target_high": "", "floor": "60", "floor_high": "",
    }  # fmt: skip
