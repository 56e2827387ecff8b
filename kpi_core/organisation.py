"""What an organisation says of itself in its `organisation.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from kpi_core import colours
from kpi_core.colours import Colours
from kpi_core.errors import SettingsError, UnknownSetting
from kpi_core.letterhead import Letterhead
from kpi_core.periods import APRIL, Frequency, Period
from kpi_core.rules import Rules
from kpi_core.wording import PLAIN, Wording

_YEAR_STARTS = (1, 4, 7, 10)
_SETTINGS = {
    "name", "year_start", "currency", "decimal_mark", "thousands_mark", "made_up", "reports",
    "rating", "direction", "names", "colours", "publishing", "papers",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Organisation:
    """A council: its name, its calendar, which report answers for which kind of period."""

    code: str  #: the name of its folder, for example kent
    name: str
    year_start: int = APRIL  #: month in which the financial year begins
    quarterly: str = "qpr"  #: report shown for a quarter or a year
    monthly: str = "dashboard"  #: report shown for a month
    year_to_date: tuple[str, ...] = ("dashboard",)  #: reports that rate the year to date as well
    made_up: bool = False  #: a made-up council says so on every page
    confirmed_by_another: bool = False  #: an edition is published once a second person confirms it
    #: how its KPIs are rated, and what a direction compares
    rules: Rules = field(default_factory=Rules)
    wording: Wording = PLAIN
    colours: Colours = colours.UNSET
    papers: Letterhead = field(default_factory=Letterhead)  #: who papers are from, and to whom

    @classmethod
    def from_toml(cls, code: str, text: str) -> Organisation:
        """Read the settings. Raises SettingsError with the way out."""
        try:
            settings = tomllib.loads(text, parse_float=Decimal)
        except tomllib.TOMLDecodeError as error:
            raise SettingsError(f"{code}/organisation.toml cannot be read: {error}.") from None
        _known_keys(code, settings, _SETTINGS)
        year_start = settings.get("year_start", APRIL)
        if year_start not in _YEAR_STARTS:
            raise SettingsError(
                f"{code}/organisation.toml: year_start is {year_start!r}. "
                "Enter the month in which the financial year begins: 1, 4, 7 or 10."
            )
        reports = settings.get("reports", {})
        to_date = reports.get("year_to_date", ["dashboard"]) if isinstance(reports, dict) else None
        if not isinstance(to_date, list):
            raise SettingsError(
                f"{code}/organisation.toml: [reports] is a table in which year_to_date is a list. "
                'Write for example year_to_date = ["dashboard"].'
            )
        _known_keys(code, reports, {"quarterly", "monthly", "year_to_date"})
        rules = Rules.from_settings(code, settings)
        return cls(
            code=code,
            name=str(settings.get("name", code)),
            year_start=year_start,
            quarterly=str(reports.get("quarterly", "qpr")),
            monthly=str(reports.get("monthly", "dashboard")),
            year_to_date=tuple(map(str, to_date)),
            made_up=bool(settings.get("made_up", False)),
            confirmed_by_another=_confirmed_by_another(code, settings.get("publishing", {})),
            rules=rules,
            wording=Wording.from_settings(code, settings, rules),
            colours=colours.from_settings(code, settings),
            papers=Letterhead.from_settings(code, settings, year_start),
        )

    def period(self, text: str) -> Period:
        """The period of that text in this organisation's calendar. Raises PeriodError."""
        return Period.parse(text.strip(), self.year_start)

    def report_for(self, period: Period) -> str:
        """The report that shows such a period unless another is asked for."""
        return self.monthly if period.frequency is Frequency.MONTH else self.quarterly


def _confirmed_by_another(code: str, publishing: object) -> bool:
    if not isinstance(publishing, dict):
        raise SettingsError(
            f"{code}/organisation.toml: [publishing] is a table in which confirmed_by_another is "
            "true or false."
        )
    _known_keys(code, publishing, {"confirmed_by_another"})
    wanted = publishing.get("confirmed_by_another", False)
    if not isinstance(wanted, bool):
        raise SettingsError(
            f"{code}/organisation.toml: confirmed_by_another is {wanted!r}. Enter true or false."
        )
    return wanted


def decoded(code: str, content: bytes) -> str:
    """The text of an organisation.toml as it is on disk. Raises SettingsError."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SettingsError(
            f"{code}/organisation.toml is not UTF-8. Save it with that encoding."
        ) from None


def _known_keys(code: str, settings: Iterable[str], known: set[str]) -> None:
    for key in settings:
        if key not in known:
            raise UnknownSetting(f"{code}/organisation.toml", key, known)
