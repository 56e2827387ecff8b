"""The page of the commentary: write, save, see it, take it back."""

from __future__ import annotations

import csv
import io
import itertools
from pathlib import Path
from typing import Any, cast

import pytest
from streamlit.testing.v1 import AppTest

from kpi_core import export, settings, versions
from kpi_core.commentary import Place
from kpi_core.figures import Figures
from kpi_core.store import Store
from tests.conftest import ROOT
from tests.councils import write_council
from tests.html import TAGS
from tests.test_pages import choice, open_page, open_section, periods, shown

PAGE = ROOT / "pages/manage/commentary.py"
INDICATOR = ROOT / "pages/explore/indicator.py"
#: In the first quarter calls are Red: 78 against a floor of 80.
RED = "2023/24 Q1"
CALLS = {"section": "Roads", "indicator": "CALLS", "kind": "action", "period": RED}
ACTION = "Evening shifts are filled first.\nBy March all <b>posts</b> & rotas are settled."

_NAMES = (f"commented-{number}" for number in itertools.count())


@pytest.fixture
def council(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Store:
    """The store of a Testshire of its own: the pages cache stores by name."""
    name = next(_NAMES)
    monkeypatch.setenv("KPI_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("KPI_STORE", str(tmp_path / "var"))
    write_council(tmp_path / "data" / name)
    return settings.open_store(name)


def field(page: AppTest) -> Any:
    return cast("Any", page.text_area[0])


def press(page: AppTest, label: str) -> AppTest:
    return next(one for one in page.button if one.label.startswith(label)).click().run()


def name_as(page: AppTest, by: str) -> AppTest:
    return page.text_input(key="by").input(by).run()


def write(text: str, by: str = "Jo Hill", /, **chosen: str) -> AppTest:
    """The page after a text was written and saved."""
    page = open_page(PAGE, **chosen)
    field(page).input(text).run()
    return press(name_as(page, by), "Save")


def to_write(page: AppTest) -> list[str]:
    """The ways to Reds without an action."""
    return [link for link in shown(page).links if "kind=action" in link]


def test_an_action_is_written_seen_and_taken_back(council: Store) -> None:
    assert any("indicator=CALLS" in link for link in to_write(open_page(PAGE, period=RED)))
    page = write(ACTION, **CALLS)
    assert [box.value for box in page.success] == ["Saved as upload 2."]
    assert not to_write(page)
    assert field(page).value == ACTION
    kept = council.log()[-1]
    assert (kept.by, kept.kind) == ("Jo Hill", "files")
    for other in (open_section("qpr", "Roads", period=RED), open_page(INDICATOR, **CALLS)):
        assert "Management action" in shown(other).texts
        assert ACTION in shown(other).texts
    back = press(page, "Undo")
    assert [box.value for box in back.success] == ["Upload 2 is undone."]
    assert field(back).value == ""
    assert to_write(back)
    assert "Management action" not in shown(open_section("qpr", "Roads", period=RED)).texts


def test_what_is_written_comes_out_as_text(council: Store) -> None:
    page = write(ACTION, "<i>Jo</i>", **CALLS)
    for other in (page, open_section("qpr", "Roads", period=RED), open_page(INDICATOR, **CALLS)):
        read = shown(other)
        assert read.tags <= TAGS
        assert ACTION in read.texts
    assert "<i>Jo</i>" in shown(page).texts


def test_a_text_that_a_spreadsheet_would_run_is_kept_and_guarded_on_its_way_out(
    council: Store,
) -> None:
    write('=HYPERLINK("x","Filled posts")', **CALLS)
    rows = council.figures().commentary
    assert rows["text"].to_list() == ['=HYPERLINK("x","Filled posts")']
    (row,) = csv.DictReader(io.StringIO(export.to_csv(rows)))
    assert row["text"].startswith("'=")


def test_checks_run_while_the_text_is_written_and_it_stays(council: Store) -> None:
    chosen = CALLS | {"kind": "commentary"}
    page = open_page(PAGE, **chosen)
    text = "98% of calls were answered. This met the target."
    field(page).input(text).run()
    said = shown(page).text
    assert "98% is no figure held for this KPI, which is at 78%" in said
    assert "“met the target”, but this KPI is Red" in said
    assert field(page).value == text
    field(page).input("78% of calls were answered.").run()
    assert "nothing to ask" in shown(page).text
    assert council.log()[1:] == []


def test_a_draft_waits_while_something_else_is_looked_at(council: Store) -> None:
    page = open_page(PAGE, **CALLS)
    field(page).input("Not yet saved").run()
    page.selectbox(key="indicator-chosen").set_value("DAYS").run()
    assert field(page).value == ""
    page.selectbox(key="indicator-chosen").set_value("CALLS").run()
    page.selectbox(key="kind-chosen").set_value("action").run()
    assert field(page).value == "Not yet saved"


@pytest.mark.parametrize(
    ("text", "by", "said"),
    [
        ("", "Jo", "There is no text yet"),
        (" \n", "Jo", "no text yet"),
        ("We act.", "", "your name"),
    ],
)
def test_nothing_is_saved_without_text_and_name(
    text: str, by: str, said: str, council: Store
) -> None:
    page = write(text, by, **CALLS)
    assert said in page.warning[0].value
    assert len(council.log()) == 1


def test_earlier_versions_come_back_into_the_field(council: Store) -> None:
    page = write("First.", "Ann", **CALLS)
    field(page).input("Second.").run()
    page = press(page, "Save")
    assert "Versions (2)" in [one.label for one in page.expander]
    assert {"Ann", "First.", "Second."} <= set(shown(page).texts)
    page = press(page, "Take the version of upload 2")
    assert field(page).value == "First."
    assert council.figures().commentary["text"].to_list() == ["Second."]
    press(page, "Save")
    assert council.figures().commentary["text"].to_list() == ["First."]


def test_versions_are_all_that_was_ever_held(council: Store) -> None:
    write("First.", "Ann", **CALLS)
    council.undo(2, "Ben")
    write("Second.", "Cas", **CALLS)
    place = Place("qpr", "Roads", "CALLS", RED, "action", 1)
    held = versions.of(council, "commentary", place.key)
    assert held.select("upload", "by", "undone", "text").rows() == [
        (4, "Cas", False, "Second."),
        (2, "Ann", True, "First."),
    ]


def test_nothing_is_written_about_the_past(council: Store) -> None:
    write("First.", **CALLS)
    moment = f"{council.log()[-1].at:%Y-%m-%d %H:%M:%S}"
    page = open_page(PAGE, **CALLS, as_at=moment)
    shown(page)
    assert "nothing can be written" in page.info[0].value
    assert field(page).disabled
    assert next(one for one in page.button if one.label == "Save").disabled


def test_every_period_opens(kent: Figures) -> None:
    for report in ("qpr", "dashboard"):
        for period in periods(kent, report)[::4]:
            assert shown(open_page(PAGE, **choice(kent, report, period))).text, period


@pytest.mark.parametrize(
    "chosen",
    [{"section": "<b>"}, {"indicator": "no"}, {"kind": "no"}, {"paragraph": "99"}],
    ids=lambda chosen: next(iter(chosen)),
)
def test_nonsense_in_the_address_is_passed_over(chosen: dict[str, str], kent: Figures) -> None:
    page = open_page(PAGE, **choice(kent, "qpr", "2024/25 Q2"), **chosen)
    assert shown(page).tags <= TAGS
    assert field(page)
