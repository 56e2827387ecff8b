"""An analyst at the upload page, in a browser: files in, what they say and change, saved, undone."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import polars as pl
import pytest
from playwright.sync_api import FilePayload, expect

from kpi_core import schemas
from kpi_core.figures import Figures
from kpi_core.store import Store
from tests.browser.conftest import SIZES, Scheme, Visit, Visitor
from tests.browser.serving import serving
from tests.browser.test_browser import SCHEMES, looks_right, violations
from tests.conftest import ROOT
from tests.wide import document

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

#: A tidy file with two slips: a figure that is none, and an indicator that is not defined.
WRONG = (
    b"indicator,period,basis,breakdown,item,value,numerator,denominator,status,note,source\n"
    b"CS04,2024/25 Q3,period,,,about ninety,,,actual,,return\n"
    b"CS99,2024/25 Q3,period,,,90,,,actual,,return\n"
)
#: A correction that turns a KPI of the quarter Red.
RIGHT = (
    b"indicator,period,basis,breakdown,item,value,numerator,denominator,status,note,source\n"
    b"CS04,2024/25 Q2,period,,,79%,,,actual,,corrected return\n"
)


def as_csv(table: str, rows: pl.DataFrame) -> bytes:
    """Rows as a file of the organisation's folder."""
    plain = rows.select(list(schemas.columns(table))).with_columns(pl.col(pl.Enum).cast(pl.String))
    return plain.write_csv().encode()


def payload(name: str, content: bytes, kind: str = "text/csv") -> FilePayload:
    return {"name": name, "mimeType": kind, "buffer": content}


@pytest.fixture(scope="module")
def tidy(kent: Figures) -> dict[str, pl.DataFrame]:
    """The rows of document 004 as tidy files have them."""
    return document.printed(kent)


@pytest.fixture(scope="module")
def earlier(
    kent: Figures, tidy: Mapping[str, pl.DataFrame], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A folder with Kent as it was before document 004."""
    base = tmp_path_factory.mktemp("earlier")
    shutil.copytree(ROOT / "data" / "kent", base / "data" / "kent")
    before = document.before(kent, dict(tidy))
    for table in document.TABLES:
        (base / "data" / "kent" / f"{table}.csv").write_bytes(as_csv(table, getattr(before, table)))
    return base


@pytest.fixture(scope="module")
def address(earlier: Path) -> Iterator[str]:
    """A dashboard of its own, that these tests may change."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KPI_DATA", str(earlier / "data"))
        with serving(earlier / "var") as served:
            yield served


def drop(visitor: Visitor, *files: FilePayload) -> None:
    """Drop files at the place for them, and wait until they are read."""
    page = visitor.page
    page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(list(files))
    for file in files:
        expect(page.locator(".kpi h2").get_by_text(file["name"], exact=True)).to_be_visible()
    visitor.settle()


def fill(visitor: Visitor, label: str, text: str) -> None:
    field = visitor.page.get_by_label(label, exact=True)
    field.fill(text)
    field.press("Tab")
    visitor.settle()


def save(visitor: Visitor, by: str, note: str) -> None:
    fill(visitor, "Your name", by)
    fill(visitor, "Why", note)
    looked = visitor.page.get_by_text("I have looked at each error above")
    if looked.count():
        looked.click()
        visitor.settle()
    visitor.page.get_by_role("button", name="Save these figures").click()
    expect(visitor.page.locator(".done")).to_contain_text("Saved as upload")
    visitor.settle()


@pytest.fixture(scope="module")
def expected(earlier: Path, tidy: Mapping[str, pl.DataFrame]) -> dict[str, object]:
    """What every read says once the tidy files were loaded."""
    store = Store(earlier / "data" / "kent", earlier / "tidy" / "kent")
    store.refresh()
    files = {f"{table}.csv": as_csv(table, rows) for table, rows in tidy.items()}
    store.commit(files, "Ann", "The same, tidy")
    return document.reads(store.figures())


