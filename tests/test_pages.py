"""Every page runs, for every period, with whatever figures an organisation has."""

from __future__ import annotations

import csv
import io
import itertools
import re
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from streamlit.testing.v1 import AppTest

from kpi_core import display, registry, views
from kpi_core import settings as places
from kpi_core.figures import Figures
from pages.shared import look
from tests.conftest import ROOT, RunKpi
from tests.councils import Row, csv_bytes, tables, write_council
from tests.html import SVG, TAGS, Shown
from tests.random_council import HOSTILE, clashing, councils, rules

APP = ROOT / "app.py"
FILES = {
    "summary": ROOT / "pages/performance/summary.py",
    "dashboard": ROOT / "pages/performance/dashboard.py",
    "indicator": ROOT / "pages/explore/indicator.py",
    "risks": ROOT / "pages/performance/risks.py",
    "quality": ROOT / "pages/manage/quality.py",
    "commentary": ROOT / "pages/manage/commentary.py",
    "method": ROOT / "pages/about/method.py",
}
REPORTS = ("qpr", "dashboard")
MEASURES = ("green", "amber", "red", "no_data", "improving", "stable", "worsening")

#: Each costs two charts: one indicator in so many is opened here.
SAMPLE = 7

#: Organisations of these tests. The pages cache their stores by name, so each is new.
_NAMES = (f"council-{number}" for number in itertools.count())


def section_page(report: str, name: str) -> None:
    from pages.performance import section  # noqa: PLC0415

    section.show(report, name)


def open_page(script: Path | AppTest, /, **chosen: str) -> AppTest:
    """A page with that selection, run once."""
    page = script if isinstance(script, AppTest) else AppTest.from_file(script)
    page.default_timeout = 60
    page.query_params.update(chosen)
    return page.run()


def download_page() -> None:
    import streamlit as st  # noqa: PLC0415

    from pages.shared import downloads, selection  # noqa: PLC0415

    st.text(downloads.name(selection.current(), "ratings"))


def open_section(report: str, name: str, /, **chosen: str) -> AppTest:
    return open_page(AppTest.from_function(section_page, args=(report, name)), **chosen)


def shown(page: AppTest) -> Shown:
    """What the page says, once it is sure that it says no error."""
    assert not page.exception, page.exception
    assert not page.error, [(box.value) for box in page.error]
    return Shown("".join(cast("Any", one).value for one in page.get("html")))


def titles(figures: Figures) -> dict[str, str]:
    return dict(figures.reports.select("report", "title").iter_rows())


def choice(figures: Figures, report: str, period: str) -> dict[str, str]:
    """The parameters of the URL that choose a report and a period."""
    reports = figures.placements["report"].unique()
    return {"period": period} | ({"report": titles(figures)[report]} if len(reports) > 1 else {})


def periods(figures: Figures, report: str) -> list[str]:
    return [str(period) for period in registry.report_periods(figures, report)]


def counted(run_kpi: RunKpi, report: str, period: str) -> dict[str, dict[str, int]]:
    """The counts as `kpi summary` gives them, by section."""
    out = run_kpi("summary", "--report", report, "--period", period, "--format", "csv").out
    return {
        row["section"]: {name: int(row[name]) for name in MEASURES}
        for row in csv.DictReader(io.StringIO(out))
    }


def expected(counts: Mapping[str, int]) -> dict[str, int]:
    """What the strip of counts shows: directions only where there are any."""
    ways = ("improving", "stable", "worsening")
    if any(counts[way] for way in ways):
        return dict(counts)
    return {name: count for name, count in counts.items() if name not in ways}


# Kent


@pytest.mark.parametrize("page", [APP, *FILES.values()], ids=["app", *FILES])
def test_every_file_runs(page: Path, kent: Figures) -> None:
    assert shown(open_page(page)).text


@pytest.mark.parametrize("report", REPORTS)
def test_the_summary_of_every_period_counts_as_the_command_does(
    report: str, kent: Figures, run_kpi: RunKpi
) -> None:
    for period in periods(kent, report):
        page = shown(open_page(APP, **choice(kent, report, period)))
        counts = dict(page.counts)
        counts.pop("not_rated", None)
        assert counts == expected(counted(run_kpi, report, period)["TOTAL"]), period


