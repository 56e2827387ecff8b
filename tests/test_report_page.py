"""The page of papers: chosen, made, looked at; from the latest figures or from an edition."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpi_core.archive import Archive
from kpi_core.report import Format, Kind
from kpi_core.store import Store
from tests.conftest import ROOT
from tests.councils import QUARTERS
from tests.test_publish_pages import ANOTHER, LAST, Council, council, opened, pressed, shown

__all__ = ["council"]  # a fixture

REPORT = ROOT / "pages/publish/report.py"
MAKE = "Make this paper"


def made(store: Store, **asked: str) -> tuple[str, bytes]:
    """What the page says of the paper that it made, and the file that it hands out."""
    page = pressed(opened(REPORT, organisation=store.folder.name, **asked), MAKE)
    text = shown(page).text
    _, kept = page.session_state["paper-made"]
    assert f"Download {kept.name}" in [one.proto.label for one in page.get("download_button")]
    return text, kept.content


@pytest.mark.parametrize("paper", list(Kind))
def test_every_paper_can_be_made(paper: Kind, council: Council) -> None:
    text, content = made(council(), paper=paper, format=Format.PDF)
    assert "Made from the latest figures, not from an edition." in text
    assert content.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("ending", "start"), [(Format.DOCX, b"PK"), (Format.XLSX, b"PK"), (Format.HTML, b"<!")]
)
def test_every_kind_of_file_can_be_made(ending: Format, start: bytes, council: Council) -> None:
    _, content = made(council(), paper=Kind.COVER_PAPER, format=ending)
    assert content.lstrip().startswith(start)


def test_before_it_is_made_the_page_says_what_the_paper_is(council: Council) -> None:
    store = council()
    page = opened(REPORT, organisation=store.folder.name, paper="framework")
    assert "last year's actuals" in shown(page).text
    assert "freeze the period as an edition" in shown(page).text
    assert not page.get("download_button")


def test_another_choice_hands_out_no_paper_of_before(council: Council) -> None:
    store = council()
    page = pressed(opened(REPORT, organisation=store.folder.name, paper="cover-paper"), MAKE)
    assert page.get("download_button")
    page.selectbox(key="paper-chosen").set_value("framework").run()
    assert not page.get("download_button")


def test_a_paper_of_an_edition_names_it_and_is_the_same_each_time(council: Council) -> None:
    store = council()
    edition = Archive(store).prepare("qpr", LAST, "Ann")
    asked = {"period": QUARTERS[-1], "edition": str(edition.number), "paper": "cover-paper"}
    text, content = made(store, **asked)
    assert "Made from edition 1, published on" in text
    assert edition.hash[:12] in text
    assert made(store, **asked)[1] == content


def test_a_paper_of_a_draft_says_that_it_is_one(council: Council) -> None:
    store = council(ANOTHER)
    edition = Archive(store).prepare("qpr", LAST, "Ann")
    text, _ = made(store, period=QUARTERS[-1], edition=str(edition.number), paper="cover-paper")
    assert "a draft prepared on" in text


def test_an_unknown_paper_in_the_address_is_told(council: Council) -> None:
    page = opened(REPORT, organisation=council().folder.name, paper="leaflet")
    assert "There is no paper “leaflet”" in shown(page).text


def test_the_command_makes_the_paper_of_an_edition(
    council: Council, tmp_path: Path, run_kpi: object
) -> None:
    store = council()
    edition = Archive(store).prepare("qpr", LAST, "Ann")
    paper = tmp_path / "cover.html"
    said = run_kpi(  # type: ignore[operator]
        "report", "cover-paper", "--organisation", store.folder.name, "--edition", edition.number, "-o", paper,
    )  # fmt: skip
    assert said.code == 0, said.err
    assert edition.hash[:12] in paper.read_text(encoding="utf-8")
