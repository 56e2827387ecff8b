"""What changed between two reports, in plain sentences: two minutes for a member.

Each change is one sentence made from the figures by a fixed grammar. What is as it was is left out,
and only counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any

import polars as pl

from kpi_core import display, previous, registry, scorecard, summary
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


def between(figures: Figures, report: str, at: Period) -> pl.DataFrame:
    """Everything that a report says otherwise than the one of the period before.

    What that one showed is told in `previous`. A KPI of which both show the same figure is in no list of
    changes, unless the figure was corrected since. Returns COLUMNS, in the order of What and of the report.
    """
    wording = figures.organisation.wording
    card = _of_period(scorecard.kpis(figures, report, at))
    before = _of_period(previous.report_before(figures, report, at)).join(
        _names(figures, report, at.shift(-1)), on="indicator", how="left", maintain_order="left"
    )
    turned = previous.directions_before(figures, report, at)
    rows = card.join(turned, on="indicator", how="left", maintain_order="left").to_dicts()
    fresh = [row for row in rows if not row["same_figure"]]
    found = [
        *_ratings(fresh, at.year_start, wording),
        *_directions(fresh, at, wording),
        *_alerts(scorecard.activities(figures, report, at), at, wording),
        *_came_and_went(rows, before, at.shift(-1), wording),
        *_restated(rows, at, wording),
    ]
    order = {str(what): place for place, what in enumerate(What)}
    told = sorted(found, key=lambda row: order[row["what"]])
    return pl.DataFrame(told, schema=dict.fromkeys(COLUMNS, pl.String))


def _of_period(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows on the basis of the period, verdicts as texts."""
    return rows.filter(pl.col("basis") == FigureBasis.PERIOD).with_columns(
        pl.col(pl.Enum).cast(pl.String)
    )


def _names(figures: Figures, report: str, at: Period) -> pl.DataFrame:
    """What a report calls its KPIs, or called them in its edition: indicator, name."""
    if (frozen := figures.edition_of(report, at)) is not None:
        return frozen.kpis.select("indicator", "name").unique("indicator")
    return registry.placed(figures, report, at).select("indicator", "name")


def _told(
    what: What, row: Row, sentence: str, was: str | None = None, now: str | None = None
) -> Row:
    return {
        "what": str(what), "indicator": row["indicator"], "name": row["name"],
        "section": row["section"], "was": was, "now": now, "sentence": sentence,
    }  # fmt: skip


def _ratings(rows: Sequence[Row], year_start: int, wording: Wording) -> list[Row]:
    """KPIs rated otherwise than the report before showed, where that is known."""
    found = []
    for row in rows:
        was, now = row["reported_rating"], row["rating"]
        if was is None or was == now:
            continue
        decided = [one in _WORST_LAST for one in (was, now)]
        if all(decided):
            worse = _WORST_LAST.index(now) > _WORST_LAST.index(was)
            what = What.WORSE if worse else What.BETTER
        elif any(decided):
            what = What.RATED if decided[1] else What.UNRATED
        else:
            continue
        sentence = _capital(summary.reason(row, wording))
        if row["reported_value"] is not None and row["reported_period"] is not None:
            then = Period.parse(row["reported_period"], year_start).words
            figure = display.figure(row["reported_value"], row["unit"], row["decimals"], wording)
            sentence += f" It was {figure} in {then}."
        found.append(_told(what, row, sentence, was, now))
    return found


_TURNS = {
    str(Direction.WORSENING): What.WORSENING,
    str(Direction.IMPROVING): What.IMPROVING,
}


def _directions(rows: Sequence[Row], at: Period, wording: Wording) -> list[Row]:
    """Turns: directions that are others than those before, where both are known."""
    return [
        _told(
            _TURNS[row["direction"]], row,
            _capital(f"{summary.reason(row, wording)} {summary.standing(row, at, wording)}".strip()),
            now=row["rating"],
        )
        for row in rows
        if row["direction"] in _TURNS
        and row["reported_direction"] in _TRENDS
        and row["direction"] != row["reported_direction"]
    ]  # fmt: skip


def _alerts(activities: pl.DataFrame, at: Period, wording: Wording) -> list[Row]:
    """Activity indicators that left their expected range, or came back into it."""
    found = []
    for row in activities.with_columns(pl.col("alert").cast(pl.String)).to_dicts():
        was, now = row["reported_alert"], row["alert"]
        inside = now == Alert.YES
        if row["same_figure"] or now in (None, was) or (inside and was is None):
            continue
        what = What.INSIDE if inside else What.OUTSIDE
        found.append(_told(what, row, _capital(summary.activity(row, at, wording))))
    return found


def _came_and_went(
    rows: Sequence[Row], there: pl.DataFrame, before: Period, wording: Wording
) -> list[Row]:
    """KPIs that are in one of the two reports alone."""
    now, then = {row["indicator"] for row in rows}, set(there["indicator"])
    came = [
        _told(What.NEW, row, _capital(summary.reason(row, wording)), now=row["rating"])
        for row in rows
        if row["indicator"] not in then
    ]
    went = [
        _told(
            What.GONE,
            row,
            f"It was last in the report of {before.words}.",
            was=row["reported_rating"],
        )
        for row in there.to_dicts()
        if row["indicator"] not in now
    ]
    return came + went


def _restated(rows: Sequence[Row], at: Period, wording: Wording) -> list[Row]:
    """Figures that the report before showed and that are others today."""
    found = []
    for row in rows:
        latest = _latest(row)
        if latest is None or row["reported_value"] is None or latest[0] == row["reported_value"]:
            continue
        value, rating = latest
        of = Period.parse(row["reported_period"], at.year_start).words
        figures = [
            display.figure(one, row["unit"], row["decimals"], wording)
            for one in (value, row["reported_value"])
        ]
        was = row["reported_rating"]
        sentence = f"For {of} it is now {figures[0]}; the report showed {figures[1]}."
        moved = (was, rating) if was is not None and was != rating else (None, None)
        found.append(_told(What.RESTATED, row, sentence, *moved))
    return found


def _latest(row: Row) -> tuple[Decimal, str] | None:
    """What is known today of the figure that the report before showed: its value and rating."""
    if row["same_figure"]:
        return row["value"], row["rating"]
    if row["previous_value"] is not None and row["previous_period"] == row["reported_period"]:
        return row["previous_value"], row["previous_rating"]
    return None


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