@pytest.mark.parametrize(
    ("report", "period"),
    [("qpr", "2024/25 Q2"), ("qpr", "2020/21 Q2"), ("dashboard", "2025-03")],
)
def test_every_section_counts_as_the_command_does(
    report: str, period: str, kent: Figures, run_kpi: RunKpi
) -> None:
    by_section = counted(run_kpi, report, period)
    for name in views.sections(kent, report, kent.organisation.period(period)):
        page = shown(open_section(report, name, **choice(kent, report, period)))
        counts = dict(page.counts)
        counts.pop("not_rated", None)
        wanted = by_section.get(name, dict.fromkeys(MEASURES, 0))
        assert counts == expected(wanted), name
        assert name in page.text


@pytest.mark.parametrize("report", REPORTS)
def test_every_section_of_any_year_opens_in_a_year_without_it(report: str, kent: Figures) -> None:
    """A link carries the period along, also to a section that the report did not have then."""
    period = periods(kent, report)[-1]
    here = views.sections(kent, report, kent.organisation.period(period))
    for name in views.sections(kent, report):
        page = shown(open_section(report, name, **choice(kent, report, period)))
        if name not in here:
            assert "Choose another period" in page.text, name


def test_a_section_opens_while_another_report_is_chosen(kent: Figures) -> None:
    page = shown(open_section("qpr", "Public Health", **choice(kent, "dashboard", "2025-03")))
    assert "Public Health" in page.text
    assert page.indicators


@pytest.mark.parametrize("wanted", ["Red", "Amber", "Green"])
def test_show_leaves_the_kpis_of_one_rating(wanted: str, kent: Figures, run_kpi: RunKpi) -> None:
    chosen = choice(kent, "qpr", "2024/25 Q2")
    out = run_kpi("ratings", "--period", "2024/25 Q2", "--format", "csv").out
    rows = [row for row in csv.DictReader(io.StringIO(out)) if row["basis"] == "period"]
    for name in views.sections(kent, "qpr", kent.organisation.period("2024/25 Q2")):
        before = shown(open_section("qpr", name, **chosen))
        page = shown(open_section("qpr", name, **chosen, show=wanted))
        assert page.indicators == [
            row["indicator"]
            for row in rows
            if row["section"] == name and row["rating"] == wanted.upper()
        ]
        assert page.counts == before.counts
        assert page.indicators or f"No KPI of this section is rated {wanted}" in page.text


def test_choosing_in_the_sidebar_changes_the_page(kent: Figures) -> None:
    page = open_page(APP, **choice(kent, "qpr", "2024/25 Q2"))
    before = shown(page)
    page.selectbox(key="period-chosen").set_value("2020/21 Q2")
    after = shown(page.run())
    assert after.counts != before.counts
    page.selectbox(key="report-chosen").set_value("dashboard")
    assert "2025-03" in page.run().selectbox(key="period-chosen").options
    assert shown(page).counts


@pytest.mark.parametrize(
    ("report", "period"), [("qpr", "2024/25 Q2"), ("qpr", "2020/21 Q1"), ("dashboard", "2024-11")]
)
def test_every_indicator_opens(report: str, period: str, kent: Figures) -> None:
    known = views.all_indicators(kent, report, kent.organisation.period(period))
    chosen = choice(kent, report, period)
    for code, name in known.select("indicator", "name").gather_every(SAMPLE).iter_rows():
        page = shown(open_page(FILES["indicator"], **chosen, indicator=code))
        assert name in page.texts, code


@pytest.mark.parametrize(
    ("report", "period"),
    [("dashboard", "2025-03"), ("dashboard", "2024-11"), ("qpr", "2024/25 Q2")],
)
def test_the_dashboard_rates_as_the_command_does(
    report: str, period: str, kent: Figures, run_kpi: RunKpi
) -> None:
    page = shown(open_page(FILES["dashboard"], **choice(kent, report, period)))
    out = run_kpi("ratings", "--report", report, "--period", period, "--format", "csv").out
    rows = list(csv.DictReader(io.StringIO(out)))
    said = page.text
    for basis, words in (("period", "Latest"), ("ytd", "Year to date")):
        counts = Counter(row["rating"] for row in rows if row["basis"] == basis)
        told = [f"{counts[r]} {r.capitalize()}" for r in ("GREEN", "AMBER", "RED") if counts[r]]
        if told:
            assert f"{words}: {display.listed(told)}." in said
    names = {row["name"] for row in rows}
    assert names <= set(page.texts)


