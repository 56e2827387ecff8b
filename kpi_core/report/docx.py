"""A paper as a Word document that officers can edit: real headings, header rows, text alternatives."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import docx as word
import typst
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table as WordTable
from docx.table import _Cell as WordCell
from docx.text.paragraph import Paragraph as WordParagraph

from kpi_core.palette import Palette
from kpi_core.report import charted, zips
from kpi_core.report.pdf import FONT, fonts
from kpi_core.report.tree import (
    LANGUAGE,
    Block,
    Card,
    Cell,
    Contents,
    Facts,
    Heading,
    Items,
    PageBreak,
    Pairs,
    Paper,
    Paragraph,
    Picture,
    Rated,
    Table,
    pictures,
)
from kpi_core.words import Rating

#: A font that is on every machine on which Word documents are opened.
_FONT = "Arial"
_A4 = (Mm(210), Mm(297))
_MARGIN = Mm(18)
_PICTURE = Mm(110)
#: Pixels to the inch of a chart in a document: sharp on paper at the size of _PICTURE.
_PPI = 260

_PAGES = b"""#set page(width: auto, height: auto, margin: 0pt)
#for one in json(bytes(sys.inputs.pictures)) { page(image(bytes(one), format: "svg")) }"""


def docx(paper: Paper) -> bytes:
    """The paper as a Word document."""
    writer = _Writer(paper)
    for block in paper.blocks:
        writer.add(block)
    held = io.BytesIO()
    writer.document.save(held)
    return zips.fixed(held.getvalue())


def _drawn(found: list[Picture], palette: Palette) -> dict[str, bytes]:
    """Each chart as PNG, by its SVG. Typst draws them all at once, with the fonts of papers."""
    svgs = list(dict.fromkeys(one.svg for one in found))
    if not svgs:
        return {}
    plain = [charted.printed(svg, palette, FONT) for svg in svgs]
    pages = typst.compile(
        _PAGES,
        font_paths=fonts(),
        ignore_system_fonts=True,
        sys_inputs={"pictures": json.dumps(plain)},
        format="png",
        ppi=_PPI,
    )
    return dict(zip(svgs, [pages] if isinstance(pages, bytes) else pages, strict=True))


