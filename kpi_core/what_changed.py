"""What changed between two reports, in plain sentences: two minutes for a member.

Each change is one sentence made from the figures by a fixed grammar. What is as it was is left out,
and only counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import polars as pl

from kpi_core import display, scorecard, summary
from kpi_core.figures import Figures
from kpi_core.periods import Period
from kpi_core.wording import Wording
from kpi_core.words import DECIDED, TRENDS, Alert, Direction, FigureBasis

Row = Mapping[str, Any]


class What(StrEnum):
    """What can change, in the order in which it is told."""

    WORSE = "rated worse"
    BETTER = "rated better"
    RATED = "rated again, or for the first time"
    UNRATED = "no longer rated"
    WORSENING = "now worsening"
    IMPROVING = "now improving"
    OUTSIDE = "outside the expected range"
    INSIDE = "back in the expected range"
    NEW = "new in the report"
    GONE = "no longer in the report"
    RESTATED = "figures corrected since"


#: What a change is told by; all String. `was` and `now` are codes of ratings, else null.
COLUMNS = ("what", "indicator", "name", "section", "was", "now", "sentence")

_WORST_LAST = [str(rating) for rating in DECIDED]
_TRENDS = [str(direction) for direction in TRENDS]


@dataclass(frozen=True)
class Report:
    """A report at a period: whose figures, and of when."""

    figures: Figures
    report: str
    at: Period


def between(now: Report, then: Report) -> pl.DataFrame:
    """Everything that one report says otherwise than the one before.

    `then` has the figures as they were shown: those of an edition, or the same as `now`. Returns
    COLUMNS, in the order of What and of the report.
    """
    wording = now.figures.organisation.wording
    here, there = _kpis(now), _kpis(then)
    if then.figures is now.figures:
        there = _as_remembered(there, here)
    found = [
        *_ratings(here, there, then.at, wording),
        *_directions(here, there, now.at, wording),
        *_alerts(now, then, wording),
        *_came_and_went(here, there, then.at, wording),
        *_restated(now, then, there, wording),
    ]
    order = {str(what): place for place, what in enumerate(What)}
    rows = sorted(found, key=lambda row: order[row["what"]])
    return pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS, pl.String))


def _kpis(of: Report) -> Sequence[Row]:
    card = scorecard.kpis(of.figures, of.report, of.at)
    return (
        card.filter(pl.col("basis") == FigureBasis.PERIOD)
        .with_columns(pl.col("rating", "direction").cast(pl.String))
        .to_dicts()
    )


def _as_remembered(there: Sequence[Row], here: Sequence[Row]) -> list[Row]:
    """The earlier rows with the rating before that the later report knows, printed ones included."""
    known = {
        row["indicator"]: str(row["previous_rating"])
        for row in here
        if row["previous_rating"] in _WORST_LAST
    }
    return [{**row, "rating": known.get(row["indicator"], row["rating"])} for row in there]


def _told(
    what: What, row: Row, sentence: str, was: str | None = None, now: str | None = None
) -> Row:
    return {
        "what": str(what), "indicator": row["indicator"], "name": row["name"],
        "section": row["section"], "was": was, "now": now, "sentence": sentence,
    }  # fmt: skip


def _pairs(now: Sequence[Row], then: Sequence[Row]) -> list[tuple[Row, Row]]:
    before = {row["indicator"]: row for row in then}
    return [(row, before[row["indicator"]]) for row in now if row["indicator"] in before]


def _ratings(
    now: Sequence[Row], then: Sequence[Row], before: Period, wording: Wording
) -> list[Row]:
    found = []
    for row, was in _pairs(now, then):
        if row["rating"] == was["rating"]:
            continue
        decided = [one in _WORST_LAST for one in (was["rating"], row["rating"])]
        if all(decided):
            worse = _WORST_LAST.index(row["rating"]) > _WORST_LAST.index(was["rating"])
            what = What.WORSE if worse else What.BETTER
        elif any(decided):
            what = What.RATED if decided[1] else What.UNRATED
        else:
            continue
        sentence = _capital(summary.reason(row, wording))
        if was["value"] is not None:
            figure = display.figure(was["value"], was["unit"], was["decimals"], wording)
            sentence += f" It was {figure} in {before.words}."
        found.append(_told(what, row, sentence, was["rating"], row["rating"]))
    return found


_TURNS = {
    str(Direction.WORSENING): What.WORSENING,
    str(Direction.IMPROVING): What.IMPROVING,
}


def _directions(now: Sequence[Row], then: Sequence[Row], at: Period, wording: Wording) -> list[Row]:
    """Turns: directions that are others than those before, where both are known."""
    return [
        _told(
            _TURNS[row["direction"]], row,
            _capital(f"{summary.reason(row, wording)} {summary.standing(row, at, wording)}".strip()),
            now=row["rating"],
        )
        for row, was in _pairs(now, then)
        if row["direction"] in _TURNS
        and was["direction"] in _TRENDS
        and row["direction"] != was["direction"]
    ]  # fmt: skip


def _alerts(now: Report, then: Report, wording: Wording) -> list[Row]:
    here, there = (
        scorecard.activities(one.figures, one.report, one.at)
        .with_columns(pl.col("alert").cast(pl.String))
        .to_dicts()
        for one in (now, then)
    )
    found = []
    for row, was in _pairs(here, there):
        if row["alert"] is None or row["alert"] == was["alert"]:
            continue
        inside = row["alert"] == Alert.YES
        if inside and was["alert"] is None:
            continue
        found.append(
            _told(
                What.INSIDE if inside else What.OUTSIDE,
                row,
                _capital(summary.activity(row, wording)),
            )
        )
    return found


def _came_and_went(
    here: Sequence[Row], there: Sequence[Row], before: Period, wording: Wording
) -> list[Row]:
    """KPIs that are in one of the two reports alone."""
    now, then = ({row["indicator"] for row in rows} for rows in (here, there))
    came = [
        _told(What.NEW, row, _capital(summary.reason(row, wording)), now=row["rating"])
        for row in here
        if row["indicator"] not in then
    ]
    went = [
        _told(What.GONE, row, f"It was last in the report of {before.words}.", was=row["rating"])
        for row in there
        if row["indicator"] not in now
    ]
    return came + went


def _restated(now: Report, then: Report, shown: Sequence[Row], wording: Wording) -> list[Row]:
    """Figures of the earlier report that are held otherwise today."""
    if then.figures is now.figures:
        return []
    held = _kpis(Report(now.figures, now.report, then.at))
    found = []
    for row, was in _pairs(held, shown):
        if was["value"] is None or row["value"] is None or row["value"] == was["value"]:
            continue
        figures = [
            display.figure(one["value"], one["unit"], one["decimals"], wording)
            for one in (row, was)
        ]
        sentence = f"For {then.at.words} it is now {figures[0]}; the report showed {figures[1]}."
        moved = (was["rating"], row["rating"]) if was["rating"] != row["rating"] else (None, None)
        found.append(_told(What.RESTATED, row, sentence, *moved))
    return found


def headline(found: pl.DataFrame, before: Period, wording: Wording) -> str:
    """What changed, in a sentence with its counts."""
    counts = dict(found["what"].value_counts().iter_rows())
    worse, better = counts.get(What.WORSE, 0), counts.get(What.BETTER, 0)
    moved = worse + better
    if found.is_empty():
        return f"Nothing changed since the report of {before.words}."
    if not moved:
        said = f"No rating changed since the report of {before.words}"
    else:
        ratings = "rating" if moved == 1 else "ratings"
        said = (
            f"{display.count(moved, wording).capitalize()} {ratings} changed since the report of "
            f"{before.words}: {_how_many(worse, wording)} for the worse, "
            f"{_how_many(better, wording)} for the better"
        )
    turned = [
        f"{display.count(counts[what], wording)} {'is' if counts[what] == 1 else 'are'} {what}"
        for what in (What.WORSENING, What.IMPROVING)
        if what in counts
    ]
    return f"{said}{'; ' + display.listed(turned) if turned else ''}."


def _how_many(count: int, wording: Wording) -> str:
    return display.count(count, wording) if count else "none"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
