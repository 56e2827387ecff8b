"""What has changed since it was published, as HTML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import polars as pl

from kpi_core import display, standing
from kpi_core.standing import Edition, Standing
from kpi_core.wording import Wording
from pages.publish import publishing_html
from pages.shared import cards, load, look
from pages.shared.selection import Selection

#: What is counted together at the head of the page.
_KINDS = {
    "ratings would differ": ("rating",),
    "directions and alerts": ("direction", "alert"),
    "figures": ("value", "numerator", "denominator"),
    "targets, floors and ranges": ("target", "floor", "range"),
    "definitions": ("definition",),
    "texts": ("commentary",),
}
_IN_UNITS = {"value", "target", "floor", "range"}
_COUNTS = {"numerator", "denominator"}


def published(now: Selection) -> dict[str, str]:
    """All that was published, the latest first: what it is called, by number of the edition or code
    of the document. An edition withdrawn is left out, and a document of no figures.
    """
    editions = {
        str(one.number): publishing_html.named(one, now)
        for one in reversed(load.editions(now.organisation, now.version))
        if one.standing is not Standing.WITHDRAWN
    }
    documents = load.figures(now.organisation, now.version).documents
    titled = documents.sort("period", "document", descending=True).select("document", "title")
    return editions | {
        code: f"{title} ({code})" for code, title in titled.iter_rows() if code not in editions
    }


def asked(wanted: str, known: Mapping[str, str], now: Selection) -> str:
    """The number or code asked for, if it is among the known; an edition also by its entry in the log,
    as addresses of before December 2026 have it. Else empty.
    """
    if wanted in known:
        return wanted
    one = standing.numbered(load.editions(now.organisation, now.version), wanted)
    return str(one.number) if one and str(one.number) in known else ""


def first(chosen: Selection, known: Mapping[str, str]) -> str:
    """What is shown unasked: the edition in the sidebar, or the latest of the report's period."""
    now = chosen.of_now()

    def of_period(one: Edition) -> bool:
        return (one.report, one.period) == (now.report, now.period)

    own = [
        str(one.number) for one in load.editions(now.organisation, now.version) if of_period(one)
    ]
    documents = load.figures(now.organisation, now.version).documents
    printed = documents.filter(report=now.report, period=now.period)["document"].to_list()
    wanted = [chosen.edition, *reversed(own), *printed, *known]
    return str(next(one for one in wanted if one in known))


def head(chosen: Selection) -> str:
    """What stands above the choice."""
    top = load.head(*chosen.of_now().key)
    return look.render("restatements.html", top.wording, page=top, seen="as published and now")


def nothing(chosen: Selection) -> str:
    """What to do where nothing was published."""
    return look.render("unpublished.html", publishing=chosen.of_now().link("publish"))


def table(now: Selection, of: str) -> pl.DataFrame:
    """What has changed since: the columns of restated."""
    editions = {str(one.number) for one in load.editions(now.organisation, now.version)}
    if of in editions:
        return load.restatements(now.organisation, now.version, int(of))
    rows = load.document_restatements(now.organisation, now.version)
    return rows.filter(pl.col("edition") == of)


def listed(chosen: Selection, of: str) -> str:
    """The changes as counts and a table."""
    now = chosen.of_now()
    rows = table(now, of)
    figures = load.figures(now.organisation, now.version)
    units = {
        code: (unit, decimals)
        for code, unit, decimals in figures.indicators.select(
            "indicator", "unit", "decimals"
        ).iter_rows()
    }
    counts = {name: rows["what"].is_in(list(whats)).sum() for name, whats in _KINDS.items()}
    wording = figures.organisation.wording
    return look.render(
        "restated.html",
        wording,
        counts=counts,
        groups=[
            [_row(row, units, wording, now) for row in own.iter_rows(named=True)]
            for own in rows.partition_by("indicator", "name", maintain_order=True)
        ],
        edition=of if of in {str(e.number) for e in load.editions(now.organisation, now.version)} else "",
    )  # fmt: skip


def _row(
    row: Mapping[str, str],
    units: Mapping[str, tuple[str, int]],
    wording: Wording,
    now: Selection,
) -> dict[str, Any]:
    unit, decimals = units.get(row["indicator"], ("number", 0))

    def said(text: str) -> str:
        if text and row["what"] in _COUNTS:
            return display.number(Decimal(text), _places(text), wording)
        if not text or row["what"] not in _IN_UNITS:
            return text or "–"
        ends = text.removeprefix("up to ").split(" to ")
        amounts = [display.limit(Decimal(end), unit, wording) for end in ends]
        if row["what"] == "value":
            amounts = [display.figure(Decimal(text), unit, max(decimals, _places(text)), wording)]
        return ("up to " if text.startswith("up to") else "") + " to ".join(amounts)

    return {
        **row,
        "then": said(row["published"]),
        "now": said(row["latest"]),
        "link": cards.way_to(replace(now, report=row["report"]), row["indicator"], row["period"]),
    }


def _places(text: str) -> int:
    """The decimals that a figure has: a change in the third must not look like none."""
    return len(text.partition(".")[2])