class _Writer:
    """A document as it grows, block by block."""

    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        self.colours = paper.organisation.colours
        self.palette = self.colours.palettes()[0]
        self.images = _drawn(pictures(paper.blocks), self.palette)
        self.document: Document = word.Document()
        self.headings = 0
        self.begins_page = False
        self.outline = [
            (block.text, block.level)
            for block in paper.blocks
            if isinstance(block, Heading) and block.level <= 2  # noqa: PLR2004 - as in the PDF
        ]
        self._properties()
        self._styles()
        self._page()
        self._head()

    def add(self, block: Block) -> None:
        """Put a block at the end."""
        writers: dict[type, Callable[[Any], object]] = {
            Heading: lambda one: self._heading(one.text, one.level),
            Paragraph: self._paragraph,
            Items: self._items,
            Facts: self._facts,
            Table: self._captioned,
            Picture: self._picture,
            Card: self._card,
            Pairs: lambda one: [*map(self._card, one.cards)],
            Contents: lambda _: self._contents(),
            PageBreak: lambda _: self._new_page(),
        }
        writers[type(block)](block)

    def _properties(self) -> None:
        held, paper = self.document.core_properties, self.paper
        held.title, held.author = paper.name, paper.organisation.name
        held.subject, held.language = paper.subtitle, LANGUAGE
        held.comments, held.keywords = paper.made_from, paper.kind
        held.last_modified_by, held.revision = paper.organisation.name, 1
        held.created = held.modified = paper.written_at.replace(tzinfo=None)

    def _styles(self) -> None:
        styles = self.document.styles
        for lang in styles.element.iter(qn("w:lang")):
            lang.set(qn("w:val"), LANGUAGE)
        sizes = {
            "Normal": 10, "Title": 24, "Subtitle": 13, "Heading 1": 17, "Heading 2": 13,
            "Heading 3": 11, "Caption": 9.5, "List Bullet": 10, "List Bullet 2": 10, "Header": 8.5,
            "Footer": 8.5,
        }  # fmt: skip
        for name, size in sizes.items():
            style = styles[name]
            font = style.font
            font.size, font.name, font.italic = Pt(size), _FONT, False
            font.color.rgb = _rgb(self.palette.text)
            properties = style.element.get_or_add_rPr()
            chosen = properties.find(qn("w:rFonts"))
            if chosen is not None:
                for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
                    chosen.attrib.pop(qn(f"w:{theme}"), None)
        styles["Caption"].paragraph_format.keep_with_next = True
        note = styles.add_style("Note", WD_STYLE_TYPE.PARAGRAPH)
        note.base_style = styles["Normal"]
        note.font.size, note.font.color.rgb = Pt(8.5), _rgb(self.palette.muted)

    def _page(self) -> None:
        section = self.document.sections[0]
        width, height = reversed(_A4) if self.paper.is_wide else _A4
        if self.paper.is_wide:
            section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = width, height
        section.left_margin = section.right_margin = _MARGIN
        section.top_margin = section.bottom_margin = Mm(20)
        self.width = width - 2 * _MARGIN
        head = section.header.paragraphs[0]
        head.text = f"{self.paper.organisation.name} · {self.paper.name}"
        for warning in self.paper.warnings:
            section.header.add_paragraph().add_run(warning).bold = True
        foot = section.footer.paragraphs[0]
        foot.add_run(f"{self.paper.made_from} Page ")
        _field(foot, "PAGE", "1")
        foot.add_run(" of ")
        _field(foot, "NUMPAGES", "1")

    def _head(self) -> None:
        self.document.add_paragraph(self.paper.organisation.name, style="Note")
        self.document.add_paragraph(self.paper.title, style="Title")
        self.document.add_paragraph(self.paper.subtitle, style="Subtitle")
        for warning in self.paper.warnings:
            self.document.add_paragraph().add_run(f"{warning}.").bold = True
        self.document.add_paragraph(self.paper.made_from, style="Note")

    def _heading(self, text: str, level: int) -> WordParagraph:
        heading: WordParagraph = self.document.add_heading(text, level)
        if self.begins_page:
            heading.paragraph_format.page_break_before = True
            self.begins_page = False
        if level <= 2:  # noqa: PLR2004 - as in the contents
            _bookmark(heading, self.headings)
            self.headings += 1
        return heading

    def _paragraph(self, block: Paragraph) -> None:
        paragraph = self.document.add_paragraph(style="Note" if block.style == "note" else "Normal")
        run = paragraph.add_run(block.text)
        if block.style == "lead":
            run.font.size = Pt(11.5)

    def _items(self, block: Items) -> None:
        for text, inner in block.items:
            self.document.add_paragraph(text, style="List Bullet")
            for one in inner:
                self.document.add_paragraph(one, style="List Bullet 2")

    def _facts(self, block: Facts) -> None:
        for name, text in block.rows:
            paragraph = self.document.add_paragraph()
            paragraph.paragraph_format.space_after = Pt(2)
            paragraph.paragraph_format.keep_with_next = True
            paragraph.add_run(f"{name}: ").bold = True
            paragraph.add_run(text)

    def _new_page(self) -> None:
        """The heading that follows begins on a new page."""
        self.begins_page = True

    def _captioned(self, block: Table) -> None:
        self.document.add_paragraph(block.caption, style="Caption")
        self._table(block)

    def _table(self, block: Table, *, stays: bool = False) -> None:
        """A table; one that `stays` is not parted from what follows."""
        table = self.document.add_table(1 + len(block.rows), len(block.columns))
        table.alignment = WD_TABLE_ALIGNMENT.LEFT
        table.autofit = False
        _described(table, block.caption)
        shares = sum(column.share for column in block.columns)
        widths = [int(self.width * column.share / shares) for column in block.columns]
        for grid, width in zip(table.columns, widths, strict=True):
            grid.width = width
        rows = list(table.rows)
        header = rows[0]._tr.get_or_add_trPr()  # noqa: SLF001 - python-docx has no word for it
        header.append(OxmlElement("w:tblHeader"))
        lines: list[tuple[Cell, ...]] = [tuple(c.name for c in block.columns), *block.rows]
        for place, (row, texts) in enumerate(zip(rows, lines, strict=True)):
            row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001
            strong = place == 0 or (block.total and place == len(rows) - 1)
            for cell, text, column, width in zip(
                row.cells, texts, block.columns, widths, strict=True
            ):
                cell.width = width
                self._cell(cell, text, right=column.side == "right", strong=strong)
                cell.paragraphs[0].paragraph_format.keep_with_next = stays or place == 0
        _ruled(table, self.palette)
        after = self.document.add_paragraph(style="Note").paragraph_format
        after.space_after, after.keep_with_next = Pt(0), stays

    def _cell(self, cell: WordCell, content: Cell, *, right: bool, strong: bool) -> None:
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(1)
        if right:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        run = paragraph.add_run(str(content))
        run.font.size, run.bold = Pt(9), strong
        if isinstance(content, Rated):
            shades = self.colours.of(Rating(content.rating))[0]
            run.bold, run.font.color.rgb = True, _rgb(shades.text)
            fill = OxmlElement("w:shd")
            fill.set(qn("w:val"), "clear")
            fill.set(qn("w:fill"), shades.tint.lstrip("#"))
            run._r.get_or_add_rPr().append(fill)  # noqa: SLF001

    def _picture(self, block: Picture) -> None:
        self.document.add_picture(io.BytesIO(self.images[block.svg]), width=_PICTURE)
        paragraph = self.document.paragraphs[-1]
        paragraph.paragraph_format.keep_with_next = True
        for named in paragraph._p.iter(qn("wp:docPr"), qn("pic:cNvPr")):  # noqa: SLF001
            named.set("descr", block.alt)
            named.set("name", "Chart")

    def _card(self, card: Card) -> None:
        self._heading(card.name, 3)
        if card.table:
            self._table(card.table, stays=True)
        if card.picture:
            self._picture(card.picture)
        for text in filter(None, [card.said]):
            self.document.add_paragraph(text)
        for note in card.notes:
            self.document.add_paragraph(note, style="Note")
        for text in card.commentary:
            self.document.add_paragraph(text)

    def _contents(self) -> None:
        """A field that Word fills in anew when asked; until then it has the headings with links."""
        self.document.add_paragraph("Contents", style="Subtitle")
        first, last = _field_ends('TOC \\o "1-2" \\h \\z \\u')
        for place, (text, level) in enumerate(self.outline):
            line = self.document.add_paragraph()
            line.paragraph_format.left_indent = Mm(5 * (level - 1))
            line.paragraph_format.space_after = Pt(1)
            if place == 0:
                for part in first:
                    line._p.append(part)  # noqa: SLF001
            line._p.append(_link(text, place))  # noqa: SLF001
            if place == len(self.outline) - 1:
                line._p.append(last)  # noqa: SLF001


