"""Who papers are from, whom they go to and who can be asked: the table [papers] of an
organisation.toml.

It is optional, and so is each of its lines: a paper leaves open what is not said, and invents nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from kpi_core.errors import PeriodError, SettingsError, UnknownSetting
from kpi_core.periods import Period

_LINES = ("produced_by", "email", "telephone", "to", "decision", "classification", "since")
_SETTINGS = {*_LINES, "from", "contacts"}


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody who can be asked about a paper."""

    name: str = ""
    role: str = ""
    unit: str = ""
    telephone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What stands at the head and the foot of an organisation's papers."""

    produced_by: str = ""
    email: str = ""
    telephone: str = ""
    sender: tuple[str, ...] = ()  #: whom a cover paper is from
    to: str = ""  #: the committee
    decision: str = ""
    classification: str = ""
    contacts: tuple[Contact, ...] = ()
    since: Period | None = None  #: papers about earlier periods do not bear it

    @classmethod
    def from_settings(cls, code: str, settings: Mapping[str, Any], year_start: int) -> Letterhead:
        """From the keys of an organisation.toml. Raises SettingsError with the way out."""
        place = f"{code}/organisation.toml, [papers]"
        given = settings.get("papers", {})
        if not isinstance(given, dict):
            raise SettingsError(
                f'{code}/organisation.toml: [papers] is a table. Write for example to = "Cabinet" '
                "on a line below it."
            )
        for key in given:
            if key not in _SETTINGS:
                raise UnknownSetting(place, key, _SETTINGS)
        lines = {name: _text(place, name, given.get(name, "")) for name in _LINES}
        since = lines.pop("since")
        return cls(
            **lines,
            sender=_sender(place, given.get("from", [])),
            contacts=_contacts(place, given.get("contacts", [])),
            since=_since(place, since, year_start),
        )

    def at(self, period: Period) -> Letterhead:
        """What stands on papers about a period: nothing where it does not hold yet."""
        is_before = self.since is not None and period.first_month < self.since.first_month
        return Letterhead() if is_before else self

    def producer(self, period: Period) -> list[tuple[str, str]]:
        """Who made a report of that period, line by line."""
        own = self.at(period)
        lines = [
            ("Produced by", own.produced_by), ("E-mail", own.email), ("Telephone", own.telephone),
        ]  # fmt: skip
        return [line for line in lines if line[1]]


def _text(place: str, key: str, value: object) -> str:
    if not isinstance(value, str) or not (value == "" or value.isprintable()):
        raise SettingsError(
            f'{place} {key}: {value!r} is not a line of text. Write it in quotes: "…".'
        )
    return value.strip()


def _sender(place: str, given: object) -> tuple[str, ...]:
    if not isinstance(given, list):
        raise SettingsError(
            f'{place} from: write a list, each with the role: from = ["Ann Other, Chief Executive"].'
        )
    return tuple(_text(place, "from", one) for one in given)


def _contacts(place: str, given: object) -> tuple[Contact, ...]:
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise SettingsError(
            f"{place} contacts: write a table for each, that begins with [[papers.contacts]]."
        )
    known = {field.name for field in fields(Contact)}
    found = []
    for one in given:
        for key in one:
            if key not in known:
                raise UnknownSetting(f"{place} contacts", key, known)
        found.append(Contact(**{key: _text(place, key, text) for key, text in one.items()}))
    return tuple(found)


def _since(place: str, text: str, year_start: int) -> Period | None:
    if not text:
        return None
    try:
        return Period.parse(text, year_start)
    except PeriodError as error:
        raise SettingsError(f"{place} since: {error}") from None
