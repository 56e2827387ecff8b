"""The kinds of columns that tables have, and what can be asked of one.

Types in the frames: text is String (never null: an empty cell is ""), figures are Decimal(18, 6),
counts Int32, closed lists Enum.
"""

from __future__ import annotations

from typing import Any

import dataframely as dy
import polars as pl

#: Figures: twelve digits before the point and six after it, exact.
FIGURE = pl.Decimal(18, 6)
#: One code in a cell that lists several, parted by | or a space.
CODE = r"[^\s|]+"


def key(description: str, **options: Any) -> dy.String:
    """Part of the key, which every row must fill."""
    return dy.String(primary_key=True, description=description, min_length=1, **options)


def open_key(description: str) -> dy.String:
    """Part of the key that may be empty."""
    return dy.String(primary_key=True, description=description)


def text(description: str, **options: Any) -> dy.String:
    """A text, empty where there is none."""
    return dy.String(description=description, **options)


def period(description: str, *, key: bool = False, optional: bool = False) -> dy.String:
    """A financial year, quarter or month."""
    return dy.String(
        primary_key=key,
        description=description,
        min_length=0 if optional else 1,
        metadata={"format": "period"},
    )


def figure(description: str, **options: Any) -> dy.Decimal:
    """A figure, exact; null where there is none."""
    return dy.Decimal(18, 6, nullable=True, description=description, **options)


def count(description: str, *, nullable: bool = True, key: bool = False) -> dy.Int32:
    """A whole number of 0 or more."""
    return dy.Int32(nullable=nullable, primary_key=key, min=0, description=description)


def one_of(description: str, words: Any, *, key: bool = False, nullable: bool = False) -> dy.Enum:
    """One word of a closed list."""
    values = [str(word) for word in words]
    return dy.Enum(values, primary_key=key, nullable=nullable, description=description)


def is_required(column: dy.Column) -> bool:
    """Whether every row must fill the column."""
    return bool(column.min_length) if isinstance(column, dy.String) else not column.nullable


def is_period(column: dy.Column) -> bool:
    """Whether the column holds a financial year, quarter or month."""
    return (column.metadata or {}).get("format") == "period"
