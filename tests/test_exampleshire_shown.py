"""Exampleshire on the pages: short and long charts, every rating, every direction, every alert."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import polars as pl
import pytest

from kpi_core import pictures, registry, settings, views
from kpi_core.figures import Figures
from kpi_core.words import Alert, Rating
from tests.html import SVG

QUARTER = "2025/26 Q2"


@pytest.fixture(scope="module")
def figures(temporary_store: Path) -> Figures:
    store = settings.open_store("exampleshire")
    store.refresh()
    return store.figures()


@pytest.fixture(scope="module")
def sections(figures: Figures) -> list[views.SectionView]:
    """The pages of all sections."""
    at = figures.organisation.period(QUARTER)
    return [views.section(figures, "qpr", at, name) for name in views.sections(figures, "qpr", at)]


def points_of(figures: Figures, report: str, period: str, code: str) -> pl.DataFrame:
    """What the chart of an indicator's page shows."""
    at = figures.organisation.period(period)
    return views.indicator(figures, report, at, code).places.filter(pl.col("shown").is_not_null())


@pytest.mark.parametrize(
    ("report", "period", "code", "count"),
    [
        ("qpr", "2025/26 Q4", "LC01", 8),
        ("qpr", QUARTER, "CU03", 22),
        ("qpr", "2025/26 Q4", "CU03", 24),
        ("dashboard", "2025-09", "CU03", 66),
        ("dashboard", "2026-03", "CU03", 72),
        ("dashboard", "2026-03", "CU11", 72),
    ],
)
def test_charts_of_8_to_72_points(
    report: str, period: str, code: str, count: int, figures: Figures
) -> None:
    points = points_of(figures, report, period, code)
    assert points.height == count
    drawn = ET.fromstring(pictures.wide(points, "The indicator"))  # noqa: S314 - ours
    told = [title.text or "" for title in drawn.iter(f"{SVG}title")]
    for words in points["words"]:
        assert sum(words in text for text in told) == 1, words


def test_a_card_has_thirteen_quarters_or_all_there_are(
    sections: list[views.SectionView],
) -> None:
    places = pl.concat([section.places for section in sections])
    counts = places.filter(pl.col("shown").is_not_null()).group_by("indicator").len()
    by_code = dict(counts.iter_rows())
    assert by_code["LC01"] == 6
    assert by_code["CU03"] == max(by_code.values()) == 13


def test_every_rating_is_on_a_card(sections: list[views.SectionView]) -> None:
    shown = {str(rating) for section in sections for rating in section.kpis["rating"]}
    assert shown == {str(rating) for rating in Rating}


@pytest.mark.parametrize("by", ["regression", "previous", "year_ago"])
def test_every_direction_is_on_a_card(by: str, sections: list[views.SectionView]) -> None:
    shown = {str(word) for section in sections for word in section.kpis[f"direction_{by}"]}
    assert shown == {"improving", "stable", "worsening", "not enough history"}


def test_every_alert_is_on_a_card(sections: list[views.SectionView]) -> None:
    shown = {str(alert) for section in sections for alert in section.activities["alert"]}
    assert {str(alert) for alert in Alert} <= shown


def test_the_grid_tells_of_quarters_in_which_nothing_could_be_rated(figures: Figures) -> None:
    at = figures.organisation.period(QUARTER)
    grid = views.executive_summary(figures, "qpr", at).grid
    for code, rating in (("LC01", "NOT RATED"), ("EW01", "UNDECIDED")):
        cells = grid.filter(pl.col("indicator") == code).tail(6)
        assert set(cells["rating"]) == {rating}
        assert set(cells["rating_basis"]) == {"computed"}


def test_no_indicator_of_a_page_is_without_a_figure_but_the_one_that_says_so(
    sections: list[views.SectionView], figures: Figures
) -> None:
    placed = registry.placed(figures, "qpr", figures.organisation.period(QUARTER))
    drawn = {code for section in sections for code in section.places["indicator"].unique()}
    assert drawn == set(placed["indicator"])
