"""Papers as files: tagged PDF, Word, workbook and web page, all of the same figures."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from dataclasses import fields, replace
from pathlib import Path

import docx
import openpyxl
import polars as pl
import pytest
import typst
from hypothesis import HealthCheck, given, settings
from polars.testing import assert_frame_equal

from kpi_core import report, views
from kpi_core import settings as places
from kpi_core.errors import UserError
from kpi_core.figures import Figures
from kpi_core.periods import Period
from kpi_core.report import pdf, tree
from kpi_core.report.tree import Heading, MissingAlternative, Paper, Picture
from kpi_core.store import Store
from tests.conftest import RunKpi
from tests.councils import write_council
from tests.papers import (
    DRAFT,
    PUBLISHED,
    Pdf,
    opened_by_libreoffice,
    rows,
    squeezed,
)
from tests.random_council import HOSTILE, Council, councils

Q2, Q4 = Period.parse("2024/25 Q2"), Period.parse("2024/25 Q4")
ASKED = {
    "qpr": "2024/25 Q2", "cover-paper": "2024/25 Q2", "dashboard": "2025-03",
    "framework": "2024/25",
}  # fmt: skip
OFFICE = ("docx", "xlsx")


@pytest.fixture(scope="session")
def exampleshire(temporary_store: Path) -> Figures:
    store = places.open_store("exampleshire")
    store.refresh()
    return store.figures()


@pytest.fixture(scope="session")
def qpr(kent: Figures) -> Paper:
    """Kent's report of Q2 2024/25, as a draft."""
    return report.build(kent, "qpr", "qpr", Q2, edition=DRAFT)


@pytest.fixture(scope="session")
def qpr_pdf(qpr: Paper) -> Pdf:
    return Pdf(report.write(qpr, "pdf"))


@pytest.fixture(scope="session")
def qpr_docx(qpr: Paper) -> bytes:
    return report.write(qpr, "docx")


@pytest.fixture(scope="session")
def qpr_xlsx(qpr: Paper) -> bytes:
    return report.write(qpr, "xlsx")


@pytest.fixture(scope="session")
def testshire(built_once: Path) -> Figures:
    """A small council: its papers are quick to write."""
    return Store(built_once / "data" / "testshire", built_once / "var" / "testshire").figures()


def built(figures: Figures, kind: str) -> Paper:
    at = report.asked(figures, kind, "", ASKED[kind])
    return report.build(figures, kind, *at, edition=PUBLISHED)


# PDF


def test_the_pdf_declares_pdf_ua_and_has_title_language_and_tags(qpr_pdf: Pdf) -> None:
    assert "<pdfuaid:part>1</pdfuaid:part>" in qpr_pdf.metadata
    assert qpr_pdf.title == "Quarterly Performance Report, Quarter 2, 2024/25"
    assert qpr_pdf.root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert qpr_pdf.root["/Lang"] == "en-GB"
    assert qpr_pdf.root["/MarkInfo"]["/Marked"]
    assert len(qpr_pdf.tagged("/Table")) == len(qpr_pdf.tagged("/THead"))
    assert "2025-01-02T09:30:00" in qpr_pdf.metadata


def test_the_bookmarks_of_the_pdf_are_its_headings(qpr: Paper, qpr_pdf: Pdf) -> None:
    parts = [block.text for block in qpr.blocks if isinstance(block, Heading)]
    marks = iter(qpr_pdf.bookmarks)
    assert all(part in marks for part in parts)
    assert parts[:2] == ["Key to ratings and charts", "Executive summary"]
    assert {"Customer Services", "Public Health", "Corporate risk register, November 2024"} <= set(
        parts
    )


def test_no_heading_is_the_last_line_of_its_page(
    qpr_pdf: Pdf, kent: Figures, exampleshire: Figures
) -> None:
    at = report.asked(exampleshire, "qpr", "", "2025/26 Q4")
    other = report.write(report.build(exampleshire, "qpr", *at), "pdf")
    dashboard = report.write(built(kent, "dashboard"), "pdf")
    for paper in (qpr_pdf, Pdf(other), Pdf(dashboard)):
        headings = paper.bookmarks
        assert len(headings) > 8
        assert [
            line for line in paper.last_lines if any(one.endswith(line) for one in headings)
        ] == []


def test_every_figure_of_the_pdf_has_its_text_alternative(qpr: Paper, qpr_pdf: Pdf) -> None:
    pictures = tree.pictures(qpr.blocks)
    assert len(pictures) > 40
    assert qpr_pdf.alternatives == [picture.alt for picture in pictures]
    assert (
        "% of complaints responded to within timescale. 3 figures, from 56% in Q4 2023/24 "
        "to 71% in Q2 2024/25 (Red). Lowest 56% in Q4 2023/24, highest 71% in Q2 2024/25 (Red). "
        "Target 85%, floor 80%."
    ) in qpr_pdf.alternatives


