"""What is written about: section, indicator, kind and paragraph, kept in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import polars as pl
import streamlit as st

from kpi_core import views
from kpi_core.commentary import Place
from kpi_core.views import WrittenView
from kpi_core.words import Said
from pages.shared import asked, selection
from pages.shared.selection import Selection

NAMES = ("section", "indicator", "kind", "paragraph")

#: Codes in the address of what is no section, no indicator, no paragraph yet.
_REPORT, _SECTION, _NEW = "whole-report", "section-itself", "new"
_KINDS = {
    Said.COMMENTARY: "Commentary",
    Said.SUMMARY: "Summary",
    Said.ACTION: "Management action",
    Said.NOTE: "Note",
}
#: As much of a paragraph as tells which it is.
_BEGINNING = 50


def choose(chosen: Selection, view: WrittenView, texts: Mapping[str, str]) -> Place:
    """Draw the boxes; the place of the text that they choose."""
    left, middle, right = st.columns([2, 3, 2])
    with left:
        section = _section(view, texts)
    with middle:
        code = _indicator(view, section, texts["indicator"])
    with right:
        kind = _kind(view, section, code, texts["kind"])
    place = Place(chosen.report, section, code, chosen.period, kind, 0)
    return _paragraph(view, place, texts["paragraph"])


def _section(view: WrittenView, texts: Mapping[str, str]) -> str:
    """The section asked for, or that of the indicator, or the first."""
    homes = dict(view.indicators.select("indicator", "section").iter_rows())
    options = [*view.sections, _REPORT]
    wanted = texts["section"] or homes.get(texts["indicator"], "")
    shown = wanted if wanted in options else options[0]
    if wanted and wanted != shown:
        selection.say(f"There is no section “{wanted[:40]}” in this period: {shown} is shown.")
    asked.box(
        "Section", "section", options, shown, lambda one: "The whole report" if one == _REPORT else one,
        forget=("indicator", "kind", "paragraph"),
    )  # fmt: skip
    return "" if shown == _REPORT else shown


def _indicator(view: WrittenView, section: str, wanted: str) -> str:
    here = view.indicators.filter(pl.col("section") == section)
    names = {row["indicator"]: f"{row['name']} ({row['indicator']})" for row in here.to_dicts()}
    itself = {_SECTION: "The section itself" if section else "The report itself"}
    shown = wanted if wanted in names else _SECTION
    if wanted and wanted != shown:
        selection.say(f"There is no indicator “{wanted[:40]}” here: the section itself is shown.")
    asked.box(
        "About", "indicator", [_SECTION, *names], shown, (itself | names).__getitem__,
        forget=("kind", "paragraph"),
    )  # fmt: skip
    return "" if shown == _SECTION else shown


def _kind(view: WrittenView, section: str, code: str, wanted: str) -> str:
    options = [str(kind) for kind in views.kinds(view, code, section)]
    shown = wanted if wanted in options else options[0]
    labels = {str(kind): label for kind, label in _KINDS.items()}
    asked.box("What", "kind", options, shown, labels.__getitem__, forget=("paragraph",))
    return shown


def _paragraph(view: WrittenView, place: Place, wanted: str) -> Place:
    """The place of a paragraph that is there, or of a new one. The box is drawn once one is there."""
    rows = {str(row["order"]): row for row in view.at(place).to_dicts()}
    new = replace(place, order=views.next_order(view, place.section, place.kind))
    if not rows:
        return new
    labels = {order: _beginning(row["text"]) for order, row in rows.items()}
    shown = wanted if wanted in (*rows, _NEW) else next(iter(rows))
    asked.box(
        "Paragraph",
        "paragraph",
        [*rows, _NEW],
        shown,
        (labels | {_NEW: "A new paragraph"}).__getitem__,
    )
    if shown == _NEW:
        return new
    row = rows[shown]
    return replace(place, section=row["section"], order=row["order"])


def _beginning(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _BEGINNING else f"{line[:_BEGINNING]}…"
