"""Where editions stand: draft, published, superseded by a later one, or withdrawn.

An edition is prepared and, where the council asks for a second person, confirmed by another before
it counts as published. Both are entries of the log, and undoing them takes them back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

import polars as pl

from kpi_core.errors import UserError
from kpi_core.periods import Period


class Standing(StrEnum):
    """What an edition is worth today."""

    DRAFT = "draft"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Edition:
    """A report's period frozen: who prepared and confirmed it, and where it stands."""

    id: int  #: its entry of the log
    report: str
    period: str
    prepared_by: str
    prepared_at: datetime
    note: str
    hash: str  #: see editions.content_hash
    version: str  #: of the product that made it
    needs_confirmation: bool
    number: int = 0  #: the first of the council is 1; no number is given twice
    standing: Standing = Standing.DRAFT
    confirmed_by: str = ""
    published_at: datetime | None = None  #: none for a draft

    @property
    def words(self) -> str:
        """`edition 2, as published on 5 January 2026`; a draft says first that it is one."""
        moment = self.published_at or self.prepared_at
        day = f"{moment.day} {moment:%B %Y}"
        if self.is_draft:
            return f"DRAFT of edition {self.number}, prepared on {day}"
        if self.standing is Standing.WITHDRAWN:
            return f"edition {self.number}, withdrawn, prepared on {day}"
        since = ", superseded since" if self.standing is Standing.SUPERSEDED else ""
        return f"edition {self.number}, as published on {day}{since}"

    @property
    def is_draft(self) -> bool:
        """Whether another person has still to confirm it."""
        return self.standing is Standing.DRAFT


def published(editions: Sequence[Edition]) -> pl.DataFrame:
    """The report and period of every edition that a committee was shown: report, period String."""
    shown = (Standing.PUBLISHED, Standing.SUPERSEDED)
    rows = [(one.report, one.period) for one in editions if one.standing in shown]
    return pl.DataFrame(rows, schema={"report": pl.String, "period": pl.String}, orient="row")


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Somebody's word that an edition may be published."""

    id: int
    edition: int
    by: str
    at: datetime


def standing(
    prepared: Sequence[Edition], confirmations: Sequence[Confirmation], active: Collection[int]
) -> list[Edition]:
    """Every edition with its number and where it stands, in the order in which they were prepared.

    `active` has the numbers of the entries that were not undone.
    """
    said = {one.edition: one for one in reversed(confirmations) if one.id in active}  # the first
    in_order = sorted(prepared, key=lambda each: each.id)
    known = [
        _alone(replace(one, number=number), said.get(one.id), active)
        for number, one in enumerate(in_order, start=1)
    ]
    latest = {
        (one.report, one.period): one.id for one in known if one.standing is Standing.PUBLISHED
    }
    return [
        replace(one, standing=Standing.SUPERSEDED)
        if one.standing is Standing.PUBLISHED and latest[one.report, one.period] != one.id
        else one
        for one in known
    ]


def _alone(one: Edition, word: Confirmation | None, active: Collection[int]) -> Edition:
    """Where an edition stands, whatever came later."""
    if one.id not in active:
        return replace(one, standing=Standing.WITHDRAWN)
    if not one.needs_confirmation:
        return replace(one, standing=Standing.PUBLISHED, published_at=one.prepared_at)
    if word is None:
        return one
    return replace(
        one, standing=Standing.PUBLISHED, confirmed_by=word.by, published_at=word.at
    )  # fmt: skip


def numbered(editions: Iterable[Edition], number: int | str) -> Edition | None:
    """The edition of that number. Where none has it, the one whose entry in the log has it: by that
    editions were known until December 2026. See docs/rules/editions.md.
    """
    known = list(editions)
    by_number = {str(one.number): one for one in known}
    by_entry = {str(one.id): one for one in known}
    return by_number.get(str(number)) or by_entry.get(str(number))


def check_asked(
    edition: Edition,
    editions: Iterable[Edition],
    report: str,
    at: Period | None,
    *,
    whole_year: bool = False,
) -> None:
    """Raise UserError where a paper is asked for of another report or period than the edition's.

    Empty or None stands for the edition's own. A paper of a `whole_year` may be made of any edition
    of that year.
    """
    if _fits(edition, report, at, whole_year=whole_year):
        return
    asked = ", ".join(filter(None, [report, at.words if at else ""]))
    of = Period.parse(edition.period, at.year_start).words if at else edition.period
    others = [str(one.number) for one in editions if _fits(one, report, at, whole_year=whole_year)]
    instead = f"take edition {' or '.join(others)}" if others else "publish it first (kpi publish)"
    raise UserError(
        f"Edition {edition.number} is of {edition.report}, {of}, not of {asked}. Leave out the period "
        f"and the report, or {instead}."
    )


def _fits(edition: Edition, report: str, at: Period | None, *, whole_year: bool) -> bool:
    if report not in ("", edition.report):
        return False
    of = Period.parse(edition.period, at.year_start) if at else None
    return of is None or at is None or (of.year == at.year if whole_year else of == at)


def check_confirmation(edition: Edition, by: str) -> None:
    """Raise UserError where this person may not confirm the edition, or there is nothing to."""
    if edition.standing is Standing.WITHDRAWN:
        raise UserError(
            f"Edition {edition.number} was withdrawn. To bring it back, undo the withdrawal first."
        )
    if not edition.is_draft:
        raise UserError(
            f"Edition {edition.number} is published already: nothing is to be confirmed."
        )
    if same_person(edition.prepared_by, by):
        raise UserError(
            f"{edition.prepared_by} prepared edition {edition.number}, so another person must confirm "
            "it. Ask a colleague to do so under his or her own name."
        )


def same_person(one: str, other: str) -> bool:
    """Whether two names are the same but for capitals and spaces."""
    return "".join(one.split()).casefold() == "".join(other.split()).casefold()
