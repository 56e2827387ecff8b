"""The dashboard as visitors have it: in a browser, narrow and wide, light and dark."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from kpi_core import newcomer, views
from kpi_core.figures import Figures
from pages.shared.addresses import of_sections
from pages.shared.server import HEADERS
from tests.browser.conftest import SIZES, Scheme, Visit, Visitor
from tests.browser.serving import serving
from tests.conftest import ROOT, RunKpi
from tests.councils import write_council

HERE = Path(__file__).parent
FITS = (HERE / "fits.js").read_text(encoding="utf-8")
SCHEMES: list[Scheme] = ["light", "dark"]
SUMMARY = "Executive summary"
METHOD = "How it is worked out"

#: The counts that the two published reports print.
COUNTS = {
    "2024/25 Q2": {"green": 16, "amber": 15, "red": 8, "no_data": 1}
    | {"improving": 11, "stable": 22, "worsening": 6},
    "2020/21 Q2": {"green": 21, "amber": 11, "red": 3}
    | {"improving": 5, "stable": 22, "worsening": 8},
}


def looks_right(visitor: Visitor) -> None:
    """No error, nothing cut off, every picture an image with words."""
    page = visitor.page
    assert page.locator('[data-testid="stException"], [data-testid="stAlert"]').count() == 0
    assert page.evaluate(FITS) == [], page.url
    unsaid = page.locator('.kpi svg:not([role="img"][aria-label])')
    assert unsaid.count() == 0
    labels = page.locator(".kpi svg").evaluate_all(
        "pictures => pictures.map(picture => picture.getAttribute('aria-label').trim())"
    )
    assert all(len(label) > 20 for label in labels)


def violations(page: Page) -> list[tuple[str, str]]:
    """What axe finds: the rule, and the first place that breaks it."""
    found = Axe().run(page).response["violations"]
    return [(one["id"], one["nodes"][0]["html"][:160]) for one in found]


def parameters(visitor: Visitor) -> dict[str, str]:
    query = parse_qs(urlsplit(visitor.page.url).query)
    return {name: texts[0] for name, texts in query.items()}


def sections(kent: Figures, period: str) -> list[str]:
    return views.sections(kent, "qpr", kent.organisation.period(period))


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", SIZES)
@pytest.mark.parametrize("period", COUNTS)
def test_every_page_of_a_quarter(
    period: str, width: int, scheme: Scheme, visit: Visit, kent: Figures
) -> None:
    visitor = visit(width, scheme)
    page = visitor.page
    visitor.go("", period=period)
    looks_right(visitor)
    for name, count in COUNTS[period].items():
        shown = page.locator(f'[data-count="{name}"]').locator("b, .n")
        assert shown.inner_text() == str(count), name
    names = sections(kent, period)
    listed = page.locator(".kpi table").first.locator("tbody a").all_inner_texts()
    assert listed == names
    for name in names:
        visitor.follow(name, heading=name)
        assert parameters(visitor)["period"] == period
        expect(page.locator(".who").first).to_contain_text(kent.organisation.period(period).words)
        looks_right(visitor)
        page.go_back()
        visitor.at(SUMMARY)
    visitor.follow(names[0], heading=names[0])
    card = page.locator(".card a").first
    name = card.inner_text()
    card.click()
    visitor.at(name)
    assert parameters(visitor)["period"] == period
    looks_right(visitor)


def test_the_cards_are_those_of_the_command_line(
    visit: Visit, run_kpi: RunKpi, kent: Figures
) -> None:
    out = run_kpi("ratings", "--period", "2024/25 Q2", "--format", "csv").out
    rows = [row for row in csv.DictReader(io.StringIO(out)) if row["basis"] == "period"]
    visitor = visit()
    visitor.go(of_sections(kent)["qpr", "Adult Social Care"], period="2024/25 Q2")
    cards = visitor.page.locator(".cards").first.locator(".card")
    shown = cards.evaluate_all(
        "all => all.map(card => [card.dataset.indicator, card.querySelector('.pill').className])"
    )
    assert shown == [
        [row["indicator"], f"pill {row['rating'].lower()}"]
        for row in rows
        if row["section"] == "Adult Social Care"
    ]


def test_choices_stand_in_the_address_and_go_along(visit: Visit, kent: Figures) -> None:
    visitor = visit()
    page = visitor.page
    visitor.go("")
    visitor.choose("Period", "2020/21 Q2")
    expect(page.locator('[data-count="green"] .n')).to_have_text("21")
    assert parameters(visitor)["period"] == "2020/21 Q2"

    visitor.menu("Adult Social Care", heading="Adult Social Care")
    assert parameters(visitor)["period"] == "2020/21 Q2"
    visitor.choose("Show KPIs rated", "Red")
    expect(page.locator(".card .pill.green")).to_have_count(0)
    visitor.settle()
    assert parameters(visitor)["show"] == "Red"

    visitor.menu("Public Health", heading="Public Health")
    assert parameters(visitor)["period"] == "2020/21 Q2"
    assert parameters(visitor)["show"] == "Red"
    first = views.all_indicators(kent, "qpr", kent.organisation.period("2020/21 Q2"))["name"][0]
    visitor.menu("Indicator", heading=first)
    assert parameters(visitor)["period"] == "2020/21 Q2"

    # The address alone brings another visitor to the same page.
    other = visit()
    other.page.goto(page.url)
    other.at(page.locator(".kpi h1").inner_text())
    assert parameters(other) == parameters(visitor)


def test_the_way_back(visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    visitor.go("", period="2020/21 Q2")
    visitor.follow("Public Health", heading="Public Health")
    name = page.locator(".card a").first.inner_text()
    visitor.follow(name, heading=name)
    page.go_back()
    visitor.at("Public Health")
    assert parameters(visitor)["period"] == "2020/21 Q2"
    page.go_back()
    visitor.at(SUMMARY)
    expect(page.locator('[data-count="green"] .n')).to_have_text("21")
    page.go_forward()
    visitor.at("Public Health")


def test_from_one_indicator_to_the_next(visit: Visit, kent: Figures) -> None:
    visitor = visit()
    page = visitor.page
    visitor.go("qpr-public-health", period="2024/25 Q2")
    first, second = page.locator(".card a").all_inner_texts()[:2]
    visitor.follow(first, heading=first)
    page.go_back()
    visitor.at("Public Health")
    visitor.follow(second, heading=second)

    # Another one chosen in the box of the page itself; then back, as far as the browser goes.
    box = page.get_by_test_id("stMain").get_by_role("combobox", name="Indicator")
    box.click()
    page.get_by_role("option").get_by_text("(CS07)").click()
    known = views.all_indicators(kent, "qpr", kent.organisation.period("2024/25 Q2"))
    visitor.at(known.filter(indicator="CS07")["name"].item())
    assert parameters(visitor)["indicator"] == "CS07"
    page.go_back()
    visitor.at(second)
    page.go_back()
    visitor.at("Public Health")


def test_a_link_does_not_load_the_page_anew(visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    visitor.go("")
    page.evaluate("window.stillHere = true")
    visitor.follow("Public Health", heading="Public Health")
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == 0
    name = page.locator(".card a").first.inner_text()
    visitor.follow(name, heading=name)
    assert page.evaluate("window.stillHere") is True


@pytest.mark.parametrize(
    ("path", "chosen", "heading"),
    [
        ("qpr-public-health", {"period": "2020/21 Q2"}, "Public Health"),
        ("indicator", {"indicator": "CS07"}, "% of complaints responded to within timescale"),
    ],
    ids=["section", "indicator"],
)
def test_a_deep_link_is_the_first_that_a_fresh_server_sees(
    path: str, chosen: dict[str, str], heading: str, visit: Visit, store_home: Path
) -> None:
    with serving(store_home) as address:
        visitor = visit(server=address)
        visitor.go(path, **chosen)
        visitor.at(heading)
        expect(visitor.page.get_by_role("dialog")).to_have_count(0)
        assert urlsplit(visitor.page.url).path == f"/{path}"
        looks_right(visitor)
        visitor.page.goto("about:blank")


def test_a_link_of_the_menu_in_another_tab_carries_the_selection(visit: Visit) -> None:
    visitor = visit()
    visitor.go("", period="2020/21 Q2")
    link = visitor.page.get_by_role("link", name="Dashboard")
    with visitor.page.context.expect_page() as opened:
        link.click(button="middle")
    expect(opened.value).to_have_url(re.compile(r"/dashboard\?.*period=2020"))
    expect(opened.value.locator(".who").first).to_contain_text("Q2 2020/21")
    opened.value.close()


def test_the_letter_r_does_not_run_the_page_again(visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    visitor.go("")
    twice = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
    before = visitor.sent
    assert before > 0
    for key in ("r", "R", "c"):
        page.keyboard.press(key)
        page.evaluate(twice)
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert visitor.sent == before
    # In a field letters are letters.
    field = page.get_by_test_id("stSidebar").get_by_role("combobox", name="Report")
    field.click()
    field.press_sequentially("rc")
    assert field.input_value().endswith("rc")


# Several organisations


@pytest.fixture(scope="module")
def councils(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a dashboard with Kent, Testshire, and a council that has nothing yet."""
    home = tmp_path_factory.mktemp("councils")
    shutil.copytree(ROOT / "data" / "kent", home / "data" / "kent")
    write_council(home / "data" / "testshire")
    newcomer.write(home / "data", "mallowshire")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KPI_DATA", str(home / "data"))
        with serving(home / "var") as address:
            yield address


