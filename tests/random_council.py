"""Councils nobody would make: odd names, gaps, missing targets, every polarity and unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hypothesis import strategies as st

from tests.councils import Row, tables

Council = Mapping[str, Sequence[Row]]

HOSTILE = (
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(1)>",
    "\"quoted\" & 'single'",
    "=1+1",
    "-5% of roads",
    "@cmd|' /C calc'!A0",
    "{{ 7 * 7 }} ${x} {% raw %}",
    "a long name " * 25 + "with an end",
    "Überlänge_ohne_Leerzeichen" * 8,
    "مؤشر الأداء",
    "[link](javascript:alert(1)) **bold** :red[x] $x^2$",
    "…",
)
_YEARS = ("2023/24", "2024/25")
_FREQUENCIES = {
    "month": tuple(f"2024-{month:02d}" for month in range(4, 10)),
    "quarter": tuple(f"{year} Q{number}" for year in _YEARS for number in (1, 2, 3, 4)),
    "year": _YEARS,
}

# Plain text, and whatever Unicode has except what the contract refuses: control characters.
_allowed = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
_anything = st.text(_allowed, min_size=1, max_size=12)
names = st.sampled_from(HOSTILE) | _anything.map(str.strip).filter(bool)
_figures = st.sampled_from(["0", "-0.5", "100", "999999999999", "0.000001", "12.5"]) | st.integers(
    -200, 200
).map(str)


@st.composite
def rules(draw: st.DrawFn) -> str:
    """Any rules of rating and direction, for all KPIs and for the first, as settings."""
    directions = st.lists(
        st.sampled_from(["regression", "previous", "year_ago"]), min_size=1, unique=True
    )
    by = ", ".join(f'"{word}"' for word in draw(directions))
    tie = draw(st.sampled_from(["0", "0.5", "100"]))
    return "\n".join(
        [
            "[rating]", draw(_ambers()), "[rating.kpi.K0]", draw(_ambers()),
            "[direction]", f"by = [{by}]", f"tie = {tie}",
        ]
    )  # fmt: skip


@st.composite
def _ambers(draw: st.DrawFn) -> str:
    amber = draw(st.sampled_from(["floor", "points", "percent", "none", "year_ago"]))
    amount = st.sampled_from(["0", "3.3333", "10", "999999999999"])
    tolerance = f"tolerance = {draw(amount)}\n" if amber in {"points", "percent"} else ""
    return f'amber = "{amber}"\n{tolerance}closeness = {draw(amount)}'


def clashing() -> Council:
    """Names of sections and reports that come to the same once they stand in an address."""
    given = tables()
    rename = {"Roads": "!!!", "Libraries": "???"}
    return {
        name: [
            {**row, "section": rename[row["section"]]} if row.get("section") in rename else row
            for row in rows
        ]
        for name, rows in given.items()
    }


@st.composite
def councils(draw: st.DrawFn) -> Council:
    """The tables of a council that keeps to the contract, and to nothing else."""
    frequency = draw(st.sampled_from(list(_FREQUENCIES)))
    sections = draw(st.lists(names, min_size=1, max_size=2, unique=True))
    codes = [f"K{number}" for number in range(draw(st.integers(1, 4)))]
    defined = [draw(_indicators(code, frequency)) for code in codes]
    placed = [
        {
            "report": "qpr", "year": year, "indicator": row["indicator"],
            "section": sections[place % len(sections)], "order": str(place),
            "name": row["name"], "frequency": frequency,
        }
        for year in _YEARS
        for place, row in enumerate(defined)
    ]  # fmt: skip
    return {
        "reports": [{"report": "qpr", "title": draw(names), "frequency": frequency}],
        "sections": [
            {"report": "qpr", "section": name, "year": year, "directorate": draw(names), "order": "1"}
            for year in _YEARS for name in sections
        ],
        "officers": [
            {"report": "qpr", "section": sections[0], "role": draw(names), "from": _YEARS[0], "name": draw(names)}
        ],
        "indicators": defined,
        "placements": placed,
        "targets": [row for row in (draw(_targets(one, year)) for one in defined for year in _YEARS) if row],
        "thresholds": [
            {"indicator": code, "year": _YEARS[1], "lower": "0", "upper": draw(st.sampled_from(["", "0", "50"])), "basis": "period"}
            for code in codes if draw(st.booleans())
        ],
        "observations": [row for one in defined for row in draw(_observations(one))],
        "benchmarks": [
            {"indicator": codes[0], "period": _FREQUENCIES[frequency][-1], "area": draw(names), "value": draw(_figures)}
        ],
        "commentary": [
            {
                "report": "qpr", "section": sections[0], "indicator": indicator, "order": "1",
                "period": _FREQUENCIES[frequency][-1], "kind": kind, "heading": draw(names), "text": draw(names),
            }
            for kind, indicator in (("commentary", ""), ("note", codes[0]), ("action", codes[0]), ("summary", ""))
        ],
    }  # fmt: skip


@st.composite
def _indicators(draw: st.DrawFn, code: str, frequency: str) -> Row:
    return {
        "indicator": code,
        "from": _YEARS[0],
        "name": draw(names),
        "kind": draw(st.sampled_from(["kpi", "kpi", "kpi", "activity"])),
        "unit": draw(st.sampled_from(["percent", "number", "currency", "days", "rate", "<b>"])),
        "decimals": draw(st.sampled_from("01234")),
        "polarity": draw(st.sampled_from(["higher", "lower", "range", "target", "none"])),
        "frequency": frequency,
        "measure": draw(st.sampled_from(["in_period", "rolling_12m", "year_to_date", "snapshot"])),
        "ytd": draw(st.sampled_from(["sum", "ratio", "mean", "latest", "none"])),
        "arrears": draw(st.sampled_from(["", "0", "2"])),
        "trend_window": draw(st.sampled_from(["", "1", "6"])),
        "description": draw(names),
    }


@st.composite
def _targets(draw: st.DrawFn, indicator: Row, year: str) -> Row | None:
    target, floor = draw(st.integers(-50, 150)), draw(st.integers(1, 40))
    row = {
        "indicator": indicator["indicator"],
        "year": year,
        "status": "set",
        "target": str(target),
    }
    if indicator["polarity"] in {"range", "target"}:
        row |= {"target_high": str(target + 5)} if indicator["polarity"] == "range" else {}
        ends = {"floor": str(target - floor), "floor_high": str(target + 5 + floor)}
    else:
        sign = 1 if indicator["polarity"] == "lower" else -1
        ends = {"floor": str(target + sign * floor)}
    kind = draw(st.sampled_from(["full", "full", "no floor", "tbc", "none"]))
    if kind == "none":
        return None
    if kind == "tbc":
        return {"indicator": indicator["indicator"], "year": year, "status": "tbc"}
    return row | (ends if kind == "full" else {})


@st.composite
def _observations(draw: st.DrawFn, indicator: Row) -> list[Row]:
    """Figures with gaps; some of numerator and denominator alone, some by part."""
    rows: list[Row] = []
    for period in _FREQUENCIES[indicator["frequency"]]:
        row = {
            "indicator": indicator["indicator"], "period": period, "basis": "period",
            "status": draw(st.sampled_from(["actual", "actual", "provisional", "estimate"])),
            "note": draw(st.just("") | names), "source": draw(names),
        }  # fmt: skip
        kind = draw(
            st.sampled_from(["value", "value", "value", "gap", "parts", "no_data", "split"])
        )
        if kind == "value":
            rows.append({**row, "value": draw(_figures)})
        elif kind == "parts":
            rows.append({**row, "numerator": draw(_figures), "denominator": "7"})
        elif kind == "no_data":
            rows.append({**row, "status": "no_data"})
        elif kind == "split":
            item = draw(names)
            rows.append({**row, "breakdown": draw(names), "item": item, "value": draw(_figures)})
    return rows
