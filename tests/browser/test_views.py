"""The pages that explore, tell what changed and publish, in a browser: every width, every theme, axe."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from kpi_core import report, settings
from kpi_core.archive import Archive
from kpi_core.figures import Figures
from tests.browser.conftest import SIZES, Scheme, Visit, Visitor
from tests.browser.serving import serving
from tests.browser.test_browser import SCHEMES, looks_right, parameters, violations
from tests.papers import DRAFT, Pdf

KENT = {"organisation": "kent", "report": "qpr", "period": "2024/25 Q2"}
QUARTER = {"organisation": "exampleshire", "report": "qpr", "period": "2025/26 Q4"}
MONTH = {"organisation": "exampleshire", "report": "dashboard", "period": "2026-03"}
PAGES = [
    ("matrix", KENT),
    ("matrix", QUARTER | {"order": "longest-red"}),
    ("compare", KENT),
    ("compare", QUARTER | {"with": "CU01,CU03,CO02@England", "by": "directorate"}),
    ("compare", QUARTER | {"with": "CU01,CU02,CU03", "view": "together"}),
    ("compare", QUARTER | {"with": "CU01,CU03", "view": "against", "find": "calls"}),
    ("changes", KENT),
    ("changes", QUARTER),
    ("report", KENT),
    ("report", QUARTER | {"paper": "framework", "format": "xlsx"}),
    ("publish", KENT),
    ("restated", KENT),
    ("commentary", QUARTER | {"section": "Customer Services", "indicator": "CU03"}),
    # An indicator with a long history by months, one by quarters, one with hardly any.
    ("indicator", MONTH | {"indicator": "CU03", "limits": "plain", "window": "36"}),
    ("indicator", QUARTER | {"indicator": "CU01"}),
    ("indicator", KENT | {"indicator": "CS07"}),
]


def nothing_wrong(visitor: Visitor) -> None:
    """The page looks right, and axe finds nothing."""
    looks_right(visitor)
    assert violations(visitor.page) == [], visitor.page.url


@pytest.mark.parametrize("width", SIZES)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_pages_fit_and_axe_finds_nothing(scheme: Scheme, width: int, visit: Visit) -> None:
    visitor = visit(width, scheme)
    for path, chosen in PAGES:
        visitor.go(path, **chosen)
        nothing_wrong(visitor)
        expect(visitor.page.locator(".notice")).to_have_count(0)  # all that was asked for is shown


def test_the_matrix_is_sorted_by_a_box_and_the_order_stands_in_the_address(visit: Visit) -> None:
    visitor = visit()
    visitor.go("matrix", **QUARTER)
    page = visitor.page
    visitor.choose_here("Order", "Longest Red now")
    first = page.locator(".kpi table").first.locator("tbody tr").first
    expect(first.locator("td").nth(-2)).to_have_text(re.compile(r"^[1-9]\d*$"))
    visitor.settle()
    assert parameters(visitor)["order"] == "longest-red"
    shown = first.inner_text()
    other = visit()
    other.page.goto(page.url)
    expect(other.page.locator(".kpi table tbody tr").first).to_be_visible()
    other.settle()
    assert other.page.locator(".kpi table").first.locator("tbody tr").first.inner_text() == shown


def test_a_paper_is_made_looked_at_and_taken_along(visit: Visit) -> None:
    visitor = visit()
    visitor.go("report", **KENT, paper="cover-paper")
    page = visitor.page
    page.get_by_role("button", name="Make this paper").press("Enter")
    expect(page.locator(".kpi img").first).to_be_visible()
    visitor.settle()
    nothing_wrong(visitor)
    with page.expect_download() as taken:
        page.get_by_role("button", name=re.compile("^Download kent-qpr")).click()
    paper = Pdf(Path(taken.value.path()).read_bytes())
    assert taken.value.suggested_filename == "kent-qpr-2024-25-Q2-cover-paper.pdf"
    assert "16 KPIs" in paper.text or "16 met" in paper.text
    # Another choice hands out nothing of before.
    visitor.choose_here("File", "Word, to go on editing")
    expect(page.get_by_role("button", name=re.compile("^Download kent-qpr"))).to_have_count(0)


# A quarter that is published, and restated since


@pytest.fixture(scope="module")
def restated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A dashboard of its own: Kent's quarter as published, and a figure that was corrected later."""
    home = tmp_path_factory.mktemp("restated")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KPI_STORE", str(home))
        store = settings.open_store("kent")
        store.refresh()
        Archive(store).prepare("qpr", store.organisation.period("2024/25 Q2"), "Ann", "Cabinet")
        late = (
            b"indicator,period,basis,breakdown,item,value,status\n"
            b"CS04,2024/25 Q2,period,,,79,actual\n"
        )
        store.commit({"observations.csv": late}, "Bo", "Corrected return")
        with serving(home) as address:
            yield address


@pytest.mark.parametrize("width", SIZES)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_an_edition_and_what_was_restated(
    scheme: Scheme, width: int, visit: Visit, restated: str
) -> None:
    visitor = visit(width, scheme, server=restated)
    for path in ("publish", "restated", "report", "changes"):
        visitor.go(path, **KENT)
        nothing_wrong(visitor)
    visitor.go("publish", **KENT)
    visitor.page.get_by_role("button", name="Withdraw this edition").press("Enter")
    expect(visitor.page.get_by_role("button", name="Yes, withdraw it")).to_be_visible()
    nothing_wrong(visitor)
    visitor.go("restated", **KENT)
    changed = visitor.page.locator(".kpi").get_by_text("% of phone calls to Contact Point")
    expect(changed.first).to_be_visible()
    visitor.go("qpr-customer-services", **KENT, edition="1")
    expect(visitor.page.locator(".kpi").first).to_contain_text("as published on")
    nothing_wrong(visitor)


# Papers as one web page


def requests_of(page: Page) -> list[str]:
    """What a page goes on to ask for."""
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    return requested


@pytest.mark.parametrize("kind", list(report.Kind))
def test_a_paper_as_a_web_page_needs_nothing_and_axe_finds_nothing(
    kind: str, kent: Figures, browser: Browser, tmp_path: Path
) -> None:
    file = tmp_path / "paper.html"
    asked = {"dashboard": "2025-03", "framework": "2024/25"}
    file.write_bytes(report.make(kent, kind, asked.get(kind, "2024/25 Q2"), "html", edition=DRAFT))
    for scheme, (width, height) in itertools.product(SCHEMES, SIZES.items()):
        page = browser.new_page(
            viewport={"width": width, "height": height}, color_scheme=scheme, offline=True
        )
        requested = requests_of(page)
        page.goto(file.as_uri())
        assert requested == [file.as_uri()]
        assert violations(page) == [], (scheme, width)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.close()
