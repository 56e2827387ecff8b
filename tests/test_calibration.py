"""Past forecasts of year ends: each the one that the page showed then, and scores worked out by hand."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace

import polars as pl
import pytest

from kpi_core import calibration, registry, reliability, series, settings, views
from kpi_core.charts import WIDE
from kpi_core.figures import Figures
from kpi_core.palette import LIGHT
from kpi_core.views import ForecastsView
from tests.conftest import ROOT
from tests.html import Shown
from tests.test_depth import Open, council, opened
from tests.test_pages import open_page, shown

__all__ = ["opened"]

PAGE = ROOT / "pages/explore/calibration.py"
YEAR_END = "2025/26 Q4"


@pytest.fixture(scope="module")
def exampleshire() -> Figures:
    store = settings.open_store("exampleshire")
    store.refresh()
    return store.figures()


@pytest.fixture(scope="module")
def view(exampleshire: Figures) -> ForecastsView:
    return views.past_forecasts(exampleshire, "qpr", exampleshire.organisation.period(YEAR_END))


def own(view: ForecastsView) -> pl.DataFrame:
    return view.replays.filter(method="chosen")


# Each forecast


def test_each_forecast_is_the_one_that_the_indicators_page_shows(
    view: ForecastsView, exampleshire: Figures
) -> None:
    """The page of that quarter knows what was known then, and nothing else."""
    rows = own(view).filter(pl.col("ahead") < 4, pl.col("frequency") == "quarter")
    seen = set()
    for row in rows.gather_every(11).iter_rows(named=True):
        then = exampleshire.organisation.period(row["after"])
        page = views.indicator(exampleshire, "qpr", then, row["indicator"])
        known = page.places.filter(pl.col("value").is_not_null())["period"][-1]
        assert known == row["after"]
        made = views.ahead(exampleshire, page).forecast
        assert made is not None
        assert (made.low, made.outlook.centre, made.high) == pytest.approx(
            (row["low"], row["centre"], row["high"])
        )
        said = (row["green"], row["amber"], row["red"])
        assert (made.chances or (None, None, None)) == pytest.approx(said)
        seen.add((page.indicator["ytd"], made.chances is None))
    assert len(seen) > 3


def test_what_came_is_the_year_to_date_of_the_years_last_quarter(
    view: ForecastsView, exampleshire: Figures
) -> None:
    """Where the report itself adds a year up."""
    at = exampleshire.organisation.period(YEAR_END)
    placed = registry.placed(exampleshire, "qpr", at).filter(pl.col("frequency") == "quarter")
    points = series.points(exampleshire.observations, placed, exampleshire.year_start)
    totals = series.year_to_date(points, exampleshire.observations, placed, at)
    joined = (
        own(view)
        .filter(year="2025/26", ahead=1)
        .join(totals.filter(ytd_basis="computed"), on="indicator")
        .join(placed.select("indicator", "decimals", "measure"), on="indicator")
    )
    assert joined.height > 20
    for row in joined.iter_rows(named=True):
        away = abs(row["outcome"] - float(row["value"]))
        assert away <= 0.5 * 10.0 ** -row["decimals"] + 1e-9, row["indicator"]


def test_what_comes_later_changes_no_forecast(view: ForecastsView, exampleshire: Figures) -> None:
    earlier = views.past_forecasts(
        exampleshire, "qpr", exampleshire.organisation.period("2024/25 Q4")
    )
    keys = ["indicator", "year", "after", "method", "model", "centre", "low", "high"]
    both = earlier.replays.select(keys).join(view.replays.select(keys), on=keys, how="semi")
    defined_alike = earlier.replays["indicator"].is_in(view.replays["indicator"].unique().implode())
    assert both.height == defined_alike.sum() > 300


def test_every_moment_of_every_complete_year_is_there(view: ForecastsView) -> None:
    full = view.indicators.filter(known=24)["indicator"]
    found = own(view).filter(pl.col("indicator").is_in(full.implode()))
    moments = found.group_by("indicator").agg(seen=pl.struct("year", "ahead"))["seen"]
    # 2020/21 is the first year: so many quarters are known when some of a later one are left.
    expected = {
        (f"{2020 + n}/{21 + n}", left)
        for n in range(6)
        for left in range(1, 5)
        if 4 * (n + 1) - left >= 13 + left
    }
    assert full.len() > 50
    for rows in moments.to_list():
        assert {(row["year"], row["ahead"]) for row in rows} == expected


# Scores


def cases(rows: Sequence[tuple[str, str, int, int]]) -> pl.DataFrame:
    """So many forecasts of an indicator's year, and how many came true."""
    return pl.DataFrame(
        [
            {"all": "", "indicator": code, "year": year, "came": place < came}
            for code, year, count, came in rows
            for place in range(count)
        ]
    )


