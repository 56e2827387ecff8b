"""Charts as data: what is drawn where; and the pictures as markup that a page can trust."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree as ET

import altair as alt
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_core import plots, scales
from kpi_core.charts import (
    CARD,
    DARK,
    LIGHT,
    SPARK,
    THEMED,
    WIDE,
    Size,
    activity_chart,
    css_variables,
    kpi_chart,
    spark,
)  # fmt: skip
from kpi_core.palette import VARIABLES
from kpi_core.periods import Period
from kpi_core.svg import draw
from kpi_core.wording import PLAIN
from kpi_core.words import Kind, Rating

SVG = "{http://www.w3.org/2000/svg}"
BANDS = ("target_from", "target_to", "floor_from", "floor_to", "lower", "upper")
Figures = Sequence[float | None]


def rated(value: float | None, target: float | None, floor: float | None) -> str:
    """As `rating` has it, for higher is better."""
    if value is None:
        return "NO DATA"
    if target is None:
        return "NOT RATED"
    if value >= target:
        return "GREEN"
    if floor is None:
        return "UNDECIDED"
    return "AMBER" if value >= floor else "RED"


def frame(
    values: Figures, last: str = "2024/25 Q2", **columns: float | str | Sequence[Any] | None
) -> pl.DataFrame:
    """Points that end with `last`; the other columns as given, one for all or one for each."""
    end, count = Period.parse(last), len(values)
    given = {
        name: [column] * count if isinstance(column, str | float | int | None) else list(column)
        for name, column in columns.items()
    }
    bands = {name: given.pop(name, [None] * count) for name in BANDS}
    periods = [end.shift(place - count + 1) for place in range(count)]
    ratings = map(rated, values, bands["target_from"], bands["floor_from"])
    data: dict[str, Any] = {
        "period": [str(period) for period in periods],
        "label": [period.short for period in periods],
        "words": [period.words for period in periods],
        "place": range(count),
        "value": values,
        "text": [None if value is None else f"{value:g}%" for value in values],
        "rating": list(ratings),
        "rating_basis": ["computed"] * count,
        "target_text": [None if one is None else f"{one:g}%" for one in bands["target_from"]],
        "floor_text": [None if one is None else f"{one:g}%" for one in bands["floor_from"]],
        "alert": [None] * count,
        **bands,
        **given,
    }
    texts = ("period", "label", "words", "text", "rating", "rating_basis", "target_text")
    types = dict.fromkeys([*texts, "floor_text", "alert"], pl.String)
    figures = dict.fromkeys(["value", *BANDS], pl.Float64)
    return pl.DataFrame(data, schema_overrides={**types, **figures, "place": pl.Int32})


def layers(chart: alt.LayerChart) -> dict[str, list[dict[str, Any]]]:
    """The rows of each layer by its name; altair checks the whole against its schema."""
    return rows_by_layer(chart.to_dict())


def rows_by_layer(spec: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    return {layer["name"]: layer["data"]["values"] for layer in spec["layer"]}


def picture(chart: alt.LayerChart, alt_text: str = "A chart") -> ET.Element:
    return parsed(draw(chart, alt_text))


def parsed(drawn: str) -> ET.Element:
    return ET.fromstring(drawn)  # noqa: S314 - our own


def titles(root: ET.Element) -> list[str]:
    return [title.text or "" for title in root.iter(f"{SVG}title")]


def written(root: ET.Element) -> list[str]:
    return [text.text or "" for text in root.iter(f"{SVG}text")]


COMPLAINTS = frame(
    [61, 58, None, 55, 52, 57, 63, 60, 56, 66, 66, 71], target_from=85.0, floor_from=80.0
)
CALLS = frame(
    [121, 118, 126, 130], lower=100.0, upper=[125.0, 125.0, 125.0, 131.0],
    alert=["Yes", "Yes", "Above", "Yes"],
)  # fmt: skip


def test_a_kpi_has_zones_lines_series_points_and_words() -> None:
    drawn = layers(kpi_chart(COMPLAINTS, CARD, LIGHT))
    assert list(drawn) == [
        "grid", "zones", "target", "floor", "series", "points", "tips", "texts",
    ]  # fmt: skip
    low, high = drawn["zones"][1]["y"], drawn["zones"][1]["y2"]
    assert [(zone["y"], zone["y2"], zone["ink"]) for zone in drawn["zones"]][:2] == [
        (85, pytest.approx(plots_axis(COMPLAINTS).high), LIGHT.zone_green),
        (80, 85, LIGHT.zone_amber),
    ]
    assert (low, high) == (80, 85)
    assert drawn["zones"][2]["y2"] == 80
    assert {corner["y"] for corner in drawn["target"]} == {85, None}
    assert [row["text"] for row in drawn["texts"]][-3:] == ["71%", "Target 85%", "Floor 80%"]


def plots_axis(points: pl.DataFrame) -> scales.ValueAxis:
    rows = plots.rows_of(points)
    return plots.plot_of(rows, Kind.KPI, CARD, LIGHT, unit="percent", wording=PLAIN).axis


def test_a_gap_stays_a_gap() -> None:
    drawn = layers(kpi_chart(COMPLAINTS, CARD, LIGHT))
    assert drawn["series"][2] == {"x": 2, "y": None}
    assert [row["x"] for row in drawn["points"]] == [0, 1, *range(3, 12)]
    line = re.findall(
        r'd="(M[^"]*)" stroke="#12436d"', draw(kpi_chart(COMPLAINTS, CARD, LIGHT), "")
    )
    assert line[0].count("M") == 2


def test_a_new_definition_is_drawn_and_parts_the_line() -> None:
    points = frame([80, 82, None, 60, 61], in_series=[False, False, None, True, True])
    drawn = layers(kpi_chart(points, WIDE, LIGHT))
    assert [row["x"] for row in drawn["breaks"]] == [2.5]
    assert [(row["x"], row["y"]) for row in drawn["series"]] == [
        (0, 80), (1, 82), (2, None), (2.5, None), (3, 60), (4, 61),
    ]  # fmt: skip
    assert "new definition" in [row["text"] for row in drawn["texts"]]
    alike = layers(kpi_chart(frame([80, 82], in_series=True), WIDE, LIGHT))
    assert "breaks" not in alike


def test_points_carry_the_shape_and_colour_of_their_rating() -> None:
    points = frame([90, 82, 70, 90], target_from=[85.0, 85.0, 85.0, None], floor_from=80.0)
    drawn = layers(kpi_chart(points, CARD, LIGHT))["points"]
    assert [(row["shape"], row["ink"], row["rim"]) for row in drawn] == [
        ("circle", LIGHT.green, LIGHT.background),
        ("triangle-up", LIGHT.amber, LIGHT.background),
        ("square", LIGHT.red, LIGHT.background),
        ("circle", LIGHT.background, LIGHT.muted),
    ]
    assert drawn[3]["area"] > drawn[0]["area"]


def test_zones_of_lower_and_range_and_of_a_target_without_floor() -> None:
    lower = layers(kpi_chart(frame([22.0, 30.0], target_to=25.0, floor_to=30.0), CARD, LIGHT))
    assert [(zone["ink"], zone["y"]) for zone in lower["zones"]][1:] == [
        (LIGHT.zone_amber, 25), (LIGHT.zone_red, 30),
    ]  # fmt: skip
    band = frame([18.0, 26.0], target_from=17.5, target_to=22.5, floor_from=15.0, floor_to=25.0)
    both = layers(kpi_chart(band, CARD, LIGHT))
    assert [zone["ink"] for zone in both["zones"]] == [
        LIGHT.zone_green, LIGHT.zone_amber, LIGHT.zone_red, LIGHT.zone_amber, LIGHT.zone_red,
    ]  # fmt: skip
    assert {row["text"] for row in both["texts"]} >= {
        "Target 17.5%", "Target 22.5%", "Floor 15%", "Floor 25%",
    }  # fmt: skip
    no_floor = layers(kpi_chart(frame([60, 71], target_from=65.0), CARD, LIGHT))
    assert [zone["ink"] for zone in no_floor["zones"]] == [LIGHT.zone_green]
    assert "floor" not in no_floor
    assert "Floor" not in {row["text"].split()[0] for row in no_floor["texts"]}


def test_met_or_missed_has_no_line_of_amber_and_no_zone_of_it() -> None:
    points = frame([80, 90], amber="none", target_from=[85.0] * 2, floor_from=[85.0] * 2)
    drawn = layers(kpi_chart(points, CARD, LIGHT))
    assert "floor" not in drawn
    assert {row["ink"] for row in drawn["zones"]} == {
        LIGHT.zone(Rating.GREEN), LIGHT.zone(Rating.RED),
    }  # fmt: skip
    assert not [row["text"] for row in drawn["texts"] if "Floor" in row["text"]]


def test_the_limit_of_a_year_before_steps_and_stops_where_it_is_the_target() -> None:
    limits = [None, 70.0, 85.0, 80.0]
    points = frame([80, 90, 84, 82], amber="year_ago", target_from=[85.0] * 4, floor_from=limits)
    drawn = layers(kpi_chart(points, CARD, LIGHT))
    amber = [
        (row["x"], row["y"]) for row in drawn["zones"] if row["ink"] == LIGHT.zone(Rating.AMBER)
    ]
    assert amber == [(0.5, 70), (2.5, 80)]
    assert [row["y"] for row in drawn["floor"][:-1]] == [None, None, 70, 70, None, None, 80, 80]
    assert "Limit 80%" in [row["text"] for row in drawn["texts"]]
    now = layers(kpi_chart(points.head(3), CARD, LIGHT))
    assert not [row["text"] for row in now["texts"] if "floor" in row["text"].lower()]


def test_a_single_target_has_one_line_and_one_label() -> None:
    point = frame([98, 101], target_from=[100.0] * 2, target_to=[100.0] * 2)
    drawn = layers(kpi_chart(point, CARD, LIGHT))
    assert [row["text"] for row in drawn["texts"] if "Target" in row["text"]] == ["Target 100%"]
    close = frame([98, 101], target_from=[99.0] * 2, target_to=[101.0] * 2)
    drawn = layers(kpi_chart(close, CARD, LIGHT))
    assert [row["text"] for row in drawn["texts"] if "Target" in row["text"]] == [
        "Target 99%", "Target 101%",
    ]  # fmt: skip


def test_a_target_steps_between_places_and_stops_where_none_is_known() -> None:
    targets = [None, 80.0, 80.0, 85.0, 85.0, None]
    drawn = layers(kpi_chart(frame([80, 81, 82, 83, 84, 85], target_from=targets), CARD, LIGHT))
    known = [(row["x"], row["y"]) for row in drawn["target"] if row["y"] is not None]
    assert known == [(0.5, 80), (2.5, 80), (2.5, 85), (4.5, 85)]
    assert [(zone["x"], zone["x2"]) for zone in drawn["zones"]] == [(0.5, 2.5), (2.5, 4.5)]
    assert "Last target 85%" in {row["text"] for row in drawn["texts"]}


def test_an_older_last_figure_says_its_period() -> None:
    texts = [row["text"] for row in layers(kpi_chart(frame([70, 71, None]), CARD, LIGHT))["texts"]]
    assert "71%, Q1 24/25" in texts


def test_an_activity_indicator_has_a_band_and_hollow_points_outside_it() -> None:
    drawn = layers(activity_chart(CALLS, CARD, LIGHT, unit="number"))
    assert "zones" not in drawn
    assert [drawn["band"][0][name] for name in ("x2", "y", "y2")] == [2.5, 100, 125]
    assert [row["ink"] == LIGHT.background for row in drawn["points"]] == [
        False,
        False,
        True,
        False,
    ]
    assert "expected" in {row["text"] for row in drawn["texts"]}
    assert drawn["tips"][2]["tip"] == "Q1 2024/25: 126%, Above expected range"
    one_sided = activity_chart(CALLS.drop("lower"), CARD, LIGHT, unit="number")
    band = layers(one_sided)["band"][0]
    assert band["y"] == pytest.approx(
        one_sided.to_dict()["layer"][0]["encoding"]["y"]["scale"]["domain"][0]
    )


def test_a_spark_is_a_line_and_its_last_point() -> None:
    chart = spark(COMPLAINTS, LIGHT)
    drawn = layers(chart)
    assert list(drawn) == ["series", "points", "tips"]
    assert [row["x"] for row in drawn["points"]] == [11]
    root = picture(chart)
    assert (root.attrib["width"], root.attrib["height"]) == (str(SPARK.width), str(SPARK.height))
    assert written(root) == []


def test_nothing_to_draw_says_so() -> None:
    for points in (frame([]), frame([None, None], target_from=85.0)):
        for chart in (kpi_chart(points, CARD, THEMED), activity_chart(points, WIDE, THEMED)):
            assert written(picture(chart)) == ["No figures charted"]
        assert written(picture(spark(points, THEMED))) == ["–"]


@pytest.mark.parametrize("size", [CARD, WIDE])
@pytest.mark.parametrize("count", [1, 2, 3, 4, 12, 24, 60])
def test_any_number_of_points(count: int, size: Size) -> None:
    values: Figures = [60 + place * 7 % 30 for place in range(count)]
    points = frame(values, "2025-03", target_from=80.0, floor_from=70.0)
    for chart in (kpi_chart(points, size, THEMED), spark(points, THEMED)):
        assert len(titles(picture(chart))) == count
    root = picture(kpi_chart(points, size, THEMED))
    assert root.attrib["viewBox"] == f"0 0 {size.width} {size.height}"
    ticks = [text for text in written(root) if re.fullmatch(r"[A-Z][a-z]{2} \d\d", text)]
    assert ticks[-1] == "Mar 25"
    if count <= 4:
        assert len(ticks) == count


def test_where_there_is_no_room_only_telling_points_are_drawn() -> None:
    values: Figures = [90] * 20 + [None, 90, None] + [75] * 36 + [90]
    points = frame(values, "2025-03", target_from=85.0, floor_from=70.0)
    drawn = layers(kpi_chart(points, CARD, LIGHT))["points"]
    assert [row["x"] for row in drawn] == [21, 23, 59]
    assert len(layers(kpi_chart(points, WIDE, LIGHT))["points"]) == 58


def test_figures_that_are_not_numbers_are_gaps() -> None:
    drawn = layers(kpi_chart(frame([70, float("nan"), float("inf"), 71]), CARD, LIGHT))
    assert [row["y"] for row in drawn["series"]] == [70, None, None, 71]


# Labels and axes


def boxes(chart: alt.LayerChart, size: Size) -> list[tuple[float, float, float, float, str]]:
    """Where each text of a chart stands, in pixels: left, top, right, bottom, text."""
    spec = chart.to_dict(validate=False)
    encoding = spec["layer"][0]["encoding"]
    (start, end), (low, high) = (encoding[axis]["scale"]["domain"] for axis in "xy")
    result = []
    for row in rows_by_layer(spec)["texts"]:
        width = scales.text_width(row["text"], row["size"], bold=row["weight"] == "bold")
        x = (row["x"] - start) / (end - start) * spec["width"] + spec["padding"]["left"]
        y = (high - row["y"]) / (high - low) * spec["height"] + spec["padding"]["top"]
        left = x - {"left": 0, "center": width / 2, "right": width}[row["align"]]
        half = row["size"] / 2
        result.append((left, y - half, left + width, y + half, row["text"]))
    assert all(left >= -0.5 and right <= size.width + 0.5 for left, _, right, _, _ in result)
    assert all(top >= -0.5 and bottom <= size.height + 0.5 for _, top, _, bottom, _ in result)
    return result


FIGURE = st.one_of(
    st.integers(-100, 100).map(float), st.floats(-1e7, 1e7).filter(lambda value: abs(value) > 1e-6)
)


@settings(deadline=None, max_examples=60)
@given(
    value=FIGURE,
    target=FIGURE,
    floor=FIGURE,
    count=st.integers(1, 60),
    size=st.sampled_from([CARD, WIDE]),
    last=st.sampled_from(["2024/25 Q2", "2025-03", "2024/25"]),
)
def test_no_two_texts_overlap(
    *, value: float, target: float, floor: float, count: int, size: Size, last: str
) -> None:
    points = frame([value] * count, last, target_from=target, floor_from=floor)
    placed = boxes(kpi_chart(points, size, LIGHT, unit="number"), size)
    for at, one in enumerate(placed):
        for other in placed[at + 1 :]:
            apart = (
                one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
            )
            assert apart, (one, other)


@given(
    wanted=st.lists(st.floats(-50, 200), max_size=8),
    height=st.floats(5, 20),
)
def test_labels_move_no_further_than_they_must(wanted: list[float], height: float) -> None:
    placed = scales.spread(wanted, [height] * len(wanted), 0, 160)
    pairs = sorted(zip(wanted, placed, strict=True))
    assert all(after - before >= height - 1e-9 for (_, before), (_, after) in pairwise(pairs))
    if len(wanted) == 1:
        assert placed[0] == min(max(wanted[0], height / 2), 160 - height / 2)


@given(
    values=st.lists(FIGURE, min_size=1, max_size=20), unit=st.sampled_from(["percent", "number"])
)
def test_the_axis_holds_every_value_with_a_few_round_lines(values: list[float], unit: str) -> None:
    axis = scales.value_axis(values, unit)
    assert axis.low <= min(values)
    assert axis.high >= max(values)
    assert axis.low < axis.high
    assert 3 <= len(axis.ticks) <= 4
    assert all(axis.low - 1e-6 <= tick <= axis.high + 1e-6 for tick in axis.ticks)
    labels = scales.tick_labels(axis.ticks, unit, PLAIN)
    assert len(set(labels)) == len(labels)
    if min(values) >= 0:
        assert axis.low >= 0
        if unit == "percent" and max(values) <= 100:
            assert axis.high <= 100


@given(
    values=st.lists(FIGURE, min_size=1, max_size=20),
    unit=st.sampled_from(["percent", "number"]),
    apart=st.none() | st.floats(0, 1e6),
)
def test_no_axis_spans_less_than_the_rule_says(
    values: list[float], unit: str, apart: float | None
) -> None:
    axis = scales.value_axis(values, unit, apart)
    least = 0.1 * max(map(abs, values))
    if apart is not None:
        least = min(least, 2 * apart)
    assert axis.high - axis.low >= least * (1 - 1e-9)


def test_a_change_of_less_than_a_hundredth_is_no_cliff_on_a_card_or_in_a_row() -> None:
    rows = plots.rows_of(
        pl.DataFrame({"period": ["2024", "2025"], "label": ["24", "25"], "place": [0, 1], "value": [1521.0, 1512.0]})
    )  # fmt: skip
    card = plots.plot_of(rows, Kind.ACTIVITY, CARD, LIGHT, unit="number", wording=PLAIN)
    for plot in (card, plots.bare_plot_of(rows, SPARK, LIGHT)):
        assert (1521 - 1512) / (plot.axis.high - plot.axis.low) < 0.1


@pytest.mark.parametrize(
    ("ticks", "unit", "labels"),
    [
        ([0, 50, 100], "percent", ["0%", "50%", "100%"]),
        ([82.5, 85], "percent", ["82.5%", "85.0%"]),
        ([5000, 10000], "number", ["5k", "10k"]),
        ([2000, 4000], "number", ["2,000", "4,000"]),
        ([1_000_000, 1_250_000], "currency", ["£1.00m", "£1.25m"]),
        ([-20, 0, 20], "number", ["−20", "0", "20"]),
        ([340, 370], "seconds", ["340s", "370s"]),
        ([10, 20], "days", ["10", "20"]),
    ],
)
def test_ticks_are_written_alike(ticks: list[float], unit: str, labels: list[str]) -> None:
    assert scales.tick_labels(ticks, unit, PLAIN) == labels


# The picture


def test_every_figure_has_a_tooltip() -> None:
    points = COMPLAINTS.with_columns(
        rating_basis=pl.when(pl.col("place") == 11)
        .then(pl.lit("published"))
        .otherwise("rating_basis")
    )
    said = titles(picture(kpi_chart(points, CARD, THEMED)))
    assert len(said) == 11
    assert said[0] == "Q3 2021/22: 61%, Red"
    assert said[-1] == "Q2 2024/25: 71%, Red as published"


def test_a_rating_published_without_a_figure_is_told() -> None:
    points = frame([70, None], rating=["AMBER", "RED"], rating_basis="published")
    said = titles(picture(kpi_chart(points, CARD, THEMED)))
    assert said[-1] == "Q2 2024/25: no figure printed, Red as published"


HOSTILE = """<script>alert("1")</script> & 'both' ]]> &amp; \x00\x1f\uffff url(#x) #fe009d"""


def test_texts_are_text_whatever_they_hold() -> None:
    points = frame(
        [70, 71],
        target_from=85.0,
        floor_from=80.0,
        text=HOSTILE,
        words=HOSTILE,
        label=HOSTILE,
        target_text=HOSTILE,
    )
    drawn = draw(kpi_chart(points, WIDE, THEMED), HOSTILE + "\ud800")
    root, meant = parsed(drawn), re.sub("[\x00\x1f\uffff]", "", HOSTILE)
    assert root.attrib["aria-label"] == meant
    assert f"Target {meant}" in written(root)
    assert titles(root) == [f"{meant}: {meant}, Red"] * 2
    assert "<script" not in drawn
    assert not list(root.iter(f"{SVG}script"))


def test_a_picture_is_one_image_without_background() -> None:
    root = picture(kpi_chart(COMPLAINTS, CARD, LIGHT), "Complaints: 71%, Red")
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == "Complaints: 71%, Red"
    assert "width:100%" in root.attrib["style"]
    assert [child.attrib for child in root] == [{"aria-hidden": "true"}]
    inner = [part for child in root for part in child.iter()][1:]
    assert not [part for part in inner if {"role", "aria-label", "class"} & set(part.attrib)]
    assert not [part for part in inner if part.get("fill") in ("#fff", "#ffffff", "white")]


def test_colours_of_a_themed_picture_are_variables() -> None:
    drawn = draw(kpi_chart(COMPLAINTS, CARD, THEMED), "") + draw(
        activity_chart(CALLS, CARD, THEMED), ""
    )
    assert not re.search(r'="#|rgba', drawn)
    used = set(re.findall(r"var\((--kpi-[a-z-]+)\)", drawn))
    for palette in (LIGHT, DARK):
        declared = set(re.findall(r"(--kpi-[a-z-]+): [^;]+;", css_variables(palette)))
        assert used <= declared
    assert len(VARIABLES) == len(asdict(LIGHT)) == len(set(asdict(THEMED).values()))


def test_no_id_is_shared_between_two_pictures() -> None:
    def clipped(value: int) -> alt.LayerChart:
        dot = alt.Chart(pl.DataFrame({"x": [1], "y": [value]}))
        return alt.LayerChart(layer=[dot.mark_point(clip=True).encode(x="x:Q", y="y:Q")])

    pictures = [draw(clipped(value), "Clipped") for value in (1, 2)]
    pictures += [draw(kpi_chart(COMPLAINTS, CARD, THEMED), name) for name in "ab"]
    ids = [re.findall(r'\bid="([^"]+)"', one) for one in pictures]
    assert len(ids[0]) == 1
    assert f"url(#{ids[0][0]})" in pictures[0]
    flat = [one for found in ids for one in found]
    assert len(flat) == len(set(flat)) == 2


def test_a_card_is_small() -> None:
    assert len(draw(kpi_chart(COMPLAINTS, CARD, THEMED), "Complaints").encode()) < 6_000
