"""Every sentence of a paper is one that an officer would write, of councils that nobody would make too."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpi_core import report
from kpi_core.errors import UserError
from kpi_core.figures import Figures
from kpi_core.periods import Period
from kpi_core.report import sentences
from kpi_core.report.tree import Block, Card, Items, Pairs, Paper, Paragraph, Picture
from kpi_core.store import Store
from kpi_core.wording import PLAIN
from tests.councils import Row, write_council
from tests.random_council import Council, councils

#: What no sentence says: each is a rule of grammar broken, or a value that is none.
WRONG = {
    "one, and more than one": r"(?<![\d.])(?:1|\b[Oo]ne) (?:KPIs|indicators|points|figures|quarters|months|years"
    r"|days|risks|sections|Key Performance Indicators|(?:are|have)\b)",
    "many, and only one": r"\b(?:two|three|four|five) (?:KPI|indicator|quarter|month|is|has)\b",
    "no value": r"\b(?:None(?! are rated| of the)|nan|NaN|null|inf|Decimal|True|False)\b",
    "spaces": r"  | [,.;:)]|\( |^ | $",
    "stops": r"\.\.(?!\.)|,,|;;|[,;]\.|\(\)|[.,]\)$|^[a-z]",
    "the same": r"same than|the the\b|\b(\w+) \1\b",
    "templates": r"[{}]",
    "numbers of machines": r"\dE[+-]?\d|\d\.\d{8}",
}

#: Columns whose texts are the council's own.
OWN = {
    "title", "section", "directorate", "role", "name", "description", "area", "heading", "text",
    "breakdown", "item", "note", "source",
}  # fmt: skip


def told(blocks: tuple[Block, ...]) -> Iterator[str]:
    """What a paper says in sentences: paragraphs, lists, cards and alternatives."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield from block.text.split("\n")
        elif isinstance(block, Items):
            for text, inner in block.items:
                yield from (text, *inner)
        elif isinstance(block, Pairs):
            yield from told(block.cards)
        elif isinstance(block, Card):
            yield from filter(None, (block.said, *block.notes, *block.commentary))
            if block.picture:
                yield block.picture.alt
        elif isinstance(block, Picture):
            yield block.alt


def wrong(texts: Iterator[str]) -> list[tuple[str, str, str]]:
    return [
        (rule, found[0], text)
        for text in texts
        for rule, pattern in WRONG.items()
        for found in [re.search(pattern, text)]
        if found
    ]


def plain(council: Council) -> Council:
    """The same council, with tidy names: what is left to go wrong is ours."""
    names: dict[str, str] = {}

    def tidy(row: Row) -> Row:
        return {
            column: names.setdefault(text, f"Name {chr(65 + len(names) % 26)}{len(names)}")
            if text and column in OWN
            else "number"
            if text == "<b>"
            else text
            for column, text in row.items()
        }

    return {table: [tidy(row) for row in rows] for table, rows in council.items()}


def papers(figures: Figures) -> Iterator[Paper]:
    for kind in report.Kind:
        try:
            yield report.build(figures, kind, *report.asked(figures, kind, "qpr", ""))
        except UserError:
            continue


@given(councils())
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_council_is_told_anything_wrong(
    tmp_path_factory: pytest.TempPathFactory, council: Council
) -> None:
    base = tmp_path_factory.mktemp("odd")
    store = Store(write_council(base / "odd", plain(council)), base / "var")
    store.refresh()
    for paper in papers(store.figures()):
        assert wrong(told(paper.blocks)) == [], paper.kind


COUNTS = st.fixed_dictionaries(
    {
        name: st.integers(0, 12)
        for name in ("green", "amber", "red", "no_data", "not_rated", "improving", "stable", "worsening")
    }
    | {
        f"previous_{name}": st.none() | st.integers(0, 12)
        for name in ("green", "amber", "red", "improving", "stable", "worsening")
    }
)  # fmt: skip


@given(COUNTS, st.sampled_from(["2024/25 Q2", "2024-05", "2024/25"]))
def test_counts_are_told_in_the_number_that_they_are(
    total: dict[str, int | None], period: str
) -> None:
    at = Period.parse(period)
    lines = sentences.rated(total, at, PLAIN)
    ways = sentences.directions(total, at, PLAIN)
    reds = sentences.reds(total["red"] or 0, PLAIN)
    said = [*lines, *filter(None, [ways]), reds]
    assert wrong(iter(said)) == []
    for name, line in zip(("green", "amber", "red"), lines, strict=False):
        before = total[f"previous_{name}"]
        assert ("previous" in line) == (before is not None)
        assert ("the same as the previous" in line) == (before == total[name])


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        (16, 17, "one fewer than the previous Quarter"),
        (8, 8, "the same as the previous Quarter"),
        (0, 0, "the same as the previous Quarter"),
        (3, 0, "three more than the previous Quarter"),
        (0, 12, "12 fewer than the previous Quarter"),
        (4, None, ""),
    ],
)
def test_a_count_is_held_against_the_one_before(now: int, before: int | None, words: str) -> None:
    assert sentences.against_before(now, before, Period.parse("2024/25 Q2"), PLAIN) == words
