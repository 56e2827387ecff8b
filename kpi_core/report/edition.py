"""The edition that a paper was made from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kpi_core import standing

DRAFT, PUBLISHED, WITHDRAWN = "draft", "published", "withdrawn"
_DONE = {
    DRAFT: "a draft prepared", PUBLISHED: "published", WITHDRAWN: "withdrawn, prepared",
}  # fmt: skip
#: Characters of a hash that tell editions apart on paper.
_SHORT = 12


@dataclass(frozen=True, slots=True)
class Edition:
    """A report's period, frozen: its number, how far it is, the hash of all that it holds."""

    number: str
    state: str  #: draft, published or withdrawn
    hash: str  #: SHA-256, in hexadecimal
    at: datetime  #: when it was prepared or published, with its time zone
    by: str

    @property
    def is_draft(self) -> bool:
        """Whether a committee has not yet been given it."""
        return self.state == DRAFT

    @property
    def is_withdrawn(self) -> bool:
        """Whether it counts as published no longer."""
        return self.state == WITHDRAWN

    @property
    def stamp(self) -> str:
        """The word in the corner of each page; none for one that is published."""
        return "" if self.state == PUBLISHED else self.state.upper()

    @property
    def name(self) -> str:
        """`edition 3 (2f6c0a9d1b7e)`."""
        return f"edition {self.number} ({self.hash[:_SHORT]})"

    @property
    def words(self) -> str:
        """`edition 3, published on 9 January 2025 by Ann Other, content 2f6c0a9d1b7e`."""
        done = _DONE[self.state]
        by = f" by {self.by}" if self.by else ""
        day = f"{self.at.day} {self.at:%B %Y}"
        return f"edition {self.number}, {done} on {day}{by}, content {self.hash[:_SHORT]}"


def edition_of(one: standing.Edition) -> Edition:
    """What a paper says of an edition of the store."""
    withdrawn = one.standing is standing.Standing.WITHDRAWN
    state = WITHDRAWN if withdrawn else DRAFT if one.is_draft else PUBLISHED
    return Edition(
        str(one.number), state, one.hash, one.published_at or one.prepared_at,
        one.confirmed_by or one.prepared_by,
    )  # fmt: skip
