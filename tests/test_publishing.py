"""`kpi publish`, `kpi editions` and `kpi restatements`, and the setting that asks for two persons."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import docx
import openpyxl
import pytest

from kpi_core import report
from kpi_core.archive import Archive
from kpi_core.errors import SettingsError
from kpi_core.organisation import Organisation
from kpi_core.store import Store
from tests.conftest import RunKpi, Said
from tests.councils import QUARTERS, csv_bytes, figure
from tests.papers import Pdf

HERE = ("--organisation", "testshire")
LAST = ("--period", QUARTERS[-1])
PAPER = ("report", "cover-paper", *HERE)
RESTATEMENTS = "edition,report,period,indicator,name,what,of,published,latest,rating_published,rating_latest"  # fmt: skip


def rows_of(said: Said) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(said.out)))


def load(run_kpi: RunKpi, folder: Path, value: str) -> None:
    file = folder / "late.csv"
    file.write_bytes(csv_bytes("observations", [figure("CALLS", QUARTERS[-1], value)]))
    assert run_kpi("load", file, *HERE).code == 0


def test_a_dry_run_says_what_is_open_and_freezes_nothing(store: Store, run_kpi: RunKpi) -> None:
    said = run_kpi("publish", "--organisation", "testshire", "--dry-run")
    assert said.code == 0
    assert said.out == "Q4 2024/25 of qpr was not frozen (--dry-run).\n"
    assert [one.kind for one in store.log()] == ["folder"]


def test_publishing_prints_the_edition_and_its_hash(store: Store, run_kpi: RunKpi) -> None:
    said = run_kpi("publish", *HERE, *LAST, "--by", "Ann", "--note", "for Cabinet")
    (edition,) = Archive(store).editions()
    assert said.code == 0
    assert said.out.splitlines() == [
        (
            "Edition 1 of qpr, 2024/25 Q4: published. To withdraw it: "
            "kpi publish --withdraw 1 --organisation testshire --by NAME"
        ),
        "edition 1",
        f"hash {edition.hash}",
    ]
    (row,) = rows_of(run_kpi("editions", *HERE, "--format", "csv"))
    assert (row["edition"], row["standing"]) == ("1", "published")
    assert (row["prepared_by"], row["note"], row["hash"]) == ("Ann", "for Cabinet", edition.hash)


def test_what_is_open_is_told_and_stops_nobody(
    store: Store, run_kpi: RunKpi, tmp_path: Path
) -> None:
    load(run_kpi, tmp_path, "12")
    said = run_kpi("publish", *HERE, *LAST, "--by", "Ann")
    assert said.code == 0
    assert said.err.splitlines() == [
        "Open: One Red has no management action.",
        "  Calls answered",
    ]
    assert len(Archive(store).editions()) == 1


def test_a_draft_is_confirmed_by_its_number(store: Store, run_kpi: RunKpi) -> None:
    settings = store.folder / "organisation.toml"
    settings.write_text(f"{settings.read_text()}\n[publishing]\nconfirmed_by_another = true\n")
    said = run_kpi("publish", *HERE, *LAST, "--by", "Ann")
    assert "a DRAFT. Another person" in said.out
    assert "kpi publish --confirm 1 --organisation testshire --by NAME" in said.out
    refused = run_kpi("publish", *HERE, "--confirm", 1, "--by", "ann")
    assert (refused.code, refused.out) == (1, "")
    assert "another person must confirm it" in refused.err
    assert "published" in run_kpi("publish", *HERE, "--confirm", 1, "--by", "Bo").out
    (row,) = rows_of(run_kpi("editions", *HERE, "--format", "csv"))
    assert (row["standing"], row["confirmed_by"]) == ("published", "Bo")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (("--period", "2030/31 Q1"), "has no framework for 2030/31"),
        (("--period", "2024/25"), "shows nothing for 2024/25"),
        (("--confirm", "9"), 'There is no edition "9"'),
        (("--withdraw", "9"), 'There is no edition "9"'),
    ],
)
def test_a_mistake_is_one_plain_message(
    store: Store, run_kpi: RunKpi, asked: tuple[str, str], told: str
) -> None:
    said = run_kpi("publish", *HERE, *asked, "--by", "Ann")
    assert (said.code, said.out) == (1, "")
    assert told in said.err
    assert Archive(store).editions() == []


def test_restatements_say_what_changed_and_which_ratings_differ(
    store: Store, run_kpi: RunKpi, tmp_path: Path
) -> None:
    run_kpi("publish", *HERE, *LAST, "--by", "Ann")
    said = run_kpi("restatements", *HERE, "--format", "csv")
    assert (said.out.splitlines(), said.err) == ([RESTATEMENTS], "Changed since: 0, of these ratings: 0\n")  # fmt: skip
    load(run_kpi, tmp_path, "79")
    said = run_kpi("restatements", *HERE, "--format", "csv")
    assert said.err == "Changed since: 3, of these ratings: 1\n"
    rating, direction, value = rows_of(said)
    assert (direction["published"], direction["latest"]) == ("improving", "stable")
    assert (rating["what"], rating["published"], rating["latest"]) == ("rating", "GREEN", "RED")
    assert (value["what"], value["of"], value["published"], value["latest"]) == ("value", QUARTERS[-1], "92", "79")  # fmt: skip
    assert {row["edition"] for row in (rating, value)} == {"1"}
    assert {(row["rating_published"], row["rating_latest"]) for row in (rating, value)} == {("GREEN", "RED")}  # fmt: skip
    run_kpi("publish", *HERE, *LAST, "--by", "Ann")
    assert rows_of(run_kpi("restatements", *HERE, "--format", "csv")) == []
    assert len(rows_of(run_kpi("restatements", *HERE, "--edition", 1, "--format", "csv"))) == 3
    period = ("--period", QUARTERS[0])
    assert rows_of(run_kpi("restatements", *HERE, "--edition", 1, *period, "--format", "csv")) == []


def test_kent_tells_what_its_documents_print_otherwise(run_kpi: RunKpi) -> None:
    rows = rows_of(run_kpi("restatements", "--format", "csv"))
    found = [(row["edition"], row["indicator"], row["what"], row["published"], row["latest"]) for row in rows]  # fmt: skip
    assert found == [
        ("001", "AS-DOLS", "value", "2679", "2672"),
        ("003", "ES-FTE", "target", "290", "270"),
    ]
    assert rows_of(run_kpi("restatements", "--edition", "003", "--format", "csv")) == rows[1:]
    said = run_kpi("restatements", "--edition", "005")
    assert (said.code, said.out) == (1, "")
    assert 'There is no edition or document "005"' in said.err


@pytest.mark.parametrize(
    ("settings", "expected"),
    [("", False), ("[publishing]", False), ("[publishing]\nconfirmed_by_another = true", True)],
)
def test_the_setting(settings: str, *, expected: bool) -> None:
    assert Organisation.from_toml("x", settings).confirmed_by_another is expected


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ('[publishing]\nconfirmed_by_another = "yes"', "Enter true or false"),
        ("[publishing]\nconfirm_by_another = true", 'Did you mean "confirmed_by_another"'),
        ("publishing = true", "is a table in which confirmed_by_another"),
    ],
)
def test_a_setting_that_cannot_be_followed_is_told(settings: str, told: str) -> None:
    with pytest.raises(SettingsError, match=told):
        Organisation.from_toml("x", settings)


@pytest.mark.parametrize(
    "asked",
    [
        ("--period", QUARTERS[0]),
        ("--period", QUARTERS[-1], "--report", "other"),
        ("--year", "2023/24"),
    ],
)
def test_a_paper_of_an_edition_with_another_period_or_report_is_refused(
    store: Store, run_kpi: RunKpi, tmp_path: Path, asked: tuple[str, ...]
) -> None:
    Archive(store).prepare("qpr", store.organisation.period(QUARTERS[-1]), "Ann")
    paper = tmp_path / "cover.html"
    said = run_kpi("report", "cover-paper", *HERE, "--edition", 1, *asked, "-o", paper)
    assert (said.code, paper.exists()) == (1, False)
    assert "Edition 1 is of qpr, " in said.err
    assert "Leave out the period and the report, or publish it first (kpi publish)." in said.err


def test_the_refusal_names_the_editions_of_the_period_asked_for(
    store: Store, run_kpi: RunKpi, tmp_path: Path
) -> None:
    for period in (QUARTERS[-1], QUARTERS[-2], QUARTERS[-1]):
        run_kpi("publish", *HERE, "--period", period, "--by", "Ann")
    said = run_kpi(*PAPER, "--edition", 2, *LAST, "-o", tmp_path / "cover.html")
    assert (said.code, said.out) == (1, "")
    assert "Edition 2 is of qpr, Q3 2024/25, not of Q4 2024/25." in said.err
    assert "or take edition 1 or 3." in said.err


def test_the_command_takes_the_number_that_papers_print(
    store: Store, run_kpi: RunKpi, tmp_path: Path
) -> None:
    """Editions 1 and 2 are entries 2 and 3 of the log; 3 alone is no edition's own number."""
    for period in (QUARTERS[-1], QUARTERS[-2]):
        run_kpi("publish", *HERE, "--period", period, "--by", "Ann")
    paper = tmp_path / "cover.html"
    for asked, made in ((1, 1), (2, 2), (3, 2)):
        assert run_kpi(*PAPER, "--edition", asked, "-o", paper).code == 0
        assert f"Made from edition {made}, published on" in paper.read_text(encoding="utf-8")


