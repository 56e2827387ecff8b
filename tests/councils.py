"""A small, tidy, made-up council: the folder that tests build, change and break.

Testshire has three KPIs (higher, lower and a range are better), one activity indicator with an
expected range, one breakdown table, two sections, and eight quarters of figures.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from kpi_core import schemas

Row = Mapping[str, str]

SETTINGS = """\
name = "Testshire Council"
year_start = 4
currency = "£"
made_up = true

[reports]
quarterly = "qpr"
monthly = "dashboard"
year_to_date = ["dashboard"]
"""

YEARS = ("2023/24", "2024/25")
QUARTERS = tuple(f"{year} Q{number}" for year in YEARS for number in (1, 2, 3, 4))

#: Calls climb from Red by Amber to Green; days stay Green; the share and the visits leave their
#: range in the last quarter.
CALLS = ("78", "79", "81", "84", "86", "88", "90", "92")
DAYS = ("9.5", "9.4", "9.6", "9.5", "9.4", "9.6", "9.5", "9.4")
SHARE = ("20.0", "20.1", "19.9", "20.0", "20.2", "19.8", "20.0", "24.0")
VISITS = ("150", "160", "150", "140", "150", "160", "150", "210")


def csv_text(table: str, rows: Sequence[Row]) -> str:
    """Rows as the text of a CSV of that table; cells that are not given are blank."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(schemas.columns(table)), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def csv_bytes(table: str, rows: Sequence[Row]) -> bytes:
    return csv_text(table, rows).encode()


def figure(indicator: str, period: str, value: str, **more: str) -> Row:
    """A row of observations."""
    return {
        "indicator": indicator, "period": period, "basis": "period", "value": value,
        "status": "actual", **more,
    }  # fmt: skip


def tables() -> dict[str, list[Row]]:
    """The rows of every table of Testshire."""
    return {
        "reports": [{"report": "qpr", "title": "Quarterly report", "frequency": "quarter"}],
        "sections": [
            {"report": "qpr", "section": name, "year": year, "directorate": "Place", "order": order}
            for year in YEARS
            for order, name in (("1", "Roads"), ("2", "Libraries"))
        ],
        "indicators": [
            _indicator("CALLS", "Calls answered", kind="kpi", unit="percent", polarity="higher"),
            _indicator("DAYS", "Days to mend a road", kind="kpi", unit="days", polarity="lower", decimals="1"),
            _indicator("SHARE", "Share of roads treated", kind="kpi", unit="percent", polarity="range", decimals="1"),
            _indicator("VISITS", "Visits to libraries", kind="activity", unit="number", polarity="none"),
            _indicator("BOOKS", "Books by district", kind="table", unit="number", polarity="none"),
        ],
        "placements": [
            {
                "report": "qpr", "year": year, "indicator": code, "section": section,
                "order": str(order), "name": name, "frequency": "quarter",
            }
            for year in YEARS
            for order, (code, section, name) in enumerate(_PLACES, start=1)
        ],
        "targets": [
            {"indicator": code, "year": year, "status": "set", **limits}
            for year in YEARS
            for code, limits in _TARGETS.items()
        ],
        "thresholds": [
            {"indicator": "VISITS", "year": year, "lower": "100", "upper": "200", "basis": "period"}
            for year in YEARS
        ],
        "observations": [
            figure(code, quarter, value)
            for code, values in
            (("CALLS", CALLS), ("DAYS", DAYS), ("SHARE", SHARE), ("VISITS", VISITS))
            for quarter, value in zip(QUARTERS, values, strict=True)
        ] + [
            figure("BOOKS", quarter, value, breakdown="district", item=item)
            for quarter in QUARTERS
            for item, value in (("North", "120"), ("South", "80"))
        ],
    }  # fmt: skip


_PLACES = (
    ("CALLS", "Roads", "Calls answered"),
    ("DAYS", "Roads", "Days to mend a road"),
    ("SHARE", "Libraries", "Share of roads treated"),
    ("VISITS", "Libraries", "Visits to libraries"),
    ("BOOKS", "Libraries", "Books by district"),
)

_TARGETS = {
    "CALLS": {"target": "90", "floor": "80"},
    "DAYS": {"target": "10", "floor": "12"},
    "SHARE": {"target": "17.5", "target_high": "22.5", "floor": "15", "floor_high": "25"},
}


def _indicator(code: str, name: str, **definition: str) -> Row:
    return {
        "indicator": code, "from": "2023/24", "name": name, "frequency": "quarter",
        "measure": "in_period", "ytd": "none", "arrears": "0", "decimals": "0", **definition,
    }  # fmt: skip


def write_council(
    folder: Path, rows: Mapping[str, Sequence[Row]] | None = None, more_settings: str = ""
) -> Path:
    """Write the folder of an organisation: Testshire, unless other tables are given."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "organisation.toml").write_text(f"{SETTINGS}\n{more_settings}", encoding="utf-8")
    for table, given in (tables() if rows is None else rows).items():
        (folder / f"{table}.csv").write_bytes(csv_bytes(table, given))
    return folder