def organisation_box(visitor: Visitor) -> Locator:
    return visitor.page.get_by_test_id("stSidebar").get_by_role("combobox", name="Organisation")


def switch(visitor: Visitor, typed: str) -> None:
    """Choose a council by the keyboard alone."""
    box = organisation_box(visitor)
    box.focus()
    box.press_sequentially(typed)
    box.press("Enter")


def test_the_switch_by_keyboard_address_and_way_back(visit: Visit, councils: str) -> None:
    visitor = visit(server=councils)
    page = visitor.page
    visitor.go("", period="2020/21 Q2")
    expect(page.locator(".who")).to_contain_text("Kent County Council")
    expect(page.locator(".notice")).to_have_count(0)

    switch(visitor, "Tests")
    expect(page.locator(".who")).to_contain_text("Testshire Council")
    visitor.settle()
    assert parameters(visitor) == {"organisation": "testshire", "period": "2020/21 Q2"}
    said = "Testshire Council has no 2020/21 Q2: its latest period is shown."
    expect(page.get_by_role("status").get_by_text(said)).to_be_visible()
    looks_right(visitor)

    # Every link carries the council along.
    for link in page.locator(".kpi a").all():
        assert "organisation=testshire" in (link.get_attribute("href") or "")
    visitor.follow("Libraries", heading="Libraries")
    assert parameters(visitor)["organisation"] == "testshire"

    # The address alone brings another visitor to the same council.
    other = visit(server=councils)
    other.page.goto(page.url)
    other.at("Libraries")
    expect(organisation_box(other)).to_have_value("Testshire Council")

    page.go_back()
    visitor.at(SUMMARY)
    page.go_back()
    expect(page.locator(".who")).to_contain_text("Kent County Council")
    expect(organisation_box(visitor)).to_have_value("Kent County Council")
    expect(page.locator(".notice")).to_have_count(0)


