"""The frame: reports, sections, definitions, and which indicator stands where in which year."""

from __future__ import annotations

from collections.abc import Iterator

from data.exampleshire.generator.catalogue import (
    BECAME_KPI,
    INDICATORS,
    PROPOSED,
    REPORTS,
    REVISED,
    SECTIONS,
    YEARS,
    framework,
    kind_in,
)
from data.exampleshire.generator.indicator import Indicator

SOURCE = "made up"
Row = dict[str, str]

#: What the revised KPI is called since, and what it counts.
_REVISED_NAME = "Young people aged 16 and 17 not in education, employment or training, or not known"
_REVISED_ABOUT = (
    "Those whose activity is not known count too from 2025/26, as in the national measure."
)


def tables() -> dict[str, list[Row]]:
    """Rows of reports, sections, indicators and placements."""
    reports = [dict(zip(("report", "title", "frequency"), one, strict=True)) for one in REPORTS]
    placements = [row for report, _, _ in REPORTS for row in _placements(report)]
    return {
        "reports": reports,
        "sections": list(_sections(placements)),
        "indicators": [row for indicator in INDICATORS for row in _definitions(indicator)],
        "placements": placements,
    }


def _sections(placements: list[Row]) -> Iterator[Row]:
    """A section stands in a report in the years in which it has an indicator there."""
    filled = {(row["report"], row["year"], row["section"]) for row in placements}
    for report, _, _ in REPORTS:
        for year in (*YEARS, PROPOSED):
            for order, (section, directorate) in enumerate(SECTIONS.values(), start=1):
                if (report, year, section) in filled:
                    yield {
                        "report": report,
                        "section": section,
                        "year": year,
                        "directorate": directorate,
                        "order": str(order),
                        "source": SOURCE,
                    }


def _placements(report: str) -> Iterator[Row]:
    """KPIs first, then activity indicators, in the order of their codes within the section."""
    for year in (*YEARS, PROPOSED):
        placed = [i for i in framework(year) if report == "qpr" or i.frequency == "month"]
        for letters, (section, _) in SECTIONS.items():
            own = [i for i in placed if i.section == letters]
            own.sort(key=lambda i: (kind_in(i, year) != "kpi", i.code))
            for order, indicator in enumerate(own, start=1):
                yield {
                    "report": report,
                    "year": year,
                    "indicator": indicator.code,
                    "section": section,
                    "order": str(order),
                    "name": name_in(indicator, year),
                    "frequency": "quarter" if report == "qpr" and indicator.frequency == "month" else indicator.frequency,
                    "starts": indicator.first if indicator.first.startswith(f"{year} Q") else "",
                    "source": SOURCE,
                }  # fmt: skip


def name_in(indicator: Indicator, year: str) -> str:
    """What the reports of a year call it."""
    code, since = REVISED
    return _REVISED_NAME if indicator.code == code and year >= since else indicator.name


def _definitions(indicator: Indicator) -> Iterator[Row]:
    base = {
        "indicator": indicator.code,
        "from": indicator.first,
        "name": indicator.name,
        "kind": indicator.kind,
        "unit": indicator.unit,
        "decimals": str(indicator.decimals),
        "polarity": indicator.polarity,
        "frequency": indicator.frequency,
        "measure": indicator.measure,
        "ytd": indicator.ytd,
        "arrears": str(indicator.arrears),
        "trend_window": str(indicator.trend_window or ""),
        "to": indicator.last,
        "lifecycle": indicator.lifecycle,
        "description": indicator.about,
        "source": SOURCE,
    }
    code, since = BECAME_KPI
    if indicator.code == code:
        yield base | {"kind": "activity", "to": _year_before(since), "lifecycle": ""}
        yield base | {"from": since}
        return
    code, since = REVISED
    if indicator.code == code:
        yield base | {"to": _year_before(since), "lifecycle": "", "description": ""}
        yield base | {"from": since, "name": _REVISED_NAME, "description": _REVISED_ABOUT}
        return
    yield base


def _year_before(year: str) -> str:
    every = (*YEARS, PROPOSED)
    return every[every.index(year) - 1]
