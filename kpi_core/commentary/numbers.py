"""Numbers in a text that are no figures of its indicator."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from kpi_core import display
from kpi_core.commentary.sentences import Sentence, number, value_of
from kpi_core.commentary.subject import Subject

#: Words after a number that make it a change or a comparison, whose size depends on what with.
_CHANGE_AFTER = (
    r"\s*(?:\([^)]*\)\s*)?(?:points?\b|more|fewer|less|up\b|down\b|higher|lower|above|below|over\b|"
    r"under\b|better|worse|short|on\b|since|increase|decrease|rise|fall|reduction|drop|growth)"
)
#: Words before it that do the same, or say that it is not exact.
_LOOSE_BEFORE = (
    r"(?:\bby|\bdown|\bup|\bover|\bunder|\babout|\baround|\bnearly|\balmost|\bapproximately|"
    r"\bsome|\broughly|\bbetween|\bmore than|\bless than|\bfewer than|\bat least|\bat most|"
    r"\b(?:rise|fall|increase|decrease|reduction|drop|growth) of)\s+$"
)
#: Words that say outright that a number is the indicator's figure.
_OUTRIGHT = (
    r"(?:(?:stands?|stood) at|(?:figure|value|result|rate) (?:is|was|of|stands at|stood at))"
)
#: Units that are written out after a number.
_WRITTEN = {"days": r"\s*(?:working )?days?\b", "years": r"\s*years?\b", "tonnes": r"\s*tonnes?\b"}
_SIZES = {"k": 3, "thousand": 3, "m": 6, "million": 6, "bn": 9, "billion": 9}
_SIZE = r"(?:\s?(?P<size>k|m|bn|thousand|million|billion)\b)?"
_PERCENT = r"\s?(?:%|per ?cent\b)"
#: More digits than figures can have, before and after the point: they are no figure of anybody's.
_MOST_DIGITS, _MOST_DECIMALS = 12, 6


@dataclass(frozen=True)
class _Number:
    """A number of the text: as it is written, what it is, and the unit of its last digit."""

    written: str
    value: Decimal
    step: Decimal

    def is_among(self, held: Iterable[Decimal]) -> bool:
        """Whether a figure reads so when it is rounded to as many digits as the text has."""
        return any(
            (one / self.step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * self.step == self.value
            for one in held
        )


def strange(sentence: Sentence, about: Subject) -> Iterator[str]:
    """Questions about numbers that are given as the indicator's own and are held nowhere."""
    limits = list(_limits(sentence.text, about)) if about.limits else []
    asked = {given.written for _, given in limits}
    for limit, given in limits:
        if not given.is_among(about.limits):
            yield (
                f"{given.written} is given as the {limit}, but {about.called} has no such {limit}. "
                "Which is right?"
            )
    for given in _given(sentence.text, about) if sentence.own else ():
        if given.written not in asked and not given.is_among(about.figures | about.limits):
            asked.add(given.written)
            yield _question(given.written, about)


def _given(text: str, about: Subject) -> Iterator[_Number]:
    """The numbers that have the indicator's unit, or are said outright to be its figure."""
    for match in re.finditer(_with_unit(about), text, re.IGNORECASE):
        before, after = text[: match.start()], text[match.end() :]
        if not (
            re.search(_LOOSE_BEFORE, before, re.IGNORECASE)
            or re.match(_CHANGE_AFTER, after, re.IGNORECASE)
        ):
            yield from _read(match, about)
    digits = rf"(?P<amount>(?P<number>{number(about.wording)}))"
    outright = rf"\b{_OUTRIGHT} {digits}(?![\w%/-]|[.,]\d|\s?per ?cent)"
    for match in re.finditer(outright, text, re.IGNORECASE):
        yield from _read(match, about)


def _with_unit(about: Subject) -> str:
    digits = rf"(?P<number>{number(about.wording)})"
    if about.unit == "percent":
        return rf"(?<![\w.,/-])(?P<amount>{digits}{_PERCENT})"
    if about.unit == "currency":
        return rf"(?P<amount>{re.escape(about.wording.currency)}\s?{digits}{_SIZE})"
    unit = _WRITTEN.get(about.unit)
    return rf"(?<![\w.,/-])(?P<amount>{digits}{unit})" if unit else r"(?!)"


def _limits(text: str, about: Subject) -> Iterator[tuple[str, _Number]]:
    """The numbers that are called the target or the floor: `target of 90%`, `the 80% floor`."""
    sign = re.escape(about.wording.currency)
    digits = rf"(?P<amount>(?:{sign})?(?P<number>{number(about.wording)}){_SIZE}(?:{_PERCENT})?)"
    called = r"(?P<limit>target|floor)"
    before = rf"\b{called}(?: standard)? (?:of|is|was) {digits}(?![\w/-]|[.,]?\d| (?:to|points?)\b)"
    after = rf"(?<![\w.,/-]){digits} {called}\b"
    for pattern in (before, after):
        for match in re.finditer(pattern, text, re.IGNORECASE):
            for given in _read(match, about):
                yield match["limit"].lower(), given


def _read(match: re.Match[str], about: Subject) -> Iterator[_Number]:
    """The number that was found; none where it has more digits than a figure."""
    value = value_of(match["number"], about.wording)
    places = -int(value.as_tuple().exponent)
    size = (match.groupdict().get("size") or "").lower()
    if value >= 10**_MOST_DIGITS or places > _MOST_DECIMALS:
        return
    factor = Decimal(10) ** _SIZES.get(size, 0)
    yield _Number(match["amount"].strip(), value * factor, Decimal(1).scaleb(-places) * factor)


def _question(written: str, about: Subject) -> str:
    if about.value is None:
        return f"{written} is no figure held for {about.called}. Where does it come from?"
    now = display.figure(about.value, about.unit, about.decimals, about.wording)
    return f"{written} is no figure held for {about.called}, which is at {now}. What is meant?"
