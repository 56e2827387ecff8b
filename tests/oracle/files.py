"""An organisation's folder as it stands on the disk: rows of text, and what its settings say."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.oracle.calendar_of import Calendar, Stretch

Row = Mapping[str, str]

DIRECTIONS = ("improving", "stable", "worsening")


def _when(row: Row) -> tuple[str, str]:
    """The year of a row that holds for the whole year, or the period of one that does not."""
    return ("", row["period"]) if row["period"] else (row["year"], "")


def number(cell: str) -> Decimal | None:
    """A cell that holds a figure, or nothing."""
    return Decimal(cell) if cell else None


@dataclass(frozen=True)
class Amber:
    """How far a KPI may miss its target and still be Amber."""

    by: str = "floor"
    tolerance: Decimal = Decimal(0)
    closeness: Decimal = Decimal(0)


@dataclass(frozen=True)
class Aims:
    """A row of targets.csv, or what a document prints as target and floor."""

    target: Decimal | None = None
    target_high: Decimal | None = None
    floor: Decimal | None = None
    floor_high: Decimal | None = None
    year: str | None = None  #: the financial year whose target it is
    basis: str | None = None  #: how a figure came by it: own, printed, report_year


@dataclass(frozen=True)
class Range:
    """A row of thresholds.csv."""

    lower: Decimal | None = None
    upper: Decimal | None = None
    year: str | None = None


@dataclass(frozen=True)
class Figure:
    """A row of observations.csv, for the whole."""

    period: Stretch
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    status: str


@dataclass(frozen=True)
class Line:
    """A row of published.csv: what a document prints of the whole in one place. A blank is None."""

    document: str
    about: str  #: the period of the document
    period: str
    value: Decimal | None
    target: Decimal | None
    floor: Decimal | None
    rating: str | None
    previous_rating: str | None
    direction: str | None


@dataclass
class Folder:
    """One organisation."""

    path: Path
    settings: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        text = (self.path / "organisation.toml").read_text(encoding="utf-8")
        self.settings = tomllib.loads(text, parse_float=Decimal)
        self.calendar = Calendar(self.settings.get("year_start", 4))

    def rows(self, table: str) -> list[Row]:
        """The rows of a CSV; none where there is no such file. Blank cells are empty texts."""
        path = self.path / f"{table}.csv"
        if not path.exists():
            return []
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [
                _Cells({name: (cell or "").strip() for name, cell in row.items()})
                for row in csv.DictReader(file)
            ]

    # Settings

    @property
    def rates_year_to_date(self) -> list[str]:
        """The reports that rate the year to date beside the period."""
        reports = self.settings.get("reports", {})
        return list(reports.get("year_to_date", ["dashboard"]))

    def amber(self, indicator: str) -> Amber:
        """The rule of one KPI: its own where it has one, for the rest that of the council."""
        general = self.settings.get("rating", {})
        own = general.get("kpi", {}).get(indicator, {})
        by = own.get("amber", general.get("amber", "floor"))
        tolerance = own.get("tolerance", general.get("tolerance", 0))
        closeness = own.get("closeness", general.get("closeness", 0))
        return Amber(by, Decimal(tolerance), Decimal(closeness))

    @property
    def directions(self) -> list[str]:
        """What directions of travel compare, the one that counts first."""
        return list(self.settings.get("direction", {}).get("by", ["regression"]))

    @property
    def tie(self) -> Decimal:
        """Up to this a difference is no change."""
        return Decimal(self.settings.get("direction", {}).get("tie", 0))

    # Tables

    @cached_property
    def reports(self) -> dict[str, str]:
        """The kind of period of each report."""
        return {row["report"]: row["frequency"] for row in self.rows("reports")}

    @cached_property
    def placements(self) -> dict[tuple[str, str], list[Row]]:
        """By report and year."""
        found: dict[tuple[str, str], list[Row]] = {}
        for row in self.rows("placements"):
            found.setdefault((row["report"], row["year"]), []).append(row)
        return found

    @cached_property
    def section_order(self) -> dict[tuple[str, str, str], int]:
        """By report, year and section."""
        return {
            (row["report"], row["year"], row["section"]): int(row["order"])
            for row in self.rows("sections")
        }

    @cached_property
    def definitions(self) -> dict[str, list[Row]]:
        """The definitions of each indicator."""
        found: dict[str, list[Row]] = {}
        for row in self.rows("indicators"):
            found.setdefault(row["indicator"], []).append(row)
        return found

    @cached_property
    def observations(self) -> dict[tuple[str, str], list[Figure]]:
        """The figures for the whole, by indicator and basis."""
        found: dict[tuple[str, str], list[Figure]] = {}
        for row in self.rows("observations"):
            if row["breakdown"]:
                continue
            figure = Figure(
                self.calendar.read(row["period"]),
                number(row["value"]),
                number(row["numerator"]),
                number(row["denominator"]),
                row["status"],
            )
            found.setdefault((row["indicator"], row["basis"]), []).append(figure)
        return found

    @cached_property
    def printed_to_date(self) -> dict[tuple[str, str], Decimal | None]:
        """The years to date that documents print, by indicator and period."""
        return {
            (indicator, figure.period.text): figure.value
            for (indicator, basis), figures in self.observations.items()
            for figure in figures
            if basis == "ytd"
        }

    @cached_property
    def targets(self) -> dict[tuple[str, str, str], Aims]:
        """The targets that are set, by indicator and either the whole year or a period of it."""
        return {
            (row["indicator"], *_when(row)): Aims(
                number(row["target"]),
                number(row["target_high"]),
                number(row["floor"]),
                number(row["floor_high"]),
                row["year"],
            )
            for row in self.rows("targets")
            if row["status"] == "set"
        }

    @cached_property
    def ranges(self) -> dict[str, dict[tuple[str, str, str], Range]]:
        """Expected ranges by basis; then as targets are."""
        found: dict[str, dict[tuple[str, str, str], Range]] = {"period": {}, "ytd": {}}
        for row in self.rows("thresholds"):
            expected = Range(number(row["lower"]), number(row["upper"]), row["year"])
            found[row["basis"]][row["indicator"], *_when(row)] = expected
        return found

    @cached_property
    def documents(self) -> dict[str, tuple[str, str]]:
        """The report and period of each document."""
        return {row["document"]: (row["report"], row["period"]) for row in self.rows("documents")}

    def printed(self, report: str) -> dict[tuple[str, str], list[Line]]:
        """What the documents of a report print, by indicator and basis: the first place first."""
        found: dict[tuple[str, str], list[Line]] = {}
        for row in sorted(self._published, key=lambda row: (row["document"], int(row["place"]))):
            of, about = self.documents.get(row["document"], ("", ""))
            if of == report and not row["breakdown"]:
                line = Line(
                    row["document"], about, row["period"], number(row["value"]),
                    number(row["target"]), number(row["floor"]), row["rating"] or None,
                    row["previous_rating"] or None, row["direction"] or None,
                )  # fmt: skip
                found.setdefault((row["indicator"], row["basis"]), []).append(line)
        return found

    @cached_property
    def _published(self) -> list[Row]:
        return self.rows("published")

    def counted(self, report: str, period: str) -> dict[tuple[str, str], tuple[int, int | None]]:
        """The counts that documents of the period print, and those of the period before, by section
        and measure: the first that is printed of each.
        """
        found: dict[tuple[str, str], tuple[int, int | None]] = {}
        for row in sorted(self._counts, key=lambda row: row["document"]):
            if self.documents.get(row["document"]) == (report, period):
                of = (row["section"], row["measure"])
                count, before = found.get(of, (int(row["count"]), None))
                if before is None and row["previous"]:
                    before = int(row["previous"])
                found[of] = (count, before)
        return found

    @cached_property
    def _counts(self) -> list[Row]:
        return self.rows("published_counts")


class _Cells(dict[str, str]):
    """A row; a column that the file leaves out is blank."""

    def __missing__(self, name: str) -> str:
        return ""
