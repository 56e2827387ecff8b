"""Every text of a report stands in its paper and on its pages, or is left out by a rule."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from kpi_core import commentary, report, views
from kpi_core import settings as places
from kpi_core.commentary import Where
from kpi_core.figures import Figures
from kpi_core.periods import Period
from kpi_core.report import Kind, charted, parts
from kpi_core.report.tree import Paper, Picture
from kpi_core.store import Store
from tests import tables
from tests.test_pages import FILES, open_page, open_section, shown

#: What the report leaves to the cover paper: see docs/rules/papers.md.
LEFT_OUT = {Kind.QPR: {Where.COVER}, Kind.DASHBOARD: set()}
CASES = [
    ("kent", Kind.QPR, "2024/25 Q2", 229, 7),
    ("kent", Kind.QPR, "2020/21 Q2", 140, 0),
    ("kent", Kind.DASHBOARD, "2025-03", 20, 0),
    ("exampleshire", Kind.QPR, "2025/26 Q3", None, 0),
    ("exampleshire", Kind.QPR, "2025/26 Q4", 68, 0),
    ("exampleshire", Kind.DASHBOARD, "2026-03", 13, 0),
]


PAGES = [
    ("kent", "qpr", "2024/25 Q2"), ("kent", "dashboard", "2025-03"),
    ("exampleshire", "qpr", "2025/26 Q4"),
]  # fmt: skip


@pytest.fixture(autouse=True)
def _without_charts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Charts say nothing of texts, and take seconds."""
    monkeypatch.setattr(charted, "pictured", lambda *_: {})


@pytest.fixture(scope="session")
def councils(temporary_store: Path, kent: Figures) -> dict[str, Figures]:
    store = places.open_store("exampleshire")
    store.refresh()
    return {"kent": kent, "exampleshire": store.figures()}


