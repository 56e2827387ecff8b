"""Commentary of Exampleshire's reports: what services say of their figures, in their own order.

A paragraph is made from the rows that the report itself shows, so that no number in it can differ
from the page. `sentences` has the grammar, `notes.toml` what belongs to an indicator for good.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from data.exampleshire.generator import overview, people, sentences
from data.exampleshire.generator.shown import (
    QUARTERLY,
    Report,
    can_be_told,
    report_of,
    share_moved,
    with_ratings_of,
    year_ago,
)
from data.exampleshire.generator.standing import Row
from data.exampleshire.generator.turns import Turns
from kpi_core.figures import Figures
from kpi_core.periods import Frequency
from kpi_core.words import Direction, Rating

SOURCE = "made up"

#: Reds whose action nobody wrote: planted, for the page of the commentary to find.
FORGOTTEN = {("GP03", "2025/26 Q4")}

#: How many KPIs a section's commentary speaks of, Reds apart: all of those are spoken of.
_KPIS = 2
_KPIS_OF_MONTH = 1

#: What makes a KPI worth a paragraph.
_WEIGHT = {Rating.RED: 6.0, Rating.AMBER: 2.0, Rating.UNDECIDED: 2.0}
_CHANGED, _TRENDING, _JUST_SAID = 4.0, 1.0, -3.0
#: A change against the year before that is worth telling of an activity indicator.
_CHANGE = Decimal("0.05")


def commentary(
    editions: Mapping[str, Figures],
    register: Mapping[str, Sequence[Mapping[str, str]]],
    chance: Random,
    skip: Collection[tuple[str, str]] = (),
) -> dict[str, list[dict[str, str]]]:
    """Rows for commentary.csv.

    `editions` has, by period (`2024/25 Q1` for the quarterly report, `2026-03` for the monthly
    one), in order of time, the figures as they were known when that period's report was written;
    where nothing was restated since, all may be the same. `register` is what `risks.register` gave.
    Of an indicator and period in `skip` (a figure restated later, or wrong on purpose) nothing is
    said. Each quarter has a summary of the whole report and of each section, one to three
    paragraphs for each section, an action for each Red, and notes; each month one or two paragraphs for each section.
    Same figures and same seed, same rows.
    """
    words = sentences.words()
    turns = Turns(chance)
    rows: list[dict[str, str]] = []
    said_before: dict[str, set[str]] = {}
    earlier: dict[str, Report] = {}
    for text, figures in editions.items():
        at = figures.organisation.period(text)
        shown = report_of(figures, at, skip)
        before = earlier.get(shown.report)
        if before is not None:
            with_ratings_of(shown, before)
        earlier[shown.report] = shown
        author = _author(shown.report)
        if shown.report == QUARTERLY:
            rows += _overview(shown, before, register)
        now: set[str] = set()
        for section in dict.fromkeys(row["section"] for row in shown.kpis):
            if shown.report == QUARTERLY:
                summary = overview.of_section(_of(shown.kpis, section), words)
                rows.append(
                    _row(
                        shown,
                        "summary",
                        1,
                        summary,
                        author=author,
                        section=section,
                        heading=section,
                    )
                )
            chosen = list(_chosen(shown, section, said_before.get(shown.report, set()), turns))
            for order, row in enumerate(chosen, start=1):
                now.add(row["indicator"])
                rows.append(_paragraph(shown, row, order, words, turns))
        said_before[shown.report] = now
        rows += _notes(shown)
        rows += _actions(shown, words)
    return {"commentary": rows}


def _author(report: str) -> str:
    return people.CORPORATE if report == QUARTERLY else people.DIRECTOR


def _of(rows: Sequence[Row], section: str) -> list[Row]:
    return [row for row in rows if row["section"] == section]


def _chosen(shown: Report, section: str, just_said: set[str], turns: Turns) -> Iterator[Row]:
    """The rows that the section speaks of: every Red, what changed or matters most, one activity."""
    kpis = [row for row in _of(shown.kpis, section) if can_be_told(shown, row)]
    monthly = shown.report != QUARTERLY
    if monthly:
        kpis = [row for row in kpis if row["frequency"] == Frequency.MONTH]
    ranked = sorted(kpis, key=lambda row: -_notable(row, just_said, turns))
    most = _KPIS_OF_MONTH if monthly else _KPIS
    reds = [row for row in ranked if row["rating"] == Rating.RED]
    told = ranked[:most] if len(reds) < most else reds
    yield from sorted(told, key=lambda row: row["order"])
    activities = [row for row in _of(shown.activities, section) if can_be_told(shown, row)]
    outside = [row for row in activities if row["alert"] in ("Above", "Below")]
    moved = [row for row in activities if share_moved(shown, row) >= _CHANGE]
    candidates = outside or ([] if monthly and told else moved or activities)
    fresh = [row for row in candidates if row["indicator"] not in just_said] or candidates
    if fresh:
        code = turns.pick([row["indicator"] for row in fresh])
        yield next(row for row in fresh if row["indicator"] == code)


def _notable(row: Row, just_said: set[str], turns: Turns) -> float:
    rating, before = row["rating"], row["previous_rating"]
    score = _WEIGHT.get(Rating(rating), 0.0)
    if before is not None and before != rating:
        score += _CHANGED
    if row["direction"] in (Direction.IMPROVING, Direction.WORSENING):
        score += _TRENDING
    if row["indicator"] in just_said:
        score += _JUST_SAID
    return score + turns.between_0_and_1()


def _paragraph(
    shown: Report, row: Row, order: int, words: Mapping[str, Any], turns: Turns
) -> dict[str, str]:
    own = words[row["indicator"]]
    if "rating" not in row:
        text = sentences.of_activity(row, year_ago(shown, row), shown.at, own, turns)
    elif shown.report == QUARTERLY:
        yearly = row["frequency"] == Frequency.YEAR
        then = None if yearly else shown.ago(row, 12)
        text = sentences.of_kpi(row, then, shown.at, own, turns)
    else:
        to_date = shown.to_date.get(row["indicator"])
        text = sentences.of_month(row, to_date, shown.at, own, turns)
    heading = own["topic"] if shown.report == QUARTERLY else ""
    author = _author(shown.report)
    return _row(
        shown, "commentary", order, text, author=author, section=row["section"],
        indicator=row["indicator"], heading=heading,
    )  # fmt: skip


def _overview(
    shown: Report, before: Report | None, register: Mapping[str, Sequence[Mapping[str, str]]]
) -> Iterator[dict[str, str]]:
    """The summary of the whole report, and what its risk register says."""
    order = 0
    for heading, texts in (
        ("Overall", overview.of_report(shown, before, sentences.words())),
        ("Corporate risk register", overview.of_register(register, shown.at)),
    ):
        for text in texts:
            order += 1
            yield _row(shown, "summary", order, text, author=overview.AUTHOR, heading=heading)


def _notes(shown: Report) -> Iterator[dict[str, str]]:
    """What belongs to an indicator: in every quarter from its first to its last."""
    path = Path(__file__).with_name("notes.toml")
    orders: dict[tuple[str, str], int] = {}
    placed = {row["indicator"]: row["section"] for row in (*shown.kpis, *shown.activities)}
    for note in tomllib.loads(path.read_text(encoding="utf-8"))["note"]:
        code, kind = note["indicator"], note["kind"]
        begun = note.get("from", "") <= str(shown.at) <= note.get("to", "9")
        if shown.report != QUARTERLY or code not in placed or not begun:
            continue
        section = placed[code]
        orders[section, kind] = orders.get((section, kind), 0) + 1
        order = orders[section, kind]
        yield _row(shown, kind, order, note["text"], section=section, indicator=code)


def _actions(shown: Report, words: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """What management does about each Red of a quarter, and by when: two quarters on."""
    due = shown.at.shift(2)
    for order, row in enumerate(shown.kpis, start=1):
        code = row["indicator"]
        told = shown.report == QUARTERLY and row["rating"] == Rating.RED
        if not told or (code, str(shown.at)) in FORGOTTEN:
            continue
        ways = words[code]["action"]
        # By turns, without chance: the rest of the commentary stays as it is.
        way = ways[shown.at.end_month // shown.at.frequency.months % len(ways)]
        text = f"{way} Results are due by the end of {due.last_month_words}."
        yield _row(
            shown, "action", order, text, author=people.CORPORATE, section=row["section"],
            indicator=code,
        )  # fmt: skip


def _row(
    shown: Report,
    kind: str,
    order: int,
    text: str,
    *,
    author: str = "",
    section: str = "",
    indicator: str = "",
    heading: str = "",
) -> dict[str, str]:
    return {
        "report": shown.report,
        "section": section,
        "indicator": indicator,
        "period": str(shown.at),
        "kind": kind,
        "order": str(order),
        "heading": heading,
        "text": text,
        "author": author,
        "source": SOURCE,
    }