def test_the_dashboard_shows_the_printed_tables(kent: Figures) -> None:
    """A row of the document: months, year to date, target, floor, the year before."""
    text = shown(open_page(FILES["dashboard"], **choice(kent, "dashboard", "2025-03"))).text
    start = text.index("Key Performance Indicators")
    row = text[text.index("Percentage of financial assessments", start) :][:200]
    assert re.search(r"90% 89% 87% 86% .*Amber 86% .*Amber 90% 85% 86%", row), row


def test_an_unknown_indicator_in_the_address_gives_the_first(kent: Figures) -> None:
    page = open_page(FILES["indicator"], indicator="<b>no such</b>")
    assert shown(page).text
    assert page.query_params["indicator"] == page.selectbox(key="indicator-chosen").value


@pytest.mark.parametrize(
    "chosen",
    [
        {"period": "1999/00 Q1"},
        {"period": "<script>"},
        {"report": "nothing"},
        {"show": "Purple"},
        {"organisation": "nowhere"},
    ],
    ids=lambda chosen: next(iter(chosen)),
)
def test_nonsense_in_the_address_is_passed_over(chosen: dict[str, str], kent: Figures) -> None:
    assert shown(open_page(APP, **chosen)).counts
    assert shown(open_section("qpr", "Public Health", **chosen)).counts


def test_pictures_are_images_that_say_what_they_show(kent: Figures) -> None:
    page = shown(open_section("qpr", "Public Health", **choice(kent, "qpr", "2024/25 Q2")))
    assert page.pictures
    for picture in page.pictures:
        assert picture.get("role") == "img"
        assert len(picture.get("aria-label", "")) > 20
        assert not list(picture.iter(f"{SVG}script"))


# Organisations that are not in order


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where an organisation of this test goes."""
    monkeypatch.setenv("KPI_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("KPI_STORE", str(tmp_path / "var"))
    return tmp_path / "data" / next(_NAMES)


def without(*names: str) -> dict[str, list[Row]]:
    return {name: rows for name, rows in tables().items() if name not in names}


def plain_error(page: AppTest) -> str:
    """The message of a page that can show nothing else."""
    assert not page.exception, page.exception
    assert len(page.error) == 1
    assert not [one for one in page.get("html") if "data-count" in cast("Any", one).value]
    return said_plainly(page)


def said_plainly(page: AppTest) -> str:
    message = str(page.code[0].value)
    assert "Traceback" not in message
    assert 'File "' not in message
    return message


def test_no_organisation(folder: Path) -> None:
    assert "There is no organisation in" in plain_error(open_page(APP))


@pytest.mark.parametrize(
    ("missing", "steps"),
    [
        (["placements"], ["placements.csv"]),
        (["observations"], ["observations.csv"]),
        (list(tables()), ["reports.csv", "sections.csv", "indicators.csv", "placements.csv"]),
    ],
    ids=["placements", "figures", "everything"],
)
def test_what_is_missing_is_said_on_every_page(
    missing: list[str], steps: list[str], folder: Path
) -> None:
    write_council(folder, without(*missing))
    for page in (APP, FILES["summary"], FILES["indicator"]):
        said = shown(open_page(page))
        assert "Nothing to show yet" in said.texts
        assert [text for text in said.texts if text.endswith(".csv")][: len(steps)] == steps
        assert "made-up council" in said.text
    assert "How it is worked out" in shown(open_page(FILES["method"])).texts


def test_settings_that_cannot_be_read(folder: Path) -> None:
    write_council(folder)
    (folder / "organisation.toml").write_text('name = "unfinished', encoding="utf-8")
    assert "organisation.toml" in plain_error(open_page(APP))


def test_a_bad_file_in_the_folder(folder: Path) -> None:
    write_council(folder)
    rows: Sequence[Row] = [{**tables()["observations"][0], "value": "89%"}]
    (folder / "observations.csv").write_bytes(csv_bytes("observations", rows))
    message = plain_error(open_page(APP))
    assert "observations.csv, row 2, column value" in message
    assert "Enter the number alone" in message


def test_a_file_that_turns_bad_later_is_told_and_the_figures_stay(folder: Path) -> None:
    write_council(folder)
    page = open_page(APP)
    before = shown(page).counts
    (folder / "observations.csv").write_bytes(b"indicator,period\n")
    assert shown(page.run()).counts == before
    assert len(page.warning) == 1
    assert "observations.csv" in said_plainly(page)


def test_new_figures_in_the_folder_show_on_the_next_run(folder: Path) -> None:
    write_council(folder)
    page = open_page(APP)
    before = shown(page).counts
    rows = [
        {**row, "value": "1"} if row["indicator"] == "CALLS" else row
        for row in tables()["observations"]
    ]
    (folder / "observations.csv").write_bytes(csv_bytes("observations", rows))
    after = shown(page.run()).counts
    assert after["red"] == before["red"] + 1


def test_figures_as_they_were_before(folder: Path) -> None:
    write_council(folder)
    before = shown(open_page(APP)).counts
    assert "As at" not in [box.label for box in open_page(APP).selectbox]
    (folder / "observations.csv").write_bytes(
        csv_bytes("observations", [{**row, "value": "1"} for row in tables()["observations"]])
    )
    page = open_page(APP)
    assert shown(page).counts != before
    moments = page.selectbox(key="as_at-chosen")
    moments.set_value(moments.options[-1])
    page.run()
    if len(moments.options) > 2:  # else both were taken in within one second
        assert shown(page).counts == before
        assert f"as at {moments.options[-1]}" in shown(page).text


def test_a_made_up_council_says_so(folder: Path) -> None:
    write_council(folder)
    for file in FILES.values():
        assert "made-up council" in shown(open_page(file)).text
    assert "made-up council" in shown(open_section("qpr", "Roads")).text


def test_downloads_of_a_made_up_council_say_so(two: tuple[str, str]) -> None:
    page = open_page(AppTest.from_function(download_page), organisation=two[1])
    assert page.text[0].value == f"made-up-{two[1]}-qpr-2024-25-Q4-ratings.csv"
    page = open_page(AppTest.from_function(download_page), period="2024/25 Q2")
    assert page.text[0].value == "kent-qpr-2024-25-Q2-ratings.csv"


# The switch between organisations


@pytest.fixture
def two(folder: Path) -> tuple[str, str]:
    """Kent's figures first, then Testshire under a name of its own."""
    shutil.copytree(ROOT / "data" / "kent", folder.parent / "kent")
    write_council(folder)
    return "kent", folder.name


