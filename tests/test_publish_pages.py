"""The pages that publish, and every page as published: run by Streamlit's own tester."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
from streamlit.testing.v1 import AppTest

from kpi_core import settings
from kpi_core.archive import Archive
from kpi_core.periods import Period
from kpi_core.standing import Standing
from kpi_core.store import Store
from tests.conftest import ROOT
from tests.councils import QUARTERS, csv_bytes, figure, write_council
from tests.html import TAGS, Shown
from tests.random_council import HOSTILE

APP = ROOT / "app.py"
PUBLISH = ROOT / "pages/publish/publishing.py"
SINCE = ROOT / "pages/publish/restatements.py"
LAST = Period.parse(QUARTERS[-1])
ANOTHER = "[publishing]\nconfirmed_by_another = true\n"

#: Pages keep their stores by name, so each council of these tests is called otherwise.
Council = Callable[..., Store]


@pytest.fixture
def council(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Council:
    monkeypatch.setenv("KPI_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("KPI_STORE", str(tmp_path / "var"))
    code = f"c{abs(hash(request.node.nodeid)):x}"

    def make(more: str = "") -> Store:
        write_council(tmp_path / "data" / code, more_settings=more)
        store = settings.open_store(code)
        store.refresh()
        return store

    return make


def opened(page: Path, /, **asked: str) -> AppTest:
    test = AppTest.from_file(page, default_timeout=60)
    test.query_params.update(asked)
    return test.run()


def shown(page: AppTest) -> Shown:
    assert not page.exception, page.exception
    assert not page.error, [box.value for box in page.error]
    return Shown("".join(cast("Any", one).value for one in page.get("html")))


def pressed(page: AppTest, label: str) -> AppTest:
    (button,) = [one for one in page.button if one.label == label]
    return button.click().run()


def change(store: Store, value: str) -> None:
    rows = [figure("CALLS", QUARTERS[-1], value)]
    store.commit({"observations.csv": csv_bytes("observations", rows)}, "Bo", "late")


# The publishing page


def test_a_period_is_published_with_a_name_and_a_note(council: Council) -> None:
    store = council()
    page = opened(PUBLISH)
    assert "Nothing has been published here yet" in shown(page).text
    page.text_input(key="by").set_value(" Ann  Other ")
    page.text_input(key="publish-note").set_value("for Cabinet")
    page = pressed(page, "Publish Q4 2024/25")
    (edition,) = Archive(store).editions()
    assert (edition.prepared_by, edition.note) == ("Ann Other", "for Cabinet")
    said = shown(page).text
    assert edition.hash in said
    assert "Quarterly report, Q4 2024/25: edition 1, as published on" in said
    assert page.session_state["person"] == "Ann Other"


def test_without_a_name_nothing_is_done_and_the_page_says_so(council: Council) -> None:
    store = council()
    page = pressed(opened(PUBLISH), "Publish Q4 2024/25")
    assert "Nothing was done. Say who prepares the edition: a name is missing." in " ".join(shown(page).text.split())  # fmt: skip
    assert Archive(store).editions() == []


def test_what_is_open_stands_on_the_page(council: Council) -> None:
    store = council()
    assert "Nothing is open" in shown(opened(PUBLISH)).text
    change(store, "12")
    assert "One Red has no management action" in shown(opened(PUBLISH)).text


def test_a_draft_is_confirmed_by_another_and_withdrawn(council: Council) -> None:
    store = council(ANOTHER)
    page = opened(PUBLISH)
    page.text_input(key="by").set_value("Ann")
    page = pressed(page, "Prepare a draft of Q4 2024/25")
    assert "DRAFT of edition 1" in shown(page).text
    page = pressed(page, "Confirm this draft")
    assert "another person must confirm it" in shown(page).text
    page.text_input(key="by").set_value("Bo")
    page = pressed(page, "Confirm this draft")
    assert "Confirmed by Bo" in shown(page).text
    assert Archive(store).editions()[0].standing is Standing.PUBLISHED
    assert "Confirm this draft" not in [one.label for one in page.button]
    page = pressed(page, "Yes, withdraw it")
    assert Archive(store).editions()[0].standing is Standing.WITHDRAWN
    assert "Yes, withdraw it" not in [one.label for one in page.button]


def test_verify_tells_whether_the_files_are_those_that_were_frozen(council: Council) -> None:
    store = council()
    edition = Archive(store).prepare("qpr", LAST, "Ann")
    page = pressed(opened(PUBLISH), "Verify")
    assert "The files are those that were frozen" in shown(page).text
    assert edition.hash in shown(page).text
    (store.journal.folder_of(edition.id) / "edition.zip").write_bytes(b"gone")
    assert "The files are not those that were frozen" in shown(pressed(page, "Verify")).text


@pytest.mark.parametrize("text", HOSTILE)
def test_names_and_notes_are_text_on_the_page(council: Council, text: str) -> None:
    Archive(council()).prepare("qpr", LAST, text[:100], text)
    page = shown(opened(PUBLISH))
    assert text in page.text
    assert page.tags <= TAGS | {"table"}
    assert not page.handlers


# As published


def test_every_page_shows_an_edition_when_the_address_asks_for_it(council: Council) -> None:
    store = council()
    edition = Archive(store).prepare("qpr", LAST, "Ann")
    before = shown(opened(APP))
    change(store, "12")
    now = shown(opened(APP))
    then = shown(opened(APP, edition=str(edition.number)))
    assert (now.counts["red"], then.counts["red"]) == (1, before.counts["red"])
    assert then.counts == before.counts
    assert "edition 1, as published on" in then.text
    assert "latest figures" in now.text
    assert any(f"edition={edition.number}" in link for link in then.links)
    assert not any("edition=" in link for link in now.links)


def test_the_sidebar_offers_editions_only_of_the_period_shown(council: Council) -> None:
    store = council()
    edition = Archive(store).prepare("qpr", LAST, "Ann")
    boxes = {one.label: one for one in opened(APP).selectbox}
    assert len(boxes["Figures"].options) == 2
    page = boxes["Figures"].select(str(edition.number)).run()
    assert "edition 1, as published on" in shown(page).text
    earlier = {one.label: one for one in opened(APP, period=QUARTERS[-2]).selectbox}
    assert "Figures" not in earlier
    page = {one.label: one for one in page.selectbox}["Period"].select(QUARTERS[-2]).run()
    assert "latest figures" in shown(page).text
    assert "has no edition" not in shown(page).text


def test_an_unknown_edition_is_told_and_the_latest_shown(council: Council) -> None:
    council()
    page = shown(opened(APP, edition="77"))
    assert "Quarterly report, Q4 2024/25, has no edition “77”: the latest figures are shown." in page.text  # fmt: skip
    assert "latest figures" in page.text


def test_an_address_of_before_finds_its_edition_by_the_entry_in_the_log(council: Council) -> None:
    store = council()
    Archive(store).prepare("qpr", LAST.shift(-1), "Ann")
    edition = Archive(store).prepare("qpr", LAST, "Ann")
    assert (edition.id, edition.number) == (3, 2)
    text = shown(opened(APP, report="qpr", period=QUARTERS[-1], edition="3")).text
    assert "edition 2, as published on" in text
    assert "has no edition" not in text
    assert "Nothing was published as" not in shown(opened(SINCE, of="3")).text


def test_a_withdrawn_edition_says_so_on_every_page(council: Council) -> None:
    store = council()
    Archive(store).prepare("qpr", LAST, "Ann")
    Archive(store).withdraw(1, "Bo")
    for page in (APP, ROOT / "pages/performance/dashboard.py", PUBLISH):
        text = shown(opened(page, edition="1")).text
        assert "Edition 1 was withdrawn: it counts as published no longer." in text


def test_the_log_names_an_edition_by_its_number(council: Council) -> None:
    store = council()
    Archive(store).prepare("qpr", LAST.shift(-1), "Ann")
    Archive(store).prepare("qpr", LAST, "Ann")
    page = opened(ROOT / "pages/manage/log.py")
    assert "Withdraw edition 2" in [one.label for one in page.button]
    assert "Edition 1" in shown(page).text
    Archive(store).withdraw(2, "Bo")
    page = opened(ROOT / "pages/manage/log.py")
    assert "Withdrawal of edition 2" in shown(page).text
    assert "Bring edition 2 back" in [one.label for one in page.button]


def test_a_draft_says_on_every_page_that_it_is_one(council: Council) -> None:
    edition = Archive(council(ANOTHER)).prepare("qpr", LAST, "Ann")
    for page in (APP, ROOT / "pages/performance/dashboard.py", PUBLISH):
        assert "DRAFT of edition 1, prepared on" in shown(opened(page, edition=str(edition.number))).text  # fmt: skip


def test_a_damaged_edition_is_told_and_no_page_breaks(council: Council) -> None:
    store = council()
    edition = Archive(store).prepare("qpr", LAST, "Ann")
    (store.journal.folder_of(edition.id) / "edition.zip").write_bytes(b"gone")
    page = opened(APP, edition=str(edition.number))
    assert not page.exception
    assert "are not those that were frozen" in page.code[0].value


# What has changed since


def test_nothing_published_says_what_to_do(council: Council) -> None:
    council()
    page = shown(opened(SINCE))
    assert "Nothing has been published yet" in page.text
    assert any(link.startswith("publish?") for link in page.links)


def test_changes_are_counted_and_listed(council: Council) -> None:
    store = council()
    Archive(store).prepare("qpr", LAST, "Ann")
    assert "Nothing has changed since" in shown(opened(SINCE)).text
    change(store, "79")
    page = shown(opened(SINCE))
    assert page.counts["ratings would differ"] == 1
    assert page.counts["figures"] == 1
    assert page.indicators == ["CALLS", "CALLS", "CALLS"]
    assert "92%" in page.text
    assert "79%" in page.text


def test_a_document_of_kent_is_compared_too(
    monkeypatch: pytest.MonkeyPatch, kent_store: Store
) -> None:
    page = shown(opened(SINCE, of="001"))
    assert page.indicators == ["AS-DOLS"]
    assert "2,679" in page.text
    assert "2,672" in page.text
    assert "must have something else" not in page.text
    page = shown(opened(SINCE, of="nonsense"))
    assert "Nothing was published as “nonsense”" in page.text


# What changed since an edition


def test_what_changed_is_told_against_the_edition_of_the_period_before(council: Council) -> None:
    store = council()
    before = LAST.shift(-1)
    Archive(store).prepare("qpr", before, "Ann")
    rows = [figure("CALLS", str(before), "79")]
    store.commit({"observations.csv": csv_bytes("observations", rows)}, "Bo", "late")
    text = shown(opened(ROOT / "pages/performance/changes.py", period=QUARTERS[-1])).text
    assert "against Q3 2024/25 as published" in text
    assert "For Q3 2024/25 it is now 79%; the report showed 90%." in " ".join(text.split())
