"""Past forecasts held against what came, in a browser: every width, every theme, axe."""

from __future__ import annotations

import csv

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SIZES, Scheme, Visit
from tests.browser.test_browser import SCHEMES, parameters
from tests.browser.test_views import KENT, MONTH, QUARTER, nothing_wrong

HEADING = "How good were the forecasts?"
PAGES = [KENT, QUARTER, QUARTER | {"by": "indicator"}, MONTH | {"by": "section"}]


@pytest.mark.parametrize("width", SIZES)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_page_fits_and_axe_finds_nothing(scheme: Scheme, width: int, visit: Visit) -> None:
    visitor = visit(width, scheme)
    for chosen in PAGES:
        visitor.go("calibration", **chosen)
        nothing_wrong(visitor)


def test_from_an_outlook_to_past_forecasts(visit: Visit) -> None:
    visitor = visit()
    visitor.go("indicator", **MONTH | {"period": "2025-12", "indicator": "CU03"})
    visitor.follow("How good past forecasts were", HEADING)
    assert parameters(visitor)["period"] == "2025-12"


def test_scores_by_year_and_every_forecast_taken_along(visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    visitor.go("calibration", **MONTH)
    visitor.choose_here("Show the scores by", "Year")
    first = page.get_by_role("region", name="Scores by year").locator("tbody tr").first
    expect(first.locator("th")).to_have_text("2021/22")
    visitor.settle()
    assert parameters(visitor)["by"] == "year"
    forecasts = int(first.locator("td").first.inner_text().replace(",", ""))
    with page.expect_download() as download:
        page.get_by_text("Download every forecast as CSV").click()
    with download.value.path().open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["method"] == "chosen"]
    assert sum(row["year"] == "2021/22" for row in rows) == forecasts > 0