@pytest.mark.parametrize(("came", "count"), [(0, 5), (4, 5), (5, 5), (1, 1), (61, 80)])
@pytest.mark.parametrize("each", [1, 4])
def test_a_share_is_as_sure_as_there_are_outcomes(came: int, count: int, each: int) -> None:
    """Forecasts of one outcome that come true together tell no more than one of them."""
    from statsmodels.stats.proportion import proportion_confint

    rows = [("A", str(n), each, each if n < came else 0) for n in range(count)]
    (row,) = calibration.shares(cases(rows), "all").to_dicts()
    assert (row["cases"], row["outcomes"], row["came"]) == (each * count, count, each * came)
    assert row["share"] == pytest.approx(came / count)
    expected = proportion_confint(came, count, method="wilson")
    assert (row["low"], row["high"]) == pytest.approx(expected, abs=1e-6)


def test_forecasts_of_one_year_that_differ_tell_no_more_than_there_are_years() -> None:
    rows = [("A", "1", 4, 2), ("A", "2", 4, 2), ("B", "1", 4, 2)]
    (row,) = calibration.shares(cases(rows), "all").to_dicts()
    assert row["share"] == 0.5
    half = 1.96 / math.sqrt(4 * 3) / math.sqrt(1 + 1.96**2 / 3)
    assert row["high"] - row["share"] == pytest.approx(half, abs=1e-4)


def test_chances_are_sorted_into_fifths_by_hand() -> None:
    replays = pl.DataFrame(
        {
            "method": ["chosen", "chosen", "naive", "chosen"],
            "indicator": ["A", "A", "A", "B"], "year": ["1", "2", "1", "1"],
            "green": [0.7, 0.2, 0.9, 1.0], "amber": [0.2, 0.15, 0.1, None],
            "red": [0.1, 0.65, 0.0, None],
            "came_green": [1.0, 0.0, 1.0, 1.0], "came_amber": [0.0, 1.0, 0.0, None],
            "came_red": [0.0, 0.0, 0.0, None],
        }
    )  # fmt: skip
    found = calibration.reliability(replays).select("fifth", "said", "cases", "came").rows()
    assert [row[0] for row in found] == [0, 1, 3, 4]
    assert [row[1] for row in found] == pytest.approx([0.125, 0.2, 0.675, 1.0])
    assert [row[2:] for row in found] == [(2, 1), (2, 0), (2, 1), (1, 1)]


def test_the_picture_has_what_was_said_and_what_came(view: ForecastsView) -> None:
    found = calibration.reliability(view.replays)
    chart = reliability.chart(found, ["tip"] * found.height, WIDE, LIGHT)
    layers = {one["name"]: one["data"]["values"] for one in chart.to_dict()["layer"]}
    for name, column in (("came", "share"), ("said", "said")):
        drawn = [row["y"] for row in layers[name]]
        assert drawn == pytest.approx((found[column] * 100).to_list())
    assert [row["y2"] for row in layers["known within"]] == pytest.approx(
        (found["high"] * 100).to_list()
    )
    few = calibration.reliability(view.replays.clear())
    assert [one.name for one in reliability.chart(few, [], WIDE, LIGHT).layer] == [
        "grid", "meant", "texts",
    ]  # fmt: skip


