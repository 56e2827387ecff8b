"""The charts: a KPI with target and floor, an activity indicator in its expected range, a spark.

A frame has one row for each place of the axis, in time order, missing periods included:

    period String (`2024/25 Q2`), label String (`Q2 24/25`), words String (`Q2 2024/25`),
    place Int32 (0 to n-1), value Float64 (null: a gap), text String (`71%`),
    rating, rating_basis String null,
    target_from, target_to, floor_from, floor_to Float64 null (bands as in `rating`),
    amber String null (the rule of Amber; a floor if left out), target_text, floor_text String null
    (`85%`),
    lower, upper Float64 null (the expected range), alert String null,
    amber String null (the rule that the floor bands come from; null is the floor standard),
    fit, fit_low, fit_high Float64 null (the line of a trend, and its interval),
    in_series Boolean null (false before a new definition, which is drawn as a break)

Columns that a chart has no use for may be left out. Figures are drawn as they are given: give the
value as displayed, and a point never stands on the wrong side of a line that it meets.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import altair as alt
import polars as pl

from kpi_core import marks, plots
from kpi_core.palette import DARK, LIGHT, THEMED, Palette, css_variables
from kpi_core.plots import Plot, Row, Size
from kpi_core.wording import PLAIN, Wording
from kpi_core.words import Kind

__all__ = [
    "CARD", "DARK", "LIGHT", "SPARK", "THEMED", "WIDE", "Palette", "Size", "activity_chart",
    "axes", "css_variables", "framed", "kpi_chart", "layer", "own", "spark", "strips", "texts", "written",
]  # fmt: skip

Channel = dict[str, Any]

FONT = '"Source Sans", sans-serif'
NOTHING = "No figures charted"
DASH = "\N{EN DASH}"

CARD = Size(360, 152)
WIDE = Size(900, 320, text=13.0, figure=17.0, line=2.5, point=64.0)
SPARK = Size(120, 28, line=1.5, point=12.0)


def kpi_chart(
    points: pl.DataFrame,
    size: Size,
    palette: Palette,
    *,
    unit: str = "percent",
    wording: Wording = PLAIN,
) -> alt.LayerChart:
    """Zones, target, floor, and the points with their ratings."""
    return _chart(points, Kind.KPI, size, palette, unit=unit, wording=wording)


def activity_chart(
    points: pl.DataFrame,
    size: Size,
    palette: Palette,
    *,
    unit: str = "percent",
    wording: Wording = PLAIN,
) -> alt.LayerChart:
    """The expected range as a band, points outside it hollow; a target is drawn but not rated."""
    return _chart(points, Kind.ACTIVITY, size, palette, unit=unit, wording=wording)


def spark(points: pl.DataFrame, palette: Palette) -> alt.LayerChart:
    """A line and its last point, 120 by 28 pixels, without axes or labels."""
    rows = plots.rows_of(points)
    if not _has_figures(rows):
        return notice(DASH, SPARK, palette)
    plot = plots.bare_plot_of(rows, SPARK, palette)
    return framed(SPARK, plot.padding, _figures(plot))


def _chart(
    points: pl.DataFrame, kind: Kind, size: Size, palette: Palette, *, unit: str, wording: Wording
) -> alt.LayerChart:
    rows = plots.rows_of(points)
    if not _has_figures(rows):
        return notice(NOTHING, size, palette)
    plot = plots.plot_of(rows, kind, size, palette, unit=unit, wording=wording)
    return framed(size, plot.padding, [*_context(plot), *_figures(plot), texts(plot)])


def _has_figures(rows: list[Row]) -> bool:
    return any(row["value"] is not None for row in rows)


def _context(plot: Plot) -> Iterator[alt.Chart | None]:
    """What the figures are held against: grid, zones or band, target and floor."""
    x, x2, y, y2 = axes(plot)
    rule = {"type": "rule", "stroke": plot.palette.rule, "strokeWidth": 1}
    yield layer("grid", marks.grid(plot), rule, x=x, x2=x2, y=y)
    is_kpi = plot.kind is Kind.KPI
    name, areas = ("zones", marks.zones(plot)) if is_kpi else ("band", marks.band(plot))
    yield layer(name, areas, {"type": "rect"}, x=x, x2=x2, y=y, y2=y2, fill=own("ink"))
    # Both corners of a step have the same x: sorted by it alone they could change places.
    order = {"field": "corner", "type": "quantitative"}
    line = {"type": "line", "strokeWidth": 0.65 * plot.size.line}
    target = line | {"stroke": plot.palette.text}
    floor = line | {"stroke": plot.palette.muted, "strokeDash": [4, 3]}
    yield layer("target", marks.line(plot, "target"), target, x=x, y=y, order=order)
    yield layer("floor", marks.line(plot, "floor"), floor, x=x, y=y, order=order)


def _figures(plot: Plot) -> Iterator[alt.Chart | None]:
    """The line, its points, and a strip for each place that bears its tooltip."""
    x, x2, y, _ = axes(plot)
    line = {
        "type": "line",
        "stroke": plot.palette.series,
        "strokeWidth": plot.size.line,
        "strokeCap": "round",
        "strokeJoin": "round",
    }
    fitted = list(marks.trend(plot))
    interval = {"type": "area", "fill": plot.palette.band}
    low, high = {**y, "field": "low"}, {"field": "high"}
    yield layer("interval", fitted, interval, x=x, y=low, y2=high)
    dashes = {"type": "line", "stroke": plot.palette.series, "strokeWidth": 1, "strokeDash": [2, 3]}
    yield layer("trend", fitted, dashes, x=x, y=y)
    upright = {"type": "rule", "stroke": plot.palette.text, "strokeWidth": 1, "strokeDash": [2, 3]}
    yield layer("breaks", marks.breaks(plot), upright, x=x, y=y, y2={"field": "y2"})
    yield layer("series", marks.series(plot), line, x=x, y=y)
    yield layer(
        "points",
        marks.points(plot),
        {"type": "point", "opacity": 1},
        x=x,
        y=y,
        shape=own("shape"),
        size=own("area", "quantitative"),
        fill=own("ink"),
        stroke=own("rim"),
        strokeWidth=own("weight", "quantitative"),
    )
    yield strips(marks.tips(plot), x, x2)


def texts(plot: Plot) -> alt.Chart | None:
    """All that is written in and around the plot."""
    x, _, y, _ = axes(plot)
    return written(marks.texts(plot), x, y)


def written(rows: Iterable[Row], x: Channel, y: Channel) -> alt.Chart | None:
    """Texts: rows of x, y, text, align, size, weight and ink."""
    # Vega-Lite has no channels for these; an expression reads them from the row all the same.
    taken = {"align": "align", "fontSize": "size", "fontWeight": "weight"}
    text: dict[str, Any] = {"type": "text", "font": FONT, "baseline": "middle"}
    text |= {name: {"expr": f"datum.{field}"} for name, field in taken.items()}
    words = {"field": "text", "type": "nominal"}
    return layer("texts", rows, text, x=x, y=y, text=words, fill=own("ink"))


def strips(rows: Iterable[Row], x: Channel, x2: Channel) -> alt.Chart | None:
    """Strips across the plot that show nothing but their tooltip: rows of x, x2 and tip."""
    tip = {"field": "tip", "type": "nominal"}
    strip = {"type": "rect", "fill": "transparent", "aria": True}
    return layer("tips", rows, strip, x=x, x2=x2, description=tip, tooltip=tip)


def axes(plot: Plot) -> tuple[Channel, Channel, Channel, Channel]:
    """The channels x, x2, y, y2, the same for every layer.

    Without axes of Vega's own: to lay out their labels takes it longer than all the rest.
    """
    x_scale = {"domain": [plot.start, plot.end], "nice": False, "zero": False}
    y_scale = {"domain": [plot.axis.low, plot.axis.high], "nice": False, "zero": False}
    x = {"field": "x", "type": "quantitative", "axis": None, "scale": x_scale}
    y = {"field": "y", "type": "quantitative", "axis": None, "scale": y_scale}
    return x, {"field": "x2"}, y, {"field": "y2"}


def own(field: str, kind: str = "nominal") -> Channel:
    """A channel that takes what stands in the row as it is."""
    return {"field": field, "type": kind, "scale": None, "legend": None}


def layer(
    name: str, rows: Iterable[Row], mark: dict[str, Any], **channels: Channel
) -> alt.Chart | None:
    """A layer in plain Vega-Lite, or none where there is nothing to draw.

    Altair's own words for the same (`mark_line().encode(…)`) take three times as long to make and
    write out: each object brings its hundred empty properties to every copy, and is checked as it
    is made. What is set afterwards is not; the tests check whole charts instead.
    """
    values = tuple(rows)
    if not values:
        return None
    encoding = alt.FacetedEncoding()
    for channel, definition in channels.items():
        encoding[channel] = definition
    chart = alt.Chart(name=name)
    # A tuple of rows, because altair copies a list row by row, several times.
    chart["data"] = {"values": values}
    chart["mark"] = {"aria": False, **mark}
    chart["encoding"] = encoding
    return chart


def framed(
    size: Size, padding: tuple[float, float, float, float], layers: Iterable[alt.Chart | None]
) -> alt.LayerChart:
    """The layers in a picture of just that size."""
    left, right, top, bottom = padding
    chart = alt.LayerChart(
        width=size.width - left - right,
        height=size.height - top - bottom,
        padding={"left": left, "right": right, "top": top, "bottom": bottom},
        autosize={"type": "none"},
        background="transparent",
        config={"view": {"stroke": None}},
    )
    chart.layer = [layer for layer in layers if layer is not None]
    return chart


def notice(text: str, size: Size, palette: Palette) -> alt.LayerChart:
    """A picture that says that there is nothing to draw."""
    mark = {"type": "text", "font": FONT, "fontSize": size.text, "fill": palette.muted}
    words = layer(
        "notice",
        [{"text": text}],
        mark,
        x={"value": size.width / 2},
        y={"value": size.height / 2},
        text={"field": "text", "type": "nominal"},
    )
    return framed(size, (0, 0, 0, 0), [words])
