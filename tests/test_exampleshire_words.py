"""The words of the made-up council say what its figures say."""

from __future__ import annotations

import csv
import functools
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

import pytest

from data.exampleshire.generator import events, people, risks, sentences
from kpi_core import display
from kpi_core.periods import Frequency, Period
from kpi_core.rules import Rules
from kpi_core.words import Amber
from tests.conftest import ROOT

FOLDER = ROOT / "data" / "exampleshire"
MONTHS = [Period(Frequency.MONTH, month).words.split()[0] for month in range(12)]
RANK = {"low": 1, "medium": 2, "high": 3}

#: A figure as pages print it.
FIGURE = r"£?[\d,]*\d(?:\.\d+)?%?(?: min(?: \d+ s)?| s\b| days?| tonnes?)?"

Row = dict[str, str]


@functools.cache
def rows(table: str) -> list[Row]:
    with (FOLDER / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


QUARTERS = [row["period"] for row in rows("documents") if " Q" in row["period"]]
LAST_MONTHS = ["2025-10", "2025-11", "2025-12", "2026-01", "2026-02", "2026-03"]
WORDS = sentences.words()
DEFINITIONS = {row["indicator"]: row for row in rows("indicators")}
VALUES = {
    (row["indicator"], row["period"]): Decimal(row["value"])
    for row in rows("observations")
    if row["value"] and not row["item"] and row["basis"] == "period"
}
RULES = Rules.from_settings(
    "exampleshire",
    tomllib.loads((FOLDER / "organisation.toml").read_text(encoding="utf-8"), parse_float=Decimal),
)
COMMENTARY = rows("commentary")
TOLD = [row for row in COMMENTARY if row["indicator"] and row["kind"] == "commentary"]


# Officers


@pytest.mark.parametrize(
    ("report", "role", "periods"),
    [
        ("qpr", people.CABINET, QUARTERS),
        ("qpr", people.CORPORATE, QUARTERS),
        ("dashboard", people.CABINET, LAST_MONTHS),
        ("dashboard", people.DIRECTOR, LAST_MONTHS),
    ],
)
def test_every_section_has_its_officers(report: str, role: str, periods: list[str]) -> None:
    named = [
        (row["section"], Period.parse(row["from"]))
        for row in rows("officers")
        if (row["report"], row["role"]) == (report, role) and row["name"]
    ]
    for text in periods:
        at = Period.parse(text)
        answered = {section for section, since in named if at.year.start <= since.start < at.end}
        assert answered >= sections(report, at), text


def test_officers_change_and_one_holds_a_post_for_now() -> None:
    officers = rows("officers")
    holders = defaultdict(list)
    for row in sorted(officers, key=lambda row: row["from"]):
        holders[row["report"], row["section"], row["role"]].append(row["name"])
    changes = [len(set(names)) - 1 for names in holders.values()]
    assert sum(changes) > 20
    assert max(changes) <= 3
    assert len({row["name"] for row in officers if row["interim"] == "true"}) == 1


# The risk register


def test_changes_of_risks_follow_from_their_levels() -> None:
    registers = sorted({row["period"] for row in rows("risk_levels")})
    by_risk: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in rows("risks"):
        by_risk[row["risk"]][row["period"]] = row
    for courses in by_risk.values():
        for before, now in pairwise(registers):
            held = courses.get(now)
            was = courses.get(before, {}).get("level", "")
            if held is None:
                assert not was, (before, courses)
                continue
            if not was:
                expected = {"added", "escalated"}
            elif not held["level"]:
                expected = {"removed", "de-escalated"}
            elif RANK.get(was, 0) and RANK.get(held["level"], 0):
                step = RANK[held["level"]] - RANK[was]
                expected = {"increased"} if step > 0 else {"reduced"} if step else {""}
            else:
                expected = {""}
            assert held["change"] in expected, held


def test_every_way_in_which_a_risk_can_change_occurs() -> None:
    risks_held = rows("risks")
    assert {row["change"] for row in risks_held} == {
        "", "added", "escalated", "increased", "reduced", "removed", "de-escalated",
    }  # fmt: skip
    assert {row["level"] for row in risks_held} == {"", "low", "medium", "high", "tbc"}
    assert len({row["risk"] for row in risks_held if row["level"] == "tbc"}) == 1


def test_counts_of_risks_agree_with_the_register() -> None:
    counts = Counter((row["period"], row["level"]) for row in rows("risks"))
    levels = rows("risk_levels")
    assert len(levels) == 8
    for row in levels:
        assert [int(row[level]) for level in RANK] == [
            counts[row["period"], level] for level in RANK
        ]
        assert 11 <= sum(int(row[level]) for level in RANK) <= 16


def test_every_move_of_a_risk_has_a_reason() -> None:
    why = risks.reasons()
    moved = {(row["risk"], row["period"]) for row in rows("risks") if row["change"]}
    assert moved == {key for key in why if key in moved}


def test_actions_move_forward() -> None:
    by_action = defaultdict(list)
    for row in sorted(rows("risk_actions"), key=lambda row: row["period"]):
        by_action[row["risk"], row["action"]].append(row)
    for steps in by_action.values():
        ends = [row["status"] in ("complete", "closed") for row in steps]
        assert not any(ends[:-1]), steps
        assert all(a["update"] != b["update"] for a, b in pairwise(steps))
        if steps[0]["status"] == "regular review":
            assert {row["status"] for row in steps} == {"regular review"}
            continue
        due = [last_day(row["due"]) for row in steps]
        assert due == sorted(due), steps
        for row in steps:
            late = last_day(row["due"]) < Period.parse(row["period"]).end.isoformat()
            assert late or row["status"] != "outstanding", row
    statuses = {row["status"] for row in rows("risk_actions")}
    assert statuses == {
        "complete", "closed", "partially complete", "regular review", "outstanding",
    }  # fmt: skip


def test_a_risk_that_left_has_no_more_actions() -> None:
    held = {(row["risk"], row["period"]) for row in rows("risks") if row["level"]}
    assert {(row["risk"], row["period"]) for row in rows("risk_actions")} <= held


# Commentary


@pytest.mark.parametrize(
    ("report", "periods"), [("qpr", QUARTERS), ("dashboard", LAST_MONTHS)], ids=["qpr", "dashboard"]
)
def test_every_section_is_commented_on(report: str, periods: list[str]) -> None:
    for text in periods:
        said = {r["section"] for r in TOLD if (r["report"], r["period"]) == (report, text)}
        assert said == sections(report, Period.parse(text)), text


@pytest.mark.parametrize("quarter", QUARTERS)
def test_the_summary_counts_as_the_document_does(quarter: str) -> None:
    (first, *_) = [
        row["text"]
        for row in COMMENTARY
        if (row["period"], row["section"], row["kind"]) == (quarter, "", "summary")
    ]
    said = re.match(r"Of (\d+) KPIs, (\d+) (?:is|are) Green, (\d+) Amber and (\d+) Red\.", first)
    assert said, first
    (document,) = [row["document"] for row in rows("documents") if row["period"] == quarter]
    counts = {
        row["measure"]: row
        for row in rows("published_counts")
        if (row["document"], row["section"]) == (document, "TOTAL")
    }
    colours = ("green", "amber", "red")
    assert said.groups()[1:] == tuple(counts[colour]["count"] for colour in colours)
    for colour in colours:
        if previous := counts[colour]["previous"]:
            moved = display.change(int(counts[colour]["count"]), int(previous))
            expected_words = f"{moved} {colour.capitalize()}"
            assert (expected_words in first) == (moved != "same"), first


def test_every_red_is_spoken_of_with_what_is_done_about_it() -> None:
    later = {(restated.indicator, restated.period) for restated in events.RESTATED}
    told = {
        (row["indicator"], row["period"]): row["text"] for row in TOLD if row["report"] == "qpr"
    }
    period_of = {row["document"]: row["period"] for row in rows("documents")}
    reds = {
        (row["indicator"], period_of[row["document"]])
        for row in rows("published")
        if row["rating"] == "RED"
    }
    assert len(reds) > 20
    for key in reds - later:
        actions = WORDS[key[0]]["action"]
        assert any(told[key].endswith(action) for action in actions), key


@pytest.mark.parametrize(
    "row", TOLD, ids=[f"{r['report']} {r['period']} {r['indicator']}" for r in TOLD]
)
def test_every_number_is_that_of_the_figures(row: Row) -> None:
    code, text = row["indicator"], row["text"]
    definition = DEFINITIONS[code]
    before, after = re.escape(WORDS[code]["fact"]).split(re.escape("{v}"))
    fact = re.search(f"{before}(?P<v>{FIGURE}){after}", text, re.IGNORECASE)
    assert fact, text
    periods = stretch(text, row["period"])
    value = figure_of(code, periods)
    assert value is not None, text
    assert fact["v"] == shown(value, definition), text
    rest = text[: fact.start()] + text[fact.end() :]

    def one(pattern: str) -> str | None:
        found = re.search(pattern, rest)
        return found and found[1]

    step = 12 // {"month": 12, "quarter": 4, "year": 1}[str(periods[-1].frequency)]
    if said := one(rf"(?:was|from) ({FIGURE}) in the (?:month|quarter) before"):
        assert said == shown(VALUES[code, str(periods[-1].shift(-1))], definition), text
    for pattern in (rf"ear earlier it was ({FIGURE})", rf"({FIGURE}) (?:of )?a year earlier"):
        if said := one(pattern):
            then = figure_of(code, [period.shift(-12 // step) for period in periods])
            assert then is not None
            assert said == shown(then, definition), text
    if said := one(r", ([^,]+?) (?:short of|above|below|better than) the target of"):
        target = number(one(r"the target of ([£\d,.]+)"))
        assert number(said) == abs(round_as(value, definition) - target), text
    if said := one(r"the target of ([£\d,.]*\d)"):
        assert number(said) in aims(code, row["period"], periods[-1], "target"), text
    if said := one(r"the (?:floor|Amber limit) of ([£\d,.]*\d)"):
        assert number(said) in limits_of(code, row["period"], periods[-1]), text
        assert ("the floor of" in rest) == (RULES.rule_of(code).by is Amber.FLOOR), text
    if said := one(rf"than the ({FIGURE}) of a year ago"):
        assert RULES.rule_of(code).by is Amber.YEAR_AGO, text
        assert number(said) in limits_of(code, row["period"], periods[-1]), text
    assert (", which was met a year ago" not in rest) or was_met(code, periods[-1]), text
    if said := one(r"(above|below|within) the expected range"):
        low, high = expected(code, periods[-1])
        assert low is not None
        assert high is not None
        place = "below" if value < low else "above" if value > high else "within"
        assert said == place, text


def test_no_sentence_of_the_words_brings_a_number_of_its_own() -> None:
    for code, words in WORDS.items():
        for key in ("better", "worse", "action", "up", "down"):
            for sentence in words.get(key, []):
                assert not re.search(r"\d", re.sub(r"^(?:Q\d )*Q\d: ", "", sentence)), (
                    code,
                    sentence,
                )
                assert sentence.endswith("."), sentence


def test_names_in_the_text_are_no_places() -> None:
    """A capital inside a sentence is a month, a rating, a body of the state or a section's name."""
    known = set(MONTHS) | {
        "Amber", "Blue", "Badge", "Cabinet", "Checks", "Environmental", "Freedom", "Green", "Health",
        "IT", "Information", "KPI", "KPIs", "NHS", "Quarter", "Red", "Saturday", "Saturdays",
        "Regulations", "Act",
    }  # fmt: skip
    known |= {word for row in rows("sections") for word in re.findall(r"[\w']+", row["section"])}
    texts = [row["text"] for row in COMMENTARY] + [row["update"] for row in rows("risk_actions")]
    for text in texts:
        for sentence in re.split(r"(?<=[.;:]) |\(", text):
            inside = re.findall(r"(?<=[\w,] )[A-Z][A-Za-z']+", sentence)
            assert set(inside) <= known, text


# How the texts are read


def sections(report: str, at: Period) -> set[str]:
    return {
        row["section"]
        for row in rows("sections")
        if (row["report"], row["year"]) == (report, str(at.year))
    }


def last_day(text: str) -> str:
    day, month, year = text.split()
    return f"{year}-{MONTHS.index(month) + 1:02d}-{int(day):02d}"


def stretch(text: str, report: str) -> list[Period]:
    """The periods that the first sentence says its figure is about."""
    at = Period.parse(report)
    month = rf"((?:{'|'.join(MONTHS)})) (\d{{4}})"
    if found := re.search(rf"(?i)from April(?: \d{{4}})? to {month}", text):
        last = month_of(found[1], found[2])
        return [p for p in same_length(at, last.year) if p.end_month <= last.end_month]
    if found := re.search(rf"(?i)(?:twelve months to|end of) {month}", text):
        last = month_of(found[1], found[2])
        return [last.ending_with(at.frequency)]
    if found := re.search(r"(?i)in Quarter (\d) of (\d{4}/\d\d)", text):
        return [Period.parse(f"{found[2]} Q{found[1]}")]
    if found := re.search(r"(?i)in (\d{4}/\d\d)", text):
        return [Period.parse(found[1])]
    if found := re.search(rf"(?i)in {month}", text):
        return [month_of(found[1], found[2])]
    assert re.search(rf"(?i)in Quarter {report[-1]}\b", text), text
    return [at]


def month_of(name: str, year: str) -> Period:
    return Period.parse(f"{year}-{[m.lower() for m in MONTHS].index(name.lower()) + 1:02d}")


def same_length(at: Period, year: Period) -> Iterator[Period]:
    period = Period.containing(year.start, at.frequency)
    while period.end_month <= year.end_month:
        yield period
        period = period.shift(1)


def figure_of(code: str, periods: list[Period]) -> Decimal | None:
    found = [VALUES.get((code, str(period))) for period in periods]
    return None if None in found else sum((v for v in found if v is not None), Decimal(0))


def round_as(value: Decimal, definition: Row) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-int(definition["decimals"])), ROUND_HALF_UP)


def shown(value: Decimal, definition: Row) -> str:
    return display.figure(value, definition["unit"], int(definition["decimals"]))


def number(text: str | None) -> Decimal:
    assert text is not None
    found = re.search(r"[\d,]*\.?\d+", text)
    assert found, text
    return Decimal(found[0].replace(",", ""))


def aims(code: str, report: str, period: Period, column: str) -> list[Decimal]:
    """What is set for the figure's own period, or else for the whole year of the report."""
    found = [row for row in rows("targets") if row["indicator"] == code and row[column]]
    own = [row for row in found if row["period"] == str(period)]
    year = str(Period.parse(report).year)
    whole = [row for row in found if not row["period"] and row["year"] == year]
    return [Decimal(row[column]) for row in own or whole]


def limits_of(code: str, report: str, period: Period) -> list[Decimal]:
    """Where Amber ends by the KPI's own rule: its floor, its tolerance, or the year before."""
    rule = RULES.rule_of(code)
    if rule.by is Amber.FLOOR:
        return aims(code, report, period, "floor")
    if rule.by is Amber.YEAR_AGO:
        then = figure_of(code, [period.shift(-12 // period.frequency.months)])
        return [] if then is None else [then]
    assert rule.by is Amber.POINTS
    sign = {"higher": -1, "lower": 1}[DEFINITIONS[code]["polarity"]]
    assert rule.tolerance is not None
    return [target + sign * rule.tolerance for target in aims(code, report, period, "target")]


def was_met(code: str, period: Period) -> bool:
    """Whether the target was met a year before: no lower than the one of today."""
    then = figure_of(code, [period.shift(-12 // period.frequency.months)])
    (target,) = aims(code, str(period), period, "target")
    return then is not None and then >= target


def expected(code: str, period: Period) -> tuple[Decimal | None, Decimal | None]:
    found = [
        r for r in rows("thresholds") if (r["indicator"], r["year"]) == (code, str(period.year))
    ]
    own = [r for r in found if r["period"] == str(period)] or [r for r in found if not r["period"]]
    low, high = own[0]["lower"], own[0]["upper"]
    return (Decimal(low) if low else None), (Decimal(high) if high else None)


def test_the_words_are_well_formed() -> None:
    for name in ("words_kpis.toml", "words_activities.toml"):
        text = (FOLDER / "generator" / name).read_text(encoding="utf-8")
        for code, words in tomllib.loads(text).items():
            assert "{v}" in words["fact"], code
            assert code in DEFINITIONS