def notices(page: AppTest) -> list[str]:
    """The quiet lines above the page."""
    found = [cast("Any", one).value for one in page.get("html")]
    return [Shown(html).text.strip() for html in found if 'class="notice"' in html]


def test_the_box_names_the_councils_and_the_address_their_codes(two: tuple[str, str]) -> None:
    page = open_page(APP)
    box = page.selectbox(key="organisation-chosen")
    assert box.options == ["Kent County Council", "Testshire Council"]
    assert notices(page) == []
    box.set_value(two[1])
    said = shown(page.run())
    assert "Testshire Council" in said.text
    assert page.query_params["organisation"] == two[1]
    assert all(f"organisation={two[1]}" in link for link in said.links if link)
    page.selectbox(key="organisation-chosen").set_value("kent")
    assert "Kent County Council" in shown(page.run()).text
    assert "organisation" not in page.query_params


def test_one_council_alone_has_no_box(folder: Path) -> None:
    write_council(folder)
    assert "Organisation" not in [box.label for box in open_page(APP).selectbox]


def test_two_councils_of_one_name_are_told_apart(two: tuple[str, str]) -> None:
    write_council(places.data_folder() / "twin")
    options = open_page(APP).selectbox(key="organisation-chosen").options
    assert sorted(options) == sorted(
        ["Kent County Council", f"Testshire Council ({two[1]})", "Testshire Council (twin)"]
    )


@pytest.mark.parametrize(
    ("asked", "line"),
    [
        ({"period": "2020/21 Q2"}, "Testshire Council has no 2020/21 Q2: its latest period is shown."),
        ({"period": "last"}, "Testshire Council has no period “last”: its latest period is shown."),
        ({"report": "<b>"}, "Testshire Council has no report “<b>”: the Quarterly report is shown."),
        ({"as_at": "1999"}, "Testshire Council took nothing in at 1999: its figures of now are shown."),
        ({"organisation": "x" * 99}, f"There is no organisation “{'x' * 40}…”: Kent County Council is shown."),
        ({"period": "2024/25 Q4"}, ""),
        ({"period": "Latest (2019/20 Q1)"}, ""),
        ({"report": "Quarterly report"}, ""),
    ],
    ids=["period", "no-period", "report", "moment", "organisation", "right", "latest", "title"],
)  # fmt: skip
def test_what_cannot_be_shown_is_said(
    asked: dict[str, str], line: str, two: tuple[str, str]
) -> None:
    page = open_page(APP, **{"organisation": two[1], **asked})
    shown(page)
    assert notices(page) == ([line] if line else [])
    assert notices(page.run()) == ([line] if line else [])