def test_a_framework_is_made_of_any_edition_of_its_year(
    store: Store, run_kpi: RunKpi, tmp_path: Path
) -> None:
    run_kpi("publish", *HERE, *LAST, "--by", "Ann")
    paper = tmp_path / "framework.html"
    asked = ("report", "framework", *HERE, "--edition", 1, "-o", paper)
    assert run_kpi(*asked, "--year", QUARTERS[-1][:7]).code == 0
    assert "Made from edition 1, published on" in paper.read_text(encoding="utf-8")
    refused = run_kpi(*asked, "--year", "2021/22")
    assert refused.code == 1
    assert "not of 2021/22" in refused.err


def test_an_edition_is_withdrawn_by_its_number(store: Store, run_kpi: RunKpi) -> None:
    for period in (QUARTERS[-1], QUARTERS[-2]):
        run_kpi("publish", *HERE, "--period", period, "--by", "Ann")
    said = run_kpi("publish", *HERE, "--withdraw", 2, "--by", "Bo", "--note", "wrong figures")
    assert said.out.startswith(f"Edition 2 of qpr, {QUARTERS[-2]}: withdrawn.")
    rows = rows_of(run_kpi("editions", *HERE, "--format", "csv"))
    found = [(row["edition"], row["standing"]) for row in rows]
    assert found == [("1", "published"), ("2", "withdrawn")]
    assert store.log()[-1].note == "wrong figures"
    again = run_kpi("publish", *HERE, "--withdraw", 2, "--by", "Bo")
    assert (again.code, again.out) == (1, "")
    assert "Edition 2 is withdrawn already." in again.err


@pytest.mark.parametrize("end", ["pdf", "docx", "html", "xlsx"])
def test_a_paper_of_a_withdrawn_edition_says_so_on_every_page(store: Store, end: str) -> None:
    archive = Archive(store)
    edition = archive.prepare("qpr", store.organisation.period(QUARTERS[-1]), "Ann")
    store.undo(edition.id, "Bo")
    withdrawn = report.edition_of(archive.edition(edition.number))
    content = report.make(
        archive.figures(edition.number), "cover-paper", QUARTERS[-1], end, report="qpr", edition=withdrawn
    )  # fmt: skip
    said = "Withdrawn: this edition counts as published no longer"
    if end == "pdf":
        pages = Pdf(content).pages
        assert all("WITHDRAWN" in page for page in pages)
    elif end == "docx":
        held = docx.Document(io.BytesIO(content)).sections
        pages = ["".join(one.text for one in section.header.paragraphs) for section in held]
    elif end == "xlsx":
        book = openpyxl.load_workbook(io.BytesIO(content))
        pages = [str(sheet.oddHeader.left.text) for sheet in book]
    else:
        pages = [content.decode()]
    assert pages
    assert all(said in page for page in pages)
