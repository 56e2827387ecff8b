"""The rules of papers: the sentences that say counts and changes in words."""

from __future__ import annotations

import polars as pl

from kpi_core import commentary, summary
from kpi_core.periods import Period
from kpi_core.report import sentences
from kpi_core.wording import PLAIN
from tests.tables import Cells

Q2 = Period.parse("2024/25 Q2")


def _said(text: str) -> str:
    return text or "nothing"


def against_before(case: Cells) -> None:
    before = None if case["Before"] == "–" else int(case["Before"])
    said = sentences.against_before(int(case["Now"]), before, Q2, PLAIN)
    assert _said(said) == case["The paper says"]


def reds(case: Cells) -> None:
    assert sentences.reds(int(case["KPIs rated Red"]), PLAIN) == case["The paper says"]


def directions(case: Cells) -> None:
    now = {name: int(case[name.capitalize()]) for name in summary.DIRECTIONS}
    known = case["Before"] != "–"
    counts = map(int, case["Before"].split(", ")) if known else [None, None, None]
    before = {f"previous_{name}": count for name, count in zip(now, counts, strict=True)}
    assert _said(sentences.directions({**now, **before}, Q2, PLAIN)) == case["The paper says"]


_OF = {
    "the report": ("", ""), "a section": ("Roads", ""), "an unknown section": ("Parks", ""),
    "an indicator": ("Roads", "A"), "an indicator, no section": ("", "A"),
    "an unknown indicator": ("", "Z"),
}  # fmt: skip


def stands(case: Cells) -> None:
    section, indicator = _OF[case["Of"]]
    row = {
        "kind": case["Kind"], "section": section, "indicator": indicator,
        "heading": case["Heading"].strip("–"), "text": "Said.",
    }  # fmt: skip
    placed = pl.DataFrame({"indicator": ["A"], "section": ["Roads"]})
    found = commentary.with_places(
        pl.DataFrame([row]), placed, has_register=case["Register"] == "yes"
    ).row(0, named=True)
    assert found["where"] == case["Stands in"]
    assert found["home"] == (
        "" if "unknown" in case["Of"] or case["Of"] == "the report" else "Roads"
    )
    assert found["said"] == ("What is being done: Said." if case["Kind"] == "action" else "Said.")


CHECKS = {
    ("papers", "A count against the one before"): against_before,
    ("papers", "The Reds"): reds,
    ("papers", "Directions of travel"): directions,
    ("papers", "Where a text stands"): stands,
}
