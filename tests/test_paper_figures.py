"""Every figure of a Word document and of a workbook, read back and held against the edition that they
were made from: nothing missing, nothing else, and nothing of what was changed since.
"""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import docx
import openpyxl
import polars as pl
import pytest
from docx.table import Table
from docx.text.paragraph import Paragraph
from openpyxl.worksheet.worksheet import Worksheet

from kpi_core import (
    breakdowns,
    display,
    history,
    registry,
    report,
    scorecard,
    settings,
)
from kpi_core.archive import Archive
from kpi_core.cells import before, said
from kpi_core.figures import Figures
from kpi_core.periods import Period
from kpi_core.store import Store
from kpi_core.views.one_section import CARD_WINDOW
from tests.papers import assert_same, rows

#: A council, the period that is frozen, and the KPI whose figure is changed once it is.
COUNCILS = {"kent": ("2024/25 Q2", "CS07"), "exampleshire": ("2025/26 Q2", "CU03")}
LATER = Decimal(2)


@dataclass(frozen=True)
class Frozen:
    """The papers of a council's edition, with the figures that it holds and those of today."""

    figures: Figures
    latest: Figures
    at: Period
    changed: str
    edition: report.Edition

    @cached_property
    def workbook(self) -> bytes:
        return self._paper("xlsx")

    @cached_property
    def document(self) -> Any:
        return docx.Document(io.BytesIO(self._paper("docx")))

    def _paper(self, end: str) -> bytes:
        return report.make(self.figures, "qpr", str(self.at), end, edition=self.edition)

    def sheet(self, name: str) -> Worksheet:
        return openpyxl.load_workbook(io.BytesIO(self.workbook))[name]

    def kpis(self) -> pl.DataFrame:
        return scorecard.kpis(self.figures, "qpr", self.at)

    def activities(self) -> pl.DataFrame:
        return scorecard.activities(self.figures, "qpr", self.at)

    def tables(self) -> tuple[breakdowns.Breakdown, ...]:
        placed = registry.placed(self.figures, "qpr", self.at)
        return breakdowns.tables(self.figures, placed, self.at)

    def written(self, value: Any, unit: str, decimals: int) -> str:
        return display.figure(value, unit, decimals, self.figures.organisation.wording)


