"""Ratings, targets and floors as a text has them, where the KPI's own say otherwise."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal

from kpi_core import display
from kpi_core.commentary.sentences import Sentence
from kpi_core.commentary.subject import Standing, Subject
from kpi_core.words import DECIDED, Polarity, Rating

#: What speaks of another time than the period's own.
_EARLIER = re.compile(
    r"\b(?:before|last|previous|previously|earlier|ago|since|until|had (?:been|met|missed)|years|from|of 20\d\d)\b",
    re.IGNORECASE,
)
_MET = re.compile(
    r"\b(?:met|meets|achiev(?:ed|es)|exceed(?:ed|s)|reach(?:ed|es)|hit|beat|beats) "
    r"(?:its|the|their|our|this) (?:\S+ )?target\b|"
    r"\btarget (?:is|was|has been) (?:met|achieved|exceeded|reached|hit)\b",
    re.IGNORECASE,
)
_MISSED = re.compile(
    r"\b(?:miss(?:ed|es)|short of|failed to meet) (?:its|the|their|our|this) (?:\S+ )?target\b|"
    r"\btarget (?:is|was|has been) missed\b",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    r"\b(?P<side>above|over|below|under) (?:(?:its|the|their|our) )?(?P<limit>target|floor)\b",
    re.IGNORECASE,
)
_IS = (
    r"(?:rated(?: as| at)?|rating (?:is|of)|is|are|was|were|remains?|remained|stays?|stayed|"
    r"turned|now|back to|moved to)"
)
_MISSING = {Rating.AMBER, Rating.RED, Rating.UNDECIDED}


def contradicted(sentence: Sentence, about: Subject) -> Iterator[str]:
    """What a sentence about the KPI says of its rating, target or floor that does not hold.

    What holds for the period's figure or for the year to date is taken to be meant.
    """
    text = sentence.text
    if not (about.is_kpi and sentence.own and sentence.is_sure) or _EARLIER.search(text):
        return
    yield from _colour(text, about)
    ratings = {standing.rating for standing in about.standings}
    if (match := _MET.search(text)) and ratings and ratings <= _MISSING:
        yield f"The text says “{match[0]}”, but {_rated(about)}. Which is right?"
    if (match := _MISSED.search(text)) and ratings == {Rating.GREEN}:
        yield f"The text says “{match[0]}”, but {_rated(about)}. Which is right?"
    if about.polarity == Polarity.HIGHER:
        yield from _beside(text, about)


def _colour(text: str, about: Subject) -> Iterator[str]:
    names = {about.wording.label(rating): rating for rating in DECIDED}
    held = {standing.rating for standing in about.standings}
    either = "|".join(re.escape(name) for name in names)
    for match in re.finditer(rf"\b{_IS} (?P<name>{either})(?!\w)(?! [A-Z])", text):
        if held & set(DECIDED) and names[match["name"]] not in held:
            yield f"The text says “{match['name']}”, but {_rated(about)}. Which is right?"


def _beside(text: str, about: Subject) -> Iterator[str]:
    """`above target`, `below the floor`: only where higher is better. Where lower is, some mean the
    figure by it and some how good it is.
    """
    for match in _BESIDE.finditer(text):
        limit = match["limit"].lower()
        over = match["side"].lower() in {"above", "over"}
        judged = [pair for one in about.standings if (pair := _limit_of(one, limit))]
        if judged and not any(
            (value > bound) if over else (value < bound) for value, bound in judged
        ):
            value, bound = judged[0]
            now = display.figure(value, about.unit, about.decimals, about.wording)
            at = display.limit(bound, about.unit, about.wording)
            yield (
                f"The text says “{match[0]}”, but {about.called} is at {now} and its {limit} at {at}. "
                "Which is right?"
            )


def _limit_of(standing: Standing, limit: str) -> tuple[Decimal, Decimal] | None:
    bound = standing.target if limit == "target" else standing.floor
    if standing.value is None or bound is None:
        return None
    return standing.value, bound


def _rated(about: Subject) -> str:
    label: Callable[[str], str] = about.wording.label
    first, *others = about.standings
    said = f"{about.called} is {label(first.rating)}"
    return said + "".join(f", and {label(one.rating)} for the year to date" for one in others)
