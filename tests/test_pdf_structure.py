"""What a screen reader meets in a PDF: what PDF/UA-1 (ISO 14289-1) asks of structure, read with a PDF
library, clause by clause, of every paper of both councils.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, pairwise
from typing import Any

import pypdf
import pytest
from pypdf.generic import ArrayObject, ContentStream, DictionaryObject

from kpi_core import report, settings
from kpi_core.figures import Figures
from tests import streams
from tests.papers import DRAFT, Pdf, scopes_of

PAPERS = [
    ("kent", "qpr", "2024/25 Q2"),
    ("kent", "qpr", "2020/21 Q2"),
    ("kent", "cover-paper", "2024/25 Q2"),
    ("kent", "dashboard", "2025-03"),
    ("kent", "framework", "2024/25"),
    ("exampleshire", "qpr", "2025/26 Q4"),
    ("exampleshire", "cover-paper", "2025/26 Q4"),
    ("exampleshire", "dashboard", "2026-03"),
    ("exampleshire", "framework", "2025/26"),
]
_TEXT = {b"Tj", b"TJ"}  # the other two of PDF are refused below: no paper needs them
_PAINTS = {b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*", b"S", b"s", b"sh", b"Do", b"EI"}
#: Where an element of lists, tables and contents may stand (ISO 32000-1, 14.8.4).
PARENTS = {
    "LI": {"L"}, "Lbl": {"LI"}, "LBody": {"LI"}, "THead": {"Table"}, "TBody": {"Table"},
    "TR": {"THead", "TBody"}, "TH": {"TR"}, "TD": {"TR"}, "TOCI": {"TOC"}, "Link": {"Reference"},
}  # fmt: skip

#: A matrix of PDF: a, b, c, d, e, f. Only e and f, the place, are turned and moved here.
Matrix = tuple[float, float, float, float, float, float]
_AS_IS: Matrix = (1, 0, 0, 1, 0, 0)
#: Points by which a line may stand off another and still be the same line.
_NUDGE = 3.0
#: Points above a page's edge that belong to its foot: the margin is 20 mm.
_FOOT = 45.0


def _six(operands: bytes) -> Matrix:
    a, b, c, d, e, f = map(float, operands.split())
    return (a, b, c, d, e, f)


def _times(one: Matrix, other: Matrix) -> Matrix:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return (
        a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j,
        e * g + f * i + k, e * h + f * j + m,
    )  # fmt: skip


@dataclass(frozen=True)
class Drawn:
    """One thing drawn on a page: inside of which marks, and for a text, where and what."""

    page: int
    marks: tuple[tuple[str, Any], ...]
    at: tuple[float, float] | None
    font: str = ""
    #: The text, one after the other the codes of its glyphs in that font.
    text: bytes = b""

    @property
    def number(self) -> int | None:
        """The number that ties it to the structure tree."""
        found = [own["/MCID"] for _, own in self.marks if "/MCID" in own]
        return int(found[-1]) if found else None

    @property
    def artifact(self) -> bool:
        return any(tag == "/Artifact" for tag, _ in self.marks)


def _drawn(number: int, page: pypdf.PageObject) -> Iterator[Drawn]:
    contents = page.get_contents()
    assert contents is not None
    marks: list[tuple[str, Any]] = []
    kept: list[Matrix] = []
    here = _AS_IS
    last: dict[bytes, bytes] = {}
    for operands, operator in streams.operations(contents.get_data()):
        if operator in (b"BDC", b"BMC"):
            tag, *own = streams.read(operands)
            marks.append((str(tag), own[0] if own else {}))
        elif operator == b"EMC":
            marks.pop()
        elif operator == b"q":
            kept.append(here)
        elif operator == b"Q":
            here = kept.pop()
        elif operator == b"cm":
            here = _times(_six(operands), here)
        elif operator in (b"Tm", b"Tf"):
            last[operator] = operands
        elif operator in _TEXT:
            *_, right, up = _times(_six(last[b"Tm"]), here)
            font, _ = streams.read(last[b"Tf"])
            yield Drawn(number, tuple(marks), (right, up), str(font), _codes(operands))
        elif operator in _PAINTS:
            yield Drawn(number, tuple(marks), None)
        assert operator not in (b"'", b'"')
    assert marks == []


def _codes(operands: bytes) -> bytes:
    """The texts of Tj and TJ, without the moves between them."""
    [said] = streams.read(operands)
    return b"".join(
        one for one in ([said] if isinstance(said, bytes) else said) if isinstance(one, bytes)
    )


@dataclass(frozen=True)
class Element:
    """An element of the structure tree, the one that it stands in, and its own marked content."""

    own: DictionaryObject
    tag: str
    parent: str
    content: tuple[tuple[int, int], ...]


class Structure(Pdf):
    """A PDF with its structure tree beside what is drawn."""

    @cached_property
    def drawn(self) -> list[Drawn]:
        return [one for place in enumerate(self.reader.pages) for one in _drawn(*place)]

    @cached_property
    def elements(self) -> list[Element]:
        """Every element of the tree, in the order of reading."""
        self._pages = {
            page.indirect_reference.idnum: number
            for number, page in enumerate(self.reader.pages)
            if page.indirect_reference
        }
        self._links: list[Any] = []
        return list(self._below(self.root["/StructTreeRoot"], "", None))

    def _below(self, node: Any, parent: str, page: int | None) -> Iterator[Element]:
        below = node.get("/K", ArrayObject())
        for one in below if isinstance(below, ArrayObject) else [below]:
            held = one.get_object()
            if isinstance(held, DictionaryObject) and "/S" in held:
                tag = str(held["/S"])[1:]
                own = self._page(held, page)
                yield Element(held, tag, parent, tuple(self._content(held, own)))
                yield from self._below(held, tag, own)

    def _page(self, held: DictionaryObject, page: int | None) -> int | None:
        return self._pages[held.raw_get("/Pg").idnum] if "/Pg" in held else page

    def _content(self, held: Any, page: int | None) -> Iterator[tuple[int, int]]:
        below = held.get("/K", ArrayObject())
        for one in below if isinstance(below, ArrayObject) else [below]:
            inner: Any = one.get_object()
            if isinstance(inner, int) and page is not None:
                yield page, int(inner)
            elif isinstance(inner, DictionaryObject) and inner.get("/Type") == "/MCR":
                own: Any = inner["/MCID"]
                yield self._page(inner, page) or 0, int(own)
            elif isinstance(inner, DictionaryObject) and inner.get("/Type") == "/OBJR":
                self._links.append(inner["/Obj"])

    @property
    def links(self) -> list[Any]:
        """The annotations that elements of the tree hold."""
        return self._links if self.elements else []

    def inside(self, own: DictionaryObject, tag: str) -> list[Element]:
        """The elements of that tag below an element."""
        return [one for one in self._below(own, "", None) if one.tag == tag]


@pytest.fixture(scope="module", params=PAPERS, ids=" ".join)
def paper(request: pytest.FixtureRequest, kent: Figures) -> Structure:
    organisation, kind, period = request.param
    figures = kent
    if organisation != "kent":
        store = settings.open_store(organisation)
        store.refresh()
        figures = store.figures()
    return Structure(report.make(figures, kind, period, "pdf", edition=DRAFT))


def test_operations_are_those_that_the_pdf_library_reads(paper: Structure) -> None:
    page = paper.reader.pages[-1]
    ours = streams.operations(ContentStream(page["/Contents"].get_object(), None).get_data())
    theirs = ContentStream(page["/Contents"].get_object(), None, "bytes").operations
    assert [(list(streams.read(own)), operator) for own, operator in ours] == theirs


def test_all_that_is_drawn_is_either_read_aloud_or_passed_over(paper: Structure) -> None:
    """7.1-1 to 7.1-3: nothing is unmarked, nothing is both."""
    assert len(paper.drawn) > 50
    for one in paper.drawn:
        assert one.artifact != (one.number is not None), one
        assert one.marks[0][0] == "/Artifact" or not one.artifact, one


def test_the_tree_holds_all_that_is_read_aloud_once(paper: Structure) -> None:
    """7.1: content and structure name each other, both ways."""
    held = [content for one in paper.elements for content in one.content]
    drawn = {(one.page, one.number) for one in paper.drawn if one.number is not None}
    assert [content for content, times in Counter(held).items() if times > 1] == []
    assert set(held) == drawn


def test_head_and_foot_of_each_page_are_passed_over(paper: Structure) -> None:
    """7.8: running heads and feet are artifacts that say which they are."""
    for number in range(len(paper.reader.pages)):
        kinds = {
            str(own.get("/Subtype"))
            for one in paper.drawn
            if one.page == number and one.artifact and one.at
            for tag, own in one.marks
            if tag == "/Artifact"
        }
        assert {"/Header", "/Footer"} <= kinds
        low = [one for one in paper.drawn if one.page == number and one.at and one.at[1] < _FOOT]
        assert low
        assert all(one.artifact for one in low)


def test_it_is_read_in_the_order_in_which_it_is_seen(paper: Structure) -> None:
    """7.2: down the page and to the right; never back up to what stands above and further left."""
    places: dict[tuple[int, int], list[tuple[float, float]]] = {}
    for one in paper.drawn:
        if one.number is not None and one.at:
            places.setdefault((one.page, one.number), []).append(one.at)
    figures = {content for one in paper.elements if one.tag == "Figure" for content in one.content}
    # A cell that goes on on the next page is read to its end before the cell beside it.
    order = [
        (content[0], *places[content][0])
        for one in paper.elements
        for content in one.content
        if content in places and content not in figures
    ]
    assert len(order) > 20
    back = [
        (before, after)
        for before, after in pairwise(order)
        if after[0] == before[0] and after[2] > before[2] + _NUDGE and after[1] <= before[1]
    ]
    assert back == []
    pages = [page for page, _ in groupby(page for page, *_ in order)]
    assert all(after - before <= 1 for before, after in pairwise(pages))


def test_elements_stand_where_they_may(paper: Structure) -> None:
    """7.5, 7.6: rows in tables, items in lists, entries in contents; nothing of an unknown kind."""
    kinds = {str(name)[1:] for name in paper.root["/StructTreeRoot"].get("/RoleMap", {})}
    standard = {
        "Document", "Div", "Part", "H1", "H2", "H3", "H4", "P", "Span", "Figure", "L", "LI", "Lbl", "LBody",
        "Table", "THead", "TBody", "TR", "TH", "TD", "TOC", "TOCI", "Reference", "Link",
    }  # fmt: skip
    for one in paper.elements:
        assert one.tag in standard | kinds
        assert one.parent in PARENTS.get(one.tag, {one.parent}), one
    assert [one.tag for one in paper.elements if one.parent == ""] == ["Document"]


def test_headings_go_down_a_level_at_a_time(paper: Structure) -> None:
    """7.4: no level is passed over."""
    levels = [
        int(one.tag[1]) for one in paper.elements if one.tag[0] == "H" and one.tag[1:].isdigit()
    ]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_row_of_a_table_has_a_cell_for_each_column(paper: Structure) -> None:
    """7.5: tables are regular, each has a row of column headers, and rows name themselves."""
    tables = [one for one in paper.elements if one.tag == "Table"]
    for table in tables:
        heads = paper.inside(paper.inside(table.own, "THead")[0].own, "TH")
        assert {str(scope) for head in heads for scope in scopes_of(head.own)} == {"/Column"}
        for row in paper.inside(table.own, "TR"):
            cells = [*paper.inside(row.own, "TH"), *paper.inside(row.own, "TD")]
            assert len(cells) == len(heads)


def test_every_figure_says_what_it_shows_and_where_it_is(paper: Structure) -> None:
    """7.3: an alternative for each figure, which is one piece of the page."""
    for one in paper.elements:
        if one.tag == "Figure":
            assert str(one.own["/Alt"]).strip()
            [where] = [own["/BBox"] for own in _attributes(one.own) if "/BBox" in own]
            left, low, right, high = map(float, where)
            assert left < right
            assert low < high
            assert len(one.content) == 1


def _attributes(own: Any) -> list[Any]:
    held = own["/A"].get_object()
    return [one.get_object() for one in (held if isinstance(held, ArrayObject) else [held])]


def test_every_link_is_in_the_tree_and_says_where_it_leads(paper: Structure) -> None:
    """7.18: links have words and stand in the tree; the tab key follows the tree."""
    found = [
        annotation.get_object()
        for page in paper.reader.pages
        for annotation in page.get("/Annots", ())
    ]
    assert len(found) == len(paper.links)
    for one in found:
        assert one["/Subtype"] == "/Link"
        assert str(one["/Contents"]).strip()
        assert "/StructParent" in one
    assert all(page.get("/Tabs") == "/S" for page in paper.reader.pages if "/Annots" in page)


def test_every_letter_is_known_and_its_font_is_in_the_file(paper: Structure) -> None:
    """7.21: fonts are embedded, and each glyph that is drawn has its character."""
    fonts = [
        {str(name): font.get_object() for name, font in page["/Resources"]["/Font"].items()}
        for page in map(dict[str, Any], paper.reader.pages)
    ]
    known = {id(font): _characters(font) for page in fonts for font in page.values()}
    for font in (font for page in fonts for font in page.values()):
        [inner] = [one.get_object() for one in font["/DescendantFonts"]]
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(inner["/FontDescriptor"])
    texts = [one for one in paper.drawn if one.at]
    assert len(texts) > 50
    for one in texts:
        letters = known[id(fonts[one.page][one.font])]
        codes = {one.text[place : place + 2] for place in range(0, len(one.text), 2)}
        assert codes <= set(letters), (one.page, one.text)
        assert all(letters[code] not in ("", "\N{REPLACEMENT CHARACTER}") for code in codes)


def _characters(font: Any) -> dict[bytes, str]:
    """What each code of a font means, by the map that it brings: two bytes a code."""
    assert font["/Encoding"] == "/Identity-H"
    text = font["/ToUnicode"].get_data().decode("ascii")
    assert "beginbfrange" not in text, "ranges of codes, which are not read here"
    pairs = re.findall(r"^<([0-9A-F]{4})> <([0-9A-F]+)>$", text, re.MULTILINE)
    return {bytes.fromhex(code): bytes.fromhex(means).decode("utf-16-be") for code, means in pairs}
