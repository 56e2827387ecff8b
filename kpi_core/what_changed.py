"""Two minutes for a member: what is another than in the last edition, in plain sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

import polars as pl

from kpi_core import summary
from kpi_core.periods import Period
from kpi_core.wording import PLAIN, Wording
from kpi_core.words import DECIDED, TRENDS, Direction, FigureBasis, Rating


class Change(StrEnum):
    """What changed, in the order in which a member should read it."""

    WORSE = "rated worse"
    BETTER = "rated better"
    WORSENING = "worsening now"
    IMPROVING = "improving now"
    STEADY = "no longer moving"
    SILENT = "no figure"
    SPEAKING = "a figure again"
    NEW = "new"
    GONE = "no longer reported"


CHANGE = pl.Enum([str(change) for change in Change])

_PLACE = {str(rating): place for place, rating in enumerate(DECIDED)}
_TURNS = {
    Direction.WORSENING: Change.WORSENING,
    Direction.IMPROVING: Change.IMPROVING,
    Direction.STABLE: Change.STEADY,
}


def changes(
    now: pl.DataFrame, before: pl.DataFrame, at: Period, wording: Wording = PLAIN
) -> pl.DataFrame:
    """What changed between two editions, the gravest first, then in the order of the report.

    Takes two scorecards as `scorecard.kpis` gives them; only the figures of the period count. Returns
    indicator, name, section String, change (CHANGE), sentence String. A KPI has one row at most for
    its rating or its figure, and one for its direction; what stayed as it was has none.
    """
    there, then = (_by_indicator(card) for card in (now, before))
    rows = [
        (kpi["indicator"], kpi["name"], kpi["section"], change, sentence)
        for kpi in [*there.values(), *(kpi for code, kpi in then.items() if code not in there)]
        for change, sentence in _of(
            there.get(kpi["indicator"]), then.get(kpi["indicator"]), at, wording
        )
    ]
    schema: dict[str, type[pl.DataType] | pl.Enum] = {
        "indicator": pl.String, "name": pl.String, "section": pl.String, "change": CHANGE,
        "sentence": pl.String,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row").sort("change", maintain_order=True)


def _by_indicator(card: pl.DataFrame) -> dict[str, Mapping[str, Any]]:
    rows = card.filter(pl.col("basis") == FigureBasis.PERIOD).iter_rows(named=True)
    return {row["indicator"]: row for row in rows}


def _of(
    now: Mapping[str, Any] | None, then: Mapping[str, Any] | None, at: Period, wording: Wording
) -> Iterator[tuple[Change, str]]:
    if now is None:
        yield Change.GONE, "It is no longer reported."
    elif then is None:
        yield Change.NEW, f"New in this report: {summary.reason(now, wording)}"
    else:
        yield from _of_figure(now, then, at, wording)
        yield from _of_direction(now["direction"], then["direction"], wording)


def _of_figure(
    now: Mapping[str, Any], then: Mapping[str, Any], at: Period, wording: Wording
) -> Iterator[tuple[Change, str]]:
    rated, was = str(now["rating"]), str(then["rating"])
    label = wording.label(Rating(rated))
    if rated in _PLACE and was in _PLACE and rated != was:
        worse = _PLACE[rated] > _PLACE[was]
        sentence = f"{label}; it was {wording.label(Rating(was))}. {_capital(summary.reason(now, wording))}"
        yield (Change.WORSE if worse else Change.BETTER), sentence
    elif now["value"] is None and then["value"] is not None:
        yield Change.SILENT, f"There is no figure for {at.words}."
    elif now["value"] is not None and then["value"] is None:
        known = f"{label}: " if rated in _PLACE else ""
        yield Change.SPEAKING, f"It has a figure again. {known}{summary.reason(now, wording)}"


def _of_direction(
    heads: str | None, headed: str | None, wording: Wording
) -> Iterator[tuple[Change, str]]:
    if heads in TRENDS and headed in TRENDS and heads != headed:
        said, was = (wording.direction_label(one).lower() for one in (heads, headed))
        yield _TURNS[Direction(heads)], f"Its direction is {said}; it was {was}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
