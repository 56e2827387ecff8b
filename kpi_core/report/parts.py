"""Parts that several papers are built from: tables of counts, cells of a KPI, dates, settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from kpi_core import summary
from kpi_core.figures import Figures
from kpi_core.periods import Frequency, Period
from kpi_core.report.tree import (
    Block,
    Cell,
    Column,
    Facts,
    Heading,
    Items,
    Paragraph,
    Rated,
    Style,
    Table,
    Way,
)
from kpi_core.wording import Wording
from kpi_core.words import Basis, Direction, Rating

Row = Mapping[str, Any]

#: What stands in a cell of a printed table where there is nothing to say.
NONE = "–"
RESTATED = "Restated in plain words from the published report; the figures are the report's own."
WAYS = {"improving": "Improving", "stable": "Stable", "worsening": "Worsening"}
_PUBLISHED_COUNTS = "The arrows of the published report could not be read: directions are counted as it counts them."


def rated(row: Row, wording: Wording, name: str = "rating", basis: str = "rating_basis") -> Cell:
    """The rating of a row as a cell."""
    code = row[name]
    if code is None:
        return NONE
    return Rated(str(code), wording.label(code), row.get(basis) == Basis.PUBLISHED)


def way(row: Row, wording: Wording) -> Cell:
    """The direction of a row as a cell."""
    code = row["direction"]
    if code is None:
        return NONE
    label = wording.direction_label(code)
    return Way(str(code), "Not printed" if code == Direction.NOT_PRINTED else label)


def texts(
    rows: pl.DataFrame, level: int, said: str = "", style: Style = "plain"
) -> Iterator[Block]:
    """Texts under their headings, each heading once; `said` is a heading that stands above already.

    Takes heading, text.
    """
    last = said
    for heading, text in rows.select("heading", "text").iter_rows():
        if heading and heading != last:
            yield Heading(heading, level)
        last = heading or last
        yield Paragraph(text, style)


def listed(rows: pl.DataFrame) -> list[Items]:
    """Texts as a list, those under one heading below it: what explains, and is no part of its own.

    Takes heading, text.
    """
    items: dict[str, tuple[str, ...]] = {}
    for heading, text in rows.select("heading", "text").iter_rows():
        own = (*items.get(heading, ()), text) if heading else ()
        items[heading or text] = own
    return [Items(tuple(items.items()))] if items else []


def is_restated(figures: Figures, report: str, at: Period) -> bool:
    """Whether what is said was published elsewhere, and is told here in other words."""
    of_period = (pl.col("report") == report) & (pl.col("period") == str(at))
    return bool((figures.documents.filter(of_period)["file"].fill_null("") != "").any())


def restated(rows: pl.DataFrame, *, is_restated: bool) -> list[Paragraph]:
    """The note under texts that are told in other words; none where there are no texts."""
    return [Paragraph(RESTATED, "note")] if is_restated and rows.height else []


def counted(total: Row, wording: Wording) -> dict[str, Rating]:
    """The ratings that have a column: Amber only where it can occur, or did."""
    return {
        name: rating
        for name, rating in summary.RATINGS.items()
        if rating is not Rating.AMBER or wording.has_amber or total[name]
    }


def count_table(counts: pl.DataFrame, caption: str, wording: Wording) -> list[Table | Paragraph]:
    """Ratings and directions by section, as the reports' summaries have them."""
    rows = counts.to_dicts()
    total = rows[-1]
    ratings = counted(total, wording)
    extra = {"not_rated": "Not rated"} if any(row["not_rated"] for row in rows) else {}
    ways = WAYS if any(total[name] for name in WAYS) else {}
    columns = {name: wording.label(rating) for name, rating in ratings.items()} | extra | ways
    has_total = total["section"] == summary.TOTAL
    table = Table(
        caption,
        (
            Column("Section", share=2.8),
            *(Column(words, "right", 1.35) for words in columns.values()),
        ),
        tuple(
            (
                "Total" if row["section"] == summary.TOTAL else row["section"],
                *(str(row[name]) for name in columns),
            )
            for row in rows
        ),
        total=has_total,
    )
    as_printed = ways and (counts["directions_basis"] == Basis.PUBLISHED).any()
    return [table, *([Paragraph(_PUBLISHED_COUNTS, "note")] if as_printed else [])]


def period_title(at: Period) -> str:
    """`Quarter 2, 2024/25`, as titles have it; months and years as they are."""
    if at.frequency is Frequency.QUARTER:
        return f"Quarter {at.quarter_number}, {at.year}"
    return at.words


def day(of: date) -> str:
    """`9 January 2025`."""
    return f"{of.day} {of:%B %Y}"


def published_on(figures: Figures, report: str, at: Period) -> date | None:
    """The day on which the report of a period came before its committee, where a document says."""
    days = figures.documents.filter((pl.col("report") == report) & (pl.col("period") == str(at)))[
        "published_on"
    ].drop_nulls()
    return max(days) if len(days) else None


def key_to_ratings(wording: Wording) -> Table:
    """What each rating means."""
    return Table(
        "What the ratings mean",
        (Column("Rating", share=1), Column("Meaning", share=4)),
        tuple(
            (Rated(str(one), wording.label(one)), f"{wording.meaning(one)}.")
            for one in (*wording.decided, Rating.NO_DATA)
        ),
    )


def key_to_directions(wording: Wording) -> Table:
    """What each direction of travel means."""
    return Table(
        "What the directions of travel mean",
        (Column("Direction", share=1), Column("Meaning", share=4)),
        tuple(
            (Way(str(one), wording.direction_label(one)), f"{wording.direction_meaning(one)}.")
            for one in (Direction.IMPROVING, Direction.STABLE, Direction.WORSENING)
        ),
    )


def who(rows: Sequence[tuple[str, str]]) -> list[Facts]:
    """A list of facts, where there are any."""
    return [Facts(tuple(rows))] if rows else []
