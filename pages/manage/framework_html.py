"""The framework of a year as HTML, cached by the store's version, the selection, year and filter."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from kpi_core import display
from kpi_core.framework import COLUMNS, Finding, Lifecycle
from kpi_core.periods import Period
from kpi_core.views import FrameworkView
from kpi_core.words import Kind
from pages.shared import cards, load, look
from pages.shared.selection import Selection

ALL, CHANGED, TO_AGREE = "all", "changed", "to-be-agreed"
#: What can be shown, by its code in the address.
SHOWN = {
    ALL: "Every indicator",
    CHANGED: "What changed",
    TO_AGREE: "Targets to be agreed, or proposed",
}
#: Targets that nobody has set yet.
_OPEN = ("tbc", "proposed")

#: The findings of the checks, the gravest first.
_FINDINGS = {
    Finding.FLOOR_BEYOND_TARGET: "The floor is on the better side of the target",
    Finding.NO_FLOOR: "A target or floor is missing",
    Finding.EASIER_THAN_ACTUAL: "The target is easier than last year's actual",
    Finding.NEVER_MISSED: "The target was never missed",
    Finding.NEVER_MET: "The target was never met",
}

_CACHED = 200


def _view(selection: Selection, year: str) -> FrameworkView:
    return load.framework(selection.organisation, selection.version, selection.report, year)


@st.cache_resource(max_entries=_CACHED, show_spinner=False)
def head(selection: Selection, year: str) -> str:
    """What stands above the boxes: whose framework, of which year."""
    view = _view(selection, year)
    return look.render(
        "titled.html",
        view.page.wording,
        page=view.page,
        seen=selection.seen,
        title="Framework",
        who=f"{view.page.organisation} · {year}, with the actuals of {view.page.at.shift(-1)}",
    )


@st.cache_resource(max_entries=_CACHED, show_spinner="Working out the framework …")
def page(selection: Selection, year: str, wanted: str) -> str:
    """Counts, what to look at, and every section; `wanted` is one of SHOWN."""
    view = _view(selection, year)
    rows = _wanted(view.rows, wanted)
    ways = _Ways(selection, view)
    return look.render(
        "framework.html",
        view.page.wording,
        counts=_counts(view),
        notes=view.notes,
        checks=_checks(view, ways) if wanted == ALL else [],
        is_whole=view.is_whole,
        year=year,
        before=str(view.page.at.shift(-1)),
        sections=[
            {
                "section": section,
                "directorate": directorate or "",
                "tables": _tables(rows.filter(pl.col("section") == section), view, ways),
            }
            for section, directorate in view.sections.iter_rows()
            if (rows["section"] == section).any()
        ],
        nothing=_nothing(view, wanted),
    )


class _Ways:
    """The ways to the indicators' own pages, each at a period in which the report has it."""

    def __init__(self, selection: Selection, view: FrameworkView) -> None:
        self.selection = selection
        known = load.figures(selection.organisation, selection.version)
        of_report = known.placements.filter(pl.col("report") == selection.report)
        self.placed = set(of_report.select("indicator", "year").iter_rows())
        latest: dict[str, str] = {}
        for period in load.periods(*selection.key[:3]):
            latest.setdefault(str(period.year), str(period))
        here = known.organisation.period(selection.period)
        latest[str(here.year)] = selection.period
        at = view.page.at
        self.periods = {
            str(year): latest[str(year)]
            for year in (at, at.shift(-1), here.year)
            if str(year) in latest
        }

    def to(self, code: str) -> str:
        """The link; empty where the report has no period to show the indicator at."""
        for year, period in self.periods.items():
            if (code, year) in self.placed:
                return self.selection.link(cards.INDICATOR_PAGE, indicator=code, period=period)
        return ""


