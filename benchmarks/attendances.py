"""The real series behind `make verify-spc` and `make verify-forecast`.

They stay where SOURCE leads and are no part of the project: monthly attendances at emergency
departments in England, by organisation and type of department, and how many waited too long (breaches).
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

CSV = "ae_attendances.csv"


def read(source: Path) -> pl.DataFrame:
    """Every series in order: indicator String, organisation String, x Int64 (months), breaches,
    attendances Int64.
    """
    month = pl.col("period").str.to_date()
    return (
        pl.read_csv(source / CSV, schema_overrides={"type": pl.String})
        .select(
            indicator=pl.col("org_code") + " " + pl.col("type"),
            organisation="org_code",
            x=(month.dt.year().cast(pl.Int64) * 12 + month.dt.month().cast(pl.Int64) - 1),
            breaches=pl.col("breaches").cast(pl.Int64),
            attendances=pl.col("attendances").cast(pl.Int64),
        )
        .sort("indicator", "x")
    )
