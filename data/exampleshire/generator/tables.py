"""Rows as the bytes of CSV files: columns as the schemas have them, one line end everywhere."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from kpi_core import schemas


def csv_of(table: str, rows: Sequence[Mapping[str, str]]) -> bytes:
    """A table's CSV. Cells that a row does not have are blank."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(schemas.columns(table)), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