def _checks(view: FrameworkView, ways: _Ways) -> list[dict[str, Any]]:
    """What the checks found, by what it is."""
    found = view.checks.join(view.rows.select("indicator", "name", "section"), on="indicator")
    return [
        {
            "words": words,
            "found": [
                {
                    "name": row["name"],
                    "section": row["section"],
                    "link": ways.to(row["indicator"]),
                    "message": row["message"],
                    "try": ways.selection.link(
                        "targets", kpi=row["indicator"], year=str(view.page.at)
                    ),
                }
                for row in found.filter(pl.col("finding") == finding).iter_rows(named=True)
            ],
        }
        for finding, words in _FINDINGS.items()
        if (found["finding"] == finding).any()
    ]


def _wanted(rows: pl.DataFrame, wanted: str) -> pl.DataFrame:
    if wanted == CHANGED:
        return rows.filter(pl.col("lifecycle") != Lifecycle.NONE)
    if wanted == TO_AGREE:
        return rows.filter(pl.col("status").is_in(_OPEN))
    return rows


def _nothing(view: FrameworkView, wanted: str) -> str:
    year, before = view.page.at, view.page.at.shift(-1)
    return {
        CHANGED: f"Nothing is known to have changed between {before} and {year}.",
        TO_AGREE: f"Every target of {year} that is known is set.",
    }.get(wanted, f"Nothing is known of the framework of {year}. It begins with placements.csv.")


def _counts(view: FrameworkView) -> list[tuple[str, str, int]]:
    """What the strip shows: a mark or words, and how many."""
    by_kind = {row["kind"]: row for row in view.counts.iter_rows(named=True)}
    whole = [
        ("", words, by_kind[kind]["indicators"] if kind in by_kind else 0)
        for kind, words in ((Kind.KPI, "KPIs"), (Kind.ACTIVITY, "Activity indicators"))
        if view.is_whole
    ]
    changes = [
        (str(change), str(change), sum(row[change] for row in by_kind.values()))
        for change in Lifecycle
        if change
    ]
    statuses = [(status, status, int((view.rows["status"] == status).sum())) for status in _OPEN]
    return [*whole, *changes, *(one for one in statuses if one[2])]


def _tables(rows: pl.DataFrame, view: FrameworkView, ways: _Ways) -> list[dict[str, Any]]:
    titles = {Kind.KPI: "Key Performance Indicators", Kind.ACTIVITY: "Activity indicators"}
    return [
        {
            "title": title,
            "is_kpi": kind is Kind.KPI,
            "rows": [
                _row(row, view, ways)
                for row in rows.filter(pl.col("kind") == kind).iter_rows(named=True)
            ],
        }
        for kind, title in titles.items()
        if (rows["kind"] == kind).any()
    ]


def _row(row: dict[str, Any], view: FrameworkView, ways: _Ways) -> dict[str, Any]:
    wording, unit = view.page.wording, row["unit"]

    def limit(name: str) -> str:
        low, high = row[name], row[f"{name}_high"]
        return display.band(low, high, unit, wording) if (low, high) != (None, None) else ""

    return {
        "indicator": row["indicator"],
        "name": row["name"],
        "link": ways.to(row["indicator"]),
        "marks": [mark for mark in (row["lifecycle"], row["status"]) if mark and mark != "set"],
        "actual": display.figure(row["actual"], unit, row["decimals"], wording),
        "actual_of": _words(row["actual_period"], view),
        "target": limit("target"),
        "floor": limit("floor"),
        "was_target": limit("previous_target"),
        "was_floor": limit("previous_floor"),
        "note": f"Target of {_words(row['target_period'], view)}." if row["target_period"] else "",
    }


def _words(period: str | None, view: FrameworkView) -> str:
    return Period.parse(period, view.page.at.year_start).words if period else ""


def table(view: FrameworkView) -> pl.DataFrame:
    """The framework as it is downloaded."""
    return view.rows.select(
        *COLUMNS, "status", "target_high", "floor_high", "previous_target_high",
        "previous_floor_high",
    )  # fmt: skip
