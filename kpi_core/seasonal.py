"""The seasons of a year as a picture: how far each stands above or below the year's run."""

from __future__ import annotations

from collections.abc import Iterator

import altair as alt
import polars as pl

from kpi_core import charts, marks, plots, scales, svg
from kpi_core.palette import THEMED, Palette
from kpi_core.plots import Label, Plot, Row, Size
from kpi_core.wording import PLAIN, Wording

_BAR = 0.32  #: half of a bar, in places


def chart(
    parts: pl.DataFrame, size: Size, palette: Palette, *, unit: str, wording: Wording = PLAIN
) -> alt.LayerChart:
    """A bar for each season. Takes label, words, text String, value Float64, place Int32."""
    rows: list[Row] = [row | {"period": row["label"]} for row in parts.to_dicts()]
    axis = scales.value_axis([0.0, *parts["value"].to_list()], "number")
    bare = Plot(rows, None, size, palette, axis, [], [Label("", 0.0)], (0, 0, 0, 0), wording)
    of_axis = "number" if unit == "percent" else unit
    plot = plots.roomy(bare, scales.tick_labels(axis.ticks, of_axis, wording))
    return charts.framed(size, plot.padding, _layers(plot))


def _layers(plot: Plot) -> Iterator[alt.Chart | None]:
    x, x2, y, y2 = charts.axes(plot)
    thin = {"type": "rule", "strokeWidth": 1, "stroke": plot.palette.rule}
    yield charts.layer("grid", marks.grid(plot), thin, x=x, x2=x2, y=y)
    bars = [
        {
            "x": row["place"] - _BAR, "x2": row["place"] + _BAR, "y": 0.0, "y2": row["value"],
            "tip": f"{row['words']}: {row['text']}",
        }
        for row in plot.rows
    ]  # fmt: skip
    tip = {"field": "tip", "type": "nominal"}
    bar = {"type": "rect", "fill": plot.palette.series, "aria": True}
    yield charts.layer("bars", bars, bar, x=x, x2=x2, y=y, y2=y2, description=tip, tooltip=tip)
    run = [{"x": plot.start, "x2": plot.end, "y": 0.0}]
    yield charts.layer("run", run, thin | {"stroke": plot.palette.muted}, x=x, x2=x2, y=y)
    yield charts.texts(plot)


def picture(
    parts: pl.DataFrame, name: str, size: Size, *, unit: str, wording: Wording = PLAIN
) -> str:
    """The chart as inline SVG, with its text alternative."""
    each = "; ".join(f"{words} {text}" for words, text in parts.select("words", "text").iter_rows())
    said = f"{name}: the seasons of a year against its run. {each}."
    return svg.draw(chart(parts, size, THEMED, unit=unit, wording=wording), said)
