"""Write the CSV files of Exampleshire, the made-up council.

    python -m data.exampleshire.generator [FOLDER]

Without a folder they go to `data/exampleshire`. The same bytes come out on every machine: there is
one seed, no clock, and no arithmetic but sums and products. The steps are

    catalogue       every indicator: definition, history, target, on one or two lines
    observations    figures and their parts (figures, shapes, parts), and what happened to them (events)
    framework       reports, sections, definitions, placements
    aims            targets, expected ranges, benchmarks
    errors          the planted errors
    people, risks   officers, risk register
    prose           commentary on the figures as they were known at the time
    published       eight published quarters, by the product's own rules
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from random import Random

from data.exampleshire.generator import (
    aims,
    errors,
    events,
    framework,
    observations,
    people,
    prose,
    published,
    risks,
)
from data.exampleshire.generator.catalogue import INDICATORS
from data.exampleshire.generator.tables import csv_of

HERE = Path(__file__).parent.parent
SETTINGS = "organisation.toml"
SEED = "Exampleshire 1"

Tables = dict[str, list[dict[str, str]]]


def main(arguments: list[str]) -> None:
    """Write the files to the folder given, or to this one."""
    folder = Path(arguments[0]) if arguments else HERE
    folder.mkdir(parents=True, exist_ok=True)
    settings = (HERE / SETTINGS).read_bytes()
    (folder / SETTINGS).write_bytes(settings)
    for table, content in contents(settings.decode()).items():
        (folder / f"{table}.csv").write_bytes(content)


def contents(settings: str) -> dict[str, bytes]:
    """The bytes of every CSV, by table."""
    tables, planted = made()
    first = {table: csv_of(table, rows) for table, rows in tables.items()}
    known = published.editions(published.figures_of(settings, first))
    register = {name: tables[name] for name in ("risks", "risk_levels", "risk_actions")}
    wrong = {(one.indicator, one.period) for one in planted}
    late = {(one.indicator, one.period) for one in events.RESTATED}
    tables |= prose.commentary(known, register, Random(f"{SEED}:prose"), wrong | late)
    tables |= published.tables(known)
    errors.plant_published(tables)
    return {table: csv_of(table, rows) for table, rows in tables.items()}


def made() -> tuple[Tables, list[errors.Planted]]:
    """Every table but those that the product's rules work out, and the errors planted in them."""
    tables: Tables = {"documents": published.documents(), **framework.tables()}
    tables["observations"] = observations.rows(INDICATORS, SEED)
    values = {
        (row["indicator"], row["period"]): Decimal(row["value"])
        for row in tables["observations"]
        if row["value"] and not row["item"] and row["basis"] == "period"
    }
    tables["targets"] = _all(aims.targets(one) for one in INDICATORS)
    tables["thresholds"] = _all(aims.thresholds(one, values) for one in INDICATORS)
    tables["benchmarks"] = _all(aims.benchmarks(one, values, SEED) for one in INDICATORS)
    planted = errors.plant(tables)
    tables |= people.officers(tables["sections"], Random(f"{SEED}:people"))
    tables |= risks.register(Random(f"{SEED}:risks"))
    return tables, planted


def _all(rows: Iterable[Iterable[dict[str, str]]]) -> list[dict[str, str]]:
    return [row for some in rows for row in some]


if __name__ == "__main__":
    main(sys.argv[1:])
