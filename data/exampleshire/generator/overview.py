"""The summaries of a report: of the whole, of each section, and of the risk register."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from data.exampleshire.generator import risks
from data.exampleshire.generator.sentences import Row, sentence_case
from data.exampleshire.generator.shown import Report
from kpi_core import display
from kpi_core.periods import Frequency, Period
from kpi_core.wording import PLAIN
from kpi_core.words import DECIDED, Direction, Rating

AUTHOR = "Head of Performance"

#: The register that goes with a quarter's report is two months younger than the quarter.
_LATER = 2
_STATUSES = ("complete", "closed", "partially complete", "regular review", "outstanding")


def of_report(shown: Report, earlier: Report | None, words: Mapping[str, Row]) -> Iterator[str]:
    """Two paragraphs: the counts against those of the report before, and what changed most."""
    kpis = shown.kpis
    now = Counter(row["rating"] for row in kpis)
    before = (
        Counter(row["rating"] for row in earlier.kpis)
        if earlier
        else Counter(row["previous_rating"] for row in kpis)
    )
    counts = [f"{now[r]} {_is(now[r]) if r is DECIDED[0] else ''}{PLAIN.label(r)}" for r in DECIDED]
    moves = [
        f"{display.change(now[r], before[r])} {PLAIN.label(r)}"
        for r in DECIDED
        if now[r] != before[r]
    ]
    against = join(moves) if moves else "no change"
    said = [f"Of {len(kpis)} KPIs, {join(counts)}. Against the quarter before: {against}."]
    others = [
        f"{display.count(now[rating])} {_open(rating, now[rating])}"
        for rating in _OPEN
        if now[rating]
    ]
    if others:
        said.append(f"{sentence_case(join(others))}.")
    heading = Counter(row["direction"] for row in kpis)
    better, worse = heading[Direction.IMPROVING], heading[Direction.WORSENING]
    said.append(
        f"The trend is improving for {display.count(better)} and worsening for {display.count(worse)}."
    )
    yield " ".join(said)
    yield " ".join(_changes(kpis, shown.at, words))


#: What is said of KPIs without a colour, of one and of several.
_OPEN = {
    Rating.NO_DATA: ("has no figure", "have no figure"),
    Rating.NOT_RATED: ("is not rated", "are not rated"),
    Rating.UNDECIDED: (
        "missed its target and has no floor", "missed their target and have no floor",
    ),
}  # fmt: skip


def _open(rating: Rating, count: int) -> str:
    return _OPEN[rating][count != 1]


def _is(count: int) -> str:
    return "is " if count == 1 else "are "


def _changes(kpis: Sequence[Row], at: Period, words: Mapping[str, Row]) -> Iterator[str]:
    """Which KPIs are newly Red, which no longer, and where most of the Reds are."""
    red = [row for row in kpis if row["rating"] == Rating.RED]
    fresh = [row for row in red if row["previous_rating"] in (Rating.GREEN, Rating.AMBER)]
    left = [
        row
        for row in kpis
        if row["previous_rating"] == Rating.RED and row["rating"] in (Rating.GREEN, Rating.AMBER)
    ]
    lasting = [row for row in red if row["previous_rating"] == Rating.RED]
    for what, rows in (("Newly Red", fresh), ("Still Red", lasting), ("No longer Red", left)):
        if rows:
            yield f"{what}: {_named(rows, words)}."
    if not fresh and not left:
        yield f"No KPI has turned Red or ceased to be Red since the {at.frequency} before."
    places = Counter(row["section"] for row in red)
    most = [f"{name} ({count})" for name, count in places.items() if count > 1]
    if most:
        yield f"More than one Red is found in {join(most)}."
    met = [
        row
        for row in kpis
        if row["rating"] == Rating.GREEN and row["previous_rating"] in (Rating.AMBER, Rating.RED)
    ]
    if met:
        yield f"Targets missed in the quarter before and now met: {_named(met, words)}."


def of_section(kpis: Sequence[Row], words: Mapping[str, Row]) -> str:
    """How a section's KPIs are rated and which of them changed, in one or two sentences."""
    counts = Counter(row["rating"] for row in kpis)
    parts = [
        f"{display.count(counts[r])} {_rated(r, counts[r])}"
        for r in (*DECIDED, *_OPEN)
        if counts[r]
    ]
    all_of_them = len(kpis)
    if all_of_them == 1:
        said = [f"The section's one KPI {_rated(Rating(kpis[0]['rating']), 1)}."]
    elif len(parts) == 1:
        (rating,) = counts
        both = "Both KPIs" if all_of_them == 2 else f"All {display.count(all_of_them)} KPIs"
        said = [f"{both} {_rated(Rating(rating), all_of_them)}."]
    else:
        said = [f"Of {display.count(all_of_them)} KPIs, {join(parts)}."]
    for row in kpis:
        rating, before = Rating(row["rating"]), row["previous_rating"]
        if before not in DECIDED or rating not in DECIDED or before == rating:
            continue
        name = sentence_case(words[row["indicator"]]["short"])
        said.append(
            f"{name}: {PLAIN.label(rating)}, after {PLAIN.label(before)} in the quarter before."
        )
    red = [
        row for row in kpis if row["rating"] == Rating.RED and row["previous_rating"] == Rating.RED
    ]
    if red:
        said.append(f"Still Red: {_named(red, words)}.")
    return " ".join(said)


