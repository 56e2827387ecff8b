"""Words of movement that the figures contradict."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum

from kpi_core import display
from kpi_core.commentary.sentences import Sentence, number, value_of
from kpi_core.commentary.subject import Subject
from kpi_core.words import TRENDS, Direction, Polarity


class Word(StrEnum):
    """What a word of movement says."""

    BETTER = "better"
    WORSE = "worse"
    UP = "up"
    DOWN = "down"
    SAME = "same"


_PATTERNS = {
    Word.BETTER: r"improv(?:ed|es|ing)|(?:is|was|got|getting|become|became|been) better",
    Word.WORSE: r"worsen(?:ed|s|ing)|deteriorat(?:ed|es|ing)|"
    r"(?:is|was|got|getting|become|became|been) worse",
    Word.UP: r"increas(?:ed|es|ing)|rose|risen|rising|grew|grown|growing|went up|up from|up on",
    Word.DOWN: r"decreas(?:ed|es|ing)|fell|fallen|falling|dropp(?:ed|ing)|reduc(?:ed|es|ing)|"
    r"declin(?:ed|es|ing)|went down|down from|down on",
    Word.SAME: r"stable|unchanged|steady|no change|(?:is|was|stayed|remained) the same",
}
_WORDS = {
    word: re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE) for word, pattern in _PATTERNS.items()
}
_TREND = re.compile(r"\b(?:trend|direction of travel)\b", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:year|years|annual|annually|12 months|twelve months)\b", re.IGNORECASE)
_MEANS = {
    Word.BETTER: Direction.IMPROVING,
    Word.WORSE: Direction.WORSENING,
    Word.SAME: Direction.STABLE,
}


def contradicted(sentence: Sentence, about: Subject) -> Iterator[str]:
    """What a sentence about the KPI says of its movement, where figures and direction deny it.

    A sentence that speaks of several movements is left alone: which is the KPI's cannot be known.
    """
    found = [(word, match) for word, p in _WORDS.items() if (match := p.search(sentence.text))]
    if not (about.is_kpi and sentence.own and sentence.is_sure and len(found) == 1):
        return
    word, match = found[0]
    if _TREND.search(sentence.text):
        known = about.direction in TRENDS and word in _MEANS
        if known and about.direction != _MEANS[word]:
            yield (
                f"The text says “{match[0]}” of the trend, but the direction of travel of "
                f"{about.called} is {about.direction}. Change the word."
            )
        return
    pair = _pair(sentence.text, about)
    if pair is not None:
        if about.figures.issuperset(pair) and not _fits(word, *pair, about):
            then, now = (_figure(one, about) for one in pair)
            yield f"The text says “{match[0]}”, but from {then} to {now} is not. Which is right?"
        return
    by_year = _YEAR.search(sentence.text) is not None
    if _is_denied(word, about, by_year=by_year):
        yield (
            f"The text says “{match[0]}”, but {about.called} {_course(about, by_year=by_year)}. "
            "Change the word, or say what else is meant."
        )


def _is_denied(word: Word, about: Subject, *, by_year: bool) -> bool:
    """Whether neither the direction nor any change that is known says what the word says."""
    if word in (Word.UP, Word.DOWN):
        before = about.year_ago if by_year else about.previous if about.is_new else None
        if about.value is None or before is None:
            return False
        return not _fits(word, before, about.value, about)
    moved = about.moved_in_a_year if by_year else about.moved
    return moved in TRENDS and _MEANS[word] not in (moved, about.direction)


def _fits(word: Word, before: Decimal, now: Decimal, about: Subject) -> bool:
    """Whether two figures do what the word says. Better and worse need a polarity."""
    up = (now > before) - (now < before)
    if word is Word.SAME:
        return up == 0
    if word in (Word.UP, Word.DOWN):
        return up == (1 if word is Word.UP else -1)
    if about.polarity not in (Polarity.HIGHER, Polarity.LOWER):
        return True
    better = up if about.polarity == Polarity.HIGHER else -up
    return better == (1 if word is Word.BETTER else -1)


def _pair(text: str, about: Subject) -> tuple[Decimal, Decimal] | None:
    """The figures that a sentence goes from and to: `from 66% to 71%`; `from 66%` goes to the
    KPI's own. None where it goes from none.
    """
    amount = rf"(?:{re.escape(about.wording.currency)})?({number(about.wording)})"
    match = re.search(rf"\bfrom {amount}%?(?: to {amount})?", text)
    if match is None or about.value is None:
        return None
    before = value_of(match[1], about.wording)
    now = value_of(match[2], about.wording) if match[2] else about.value
    return before, now


def _figure(value: Decimal, about: Subject) -> str:
    return display.figure(value, about.unit, about.decimals, about.wording)


def _course(about: Subject, *, by_year: bool) -> str:
    """`went from 71% to 66% and its direction of travel is worsening`."""
    before = about.year_ago if by_year else about.previous
    parts = []
    if before is not None and about.value is not None:
        then, now = _figure(before, about), _figure(about.value, about)
        when = "a year before" if by_year else "the period before"
        parts.append(f"was {then} {when} and is {now}")
    if about.direction in TRENDS:
        parts.append(f"its direction of travel is {about.direction}")
    return ", and ".join(parts)
