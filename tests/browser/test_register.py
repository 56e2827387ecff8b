"""The pages of risks and of faults in a browser: narrow and wide, light and dark, by keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SIZES, Scheme, Visit
from tests.browser.test_browser import SCHEMES, looks_right, parameters, violations

PAGES = {
    ("kent", "risks"): "2024/25 Q2",
    ("kent", "quality"): "2024/25 Q2",
    ("exampleshire", "risks"): "2025/26 Q1",
    ("exampleshire", "quality"): "2025/26 Q1",
    ("kent", "commentary"): "2024/25 Q2",
    ("exampleshire", "commentary"): "2025/26 Q4",
}

#: Windows that axe looks at: both sizes and both themes once, as it takes seconds for each page.
AUDITED = {(1280, "light"), (400, "dark")}


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", SIZES)
def test_nothing_is_cut_off_and_everyone_can_read_it(
    width: int, scheme: Scheme, visit: Visit
) -> None:
    visitor = visit(width, scheme)
    for (organisation, path), period in PAGES.items():
        visitor.go(path, organisation=organisation, period=period)
        if path == "risks":
            visitor.page.locator("details summary").first.click()
        looks_right(visitor)
        if (width, scheme) in AUDITED:
            assert violations(visitor.page) == []


def test_actions_open_by_keyboard(visit: Visit) -> None:
    visitor = visit()
    visitor.go("risks", organisation="kent", period="2024/25 Q2")
    first = visitor.page.locator("details:has(li b)").first
    action = first.locator("li b").first
    expect(action).not_to_be_visible()
    first.locator("summary").focus()
    visitor.page.keyboard.press("Enter")
    expect(action).to_be_visible()


def test_an_empty_page_leads_to_a_register(visit: Visit) -> None:
    visitor = visit()
    visitor.go("risks", organisation="kent", period="2023/24 Q2")
    looks_right(visitor)
    visitor.follow("Quarterly Performance Report, Q2 2024/25", heading="Corporate risks")
    expect(visitor.page.locator('[data-count="high"]')).to_have_text("13")
    assert parameters(visitor)["period"] == "2024/25 Q2"


def test_a_filter_stands_in_the_address_and_is_shared(visit: Visit) -> None:
    visitor = visit()
    visitor.go("quality", organisation="exampleshire")
    findings = visitor.page.locator("[data-finding]")
    everything = findings.count()
    visitor.page.get_by_role("combobox", name="Kind").click()
    visitor.page.get_by_role("option", name="A count that is not whole").click()
    expect(findings).to_have_count(1)
    visitor.settle()
    assert parameters(visitor)["kind"] == "count_with_decimals"
    other = visit()
    other.page.goto(visitor.page.url)
    other.at("Data quality")
    expect(other.page.locator("[data-finding]")).to_have_count(1)
    assert everything > 1


def test_the_summary_leads_to_the_faults_and_they_to_their_indicator(visit: Visit) -> None:
    visitor = visit()
    visitor.go("", organisation="kent", period="2024/25 Q2")
    visitor.follow("6 findings: 6 errors", heading="Data quality")
    name = "Number of Deprivation of Liberty Safeguards applications received"
    link = visitor.page.locator("[data-finding=two_values] a")
    expect(link).to_have_text(name)
    link.click()
    expect(visitor.page.locator(".kpi h2", has_text="What looks wrong")).to_be_visible()
    visitor.settle()
    looks_right(visitor)
