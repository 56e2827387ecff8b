"""Activity indicators against their expected range, both ends inside it."""

from __future__ import annotations

import polars as pl

from kpi_core.words import Alert

ALERT = pl.Enum([str(alert) for alert in Alert])


def alert(value: pl.Expr, lower: pl.Expr, upper: pl.Expr) -> pl.Expr:
    """Yes, Above or Below; null without a value or without any threshold."""
    return (
        pl.when(value.is_null() | (lower.is_null() & upper.is_null()))
        .then(None)
        .when((value > upper).fill_null(value=False))
        .then(pl.lit(Alert.ABOVE))
        .when((value < lower).fill_null(value=False))
        .then(pl.lit(Alert.BELOW))
        .otherwise(pl.lit(Alert.YES))
        .cast(ALERT)
    )