def strings(value: Any) -> Iterator[str]:
    """Every text of a paper's blocks."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from strings(one)
    elif is_dataclass(value) and not isinstance(value, Picture | type):
        for field in fields(value):
            yield from strings(getattr(value, field.name))


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def printed(paper: Paper) -> str:
    return "\n".join(map(squeezed, strings(paper.blocks)))


def missing(rows: pl.DataFrame, text: str) -> list[str]:
    return [one for one in rows["text"] if squeezed(one) not in text]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]} {case[1]} {case[2]}")
def test_every_text_stands_in_its_paper_or_is_left_out_by_rule(
    case: tuple[str, Kind, str, int | None, int], councils: dict[str, Figures]
) -> None:
    council, kind, period, held, left = case
    figures = councils[council]
    about, at = report.asked(figures, kind, "", period)
    rows = figures.commentary.filter(report=about, period=str(at))
    texts = commentary.texts(figures, about, at)
    assert rows.height > 0
    assert held in (None, rows.height)
    assert sorted(rows["text"]) == sorted(texts.filter(period=str(at))["text"])
    by_rule = texts.filter(pl.col("where").is_in(sorted(LEFT_OUT[kind])))
    paper = printed(report.build(figures, kind, about, at))
    lost = missing(texts, paper)
    assert sorted(lost) == sorted(by_rule["text"])
    assert len(lost) == left
    assert texts.height - by_rule.height == sum(squeezed(one) in paper for one in texts["text"])


def test_what_the_report_leaves_to_the_cover_paper_stands_there(
    councils: dict[str, Figures],
) -> None:
    figures, at = councils["kent"], Period.parse("2024/25 Q2")
    own = commentary.texts(figures, "qpr", at).filter(where=Where.COVER)
    assert own.height == 7
    paper = printed(report.build(figures, Kind.COVER_PAPER, "qpr", at))
    assert missing(own, paper) == []
    assert parts.RESTATED in paper


@pytest.mark.parametrize(
    ("council", "period", "told"), [("kent", "2025-03", True), ("exampleshire", "2026-03", False)]
)
def test_a_monthly_paper_says_that_its_texts_are_told_in_other_words(
    councils: dict[str, Figures], council: str, period: str, told: bool
) -> None:
    paper = report.build(councils[council], Kind.DASHBOARD, "dashboard", Period.parse(period))
    assert (parts.RESTATED in printed(paper)) == told


@pytest.mark.parametrize("kind", [Kind.QPR, Kind.COVER_PAPER])
def test_no_paper_has_texts_of_another_report_or_period(
    kind: Kind, councils: dict[str, Figures]
) -> None:
    figures, at = councils["kent"], Period.parse("2024/25 Q2")
    own = commentary.texts(figures, "qpr", at)["text"].to_list()
    others = figures.commentary.filter(~pl.col("text").is_in(own) & (pl.col("kind") != "action"))
    paper = printed(report.build(figures, kind, "qpr", at))
    assert others.height > 100
    # A text of a few words may be said of another period in the same words.
    assert [one for one in others["text"] if len(one) > 60 and squeezed(one) in paper] == []


def test_the_workbook_and_the_web_page_have_them_too(councils: dict[str, Figures]) -> None:
    figures, at = councils["exampleshire"], Period.parse("2025/26 Q4")
    paper = report.build(figures, Kind.QPR, "qpr", at)
    [sheet] = [one for one in paper.sheets if one.name == "Commentary"]
    texts = commentary.texts(figures, "qpr", at).filter(period=str(at))
    assert Counter(sheet.rows["text"]) == Counter(texts["text"])
    page = squeezed(report.write(paper, "html").decode())
    plain = [one for one in texts["text"] if not re.search(r"[&<>'\"]", one)]
    assert len(plain) > 50
    assert [one for one in plain if squeezed(one) not in page] == []


KINDS = ["commentary", "note", "method", "summary", "action"]
ABOUT = [("", ""), ("Roads", ""), ("Parks", ""), ("Roads", "CALLS"), ("", "DAYS"), ("Nowhere", "SHARE"), ("", "VISITS")]  # fmt: skip
HEADINGS = ["", "Overall", "Cover paper", "Corporate risk register", "Budget"]


@pytest.mark.parametrize("kind", [Kind.QPR, Kind.DASHBOARD])
def test_no_text_of_any_kind_about_anything_is_lost(kind: Kind, built_once: Path) -> None:
    figures = Store(built_once / "data" / "testshire", built_once / "var" / "testshire").figures()
    known = set(figures.indicators["indicator"])
    rows = [
        {
            "report": "qpr", "section": section, "indicator": code, "period": "2024/25 Q4",
            "kind": said, "order": str(place), "heading": heading, "text": f"Text number {place}.",
        }
        for place, (said, (section, code), heading) in enumerate(product(KINDS, ABOUT, HEADINGS), 1)
        if not code or code in known
    ]  # fmt: skip
    figures = replace(figures, commentary=tables.table("commentary", rows))
    at = Period.parse("2024/25 Q4")
    texts = commentary.texts(figures, "qpr", at)
    assert texts.height == len(rows) > 100
    paper = printed(report.build(figures, kind, "qpr", at))
    by_rule = texts.filter(pl.col("where").is_in(sorted(LEFT_OUT[kind])))
    assert sorted(missing(texts, paper)) == sorted(by_rule["text"])
    assert "What is being done: Text number" in paper


# Pages


@pytest.mark.parametrize("case", PAGES, ids=lambda case: f"{case[0]} {case[1]} {case[2]}")
def test_every_text_stands_on_a_page(
    case: tuple[str, str, str], councils: dict[str, Figures]
) -> None:
    council, about, period = case
    figures = councils[council]
    at = figures.organisation.period(period)
    asked = {"organisation": council, "report": about, "period": period}
    wholes = ("dashboard",) if about == "dashboard" else ("summary", "risks")
    pages = [open_page(FILES[name], **asked) for name in wholes]
    if about != "dashboard":
        sections = views.sections(figures, about, at)
        pages += [open_section(about, name, **asked) for name in sections]
    text = squeezed(" ".join(shown(page).text for page in pages))
    texts = commentary.texts(figures, about, at)
    assert texts.height > 10
    assert missing(texts, text) == []
