"""Figures as people write them in a cell: `97%`, `£34,120`, `1 minute 54 seconds`, `97 (p)`, `n/a`.

A cell comes out as an exact figure, as no figure, as something wrong, or as several ways to read
it. Which of these holds is for the file, the history or the analyst to say, never for this module.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import lru_cache

from kpi_core.ingest import times
from kpi_core.wording import PLAIN, Wording

#: What a figure can hold (fields.FIGURE).
_MOST_DIGITS, _MOST_DECIMALS = 12, 6
#: No figure is written longer, words and all; nor with more digits, so that all stay exact.
_LONGEST, _EXACT_DIGITS = 80, 28

#: The texts of a sheet come again and again.
_MANY = 10_000

#: The ways to read a cell, as an analyst chooses between them.
WAYS = {
    "percent": "a percentage as it stands: 0.97 is 0.97%",
    "fraction": "a fraction of one: 0.97 is 97%",
    "minutes_seconds": "minutes and seconds: 1:54 is 1 minute 54 seconds",
    "hours_minutes": "hours and minutes: 1:54 is 1 hour 54 minutes",
    "negative": "below zero: (12) is −12",
    "positive": "as it stands: (12) is 12",
    "full": "in full: 4.6m is 4,600,000",
    "thousands": "in thousands, as the indicator counts: 4.6m is 4,600",
}


@dataclass(frozen=True, slots=True)
class Counted:
    """How an indicator counts, as far as it says how its cells are read."""

    unit: str = "number"
    in_thousands: bool = False  #: its name says (000s)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell, read. Without a way and without a problem it holds no figure."""

    ways: tuple[tuple[str, Decimal], ...] = ()  #: code (of WAYS, or empty) and figure
    doubt: str = ""  #: what its ways differ in: fraction, clock, brackets or size
    status: str = "actual"
    is_starred: bool = False  #: a star: provisional, unless it is a footnote
    remark: str = ""  #: how it was read, where that is not plain to see
    problem: str = ""  #: what is wrong, and what to enter instead

    def by(self, way: str) -> Decimal | None:
        """The figure by that way of reading, or by the only one."""
        return self.ways[0][1] if len(self.ways) == 1 else dict(self.ways).get(way)


_NO_FIGURE = {
    "", "-", "–", "—", "--", ".", "..", "...", "…", ":", "*", "n/a", "na", "n.a.", "n/k", "n/d", "nd",
    "[x]", "[c]", "[z]", "no data", "not applicable", "not available", "not known", "not yet known",
}  # fmt: skip
_TO_COME = {"tbc", "tba", "tbd", "to be confirmed", "to be agreed", "to be decided"}
_STATUS = {"p": "provisional", "e": "estimate", "r": "actual"}
_MARK = r"p|prov(?:isional)?|e|est(?:imated?)?|r|rev(?:ised)?"
_SUFFIX = re.compile(rf"(.*?) ?(?:[(\[]({_MARK})[)\]]|(?<=[0-9% ])({_MARK})|(\*+))", re.DOTALL)
_PREFIX = re.compile(rf"(?:[(\[]({_MARK})[)\]]|({_MARK})(?=[ 0-9£$€+-])|(\*+)) ?(.*)", re.DOTALL)
_SIZES = {
    "k": 3, "thousand": 3, "m": 6, "mn": 6, "million": 6, "bn": 9, "billion": 9,
}  # fmt: skip
_SIZED = re.compile(rf"(.*[0-9]) ?({'|'.join(_SIZES)})")
_PERCENT = re.compile(r"(.*[0-9]) ?(?:%|per ?cent|pct)")
_CURRENCIES = "£€$¥"
_SPACES = dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f\u3000\t"), " ")
_MINUS = re.compile(r"^[\u2212\u2012\u2013] ?(?=[0-9.,£€$])")

