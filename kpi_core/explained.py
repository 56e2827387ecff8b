"""What an organisation has set, in plain words: for the page that explains its rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from kpi_core import display
from kpi_core.organisation import Organisation
from kpi_core.periods import APRIL
from kpi_core.rules import AmberRule
from kpi_core.wording import Wording
from kpi_core.words import Amber, Comparison, Rating

_MONTHS = {1: "January", APRIL: "April", 7: "July", 10: "October"}
_COMPARISONS = {
    Comparison.REGRESSION: "regression over the figures charted",
    Comparison.PREVIOUS: "the period against the one before",
    Comparison.YEAR_AGO: "the period against the same one a year before",
}


@dataclass(frozen=True, slots=True)
class RatingSaid:
    """A rating as the organisation has it."""

    rating: Rating
    meaning: str
    light: str  #: the colour of its mark, `#rrggbb`
    dark: str


def ratings(organisation: Organisation) -> list[RatingSaid]:
    """The ratings that can occur, each with what it means and its colours."""
    wording = organisation.wording
    found = []
    for rating in Rating:
        if rating is not Rating.AMBER or wording.has_amber:
            light, dark = organisation.colours.of(rating)
            found.append(RatingSaid(rating, wording.meaning(rating), light.mark, dark.mark))
    return found


def settings(
    organisation: Organisation, titles: Mapping[str, str] | None = None
) -> list[tuple[str, str]]:
    """What was set and to what, each a name and a sentence: the council's own values.

    `titles` are those of the reports, by code.
    """
    wording = organisation.wording
    return [
        ("Financial year", f"Begins in {_MONTHS[organisation.year_start]}."),
        (f"{wording.label(Rating.AMBER)} or {wording.label(Rating.RED)}", _amber(wording)),
        *_own_rules(wording),
        *_closeness(wording.rules.amber, wording),
        ("Direction of travel", _direction(wording)),
        *_reports(organisation, titles or {}),
        ("Figures", _figures(wording)),
    ]


def _amber(wording: Wording) -> str:
    return f"A KPI that misses its target is {_while(wording.rules.amber, wording)}."


def _while(rule: AmberRule, wording: Wording) -> str:
    """`Amber down to its floor standard, else Red`."""
    amber, red = wording.label(Rating.AMBER), wording.label(Rating.RED)
    held = {
        Amber.FLOOR: "down to its floor standard",
        Amber.POINTS: f"within {_plain(rule.tolerance, wording)} of its target, in the KPI's own unit",
        Amber.PERCENT: f"within {_plain(rule.tolerance, wording)}% of its target",
        Amber.YEAR_AGO: "as long as it is no worse than in the same period a year before",
    }
    return red if rule.by is Amber.NONE else f"{amber} {held[rule.by]}, else {red}"


def _own_rules(wording: Wording) -> Iterator[tuple[str, str]]:
    for indicator, rule in wording.rules.own:
        said = f"Off target it is {_while(rule, wording)}."
        close = "".join(f" {text}" for _, text in _closeness(rule, wording))
        yield f"KPI {indicator}", said + close


def _closeness(rule: AmberRule, wording: Wording) -> list[tuple[str, str]]:
    if not rule.closeness:
        return []
    near = _plain(rule.closeness, wording)
    return [("On target", f"Where the target itself is best, up to {near} off it is on target.")]


def _direction(wording: Wording) -> str:
    first, *others = (_COMPARISONS[by] for by in wording.rules.directions)
    said = f"By {first}." + (f" Beside it: {'; '.join(others)}." if others else "")
    if set(wording.rules.directions) == {Comparison.REGRESSION}:
        return said
    tie = wording.rules.tie
    same = f"A difference of up to {_plain(tie, wording)}" if tie else "Only an equal figure"
    return f"{said} {same} is no change."


def _reports(organisation: Organisation, titles: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    quarterly, monthly, *to_date = (
        titles.get(code, code)
        for code in (organisation.quarterly, organisation.monthly, *organisation.year_to_date)
    )
    yield "Reports", f"{quarterly} for a quarter or a year, {monthly} for a month."
    if to_date:
        yield "Year to date", f"Rated beside the period in: {', '.join(to_date)}."


def _figures(wording: Wording) -> str:
    money = display.figure(Decimal("1234.5"), "currency", 2, wording)
    return f"Shown as {display.number(Decimal('12345.6'), 1, wording)} and {money}."


def _plain(value: Decimal | None, wording: Wording) -> str:
    return "–" if value is None else display.limit(value, "number", wording)
