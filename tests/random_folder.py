"""Councils drawn from a number: small, sound, and in everything else as odd as the contract allows.

The same number gives the same folder. Figures lie about their targets, often just on them; what
documents print is mostly what is saved, sometimes blank, sometimes something else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.councils import Row, write_council
from tests.oracle.calendar_of import MONTHS, Calendar, Stretch

_REPORTS = {"qpr": "quarter", "dashboard": "month"}
_SECTIONS = ("North", "South", "West")
_YEARS = 3  # figures begin with the first, reports with the second
_COLOURS = ("GREEN", "AMBER", "RED")


@dataclass(frozen=True)
class _Kind:
    """What an indicator is, apart from its figures."""

    code: str
    is_kpi: bool
    frequency: str
    polarity: str
    unit: str
    decimals: int
    measure: str
    ytd: str
    arrears: int
    by_counts: float  #: how often a figure is given as a numerator and denominator
    target: int
    steepness: int  #: tenths by which it rises each period
    range_basis: str


def folder(seed: int, where: Path) -> Path:
    """Write the folder of the council of that number."""
    return _Writer(seed).write(where)


class _Writer:
    """Draws one council."""

    def __init__(self, seed: int) -> None:
        self.draw = Random(seed)  # noqa: S311 - to be the same each time, not to be secret
        self.seed = seed
        self.calendar = Calendar(self.draw.choice([1, 4, 7, 10]))
        first = 2021 * 12 + self.calendar.begins - 1
        self.years = [self.calendar.year_of(first + 12 * number) for number in range(_YEARS)]
        self.kinds = [self._kind(number) for number in range(self.draw.randint(6, 14))]
        self.figures: dict[tuple[str, str], Row] = {}
        self.targets: dict[tuple[str, str], Row] = {}

    def write(self, where: Path) -> Path:
        tables: dict[str, Sequence[Row]] = {
            "reports": [{"report": name, "title": name, "frequency": kind} for name, kind in _REPORTS.items()],
            "sections": self._sections(),
            "indicators": [row for kind in self.kinds for row in self._definitions(kind)],
            "placements": [row for kind in self.kinds for row in self._placements(kind)],
            "targets": [row for kind in self.kinds if kind.is_kpi for row in self._targets(kind)],
            "thresholds": [row for kind in self.kinds if not kind.is_kpi for row in self._ranges(kind)],
            "observations": [row for kind in self.kinds for row in self._observations(kind)],
        }  # fmt: skip
        write_council(where, tables | self._documents())
        (where / "organisation.toml").write_text(self._settings(), encoding="utf-8")
        return where

    def _chance(self, share: float) -> bool:
        return self.draw.random() < share

    # Settings

    def _settings(self) -> str:
        both = '"dashboard", "qpr"' if self._chance(0.5) else '"dashboard"'
        text = (
            f'name = "Seed {self.seed}"\nyear_start = {self.calendar.begins}\nmade_up = true\n'
            f"[reports]\nyear_to_date = [{both}]\n"
        )
        if self._chance(0.5):
            text += "[rating]\n" + self._amber(of_all=True)
        for kind in self.kinds:
            if kind.is_kpi and self._chance(0.15):
                text += f"[rating.kpi.{kind.code}]\n" + self._amber(of_all=False)
        if self._chance(0.6):
            ways = self.draw.sample(["regression", "previous", "year_ago"], self.draw.randint(1, 3))
            by = ", ".join(f'"{way}"' for way in ways)
            text += f"[direction]\nby = [{by}]\n"
            text += f"tie = {self.draw.choice(['0', '0.5', '1'])}\n"
        return text

    def _amber(self, *, of_all: bool) -> str:
        by = self.draw.choice(["floor", "points", "percent", "none", "year_ago"])
        text = f'amber = "{by}"\n'
        if by in {"points", "percent"}:
            text += f"tolerance = {self.draw.choice(['0', '1', '2.5', '7.123456'])}\n"
        return text + (f"closeness = {self.draw.choice(['0', '0.5', '1'])}\n" if of_all else "")

    # The framework

    def _kind(self, number: int) -> _Kind:
        pick, is_kpi = self.draw.choice, self._chance(0.75)
        return _Kind(
            code=f"K{number:02d}", is_kpi=is_kpi,
            frequency=pick(["quarter", "quarter", "quarter", "month", "month", "year"]),
            polarity=pick(["higher", "higher", "lower", "lower", "range", "target", "none"]),
            unit=pick(["percent", "number", "days", "currency"]),
            decimals=pick([0, 0, 1, 2]),
            measure=pick(["in_period", "in_period", "snapshot", "rolling_12m"]),
            ytd=pick(["ratio", "sum", "mean", "latest", "published", "none"]),
            arrears=pick([0, 0, 0, 1, 2]), by_counts=pick([0.0, 0.0, 0.4, 1.0]),
            target=pick([20, 20, 85, 0, -20]), steepness=pick([-2, -1, 0, 0, 1, 2]),
            range_basis=pick(["period", "ytd"]),
        )  # fmt: skip

    def _sections(self) -> list[Row]:
        return [
            {"report": report, "section": section, "year": year, "order": str(place)}
            for report in _REPORTS
            for year in self.years[1:]
            for place, section in enumerate(_SECTIONS[:2])
        ]

    def _definitions(self, kind: _Kind) -> list[Row]:
        row: Row = {
            "indicator": kind.code, "from": self.years[0], "name": kind.code,
            "kind": "kpi" if kind.is_kpi else "activity", "unit": kind.unit,
            "decimals": str(kind.decimals), "polarity": kind.polarity, "frequency": kind.frequency,
            "measure": kind.measure, "ytd": kind.ytd, "arrears": str(kind.arrears),
            "trend_window": self.draw.choice(["", "", "", "6", "8"]),
        }  # fmt: skip
        if self._chance(0.15):
            start = self.draw.choice([self.years[2], f"{self.years[1]} Q3", f"{self.years[2]} Q2"])
            return [row, {**row, "from": start, "lifecycle": "revised"}]
        if self._chance(0.1):
            changes = {"decimals": str((kind.decimals + 1) % 3), "arrears": "1"}
            return [row, {**row, "from": self.years[2], **changes}]
        return [row]

    def _placements(self, kind: _Kind) -> list[Row]:
        rows: list[Row] = []
        section = self.draw.choice(_SECTIONS)
        for report in _REPORTS:
            if report == "dashboard" and self._chance(0.3):
                continue
            for year in self.years[1:]:
                if self._chance(0.08):
                    continue
                if self._chance(0.1):
                    section = self.draw.choice(_SECTIONS)
                rows.append(
                    {
                        "report": report, "year": year, "indicator": kind.code, "section": section,
                        "order": str(self.draw.randint(0, 9)), "name": f"{kind.code} of {report}",
                        "frequency": kind.frequency,
                        "starts": f"{year} Q2" if self._chance(0.08) else "",
                    }
                )  # fmt: skip
        return rows

    # Targets and ranges

    def _targets(self, kind: _Kind) -> list[Row]:
        rows: list[Row] = []
        for year in self.years:
            target = kind.target + self.draw.choice([0, 0, 1, -2])
            chance = self.draw.random()
            if chance < 0.12:
                continue
            if chance < 0.24:
                status = self.draw.choice(["tbc", "proposed"])
                said = {"target": str(target)} if status == "proposed" else {}
                rows.append({"indicator": kind.code, "year": year, "status": status, **said})
                continue
            whole = {
                "indicator": kind.code,
                "year": year,
                "status": "set",
                **self._limits(kind, target),
            }
            if not self._chance(0.1):
                rows.append(whole)
                self.targets[kind.code, year] = whole
            if self._chance(0.25):
                for period in self._within(year, kind.frequency):
                    if self._chance(0.5):
                        limits = self._limits(kind, target + self.draw.choice([1, -1]))
                        own = {**dict.fromkeys(whole, ""), **whole, "period": period, **limits}
                        rows.append(own)
                        self.targets[kind.code, period] = own
        return rows

    def _limits(self, kind: _Kind, target: int) -> dict[str, str]:
        ends = {"target": str(target), "target_high": "", "floor": "", "floor_high": ""}
        if kind.polarity in {"range", "target"}:
            ends["target_high"] = str(target + 2) if kind.polarity == "range" else ""
            ends |= {"floor": str(target - 3), "floor_high": str(target + 5)}
        else:
            ends["floor"] = str(target + (2 if kind.polarity == "lower" else -2))
        if self._chance(0.35):
            ends |= {"floor": "", "floor_high": ""}
        return ends

    def _ranges(self, kind: _Kind) -> list[Row]:
        rows: list[Row] = []
        for year in self.years:
            if self._chance(0.25):
                continue
            row = {
                "indicator": kind.code, "year": year, "basis": kind.range_basis,
                "lower": str(kind.target - 1), "upper": str(kind.target + 1),
            }  # fmt: skip
            row |= {self.draw.choice(["lower", "upper"]): ""} if self._chance(0.2) else {}
            if not self._chance(0.15):
                rows.append(row)
            own = [period for period in self._within(year, kind.frequency) if self._chance(0.1)]
            rows += [{**row, "period": of, "lower": str(kind.target), "upper": ""} for of in own]
        return rows

    def _within(self, year: str, frequency: str) -> list[str]:
        """The periods of a year; of a year itself none."""
        whole = self.calendar.read(year)
        if frequency == "year":
            return []
        step = MONTHS[frequency]
        ends = range(whole.first + step, whole.end + 1, step)
        return [self.calendar.ending(frequency, end).text for end in ends]

    # Figures

    def _observations(self, kind: _Kind) -> list[Row]:
        begin, end = self.calendar.read(self.years[0]).first, self.calendar.read(self.years[-1]).end
        step, rows = MONTHS[kind.frequency], list[Row]()
        begin += step * self.draw.choice([0, 0, 0, 1, 4])
        stop = end - step * self.draw.choice([0, 0, 1, 2])
        begin = self.calendar.last_complete(kind.frequency, begin).end
        gaps = self.draw.choice([0.0, 0.05, 0.2])
        for last in range(begin + step, stop + 1, step):
            period = self.calendar.ending(kind.frequency, last)
            row = self._figure(kind, period, gaps)
            if row is not None:
                rows.append(row)
                self.figures[kind.code, period.text] = row
            if self._chance(0.15):
                value = self._near(kind, period)
                rows.append(
                    {"indicator": kind.code, "period": period.text, "basis": "ytd", "value": value, "status": "actual"}
                )  # fmt: skip
        return rows

    def _figure(self, kind: _Kind, period: Stretch, gaps: float) -> Row | None:
        """A value, counts, no data, or nothing at all."""
        row = {"indicator": kind.code, "period": period.text, "basis": "period", "status": "actual"}
        if self._chance(gaps):
            return {**row, "status": "no_data"} if self._chance(0.3) else None
        if kind.measure == "snapshot" and period.kind == "quarter" and self._chance(0.4):
            year, month = divmod(period.end - 1, 12)  # dated by its last month
            row["period"] = f"{year:04d}-{month + 1:02d}"
        value = self._near(kind, period)
        if self._chance(kind.by_counts):
            bottom = self.draw.choice([3, 7, 8, 200, 999])
            factor = 100 if kind.unit == "percent" else 1
            top = round(float(value) * bottom / factor)
            return {**row, "numerator": str(top), "denominator": str(bottom)}
        if self._chance(0.15):
            row |= {"numerator": str(self.draw.randint(1, 90)), "denominator": "100"}
        return {**row, "value": value}

    def _near(self, kind: _Kind, period: Stretch) -> str:
        """A figure near the target, with a trend, in tenths or hundredths."""
        age = (period.end - 24_270) // MONTHS[kind.frequency]
        drift = kind.steepness * age / 10
        places = min(kind.decimals + self.draw.choice([0, 0, 1]), 3)
        scatter = self.draw.choice([-3, -2, -1.5, -1, -0.5, -0.1, 0, 0, 0.5, 1, 1.5, 2, 5])
        return f"{kind.target + drift + scatter:.{places}f}"

    # Documents

    def _documents(self) -> dict[str, Sequence[Row]]:
        documents: list[Row] = []
        published: list[Row] = []
        counts: list[Row] = []
        periods = [
            (report, text, 0.3 if frequency == "quarter" else 0.12)
            for report, frequency in _REPORTS.items()
            for year in self.years[1:]
            for text in self._within(year, frequency)
        ]
        for report, text, share in periods:
            if self._chance(share):
                code = f"D{len(documents):02d}"
                documents.append({"document": code, "report": report, "period": text})
                for kind in self.kinds:
                    if kind.is_kpi and self._chance(0.7):
                        published += self._printed(code, kind, self.calendar.read(text))
                counts += self._counts(code)
        return {"documents": documents, "published": published, "published_counts": counts}

    def _printed(self, document: str, kind: _Kind, at: Stretch) -> list[Row]:
        """What a document prints of a KPI: the ratings in its summary, the figure on a page."""
        late = kind.arrears if self._chance(0.7) else self.draw.choice([0, 0, 1])
        due = self.calendar.last_complete(kind.frequency, at.end - late * MONTHS[kind.frequency])
        row: dict[str, str] = {
            "document": document, "place": "1", "indicator": kind.code, "period": due.text, "basis": "period",
        }  # fmt: skip
        words = self._words()
        figures = {} if words["rating"] == "NO DATA" else self._figures(kind, due)
        style = self.draw.random()
        if style < 0.4:
            rows = [{**row, **words, **figures}]
        else:  # the ratings under the report's period, the figure under its own
            rows = [{**row, "period": at.text, **words}, {**row, "place": "2", **figures}]
        if figures and self._chance(0.15):
            again = self._figures(kind, due) | ({"rating": words["rating"]} if style > 0.7 else {})
            rows.append({**row, "place": "3", **again})
        if self._chance(0.25):
            before = self.calendar.ending(kind.frequency, due.first)
            rows.append({**row, "period": before.text, **self._figures(kind, before)})
        if self._chance(0.3):
            of_year = self._words()
            has_value = of_year["rating"] != "NO DATA" and self._chance(0.5)
            value = {"value": self._near(kind, due)} if has_value else {}
            rows.append({**row, "basis": "ytd", **of_year, **value})
        return [row for row in rows if any(row.get(column) for column in _SAYS)]

    def _words(self) -> dict[str, str]:
        pick = self.draw.choice
        return {
            "rating": pick(["", *_COLOURS, *_COLOURS, "NO DATA"]),
            "previous_rating": pick(["", "", *_COLOURS, "NO DATA"]),
            "direction": pick(["", "", "", "improving", "stable", "worsening", "not printed"]),
        }

    def _figures(self, kind: _Kind, period: Stretch) -> dict[str, str]:
        """Value, target and floor: as saved, left blank, or something else."""
        saved = self.figures.get((kind.code, period.text), {})
        year = self.calendar.year_of(period.first)
        aims = self.targets.get((kind.code, period.text), self.targets.get((kind.code, year), {}))
        value = saved.get("value") or ""
        if saved.get("numerator") and not value:
            factor = 100 if kind.unit == "percent" else 1
            exact = float(saved["numerator"]) * factor / float(saved["denominator"])
            value = f"{exact:.{kind.decimals}f}"
        return {
            "value": self._or_other(value, self._near(kind, period)),
            "target": self._or_other(aims.get("target", ""), str(kind.target)),
            "floor": self._or_other(aims.get("floor", ""), str(kind.target - 2)),
        }

    def _or_other(self, saved: str, other: str) -> str:
        chance = self.draw.random()
        return saved if chance < 0.6 else "" if chance < 0.85 else other

    def _counts(self, document: str) -> list[Row]:
        """Counts that never decide a direction by themselves: at least two headings are printed."""
        rows: list[Row] = []
        with_arrows = self._chance(0.5)
        measures = ["green", "amber", "red", "no_data"]
        for section in (*_SECTIONS, "TOTAL"):
            if self._chance(0.3):
                continue
            of = measures + (["improving", "stable", "worsening"] if with_arrows else [])
            rows += [
                {
                    "document": document, "section": section, "measure": measure,
                    "count": str(self.draw.randint(1, 9)),
                    "previous": str(self.draw.randint(0, 9)) if self._chance(0.5) else "",
                }
                for measure in of
            ]  # fmt: skip
        return rows


_SAYS = ("value", "target", "floor", "rating", "previous_rating", "direction")
