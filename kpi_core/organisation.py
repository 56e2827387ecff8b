"""What an organisation says of itself in its `organisation.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from kpi_core.errors import SettingsError
from kpi_core.periods import APRIL, Frequency, Period

_YEAR_STARTS = (1, 4, 7, 10)


@dataclass(frozen=True, slots=True)
class Organisation:
    """A council: its name, its calendar, which report answers for which kind of period."""

    code: str  #: the name of its folder, for example kent
    name: str
    year_start: int = APRIL  #: month in which the financial year begins
    currency: str = "£"
    quarterly: str = "qpr"  #: report shown for a quarter or a year
    monthly: str = "dashboard"  #: report shown for a month
    year_to_date: tuple[str, ...] = ("dashboard",)  #: reports that rate the year to date as well
    made_up: bool = False  #: a made-up council says so on every page

    @classmethod
    def from_toml(cls, code: str, text: str) -> Organisation:
        """Read the settings. Raises SettingsError with the way out."""
        try:
            settings = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise SettingsError(f"{code}/organisation.toml cannot be read: {error}.") from None
        _known_keys(code, settings, {"name", "year_start", "currency", "made_up", "reports"})
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
        return cls(
            code=code,
            name=str(settings.get("name", code)),
            year_start=year_start,
            currency=str(settings.get("currency", "£")),
            quarterly=str(reports.get("quarterly", "qpr")),
            monthly=str(reports.get("monthly", "dashboard")),
            year_to_date=tuple(map(str, to_date)),
            made_up=bool(settings.get("made_up", False)),
        )

    def period(self, text: str) -> Period:
        """The period of that text in this organisation's calendar. Raises PeriodError."""
        return Period.parse(text.strip(), self.year_start)

    def report_for(self, period: Period) -> str:
        """The report that shows such a period unless another is asked for."""
        return self.monthly if period.frequency is Frequency.MONTH else self.quarterly


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
            near = get_close_matches(key, known, n=1, cutoff=0.4)
            way_out = (
                f'Did you mean "{near[0]}"?' if near else f"Known: {', '.join(sorted(known))}."
            )
            raise SettingsError(f'{code}/organisation.toml: there is no setting "{key}". {way_out}')