def test_a_picture_without_a_text_alternative_makes_no_paper(qpr: Paper) -> None:
    svg = tree.pictures(qpr.blocks)[0].svg
    with pytest.raises(MissingAlternative):
        Picture(svg, " ")
    plain = pdf.tree(replace(qpr, blocks=(Picture(svg, "A chart."),)))
    assert Pdf(pdf.compiled(plain, 0)).alternatives == ["A chart."]
    plain["blocks"][0]["alt"] = ""
    with pytest.raises(typst.TypstError, match="missing alt text"):
        pdf.compiled(plain, 0)


def test_a_draft_is_marked_on_every_page(qpr_pdf: Pdf) -> None:
    assert len(qpr_pdf.pages) > 20
    for page in qpr_pdf.pages:
        assert "DRAFT" in page
        assert "Draft: not yet published" in page
        assert "Made from edition 7, a draft prepared on 2 January 2025 by Ann Other" in page


def test_a_published_edition_is_named_and_is_no_draft(kent: Figures) -> None:
    text = Pdf(report.write(built(kent, "cover-paper"), "pdf")).text
    assert "Made from edition 8, published on 9 January 2025, content cdcdcdcdcdcd." in text
    assert "draft" not in text.lower()


def test_a_made_up_council_says_so_on_every_page(exampleshire: Figures) -> None:
    said = "Exampleshire County Council is a made-up council: these figures are not real"
    paper = report.build(
        exampleshire, "framework", *report.asked(exampleshire, "framework", "", "2025/26")
    )
    for page in Pdf(report.write(paper, "pdf")).pages:
        assert said in page
    book = openpyxl.load_workbook(io.BytesIO(report.write(paper, "xlsx")))
    for sheet in book:
        assert any(said in str(cell.value) for row in sheet["A1:A5"] for cell in row), sheet.title
        assert said in str(sheet.oddHeader.left.text)
    document = docx.Document(io.BytesIO(report.write(paper, "docx")))
    assert said in [line.text for line in document.sections[0].header.paragraphs]
    assert said in report.write(paper, "html").decode()


def test_the_report_has_its_parts_in_the_order_of_the_published_one(
    qpr: Paper, qpr_pdf: Pdf
) -> None:
    text = qpr_pdf.text
    order = [
        "Key to ratings and charts", "Floor standards are the minimum performance expected",
        "Contents", "16 met their target (Green, one fewer than the previous Quarter)",
        "Ratings and directions by section", "Latest rating Previous rating Direction",
        "Cabinet Member Dylan Jeffrey", "Corporate Director Amanda Beer",
        "71%, 14 points below target and 9 below the floor of 80%. Red, as last quarter.",
        "Activity indicators", "Number of phone calls to Contact Point (thousands) by service area",
        "Corporate risk register, November 2024",
        "November 2024: 0 low, 3 medium, 13 high (as printed).",
    ]  # fmt: skip
    place = 0
    for words in order:
        found = text.find(words, place)
        assert found >= 0, words
        place = found


# The same figures


def test_the_word_document_has_the_figures_of_the_report(
    kent: Figures, qpr: Paper, qpr_docx: bytes, qpr_pdf: Pdf
) -> None:
    document = docx.Document(io.BytesIO(qpr_docx))
    words = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    expected = [
        list(map(str, row))
        for block in qpr.blocks
        for table in ([block] if isinstance(block, tree.Table) else [])
        for row in table.rows
    ]
    assert len(expected) > 200
    assert all(row in words for row in expected)
    assert ["■ Red", "→ Stable", "71%", "85%", "80%", "66%", "■ Red"] in words
    printed = squeezed(qpr_pdf.text)
    for row in expected:
        for cell in row:
            assert squeezed(cell.replace(" (as published)", "").lstrip("●▲■○↑→↓ ")) in printed


def test_every_section_at_once_is_each_section_alone(testshire: Figures) -> None:
    together = views.every_section(testshire, "qpr", Q4)
    assert [view.section for view in together] == ["Roads", "Libraries"]
    for view in together:
        alone = views.section(testshire, "qpr", Q4, view.section)
        for field in fields(alone):
            own, shared = getattr(alone, field.name), getattr(view, field.name)
            if isinstance(own, pl.DataFrame):
                assert_frame_equal(own, shared)
            elif field.name != "tables":
                assert own == shared
        assert [table.name for table in alone.tables] == [table.name for table in view.tables]


