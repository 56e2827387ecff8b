"""Counts, headlines and lists of a whole report: what cannot be said beside its cards."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import polars as pl

from kpi_core import display, summary
from kpi_core.what_changed import What
from kpi_core.words import DECIDED, Basis, Rating
from tests.contradictions.statements import Row, Told, rows

_DECIDED = [str(one) for one in DECIDED]


def counts_and_cards(told: Told) -> Iterator[str]:
    """A section counts its own cards, and the total all of them."""
    table = {row["section"]: row for row in rows(told.summary.counts)}
    cards: list[Row] = []
    for section in told.sections:
        own = rows(section.kpis)
        cards += own
        if section.section in table:
            yield from _counted(section.section, table[section.section], own)
            (shown,) = rows(section.counts)
            if shown != table[section.section]:
                yield f"{section.section} counts {shown} on its page, the summary {table[section.section]}"
        elif own:
            yield f"{section.section} has {len(own)} cards and no counts"
    yield from _counted("the report", table[summary.TOTAL], cards)
    if len(cards) != told.summary.scorecard.height or len(cards) != told.changes.kpis:
        yield f"{len(cards)} cards, {told.summary.scorecard.height} KPIs in the summary, {told.changes.kpis} in what changed"


def _counted(name: str, counts: Row, cards: Iterable[Row]) -> Iterator[str]:
    measures: Mapping[str, str] = {key: str(one) for key, one in summary.RATINGS.items()}
    columns = [("rating", measures)]
    if counts["directions_basis"] == Basis.COMPUTED:
        columns.append(("direction", {key: str(one) for key, one in summary.DIRECTIONS.items()}))
    for column, words in columns:
        found = Counter(card[column] for card in cards)
        for key, word in words.items():
            if counts[key] != found[word]:
                yield f"{name} counts {counts[key]} {word}, its cards are {found[word]}"
    rest = sum(1 for card in cards if card["rating"] not in measures.values())
    if counts["not_rated"] != rest:
        yield f"{name} counts {counts['not_rated']} not rated, its cards are {rest}"


_HEADLINE = re.compile(
    r"^(?P<red>[\w,]+) of (?:the )?(?P<all>[\w,]+) KPIs (?P<did>.*?)(?:, (?P<new>newly|[\w,]+ of them newly)[^;]*)?"
    r"; (?P<green>[\w,]+) met (?:its|their) target(?:, and (?P<none>[\w,]+) ha(?:s|ve) no rating)?\.$"
)


def headline_and_cards(told: Told) -> Iterator[str]:
    """The sentence over a section or report names the counts of its cards."""
    for name, said, kpis in (
        ("the summary", told.summary.headline, told.summary.scorecard),
        *((one.section, one.headline, one.kpis) for one in told.sections),
    ):
        found = _HEADLINE.match(said)
        if found:
            wanted = _numbers(told, rows(kpis))
            said_so = {
                key: _plain(text) for key, text in found.groupdict().items() if key in wanted
            }
            for key, text in said_so.items():
                if text != wanted[key]:
                    yield f"“{said}” ({name}) beside {wanted[key]} for “{key}”"


def _numbers(told: Told, kpis: list[Row]) -> dict[str, str]:
    ratings = Counter(row["rating"] for row in kpis)
    rated = sum(ratings[one] for one in _DECIDED)
    fresh = [
        row for row in kpis
        if row["rating"] == Rating.RED and row["reported_rating"] in _DECIDED[:2] and not row["same_figure"]
    ]  # fmt: skip
    all_newly = "newly" if ratings[Rating.RED] == 1 else "all of them newly"
    newly = {ratings[Rating.RED]: all_newly, 0: ""}

    def words(count: int) -> str:
        return display.count(count, told.wording)

    red = ratings[Rating.RED]
    return {
        "red": words(red) if red else ("neither" if len(kpis) == 2 else "none"),
        "all": words(len(kpis)),
        "green": words(ratings[Rating.GREEN]) if ratings[Rating.GREEN] else "none",
        "none": words(len(kpis) - rated) if len(kpis) > rated else "",
        "new": newly.get(len(fresh), f"{words(len(fresh))} of them newly"),
    }


def _plain(text: str | None) -> str:
    return (text or "").lower()


def changes_and_cards(told: Told) -> Iterator[str]:
    """`Three ratings changed`, and as many in the list; nothing is new that was there, or gone that is."""
    found = told.changes.found
    counts = Counter(found["what"].to_list())
    said, moved = told.changes.headline, counts[What.WORSE] + counts[What.BETTER]
    nothing = said.startswith(("Nothing changed", "No rating changed"))
    first = display.count(moved, told.wording).capitalize()
    if nothing is bool(moved) or (moved and not said.startswith(f"{first} rating")):
        yield f"“{said}” beside {moved} changed ratings in the list"
    now, then = set(told.summary.scorecard["indicator"]), set(told.before["indicator"])
    for what, code in found.select("what", "indicator").iter_rows():
        if (what == What.NEW and code in then) or (what == What.GONE and code in now):
            yield f"{code} is “{what}”"


def counts_and_changes(told: Told) -> Iterator[str]:
    """`One fewer than the previous quarter` is the sum of the changes, where both reports have the same
    KPIs and the ratings of all are known.
    """
    cards, total = rows(told.summary.scorecard), rows(told.summary.counts)[-1]
    same = set(told.before["indicator"]) == set(told.summary.scorecard["indicator"])
    if not same or any(card["reported_rating"] is None for card in cards):
        return
    for key, rating in summary.RATINGS.items():
        before = total[f"previous_{key}"]
        then = sum(1 for card in cards if card["reported_rating"] == rating)
        if before is not None and before != then:
            yield f"{before} {rating} in the report before, by the cards {then}"


def warnings_and_cards(told: Told) -> Iterator[str]:
    """How many ratings are as published, figures provisional …, and how many cards say so."""
    cards = told.summary.scorecard
    for end, kpis in (
        ("shown as published", cards.filter(pl.col("rating_basis") == Basis.PUBLISHED)),
        ("no figure for this period", cards.filter(pl.col("rating") == Rating.NO_DATA)),
        ("provisional", cards.filter(pl.col("status") == "provisional")),
    ):
        said = [text for text in told.summary.warnings if end in text]
        count = display.count(kpis.height).capitalize()
        if bool(said) is not bool(kpis.height) or (said and not said[0].startswith(count)):
            yield f"{said} beside {kpis.height} cards"


def grid_and_cards(told: Told) -> Iterator[str]:
    """The grid of ratings ends with the rating of the card, and before it with that of the report before."""
    at = {str(told.at): "rating", str(told.at.shift(-1)): "reported_rating"}
    cards = {row["indicator"]: row for row in rows(told.summary.scorecard)}
    for code, period, rating in told.summary.grid.select(
        "indicator", "period", "rating"
    ).iter_rows():
        column = at.get(period)
        if column and cards[code][column] is not None and rating != cards[code][column]:
            yield f"{code} is {rating} in the grid of ratings for {period}, {cards[code][column]} on its card"
