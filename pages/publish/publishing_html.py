"""The publishing page as HTML: what would be frozen, what is open, the editions there are."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import polars as pl

from kpi_core import display, views
from kpi_core.standing import Edition
from kpi_core.words import FigureBasis
from pages.shared import load, look
from pages.shared.selection import Selection

#: Of a hash, as much as tells editions apart at sight.
_SHORT = 12


def head(chosen: Selection) -> str:
    """What stands above the fields: what an edition of this period would hold, what is open."""
    now = chosen.of_now()
    top, figures = load.head(*now.key), load.figures(now.organisation, now.version)
    summary = load.executive_summary(*now.key)
    kpis = summary.scorecard.filter(pl.col("basis") == FigureBasis.PERIOD)
    points = load.open_points(*now.key)
    holds = [
        ("KPIs with a figure", kpis["value"].is_not_null().sum(), f"of {kpis.height}"),
        ("figures in all", figures.observations.height, "every period held"),
        ("texts", figures.commentary.height, "every period held"),
    ]
    return look.render(
        "publishing.html",
        top.wording,
        page=top,
        seen=chosen.seen,
        holds=[(words, display.number(Decimal(n), 0, top.wording), more) for words, n, more in holds],
        open=views.told(points),
        another=figures.organisation.confirmed_by_another,
        quality=now.link("quality"),
        method=now.link("method"),
    )  # fmt: skip


def button(now: Selection) -> str:
    """What the button says that freezes the period."""
    organisation = load.figures(now.organisation, now.version).organisation
    words = load.head(*now.key).at.words
    of, known = (now.report, now.period), load.editions(*now.key[:2])
    is_again = any((one.report, one.period) == of for one in known)
    again = f" again, as edition {len(known) + 1}" if is_again else ""
    draft = organisation.confirmed_by_another
    return f"Prepare a draft of {words}{again}" if draft else f"Publish {words}{again}"


def named(edition: Edition, now: Selection) -> str:
    """`Quarterly Performance Report, Q2 2024/25: edition 2, as published on 5 January 2026`."""
    council = load.figures(now.organisation, now.version).organisation
    title = load.reports(now.organisation, now.version).get(edition.report, edition.report)
    return f"{title}, {council.period(edition.period).words}: {edition.words}"


def listed(now: Selection) -> str:
    """Every edition, the latest first."""
    wording = load.head(*now.key).wording
    editions = reversed(load.editions(now.organisation, now.version))
    return look.render("editions.html", wording, rows=[_row(one, now) for one in editions])


def _row(edition: Edition, now: Selection) -> dict[str, Any]:
    council = load.figures(now.organisation, now.version).organisation
    at = {"report": edition.report, "period": edition.period, "edition": str(edition.number)}
    return {
        "title": load.reports(now.organisation, now.version).get(edition.report, edition.report),
        "words": council.period(edition.period).words,
        "number": edition.number,
        "standing": str(edition.standing),
        "prepared_by": edition.prepared_by,
        "prepared_at": f"{edition.prepared_at:%Y-%m-%d %H:%M}",
        "confirmed_by": edition.confirmed_by,
        "confirmed_at": f"{edition.published_at:%Y-%m-%d %H:%M}" if edition.confirmed_by else "",
        "hash": edition.hash,
        "short": edition.hash[:_SHORT],
        "note": edition.note,
        "link": now.link("", **at),
        "changes": now.link("restated", of=str(edition.number)),
    }
