"""A text of the period before that stands there again."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

#: How much of the words must be the same, in the same order. A text of thirty words of which one or
#: two were changed is above it; Exampleshire's, written anew each quarter, are below 0.8.
_SAME = 0.9
#: Words of a text from which on it is asked about. Shorter ones may well be true twice: "Of four
#: KPIs, three are Green and one is Red. Still Red: complaints answered in time." has 16.
_SHORTEST = 20

_WORD = re.compile(r"\w+(?:[.,]\d+)*")
#: How a text names its period: what changes first when a text is pasted.
_PERIOD = re.compile(
    r"\b(?:Q[1-4]|quarter (?:[1-4]|one|two|three|four)|20\d\d(?:/\d\d)?|(?:first|second|third|fourth) quarter|"
    r"january|february|march|april|may|june|july|august|september|october|november|december)\b",
    re.IGNORECASE,
)


def again(text: str, before: Iterable[str]) -> bool:
    """Whether the text is one of those before, or nearly.

    The names of periods are passed over. A text with other numbers was brought up to date, however
    like the old one its words are.
    """
    words = _words(text)
    return len(words) >= _SHORTEST and any(_alike(words, _words(old)) for old in before)


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(_PERIOD.sub(" ", text))]


def _alike(words: list[str], old: list[str]) -> bool:
    if _numbers(words) != _numbers(old):
        return False
    return words == old or SequenceMatcher(None, words, old, autojunk=False).ratio() >= _SAME


def _numbers(words: list[str]) -> list[str]:
    return [word for word in words if word[0].isdigit()]