def _rgb(colour: str) -> RGBColor:
    return RGBColor.from_string(colour.lstrip("#").upper())


def _run_with(element: Any) -> Any:
    run = OxmlElement("w:r")
    run.append(element)
    return run


def _mark(kind: str) -> Any:
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    return _run_with(mark)


def _field_ends(code: str) -> tuple[list[Any], Any]:
    """What begins a field, and what ends it; its last known text stands between."""
    instruction = OxmlElement("w:instrText")
    instruction.set(qn("xml:space"), "preserve")
    instruction.text = f" {code} "
    return [_mark("begin"), _run_with(instruction), _mark("separate")], _mark("end")


def _field(paragraph: WordParagraph, code: str, text: str) -> None:
    first, last = _field_ends(code)
    for part in first:
        paragraph._p.append(part)  # noqa: SLF001
    paragraph.add_run(text)
    paragraph._p.append(last)  # noqa: SLF001


def _bookmark(heading: WordParagraph, place: int) -> None:
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for one in (start, end):
        one.set(qn("w:id"), str(place))
    start.set(qn("w:name"), f"part{place}")
    heading._p.insert(1, start)  # noqa: SLF001
    heading._p.append(end)  # noqa: SLF001


def _link(text: str, place: int) -> Any:
    link, words = OxmlElement("w:hyperlink"), OxmlElement("w:t")
    link.set(qn("w:anchor"), f"part{place}")
    words.text = text
    link.append(_run_with(words))
    return link


def _described(table: WordTable, caption: str) -> None:
    """The table's title, for screen readers."""
    title = OxmlElement("w:tblCaption")
    title.set(qn("w:val"), caption)
    table._tbl.tblPr.append(title)  # noqa: SLF001


def _ruled(table: WordTable, palette: Palette) -> None:
    """Thin lines between rows, none between columns."""
    borders = OxmlElement("w:tblBorders")
    for side, colour in _sides(palette):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("color", colour.lstrip("#"))):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    properties = table._tbl.tblPr  # noqa: SLF001
    properties.insert(_before_layout(properties), borders)


def _sides(palette: Palette) -> Iterator[tuple[str, str]]:
    yield from (("top", palette.muted), ("bottom", palette.muted), ("insideH", palette.rule))


def _before_layout(properties: Any) -> int:
    """Where borders stand by the order of the file format."""
    tags = [child.tag for child in properties]
    later = [
        qn(f"w:{name}") for name in ("shd", "tblLayout", "tblCellMar", "tblLook", "tblCaption")
    ]
    return next((place for place, tag in enumerate(tags) if tag in later), len(tags))
