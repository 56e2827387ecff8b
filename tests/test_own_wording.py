"""Pages of councils with names, colours, marks and rules of their own, side by side."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from kpi_core import scorecard
from kpi_core.organisation import Organisation
from kpi_core.rules import AmberRule, Rules
from kpi_core.words import Amber
from tests.conftest import RunKpi
from tests.councils import SETTINGS, write_council
from tests.html import Shown
from tests.test_pages import APP, FILES, open_page, open_section, shown

OWN = """
decimal_mark = ","
thousands_mark = " "
[names]
green = "On track"
amber = "Slightly behind"
red = "Off track"
not_rated = "No target"
[colours]
green = "#1d70b8"
red = { light = "#7b2d8b", dark = "#d7a6e0" }
not_rated = "#0b7a75"
"""
KENTS = re.compile(r"\b(Green|Amber|Red|Not rated)\b")
FIRST, LAST = "2023/24 Q1", "2024/25 Q4"
_NUMBERS = itertools.count()

Written = Callable[..., Path]


@pytest.fixture
def council(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Written:
    """Writes a council, with settings of its own at the head of its organisation.toml."""
    monkeypatch.setenv("KPI_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("KPI_STORE", str(tmp_path / "var"))

    def write(settings: str = "") -> Path:
        # Pages cache their stores by the council's name.
        folder = write_council(tmp_path / "data" / f"own-{next(_NUMBERS)}")
        top, _, reports = SETTINGS.partition("[reports]")
        text = f"{top}{settings}\n[reports]{reports}"
        (folder / "organisation.toml").write_text(text, encoding="utf-8")
        return folder

    return write


def everything(page: AppTest) -> str:
    """All the HTML of a page, its pictures with their labels and tooltips, without its style."""
    assert shown(page)
    html = "".join(cast("Any", one).value for one in page.get("html"))
    return re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)


def style(page: AppTest) -> str:
    html = "".join(cast("Any", one).value for one in page.get("html"))
    return "".join(re.findall(r"<style>.*?</style>", html, re.DOTALL))


@pytest.mark.parametrize("period", [FIRST, LAST])
def test_pages_have_the_names_and_no_others(council: Written, period: str) -> None:
    council(OWN)
    pages = [
        open_page(APP, period=period),
        open_section("qpr", "Roads", period=period),
        open_section("qpr", "Libraries", period=period),
        open_page(FILES["indicator"], period=period, indicator="CALLS"),
    ]
    told = [everything(page) for page in pages]
    assert all("On track" in html or "Off track" in html for html in told)
    assert [KENTS.findall(html) for html in told] == [[]] * len(pages)


def test_headings_of_tables_have_the_names(council: Written) -> None:
    council(OWN)
    page = shown(open_page(APP, period=FIRST))
    assert {"On track", "Slightly behind", "Off track", "No data"} <= set(page.texts)
    assert "Off track: below the floor standard" in page.texts


def test_kpis_of_one_rating_are_chosen_by_its_name(council: Written) -> None:
    council(OWN)
    page = open_section("qpr", "Roads", period=FIRST, show="Off track")
    assert shown(page).indicators == ["CALLS"]
    assert page.selectbox(key="show").options == [
        "All", "Off track", "Slightly behind", "On track",
    ]  # fmt: skip
    page = open_section("qpr", "Libraries", period=FIRST, show="Off track")
    assert "No KPI of this section is rated Off track" in shown(page).text


def test_figures_have_the_marks_in_text_and_in_pictures(council: Written) -> None:
    council(OWN)
    page = shown(open_section("qpr", "Libraries", period=LAST))
    assert "24,0%, 1,5 points above the target range of 17,5% to 22,5%" in page.text
    picture = page.pictures[0]
    assert "24,0% in Q4 2024/25 (Slightly behind)" in picture.get("aria-label", "")
    words = [text.text for text in picture.iter() if text.text]
    assert "Target 22,5%" in words
    assert any(text.endswith("24,0%, Slightly behind") for text in words)
    assert not re.search(r"\d\.\d", " ".join(words))


def test_codes_stay_in_what_other_programs_read(council: Written, run_kpi: RunKpi) -> None:
    folder = council(OWN)
    out = run_kpi(
        "ratings", "--organisation", folder.name, "--period", FIRST, "--format", "csv"
    ).out
    assert ",RED,computed," in out
    assert "track" not in out
    head = run_kpi("summary", "--organisation", folder.name, "--format", "csv").out.splitlines()[0]
    assert head == "section,green,amber,red,no_data,improving,stable,worsening"


def test_two_councils_in_one_process_keep_their_own(council: Written) -> None:
    own, plain = council(OWN), council()
    for folder, name, colour in [
        (own, "Off track", "#1d70b8"), (plain, "Red", "#00703c"), (own, "Off track", "#1d70b8"),
    ]:  # fmt: skip
        page = open_page(APP, organisation=folder.name, period=FIRST)
        assert f"{name}: below the floor standard" in shown(page).texts
        assert f"--kpi-green: light-dark({colour}," in style(page)
        assert (".kpi .pill.not-rated" in style(page)) is (folder is own)


def test_a_change_of_the_settings_shows_on_the_next_run(council: Written) -> None:
    folder = council(OWN)
    page = open_page(APP, period=FIRST)
    assert "Off track" in shown(page).text
    text = (folder / "organisation.toml").read_text(encoding="utf-8")
    (folder / "organisation.toml").write_text(text.replace("Off track", "Behind"), encoding="utf-8")
    assert "Behind: below the floor standard" in shown(page.run()).texts


def test_a_colour_that_cannot_be_seen_stops_the_council_with_the_way_out(council: Written) -> None:
    council('[colours]\nred = "#ffcccc"')
    page = open_page(APP)
    assert not page.exception
    assert "The nearest shade of the same hue that does" in page.code[0].value


def test_the_method_page_tells_what_this_council_has_set(council: Written) -> None:
    council(OWN)
    page = shown(open_page(FILES["method"]))
    assert "This council's rules" in page.texts
    assert {"Slightly behind", "#1d70b8", "#d7a6e0"} <= set(page.texts)
    assert "Shown as 12\u00a0345,6 and £1\u00a0234,50." in page.texts
    assert "made-up council" in page.text


def ruled(monkeypatch: pytest.MonkeyPatch, rules: Rules) -> None:
    """Every organisation has these rules, as far as words go."""
    as_it_is = Organisation.from_toml

    def read(code: str, text: str) -> Organisation:
        one = as_it_is(code, text)
        return replace(one, wording=replace(one.wording, rules=rules))

    monkeypatch.setattr(Organisation, "from_toml", read)


def test_where_nothing_can_be_amber_no_page_speaks_of_it(
    council: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    ruled(monkeypatch, Rules(amber=AmberRule(Amber.NONE)))
    council()
    page = open_page(APP, period=FIRST)
    assert "Amber" not in everything(page)
    assert "amber" not in shown(page).counts
    assert "Red: target missed" in shown(page).texts
    assert "Floor" not in shown(page).texts
    section = open_section("qpr", "Roads", period=FIRST)
    assert section.selectbox(key="show").options == ["All", "Red", "Green"]
    assert "amber" not in shown(section).counts


def with_more_directions(monkeypatch: pytest.MonkeyPatch) -> None:
    as_it_is = scorecard.kpis

    def kpis(*asked: Any) -> pl.DataFrame:
        return as_it_is(*asked).with_columns(
            direction_previous=pl.lit("improving"), direction_year_ago=pl.lit("stable")
        )

    monkeypatch.setattr(scorecard, "kpis", kpis)


def test_further_directions_stand_beside_the_first_one(
    council: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_more_directions(monkeypatch)
    council()
    for page in (
        open_page(APP, period=FIRST),
        open_section("qpr", "Roads", period=FIRST),
        open_page(FILES["indicator"], period=FIRST, indicator="CALLS"),
    ):
        told = _joined(shown(page))
        assert "Compared otherwise: previous quarter : ↑ better · a year ago : → same" in told


def _joined(page: Shown) -> str:
    return re.sub(r"\s+", " ", page.text)


def test_pages_without_further_directions_say_nothing_of_them(council: Written) -> None:
    council()
    assert "Compared otherwise" not in shown(open_section("qpr", "Roads", period=LAST)).text


@pytest.mark.parametrize(
    ("settings", "heading"),
    [
        ("", "Floor"),
        ('[rating]\namber = "points"\ntolerance = 5\n', "Amber limit"),
        ('[rating]\namber = "none"\n', ""),
    ],
)
def test_the_dashboard_names_the_limit_as_the_rule_does(
    council: Written, settings: str, heading: str
) -> None:
    council(settings)
    texts = shown(open_page(FILES["dashboard"], period=LAST)).texts
    assert [name for name in ("Floor", "Amber limit") if name in texts] == [heading][
        : bool(heading)
    ]
