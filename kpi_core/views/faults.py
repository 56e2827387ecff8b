"""The faults in the figures, with where each is to be seen and why it is one."""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from kpi_core import quality, registry
from kpi_core.figures import Figures
from kpi_core.periods import Period
from kpi_core.views.head import latest_period
from kpi_core.words import Kind


@dataclass(frozen=True)
class Faults:
    """All findings of an organisation."""

    findings: pl.DataFrame  #: see quality.findings, and name (of the indicator; may be null)
    figures: int  #: how many figures were looked at
    checks: int  #: how many kinds of fault were looked for

    def rows_of(self, code: str) -> pl.DataFrame:
        """The findings about one indicator."""
        return self.findings.filter(pl.col("indicator") == code)

    def counts(self) -> dict[str, int]:
        """Number of findings by severity, every severity once."""
        severity = self.findings["severity"]
        return {name: int((severity == name).sum()) for name in quality.SEVERITIES}

    def said(self) -> str:
        """`6 findings: 6 errors`; empty where there are none."""
        parts = [
            f"{count} {name}{'s' if count > 1 else ''}"
            for name, count in self.counts().items()
            if count
        ]
        total = self.findings.height
        return f"{total} finding{'s' if total > 1 else ''}: {', '.join(parts)}" if total else ""


@dataclass(frozen=True)
class Place:
    """Where an indicator is to be seen."""

    report: str
    period: str
    section: str
    is_table: bool  #: it has no page of its own: its section's page shows its table


def faults(figures: Figures) -> Faults:
    """What is wrong, or looks wrong, with all figures that are held."""
    newest = figures.indicators.unique("indicator", keep="last", maintain_order=True)
    names = newest.select("indicator", "name")
    found = quality.findings(figures)
    held = figures.observations.filter(
        pl.any_horizontal(pl.col("value", "numerator", "denominator").is_not_null())
    )
    return Faults(
        found.join(names, on="indicator", how="left", maintain_order="left"),
        held.height,
        len(quality.KINDS),
    )


def place(figures: Figures, code: str, of: str, report: str) -> Place | None:
    """Where a fault of an indicator in the period `of` is best seen; None where nothing shows it.

    The period itself, in the report chosen or else in another; then any period of that year, and at
    last the latest of any.
    """
    rows = figures.placements.filter(pl.col("indicator") == code)
    wanted = Period.parse(of, figures.year_start) if of else latest_period(figures, report)

    def rank(one: tuple[str, Period]) -> tuple[bool, bool, int, bool, str]:
        name, period = one
        far = abs(period.end_month - wanted.end_month)
        return period != wanted, period.year != wanted.year, far, name != report, name

    shown = [
        (name, period)
        for name in rows["report"].unique().to_list()
        for period in registry.report_periods(figures, name)
        if rows.filter((pl.col("report") == name) & (pl.col("year") == str(period.year))).height
    ]
    for name, period in sorted(shown, key=rank):
        placed = registry.placed(figures, name, period).filter(pl.col("indicator") == code)
        if placed.height:
            is_table = placed["kind"].cast(pl.String)[0] == Kind.TABLE
            return Place(name, str(period), placed["section"][0], is_table)
    return None


#: A code of a kind in a table of the rules.
_CELL = re.compile(r"\|\s*([a-z_]+)\s*\|\s*$", re.MULTILINE)


def explanations(rules: str) -> dict[str, str]:
    """What the rules say about each kind of fault: the text under the heading whose cases name it.

    Takes docs/rules/quality.md. Kinds without cases are left out.
    """
    found: dict[str, str] = {}
    for part in rules.split("\n## ")[1:]:
        _, _, body = part.partition("\n")
        text = " ".join(
            line.strip() for line in body.splitlines() if line.strip() and not line.startswith("|")
        )
        for kind in _CELL.findall(body):
            if kind in quality.KINDS:
                found.setdefault(kind, text)
    return found
