"""Indicators compared: figures of the store, one scale, pairs, and what is said of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_core import catalogue, compare, lines, views
from kpi_core.figures import Figures
from kpi_core.gathered import gathered
from kpi_core.palette import THEMED
from kpi_core.periods import Frequency, Period
from kpi_core.views import Together, compared, paired
from tests.test_catalogue import figures_of, known

CASES = [
    ("kent", "qpr"),
    ("kent", "dashboard"),
    ("exampleshire", "qpr"),
    ("exampleshire", "dashboard"),
]


def view_of(*keys: str, report: str = "qpr", first: str = "", last: str = "") -> Together:
    """Series of Exampleshire."""
    figures = figures_of("exampleshire")
    at = views.latest_period(figures, report)
    return views.together(figures, report, at, keys, first=first, last=last)


def stored(figures: Figures, row: dict[str, str]) -> Iterator[tuple[Period, Decimal]]:
    """The figures of a row of the catalogue, read plainly off the store."""
    if row["area"]:
        rows = figures.benchmarks.filter(area=row["area"])
    else:
        rows = figures.observations.filter(pl.col("basis").cast(pl.String) == "period")
    own = rows.filter(indicator=row["indicator"], breakdown=row["breakdown"], item=row["item"])
    for period, value in own.select("period", "value").iter_rows():
        if value is not None:
            yield figures.organisation.period(period), value


@pytest.mark.parametrize(("organisation", "report"), CASES)
def test_figures_are_those_of_the_store(organisation: str, report: str) -> None:
    figures = figures_of(organisation)
    at = views.latest_period(figures, report)
    rows = known(organisation, report).with_columns(letter=pl.col("key"))
    found = gathered(figures, report, at, rows)
    checked = 0
    for row in rows.iter_rows(named=True):
        own = found.filter((pl.col("key") == row["key"]) & pl.col("value").is_not_null())
        held = {str(period): value for period, value in stored(figures, row)}
        ends = {period.end_month: value for period, value in stored(figures, row)}
        for period, end, value in own.select("period", "end_month", "value").iter_rows():
            # A snapshot may be held under the month at whose end it was taken; a quotient not at all.
            assert value == held.get(period, ends.get(end, value)), (row["key"], period)
            checked += period in held
    assert checked > 100


def test_a_period_without_a_figure_is_a_gap_between_those_that_have_one() -> None:
    for organisation, report in CASES:
        figures = figures_of(organisation)
        at = views.latest_period(figures, report)
        found = gathered(figures, report, at, known(organisation, report))
        for (key,), own in found.group_by("key"):
            steps = own["x"].diff().drop_nulls()
            assert (steps == 1).all(), key
            assert own["value"][0] is not None
            assert own["value"][-1] is not None


def test_nothing_from_after_the_period_or_before_a_break_is_compared() -> None:
    figures = figures_of("exampleshire")
    at = figures.organisation.period("2023/24 Q2")
    rows = catalogue.catalogue(figures, "qpr", at)
    found = gathered(figures, "qpr", at, rows)
    assert found["end_month"].max() == at.end_month


def test_the_same_measure_elsewhere_comes_as_often_as_it_is_published() -> None:
    view = view_of("CO02", "CO02@England")
    often = dict(view.points.select("letter", "frequency").unique().iter_rows())
    assert often == {"A": "quarter", "B": "year"}
    held = figures_of("exampleshire").benchmarks.filter(indicator="CO02", area="England")
    own = view.points.filter(letter="B")
    assert own["value"].to_list() == held.sort("period")["value"].to_list()


def test_what_the_report_does_not_have_is_left_out() -> None:
    view = view_of("CU03", "NONE", "CU03/district=Nowhere", "CU11")
    assert view.chosen["key"].to_list() == ["CU03", "CU11"]
    assert view.names == {
        "A": "Complaints answered within 20 working days",
        "B": "Calls received by the contact centre",
    }


def test_nothing_chosen_is_a_comparison_of_nothing() -> None:
    view = view_of()
    assert (view.periods, view.has_figures, view.unit) == ((), False, None)


def test_a_stretch_leaves_what_ends_within_it() -> None:
    view = view_of("CU03", "CO02@England", first="2022/23 Q2", last="2024/25 Q1")
    assert [str(period) for period in view.stretch][:: len(view.stretch) - 1] == [
        "2022/23 Q2",
        "2024/25 Q1",
    ]
    assert view.points.filter(letter="B")["period"].to_list() == ["2022/23", "2023/24"]
    assert view.points.filter(letter="A")["period"].to_list() == [str(one) for one in view.stretch]
    assert len(view.periods) > len(view.stretch)


def test_one_chart_begins_at_100_where_all_have_a_figure() -> None:
    view = view_of("CU03", "CU11", "CO02@England")
    shares = compared.indexed(view)
    assert compared.start(shares) == "Q4 2020/21 (C: 2020/21)"
    base = shares.filter(pl.col("end_month") == pl.col("base"))
    assert base["y"].to_list() == [100, 100, 100]
    own = shares.filter(letter="A")
    first = Decimal(str(base.filter(letter="A")["value"][0]))
    for value, y in own.select("value", "y").iter_rows():
        assert y == pytest.approx(float(value / first * 100))
    assert own["text"].to_list()[-1] == f"{own['y'][-1]:.0f}"


def test_the_download_has_every_figure_and_its_share() -> None:
    view = view_of("CU03", "CU04/service=Blue badges", first="2024/25 Q1")
    plain = compared.table(view)
    assert plain.height == view.points.height
    assert "index" not in plain.columns
    assert plain["item"].unique().to_list() in (["", "Blue badges"], ["Blue badges", ""])
    shares = compared.table(view, compared.indexed(view))
    assert shares.filter(period="2024/25 Q1")["index"].to_list() == [100, 100]


# One against the other


def test_pairs_are_the_figures_of_both_periods() -> None:
    view = view_of("CU11", "CU12")
    figures = figures_of("exampleshire")
    for lag in (-2, 0, 3):
        found = views.pair(figures, view, lag)
        a, b = (
            dict(view.points.filter(letter=letter).select("x", "y").iter_rows()) for letter in "AB"
        )
        wanted = [(a[x], b[x + lag]) for x in sorted(a) if x + lag in b]
        assert found.pairs.select("a", "b").rows() == wanted
        assert found.now["n"] == len(wanted)
    lags = found.lags
    one, other = (
        view.points.filter(letter=letter).select("x", "y").drop_nulls() for letter in "AB"
    )
    assert lags.select("lag", "n", "effective", "r", "low", "high").equals(
        compare.lagged(one, other, paired.LAGS)
    )


def test_the_coarser_of_two_counts_where_the_finer_is_held_by_it_too() -> None:
    found = views.pair(figures_of("exampleshire"), view_of("CO02@England", "CO02"), 0)
    assert found.each == "year"
    assert found.note == "A comes every year and B every quarter: both are taken by the year."
    assert found.pairs.is_empty() == bool(found.remark)


def test_without_figures_for_the_longer_periods_there_is_a_kind_line() -> None:
    figures = figures_of("exampleshire")
    bare = replace(
        figures,
        observations=figures.observations.filter(
            ~((pl.col("indicator") == "CO02") & ~pl.col("period").str.contains(" Q"))
        ),
    )
    at = views.latest_period(figures, "qpr")
    view = views.together(bare, "qpr", at, ["CO02", "CO02@England"])
    found = views.pair(bare, view, 0)
    assert "no figure of A for a year" in found.remark
    assert "side by side" in found.remark


def test_a_snapshot_counts_for_the_quarter_at_whose_end_it_was_taken() -> None:
    figures = figures_of("exampleshire")
    at = views.latest_period(figures, "dashboard")
    rows = known("exampleshire", "dashboard").filter(of="whole")
    found = gathered(figures, "dashboard", at, rows, every=Frequency.QUARTER)
    monthly = gathered(figures, "dashboard", at, rows)
    placed = catalogue.catalogue(figures, "dashboard", at).select("key", "indicator")
    snapshots = (
        figures.indicators.filter(pl.col("measure").cast(pl.String) == "snapshot")["indicator"]
        .unique()
        .to_list()
    )
    keys = placed.filter(pl.col("indicator").is_in(snapshots))["key"].to_list()
    both = found.filter(pl.col("key").is_in(keys)).join(
        monthly, on=["key", "end_month"], suffix="_monthly"
    )
    assert both.height > 10
    assert both["value"].equals(both["value_monthly"], check_names=False)


def lags(
    r: float | None, low: float | None, high: float | None, n: int, worth: float
) -> pl.DataFrame:
    row = {"lag": 0, "n": n, "effective": worth, "r": r, "low": low, "high": high}
    return pl.DataFrame([row | {"words": "B in the same quarter as A"}], schema_overrides={
        "r": pl.Float64, "low": pl.Float64, "high": pl.Float64})  # fmt: skip


@pytest.mark.parametrize(
    ("row", "verdict", "last"),
    [
        ((0.8, 0.4, 0.95, 24, 24.0), "The two go together: where A is higher, B is mostly higher too.", "Going together is not causing"),
        ((-0.8, -0.95, -0.4, 24, 24.0), "The two go together: where A is higher, B is mostly lower.", "Going together is not causing"),
        ((0.3, -0.2, 0.7, 24, 12.0), "The figures do not show that the two go together: chance alone could look like this.", "more figures might tell"),
        ((None, None, None, 3, 3.0), "Only three quarters can be paired: too few to tell anything from.", "too few"),
        ((None, None, None, 1, 1.0), "Only one quarter can be paired: too few to tell anything from.", "too few"),
        ((None, None, None, 12, 12.0), "One of the two stands still over these periods: nothing can go together with it.", "stands still"),
        ((1.0, None, None, 12, 12.0), "All 12 pairs lie on one straight line: one looks worked out from the other.", "straight line"),
        ((0.9, None, None, 12, 2.0), "Too little to tell anything from", "hardly more than one"),
    ],
)  # fmt: skip
def test_what_pairs_can_tell_is_said_and_what_they_cannot(
    row: tuple[float | None, float | None, float | None, int, float], verdict: str, last: str
) -> None:
    found = views.pair(figures_of("exampleshire"), view_of("CU11", "CU12"), 0)
    r, low, high, n, worth = row
    sentences = paired.said(replace(found, lags=lags(r, low, high, n, worth)))
    assert sentences[0].startswith(verdict)
    assert last in sentences[-1]
    said = " ".join(sentences)
    assert ("12 independent ones" in said) == (low is not None and worth < n)


def test_the_text_alternative_has_n_r_and_the_interval() -> None:
    found = views.pair(figures_of("exampleshire"), view_of("CU11", "CU12"), 1)
    now = found.now
    told = paired.told(found)
    assert "B one quarter after A" in told
    assert f"from {now['n']} pairs" in told
    for name in ("r", "low", "high"):
        assert f"{abs(float(now[name] or 0)):.2f}" in told, name
    every = paired.lags_told(found)
    assert all(words in every for words in found.lags["words"])


@pytest.mark.parametrize(
    ("lag", "words"),
    [(0, "B in the same month as A"), (1, "B one month after A"), (-2, "B two months before A")],
)
def test_a_shift_is_called_by_what_it_does(lag: int, words: str) -> None:
    assert paired.later(lag, "month") == words


# Pictures


def test_a_picture_tells_first_last_lowest_and_highest() -> None:
    view = view_of("CU03", first="2024/25 Q1")
    own = view.points.sort("y")
    low, high = own.row(0, named=True), own.row(-1, named=True)
    told = lines.told(view.points, "Complaints")
    first, last = (view.points.row(place, named=True) for place in (0, -1))
    assert told.startswith(
        f"Complaints: {view.points.height} figures, from {first['text']} in {first['words']} "
        f"to {last['text']} in {last['words']}."
    )
    assert f"Lowest {low['text']} in" in told
    assert f"highest {high['text']} in" in told


def test_small_charts_share_their_stretch_and_lines_keep_their_look() -> None:
    view = view_of("CU03", "CO02@England", first="2022/23 Q1")
    one, other = (view.points.filter(letter=letter) for letter in "AB")
    charts = [
        lines.chart(own.with_columns(place=0), view.stretch, lines.SMALL, THEMED, unit="percent")
        for own in (one, other)
    ]
    domains = []
    for chart in charts:
        named = {layer["name"]: layer for layer in chart.to_dict(validate=False)["layer"]}
        line = next(layer for name, layer in named.items() if name.startswith("line"))
        domains.append(line["encoding"]["x"]["scale"]["domain"])
    steps = [end - start for start, end in domains]
    assert steps[0] == pytest.approx(steps[1], rel=0.1)
    both = lines.chart(view.points, view.stretch, lines.SMALL, THEMED)
    named = {layer["name"]: layer for layer in both.to_dict(validate=False)["layer"]}
    assert named["line A"]["mark"]["strokeDash"] != named["line B"]["mark"]["strokeDash"]
    assert named["line A"]["mark"]["stroke"] != named["line B"]["mark"]["stroke"]
    years = [row["x"] for row in named["line B"]["data"]["values"]]
    assert [after - before for before, after in pairwise(years)] == [4, 4]


# Comparisons to begin with


@pytest.mark.parametrize(("organisation", "report"), CASES)
def test_comparisons_to_begin_with_come_from_the_catalogue(organisation: str, report: str) -> None:
    rows = known(organisation, report)
    offered = views.ready(rows)
    assert 2 <= len(offered) <= 4
    for one in offered:
        assert len(one.keys) >= 2
        assert set(one.keys) <= set(rows["key"])


def test_a_catalogue_of_nothing_offers_nothing() -> None:
    assert views.ready(known("kent").clear()) == []


@given(st.data())
def test_any_part_of_a_catalogue_offers_only_what_it_has(data: st.DataObject) -> None:
    rows = known("exampleshire")
    places = data.draw(st.sets(st.integers(0, rows.height - 1), max_size=30))
    part = rows[sorted(places)]
    for one in views.ready(part):
        assert set(one.keys) <= set(part["key"])
        assert len(one.keys) >= 2
