"""Councils that use every rule at once: polarities, frequencies, arrears, gaps, breaks, documents.

Figures lie about their targets, often just on them; each is drawn from a hash of its name, so that
a council is the same each time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from zlib import crc32

from tests.councils import Row, write_council
from tests.oracle.calendar_of import MONTHS, Calendar, Stretch

KPIS, ACTIVITIES = 45, 14
_FIRST, _SECOND, _THIRD = (
    2022,
    2023,
    2024,
)  # figures begin with the first year, reports with the next
_REPORTS = {"qpr": "quarter", "dashboard": "month", "yearbook": "year"}
_POLARITIES = ("higher", "lower", "range", "target", "none")
_MEASURES = ("in_period", "snapshot", "in_period", "rolling_12m")
_YTD = ("ratio", "sum", "mean", "latest", "published", "none")
_UNITS = ("percent", "number", "days", "currency", "percent")
_COLOURS = ("GREEN", "AMBER", "RED", "", "NO DATA", "")
_HEADINGS = ("improving", "", "stable", "worsening", "", "not printed")


def drawn(*name: object, below: int) -> int:
    """A whole number from 0 that is always the same for that name."""
    return crc32(repr(name).encode()) % below


def council(folder: Path, year_start: int, rules: str = "") -> Path:
    """Write the folder of such a council, with its rules as organisation.toml sets them."""
    calendar = Calendar(year_start)
    years = [calendar.year_of(year * 12 + year_start - 1) for year in (_FIRST, _SECOND, _THIRD)]
    codes = [f"K{number:02d}" for number in range(KPIS + ACTIVITIES)]
    write_council(folder, _tables(calendar, years, codes))
    settings = (
        f'name = "Everyshire"\nyear_start = {year_start}\nmade_up = true\n'
        '[reports]\nyear_to_date = ["dashboard", "qpr"]\n'
    )
    (folder / "organisation.toml").write_text(settings + rules, encoding="utf-8")
    return folder


def _tables(
    calendar: Calendar, years: Sequence[str], codes: Sequence[str]
) -> Mapping[str, Sequence[Row]]:
    return {
        "reports": [{"report": name, "title": name, "frequency": kind} for name, kind in _REPORTS.items()],
        "sections": [
            {"report": report, "section": section, "year": year, "order": order}
            for report in _REPORTS
            for year in years[1:]
            for section, order in (("North", "2"), ("South", "1"))
        ],
        "indicators": [row for code in codes for row in _definitions(code, calendar, years)],
        "placements": [
            {
                "report": report, "year": year, "indicator": code, "name": code,
                "section": ("North", "South", "West")[drawn(code, "section", below=3)],
                "order": str(drawn(code, below=9)), "frequency": _frequency(code),
                "starts": f"{year} Q3" if drawn(code, year, "starts", below=9) == 0 else "",
            }
            for report, of_years in (("qpr", years[1:]), ("yearbook", years[1:]), ("dashboard", years[2:]))
            for year in of_years
            for code in codes
        ],
        "targets": [row for code in _kpis(codes) for year in years for row in _targets(code, year)],
        "thresholds": [
            row for code in codes if not _is_kpi(code) for year in years for row in _thresholds(code, year)
        ],
        "observations": [row for code in codes for row in _observations(code, calendar, years)],
        **_documents(calendar, years, codes),
    }  # fmt: skip


def _is_kpi(code: str) -> bool:
    return int(code[1:]) < KPIS


def _kpis(codes: Sequence[str]) -> list[str]:
    return [code for code in codes if _is_kpi(code)]


def _frequency(code: str) -> str:
    return ("quarter", "month", "quarter", "month", "year")[drawn(code, "frequency", below=5)]


def _measure(code: str) -> str:
    return _MEASURES[drawn(code, "measure", below=len(_MEASURES))]


def _polarity(code: str) -> str:
    return _POLARITIES[int(code[1:]) % 5]


def _definitions(code: str, calendar: Calendar, years: Sequence[str]) -> list[Row]:
    def of(what: str, choices: Sequence[str]) -> str:
        return choices[drawn(code, what, below=len(choices))]

    row = {
        "indicator": code, "from": years[0], "name": code,
        "kind": "kpi" if _is_kpi(code) else "activity", "unit": of("unit", _UNITS),
        "decimals": of("decimals", "0112"), "polarity": _polarity(code),
        "frequency": _frequency(code), "measure": _measure(code), "ytd": of("ytd", _YTD),
        "arrears": of("arrears", ("", "0", "1", "2")),
        "trend_window": of("window", ("", "", "8", "6", "20")),
    }  # fmt: skip
    change = drawn(code, "change", below=4)
    if change == 0:
        return [row, {**row, "from": f"{years[2]} Q2", "lifecycle": "revised"}]
    if change == 1:
        return [row, {**row, "from": years[2], "decimals": "1", "arrears": "1"}]
    return [row]


def _targets(code: str, year: str) -> list[Row]:
    chance = drawn(code, year, "target", below=10)
    if chance == 0:
        return [{"indicator": code, "year": year, "status": "tbc"}]
    target = _target(code)
    if chance == 1:
        is_proposed = drawn(code, year, "proposed", below=2) == 0
        row = {"indicator": code, "year": year, "status": "proposed", "target": str(target)}
        return [row] if is_proposed else []
    ends: dict[str, str] = {"target": str(target)}
    if _polarity(code) in {"range", "target"}:
        ends |= {"target_high": str(target + 2)} if _polarity(code) == "range" else {}
        ends |= {"floor": str(target - 3), "floor_high": str(target + 5)}
    else:
        ends |= {"floor": str(target + (2 if _polarity(code) == "lower" else -2))}
    if chance == 2:
        ends.pop("floor")
    rows: list[Row] = [{"indicator": code, "year": year, "status": "set", **ends}]
    if chance > 7 and _frequency(code) == "quarter":
        rows.append({**rows[0], "period": f"{year} Q2", "target": str(target + 1)})
    return rows


def _target(code: str) -> int:
    """About 20, 0 or below."""
    return (20, 20, 0, -20)[drawn(code, "about", below=4)]


def _thresholds(code: str, year: str) -> list[Row]:
    basis = ("period", "ytd")[drawn(code, "basis", below=2)]
    row = {"indicator": code, "year": year, "lower": str(_target(code) - 1), "basis": basis}
    row["upper"] = "" if drawn(code, "open", below=4) == 0 else str(_target(code) + 1)
    if drawn(code, year, "own", below=3) == 0 and _frequency(code) == "quarter":
        return [row, {**row, "period": f"{year} Q3", "lower": str(_target(code)), "upper": ""}]
    return [row]


def _stretches(kind: str, calendar: Calendar, years: Sequence[str]) -> list[Stretch]:
    first, last = calendar.read(years[0]).first, calendar.read(years[-1]).end
    return [
        calendar.ending(kind, end) for end in range(first + MONTHS[kind], last + 1, MONTHS[kind])
    ]


def _observations(code: str, calendar: Calendar, years: Sequence[str]) -> list[Row]:
    rows: list[Row] = []
    for period in _stretches(_frequency(code), calendar, years):
        row = _figure(code, period)
        if row is not None:
            rows.append(row)
        if drawn(code, period.text, "printed", below=3) == 0:
            value = str(_target(code) + drawn(code, period.text, "to date", below=5) - 2)
            rows.append(
                {"indicator": code, "period": period.text, "basis": "ytd", "value": value, "status": "actual"}
            )  # fmt: skip
    return rows


def _figure(code: str, period: Stretch) -> Row | None:
    """A figure, a numerator and denominator, no data, or nothing at all."""
    row = {"indicator": code, "period": period.text, "basis": "period", "status": "actual"}
    chance = drawn(code, period.text, "figure", below=24)
    if chance == 0 and drawn(code, "gaps", below=2):
        return None
    if chance == 1 and drawn(code, "gaps", below=2):
        return {**row, "status": "no_data"}
    is_snapshot = _measure(code) == "snapshot"
    if period.kind == "quarter" and chance < (6 if is_snapshot else 1):  # under its last month
        year, month = divmod(period.end - 1, 12)
        row["period"] = f"{year:04d}-{month + 1:02d}"
    if drawn(code, "level", below=8) == 0:  # a level line
        return {**row, "value": f"{_target(code)}.1"}
    trend = (period.end - 24_290) * (drawn(code, "trend", below=5) - 2)
    tenths = _target(code) * 10 + drawn(code, period.text, below=9) * 5 - 20 + trend // 2
    if chance < 12 and drawn(code, "parts", below=2):
        bottom = 100 + drawn(code, period.text, "of", below=200)
        return {**row, "numerator": str(tenths * bottom // 1000), "denominator": str(bottom)}
    if drawn(code, "weights", below=2):
        row |= {"numerator": str(tenths * 2), "denominator": "20"}
    return {**row, "value": f"{tenths / 10}"}


def _documents(
    calendar: Calendar, years: Sequence[str], codes: Sequence[str]
) -> dict[str, list[Row]]:
    """Editions of two quarters and two months, with what they print of KPIs and count of sections."""
    editions = [("qpr", f"{years[2]} Q1"), ("qpr", f"{years[2]} Q3")]
    last = calendar.read(years[2]).end
    editions += [("dashboard", calendar.ending("month", last - back).text) for back in (0, 7)]
    documents: list[Row] = []
    published: list[Row] = []
    counts: list[Row] = []
    for number, (report, period) in enumerate(editions):
        document = f"D{number}"
        documents.append({"document": document, "report": report, "period": period})
        for code in _kpis(codes):
            row = {
                "document": document,
                "place": "1",
                "indicator": code,
                "period": period,
                "basis": "period",
            }
            printed = {"previous_rating": _COLOURS}
            if number < 3:  # the last one loses no arrow
                printed |= {"rating": _COLOURS, "direction": _HEADINGS}
            for column, words in printed.items():
                row[column] = words[drawn(code, period, column, below=len(words))]
            if any(row[column] for column in printed):
                published.append(row)
        counts += [
            {
                "document": document, "section": section, "measure": measure,
                "count": str(drawn(document, section, measure, below=9)),
                "previous": str(drawn(document, section, measure, "before", below=9)),
            }
            for section in ("North", "South", "TOTAL")
            for measure in ("green", "amber", "red", "no_data", "improving", "worsening")
            if number != 1
        ]  # fmt: skip
    return {"documents": documents, "published": published, "published_counts": counts}
