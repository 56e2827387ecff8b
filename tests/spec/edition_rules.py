"""Checks for the page about editions: where they stand, and what has changed since."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from kpi_core import editions, restated
from kpi_core.errors import UserError
from kpi_core.figures import AsPublished, Figures
from kpi_core.journal import CONFIRMATION, EDITION, UNDO, Upload, active_of
from kpi_core.periods import Period
from kpi_core.standing import (
    Confirmation,
    Edition,
    Standing,
    check_asked,
    check_confirmation,
    standing,
)
from kpi_core.standing import numbered as by_number
from tests import tables
from tests.tables import Cells

_Q2 = Period.parse("2024/25 Q2")
_NOW = datetime(2025, 1, 9, tzinfo=UTC)
_FIRST, _OTHER = 1, 10

#: What an event puts into the log: its kind and what it is about.
_EVENTS = {
    "prepared": (EDITION, _FIRST), "confirmed": (CONFIRMATION, _FIRST),
    "confirmation undone": (UNDO, 2), "withdrawn": (UNDO, _FIRST), "brought back": (UNDO, 2),
    "another prepared": (EDITION, _OTHER), "the other confirmed": (CONFIRMATION, _OTHER),
    "the other withdrawn": (UNDO, _OTHER), "one of another period prepared": (EDITION, _OTHER),
}  # fmt: skip


def _edition(number: int, event: str, *, needed: bool) -> Edition:
    period = "2024/25 Q1" if "another period" in event else "2024/25 Q2"
    return Edition(number, "qpr", period, "Ann", _NOW, "", "hash", "1", needed)


def stands(case: Cells) -> None:
    needed = case["Another must confirm"] == "yes"
    log, prepared, confirmations = [], [], []
    for place, event in enumerate(case["What happened"].split(", "), start=1):
        kind, about = _EVENTS[event]
        number = about if kind == EDITION else place + about - (about if about != _OTHER else 1)
        if kind == EDITION:
            prepared.append(_edition(number, event, needed=needed))
        if kind == CONFIRMATION:
            confirmations.append(Confirmation(number, about, "Bo", _NOW))
        log.append(Upload(number, _NOW, "Ann", kind, "", about if kind == UNDO else None, ()))
    first = standing(prepared, confirmations, active_of(log))[0]
    assert (first.id, str(first.standing)) == (_FIRST, case["Stands as"])


_YEAR = Period.parse("2024/25")
#: Words of the cases, and the period that they mean.
_OF = {
    "–": None, "the year": _YEAR, "the year before": _YEAR.shift(-1), "Q2": _Q2, "Q1": _Q2.shift(-1),
    "Q1 of another report": _Q2.shift(-1),
}  # fmt: skip


def meant(case: Cells) -> None:
    prepared = [_edition(2, "another period", needed=False)]
    prepared += [_edition(entry, "", needed=False) for entry in (5, 6)]
    known = standing(prepared, [], {2, 5, 6})
    at = _OF[case["Of"]]
    report = "dashboard" if "another report" in case["Of"] else ""
    within = [one for one in known if one.period == str(at)]
    found = by_number(within if case["Asked by"] == "address" else known, case["Number"])
    if found is None:
        assert case["Gives"] == "there is no such edition"
    elif case["Gives"] == "refused":
        with pytest.raises(UserError, match=f"Edition {found.number} is of qpr, ") as told:
            check_asked(found, known, report, at, whole_year=case["Asked by"] == "framework")
        assert f"not of {report}" in str(told.value)
    else:
        check_asked(found, known, report, at, whole_year=case["Asked by"] == "framework")
        assert f"edition {found.number}" == case["Gives"]


def numbered(case: Cells) -> None:
    prepared, active = [], set()
    for place, about in enumerate(case["Prepared, in this order"].split(", ")):
        period, _, withdrawn = about.partition(" (")
        entry = 5 + 3 * place  # other entries of the log stand between
        prepared.append(Edition(entry, "qpr", period, "Ann", _NOW, "", "hash", "1", False))
        active |= set() if withdrawn else {entry}
    numbers = [str(one.number) for one in standing(prepared, [], active)]
    assert ", ".join(numbers) == case["Numbers"]


def may_confirm(case: Cells) -> None:
    draft = Edition(1, "qpr", str(_Q2), case["Prepared by"], _NOW, "", "hash", "1", True)
    assert draft.standing is Standing.DRAFT
    if case["Allowed"] == "yes":
        check_confirmation(draft, case["Confirms"])
    else:
        with pytest.raises(UserError):
            check_confirmation(draft, case["Confirms"])


def _council(**said: str) -> Figures:
    """One KPI with a figure of Q2 and whatever else is said, `–` being none."""
    given = {
        "figure of Q1": "70", "figure of Q2": "79", "figure of Q3": "–", "note on Q2": "–",
        "target": "85", "floor": "80", "name": "Calls", "decimals": "0", "commentary": "–", **said,
    }  # fmt: skip
    rows = ["indicator | period | value | note"]
    for quarter in ("Q1", "Q2", "Q3"):
        value = given[f"figure of {quarter}"]
        note = given["note on Q2"].strip("–") if quarter == "Q2" else ""
        if value != "–":
            rows.append(f"A | 2024/25 {quarter} | {value} | {note}")
    words = given["commentary"]
    text = "" if words == "–" else f"\nqpr | Roads | A | 2024/25 Q2 | {words}"
    return tables.figures(
        indicators=f"indicator | name | polarity | decimals\nA | {given['name']} | higher | {given['decimals']}",
        placements=f"indicator | year | name\nA | 2024/25 | {given['name']}",
        targets=f"indicator | year | target | floor\nA | 2024/25 | {given['target']} | {given['floor']}",
        observations="\n".join(rows),
        commentary=f"report | section | indicator | period | text{text}",
    )  # fmt: skip


def _frozen(figures: Figures) -> AsPublished:
    files = editions.contents(figures, 'name = "Test Council"', "qpr", _Q2)
    return editions.figures_of("test", files)


def _told(rows: pl.DataFrame) -> str:
    said = [
        f"{row['what']} {row['published'] or '–'} → {row['latest'] or '–'}"
        for row in rows.to_dicts()
    ]
    return "; ".join(said) or "–"


def changed(case: Cells) -> None:
    what = case["What"]
    then, now = (_council(**{what: case[side]}) for side in ("As published", "Now"))
    assert _told(restated.since("1", _frozen(then), now)) == case["Told"]


def printed(case: Cells) -> None:
    what, held = case["What"], case["Held now"].strip("–")
    value = held if what in {"figure", "rating"} else "90"
    column = {"figure": "value"}.get(what, what)
    target = held if what == "target" else "85"
    figures = tables.figures(
        documents="document | title | period\nD | Report | 2024/25 Q2",
        indicators="indicator | polarity | decimals\nA | higher | 0",
        targets="indicator | year | target | floor" + (f"\nA | 2024/25 | {target} | 80" if target else ""),
        observations="indicator | period | value" + (f"\nA | 2024/25 Q2 | {value}" if value else ""),
        published=f"document | indicator | period | {column}\nD | A | 2024/25 Q2 | {case['Printed']}",
    )  # fmt: skip
    assert _told(restated.of_documents(figures)) == case["Told"]


CHECKS = {
    ("editions", "What number an edition has"): numbered,
    ("editions", "Where an edition stands"): stands,
    ("editions", "Which edition is meant"): meant,
    ("editions", "Who may confirm"): may_confirm,
    ("editions", "What counts as changed since an edition"): changed,
    ("editions", "What counts as changed since a document"): printed,
}