def _rated(rating: Rating, count: int) -> str:
    if rating in _OPEN:
        return _open(rating, count)
    return f"{'is' if count == 1 else 'are'} {PLAIN.label(rating)}"


def of_register(register: Mapping[str, Sequence[Mapping[str, str]]], at: Period) -> Iterator[str]:
    """The number of risks at each level, what changed and why, and how the actions stand."""
    now = str(Period(Frequency.MONTH, at.end_month - 1 + _LATER, at.year_start))
    before = str(Period(Frequency.MONTH, at.end_month - 4 + _LATER, at.year_start))
    levels = {row["period"]: row for row in register["risk_levels"]}
    if now not in levels:
        return
    said = f"In {_month(now)} there were {_levels(levels[now])} risks"
    if before in levels:
        said += f"; in {_month(before)} there were {_levels(levels[before])}"
    yield f"{said}."
    why = risks.reasons()
    moved = {"increased": "rose to", "reduced": "fell to"}
    changes = []
    for row in register["risks"]:
        change = row["change"]
        if row["period"] != now or not change:
            continue
        what = f"{moved[change]} {row['level']}" if change in moved else _came_or_went(change)
        changes.append(f"{row['title']} ({row['risk']}) {what}. {why[row['risk'], now]}")
    yield from changes or ["No risk changed its level, joined the register or left it."]
    statuses = Counter(row["status"] for row in register["risk_actions"] if row["period"] == now)
    parts = [
        f"{statuses[status]} {_STATUS_WORDS[status]}" for status in _STATUSES if statuses[status]
    ]
    yield f"Updates were given on {sum(statuses.values())} actions: {join(parts)}."


_STATUS_WORDS = {
    "complete": "complete",
    "closed": "closed",
    "partially complete": "partially complete",
    "regular review": "under regular review",
    "outstanding": "outstanding",
}


def _came_or_went(change: str) -> str:
    return {
        "added": "was added to the register",
        "escalated": "was escalated to the corporate register",
        "removed": "was removed from the register",
        "de-escalated": "was de-escalated to its directorate's register",
    }[change]


def _levels(row: Mapping[str, str]) -> str:
    return join([f"{row[level]} {level}" for level in ("low", "medium", "high")])


def _month(text: str) -> str:
    return Period.parse(text).words


def _named(rows: Sequence[Row], words: Mapping[str, Row]) -> str:
    return join([words[row["indicator"]]["short"] for row in rows])


def join(parts: Sequence[str]) -> str:
    """`a, b and c`; parts that have commas themselves are set apart by semicolons."""
    *first, last = parts
    if any("," in part for part in parts):
        return "; ".join(parts)
    return f"{', '.join(first)} and {last}" if first else last