def test_the_page_stays_where_the_other_council_has_it(visit: Visit, councils: str) -> None:
    visitor = visit(server=councils)
    page = visitor.page
    visitor.go("method")
    switch(visitor, "Tests")
    expect(page.locator(".madeup")).to_contain_text("Testshire Council is a made-up council")
    visitor.at(METHOD)
    visitor.go("indicator", indicator="CS07")
    switch(visitor, "Tests")
    visitor.at("Calls answered")

    visitor.go("qpr-public-health", period="2024/25 Q2")
    switch(visitor, "Tests")
    visitor.at(SUMMARY)
    expect(page.locator(".notice")).to_contain_text("its executive summary is shown")
    page.go_back()
    visitor.at("Public Health")
    expect(page.locator(".notice")).to_have_count(0)


@pytest.mark.parametrize("width", SIZES)
def test_a_new_council_says_on_every_page_what_to_do(
    width: int, visit: Visit, councils: str
) -> None:
    visitor = visit(width, server=councils)
    for path in ("", "indicator", "qpr-roads"):
        visitor.go(path, organisation="mallowshire")
        visitor.at("Nothing to show yet")
        expect(visitor.page.locator(".steps li").first).to_contain_text("sections.csv")
        looks_right(visitor)
    visitor.go("method", organisation="mallowshire")
    visitor.at(METHOD)


@pytest.mark.parametrize("path", ["nothing", "nothing/of/the/kind", "nothing/"])
def test_a_page_that_is_not_there(path: str, visit: Visit) -> None:
    visitor = visit()
    visitor.go(path)
    visitor.at(SUMMARY)
    expect(visitor.page.get_by_role("dialog")).to_have_count(0)
    expect(visitor.page.get_by_role("status")).to_have_text(
        "Kent County Council has no page “nothing”: its executive summary is shown."
    )
    looks_right(visitor)


