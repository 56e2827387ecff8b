"""A rehearsal as the upload page and the command line show it, before anything is saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from kpi_core import commentary, display, quality, schemas
from kpi_core.changes import Changes
from kpi_core.figures import Figures
from kpi_core.ingest import Received
from kpi_core.periods import Period
from kpi_core.rehearsal import Rehearsal, rehearse, said

#: Rows of a table, and changes of each kind, that are listed one by one; sentences count them all.
LISTED = 200
#: Periods of a report whose texts are held against the figures: each costs a scorecard.
PERIODS_OF_TEXTS = 4
#: Columns whose figures are in the indicator's unit.
_IN_UNIT = {"value", "target", "target_high", "floor", "floor_high", "lower", "upper"}
#: Columns that say where a row comes from, not what it says.
_ASIDE = {"file_row", "source"}

_DIFFERENCE = {
    "change": pl.String, "about": pl.String, "column": pl.String, "was": pl.String, "now": pl.String,
}  # fmt: skip


@dataclass(frozen=True)
class TableChanges:
    """What files would do to one table."""

    table: str
    added: int
    restated: int
    unchanged: int
    #: change (added, restated), about, column, was, now: all as displayed, restated rows first with a
    #: row for each cell that differs; of at most LISTED rows
    rows: pl.DataFrame
    more: int  #: how many added and restated rows are not listed


@dataclass(frozen=True)
class Rehearsed:
    """What would change, in sentences and tables; all cells as displayed."""

    is_idle: bool
    sentences: tuple[str, ...]
    tables: tuple[TableChanges, ...]
    #: report, period, against (empty where it is the same period), name, was, now, was_code,
    #: now_code (of the verdict; empty where there was or is none), was_value, now_value; at most
    #: LISTED rows
    ratings: pl.DataFrame
    directions: pl.DataFrame  #: the same
    alerts: pl.DataFrame  #: the same
    counts: pl.DataFrame  #: report, period, rating String; was, now Int64
    findings: pl.DataFrame  #: see `quality.brought`, and name (of the indicator; may be null)

    def said(self) -> list[str]:
        """The lines for a command line: what changes, then what looks wrong."""
        told = self.findings.select("severity", "message").rows()
        return [*self.sentences, *(f"{severity.capitalize()}: {text}" for severity, text in told)]


def rehearsed(
    before: Figures,
    parts: Sequence[Received],
    today: date,
    *,
    published: pl.DataFrame | None = None,
    known: pl.DataFrame | None = None,
    progress: Callable[[float, str], None] | None = None,
) -> Rehearsed:
    """What files would change: see `rehearsal.rehearse`."""
    found = rehearse(before, parts, today, published=published, known=known, progress=progress)
    names = found.after.indicators.unique("indicator", keep="last", maintain_order=True)
    verdicts = found.verdicts
    return Rehearsed(
        found.is_idle,
        tuple(said.sentences(found)),
        tuple(_table(one, found) for one in found.changes),
        _verdicts(verdicts.ratings, "rating", found),
        _verdicts(verdicts.directions, "direction", found),
        _verdicts(verdicts.alerts, "alert", found),
        _counts(verdicts.counts, found),
        pl.concat([found.findings, _of_texts(found)]).join(
            names.select("indicator", "name"), on="indicator", how="left", maintain_order="left"
        ),
    )


def _of_texts(found: Rehearsal) -> pl.DataFrame:
    """What is to be looked at in texts that the files bring, against the figures that would be held.

    The columns of quality.COLUMNS. Of the latest PERIODS_OF_TEXTS periods of a report.
    """
    after, none = found.after, pl.DataFrame(schema=dict.fromkeys(quality.COLUMNS, pl.String))
    parts = [none]
    for changes in (one for one in found.changes if one.table == "commentary"):
        brought = changes.changed.select("report", "period", "indicator").unique()
        latest = brought.select("report", "period").unique().sort("period", descending=True)
        for report, period in latest.head(PERIODS_OF_TEXTS).iter_rows():
            doubts = commentary.of_report(after, report, after.organisation.period(period))
            here = brought.filter((pl.col("report") == report) & (pl.col("period") == period))
            parts.append(
                doubts.filter(
                    (pl.col("finding") != "no_action")
                    & pl.col("indicator").is_in(here["indicator"].implode())
                )
            )
    return pl.concat(parts)


def _table(changes: Changes, found: Rehearsal) -> TableChanges:
    count = changes.added.height + changes.restated.height
    restated = changes.restated.head(LISTED)
    added = changes.added.head(LISTED - restated.height)
    words = _Words(found.after)
    rows = [
        {"change": "restated", "about": words.about(changes.table, row), **cell}
        for row in restated.iter_rows(named=True)
        for cell in words.cells(changes.table, row)
    ] + [
        {
            "change": "added",
            "about": words.about(changes.table, row),
            **words.row(changes.table, row),
        }
        for row in added.iter_rows(named=True)
    ]
    return TableChanges(
        changes.table, changes.added.height, changes.restated.height, changes.unchanged.height,
        pl.DataFrame(rows, schema=_DIFFERENCE), count - restated.height - added.height,
    )  # fmt: skip


class _Words:
    """Rows in words: an indicator by its name, figures in its unit."""

    def __init__(self, figures: Figures) -> None:
        newest = figures.indicators.unique("indicator", keep="last", maintain_order=True)
        self._names = dict(newest.select("indicator", "name").iter_rows())
        self._units = dict(newest.select("indicator", "unit").iter_rows())
        self._wording = figures.organisation.wording
        self._year_start = figures.year_start

    def about(self, table: str, row: Mapping[str, Any]) -> str:
        """What a row is about: the cells of its key that say something."""
        cells = [self._key(name, row[name]) for name in schemas.key(table)]
        return ", ".join(cell for cell in cells if cell)

    def cells(self, table: str, row: Mapping[str, Any]) -> list[dict[str, str]]:
        """Each cell that differs: column, was, now."""
        return [
            {
                "column": name,
                "was": self._text(name, row[f"was_{name}"], row),
                "now": self._text(name, row[name], row),
            }
            for name in self._facts(table)
            if row[name] != row[f"was_{name}"]
        ]

    def row(self, table: str, row: Mapping[str, Any]) -> dict[str, str]:
        """What a row says that is added: its value, or else every cell that is filled."""
        facts = self._facts(table)
        if row.get("value") is not None:
            return {"column": "value", "was": "", "now": self._text("value", row["value"], row)}
        filled = [
            f"{name} {self._text(name, row[name], row)}"
            for name in facts
            if row[name] not in {None, ""}
        ]
        return {"column": "", "was": "", "now": ", ".join(filled)}

    def _facts(self, table: str) -> list[str]:
        aside = {*schemas.key(table), *_ASIDE}
        return [name for name in schemas.columns(table) if name not in aside]

    def _key(self, column: str, value: Any) -> str:
        if column == "indicator" and value in self._names:
            return f"{self._names[value]} ({value})"
        if column in {"period", "year", "from"} and value:
            return Period.parse(value, self._year_start).words
        # Most figures are of a period, and most rows the first place: not worth a word.
        return "" if (column, str(value)) in {("basis", "period"), ("place", "1")} else str(value)

    def _text(self, column: str, value: Any, row: Mapping[str, Any]) -> str:
        if isinstance(value, Decimal):
            unit = self._units.get(row.get("indicator", ""), "number")
            return display.limit(value, unit if column in _IN_UNIT else "number", self._wording)
        if isinstance(value, bool):
            return "yes" if value else "no"
        return "–" if value in {None, ""} else str(value)


def _verdicts(rows: pl.DataFrame, kind: str, found: Rehearsal) -> pl.DataFrame:
    organisation = found.after.organisation

    def shown(row: Mapping[str, Any]) -> dict[str, str]:
        at, held = (organisation.period(row[name]).words for name in ("period", "against"))
        return {
            "report": said.title(found, row["report"]),
            "period": at,
            "against": held if held != at else "",
            "name": row["name"] + said.on(row["basis"]),
            **{side: said.label(kind, row[side], organisation.wording) for side in ("was", "now")},
            **{f"{side}_code": row[side] or "" for side in ("was", "now")},
            **{
                f"{side}_value": display.figure(
                    row[f"{side}_value"], row["unit"], row["decimals"], organisation.wording
                )
                for side in ("was", "now")
            },
        }

    columns = (
        "report", "period", "against", "name", "was", "now", "was_code", "now_code", "was_value",
        "now_value",
    )  # fmt: skip
    return _texts([shown(row) for row in rows.head(LISTED).iter_rows(named=True)], columns)


def _counts(rows: pl.DataFrame, found: Rehearsal) -> pl.DataFrame:
    organisation = found.after.organisation
    names = [
        {
            "report": said.title(found, row["report"]),
            "period": organisation.period(row["period"]).words,
            "rating": organisation.wording.label(row["rating"]) + said.on(row["basis"]),
        }
        for row in rows.iter_rows(named=True)
    ]
    return _texts(names, ("report", "period", "rating")).hstack(rows.select("was", "now"))


def _texts(rows: list[dict[str, str]], columns: Sequence[str]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String))
