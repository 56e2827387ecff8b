"""How an organisation says things: the marks in its figures, the names of its ratings, and what
each rating and direction means under its rules.

The codes of `words` stay in CSV and JSON; this is only what people read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kpi_core.errors import SettingsError, UnknownSetting
from kpi_core.rules import Rules
from kpi_core.words import DECIDED, Amber, Comparison, Direction, Rating

NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
_DECIMAL_MARKS = (".", ",")
#: As they are typed, and as they are shown: a figure must not be torn apart at the end of a line.
_THOUSANDS_MARKS = {
    ",": ",", ".": ".", " ": NO_BREAK_SPACE, NO_BREAK_SPACE: NO_BREAK_SPACE, "'": "'", "": "",
}  # fmt: skip
#: A longer name breaks the pills, and the tables that they stand in.
LONGEST_NAME = 24
LONGEST_CURRENCY = 5
#: The choice of every rating, where KPIs of one rating can be shown alone.
ALL = "All"

_MEANINGS = {
    Rating.GREEN: "Target has been achieved or exceeded",
    Rating.NO_DATA: "No figure for this period",
    Rating.NOT_RATED: "A figure, but no target has been set yet",
    Rating.UNDECIDED: "Target missed, and no floor is known to say by how much it may be",
}
_ACT = "; management action must follow"
_TOLERANCE = {
    Rating.AMBER: "Target missed by no more than the tolerance",
    Rating.RED: f"Target missed by more than the tolerance{_ACT}",
}
#: What a rating means under a rule of Amber, where that makes a difference.
_UNDER = {
    Amber.FLOOR: {
        Rating.AMBER: "Floor standard achieved but target has not been met",
        Rating.RED: f"Floor standard has not been achieved{_ACT}",
    },
    Amber.POINTS: _TOLERANCE,
    Amber.PERCENT: _TOLERANCE,
    Amber.NONE: {
        Rating.AMBER: "Target has not been met",
        Rating.RED: f"Target has not been achieved{_ACT}",
    },
    Amber.YEAR_AGO: {
        Rating.AMBER: "Target missed, but no worse than a year ago",
        Rating.RED: "Target missed, and worse than a year ago",
        Rating.UNDECIDED: "Target missed, and no figure of a year ago is known to compare with",
    },
}
_BEYOND = {
    Amber.FLOOR: "below the floor standard",
    Amber.POINTS: "beyond the tolerance",
    Amber.PERCENT: "beyond the tolerance",
    Amber.NONE: "target missed",
    Amber.YEAR_AGO: "target missed, and worse than a year ago",
}
_LOST = "Published as an arrow that the text of the document has lost"
_DIRECTIONS = {
    Comparison.REGRESSION: {
        Direction.IMPROVING: "The figures charted show a positive trend",
        Direction.STABLE: "The figures charted show no clear trend",
        Direction.WORSENING: "The figures charted show a negative trend",
        Direction.NOT_ENOUGH: "Fewer than six periods: no trend can be worked out",
        Direction.NOT_PRINTED: _LOST,
    },
    Comparison.PREVIOUS: {
        Direction.IMPROVING: "Better than the period before",
        Direction.STABLE: "No better and no worse than the period before",
        Direction.WORSENING: "Worse than the period before",
        Direction.NOT_ENOUGH: "No figure of the period before to compare with",
        Direction.NOT_PRINTED: _LOST,
    },
    Comparison.YEAR_AGO: {
        Direction.IMPROVING: "Better than in the same period a year before",
        Direction.STABLE: "No better and no worse than in the same period a year before",
        Direction.WORSENING: "Worse than in the same period a year before",
        Direction.NOT_ENOUGH: "No figure of a year before to compare with",
        Direction.NOT_PRINTED: _LOST,
    },
}

_KENTS_RULES = Rules()


@dataclass(frozen=True, slots=True)
class Wording:
    """The words and marks of one organisation; those of Kent where nothing is said."""

    currency: str = "£"
    decimal_mark: str = "."
    thousands_mark: str = ","
    names: tuple[tuple[Rating, str], ...] = ()  #: ratings that have a name of their own
    rules: Rules = _KENTS_RULES  #: what the words have to fit

    @classmethod
    def from_settings(
        cls, code: str, settings: Mapping[str, Any], rules: Rules | None = None
    ) -> Wording:
        """From the keys of an organisation.toml. Raises SettingsError with the way out."""
        decimal, thousands = _marks(code, settings)
        currency = settings.get("currency", "£")
        if not isinstance(currency, str) or len(currency) > LONGEST_CURRENCY:
            raise SettingsError(
                f"{code}/organisation.toml: currency is {currency!r}. Write what stands before a sum "
                f'of money, at most {LONGEST_CURRENCY} characters, for example currency = "€".'
            )
        names = _names(code, settings.get("names", {}))
        return cls(currency, decimal, thousands, names, rules or _KENTS_RULES)

    def marked(self, digits: str) -> str:
        """`1,234.5` with this organisation's marks."""
        return digits.translate({ord(","): self.thousands_mark, ord("."): self.decimal_mark})

    def label(self, rating: str) -> str:
        """A rating as pages show it."""
        known = Rating(rating)
        return dict(self.names).get(known) or known.capitalize()

    def meaning(self, rating: str, amber: str | None = None) -> str:
        """The sentence that explains a rating, under the KPI's rule or else the general one."""
        known, rule = Rating(rating), Amber(amber) if amber else self.amber
        return _UNDER[rule].get(known) or _MEANINGS[known]

    def direction_label(self, direction: str) -> str:
        """A direction of travel as pages show it."""
        return Direction(direction).capitalize()

    def direction_meaning(self, direction: str, by: str | None = None) -> str:
        """The sentence that explains a direction, by that comparison or else the first one."""
        return _DIRECTIONS[Comparison(by) if by else self.direction][Direction(direction)]

    @property
    def amber(self) -> Amber:
        """The general rule: what tells Amber from Red."""
        return self.rules.amber.by

    @property
    def has_amber(self) -> bool:
        """Whether any KPI can be Amber."""
        rules = [self.rules.amber, *(own for _, own in self.rules.own)]
        return any(rule.by is not Amber.NONE for rule in rules)

    @property
    def decided(self) -> tuple[Rating, ...]:
        """The ratings that a target can give, best first."""
        return tuple(one for one in DECIDED if one is not Rating.AMBER or self.has_amber)

    @property
    def direction(self) -> Comparison:
        """The comparison that gives *the* direction of travel."""
        return self.rules.directions[0]

    @property
    def beyond(self) -> str:
        """What Red means for the whole council, as the end of a heading."""
        return _BEYOND[self.amber]

    def limit_name(self, amber: str | None = None) -> str:
        """What the limit between Amber and Red is called; empty where there is none.

        Under that rule; or else for the whole council, in a heading or a key.
        """
        rule = Amber(amber) if amber else self.amber
        if rule is Amber.FLOOR:
            return "Floor"
        if rule is Amber.NONE and (amber or not self.has_amber):
            return ""
        return f"{self.label(Rating.AMBER)} limit"


