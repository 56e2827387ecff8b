"""Councils at the edge of the contract: one indicator, one frequency, nothing rated, the oddest cells.

Each is drawn from a seed, so that a failure names the council that it needs. A SHAPE says what is
odd about it; what a shape leaves open is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from kpi_core import schemas
from kpi_core.periods import Frequency, Period
from tests.councils import Row, csv_bytes
from tests.random_council import HOSTILE

ALL = tuple(Frequency)


@dataclass(frozen=True)
class Shape:
    """What a council has, and what it goes without."""

    frequencies: tuple[Frequency, ...] = ALL  #: of its reports and indicators
    indicators: tuple[int, int] = (1, 4)  #: at least and at most
    years: int = 3  #: of figures, the latest placed
    values: bool = True  #: figures, not no_data alone
    targets: bool = True
    floors: bool = True
    odd: bool = False  #: every optional column is filled with the oddest that the contract allows
    bare: bool = False  #: optional columns and tables are left empty
    documents: bool = True


SHAPES: Mapping[str, Shape] = {
    "anything": Shape(),
    "yearly only": Shape((Frequency.YEAR,)),
    "a long yearly past": Shape((Frequency.YEAR,), years=12),
    "monthly only": Shape((Frequency.MONTH,), years=2),
    "one indicator, one figure": Shape(indicators=(1, 1), years=1, bare=True),
    "no floors": Shape(floors=False),
    "nothing rated, nothing published": Shape(targets=False, documents=False),
    "no figure has a value": Shape(values=False),
    "tables left empty": Shape(bare=True),
    "the oddest cells": Shape(odd=True, indicators=(3, 5)),
}

_LAST_YEAR = 2024
#: Figures about as large and as small as the contract takes.
_FIGURES = ("0", "-0.000001", "999999999999.999999", "-999999999999", "0.000001", "100", "33.3333")
_WORDS = (*HOSTILE, "-", "n/a", "NULL", "nan", "0", "|", "a | b", "Q1", "\N{NO-BREAK SPACE}x")
_BIGGEST = "999999999"


def write(folder: Path, shape: Shape, seed: int) -> None:
    """Write the folder of the council of that shape and seed."""
    drawing = _Drawing(shape, Random(seed))  # noqa: S311
    folder.mkdir(parents=True)
    (folder / "organisation.toml").write_text(drawing.settings(), encoding="utf-8")
    for table, rows in drawing.tables().items():
        names, keys = list(schemas.columns(table)), schemas.key(table)
        given = {tuple(row.get(key, "") for key in keys): row for row in rows}
        assert all(set(row) <= set(names) for row in rows), table
        (folder / f"{table}.csv").write_bytes(csv_bytes(table, list(given.values())))


class _Drawing:
    """One council, drawn."""

    def __init__(self, shape: Shape, random: Random) -> None:
        self.shape, self.random = shape, random
        self.start = random.choice([1, 4, 4, 7, 10])
        self.years = [self._year(_LAST_YEAR - back) for back in reversed(range(shape.years))]
        kinds = random.sample(shape.frequencies, random.randint(1, len(shape.frequencies)))
        self.reports = dict(zip(("qpr", "dashboard", "yearbook"), kinds, strict=False))
        self.sections = [self.word(), self.word()][: random.randint(1, 2)]
        count = random.randint(*shape.indicators)
        self.indicators = [(f"K{number}", random.choice(kinds)) for number in range(count)]

    def _year(self, first: int) -> str:
        return str(first) if self.start == 1 else f"{first}/{(first + 1) % 100:02d}"

    def word(self) -> str:
        return self.random.choice(_WORDS)

    def figure(self, near: int = 50) -> str:
        plain = str(self.random.randint(near - 30, near + 30))
        return self.random.choice(_FIGURES) if self.shape.odd or self.now_and_then() else plain

    def now_and_then(self) -> bool:
        return self.random.random() < 0.15

    def maybe(self, value: str, otherwise: str = "") -> str:
        """The value of an optional cell: always where cells are odd, never where they are bare."""
        if self.shape.odd or self.shape.bare:
            return value if self.shape.odd else otherwise
        return self.random.choice([value, otherwise])

    def periods(self, year: str, frequency: Frequency) -> list[str]:
        whole = Period.parse(year, self.start)
        parts = 12 // frequency.months
        last = whole.ending_with(frequency)
        return [str(last.shift(place - parts + 1)) for place in range(parts)]

    def period(self) -> str:
        """Any period of the years that the council has figures of."""
        kind = self.random.choice(ALL)
        return self.random.choice(self.periods(self.random.choice(self.years), kind))

    def settings(self) -> str:
        lines = ['name = "Oddshire"', f"year_start = {self.start}", "made_up = true"]
        reports = ", ".join(f'"{name}"' for name in self.reports if self.random.random() < 0.7)
        lines += ["[reports]", f"year_to_date = [{reports}]"]
        amber = self.random.choice(["floor", "floor", "none", "year_ago", "points"])
        lines += [
            "[rating]",
            f'amber = "{amber}"',
            *(["tolerance = 5"] if amber == "points" else []),
        ]
        by = self.random.choice(['"regression"', '"previous", "year_ago"', '"year_ago"'])
        lines += ["[direction]", f"by = [{by}]"]
        return "\n".join(lines)

    def tables(self) -> dict[str, Sequence[Row]]:
        placed = self.years[-2:] if self.random.random() < 0.7 else self.years[-1:]
        required: dict[str, Sequence[Row]] = {
            "reports": [
                {"report": code, "title": self.word(), "frequency": str(kind)}
                for code, kind in self.reports.items()
            ],
            "sections": [
                {
                    "report": report, "section": section, "year": year,
                    "directorate": self.maybe(self.word()), "source": self.maybe(self.word()),
                    "order": _BIGGEST if self.shape.odd else str(self.random.randint(0, 2)),
                }
                for report in self.reports for section in self.sections for year in placed
            ],
            "indicators": [row for one in self.indicators for row in self._definitions(*one)],
            "placements": [
                self._placement(report, code, kind, year)
                for report in self.reports for code, kind in self.indicators for year in placed
            ],
            "observations": [row for one in self.indicators for row in self._observations(*one)],
        }  # fmt: skip
        more: dict[str, Sequence[Row]] = {
            "targets": [row for code, kind in self.indicators for row in self._targets(code, kind)],
            "thresholds": [row for code, kind in self.indicators for row in self._ranges(code, kind)],
            "officers": self._officers(),
            "benchmarks": self._benchmarks(),
            "commentary": self._commentary(),
            **self._risks(),
        }  # fmt: skip
        if self.shape.bare:
            return {**required, **{name: [] for name in more}}
        documents: dict[str, Sequence[Row]] = self._documents() if self.shape.documents else {}
        return (
            required
            | documents
            | {
                name: rows if self.shape.odd or self.random.random() < 0.8 else []
                for name, rows in more.items()
            }
        )

    def _definitions(self, code: str, kind: Frequency) -> list[Row]:
        def definition(since: str, lifecycle: str) -> Row:
            choose = self.random.choice
            return {
                "indicator": code, "from": since, "name": self.word(), "frequency": str(kind),
                "kind": choose(["kpi", "kpi", "kpi", "activity", "table"]),
                "unit": choose(["percent", "percent", "number", "currency", "seconds", "days", "<b>"]),
                "decimals": choose("00124"),
                "polarity": choose(["higher", "higher", "lower", "range", "target", "none"]),
                "measure": choose(["in_period", "rolling_12m", "year_to_date", "snapshot"]),
                "ytd": choose(["sum", "ratio", "mean", "latest", "published", "none"]),
                "arrears": self.maybe(choose(["0", "1", "2", "99"])),
                "trend_window": self.maybe(choose(["0", "1", "6", "999"])),
                "to": self.maybe(self.period()) if self.now_and_then() else "",
                "lifecycle": lifecycle,
                "description": self.maybe(self.word()), "source": self.maybe(self.word()),
            }  # fmt: skip

        first = definition(
            self.years[0], self.maybe(self.random.choice(["new", "moved", "", "odd word"]))
        )
        if len(self.years) == 1 or self.random.random() < 0.7:
            return [first]
        return [first, definition(self.years[-1], self.random.choice(["revised", "revised", ""]))]

    def _placement(self, report: str, code: str, kind: Frequency, year: str) -> Row:
        starts = self.random.choice(self.periods(year, kind)) if self.now_and_then() else ""
        return {
            "report": report, "year": year, "indicator": code, "name": self.word(),
            "section": self.random.choice(self.sections), "frequency": str(kind),
            "order": _BIGGEST if self.shape.odd else str(self.random.randint(0, 3)),
            "starts": starts, "source": self.maybe(self.word()),
        }  # fmt: skip

    def _observations(self, code: str, kind: Frequency) -> list[Row]:
        rows: list[Row] = []
        for year in self.years[-1:] if self.shape.years == 1 else self.years:
            for period in self.periods(year, kind):
                row = {
                    "indicator": code, "period": period, "basis": "period",
                    "status": self.random.choice(["actual", "actual", "provisional", "estimate"]),
                    "note": self.maybe(self.word()), "source": self.maybe(self.word()),
                }  # fmt: skip
                if self.shape.values:
                    rows += self._figures(row)
                else:
                    rows.append({**row, "status": "no_data"})
        return rows[-1:] if self.shape == SHAPES["one indicator, one figure"] else rows

    def _figures(self, row: Row) -> list[Row]:
        kind = self.random.choice(
            [
                "value",
                "value",
                "value",
                "value",
                "counts",
                "counts",
                "gap",
                "no data",
                "parts",
                "half",
            ]
        )
        if kind == "gap":
            return []
        if kind == "no data":
            return [{**row, "status": "no_data"}]
        if kind == "counts":
            return [
                {
                    **row,
                    "numerator": self.figure(),
                    "denominator": self.random.choice(["3", "70", "-7"]),
                }
            ]
        if kind == "half":
            return [{**row, self.random.choice(["numerator", "denominator"]): "7"}]
        if kind == "parts":
            parts = [self.word() for _ in range(self.random.randint(1, 3))]
            whole = [{**row, "value": self.figure()}] if self.random.random() < 0.5 else []
            return [
                *whole,
                *(
                    {**row, "breakdown": self.word(), "item": part, "value": self.figure()}
                    for part in parts
                ),
            ]
        more = [
            {**row, "basis": basis, "value": self.figure()}
            for basis in ("ytd", "12m")
            if self.now_and_then()
        ]
        return [{**row, "value": self.figure()}, *more]

    def _limits(self) -> Row:
        """A target and floor; the contract asks for order only where the target is a range."""
        target, step = self.random.randint(20, 80), self.random.randint(0, 15)
        if self.random.random() < 0.3:
            ends = {"target": str(target), "target_high": str(target + step)}
            return ends | (
                {"floor": str(target - step), "floor_high": str(target + 3 * step)}
                if self.shape.floors
                else {}
            )
        floor = {"floor": self.maybe(self.figure(target))} if self.shape.floors else {}
        return {"target": self.figure(target), **floor}

    def _targets(self, code: str, kind: Frequency) -> list[Row]:
        rows: list[Row] = []
        for year in self.years if self.shape.targets else []:
            for period in ("", self.random.choice(self.periods(year, kind))):
                status = self.random.choice(["set", "set", "proposed", "tbc"])
                limits = {} if status == "tbc" and not self.shape.odd else self._limits()
                if period == "" or self.now_and_then():
                    rows.append({
                        "indicator": code, "year": year, "period": period, "status": status,
                        "source": self.maybe(self.word()), **limits,
                    })  # fmt: skip
        return rows

    def _ranges(self, code: str, kind: Frequency) -> list[Row]:
        return [
            {
                "indicator": code, "year": year,
                "period": self.random.choice(["", *self.periods(year, kind)]),
                "lower": self.maybe("-5"), "upper": self.maybe("55"),
                "basis": self.random.choice(["period", "ytd"]),
            }
            for year in self.years
            if self.random.random() < 0.6
        ]  # fmt: skip

    def _officers(self) -> list[Row]:
        return [
            {
                "report": report, "section": section, "role": self.word(), "from": self.period(),
                "name": self.maybe(self.word()), "interim": self.maybe("true", "false"),
            }
            for report in self.reports for section in ("", *self.sections)
            if self.random.random() < 0.6
        ]  # fmt: skip

    def _benchmarks(self) -> list[Row]:
        return [
            {
                "indicator": code, "period": self.random.choice(self.periods(self.years[-1], kind)),
                "area": self.word(), "breakdown": "", "item": "", "value": self.maybe(self.figure()),
            }
            for code, kind in self.indicators
        ]  # fmt: skip

    def _commentary(self) -> list[Row]:
        codes = [code for code, _ in self.indicators]
        return [
            {
                "report": report, "section": self.random.choice(["", *self.sections]),
                "indicator": self.random.choice(["", *codes]), "period": self.period(),
                "kind": kind, "order": str(order), "heading": self.maybe(self.word()),
                "text": self.word(), "author": self.maybe(self.word()),
            }
            for report in self.reports
            for order, kind in enumerate(("commentary", "note", "method", "summary", "action"))
        ]  # fmt: skip

    def _documents(self) -> dict[str, Sequence[Row]]:
        report, kind = self.random.choice(list(self.reports.items()))
        period = self.random.choice([*self.periods(self.years[-1], kind), self.years[-1]])
        published: list[Row] = [
            {
                "document": "D1", "place": str(place), "indicator": code, "period": period,
                "basis": self.random.choice(["period", "ytd", "12m"]),
                "value": self.maybe(self.figure()), "target": self.maybe(self.figure()),
                "floor": self.maybe(self.figure()),
                "rating": self.maybe(self.random.choice(["GREEN", "RED", "NO DATA", "NOT RATED", "Yes", "Above"])),
                "previous_rating": self.maybe(self.random.choice(["AMBER", "UNDECIDED"])),
                "direction": self.maybe(self.random.choice(["improving", "worsening", "not printed"])),
            }
            for place in (0, 1) for code, _ in self.indicators
        ]  # fmt: skip
        return {
            "documents": [
                {
                    "document": "D1", "title": self.maybe(self.word()), "report": report,
                    "period": period, "published_on": self.maybe("1900-01-01"),
                    "file": self.maybe(self.word()),
                }
            ],
            "published": published,
            "published_counts": [
                {
                    "document": "D1", "section": section, "measure": measure,
                    "count": self.random.choice(["0", "1", _BIGGEST]), "previous": self.maybe("0"),
                }
                for section in ("TOTAL", *self.sections) for measure in ("green", "red", "improving")
            ],
        }  # fmt: skip

    def _risks(self) -> dict[str, Sequence[Row]]:
        periods = sorted({self.period(), self.periods(self.years[-1], ALL[0])[-1]})
        codes = " ".join(code for code, _ in self.indicators)
        return {
            "risks": [
                {
                    "risk": f"R{number}", "period": period, "title": self.maybe(self.word()),
                    "level": self.maybe(self.random.choice(["low", "medium", "high", "tbc"])),
                    "change": self.maybe(self.random.choice(["unchanged", "Removed", "new", *_WORDS])),
                    "indicators": self.maybe(f"{codes} | K0"),
                }
                for period in periods for number in range(3) if self.random.random() < 0.8
            ],
            "risk_levels": [
                {"period": period, "low": self.maybe("0"), "medium": self.maybe(_BIGGEST), "high": ""}
                for period in periods
            ],
            "risk_actions": [
                {
                    "risk": "R0", "action": self.word(), "period": period, "due": self.maybe(self.word()),
                    "status": self.maybe(self.random.choice(["complete", *_WORDS])),
                    "update": self.maybe(self.word()),
                }
                for period in periods
            ],
        }  # fmt: skip