def test_a_period_that_only_the_other_report_has_is_said_of_the_report(kent: Figures) -> None:
    page = open_page(APP, **choice(kent, "qpr", "2020/21 Q2"))
    assert notices(page) == []
    page.selectbox(key="report-chosen").set_value("dashboard")
    (line,) = notices(page.run())
    assert line.startswith("Performance Dashboard")
    assert line.endswith("has no 2020/21 Q2: its latest period is shown.")
    page.selectbox(key="period-chosen").set_value("2024-11")
    assert notices(page.run()) == []


def test_a_section_of_another_report_says_which_period_it_shows(kent: Figures) -> None:
    page = open_section("qpr", "Public Health", **choice(kent, "dashboard", "2025-03"))
    assert notices(page) == [
        "This page belongs to the Quarterly Performance Report: its latest period is shown."
    ]


def test_a_council_in_disorder_takes_no_other_down(two: tuple[str, str]) -> None:
    for text in (b'name = "unfinished', b"name = 'caf\xe9'", b"year_start = 5"):
        (places.data_folder() / two[1] / "organisation.toml").write_bytes(text)
        page = open_page(APP)
        assert shown(page).counts
        assert page.selectbox(key="organisation-chosen").options == ["Kent County Council", two[1]]
        page.selectbox(key="organisation-chosen").set_value(two[1])
        assert f"{two[1]}/organisation.toml" in plain_error(page.run())
        page.selectbox(key="organisation-chosen").set_value("kent")
        assert shown(page.run()).counts


def test_a_page_without_the_frame_keeps_its_sidebar(kent: Figures) -> None:
    page = open_page(FILES["summary"])
    labels = [box.label for box in page.selectbox]
    assert labels
    assert [box.label for box in page.run().selectbox] == labels


def test_names_that_come_to_the_same_address(folder: Path) -> None:
    write_council(folder, clashing())
    assert "???" in shown(open_page(APP)).texts


@given(council=councils(), own=rules())
@settings(max_examples=6, suppress_health_check=[HealthCheck.too_slow])
def test_any_organisation_opens_every_page(
    council: Mapping[str, Sequence[Row]], own: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    home = tmp_path_factory.mktemp("random")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KPI_DATA", str(home / "data"))
        patch.setenv("KPI_STORE", str(home / "var"))
        name = next(_NAMES)
        write_council(home / "data" / name, council, own)
        store = places.open_store(name)
        store.refresh()
        everything_opens(store.figures())


def everything_opens(figures: Figures) -> None:
    for report in figures.placements["report"].unique().to_list():
        all_periods = periods(figures, report)
        for period in all_periods:
            chosen, at = choice(figures, report, period), figures.organisation.period(period)
            page = sound(open_page(APP, **chosen))
            known = views.all_indicators(figures, report, at)
            for section in views.sections(figures, report, at):
                page = sound(open_section(report, section, **chosen))
                assert section in page.texts
                for name in known.filter(section=section)["name"].to_list():
                    assert name not in HOSTILE or name in page.texts, name
            said = sound(open_page(FILES["dashboard"], **chosen))
            for name in known["name"].to_list():
                assert name not in HOSTILE or name in said.texts, name
            sound(open_page(FILES["commentary"], **chosen))
            ends = period in (all_periods[0], all_periods[-1])
            for code in known["indicator"].to_list() if ends else []:
                sound(open_page(FILES["indicator"], **chosen, indicator=code))


def sound(page: AppTest) -> Shown:
    """What the page says, with no tag and no script in it but our own."""
    said = shown(page)
    assert said.tags <= TAGS, said.tags - TAGS
    assert not said.handlers
    for script in said.scripts:
        assert script in look._UNPACK or "kpiHabits" in script
    for link in said.links:
        assert ":" not in link.partition("?")[0], link
    for picture in said.pictures:
        assert picture.get("aria-label")
        assert not list(picture.iter(f"{SVG}script"))
    return said
