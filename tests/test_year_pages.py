"""The pages of a year's framework and of setting targets, for every year of every organisation."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest
from streamlit.testing.v1 import AppTest

from kpi_core import export, framework, ingest, settings, views
from kpi_core.figures import Figures
from tests.conftest import ROOT, RunKpi
from tests.councils import csv_bytes, tables, write_council
from tests.html import TAGS, Shown
from tests.test_pages import open_page, shown

FRAMEWORK = ROOT / "pages/manage/framework.py"
TARGETS = ROOT / "pages/manage/targets.py"
YEAR = "2024/25"


@cache
def figures_of(organisation: str) -> Figures:
    store = settings.open_store(organisation)
    store.refresh()
    return store.figures()


def every_year() -> list[tuple[str, str, str]]:
    """Each organisation, report and year, as its placements.csv has them."""
    found = set()
    for organisation in ("kent", "exampleshire"):
        path = ROOT / "data" / organisation / "placements.csv"
        with path.open(encoding="utf-8", newline="") as lines:
            found |= {(organisation, row["report"], row["year"]) for row in csv.DictReader(lines)}
    return sorted(found)


def text_of(page: AppTest, label: str) -> Any:
    return next(one for one in page.number_input if one.label == label)


def ratings(page: AppTest) -> list[str]:
    """The texts of the last column: what each period would be."""
    html = "".join(str(cast("Any", one).value) for one in page.get("html"))
    cells = html.split('<td class="left" data-would>')[1:]
    return [Shown(cell.split("</td>")[0]).text.split("changed")[0].strip(" ●▲■○") for cell in cells]


def address(page: AppTest, *names: str) -> dict[str, str]:
    """What the address of the page says by these names."""
    known: Mapping[str, Any] = page.query_params
    return {
        name: known[name] if isinstance(known[name], str) else known[name][0]
        for name in names
        if name in known
    }


# Every year


@pytest.mark.parametrize(("organisation", "report", "year"), every_year())
def test_the_framework_of_every_year(
    organisation: str, report: str, year: str, run_kpi: RunKpi
) -> None:
    asked = ("--organisation", organisation, "--report", report, "--year", year)
    out = run_kpi("framework", *asked, "--format", "csv").out
    rows = list(csv.DictReader(io.StringIO(out)))
    page = shown(open_page(FRAMEWORK, organisation=organisation, report=report, year=year))
    assert sorted(page.indicators) == sorted(row["indicator"] for row in rows)
    for change in ("new", "removed", "revised", "moved"):
        assert page.counts[change] == sum(row["lifecycle"] == change for row in rows), change
    assert all(row["name"] in page.texts for row in rows)
    assert ("made-up council" in page.text) == (organisation == "exampleshire")
    assert page.tags <= TAGS

    changed = open_page(
        FRAMEWORK, organisation=organisation, report=report, year=year, list="changed"
    )
    moved = [row["indicator"] for row in rows if row["lifecycle"]]
    assert sorted(shown(changed).indicators) == sorted(moved)
    assert moved or "Nothing is known to have changed" in shown(changed).text


@pytest.mark.parametrize(("organisation", "report", "year"), every_year())
def test_targets_of_every_year(organisation: str, report: str, year: str) -> None:
    figures = figures_of(organisation)
    at = figures.organisation.period(year)
    known = framework.kpis(framework.framework(figures, report, at))
    chosen = {"organisation": organisation, "report": report, "year": year}
    for code, name in known.select("indicator", "name").gather_every(13).iter_rows():
        page = open_page(TARGETS, **chosen, kpi=code)
        said = shown(page)
        assert said.tags <= TAGS
        assert f"{name} ({code})" in page.selectbox(key="kpi-chosen").options
        rehearsed = views.target_setting(
            figures, report, at, code, target=None, floor=None
        ).rehearsal
        assert len(ratings(page)) == rehearsed.height
        assert rehearsed.height or "there is nothing to try this target on" in said.text
        # A year that is held against a proposal has as many periods under it as there were.
        assert sum(said.counts.values()) == len(
            [one for one in ratings(page) if "measured" not in one]
        )
    if known.is_empty():
        assert "No KPI of" in shown(open_page(TARGETS, **chosen)).text


# The framework


def test_kents_framework_says_what_its_document_says(kent: Figures) -> None:
    page = shown(open_page(FRAMEWORK, report="qpr", year=YEAR))
    assert page.counts == {
        "KPIs": 41, "Activity indicators": 50, "new": 10, "removed": 6, "moved": 1, "revised": 2,
        "tbc": 2, "proposed": 1,
    }  # fmt: skip
    assert "The floor of 60% lies above the target of 50%" in page.text
    for words in ("Revised", "Removed", "Moved", "To be agreed", "Proposed"):
        assert words in page.texts
    # Old and new target side by side.
    place = page.texts.index("% of new Care Needs Assessments delivered within 28 days")
    row = " ".join(" ".join(page.texts[place : place + 40]).split())
    assert "was 90% → , now 85%" in row
    assert "73% Q3 2023/24" in row.replace("  ", " ")


def test_targets_to_be_agreed_alone(kent: Figures) -> None:
    page = shown(open_page(FRAMEWORK, report="qpr", year=YEAR, list="to-be-agreed"))
    assert len(page.indicators) == 3
    assert {"ES-FTER", "PH-STIREC"} <= set(page.indicators)
    assert "What to look at" not in page.texts


def test_the_year_stands_in_the_address(kent: Figures) -> None:
    page = open_page(FRAMEWORK, report="qpr")
    assert page.selectbox(key="year-chosen").value == YEAR
    page.selectbox(key="year-chosen").set_value("2020/21")
    assert shown(page.run()).counts["KPIs"] == 35
    assert address(page, "year") == {"year": "2020/21"}
    page.selectbox(key="list-chosen").set_value("changed")
    assert shown(page.run()).indicators == ["IC-FRONTDOOR"]
    assert address(page, "year", "list") == {"year": "2020/21", "list": "changed"}


def test_the_period_chosen_brings_its_year(kent: Figures) -> None:
    page = open_page(FRAMEWORK, report="qpr", period="2020/21 Q2")
    assert page.selectbox(key="year-chosen").value == "2020/21"


@pytest.mark.parametrize("page", [FRAMEWORK, TARGETS])
def test_nonsense_in_the_address_is_said_and_passed_over(page: Path, kent: Figures) -> None:
    nonsense = {"year": "<b>1999</b>", "list": "<i>", "kpi": "<b>no</b>", "target": "<script>"}
    said = shown(open_page(page, report="qpr", **nonsense))
    assert "There is no framework of “<b>1999</b>”" in said.text
    assert said.tags <= TAGS
    assert "i" not in said.tags


def test_a_year_of_which_only_what_was_removed_is_known(kent: Figures) -> None:
    page = shown(open_page(FRAMEWORK, report="qpr", year="2023/24"))
    assert "Of the framework of 2023/24 only what 2024/25 removed is known." in page.texts
    assert "KPIs" not in page.counts


# Setting a target


def test_moving_the_target_rates_last_year_anew(kent: Figures) -> None:
    page = open_page(TARGETS, report="qpr", year=YEAR, kpi="CS07")
    assert ratings(page) == ["No data", "No data", "No data", "Red"]
    assert text_of(page, "Target").value == 85
    text_of(page, "Target").set_value(56.0)
    page.run()
    assert ratings(page)[-1] == "Green"
    assert address(page, "kpi", "year", "target", "floor") == {
        "kpi": "CS07", "year": YEAR, "target": "56",
    }  # fmt: skip
    said = shown(page)
    assert said.counts["green"] == 1
    assert "The floor of 80% lies above the target of 56%" in said.text

    # The link alone shows another visitor the same.
    link = address(page, "kpi", "year", "target")
    other = open_page(TARGETS, report="qpr", **link)
    assert shown(other).text == said.text

    page.button[0].click()
    page.run()
    assert text_of(page, "Target").value == 85
    assert ratings(page)[-1] == "Red"
    assert "target" not in page.query_params


def test_a_floor_taken_away_leaves_what_misses_the_target_undecided(kent: Figures) -> None:
    page = open_page(TARGETS, report="qpr", year=YEAR, kpi="CS07")
    text_of(page, "Floor").set_value(None)
    page.run()
    assert address(page, "floor") == {"floor": "none"}
    assert ratings(page)[-1] == "Undecided"
    assert "No floor is known" in shown(page).text


def test_another_kpi_begins_with_its_own_target(kent: Figures) -> None:
    page = open_page(TARGETS, report="qpr", year=YEAR, kpi="CS07", target="12")
    page.selectbox(key="kpi-chosen").set_value("CS04")
    page.run()
    assert text_of(page, "Target").value == 90
    assert address(page, "kpi", "target") == {"kpi": "CS04"}


def test_numbers_that_belong_to_another_kpi_are_passed_over(kent: Figures) -> None:
    page = open_page(TARGETS, report="qpr", target="12")
    assert text_of(page, "Target").value != 12


def test_a_range_has_two_ends(kent: Figures) -> None:
    page = open_page(TARGETS, report="qpr", year="2020/21", kpi="IC-CPP2", target_high="25")
    assert [one.label for one in page.number_input] == [
        "Target, lower end", "Target, upper end", "Floor, lower end", "Floor, upper end",
    ]  # fmt: skip
    assert text_of(page, "Target, upper end").value == 25
    text_of(page, "Target, upper end").set_value(10.0)
    said = shown(page.run())
    assert "The upper end of the target is below its lower end." in said.text
    assert not page.get("download_button")


@pytest.mark.parametrize(
    ("kpi", "target"), [("CS07", "56"), ("CS07", "none"), ("ES-FTER", "170.5")]
)
def test_the_row_is_ready_to_be_loaded(kpi: str, target: str, kent: Figures) -> None:
    limit = None if target == "none" else Decimal(target)
    at = kent.organisation.period(YEAR)
    view = views.target_setting(kent, "qpr", at, kpi, target=limit, floor=None)
    page = open_page(TARGETS, report="qpr", year=YEAR, kpi=kpi, target=target)
    assert [cast("Any", one).proto.label for one in page.get("download_button")] == [
        "Download this proposal as a row of targets.csv"
    ]
    batch = ingest.read_batch({"proposal.csv": export.to_csv(view.row).encode()}, kent)
    (part,) = batch.parts
    assert (part.table, batch.problems, batch.open_questions) == ("targets", (), ())
    assert part.rows.select("indicator", "year", "period", "status", "target", "floor").rows() == [
        (kpi, YEAR, "", "proposed", limit, None)
    ]


def test_nothing_is_written(kent: Figures) -> None:
    store = settings.open_store("kent")
    before = store.version
    page = open_page(TARGETS, report="qpr", year=YEAR, kpi="CS07", target="56")
    text_of(page, "Floor").set_value(50.0)
    page.run()
    store.refresh()
    assert store.version == before


# Councils that are not in order


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KPI_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("KPI_STORE", str(tmp_path / "var"))
    return tmp_path / "data" / f"year-{tmp_path.name.replace('_', '-')}"


@pytest.mark.parametrize("page", [FRAMEWORK, TARGETS])
def test_a_new_council_says_what_to_do(page: Path, folder: Path) -> None:
    write_council(folder, {name: rows for name, rows in tables().items() if name != "placements"})
    assert "Nothing to show yet" in shown(open_page(page)).texts


@pytest.mark.parametrize("page", [FRAMEWORK, TARGETS])
def test_what_people_wrote_never_becomes_html(page: Path, folder: Path) -> None:
    hostile = "<script>alert(1)</script><b onclick=x>&amp;"
    write_council(folder)
    rows = [{**row, "name": hostile + row["name"]} for row in tables()["indicators"]]
    (folder / "indicators.csv").write_bytes(csv_bytes("indicators", rows))
    said = shown(open_page(page))
    assert said.tags <= TAGS
    assert not said.handlers
    assert not any("alert(1)" in script for script in said.scripts)
