"""Cells that can be read in more than one way: settled by history, by the analyst, or not yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

import polars as pl

from kpi_core.figures import Figures
from kpi_core.ingest import cells
from kpi_core.ingest.asking import LEAVE, Asking
from kpi_core.ingest.received import Option
from kpi_core.ingest.rows import Entry

#: A figure is like those known where it is at least half the smallest and at most twice the largest.
_LIKE = 2

_ASKED = {
    "fraction": "gives percentages between 0 and 1 without a % sign",
    "clock": "gives times with a colon",
    "brackets": "has figures in brackets",
    "size": "has figures written short",
}


def settle(
    entries: Sequence[Entry], figures: Figures, asking: Asking
) -> list[tuple[Entry, Decimal | None]]:
    """Each cell with its figure; None where it holds none, has a problem, or is still open."""
    ways: dict[tuple[str, str], str] = {}
    for indicator, doubt in dict.fromkeys(
        (e.indicator, e.cell.doubt) for e in entries if e.cell.doubt
    ):
        ways[indicator, doubt] = _ask_way(indicator, doubt, entries, figures, asking)
    values = [
        (e, e.cell.by(ways.get((e.indicator, e.cell.doubt), ""))) if e.cell.ways else (e, None)
        for e in entries
    ]
    values = _to_six_decimals(values, asking)
    starred = [e for e, _ in values if e.cell.is_starred]
    if not starred or _star(starred, asking) != "provisional":
        return values
    return [(_provisional(e) if e.cell.is_starred else e, v) for e, v in values]


def is_like(value: Decimal, known: Iterable[Decimal]) -> bool:
    """Whether a figure is of the size of those known."""
    sizes = [abs(one) for one in known]
    return bool(sizes) and min(sizes) / _LIKE <= abs(value) <= max(sizes) * _LIKE


def likeliest(
    doubt: str, alternatives: Sequence[Sequence[tuple[str, Decimal]]], known: Sequence[Decimal]
) -> str:
    """The one way of reading that makes every figure like those known; empty where none or several
    do. Whether brackets mean below zero, no size of figures can show.
    """
    if doubt == "brackets":
        return ""
    codes = [code for code, _ in alternatives[0]]
    fitting = [
        code for code in codes if all(is_like(dict(ways)[code], known) for ways in alternatives)
    ]
    return fitting[0] if len(fitting) == 1 else ""


def _ask_way(
    indicator: str, doubt: str, entries: Sequence[Entry], figures: Figures, asking: Asking
) -> str:
    mine = [e for e in entries if e.indicator == indicator]
    doubtful = [e for e in mine if e.cell.doubt == doubt]
    sure = [e.cell.ways[0][1] for e in mine if len(e.cell.ways) == 1]
    known = [*_known(indicator, figures), *sure]
    alternatives = [e.cell.ways for e in doubtful]
    proposed = likeliest(doubt, alternatives, known)
    if doubt == "size" and not proposed:
        proposed = alternatives[0][0][0]
    example = doubtful[0].text
    so_far = (
        f" Its other figures and targets lie between {_shown(min(known))} and {_shown(max(known))}."
        if known
        else " There is no other figure of it to compare with."
    )
    options = [
        Option(code, f"{cells.WAYS[code]} (here {example} is {_shown(value)})")
        for code, value in doubtful[0].cell.ways
    ]
    text = f"{indicator} {_ASKED[doubt]}, such as {example}. How are they meant?{so_far}"
    return asking.ask(f"{doubt}:{indicator}", text, options, proposed, [e.row for e in doubtful])


def _known(indicator: str, figures: Figures) -> list[Decimal]:
    """The figures and targets that are held of an indicator."""
    mine = pl.col("indicator") == indicator
    whole = figures.observations.filter(mine & (pl.col("breakdown") == ""))["value"]
    targets = figures.targets.filter(mine)
    limits = [targets[name] for name in ("target", "floor")]
    return [v for column in [whole, *limits] for v in column.to_list() if v is not None]


def _to_six_decimals(
    values: list[tuple[Entry, Decimal | None]], asking: Asking
) -> list[tuple[Entry, Decimal | None]]:
    long = [e for e, v in values if v is not None and not cells.fits(v)]
    if not long:
        return values
    text = (
        f"A figure can have six decimals. What becomes of those with more, such as {long[0].text} "
        f"in row {long[0].row}? Cells with more: {len(long)}."
    )
    options = [
        Option("round", "round them to six decimals, a half away from zero"),
        Option(LEAVE, "leave these cells out"),
    ]
    answer = asking.ask("decimals", text, options, rows=[e.row for e in long])
    return [
        (e, v if v is None or cells.fits(v) else cells.rounded(v) if answer == "round" else None)
        for e, v in values
    ]


def _star(starred: Sequence[Entry], asking: Asking) -> str:
    text = f"What does the star mean, as at {starred[0].text}? Cells with one: {len(starred)}."
    options = [
        Option("provisional", "the figure is provisional"),
        Option("footnote", "a footnote: the figure stands as it is"),
    ]
    return asking.ask("star", text, options, "provisional", [e.row for e in starred])


def _provisional(entry: Entry) -> Entry:
    return replace(entry, cell=replace(entry.cell, status="provisional"))


def _shown(value: Decimal) -> str:
    return f"{cells.rounded(value).normalize():,f}"