# Word


def test_the_word_document_can_be_edited_and_read_aloud(qpr: Paper, qpr_docx: bytes) -> None:
    document = docx.Document(io.BytesIO(qpr_docx))
    held = document.core_properties
    assert (held.title, held.language) == (
        "Quarterly Performance Report, Quarter 2, 2024/25",
        "en-GB",
    )
    headings = [
        (line.text, line.style.name)
        for line in document.paragraphs
        if line.style and "Heading" in str(line.style.name)
    ]
    assert ("Executive summary", "Heading 1") in headings
    assert ("% of complaints responded to within timescale", "Heading 3") in headings
    body = document.element.xml
    assert body.count("<w:tblHeader/>") == len(document.tables)
    alternatives = [
        one.get("descr") for one in document.element.iter() if one.tag.endswith("}docPr")
    ]
    assert alternatives == [picture.alt for picture in tree.pictures(qpr.blocks)]
    assert 'TOC \\o "1-2"' in body
    header = " ".join(line.text for line in document.sections[0].header.paragraphs)
    assert "Draft: not yet published" in header
    assert "NUMPAGES" in document.sections[0].footer._element.xml


def test_libreoffice_opens_the_word_document_and_shows_its_figures(
    qpr: Paper, qpr_docx: bytes, tmp_path: Path
) -> None:
    document = docx.Document(io.BytesIO(qpr_docx))
    shown = opened_by_libreoffice(qpr_docx, "docx", tmp_path)
    if shown is not None:
        text = squeezed(shown)
        cells = {cell.text for table in document.tables for cell in table._cells}
        assert len(cells) > 300
        # A long text may be parted by the end of a page.
        assert [one for one in cells if len(one) < 60 and squeezed(one) not in text] == []
        assert squeezed(qpr.title) in text


