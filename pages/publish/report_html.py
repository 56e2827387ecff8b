"""The page of papers as HTML: what each paper is, and its first pages."""

from __future__ import annotations

import base64

from markupsafe import Markup

from kpi_core.report import Kind
from pages.publish.papers import Made
from pages.shared import load, look
from pages.shared.selection import Selection

_WHAT = {
    Kind.QPR: "The whole report of the period: key to the ratings, executive summary, each section "
    "with its officers, KPIs, charts, activity and tables, and the risk register.",
    Kind.COVER_PAPER: "The page that goes before the report: the counts and how they changed, the "
    "Reds by directorate, the directions of travel, the recommendation.",
    Kind.DASHBOARD: "The report in tables: the latest periods, rating, year to date, target and "
    "floor, expected ranges, the year before.",
    Kind.FRAMEWORK: "The KPIs and activity indicators of the year with last year's actuals, targets "
    "and floors, and what is new, removed or revised.",
}


def head(chosen: Selection) -> str:
    """What stands above the boxes."""
    top = load.head(*chosen.key)
    return look.render(
        "titled.html", top.wording, page=top, seen=chosen.seen, title="Report and papers", who=""
    )


def what(chosen: Selection, paper: str) -> str:
    """What the paper is, and from which figures it would be made."""
    return look.render(
        "paper.html",
        text=_WHAT[Kind(paper)],
        edition=chosen.published,
        publish=chosen.link("publish"),
    )


def made(paper: Made) -> str:
    """What was made."""
    return look.render(
        "paper_made.html",
        title=paper.title,
        made_from=paper.made_from,
        size=f"{len(paper.content) / 1_000_000:.1f} MB"
        if len(paper.content) > 999_999
        else f"{len(paper.content) / 1_000:.0f} kB",
        warnings=paper.warnings,
    )


def preview(paper: Made) -> str:
    """The first pages as pictures; they only repeat what the file says."""
    pictures = [
        Markup(f"data:image/png;base64,{base64.b64encode(page).decode()}")  # noqa: S704  our own picture
        for page in paper.pages
    ]
    return look.render("paper_pages.html", pictures=pictures, title=paper.title)
