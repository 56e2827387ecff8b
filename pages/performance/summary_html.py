"""The executive summary as HTML, cached by the store's version and the selection."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from kpi_core import summary, views
from kpi_core.beside import beside
from kpi_core.periods import Period
from kpi_core.views import SummaryView
from kpi_core.wording import Wording
from kpi_core.words import DECIDED, Basis, Rating
from pages.shared import about, cards, load, look
from pages.shared.selection import Selection

#: A column of the grid that is emptier than this tells nothing.
_FAIR_SHARE = 0.25
_DIRECTIONS = ["improving", "stable", "worsening"]
_DECIDED = [str(rating) for rating in DECIDED]


@st.cache_resource(max_entries=200, show_spinner="Working out the summary …")
def page(selection: Selection) -> str:
    """The page of a selection."""
    view = load.executive_summary(*selection.key)
    rows = view.counts.to_dicts()
    address = load.section_addresses(selection.organisation, selection.version)
    for row in rows:
        row["link"] = selection.link(address.get((selection.report, row["section"]), ""))
    of_report = pl.col("section") == ""
    overall = of_report & pl.col("heading").str.to_lowercase().is_in(views.OVERALL)
    return look.render(
        "summary.html",
        view.page.wording,
        page=view.page,
        seen=selection.seen,
        total=rows[-1],
        counted=_counted(rows[-1], view.page.wording),
        rows=rows,
        directions=_DIRECTIONS if any(rows[-1][name] for name in _DIRECTIONS) else [],
        headline=view.headline,
        overview=view.paragraphs.filter(overall)["text"].to_list(),
        said=_said(view, overall),
        by_chance=view.by_chance,
        counted_on_paper=(view.counts["directions_basis"] == Basis.PUBLISHED).any(),
        reds=_reds(view, selection),
        changed=_changed(view, selection),
        before=view.page.at.shift(-1).words,
        grid_periods=_grid_periods(view),
        grid=_grid(view, selection),
        any_published=(view.grid["rating_basis"] == Basis.PUBLISHED).any(),
        warnings=view.warnings,
    )


def _said(view: SummaryView, overall: pl.Expr) -> list[dict[str, Any]]:
    """What the report says further: of itself, in the summaries of its sections, of its ratings, in its
    cover paper.
    """
    headed = pl.when(pl.col("section") == "").then("heading").otherwise("section")
    further = view.paragraphs.filter(~overall).with_columns(heading=headed)
    return [
        *cards.groups(further, "Summary"),
        *cards.groups(view.key, "Ratings and charts"),
        *cards.groups(view.cover, "Cover paper"),
    ]


def quality(selection: Selection) -> str:
    """How many faults the checks find in all figures held; empty where they find none."""
    found = load.findings(selection.organisation, selection.version)
    if found.findings.is_empty():
        return ""
    view = load.executive_summary(*selection.key)
    return look.render(
        "found.html",
        view.page.wording,
        heading=not view.warnings,
        said=found.said(),
        link=selection.link(about.QUALITY),
    )


def _counted(total: dict[str, Any], wording: Wording) -> dict[str, Rating]:
    """The ratings that have a column: Amber only where it can occur, or did."""
    return {
        name: rating
        for name, rating in summary.RATINGS.items()
        if rating is not Rating.AMBER or wording.has_amber or total[name]
    }


def _reds(view: SummaryView, selection: Selection) -> list[dict[str, Any]]:
    wording = view.page.wording
    return [
        {
            **row,
            "link": cards.link(selection, row["indicator"]),
            "current": cards.figure(row, "value", wording),
            "target_text": cards.target(row, wording),
            "floor_text": cards.floor(row, wording),
            "why": summary.why_red(row, view.page.at, wording),
            "beside": beside(row, view.page.at, wording),
        }
        for row in view.scorecard.filter(pl.col("rating") == Rating.RED).iter_rows(named=True)
    ]


def _changed(view: SummaryView, selection: Selection) -> list[dict[str, Any]]:
    """KPIs rated otherwise than in the report before, the worst first."""
    both = view.scorecard.filter(
        pl.col("rating").is_in(_DECIDED)
        & pl.col("reported_rating").is_in(_DECIDED)
        & (pl.col("rating").cast(pl.String) != pl.col("reported_rating"))
        & ~pl.col("same_figure")
    ).with_columns(pl.col("rating").cast(pl.String))
    rows = sorted(both.iter_rows(named=True), key=lambda row: -_DECIDED.index(row["rating"]))
    return [
        {
            **row,
            "link": cards.link(selection, row["indicator"]),
            "change": _from_to(row, view.page.wording),
        }
        for row in rows
    ]


def _from_to(row: cards.Row, wording: Wording) -> str:
    """`91% to 89%`, where both figures are known."""
    if row["reported_value"] is None or row["value"] is None:
        return ""
    before = cards.figure(row, "reported_value", wording)
    return f"{before} to {cards.figure(row, 'value', wording)}"


def _grid_periods(view: SummaryView) -> list[str]:
    return [Period.parse(text, view.page.at.year_start).short for text in _known_periods(view)]


def _known_periods(view: SummaryView) -> list[str]:
    """The grid's periods from the first in which a fair part of the ratings is known."""
    known = view.grid.group_by("period", maintain_order=True).agg(
        share=pl.col("rating").is_not_null().mean()
    )
    fair = known.filter(pl.col("share") >= _FAIR_SHARE)["period"].to_list()
    return [text for text in known["period"].to_list() if fair and text >= fair[0]]


def _grid(view: SummaryView, selection: Selection) -> list[dict[str, Any]]:
    periods = _known_periods(view)
    ratings = {
        (indicator, period): (rating, basis == Basis.PUBLISHED)
        for indicator, period, rating, basis in view.grid.select(
            "indicator", "period", "rating", "rating_basis"
        ).iter_rows()
    }
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in view.scorecard.iter_rows(named=True):
        groups.setdefault(row["section"], []).append(
            {
                "name": row["name"],
                "link": cards.link(selection, row["indicator"]),
                "ratings": [ratings[row["indicator"], period] for period in periods],
            }
        )
    return [{"section": section, "rows": rows} for section, rows in groups.items()]