def test_libreoffice_opens_the_workbook_and_shows_its_figures(
    kent: Figures, tmp_path: Path
) -> None:
    content = report.write(built(kent, "framework"), "xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(content))["KPIs"]
    shown = opened_by_libreoffice(content, "xlsx", tmp_path)
    if shown is not None:
        text = squeezed(shown)
        table = rows(sheet)
        assert len(table) > 40
        for row in table:
            assert squeezed(str(row["Target"])) in text
            assert squeezed(row["Code"]) in text


# Workbook


@pytest.mark.parametrize("kind", ASKED)
def test_a_workbook_follows_the_guidance_on_spreadsheets(kent: Figures, kind: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(report.write(built(kent, kind), "xlsx")))
    assert book.sheetnames[:3] == ["Cover", "Contents", "Notes"]
    assert [row["Sheet"] for row in rows(book["Contents"])] == book.sheetnames[2:]
    for sheet in book.worksheets[1:]:
        [table] = sheet.tables.values()
        assert table.headerRowCount == 1
        assert not sheet.merged_cells.ranges
        assert sheet.freeze_panes is None
        cells = [cell.value for row in sheet[table.ref] for cell in row]
        assert all(value not in (None, "") for value in cells), sheet.title
        headers = [cell.value for cell in sheet[table.ref][0]]
        assert len(set(headers)) == len(headers)
        assert sheet["A1"].value
    for sheet in book.worksheets[3:]:
        assert "Edition" in [cell.value for cell in sheet[4]]


def test_no_text_of_a_workbook_is_a_formula(testshire: Figures) -> None:
    paper = report.build(said(testshire, "=1+1"), "qpr", "qpr", Q4)
    sheet = openpyxl.load_workbook(io.BytesIO(report.write(paper, "xlsx")))["Commentary"]
    found = [cell for row in sheet.iter_rows(min_row=5) for cell in row if cell.value == "=1+1"]
    assert len(found) == 3
    assert {cell.data_type for cell in found} == {"s"}
    assert all(cell.quotePrefix for cell in found)


# Web page


def test_the_web_page_needs_nothing_beside_it(qpr: Paper) -> None:
    page = report.write(qpr, "html").decode()
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")
    assert "<link" not in page
    assert "<script" not in page
    assert page.count("<svg") == len(tree.pictures(qpr.blocks))
    assert 'lang="en-GB"' in page
    assert "Draft: not yet published" in page
    assert page.count('<th scope="col"') > 300


# Editions


@pytest.mark.parametrize("end", report.Format)
@pytest.mark.parametrize("kind", report.Kind)
def test_the_same_edition_gives_the_same_bytes(testshire: Figures, kind: str, end: str) -> None:
    first, second = (
        report.make(testshire, kind, "2024/25 Q4", end, report="qpr", edition=PUBLISHED)
        for _ in range(2)
    )
    assert first == second
    other = report.make(testshire, kind, "2024/25 Q4", end, report="qpr", edition=DRAFT)
    assert first != other


_WRITE_ALL = """
import sys
from pathlib import Path
from kpi_core import report, settings
figures = settings.open_store("kent").figures()
for format in report.Format:
    paper = report.make(figures, "cover-paper", "2024/25 Q2", format)
    Path(sys.argv[1], f"paper.{format}").write_bytes(paper)
"""


def test_another_process_writes_the_same_bytes(kent_store: Store, tmp_path: Path) -> None:
    written = []
    for seed in ("1", "2"):
        folder = tmp_path / seed
        folder.mkdir()
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": f"UTC+{seed}"}
        command = [sys.executable, "-c", _WRITE_ALL, str(folder)]
        subprocess.run(command, check=True, env=environment)
        written.append({file.name: file.read_bytes() for file in folder.iterdir()})
    assert written[0] == written[1]
    assert len(written[0]) == len(report.Format)


@pytest.mark.parametrize("end", OFFICE)
def test_no_part_of_an_office_file_tells_when_it_was_written(kent: Figures, end: str) -> None:
    content = report.write(built(kent, "cover-paper"), end)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2025-01-09T10:00:00Z" in archive.read("docProps/core.xml")


# Councils that nobody would make


@given(councils())
@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_oddest_council_has_papers(
    tmp_path_factory: pytest.TempPathFactory, council: Council
) -> None:
    base = tmp_path_factory.mktemp("odd")
    store = Store(write_council(base / "odd", council), base / "var")
    store.refresh()
    figures = store.figures()
    for kind in report.Kind:
        try:
            at = report.asked(figures, kind, "qpr", "")
            paper = report.build(figures, kind, *at)
        except UserError:
            continue
        for end in report.Format:
            assert report.write(paper, end)


def test_texts_of_users_stay_texts(testshire: Figures) -> None:
    paper = report.build(
        said(testshire, " | ".join((*HOSTILE, "#pagebreak() $x$ *b* 日本 \x0b"))), "qpr", "qpr", Q4
    )
    text = Pdf(report.write(paper, "pdf")).text
    assert "#pagebreak() $x$ *b* \N{REPLACEMENT CHARACTER}" in text
    assert "<script>alert(1)</script>" in text
    page = report.write(paper, "html").decode()
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    document = docx.Document(io.BytesIO(report.write(paper, "docx")))
    assert any("{{ 7 * 7 }} ${x} {% raw %}" in line.text for line in document.paragraphs)


# The command


def test_the_command_writes_a_paper_and_says_what_it_does(
    store: Store, tmp_path: Path, run_kpi: RunKpi
) -> None:
    here = ("--organisation", "testshire", "--period", "2024/25 Q4")
    for end in report.Format:
        file = tmp_path / f"paper.{end}"
        said = run_kpi("report", "qpr", *here, "-o", file)
        assert (said.code, said.out) == (0, "")
        assert "Drawing charts …" in said.err
        assert said.err.endswith(f"{file}: {file.stat().st_size:,} bytes\n")
    assert "Calls answered" in Pdf((tmp_path / "paper.pdf").read_bytes()).text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("qpr", "-o", "paper.odt"),
         "Let it end in one of .pdf, .docx, .xlsx and .html."),
        (("qpr", "-o", "paper"), '"paper" does not say which kind'),
        (("qprs", "-o", "paper.pdf"),
         'There is no paper "qprs". Known: qpr, cover-paper, dashboard, framework.'),
        (("qpr", "--period", "soon", "-o", "paper.pdf"), '"soon" is not a period.'),
        (("qpr", "-o", "nowhere/paper.pdf"), "nowhere/paper.pdf cannot be written: No such file"),
    ],
)  # fmt: skip
def test_what_cannot_be_written_says_why(
    arguments: tuple[str, ...], message: str, store: Store, run_kpi: RunKpi
) -> None:
    said = run_kpi("report", "--organisation", "testshire", *arguments)
    assert (said.code, said.out) == (1, "")
    assert message in said.err


def said(figures: Figures, text: str) -> Figures:
    """The figures with one commentary, of Testshire's roads in Q4 2024/25."""
    row = {
        "report": "qpr", "section": "Roads", "indicator": "", "period": "2024/25 Q4",
        "kind": "commentary", "order": 1, "heading": text, "text": text, "author": "", "source": text,
    }  # fmt: skip
    schema = figures.commentary.schema
    own = pl.DataFrame([{name: row.get(name) for name in schema}], schema=schema)
    return replace(figures, commentary=own)
