"""No two statements about a council contradict each other: the latest reports of Kent and Exampleshire,
and councils drawn from numbers, always the same ten; in the long form (`make soak`) 200 new ones.

To repeat one: `KPI_SEED=NUMBER KPI_SOAK=1 pytest tests/test_contradictions.py -k "random and NUMBER"`.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from random import Random
from typing import Any, cast

import pytest
from streamlit.testing.v1 import AppTest

from kpi_core import registry, report, settings, views
from kpi_core.figures import Figures
from kpi_core.words import Kind
from tests import odd_council, soak
from tests.against_oracle import figures_of
from tests.conftest import ROOT
from tests.contradictions import Told, contradictions, drawn, told
from tests.random_folder import folder
from tests.test_pages import FILES, choice, open_page, open_section, shown

#: What is looked at: every KPI of these reports, and every activity indicator of the second and third.
LATEST = [
    ("exampleshire", "qpr", "2025/26 Q2"), ("exampleshire", "dashboard", "2026-03"),
    ("kent", "qpr", "2024/25 Q2"), ("kent", "qpr", "2020/21 Q2"), ("kent", "dashboard", "2025-03"),
]  # fmt: skip
#: The long form looks at so many of the latest periods of each report as well, indicators and all.
BACK = [
    (name, code, back)
    for name in ("exampleshire", "kent")
    for code in ("qpr", "dashboard")
    for back in range(soak.examples(0, 5))
]
#: Of what is drawn, so many sections and indicators of each council.
DRAWN = soak.examples(1, 100)
#: And of a random council so many reports, each in one period.
REPORTS = soak.examples(1, 3)
COUNCILS = range(soak.first_seed(), soak.first_seed() + soak.examples(10, 200))
#: A council that is drawn on pages and papers: it has forecasts, charts, directions and documents.
ON_PAGES = 3


@cache
def of_council(name: str) -> Figures:
    store = settings.open_store(name)
    store.refresh()
    return store.figures()


@cache
def latest(name: str, code: str, period: str) -> Told:
    figures, asked = of_council(name), (name, code, period)
    at = figures.organisation.period(period)
    every = asked in LATEST[1:3]
    known = views.all_indicators(figures, code, at)
    kpis = known if every else known.filter(kind=str(Kind.KPI))
    return told(figures, code, at, kpis["indicator"].to_list())


@pytest.mark.parametrize(("name", "code", "period"), [*LATEST, *BACK])
def test_nothing_that_is_said_of_a_council_contradicts_anything_else(
    name: str, code: str, period: str | int
) -> None:
    if isinstance(period, str):
        found = latest(name, code, period)
        assert len(found.kpis) > 20
    else:
        figures = of_council(name)
        found = told(figures, code, registry.report_periods(figures, code)[period])
    assert contradictions(found) == []


def test_there_is_much_to_contradict() -> None:
    kpis = latest(*LATEST[0]).kpis
    assert len([kpi for kpi in kpis if kpi.control.assurance]) >= 4
    assert len([kpi for kpi in kpis if kpi.control.unstable]) > 20
    assert len([kpi for kpi in kpis if kpi.ahead.forecast]) > 30
    assert len([kpi for kpi in kpis if kpi.ahead.rate]) > 30
    assert len([kpi for kpi in kpis if kpi.changes]) > 10


@pytest.mark.parametrize("seed", COUNCILS)
def test_a_random_council_does_not_contradict_itself(seed: int, tmp_path: Path) -> None:
    """Every other one is at the edge of the contract; its reports and periods are drawn, too."""
    figures, random = random_council(seed, tmp_path / "council"), Random(seed)  # noqa: S311
    known = {
        code: periods
        for code in figures.placements["report"].unique().sort()
        if (periods := registry.report_periods(figures, code))
    }
    for code in random.sample(list(known), min(REPORTS, len(known))):
        assert contradictions(told(figures, code, random.choice(known[code]))) == []


def random_council(seed: int, where: Path) -> Figures:
    if seed % 2 == 0:
        return figures_of(folder(seed, where))
    shapes = list(odd_council.SHAPES)
    odd_council.write(where, odd_council.SHAPES[shapes[seed // 2 % len(shapes)]], seed)
    return figures_of(where)


# As drawn


@pytest.mark.parametrize("asked", [LATEST[0], LATEST[2]], ids=lambda asked: asked[0])
def test_pages_and_papers_say_what_the_values_say(asked: tuple[str, str, str]) -> None:
    figures = of_council(asked[0])
    assert contradictions_drawn(figures, latest(*asked), organisation=asked[0]) == []


def test_pages_and_papers_of_a_random_council_say_what_the_values_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KPI_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("KPI_STORE", str(tmp_path / "var"))
    folder(ON_PAGES, tmp_path / "data" / "drawn-at-random")
    store = settings.open_store("drawn-at-random")
    store.refresh()
    figures = store.figures()
    at = registry.report_periods(figures, "qpr")[0]
    assert contradictions_drawn(figures, told(figures, "qpr", at)) == []


def contradictions_drawn(figures: Figures, found: Told, **more: str) -> list[str]:
    """What pages and the paper of a report say otherwise than its values, for a sample of them."""
    chosen = choice(figures, found.report, str(found.at)) | more
    random = Random(str(found.at))  # noqa: S311
    said: list[str] = []
    for section in _some(list(found.sections), random):
        page = html_of(open_section(found.report, section.section, **chosen))
        assert section.kpis.is_empty() or 'class="say"' in page
        said += drawn.on_cards(found, page)
    forecast = [kpi for kpi in found.kpis if kpi.ahead.forecast or kpi.control.assurance]
    for kpi in _some(forecast or list(found.kpis), random):
        page = html_of(open_page(FILES["indicator"], **chosen, indicator=kpi.code))
        said += drawn.on_page(kpi, page)
    changes = open_page(ROOT / "pages/performance/changes.py", **chosen)
    said += drawn.on_list(found, html_of(changes))
    paper = report.make(figures, "qpr", str(found.at), "html", report=found.report)
    return [*said, *drawn.on_paper(found, paper.decode())]


def _some(found: list[Any], random: Random) -> list[Any]:
    return random.sample(found, min(DRAWN, len(found)))


def html_of(page: AppTest) -> str:
    """The HTML of a page that says no error."""
    shown(page)
    return "".join(cast("Any", one).value for one in page.get("html"))
