"""Where editions stand: draft, published, superseded by a later one, or withdrawn.

An edition is prepared and, where the council asks for a second person, confirmed by another before
it counts as published. Both are entries of the log, and undoing them takes them back.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

import polars as pl

from kpi_core.errors import UserError


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