#: How things are said where no organisation says otherwise.
PLAIN = Wording()


def _marks(code: str, settings: Mapping[str, Any]) -> tuple[str, str]:
    decimal, thousands = settings.get("decimal_mark", "."), settings.get("thousands_mark", ",")
    if decimal not in _DECIMAL_MARKS:
        raise SettingsError(
            f'{code}/organisation.toml: decimal_mark is {decimal!r}. Write "." or ",".'
        )
    if not isinstance(thousands, str) or thousands not in _THOUSANDS_MARKS:
        raise SettingsError(
            f"{code}/organisation.toml: thousands_mark is {thousands!r}. "
            'Write ",", ".", " ", "\'" or "" for none.'
        )
    if thousands == decimal:
        other = "." if decimal == "," else ","
        raise SettingsError(
            f'{code}/organisation.toml: decimal_mark and thousands_mark are both "{decimal}", so '
            f'that figures could be read two ways. Write for example thousands_mark = "{other}".'
        )
    return decimal, _THOUSANDS_MARKS[thousands]


def _names(code: str, given: object) -> tuple[tuple[Rating, str], ...]:
    if not isinstance(given, dict):
        raise SettingsError(
            f'{code}/organisation.toml: [names] is a table. Write for example green = "On track" '
            "on a line below it."
        )
    keys = {key_of(rating): rating for rating in Rating}
    own = {}
    for key, name in given.items():
        if key not in keys:
            raise UnknownSetting(f"{code}/organisation.toml, [names]", key, keys)
        own[keys[key]] = _name(code, key, name)
    taken: dict[str, str] = {ALL.casefold(): "the choice of all ratings"}
    for key, rating in keys.items():
        name = own.get(rating, rating.capitalize())
        other = taken.setdefault(name.casefold(), key)
        if other != key:
            raise SettingsError(
                f'{code}/organisation.toml, [names]: "{name}" is the name of {other} and of {key}. '
                "Give each rating a name of its own."
            )
    return tuple(own.items())


def _name(code: str, key: str, name: object) -> str:
    where = f"{code}/organisation.toml, [names] {key}"
    if not isinstance(name, str):
        raise SettingsError(f'{where}: {name!r} is not a text. Write it in quotes: "{name}".')
    name = name.strip()
    if not name or not name.isprintable():
        raise SettingsError(f"{where}: {name!r} cannot be shown. Write a word or two.")
    if len(name) > LONGEST_NAME:
        raise SettingsError(
            f'{where}: "{name}" has {len(name)} characters. '
            f"Write at most {LONGEST_NAME}, so that it fits into tables."
        )
    return name


def key_of(rating: Rating) -> str:
    """The key of a rating in an organisation.toml: `no_data`."""
    return rating.lower().replace(" ", "_")
