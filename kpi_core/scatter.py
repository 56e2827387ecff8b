"""One indicator against another: each period a mark; and how closely they go together at each lag."""

from __future__ import annotations

from collections.abc import Iterator

import altair as alt
import polars as pl

from kpi_core import charts, marks, plots, scales, svg
from kpi_core.palette import THEMED, Palette
from kpi_core.plots import Label, Plot, Row, Size
from kpi_core.wording import PLAIN, Wording

#: The figures of the lags' axis: a correlation lies between.
_FULL = scales.ValueAxis(-1.0, 1.0, (-1.0, -0.5, 0.0, 0.5, 1.0))
_HOLLOW = 1.6


def chart(
    pairs: pl.DataFrame,
    units: tuple[str, str],
    names: tuple[str, str],
    size: Size,
    palette: Palette,
    *,
    wording: Wording = PLAIN,
) -> alt.LayerChart:
    """A mark for each pair, the latest filled; the first indicator across, the second upwards.

    Takes a, b Float64, tip String (what a mark says of itself), in order of time; at least one row.
    """
    across = scales.value_axis(pairs["a"].to_list(), units[0], apart=0.0)
    upward = scales.value_axis(pairs["b"].to_list(), units[1], apart=0.0)
    x_texts = scales.tick_labels(across.ticks, units[0], wording)
    y_texts = scales.tick_labels(upward.ticks, units[1], wording)
    left = max(scales.text_width(text, size.text) for text in y_texts) + size.gap
    line = 1.9 * size.figure
    padding = (left, 2 * size.text, line, 2 * size.text + line)
    frame = _Frame(across, upward, size, padding)
    called = (
        _fitting(f"A  {names[0]}", " →", size, left),
        _fitting(f"↑ B  {names[1]}", "", size, 0),
    )
    return charts.framed(size, padding, _marks(pairs, frame, palette, (x_texts, y_texts), called))


def _fitting(name: str, arrow: str, size: Size, less: float) -> str:
    """As much of a name as fits beside its axis, and the arrow."""
    room = size.width - less - 2 * size.text
    whole = name
    while scales.text_width(f"{name}…{arrow}", size.text, bold=True) > room:
        name = name[:-1]
    return f"{name}{arrow}" if name == whole else f"{name.rstrip()}…{arrow}"


class _Frame:
    """The plot's own terms: figures across and upwards, and the pixels around them."""

    def __init__(
        self,
        across: scales.ValueAxis,
        upward: scales.ValueAxis,
        size: Size,
        padding: tuple[float, float, float, float],
    ) -> None:
        left, right, top, bottom = padding
        self.across, self.upward, self.size = across, upward, size
        self.inset = -left  #: the picture's left edge
        self.width, self.height = size.width - left - right, size.height - top - bottom

    def x(self, pixels: float) -> float:
        """The figure so many pixels right of the left edge."""
        return self.across.low + pixels * (self.across.high - self.across.low) / self.width

    def y(self, pixels: float) -> float:
        """The figure so many pixels above the bottom."""
        return self.upward.low + pixels * (self.upward.high - self.upward.low) / self.height


def _marks(
    pairs: pl.DataFrame,
    frame: _Frame,
    palette: Palette,
    texts: tuple[list[str], list[str]],
    called: tuple[str, str],
) -> Iterator[alt.Chart | None]:
    x = _channel("x", frame.across)
    y = _channel("y", frame.upward)
    thin = {"type": "rule", "stroke": palette.rule, "strokeWidth": 1}
    flat = [{"x": frame.across.low, "x2": frame.across.high, "y": t} for t in frame.upward.ticks]
    steep = [{"y": frame.upward.low, "y2": frame.upward.high, "x": t} for t in frame.across.ticks]
    yield charts.layer("grid", flat, thin, x=x, x2={"field": "x2"}, y=y)
    yield charts.layer("grid across", steep, thin, x=x, y=y, y2={"field": "y2"})
    rows = [{"x": a, "y": b, "tip": tip} for a, b, tip in pairs.select("a", "b", "tip").iter_rows()]
    tip = {"field": "tip", "type": "nominal"}
    area = frame.size.point * _HOLLOW
    for name, own, fill in (
        ("pairs", rows[:-1], palette.background),
        ("latest", rows[-1:], palette.series),
    ):
        point = {
            "type": "point", "opacity": 1, "shape": "circle", "size": area, "fill": fill,
            "stroke": palette.series, "strokeWidth": 1.5, "aria": True,
        }  # fmt: skip
        yield charts.layer(name, own, point, x=x, y=y, description=tip, tooltip=tip)
    yield _words(frame, palette, (*texts, called), x, y)