@pytest.mark.parametrize("saved", ["dashboard.csv", "dashboard.xlsx"])
def test_document_004_loads_as_it_is_and_answers_every_read_as_the_tidy_files(
    saved: str, address: str, earlier: Path, expected: dict[str, object], visit: Visit
) -> None:
    store = Store(earlier / "data" / "kent", earlier / "var" / "kent")
    is_workbook = saved.endswith("xlsx")
    content = document.workbook() if is_workbook else document.CSV.read_bytes()
    visitor = visit(server=address)
    visitor.go("upload", organisation="kent")
    drop(visitor, payload(saved, content, XLSX if is_workbook else "text/csv"))
    expect(visitor.page.locator(".kpi .lead").nth(1)).to_have_text(
        "307 rows of observations, 27 rows of targets, 11 rows of thresholds."
    )
    before = dict(store.figures().tables())
    save(visitor, "Ann Analyst", "The dashboard to March")
    after = document.reads(store.figures())
    assert after.keys() == expected.keys()
    assert [what for what in expected if after[what] != expected[what]] == []

    kept = store.log()[-1]
    assert (kept.by, kept.note, kept.files) == ("Ann Analyst", "The dashboard to March", (saved,))
    assert store.received(kept.id, saved) == content

    # The dashboard shows it at once, and the way back is one click.
    visitor.page.get_by_role("button", name="Undo this upload").click()
    expect(visitor.page.locator(".done")).to_have_count(0)
    visitor.settle()
    again = dict(store.figures().tables())
    assert all(again[table].equals(rows) for table, rows in before.items())


def test_problems_have_their_address_and_nothing_is_saved(
    address: str, earlier: Path, visit: Visit
) -> None:
    store = Store(earlier / "data" / "kent", earlier / "var" / "kent")
    visitor = visit(server=address)
    visitor.go("upload", organisation="kent")
    entries = len(store.log())
    drop(visitor, payload("returns.csv", WRONG))
    page = visitor.page
    found = page.locator("ul.findings li")
    expect(found).to_have_count(2)
    expect(found.first).to_contain_text("row 2")
    expect(found.first).to_contain_text("about ninety")
    expect(found.nth(1)).to_contain_text("Did you mean")
    expect(page.get_by_role("button", name="Save these figures")).to_have_count(0)
    with page.expect_download() as download:
        page.get_by_role("button", name=re.compile("with its problems")).click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert text.splitlines()[0].endswith(",problems")
    assert "about ninety" in text.splitlines()[1]
    assert len(store.log()) == entries
    looks_right(visitor)


def test_a_rehearsal_names_the_rating_that_changes_before_it_does(
    address: str, earlier: Path, visit: Visit
) -> None:
    store = Store(earlier / "data" / "kent", earlier / "var" / "kent")
    visitor = visit(server=address)
    page = visitor.page
    visitor.go("", organisation="kent", period="2024/25 Q2")
    expect(page.locator('[data-count="red"] .n').first).to_have_text("8")
    visitor.go("upload", organisation="kent")
    drop(visitor, payload("correction.csv", RIGHT))
    expect(page.locator("ul.told li").first).to_contain_text("Amber")
    expect(page.locator("ul.told li").first).to_contain_text("Red")
    expect(page.get_by_text("Red 8 → 9").first).to_be_visible()
    expect(page.locator(".kpi")).not_to_contain_text(["Saved as upload"])

    # Without a name nothing is saved, and it says so.
    page.get_by_role("button", name="Save these figures").click()
    expect(page.get_by_text("Nothing was saved")).to_be_visible()
    entries = len(store.log())
    save(visitor, "Ann Analyst", "Corrected return")
    assert len(store.log()) == entries + 1
    visitor.follow("Executive summary", "Executive summary")
    visitor.go("", organisation="kent", period="2024/25 Q2")
    expect(page.locator('[data-count="red"] .n').first).to_have_text("9")

    # The log has it, and takes it back.
    visitor.go("log", organisation="kent")
    expect(page.locator("tr[data-upload]").first).to_contain_text("correction.csv")
    fill(visitor, "Your name", "Bo Auditor")
    fill(visitor, "Why", "Wrong quarter")
    page.get_by_role("button", name=re.compile("^Undo upload")).click()
    expect(page.locator("tr[data-upload]").first).to_contain_text("Undo of")
    visitor.settle()
    visitor.go("", organisation="kent", period="2024/25 Q2")
    expect(page.locator('[data-count="red"] .n').first).to_have_text("8")


@pytest.mark.parametrize("width", SIZES)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_upload_and_log_fit_and_axe_finds_nothing(
    scheme: Scheme, width: int, address: str, visit: Visit
) -> None:
    visitor = visit(width, scheme, server=address)
    visitor.go("upload", organisation="kent")
    looks_right(visitor)
    assert violations(visitor.page) == []
    drop(visitor, payload("correction.csv", RIGHT), payload("returns.csv", WRONG))
    looks_right(visitor)
    assert violations(visitor.page) == []
    visitor.go("log", organisation="kent")
    looks_right(visitor)
    assert violations(visitor.page) == []
