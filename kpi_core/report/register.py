"""The corporate risk register as a part of a paper."""

from __future__ import annotations

from collections.abc import Iterator

from kpi_core import cells, risks
from kpi_core.report import parts
from kpi_core.report.parts import NONE
from kpi_core.report.tree import Block, Column, Heading, Items, PageBreak, Paragraph, Table
from kpi_core.views import RiskView
from kpi_core.words import Basis

#: The heading that texts about the register as a whole have in reports.
_HEADING = "Corporate risk register"
_LEVELS = {"low": "Low", "medium": "Medium", "high": "High", "tbc": "No level yet"}


def register(view: RiskView, *, is_restated: bool) -> Iterator[Block]:
    """Levels now and before, what changed, every risk, and the actions on each."""
    yield PageBreak()
    yield Heading(f"Corporate risk register, {view.register.words}")
    yield Items(tuple((text, ()) for text in view.sentences))
    yield from parts.texts(view.texts, 2, _HEADING)
    yield from parts.restated(view.texts, is_restated=is_restated)
    yield from _levels(view)
    yield from _changes(view)
    if view.risks.is_empty():
        yield Paragraph(f"Of {view.register.words} only counts are held.")
    else:
        yield Table(
            f"The risks of {view.register.words}",
            (
                Column("Risk", share=3.6),
                Column("Level", share=1),
                Column("Level before", share=1),
                Column("Change", share=1),
            ),
            tuple(_risk(row) for row in view.risks.iter_rows(named=True)),
        )
    yield from _actions(view)


def _levels(view: RiskView) -> Iterator[Block]:
    rows = [row for row in view.levels.iter_rows(named=True) if row["basis"] is not None]
    if not rows:
        return
    shown = [name for name in _LEVELS if name != "tbc" or any(row[name] for row in rows)]
    named = {str(view.register): view.register.words}
    if view.before:
        named[str(view.before)] = view.before.words
    yield Table(
        "Risks by level",
        (Column("Register", share=2), *(Column(_LEVELS[name], "right") for name in shown)),
        tuple(
            (
                named[row["period"]] + (" (as printed)" if row["basis"] == Basis.PUBLISHED else ""),
                *(NONE if row[name] is None else str(row[name]) for name in shown),
            )
            for row in rows
        ),
    )


def _changes(view: RiskView) -> Iterator[Block]:
    changed = risks.changed(view.risks)
    since = f" since {view.before.words}" if view.before else ""
    yield Heading(f"What changed{since}", 2)
    if changed.is_empty():
        yield Paragraph("No change is known." if not view.compared else "No risk changed.")
        return
    yield Items(tuple((_change(row), ()) for row in changed.iter_rows(named=True)))


def _change(row: cells.Row) -> str:
    was, now = row["previous_level"], row["level"]
    move = f" from {was} to {now}" if was and now and was != now else ""
    said = f"{row['title']} ({row['risk']}): {row['change']}{move}"
    return f"{said}, as printed." if row["change_basis"] == Basis.PUBLISHED else f"{said}."


def _risk(row: cells.Row) -> tuple[str, ...]:
    left = "left the register" if row["has_left"] else "not printed"
    return (
        f"{row['title']} ({row['risk']})",
        cells.sentence_case(row["level"] or left),
        cells.sentence_case(row["previous_level"] or NONE),
        cells.sentence_case(row["change"] or "none"),
    )


def _actions(view: RiskView) -> Iterator[Block]:
    if view.actions.is_empty():
        return
    titles = dict(view.risks.select("risk", "title").iter_rows())
    yield Heading("Actions on the risks", 2)
    for (code,), acted in view.actions.group_by("risk", maintain_order=True):
        title = titles.get(code, "a risk that the register does not list")
        yield Table(
            f"{title} ({code})",
            (
                Column("Action", share=2),
                Column("Due", share=0.9),
                Column("Status", share=0.9),
                Column("Update", share=3.8),
            ),
            tuple(
                (
                    row["action"],
                    row["due"] or "none printed",
                    row["status"] or "none printed",
                    row["update"] or NONE,
                )
                for row in acted.iter_rows(named=True)
            ),
        )
