"""The findings as HTML, cached by the store's version, the selection and the filters."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import streamlit as st

from kpi_core import display, quality, views
from kpi_core.wording import ALL
from pages.shared import cards, load, look
from pages.shared.selection import Selection

_RULES = Path(__file__).resolve().parents[2] / "docs" / "rules" / "quality.md"


@cache
def _explanations() -> dict[str, str]:
    """What the rules say about each kind: the method page shows the same text with its cases."""
    return views.explanations(_RULES.read_text(encoding="utf-8"))


def head(selection: Selection) -> str:
    """What stands above the findings, and all there is where there are none."""
    found = load.findings(selection.organisation, selection.version)
    top = load.head(*selection.key)
    return look.render(
        "quality.html",
        top.wording,
        page=top,
        seen=selection.seen,
        counts=found.counts(),
        total=found.findings.height,
        checks=display.number(Decimal(found.checks), 0, top.wording),
        figures=display.number(Decimal(found.figures), 0, top.wording),
        method=selection.link("method"),
    )


def table(selection: Selection, severity: str, kind: str) -> pl.DataFrame:
    """The findings that the filters leave, as they are downloaded."""
    rows = load.findings(selection.organisation, selection.version).findings
    if severity != ALL:
        rows = rows.filter(pl.col("severity") == severity)
    if kind != ALL:
        rows = rows.filter(pl.col("finding") == kind)
    return rows.select(quality.COLUMNS)


@st.cache_resource(max_entries=200, show_spinner="Listing the findings …")
def listed(selection: Selection, severity: str, kind: str) -> str:
    """The findings that the filters leave, by kind."""
    found = load.findings(selection.organisation, selection.version)
    names = dict(found.findings.select("indicator", "name").iter_rows())
    rows = table(selection, severity, kind)
    figures = load.figures(selection.organisation, selection.version)
    groups: list[dict[str, Any]] = [
        {
            "title": said,
            "why": _explanations().get(code, ""),
            "rows": [_finding(row, names, selection) for row in own.iter_rows(named=True)],
        }
        for code, said in quality.KINDS.items()
        if (own := rows.filter(pl.col("finding") == code)).height
    ]
    told: set[str] = set()
    for group in groups:  # kinds that share their rule: its words stand over the first
        if group["why"] in told:
            group["why"] = ""
        told.add(group["why"])
    return look.render("findings.html", figures.organisation.wording, groups=groups)


def _finding(row: dict[str, Any], names: dict[str, str], selection: Selection) -> dict[str, Any]:
    name = names.get(row["indicator"]) or row["indicator"]
    council = load.figures(selection.organisation, selection.version).organisation
    return {
        **row,
        "name": name,
        "message": cards.sentence_case(row["message"].removeprefix(f"{name}: ")),
        "when": council.period(row["period"]).words if row["period"] else "",
        "link": cards.way_to(selection, row["indicator"], row["period"]),
        "sources": [text for text in row["sources"].split(" | ") if text],
    }
