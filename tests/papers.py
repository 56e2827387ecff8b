"""Papers read back: what a PDF library, a word processor's and a spreadsheet's library find in them."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import pypdf
from openpyxl.worksheet.worksheet import Worksheet
from pypdf.generic import ArrayObject, DictionaryObject

from kpi_core.report import Edition

DRAFT = Edition("7", "draft", "ab" * 32, datetime(2025, 1, 2, 9, 30, tzinfo=UTC), "Ann Other")
PUBLISHED = Edition("8", "published", "cd" * 32, datetime(2025, 1, 9, 10, 0, tzinfo=UTC), "")


class Pdf:
    """A PDF as a PDF library reads it."""

    def __init__(self, content: bytes) -> None:
        self.reader = pypdf.PdfReader(io.BytesIO(content))
        self.root: Any = self.reader.trailer["/Root"]
        self.title = self.reader.metadata.title if self.reader.metadata else ""

    @property
    def metadata(self) -> str:
        """What the PDF says of itself, as XMP."""
        found: str = self.root["/Metadata"].get_object().get_data().decode()
        return found

    @cached_property
    def pages(self) -> list[str]:
        """The text of each page, with single spaces."""
        return [" ".join(page.extract_text().split()) for page in self.reader.pages]

    @cached_property
    def last_lines(self) -> list[str]:
        """The last line of each page above its foot."""
        return [page.extract_text().strip().splitlines()[-2].strip() for page in self.reader.pages]

    @property
    def text(self) -> str:
        """All the text."""
        return " ".join(self.pages)

    @property
    def bookmarks(self) -> list[str]:
        """The titles of the bookmarks, in order."""
        return list(_titles(self.reader.outline))

    def tagged(self, tag: str) -> list[DictionaryObject]:
        """The elements of the structure tree that have that tag, in order."""
        return [one for one in _elements(self.root["/StructTreeRoot"]) if one.get("/S") == tag]

    @property
    def alternatives(self) -> list[str]:
        """The text alternative of each figure, in order."""
        return [str(one.get("/Alt", "")) for one in self.tagged("/Figure")]


def _titles(outline: Any) -> Iterator[str]:
    for one in outline:
        if isinstance(one, list):
            yield from _titles(one)
        else:
            yield str(one.title)


def _elements(node: Any) -> Iterator[DictionaryObject]:
    held = node.get_object()
    if isinstance(held, ArrayObject):
        for one in held:
            yield from _elements(one)
    elif isinstance(held, DictionaryObject):
        if "/S" in held:
            yield held
        if "/K" in held:
            yield from _elements(held["/K"])


def scopes_of(header: DictionaryObject) -> Iterator[str]:
    """What a header cell of a table says that it is the header of."""
    held = header.get("/A")
    found = held.get_object() if held is not None else ArrayObject()
    for one in found if isinstance(found, ArrayObject) else [found]:
        attributes = one.get_object()
        if "/Scope" in attributes:
            yield str(attributes["/Scope"])


def opened_by_libreoffice(content: bytes, end: str, folder: Path) -> str | None:
    """The text that LibreOffice shows of a file; None where it is not installed."""
    office = shutil.which("soffice")
    if office is None:
        return None
    file = folder / f"paper.{end}"
    file.write_bytes(content)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [
        office,
        profile,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(folder),
        str(file),
    ]
    subprocess.run(command, check=True, capture_output=True)
    return Pdf((folder / "paper.pdf").read_bytes()).text


def squeezed(text: str) -> str:
    """Without spaces and hyphens, which a line's end may add or take."""
    return re.sub(r"[\s\-\N{SOFT HYPHEN}]", "", text)


def rows(sheet: Worksheet) -> list[dict[str, Any]]:
    """The table of a sheet, row by row."""
    [table] = sheet.tables.values()
    header, *body = ([cell.value for cell in row] for row in sheet[table.ref])
    return [dict(zip(header, values, strict=True)) for values in body]


def assert_same(shown: Any, held: Any) -> None:
    """A cell of a workbook shows a figure or word; where there is none it says so."""
    if held is None:
        assert shown in ("[x]", "[z]")
    elif isinstance(held, Decimal):
        assert Decimal(str(shown)) == held
    else:
        assert shown == str(held)
