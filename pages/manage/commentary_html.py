"""The parts of the commentary's page as HTML. Whatever people wrote comes out as text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from kpi_core import commentary, display, limits
from kpi_core.beside import beside
from kpi_core.commentary import Doubt, Place
from kpi_core.views import WrittenView
from kpi_core.words import Said
from pages.shared import cards, look
from pages.shared.selection import Selection

PAGE = "commentary"


def head(selection: Selection, view: WrittenView) -> str:
    """What stands above the boxes: where we are, and what is still missing."""
    reds = [
        {"name": name, "link": link(selection, section, code, Said.ACTION)}
        for code, name, section in view.without_action.iter_rows()
    ]
    silent = [
        {"name": name, "link": link(selection, name, "", Said.COMMENTARY)} for name in view.silent
    ]
    return look.render(
        "commentary.html",
        view.page.wording,
        page=view.page,
        seen=selection.seen,
        reds=reds,
        silent=silent,
        texts=display.count(view.texts.height),
        rules=selection.link("method"),
    )


def link(selection: Selection, section: str, code: str, kind: str) -> str:
    """The way to writing about a section, or an indicator of it."""
    about = {"indicator": code} if code else {}
    return selection.link(PAGE, section=section, **about, kind=kind)


def topic(selection: Selection, view: WrittenView, place: Place) -> str:
    """The KPI's card without its chart; nothing where the text is about a section."""
    if not place.indicator:
        return ""
    about, wording, at = view.subjects[place.indicator], view.page.wording, view.page.at
    own = view.kpis.filter(pl.col("indicator") == place.indicator)
    row = own.row(0, named=True) if own.height else None
    facts = [("Current", _figure(about.value, about))]
    if row:
        facts.append(("Target", cards.target(row, wording)))
        limit = wording.limit_name(limits.rule(row))
        facts += [(limit, cards.floor(row, wording))] if limit else []
    facts.append((f"Previous {at.frequency}", _figure(about.previous, about)))
    return look.render(
        "topic.html",
        wording,
        name=about.name,
        link=cards.link(selection, place.indicator),
        row=row,
        amber=limits.rule(row) if row else None,
        beside=beside(row, at, wording) if row else [],
        was=cards.was(row, at, wording) if row else "",
        facts=facts,
        say=cards.said(row, at, wording) if row else "",
    )


def _figure(value: Any, about: commentary.Subject) -> str:
    return display.figure(value, about.unit, about.decimals, about.wording)


def before(view: WrittenView, place: Place) -> str:
    """What stood there in the period before."""
    when = view.page.at.shift(-1).words
    return look.render("before.html", when=when, texts=view.earlier(place)["text"].to_list())


def doubts(found: Sequence[Doubt]) -> str:
    """What is to be asked about the text as it stands in the field."""
    return look.render("doubts.html", doubts=found)


def version(row: dict[str, Any]) -> str:
    """One earlier version: who, when, what."""
    who = "The organisation's folder" if row["kind_of_upload"] == "folder" else row["by"]
    return look.render(
        "version.html",
        upload=row["upload"],
        who=who or "Nobody named",
        when=f"{row['at']:%-d %B %Y, %H:%M} (UTC)",
        undone=row["undone"],
        text=row["text"],
    )


def to_look_at(selection: Selection, view: WrittenView) -> str:
    """What the checks ask about the texts that are saved."""
    homes = dict(view.indicators.select("indicator", "section").iter_rows())
    found = view.findings.filter(pl.col("finding") != "no_action").to_dicts()
    return look.render(
        "asked.html",
        view.page.wording,
        found=[
            {
                **one,
                "what": commentary.KINDS[one["finding"]],
                "link": link(
                    selection, homes.get(one["indicator"], ""), one["indicator"], Said.COMMENTARY
                )
                if one["indicator"] in homes
                else "",
            }
            for one in found
        ],
    )
