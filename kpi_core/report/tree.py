"""A paper as a value: what it says and in which order, before it is any kind of file.

Builders make it from views; one writer for each format puts it on paper. Texts are plain: every
writer escapes them in its own way.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Literal

import polars as pl

from kpi_core import svg
from kpi_core.errors import KpiError
from kpi_core.organisation import Organisation
from kpi_core.report.edition import Edition
from kpi_core.words import Rating

#: Papers are written in British English, which screen readers and spelling checkers are told.
LANGUAGE = "en-GB"

_SHAPES = {Rating.GREEN: "●", Rating.AMBER: "▲", Rating.RED: "■"}
_ARROWS = {"improving": "↑", "stable": "→", "worsening": "↓"}


class MissingAlternative(KpiError):
    """A picture that a screen reader could say nothing of: a fault of the product, not of data."""

    def __init__(self) -> None:
        super().__init__("A picture of a paper has no text alternative.")


@dataclass(frozen=True, slots=True)
class Rated:
    """A rating in a cell: word, shape and colour."""

    rating: str
    label: str
    as_published: bool = False

    @property
    def shape(self) -> str:
        """The sign that stands before the word."""
        return _SHAPES.get(Rating(self.rating), "○")

    @property
    def words(self) -> str:
        """The word, and whether the rating is taken from a document."""
        return f"{self.label} (as published)" if self.as_published else self.label

    def __str__(self) -> str:
        return f"{self.shape} {self.words}"


@dataclass(frozen=True, slots=True)
class Way:
    """A direction of travel in a cell: arrow and word."""

    direction: str
    label: str

    @property
    def arrow(self) -> str:
        """The sign that stands before the word; none for a direction that is not known."""
        return _ARROWS.get(self.direction, "")

    def __str__(self) -> str:
        return f"{self.arrow} {self.label}".strip()


Cell = str | Rated | Way


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its header, where its cells stand, and its share of the width."""

    name: str
    side: Literal["left", "right"] = "left"
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under one header; the first cell of each row is its name."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: bool = False  #: the last row sums the others up


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 begins a part of the paper."""

    text: str
    level: int = 1


Style = Literal["plain", "lead", "note"]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph: plain, or one that leads, or a note in small letters."""

    text: str
    style: Style = "plain"


@dataclass(frozen=True, slots=True)
class Items:
    """A list; an item may have items of its own."""

    items: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What stands at the head of a paper: each fact with its name."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart, as `pictures` draws it, with its text alternative."""

    svg: str
    alt: str

    def __post_init__(self) -> None:
        if not self.alt.strip():
            raise MissingAlternative


@dataclass(frozen=True, slots=True)
class Card:
    """One indicator: what stands together on one page."""

    name: str
    table: Table | None
    picture: Picture | None
    said: str
    notes: tuple[str, ...] = ()
    commentary: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pairs:
    """Small cards, two beside each other."""

    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """The table of contents."""


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins on a new page."""


Block = Heading | Paragraph | Items | Facts | Table | Picture | Card | Pairs | Contents | PageBreak


@dataclass(frozen=True)
class Sheet:
    """A table of the workbook: tidy, one row for each thing, with a title and what to know of it."""

    name: str
    title: str
    about: str
    rows: pl.DataFrame


@dataclass(frozen=True)
class Paper:
    """A whole paper."""

    kind: str  #: qpr, cover-paper, dashboard or framework
    title: str
    subtitle: str
    organisation: Organisation
    edition: Edition | None
    dated: date
    blocks: tuple[Block, ...]
    sheets: tuple[Sheet, ...]
    notes: tuple[str, ...] = ()  #: what a reader of the workbook should know
    is_wide: bool = False  #: its tables need the page across

    @property
    def name(self) -> str:
        """Title and subtitle, for the properties of the file."""
        return f"{self.title}, {self.subtitle}"

    @property
    def written_at(self) -> datetime:
        """The moment that the file bears: the edition's, or the day of the paper. Never a clock's."""
        if self.edition:
            return self.edition.at.astimezone(UTC)
        return datetime(self.dated.year, self.dated.month, self.dated.day, tzinfo=UTC)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What has to be said on every page: that it is a draft, that the council is made up."""
        said = []
        if self.edition and self.edition.is_draft:
            said.append("Draft: not yet published")
        if self.edition and self.edition.is_withdrawn:
            said.append("Withdrawn: this edition counts as published no longer")
        if self.organisation.made_up:
            said.append(
                f"{self.organisation.name} is a made-up council: these figures are not real"
            )
        return tuple(said)

    @property
    def made_from(self) -> str:
        """Which edition the paper was made from, in a sentence."""
        if self.edition is None:
            return "Made from the latest figures, not from an edition."
        return f"Made from {self.edition.words}."


def printable(value: Any) -> Any:
    """The value with all that it holds, without characters that no file may have."""
    if is_dataclass(value) and not isinstance(value, type | Organisation | Edition | Picture):
        return replace(value, **{f.name: printable(getattr(value, f.name)) for f in fields(value)})
    if isinstance(value, tuple):
        return tuple(printable(one) for one in value)
    return svg.printable(value) if isinstance(value, str) else value


def pictures(blocks: Iterable[Block]) -> list[Picture]:
    """Every picture of a paper, in its order."""
    found = []
    for block in blocks:
        cards = block.cards if isinstance(block, Pairs) else [block]
        for one in cards:
            held = one.picture if isinstance(one, Card) else one
            if isinstance(held, Picture):
                found.append(held)
    return found
