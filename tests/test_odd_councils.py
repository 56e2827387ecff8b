"""Every page opens, and every paper is made, of any council that the contract allows.

The short form looks at one report and period of one council of each shape, drawn by the seed; `make
soak` at every report and period of many. The shape and seed of a council that fails are the name
of its test.
"""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import pytest

from kpi_core import report, scorecard, settings, views
from kpi_core.errors import UserError
from kpi_core.figures import Figures
from pages.explore import calibration_html
from tests import odd_council, soak
from tests.conftest import ROOT
from tests.test_pages import APP, open_page, open_section, periods, sound

#: The scripts of all pages, as app.py names them.
PAGES = [ROOT / script for script in re.findall(r"pages/\w+/\w+\.py", APP.read_text("utf-8"))]
SEEDS = soak.examples(1, 12)
#: How many of the reports, periods, indicators … of a council are looked at.
SAMPLE = soak.examples(1, 1000)


@pytest.mark.parametrize("seed", range(SEEDS))
@pytest.mark.parametrize("shape", odd_council.SHAPES)
def test_every_page_opens_and_every_paper_is_made(
    shape: str, seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KPI_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("KPI_STORE", str(tmp_path / "var"))
    name = f"odd-{list(odd_council.SHAPES).index(shape)}-{seed}"
    odd_council.write(tmp_path / "data" / name, odd_council.SHAPES[shape], seed)
    store = settings.open_store(name)
    store.refresh()
    figures, random = store.figures(), Random(seed)  # noqa: S311
    for code in _some(figures.placements["report"].unique().sort().to_list(), random):
        for period in _some(periods(figures, code), random):
            every_page_opens(figures, code, period, random)
            every_paper_is_made(figures, code, period)


def _some(found: list[str], random: Random) -> list[str]:
    return random.sample(found, min(SAMPLE, len(found)))


def every_page_opens(figures: Figures, code: str, period: str, random: Random) -> None:
    chosen = {"report": code, "period": period}
    sound(open_page(APP, **chosen))
    for script in PAGES:
        sound(open_page(script, **chosen))
    at = figures.organisation.period(period)
    for section in _some(views.sections(figures, code, at), random):
        sound(open_section(code, section, **chosen))
    for indicator in _some(views.all_indicators(figures, code, at)["indicator"].to_list(), random):
        sound(open_page(ROOT / "pages/explore/indicator.py", **chosen, indicator=indicator))
    for way in _some(list(calibration_html.WAYS), random):
        sound(open_page(ROOT / "pages/explore/calibration.py", **chosen, by=way))


def every_paper_is_made(figures: Figures, code: str, period: str) -> None:
    at = figures.organisation.period(period)
    for kind in report.Kind:
        if kind is report.Kind.COVER_PAPER and scorecard.kpis(figures, code, at).is_empty():
            with pytest.raises(UserError, match="so there is nothing to cover"):
                report.make(figures, kind, period, "html", report=code)
        else:
            assert report.make(figures, kind, period, "html", report=code)
