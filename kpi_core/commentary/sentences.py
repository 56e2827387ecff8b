"""A text as its sentences, and which of them speak of the indicator itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from kpi_core.wording import NO_BREAK_SPACE, Wording

#: Where a sentence ends: not at the point of a number, which no space follows.
_END = re.compile(r"(?<=[.!?;:])\s+|\n+")
#: A sentence that begins so goes on about what the one before it was about.
_GOES_ON = re.compile(
    r"(?:It|This|That|Performance|Results?|"
    r"The (?:figure|rate|result|share|percentage|KPI|indicator|rating|trend|target|year to date))\b"
)
#: What is wished for, denied, or not sure, says nothing that figures could contradict.
_UNSURE = re.compile(
    r"\b(?:not|no|never|nor|neither|without|unless|until|yet|if|will|would|should|could|may|might|"
    r"must|to (?:be|improve|reduce|increase|raise|lower|meet|reach|get|make|bring|stay)|expect\w*|"
    r"plan\w*|aim\w*|hop\w+|intend\w*|forecast\w*|need\w*|although|though|but|while|despite)\b|n't\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Sentence:
    """One sentence; `own` when it is about the indicator itself, as far as its beginning tells."""

    text: str
    own: bool

    @property
    def is_sure(self) -> bool:
        """Whether it states something, and nothing else beside it."""
        return _UNSURE.search(self.text) is None


def sentences(text: str) -> Iterator[Sentence]:
    """The sentences of a text. The first is about the indicator; so is each that goes on."""
    parts = [part for part in _END.split(text.strip()) if part]
    for place, part in enumerate(parts):
        yield Sentence(part, place == 0 or _GOES_ON.match(part) is not None)


def number(wording: Wording) -> str:
    """The pattern of a number as the organisation writes it."""
    spaces = f" {NO_BREAK_SPACE}\N{NARROW NO-BREAK SPACE}"
    thousands = wording.thousands_mark
    between = f"[{spaces}]" if thousands in spaces else re.escape(thousands) if thousands else ""
    grouped = rf"\d{{1,3}}(?:{between}\d{{3}})+(?!\d)|\d+" if between else r"\d+"
    # No \d of another script: Decimal would read it, and nobody means it.
    return rf"(?:{grouped})(?:{re.escape(wording.decimal_mark)}\d+)?".replace(r"\d", "[0-9]")


def value_of(written: str, wording: Wording) -> Decimal:
    """The number that is written so."""
    whole, _, part = written.partition(wording.decimal_mark)
    digits = "".join(character for character in whole if character in "0123456789")
    return Decimal(f"{digits}.{part}" if part else digits)
