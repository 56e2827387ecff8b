"""The pages of risks and of faults, and what other pages say of both."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpi_core import breakdowns, quality, registry, risks, settings, views
from kpi_core.figures import Figures
from kpi_core.periods import Period
from tests.councils import QUARTERS, Row, figure, tables, write_council
from tests.html import TAGS
from tests.test_pages import FILES, open_page, open_section, shown

Q2 = "2024/25 Q2"
LAST = QUARTERS[-1]
HOSTILE = "<script>alert(1)</script><b>bold</b>"


@pytest.fixture(scope="module")
def exampleshire(temporary_store: Path) -> Figures:
    store = settings.open_store("exampleshire")
    store.refresh()
    return store.figures()


def council(folder: Path, monkeypatch: pytest.MonkeyPatch, **more: list[Row]) -> str:
    """A council of its own name with these tables beside those of Testshire; its code."""
    code = folder.name.replace("_", "-")
    write_council(folder / "data" / code, {**tables(), **more})
    monkeypatch.setenv("KPI_DATA", str(folder / "data"))
    monkeypatch.setenv("KPI_STORE", str(folder / "var"))
    return code


def some_risks() -> dict[str, list[Row]]:
    return {
        "risks": [
            {"risk": "R1", "period": "2024-12", "title": "Money", "level": "medium"},
            {"risk": "R1", "period": "2025-03", "title": "Money", "level": "high", "indicators": "CALLS VISITS"},
            {"risk": "R2", "period": "2025-03", "title": HOSTILE, "level": ""},
        ],
        "risk_actions": [
            {"risk": "R1", "action": "Save", "period": "2025-03", "due": "May 2025", "status": "complete", "update": "All saved"},
            {"risk": "R9", "action": HOSTILE, "period": "2025-03", "status": "", "update": HOSTILE},
        ],
    }  # fmt: skip


# Risks


def test_kents_risks_are_those_of_the_report(kent: Figures) -> None:
    page = shown(open_page(FILES["risks"], organisation="kent", period=Q2))
    assert {name: page.counts[name] for name in ("high", "medium", "low")} == {
        "high": 13, "medium": 3, "low": 0,
    }  # fmt: skip
    assert [page.counts[status] for status in risks.STATUSES] == [8, 6, 6, 1]
    assert "The counts of November 2024 are as printed" in page.text
    assert "De-escalated" in page.text
    assert "· as printed" in page.text
    view = views.corporate_risks(kent, "qpr", Period.parse(Q2))
    for title in (*view.risks["title"], *view.actions["action"], *view.actions["update"]):
        assert title in page.text, title


def test_every_register_of_exampleshire_opens(exampleshire: Figures) -> None:
    for at, of in views.with_registers(exampleshire, "qpr"):
        page = shown(open_page(FILES["risks"], organisation="exampleshire", period=str(at)))
        now = risks.levels(exampleshire, of).row(0, named=True)
        for level in ("high", "medium", "low"):
            assert page.counts[level] == now[level], at
        assert "made-up council" in page.text
        assert f"register of {of.words}" in page.text


def test_without_a_register_the_page_leads_to_those_there_are(kent: Figures) -> None:
    page = shown(open_page(FILES["risks"], organisation="kent", period="2023/24 Q2"))
    assert "There is no risk register for Q2 2023/24" in page.text
    assert "risks.csv" in page.text
    assert any("period=2024%2F25+Q2" in link for link in page.links)
    assert all(link.startswith("risks?") for link in page.links)
    assert not open_page(
        FILES["risks"], organisation="kent", period="2023/24 Q2"
    ).get("download_button")  # fmt: skip


def test_risks_and_indicators_lead_to_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = council(tmp_path, monkeypatch, **some_risks())
    page = shown(open_page(FILES["risks"], organisation=code, period=LAST))
    assert "Money" in page.text
    assert "from medium to high" in page.text
    assert "worked out from the two registers" in page.text
    assert any("indicator=CALLS" in link for link in page.links)
    assert any("indicator=VISITS" in link for link in page.links)
    assert "Green" in page.text
    assert "Above" in page.text
    assert "Actions on a risk that the register does not list" in page.text
    calls = shown(open_page(FILES["indicator"], organisation=code, period=LAST, indicator="CALLS"))
    assert "Risks that bear on it" in calls.text
    assert "Money" in calls.text
    days = shown(open_page(FILES["indicator"], organisation=code, period=LAST, indicator="DAYS"))
    assert "Risks that bear on it" not in days.text


def test_what_people_write_stays_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    odd = [*tables()["observations"], figure("VISITS", "2022/23 Q1", "150.5", source=HOSTILE)]
    code = council(tmp_path, monkeypatch, **some_risks(), observations=odd)
    for name in ("risks", "quality"):
        page = shown(open_page(FILES[name], organisation=code, period=LAST))
        assert HOSTILE in page.text
        assert page.tags <= TAGS
        assert not page.handlers
        assert not [script for script in page.scripts if "alert" in script]


# Faults


def test_kents_faults_are_those_of_the_command(kent: Figures) -> None:
    found = quality.findings(kent)
    page = shown(open_page(FILES["quality"], organisation="kent"))
    assert page.counts == {"error": found.height, "warning": 0, "note": 0}
    for row in found.iter_rows(named=True):
        assert row["message"].split(": ", 1)[1][1:] in page.text  # its first letter is raised
        for source in row["sources"].split(" | "):
            assert source in page.text
        assert quality.KINDS[row["finding"]] in page.texts


def test_every_fault_leads_to_a_page_that_shows_it(kent: Figures, exampleshire: Figures) -> None:
    for figures in (kent, exampleshire):
        for row in quality.findings(figures).iter_rows(named=True):
            place = views.place(figures, row["indicator"], row["period"], "qpr")
            assert place is not None, row
            at = figures.organisation.period(place.period)
            placed = registry.placed(figures, place.report, at)
            here = placed.filter(indicator=row["indicator"], section=place.section)
            assert here.height == 1, row


def test_faults_can_be_filtered_by_the_address(exampleshire: Figures) -> None:
    found = quality.findings(exampleshire)
    chosen = {"organisation": "exampleshire", "severity": "error", "kind": "scale"}
    page = open_page(FILES["quality"], **chosen)
    text = shown(page).text
    for row in found.iter_rows(named=True):
        message = row["message"].split(": ", 1)[1]
        assert (message[1:] in text) == (row["finding"] == "scale"), row
    page.selectbox(key="quality-kind").set_value("All").run()
    assert "kind" not in page.query_params
    assert page.query_params["severity"] == "error"
    assert quality.KINDS["quotient"] in shown(page).texts
    none = shown(open_page(FILES["quality"], organisation="exampleshire", severity="note"))
    assert "No finding is of this severity and kind" in none.text
    odd = shown(open_page(FILES["quality"], organisation="exampleshire", kind="<b>"))
    assert "There is no such kind" in odd.text
    assert quality.KINDS["scale"] in odd.texts


def test_nothing_found_is_said_with_what_was_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = council(tmp_path, monkeypatch)
    page = shown(open_page(FILES["quality"], organisation=code))
    held = len(tables()["observations"])
    assert f"Nothing found: {len(quality.KINDS)} checks ran over {held} figures." in page.text
    assert "checks of all figures" not in shown(open_page(FILES["summary"], organisation=code)).text


def test_faults_are_told_where_their_figures_are(kent: Figures) -> None:
    page = shown(
        open_page(FILES["indicator"], organisation="kent", report="dashboard", period="2025-03", indicator="CS08")
    )  # fmt: skip
    assert "26,436, 26,437, 26,438 and 26,439" in page.text
    other = shown(
        open_page(FILES["indicator"], organisation="kent", report="qpr", period=Q2, indicator="CS07")
    )  # fmt: skip
    assert "What looks wrong with its figures" not in other.text
    summary = shown(open_page(FILES["summary"], organisation="kent", period=Q2))
    count = quality.findings(kent).height
    assert f"{count} findings: {count} errors" in summary.text
    assert any(link.startswith("quality?") for link in summary.links)


# Totals under service tables


def test_kents_call_totals_say_by_how_much_they_are_off(kent: Figures) -> None:
    at = Period.parse(Q2)
    differing = {
        (table.indicator, table.differences)
        for table in breakdowns.tables(kent, registry.placed(kent, "qpr", at), at)
        if table.differences
    }
    arithmetic = (
        "Whole: the four quarters 107, 116, 111 and 125 make 459 against a printed 465 for the "
        "12 months to the end of Q2 2024/25; rounding explains at most 2."
    )
    assert differing == {("CS-CALLS", (arithmetic,))}
    page = shown(open_section("qpr", "Customer Services", organisation="kent", period=Q2))
    assert arithmetic in page.texts


def books(*totals: str) -> list[Row]:
    """Testshire's figures with totals of its books in the last quarters; the parts make 200."""
    last = zip(QUARTERS[-len(totals) :], totals, strict=True)
    return [
        *tables()["observations"],
        *(figure("BOOKS", quarter, total) for quarter, total in last),
    ]


def test_a_total_off_by_more_than_rounding_is_told_under_its_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = council(tmp_path, monkeypatch, observations=books("200", "200", "210"))
    page = shown(open_section("qpr", "Libraries", organisation=code, period=LAST))
    wanted = "the two parts for Q4 2024/25 make 200 against a total of 210"
    assert wanted in page.text
    earlier = shown(open_section("qpr", "Libraries", organisation=code, period=QUARTERS[-2]))
    assert "against a total" not in earlier.text


def test_a_total_that_rounding_explains_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = [
        {**row, "name": "Books by district (thousands)"} if row["indicator"] == "BOOKS" else row
        for row in tables()["indicators"]
    ]
    code = council(tmp_path, monkeypatch, indicators=given, observations=books("200", "200", "201"))
    page = shown(open_section("qpr", "Libraries", organisation=code, period=LAST))
    assert "against a total" not in page.text
