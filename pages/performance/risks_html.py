"""The risk register as HTML, cached by the store's version and the selection."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl
import streamlit as st

from kpi_core import display, risks
from kpi_core.views import RiskView
from kpi_core.words import Basis
from pages.shared import about, cards, load, look
from pages.shared.selection import Selection

#: The levels from the most serious on.
_LEVELS = ("high", "medium", "low", "tbc")
#: Links to other periods that an empty page offers.
_OFFERED = 8


@st.cache_resource(max_entries=200, show_spinner="Reading the register …")
def page(selection: Selection) -> str:
    """The page of the register that goes with the selection."""
    view = load.risks(*selection.key)
    return _empty(selection) if view is None else _register(view, selection)


def _empty(selection: Selection) -> str:
    figures = load.figures(selection.organisation, selection.version)
    return look.render(
        "no_risks.html",
        figures.organisation.wording,
        page=load.head(*selection.key),
        seen=selection.seen,
        held=_held(selection),
        reports=len(load.reports(selection.organisation, selection.version)),
    )


def _held(selection: Selection) -> list[dict[str, str]]:
    """The reports that have a register, latest first, this report's before the others'."""
    codes = load.reports(selection.organisation, selection.version)
    found = []
    for code in sorted(codes, key=lambda code: code != selection.report):
        for at, of in load.registers(selection.organisation, selection.version, code)[:_OFFERED]:
            there = replace(selection, report=code, period=str(at))
            found.append(
                {
                    "link": there.link(about.RISKS),
                    "period": f"{codes[code]}, {at.words}",
                    "register": of.words,
                }
            )
    return found


def _register(view: RiskView, selection: Selection) -> str:
    acted = view.action_counts["count"].sum()
    return look.render(
        "risks.html",
        view.page.wording,
        page=view.page,
        seen=selection.seen,
        register=view.register.words,
        before=view.before.words if view.before else "",
        lead=_lead(view),
        texts=cards.groups(view.texts, "Corporate risk register"),
        levels=_levels(view),
        level_basis=_level_basis(view),
        changes=[_changed(row) for row in risks.changed(view.risks).to_dicts()],
        unchanged=_unchanged(view),
        no_change="none" if view.compared else "none printed",
        risks=[_risk(view, row, selection) for row in [*view.risks.to_dicts(), *_unlisted(view)]],
        actions=view.actions.height,
        counts=view.action_counts.to_dicts() if acted else [],
        unsaid=view.actions["counts_as"].null_count(),
    )


def _lead(view: RiskView) -> str:
    """How many risks stand at which level now, in a sentence."""
    now = view.levels.row(0, named=True)
    if now["basis"] is None:
        return f"How many risks stand at which level in {view.register.words} is not known."
    counts = [f"{now[name]} {name}" for name in ("high", "medium", "low")]
    if now["tbc"]:
        counts.append(f"{now['tbc']} with no level yet")
    total = sum(now[name] or 0 for name in risks.LEVELS)
    return f"{total} corporate risks in {view.register.words}: {display.listed(counts)}."


def _levels(view: RiskView) -> list[dict[str, Any]]:
    """A row for each level with its count now and before, and how long a bar each is."""
    rows = [row for row in view.levels.iter_rows(named=True) if row["basis"] is not None]
    most = max((row[name] or 0 for row in rows for name in _LEVELS), default=0)
    by_period = {row["period"]: row for row in rows}
    now = by_period.get(str(view.register), {})
    then = by_period.get(str(view.before), {}) if view.before else {}
    return [
        {
            "level": name,
            "now": _bar(now.get(name), most),
            "before": _bar(then.get(name), most) if then else None,
            "change": display.change(now[name], then.get(name), view.page.wording)
            if now.get(name) is not None
            else "",
        }
        for name in _LEVELS
        if rows and (name != "tbc" or any(row[name] for row in rows))
    ]


def _bar(count: int | None, most: int) -> dict[str, Any]:
    return {"count": count, "share": round(100 * count / most) if count and most else 0}


def _level_basis(view: RiskView) -> str:
    """Whether the counts are printed or counted, in a sentence."""
    bases = view.levels["basis"].to_list()
    without = view.levels["without_level"][0]
    if bases[0] == Basis.PUBLISHED:
        why = f": the level of {without} of its risks is not printed" if without else ""
        return f"The counts of {view.register.words} are as printed{why}."
    if bases[0] == Basis.COMPUTED:
        more = (
            f"; those of {view.before.words} are as printed"
            if view.before and bases[-1] == Basis.PUBLISHED
            else ""
        )
        return f"Counted from the register{more}."
    return (
        "The register does not print the level of each risk, and no counts are printed beside it."
    )


def _changed(row: dict[str, Any]) -> dict[str, Any]:
    move = ""
    if row["level"] and row["previous_level"] and row["level"] != row["previous_level"]:
        move = f"from {row['previous_level']} to {row['level']}"
    return {
        "risk": row["risk"],
        "title": row["title"],
        "change": row["change"],
        "move": move,
        "how": "as printed"
        if row["change_basis"] == Basis.PUBLISHED
        else "worked out from the two registers",
    }


def _unchanged(view: RiskView) -> str:
    """What is said where nothing changed."""
    if view.before is None:
        return "This is the first register held: there is none to compare it with."
    if view.risks.is_empty():
        return f"Only counts are held of {view.register.words}: what changed is not known."
    if view.compared:
        return f"No risk changed since {view.before.words}."
    return f"No change is printed, and of {view.before.words} only counts are held to compare with."


def _risk(view: RiskView, row: dict[str, Any], selection: Selection) -> dict[str, Any]:
    acted = view.actions.filter(pl.col("risk") == row["risk"])
    on = view.bears_on.filter(pl.col("risk") == row["risk"])
    return {
        **row,
        "before": _before(view, row),
        "anchor": f"risk-{row['risk']}",
        "actions": acted.to_dicts(),
        "summary": _actions_said(acted),
        "bears_on": [
            {**one, "link": cards.link(selection, one["indicator"]) if one["is_placed"] else ""}
            for one in on.iter_rows(named=True)
        ],
    }


def _unlisted(view: RiskView) -> list[dict[str, Any]]:
    """Rows for risks that have actions and no place in the register."""
    codes = view.actions.filter(~pl.col("risk").is_in(view.risks["risk"].to_list()))["risk"]
    return [
        {
            "risk": code,
            "title": "Actions on a risk that the register does not list",
            "level": None,
            "previous_level": None,
            "change": "",
            "has_left": False,
        }
        for code in codes.unique(maintain_order=True)
    ]


def _before(view: RiskView, row: dict[str, Any]) -> str:
    """What to say in the place of the level before, where there is none."""
    if row["previous_level"]:
        return ""
    if not view.compared:
        return "not held"
    return "new" if row["change"] in (risks.Change.ADDED, risks.Change.ESCALATED) else "not printed"


def _actions_said(acted: pl.DataFrame) -> str:
    """`3 actions: 1 complete, 2 regular review`."""
    if acted.is_empty():
        return ""
    many = f"{acted.height} action{'s' if acted.height > 1 else ''}"
    counts = [
        f"{count} {status}" for status, count in risks.action_counts(acted).iter_rows() if count
    ]
    return f"{many}: {', '.join(counts)}" if counts else many
