"""What management does about a Red stands in the papers, and where nothing is held they say so."""

from __future__ import annotations

import io

import docx
import openpyxl
import polars as pl
import pytest

from kpi_core import commentary, report, scorecard, settings
from kpi_core.figures import Figures
from kpi_core.report.actions import NOT_RECORDED
from kpi_core.report.tree import Card, Paper, Table
from kpi_core.words import FigureBasis, Rating
from tests.papers import Pdf, rows, squeezed

TITLE = "Red KPIs and what is being done"


@pytest.fixture(scope="module")
def exampleshire() -> Figures:
    store = settings.open_store("exampleshire")
    store.refresh()
    return store.figures()


@pytest.fixture(params=["qpr", "cover-paper"])
def paper(exampleshire: Figures, request: pytest.FixtureRequest) -> Paper:
    asked = report.asked(exampleshire, request.param, "qpr", "")
    return report.build(exampleshire, request.param, *asked)


def _reds(figures: Figures) -> pl.DataFrame:
    _, at = report.asked(figures, "qpr", "qpr", "")
    card = scorecard.kpis(figures, "qpr", at).filter(
        (pl.col("basis") == FigureBasis.PERIOD) & (pl.col("rating") == Rating.RED)
    )
    held = commentary.actions(figures, at).select("indicator", action="text")
    return card.select("indicator", "name").join(held, on="indicator", how="left")


def _table(paper: Paper) -> Table:
    [found] = [one for one in paper.blocks if isinstance(one, Table) and one.caption == TITLE]
    return found


def test_every_red_and_every_action_on_it_stands_in_one_table(
    paper: Paper, exampleshire: Figures
) -> None:
    reds = _reds(exampleshire)
    assert reds["action"].drop_nulls().len() > 0
    told = {str(row[0]): str(row[-1]) for row in _table(paper).rows}
    assert set(told) == set(reds["name"])
    for _, name, action in reds.iter_rows():
        assert (action or NOT_RECORDED) in told[name]


def test_the_workbook_has_a_row_for_every_action(paper: Paper, exampleshire: Figures) -> None:
    book = openpyxl.load_workbook(io.BytesIO(report.write(paper, "xlsx")))
    found = {(row["Code"], row["Action"]) for row in rows(book["Actions"])}
    reds = _reds(exampleshire).with_columns(pl.col("action").fill_null(NOT_RECORDED))
    assert found == set(reds.select("indicator", "action").iter_rows())


def test_an_action_stands_under_its_kpi(exampleshire: Figures) -> None:
    built = report.build(exampleshire, "qpr", *report.asked(exampleshire, "qpr", "qpr", ""))
    cards = {one.name: one for one in built.blocks if isinstance(one, Card)}
    for _, name, action in _reds(exampleshire).iter_rows():
        assert any((action or NOT_RECORDED) in text for text in cards[name].commentary), name


def test_every_kind_of_file_has_the_actions(exampleshire: Figures) -> None:
    asked = report.asked(exampleshire, "cover-paper", "qpr", "")
    cover = report.build(exampleshire, "cover-paper", *asked)
    word = docx.Document(io.BytesIO(report.write(cover, "docx")))
    files = {
        "pdf": Pdf(report.write(cover, "pdf")).text,
        "docx": " ".join(cell.text for table in word.tables for row in table.rows for cell in row.cells),
        "html": report.write(cover, "html").decode(),
    }  # fmt: skip
    [action, *_] = _reds(exampleshire)["action"].drop_nulls()
    for kind, text in files.items():
        assert squeezed(TITLE) in squeezed(text) or kind == "docx"
        assert squeezed(action)[:60] in squeezed(text), kind


def test_where_no_action_is_held_the_paper_says_so(kent: Figures) -> None:
    cover = report.build(kent, "cover-paper", *report.asked(kent, "cover-paper", "qpr", ""))
    told = [row[-1] for row in _table(cover).rows]
    assert told
    assert set(told) == {NOT_RECORDED}