@pytest.fixture(scope="module", params=COUNCILS)
def frozen(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Frozen:
    period, changed = COUNCILS[request.param]
    store = Store(settings.data_folder() / request.param, tmp_path_factory.mktemp("frozen"))
    store.refresh()
    at = store.organisation.period(period)
    archive = Archive(store)
    number = archive.prepare("qpr", at, "Ann").number
    late = "indicator,period,basis,breakdown,item,value,status\n"
    late += f"{changed},{period},period,,,{LATER},actual\n"
    store.commit({"observations.csv": late.encode()}, "Bo", "late")
    edition = report.edition_of(archive.edition(number))
    return Frozen(archive.figures(number), store.figures(), at, changed, edition)


def test_what_was_changed_since_is_in_no_figure(frozen: Frozen) -> None:
    of_kpi = (pl.col("indicator") == frozen.changed) & (pl.col("basis") == "period")
    today = scorecard.kpis(frozen.latest, "qpr", frozen.at).filter(of_kpi)["value"].item()
    assert today == LATER
    assert frozen.kpis().filter(of_kpi)["value"].item() != LATER
    shown = [row for row in rows(frozen.sheet("KPIs")) if row["Code"] == frozen.changed]
    assert LATER not in [Decimal(str(row["Value"])) for row in shown]
    assert {row["Edition"] for row in shown} == {frozen.edition.name}
    assert all(row["Source"] for row in shown)


# The workbook


def test_the_workbook_has_each_kpi_and_activity_once(frozen: Frozen) -> None:
    for name, held, columns in (
        ("KPIs", frozen.kpis(), [
            "value", "target", "target_high", "floor", "floor_high", "rating", "previous_value",
            "previous_rating", "direction", "period",
        ]),
        ("Activity", frozen.activities(), [
            "value", "lower", "upper", "alert", "previous_value", "period",
        ]),
    ):  # fmt: skip
        shown = {(row["Code"], row["Basis"]): row for row in rows(frozen.sheet(name))}
        assert len(shown) == len(rows(frozen.sheet(name))) == held.height > 30
        for row in held.with_columns(pl.col("basis").cast(pl.String)).to_dicts():
            own = shown[row["indicator"], row["basis"]]
            for column in columns:
                assert_same(own[column.replace("_", " ").capitalize()], row[column])


def test_the_workbook_has_each_point_of_each_chart_once(frozen: Frozen) -> None:
    placed = registry.placed(frozen.figures, "qpr", frozen.at)
    charted = placed.filter(pl.col("kind").cast(pl.String) != "table")
    places = history.places(frozen.figures, "qpr", charted, frozen.at, CARD_WINDOW)
    held = {(row["indicator"], row["period"]): row for row in places.to_dicts()}
    shown = rows(frozen.sheet("Charts"))
    assert len(shown) == len(held) > 80
    for row in shown:
        own = held.pop((row["Code"], row["Period"]))
        for column, name in (
            ("Value", "shown"), ("Target", "target"), ("Floor", "floor"), ("Rating", "rating"),
            ("Lower", "lower"), ("Upper", "upper"),
        ):  # fmt: skip
            assert_same(row[column], own[name])
    assert not held


def test_the_workbook_has_each_cell_of_each_table_once(frozen: Frozen) -> None:
    held = {
        (table.indicator, table.breakdown, row["item"] or "Whole", *of): row[name]
        for table in frozen.tables()
        for row in table.rows.to_dicts()
        for name, of in zip(table.periods, table.of, strict=True)
        if row[name] is not None
    }
    shown = rows(frozen.sheet("Tables"))
    assert len(shown) == len(held) > 100
    for row in shown:
        of = (row["Code"], row["Breakdown"], row["Item"], row["Period"], row["Basis"])
        assert_same(row["Value"], held.pop(of))
    assert not held


# The Word document


def test_the_word_document_has_each_kpi_once(frozen: Frozen) -> None:
    cards = {name: (texts, held[0]) for name, texts, held in blocks(frozen.document, 3) if held}
    kpis = frozen.kpis().filter(pl.col("basis") == "period")
    assert len(cards) == kpis.height > 30
    wording = frozen.figures.organisation.wording
    for row in kpis.to_dicts():
        texts, table = cards[row["name"]]
        header, figures = ([cell.text for cell in one.cells] for one in table.rows)
        shown = dict(zip(header, figures, strict=True))
        previous = before(row, frozen.at)
        for name, value in (("Current", row["value"]), (previous, row["previous_value"])):
            written = frozen.written(value, row["unit"], row["decimals"])
            assert shown[name].startswith(written), (row["name"], name)
        assert wording.label(row["rating"]) in shown["Rating"]
        assert wording.label(row["previous_rating"]) in shown["Previous rating"]
        assert said(row, frozen.at, wording) in texts


def test_the_word_document_has_each_activity_indicator_once(frozen: Frozen) -> None:
    cards = {name: texts for name, texts, held in blocks(frozen.document, 3) if not held}
    known = frozen.activities().filter(pl.col("value").is_not_null())
    assert known.height > 20
    for row in known.to_dicts():
        written = frozen.written(row["value"], row["unit"], row["decimals"])
        assert any(text.startswith(written) for text in cards[row["name"]]), row["name"]


def test_the_word_document_has_each_table_once(frozen: Frozen) -> None:
    shown = [
        [[cell.text for cell in row.cells] for row in table.rows]
        for name, _, held in blocks(frozen.document, 2)
        if name == "Tables"
        for table in held
    ]
    held = [
        [
            [table.breakdown[0].upper() + table.breakdown[1:], *table.periods],
            *(
                [
                    row["item"] or "Whole",
                    *(
                        frozen.written(row[name], table.unit, table.decimals)
                        for name in table.periods
                    ),
                ]
                for row in table.rows.to_dicts()
            ),
        ]
        for table in frozen.tables()
    ]
    assert shown == held
    assert len(held) > 10


# Both, as an office suite reads them


def test_libreoffice_reads_the_same_workbook(frozen: Frozen, tmp_path: Path) -> None:
    """Every cell of every sheet; where LibreOffice is not installed, the count of cells alone."""
    book = openpyxl.load_workbook(io.BytesIO(frozen.workbook))
    held = {
        sheet.title: [[plain(cell.value) for cell in row] for row in sheet.iter_rows()]
        for sheet in book
    }
    assert sum(len(row) for sheet in held.values() for row in sheet) > 5_000
    office = shutil.which("soffice")
    if office is None:
        return
    (tmp_path / "paper.xlsx").write_bytes(frozen.workbook)
    # Token 12 asks for every sheet, each as a file of its own.
    every = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"
    command = [office, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless"]
    command += ["--convert-to", every, "--outdir", str(tmp_path), str(tmp_path / "paper.xlsx")]
    subprocess.run(command, check=True, capture_output=True)
    for name, sheet in held.items():
        with (tmp_path / f"paper-{name}.csv").open(encoding="utf-8", newline="") as file:
            read = [[plain(cell) for cell in row] for row in csv.reader(file)]
        width = max(map(len, sheet))
        assert read == [row[:width] for row in sheet], name


def blocks(document: Any, level: int) -> Iterator[tuple[str, list[str], list[Table]]]:
    """What stands below each heading of that level until the next of any: its texts and tables."""
    name = ""
    texts: list[str] = []
    tables: list[Table] = []
    for part in document.iter_inner_content():
        if isinstance(part, Paragraph) and str(part.style and part.style.name).startswith(
            "Heading"
        ):
            if name:
                yield name, texts, tables
            own = str(part.style and part.style.name) == f"Heading {level}"
            name, texts, tables = part.text if own else "", [], []
        elif isinstance(part, Paragraph):
            texts.append(part.text)
        else:
            tables.append(part)
    if name:
        yield name, texts, tables


def plain(value: Any) -> str:
    """A cell as text, a number by its value alone."""
    try:
        return str(Decimal(str(value)).normalize())
    except ArithmeticError:
        return "" if value is None else str(value)