# The page


def page_of(**asked: str) -> Shown:
    return shown(open_page(PAGE, **{"organisation": "exampleshire", "report": "qpr", **asked}))


def test_the_page_says_what_the_scores_are(view: ForecastsView) -> None:
    rows = own(view)
    held = rows.filter(calibration.held()).height
    page = page_of(period=YEAR_END)
    assert f"{rows.height} forecasts of" in page.text
    assert f"held {held / rows.height:.0%} of them: {held} of {rows.height}." in page.text
    brier = {row["method"]: row for row in calibration.scores(view.replays).to_dicts()}
    assert (
        f"by {brier['chosen']['brier']:.2f} on average, in {brier['chosen']['rated']}" in page.text
    )
    assert f"latest figure would have missed by {brier['naive']['brier']:.2f}" in page.text
    labels = [picture.get("aria-label") or "" for picture in page.pictures]
    said = calibration.reliability(view.replays).to_dicts()
    for row, name in zip(said, reliability.classes(), strict=True):
        words = f"Chances of {name}: {row['said']:.0%} said on average, {row['share']:.0%} came"
        assert all(words in label for label in labels)
    assert len(labels) == 2


@pytest.mark.parametrize(
    ("by", "first"), [("left", "1 quarter"), ("year", "2023/24"), ("section", "Customer Services")]
)
def test_scores_in_parts_add_up(by: str, first: str, view: ForecastsView) -> None:
    page = page_of(period=YEAR_END, by=by)
    texts = [text.strip() for text in page.texts if text.strip()]
    start = texts.index("… of the year before") + 1
    assert texts[start] == first
    cells = texts[start : next(n for n, text in enumerate(texts) if text.startswith("80% are"))]
    counts = [int(cell) for cell in cells[1::7]]
    assert sum(counts) == own(view).height


def test_every_indicator_leads_to_its_page(view: ForecastsView) -> None:
    page = page_of(period=YEAR_END, by="indicator")
    linked = {match[1] for link in page.links if (match := re.search("indicator=([^&]+)", link))}
    assert linked == set(view.indicators["indicator"])


def test_an_unknown_grouping_is_told() -> None:
    page = page_of(period=YEAR_END, by="weather")
    assert "There is no grouping “weather”: How far ahead is shown." in page.text


def test_kents_history_is_too_short_and_says_so(kent: Figures) -> None:
    for report, period in (("qpr", "2024/25 Q2"), ("dashboard", "2025-03")):
        page = shown(open_page(PAGE, organisation="kent", report=report, period=period))
        said = r"it takes (15 quarters|21 months) in a row without a gap before the first forecast"
        assert re.search(f"No forecast can be scored yet: {said}", page.text)
        assert page.pictures == []
        assert "Brier" not in page.text


def test_a_council_of_one_indicator_with_a_long_history(opened: Open) -> None:
    """Eighteen quarters up to Q2 2024/25: the end of 2023/24 could be forecast from its Q3 alone."""
    wave = [str(80 + (7 * place) % 5) for place in range(18)]
    opened(council(wave, ytd="latest"))
    (name,) = settings.organisations()
    page = shown(open_page(PAGE, organisation=name, period="2024/25 Q2"))
    assert "1 forecast of 1 year end (2023/24) of 1 indicator." in page.text


def test_the_outlook_leads_to_past_forecasts() -> None:
    asked = {"organisation": "exampleshire", "report": "qpr", "period": "2025/26 Q2"}
    page = shown(open_page(ROOT / "pages/explore/indicator.py", **asked, indicator="CU01"))
    assert "How good past forecasts were" in page.text
    assert any(link.startswith("calibration?") for link in page.links)


def test_a_framework_without_figures_gives_nothing(exampleshire: Figures) -> None:
    none = replace(exampleshire, observations=exampleshire.observations.clear())
    found = views.past_forecasts(none, "qpr", none.organisation.period(YEAR_END))
    assert found.replays.is_empty()
    assert found.indicators["known"].unique().to_list() == [0]