def _channel(name: str, axis: scales.ValueAxis) -> charts.Channel:
    scale = {"domain": [axis.low, axis.high], "nice": False, "zero": False}
    return {"field": name, "type": "quantitative", "axis": None, "scale": scale}


def _words(
    frame: _Frame,
    palette: Palette,
    texts: tuple[list[str], list[str], tuple[str, str]],
    x: charts.Channel,
    y: charts.Channel,
) -> alt.Chart | None:
    size = frame.size
    below, beside = frame.y(-1.4 * size.text), frame.x(-size.gap)
    rows: list[Row] = [
        *({"x": t, "y": below, "text": text, "align": "center"}
          for t, text in zip(frame.across.ticks, texts[0], strict=True)),
        *({"x": beside, "y": t, "text": text, "align": "right"}
          for t, text in zip(frame.upward.ticks, texts[1], strict=True)),
    ]  # fmt: skip
    rows = [row | {"size": size.text, "weight": "normal", "ink": palette.muted} for row in rows]
    strong = {"size": size.text, "weight": "bold", "ink": palette.text}
    rows.append({"x": frame.across.high, "y": frame.y(-3.3 * size.text), "text": texts[2][0],
                 "align": "right", **strong})  # fmt: skip
    rows.append({"x": frame.x(frame.inset), "y": frame.y(frame.height + 1.4 * size.text),
                 "text": texts[2][1], "align": "left", **strong})  # fmt: skip
    return charts.written(rows, x, y)


def lags(
    found: pl.DataFrame, size: Size, palette: Palette, wording: Wording = PLAIN
) -> alt.LayerChart:
    """The correlation at each lag with its interval; one that leaves 0 out is filled.

    Takes lag Int64, label, words, tip String, r, low, high Float64 null (see compare.lagged).
    """
    rows: list[Row] = [
        row | {"place": place, "period": str(row["lag"]), "value": row["r"]}
        for place, row in enumerate(found.to_dicts())
    ]
    bare = Plot(rows, None, size, palette, _FULL, [], [Label("", 0.0)], (0, 0, 0, 0), wording)
    plot = plots.roomy(bare, ["−1", "", "0", "", "1"])
    return charts.framed(size, plot.padding, _lag_layers(plot))


def _lag_layers(plot: Plot) -> Iterator[alt.Chart | None]:
    x, x2, y, y2 = charts.axes(plot)
    palette = plot.palette
    thin = {"type": "rule", "strokeWidth": 1, "stroke": palette.rule}
    yield charts.layer("grid", marks.grid(plot), thin, x=x, x2=x2, y=y)
    nought = [{"x": plot.start, "x2": plot.end, "y": 0.0}]
    yield charts.layer("none", nought, thin | {"stroke": palette.muted}, x=x, x2=x2, y=y)
    known = [row for row in plot.rows if row["low"] is not None]
    spans = [{"x": row["place"], "y": row["low"], "y2": row["high"]} for row in known]
    bar = {"type": "rule", "strokeWidth": 2, "stroke": palette.series}
    yield charts.layer("intervals", spans, bar, x=x, y=y, y2=y2)
    spots = [
        {
            "x": row["place"],
            "y": row["r"],
            "ink": palette.series if _tells(row) else palette.background,
        }
        for row in plot.rows
        if row["r"] is not None
    ]
    point = {
        "type": "point", "opacity": 1, "size": plot.size.point * _HOLLOW, "stroke": palette.series,
        "strokeWidth": 1.5,
    }  # fmt: skip
    yield charts.layer("points", spots, point, x=x, y=y, fill=charts.own("ink"))
    yield charts.strips(marks.said_by(plot, plot.rows), x, x2)
    yield charts.texts(plot)


def _tells(row: Row) -> bool:
    """Whether the interval leaves 0 out."""
    return row["low"] is not None and (row["low"] > 0 or row["high"] < 0)


def picture(
    pairs: pl.DataFrame,
    units: tuple[str, str],
    names: tuple[str, str],
    said: str,
    size: Size,
    *,
    wording: Wording = PLAIN,
) -> str:
    """The pairs as inline SVG."""
    return svg.draw(chart(pairs, units, names, size, THEMED, wording=wording), said)


def picture_of_lags(found: pl.DataFrame, said: str, size: Size, wording: Wording = PLAIN) -> str:
    """The lags as inline SVG."""
    return svg.draw(lags(found, size, THEMED, wording), said)
