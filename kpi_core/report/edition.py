"""The edition that a paper was made from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

PUBLISHED = "published"
#: Characters of a hash that tell editions apart on paper.
_SHORT = 12


@dataclass(frozen=True, slots=True)
class Edition:
    """A report's period, frozen: its number, how far it is, the hash of all that it holds."""

    number: str
    state: str  #: draft or published
    hash: str  #: SHA-256, in hexadecimal
    at: datetime  #: when it was prepared or published, with its time zone
    by: str

    @property
    def is_draft(self) -> bool:
        """Whether a committee has not yet been given it."""
        return self.state != PUBLISHED

    @property
    def name(self) -> str:
        """`edition 3 (2f6c0a9d1b7e)`."""
        return f"edition {self.number} ({self.hash[:_SHORT]})"

    @property
    def words(self) -> str:
        """`edition 3, published on 9 January 2025 by Ann Other, content 2f6c0a9d1b7e`."""
        done = "a draft prepared" if self.is_draft else "published"
        by = f" by {self.by}" if self.by else ""
        day = f"{self.at.day} {self.at:%B %Y}"
        return f"edition {self.number}, {done} on {day}{by}, content {self.hash[:_SHORT]}"
