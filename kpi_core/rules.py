"""An organisation's rules of rating and direction, as its `organisation.toml` sets them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, TypeVar

from kpi_core.errors import SettingsError, UnknownSetting
from kpi_core.words import Amber, Comparison

Word = TypeVar("Word", bound=StrEnum)

#: The rules that need a tolerance, and the only ones that may have one.
TOLERANT = (Amber.POINTS, Amber.PERCENT)

_AMBER_KEYS = {"amber", "tolerance", "closeness"}
#: Settings are as large and as fine as figures can be.
_DIGITS, _PLACES = 12, 6


@dataclass(frozen=True, slots=True)
class AmberRule:
    """How far a KPI may miss its target and still be Amber."""

    by: Amber = Amber.FLOOR
    tolerance: Decimal | None = None  #: points, or percent of the target
    closeness: Decimal = Decimal(0)  #: polarity "target": how far off still counts as on target


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of an organisation. Those of Kent are the ones that hold when nothing is said."""

    amber: AmberRule = AmberRule()
    own: tuple[tuple[str, AmberRule], ...] = ()  #: KPIs that have a rule of their own
    directions: tuple[Comparison, ...] = (Comparison.REGRESSION,)  #: the first one counts
    tie: Decimal = Decimal(0)  #: a difference up to this is no change

    @classmethod
    def from_settings(cls, code: str, settings: Mapping[str, Any]) -> Rules:
        """Read [rating] and [direction] of an organisation's settings.

        Numbers are int or Decimal. Raises SettingsError with the way out. Whether the KPIs named
        exist is for `completeness.notes` to say.
        """
        file = f"{code}/organisation.toml"
        rating = _table(settings, "rating", file, _AMBER_KEYS | {"kpi"})
        general = _amber_rule(rating, AmberRule(), f"{file}, [rating]")
        named = _table(rating, "kpi", file, None, called="rating.kpi")
        direction = _table(settings, "direction", file, {"by", "tie"})
        place = f"{file}, [direction]"
        return cls(
            amber=general,
            own=tuple(
                (
                    kpi,
                    _amber_rule(
                        _table(named, kpi, file, _AMBER_KEYS, called=f"rating.kpi.{kpi}"),
                        general,
                        f"{file}, [rating.kpi.{kpi}]",
                    ),
                )
                for kpi in named
            ),
            directions=_comparisons(direction, place),
            tie=_number(direction, "tie", place) or Decimal(0),
        )

    def rule_of(self, indicator: str) -> AmberRule:
        """The rule of one KPI: its own, or else that of all."""
        return dict(self.own).get(indicator, self.amber)

    @property
    def kinds_of_amber(self) -> frozenset[Amber]:
        """Every rule of Amber that some KPI may be under."""
        return frozenset(rule.by for rule in (self.amber, *dict(self.own).values()))


def _amber_rule(said: Mapping[str, Any], otherwise: AmberRule, place: str) -> AmberRule:
    """The rule that a table sets; what it does not say, it takes from another rule."""
    by = _word(said["amber"], Amber, "amber", place) if "amber" in said else otherwise.by
    tolerance, closeness = (_number(said, key, place) for key in ("tolerance", "closeness"))
    if by in TOLERANT and tolerance is None and by == otherwise.by:
        tolerance = otherwise.tolerance
    if by in TOLERANT and tolerance is None:
        what = "points" if by is Amber.POINTS else "percent of the target"
        raise SettingsError(
            f'{place}: amber = "{by}" needs a tolerance. '
            f"Say by how many {what} a target may be missed, for example tolerance = 5."
        )
    if by not in TOLERANT and tolerance is not None:
        raise SettingsError(
            f'{place}: a tolerance of {tolerance} has no meaning with amber = "{by}". '
            'Remove it, or set amber = "points" or "percent".'
        )
    return AmberRule(by, tolerance, otherwise.closeness if closeness is None else closeness)


def _comparisons(said: Mapping[str, Any], place: str) -> tuple[Comparison, ...]:
    by = said.get("by", [Comparison.REGRESSION])
    if not isinstance(by, list) or not by:
        raise SettingsError(
            f"{place}: by is a list of what a direction compares. "
            f'Write for example by = ["regression"]; known are {_listed(Comparison)}.'
        )
    words = tuple(_word(word, Comparison, "by", place) for word in by)
    twice = next((word for word in words if words.count(word) > 1), None)
    if twice is not None:
        raise SettingsError(f'{place}: by has "{twice}" twice. Name each once.')
    return words


def _table(
    settings: Mapping[str, Any], key: str, file: str, known: Iterable[str] | None, called: str = ""
) -> Mapping[str, Any]:
    """A table of settings, empty where it is not there; `known` are its keys, None for any."""
    name = called or key
    table = settings.get(key, {})
    if not isinstance(table, dict):
        raise SettingsError(f"{file}: {name} is a table. Write [{name}] on a line of its own.")
    if known is not None:
        for one in table:
            if one not in known:
                raise UnknownSetting(f"{file}, [{name}]", one, known)
    return table


def _word(value: object, words: type[Word], key: str, place: str) -> Word:
    """One of the words of the field."""
    known = [str(word) for word in words]
    if value not in known:
        near = get_close_matches(str(value), known, n=1)
        hint = f' Did you mean "{near[0]}"?' if near else ""
        shown = f'"{value}"' if isinstance(value, str) else f"{value}"
        raise SettingsError(f"{place}: {key} is {shown}.{hint} Enter one of: {_listed(words)}.")
    return words(value)


def _listed(words: type[Word]) -> str:
    return ", ".join(str(word) for word in words)


def _number(said: Mapping[str, Any], key: str, place: str) -> Decimal | None:
    """A number that is 0 or more and can be a figure; None where it is not given."""
    value = said.get(key)
    if value is None:
        return None
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    if not is_number or not Decimal(value).is_finite() or value < 0:
        shown = f'"{value}"' if isinstance(value, str) else str(value).lower()
        raise SettingsError(
            f"{place}: {key} is {shown}. Enter a number, 0 or more, without quotes."
        )
    number = Decimal(value)
    if number >= 10**_DIGITS or number != round(number, _PLACES):
        raise SettingsError(
            f"{place}: {key} is {value}. Enter a number with at most {_DIGITS} digits before the "
            f"point and {_PLACES} after it."
        )
    return number