def test_a_deeper_address_leads_to_its_page(visit: Visit) -> None:
    visitor = visit()
    visitor.go("indicator/CS07/", indicator="CS07")
    visitor.at("% of complaints responded to within timescale")
    assert urlsplit(visitor.page.url).path == "/indicator"


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_in_a_new_council(scheme: Scheme, visit: Visit, councils: str) -> None:
    visitor = visit(scheme=scheme, server=councils)
    visitor.go("", organisation="mallowshire", period="2020/21 Q2")
    assert violations(visitor.page) == []
    visitor.go("", organisation="testshire", period="2020/21 Q2")
    assert violations(visitor.page) == []


# Exampleshire, as it comes


@pytest.fixture(scope="module")
def exampleshire(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a dashboard with Exampleshire alone."""
    home = tmp_path_factory.mktemp("exampleshire")
    shutil.copytree(ROOT / "data" / "exampleshire", home / "data" / "exampleshire")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KPI_DATA", str(home / "data"))
        with serving(home / "var") as address:
            yield address


MADE_UP = "Exampleshire County Council is a made-up council: these figures are not real."
OF_QUARTER = {"organisation": "exampleshire", "period": "2025/26 Q2"}
OF_MONTH = {"organisation": "exampleshire", "period": "2026-03", "report": "dashboard"}
#: A page of each kind; of indicators those with the most figures, with few, with the target as best.
EXAMPLES = {
    "summary": ("", OF_QUARTER),
    "section": ("qpr-adult-social-care", OF_QUARTER),
    "dashboard": ("dashboard", OF_MONTH),
    "72 months": ("indicator", {**OF_MONTH, "indicator": "CU03"}),
    "few quarters": ("indicator", {**OF_QUARTER, "indicator": "LC01"}),
    "target is best": ("indicator", {**OF_QUARTER, "indicator": "AD05"}),
    "method": ("method", OF_QUARTER),
}


def looks_right_at_every_width(visitor: Visitor) -> None:
    """The same in a narrow window, without loading the page anew."""
    expect(visitor.page.locator(".madeup")).to_have_text(MADE_UP)
    for width, height in reversed(SIZES.items()):
        visitor.page.set_viewport_size({"width": width, "height": height})
        width_of_page = "document.querySelector('[data-testid=stMain]').clientWidth"
        visitor.page.wait_for_function(f"{width_of_page} <= {width}")
        looks_right(visitor)


def test_every_page_of_exampleshire(visit: Visit, exampleshire: str) -> None:
    visitor = visit(server=exampleshire)
    for path, chosen in EXAMPLES.values():
        visitor.go(path, **chosen)
        looks_right_at_every_width(visitor)
    visitor.go("", **OF_QUARTER)
    names = visitor.page.locator(".kpi table").first.locator("tbody a").all_inner_texts()
    assert len(names) == 10
    for name in names:
        visitor.menu(name, heading=name)
        looks_right_at_every_width(visitor)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_in_exampleshire(scheme: Scheme, visit: Visit, exampleshire: str) -> None:
    visitor = visit(scheme=scheme, server=exampleshire)
    for kind in ("section", "dashboard", "target is best", "method"):
        path, chosen = EXAMPLES[kind]
        visitor.go(path, **chosen)
        assert violations(visitor.page) == [], kind


def open_kind(visitor: Visitor, kind: str) -> None:
    """Open a page of that kind."""
    paths = {
        "summary": ("", {"period": "2024/25 Q2"}),
        "section": ("qpr-adult-social-care", {"period": "2024/25 Q2"}),
        "indicator": ("indicator", {"indicator": "CS07", "period": "2024/25 Q2"}),
        "dashboard": ("dashboard", {"report": "dashboard", "period": "2025-03"}),
        "method": ("method", {}),
    }
    path, chosen = paths[kind]
    visitor.go(path, **chosen)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("kind", ["summary", "section", "indicator", "dashboard", "method"])
def test_axe_finds_nothing_serious(kind: str, scheme: Scheme, visit: Visit) -> None:
    visitor = visit(scheme=scheme)
    open_kind(visitor, kind)
    assert violations(visitor.page) == []


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", SIZES)
def test_the_dashboard_fits(width: int, scheme: Scheme, visit: Visit) -> None:
    visitor = visit(width, scheme)
    open_kind(visitor, "dashboard")
    looks_right(visitor)


def test_every_response_has_the_security_headers(server: str) -> None:
    for path in ("/", "/_stcore/health", "/indicator", "/nothing-of-the-kind.js"):
        with urlopen(f"{server}{path}", timeout=5) as response:
            for name, value in HEADERS.items():
                assert response.headers[name.decode()] == value.decode(), path
