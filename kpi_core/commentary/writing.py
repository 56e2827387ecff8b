"""From what a person typed to a row of commentary.csv."""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from kpi_core import schemas

FILE = "commentary.csv"
#: Characters that no page or paper can show; files that have them are refused.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Place:
    """Where a text stands: the key of its row."""

    report: str
    section: str  #: empty for the whole report
    indicator: str  #: empty for the section
    period: str
    kind: str  #: see words.Said
    order: int

    @property
    def key(self) -> dict[str, object]:
        """The key by the names of its columns."""
        return {name: getattr(self, name) for name in schemas.key("commentary")}


def tidy(text: str) -> str:
    """The text without what cannot be shown, its line ends alike, nothing before or after it."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(_UNPRINTABLE.sub("", line).rstrip() for line in lines).strip()


def file_of(place: Place, heading: str, text: str, author: str) -> bytes:
    """One text as a commentary.csv, to be taken in like any other."""
    row = {**place.key, "heading": tidy(heading), "text": tidy(text), "author": tidy(author)}
    given = pl.DataFrame([row]).with_columns(source=pl.lit(""))
    return given.select(list(schemas.columns("commentary"))).write_csv().encode()