_WHOLE = {
    ".": r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?:[ '’][0-9]{3})+|[0-9]+",
    ",": r"[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,3}(?:[ '’][0-9]{3})+|[0-9]+",
}
_NUMBER = {
    mark: re.compile(rf"([+-]?) ?({whole})?(?:{re.escape(mark)}([0-9]+))?")
    for mark, whole in _WHOLE.items()
}

_DIGIT = re.compile(r"[0-9]")
#: Digits with a mark among them.
_MARKED = re.compile(r"[0-9]+[.,][0-9.,]*[0-9]")

_NOT_A_NUMBER = "This is not a number. Enter one such as 89 or 12.5, or leave the cell blank."


def is_to_come(text: str) -> bool:
    """Whether the cell says that its figure is still to be set: `Tbc`."""
    return text.strip().casefold() in _TO_COME


def is_figure_like(text: str) -> bool:
    """Whether the cell may stand in a column of figures: a figure, or a sign that there is none."""
    if has_digit(text):
        return True
    plain = text[:_LONGEST].strip().casefold()
    return bool(plain) and plain in _NO_FIGURE | _TO_COME


def has_digit(text: str) -> bool:
    """Whether any figure from 0 to 9 stands in the cell."""
    return _DIGIT.search(text) is not None


def decimal_mark(texts: Iterable[str], own: str) -> str | None:
    """The decimal mark of a sheet: the council's own unless its cells prove the other.

    `46,5` proves a comma and `1,234.5` a point, `1,234` neither. None where both are proven, or
    the other one is while some cells can be read by either.
    """
    numbers = [
        match[0] for text in texts if len(text) <= _LONGEST and (match := _MARKED.search(text))
    ]
    fitting = [{mark for mark, form in _NUMBER.items() if form.fullmatch(one)} for one in numbers]
    proven = {mark for fits in fitting if len(fits) == 1 for mark in fits}
    if proven <= {own}:
        return own
    if own in proven or any(len(fits) > 1 for fits in fitting):
        return None
    return next(iter(proven))


def read(
    text: str, counted: Counted, wording: Wording = PLAIN, decimal_mark: str | None = None
) -> Cell:
    """One cell, for an indicator that counts that way."""
    if len(text) > _LONGEST:
        return Cell(problem=_NOT_A_NUMBER)
    return _read(text, counted, wording, decimal_mark or wording.decimal_mark)


@lru_cache(_MANY)
def _read(text: str, counted: Counted, wording: Wording, mark: str) -> Cell:
    plain = " ".join(_MINUS.sub("-", text.translate(_SPACES).strip()).split()).casefold()
    if plain in _NO_FIGURE or plain in _TO_COME:
        return Cell()
    wrong = _plainly_wrong(plain)
    if wrong:
        return Cell(problem=wrong)
    body, marks = _without_marks(plain, counted)
    found = _figure(body, counted, wording, mark)
    if found.problem:
        return found
    if any(_is_too_long(value) for _, value in found.ways):
        return Cell(problem="A figure has at most twelve digits before the point. Check it.")
    status = next((_STATUS[mark] for mark in marks if mark in _STATUS), "actual")
    return Cell(found.ways, found.doubt, status, "*" in marks, _remark(found.remark, marks))


def fits(value: Decimal) -> bool:
    """Whether a figure can be kept as it stands: at most six decimals."""
    return value == rounded(value)


def rounded(value: Decimal) -> Decimal:
    """To six decimals, half away from zero."""
    with localcontext(prec=60):
        return value.quantize(Decimal(1).scaleb(-_MOST_DECIMALS), ROUND_HALF_UP)


def _is_too_long(value: Decimal) -> bool:
    return value.adjusted() >= _MOST_DIGITS or len(value.as_tuple().digits) > _EXACT_DIGITS


def _plainly_wrong(plain: str) -> str:
    if plain.startswith(("#", "err:")):
        return "A formula has failed here. Mend it in the spreadsheet, or leave the cell blank."
    if re.match(r"[<>≤≥~≈]|under |over |c\. ?|circa |about |approx|fewer |less |more ", plain):
        return "This is no exact figure. Enter the number itself, or leave the cell blank."
    if re.fullmatch(r"[+-]?[0-9.,]+e[+-]?[0-9]+", plain):
        return "The spreadsheet has shortened the number. Enter all of its digits."
    return ""


def _without_marks(plain: str, counted: Counted) -> tuple[str, set[str]]:
    """The cell without what marks it as provisional, estimated, revised or starred."""
    marks, body = set[str](), plain
    while match := _SUFFIX.fullmatch(body):
        if match[3] and counted.unit == "currency":
            break  # 97p may be pence
        marks.add((match[2] or match[3] or match[4])[0])
        body = match[1].strip()
    if match := _PREFIX.fullmatch(body):
        marks.add((match[1] or match[2] or match[3])[0])
        body = match[4].strip()
    return body, marks


def _remark(remark: str, marks: set[str]) -> str:
    said = [remark] if remark else []
    said += ["provisional"] if "p" in marks else []
    said += ["an estimate"] if "e" in marks else []
    said += ["revised"] if "r" in marks else []
    return ", ".join(said)


def _figure(body: str, counted: Counted, wording: Wording, mark: str) -> Cell:
    """A cell without marks of status: brackets, a unit and a number."""
    if body.startswith("(") and body.endswith(")"):
        inner = _figure(body[1:-1].strip(), counted, wording, mark)
        if len(inner.ways) != 1 or inner.ways[0][1] <= 0:
            return inner if inner.problem else Cell(problem=_NOT_A_NUMBER)
        value = inner.ways[0][1]
        return Cell((("negative", -value), ("positive", value)), "brackets")
    if counted.unit in times.SECONDS:
        as_time = _time(body, counted.unit)
        if as_time is not None:
            return as_time
    if match := _PERCENT.fullmatch(body):
        return _percentage(match[1], counted, mark)
    sign = next((one for one in _CURRENCIES if one in body), "")
    if sign or (wording.currency and wording.currency.casefold() in body):
        return _money(body, sign or wording.currency.casefold(), counted, wording, mark)
    for word in (counted.unit, counted.unit.removesuffix("s")):
        body = body.removesuffix(f" {word}")
    return _amount(body, counted, mark)


def _time(body: str, unit: str) -> Cell | None:
    span = times.span(body, unit)
    if span is not None:
        amount = _plain(span)
        return Cell((("", span),), remark="" if body.startswith(amount) else f"{amount} {unit}")
    ways = times.clock(body, unit)
    if ways:
        return Cell(tuple(ways.items()), "clock" if len(ways) > 1 else "", remark=f"in {unit}")
    if re.search(r"[a-z:]", body) and unit not in body and unit.removesuffix("s") not in body:
        return Cell(
            problem=f"The indicator is counted in {unit}. Enter the number of {unit} alone."
        )
    return None


def _percentage(body: str, counted: Counted, mark: str) -> Cell:
    if counted.unit != "percent":
        return Cell(
            problem=f"The indicator is not a percentage (its unit is {counted.unit}). "
            "Enter its figure without %, or check the row."
        )
    value = _number(body, mark)
    return Cell(problem=_NOT_A_NUMBER) if value is None else Cell((("", value),))


def _money(body: str, sign: str, counted: Counted, wording: Wording, mark: str) -> Cell:
    own = wording.currency.casefold()
    if sign != own and sign not in own:
        return Cell(problem=f"The council counts in {wording.currency}. Enter the sum in that.")
    if counted.unit != "currency":
        return Cell(
            problem=f"The indicator is not a sum of money (its unit is {counted.unit}). "
            f"Enter its figure without {wording.currency}, or check the row."
        )
    return _amount(body.replace(own, "", 1).strip(), counted, mark)


def _amount(body: str, counted: Counted, mark: str) -> Cell:
    match = _SIZED.fullmatch(body) if counted.unit not in times.SECONDS else None
    value = _number(match[1] if match else body, mark)
    if value is None:
        return Cell(problem=_wrong_number(body, mark))
    if match is None:
        return _perhaps_fraction(value, counted)
    if counted.unit == "percent":
        return Cell(problem=_NOT_A_NUMBER)
    full = value.scaleb(_SIZES[match[2]])
    if counted.in_thousands:
        return Cell((("thousands", full.scaleb(-3)), ("full", full)), "size")
    return Cell((("", full),), remark=_plain(full))


def _perhaps_fraction(value: Decimal, counted: Counted) -> Cell:
    if counted.unit == "percent" and 0 < abs(value) <= 1:
        return Cell((("percent", value), ("fraction", value * 100)), "fraction")
    return Cell((("", value),))


def _number(body: str, mark: str) -> Decimal | None:
    match = _NUMBER[mark].fullmatch(body)
    if match is None or not (match[2] or match[3]):
        return None
    whole = re.sub(r"[^0-9]", "", match[2] or "0")
    return Decimal(f"{match[1]}{whole}" + (f".{match[3]}" if match[3] else ""))


def _wrong_number(body: str, mark: str) -> str:
    other = "," if mark == "." else "."
    if _number(body, other) is not None:
        means = "a point" if mark == "." else "a comma"
        return f"Figures of this file have {means} before their decimals. Enter it that way."
    return _NOT_A_NUMBER


def _plain(value: Decimal) -> str:
    return f"{rounded(value).normalize():,f}"
