"""The shares that the method page quotes are those of the simulation, run again in short."""

from __future__ import annotations

import math
import re

import pytest

from benchmarks import trends
from tests.conftest import ROOT
from tests.test_pages import open_page, shown

#: Standard errors that two runs may be apart: one pair in 15,000 is further.
_APART = 4
_ROUNDED = 0.005
#: How many series a rule is tried on here.
FEW = 250


def quoted() -> dict[tuple[float, str, str, int], float | None]:
    """Every share of the page, by steepness, rule, kind of figures and points."""
    text = trends.PAGE.read_text(encoding="utf-8")
    found: dict[tuple[float, str, str, int], float | None] = {}
    for title, steepness in (("False alarms", 0.0), ("Power", trends.STEEP)):
        part = text.split(f"## {title}\n")[1].split("\n## ")[0]
        head, _, *rows = [line for line in part.splitlines() if line.startswith("|")]
        rules = [cell.strip() for cell in head.strip("|").split("|")][2:]
        for row in rows:
            kind, count, *cells = [cell.strip() for cell in row.strip("|").split("|")]
            for rule, cell in zip(rules, cells, strict=True):
                share = None if cell == "–" else int(cell.removesuffix("%")) / 100
                found[steepness, rule, kind, int(count)] = share
    return found


def test_every_rule_is_quoted_for_every_kind_and_number_of_points() -> None:
    assert set(quoted()) == {
        (steepness, rule, kind, count)
        for steepness in (0.0, trends.STEEP)
        for rule in trends.RULES
        for kind in trends.KINDS
        for count in trends.COUNTS
    }


@pytest.mark.parametrize("rule", list(trends.RULES))
@pytest.mark.parametrize("steepness", [0.0, trends.STEEP])
def test_what_is_quoted_is_what_a_simulation_finds(steepness: float, rule: str) -> None:
    said = quoted()
    _, many = trends.RULES[rule]
    for kind in trends.KINDS:
        for count in trends.COUNTS:
            share = said[steepness, rule, kind, count]
            found = trends.seen(rule, kind, count, steepness, at_most=FEW)
            assert (share is None) == (found is None), (kind, count)
            if share is None or found is None:
                continue
            # Of none in so many, a few in so many may well be the truth.
            middle = (share * many + found * FEW + 1) / (many + FEW + 2)
            error = math.sqrt(middle * (1 - middle) * (1 / many + 1 / FEW))
            assert abs(share - found) <= _APART * error + _ROUNDED, (kind, count)


def test_another_truth_would_be_found_out() -> None:
    """The tolerance is no wider than the difference between right and wrong."""
    said = quoted()
    for rule, kind in (
        ("published rule", "12 months rolling, by quarter"),
        ("XmR chart", "independent"),
    ):
        still, moving = (said[steepness, rule, kind, 12] for steepness in (0.0, trends.STEEP))
        assert still is not None
        assert moving is not None
        assert moving - still > _APART * math.sqrt(0.25 / FEW) + _ROUNDED


def test_the_method_page_shows_them() -> None:
    page = open_page(ROOT / "pages/about/method.py")
    shown(page)
    texts = " ".join(one.value for one in page.markdown)
    assert re.search(r"\| independent \| 12 \| \d+% \|", texts)
    assert "False alarms" in texts
