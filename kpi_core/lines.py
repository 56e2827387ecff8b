"""Several series in one picture: on one axis, or as shares of a common start; never on two axes.

Each line has its colour, its dash and its mark, and a letter where it ends, so that none of them has to
be told by colour alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

import altair as alt
import polars as pl

from kpi_core import charts, display, marks, plots, scales, svg
from kpi_core.palette import THEMED, Palette
from kpi_core.plots import Label, Plot, Row, Size
from kpi_core.wording import PLAIN, Wording

#: What each line is drawn with, in the order of the palette's lines.
DASHES = ([1, 0], [7, 3], [2, 2.5], [10, 3, 2, 3], [5, 2], [1.5, 4])
SHAPES = ("circle", "square", "triangle-up", "diamond", "triangle-down", "cross")
_OPTICAL = {"circle": 1.0, "square": 0.95, "triangle-up": 1.5, "diamond": 1.4, "triangle-down": 1.5,
            "cross": 1.2}  # fmt: skip
#: So many lines can be told apart.
MOST = len(SHAPES)
#: What a share of the start is called.
INDEX = "index"


def chart(
    points: pl.DataFrame,
    size: Size,
    palette: Palette,
    *,
    unit: str = INDEX,
    wording: Wording = PLAIN,
) -> alt.LayerChart:
    """The lines of at most six series, each as long as it has figures.

    Takes, in the order of the series and of time: letter String (what a line is called), frequency,
    label, words String, end_month Int32, y Float64 null (a gap), text String (what y reads as). At
    least one figure is needed.
    """
    grid = _grid(points)
    rows: list[Row] = [row | {"value": None} for row in grid.to_dicts()]
    plot = _plot(points, rows, size, palette, unit=unit, wording=wording)
    return charts.framed(size, plot.padding, _layers(plot, points, grid))


def _grid(points: pl.DataFrame) -> pl.DataFrame:
    """The places of the axis: the periods of whatever comes most often, from first to last."""
    often = points.filter(pl.col("frequency") == finest(points["frequency"].to_list()))
    return (
        often.unique("end_month")
        .sort("end_month")
        .select("label", "words", "end_month", period="label", place=pl.int_range(pl.len()))
    )


def finest(frequencies: Sequence[str]) -> str:
    """The frequency that comes most often: months before quarters before years."""
    return next(one for one in ("month", "quarter", "year") if one in frequencies)


def _step(grid: pl.DataFrame) -> int:
    months = grid["end_month"].diff().drop_nulls()
    return int(months.min() or 1) if months.len() else 1  # type: ignore[arg-type]


def _placed(points: pl.DataFrame, grid: pl.DataFrame) -> pl.DataFrame:
    first, step = grid["end_month"][0], _step(grid)
    return points.with_columns(x=(pl.col("end_month") - first) / step)


def _plot(
    points: pl.DataFrame,
    rows: list[Row],
    size: Size,
    palette: Palette,
    *,
    unit: str,
    wording: Wording,
) -> Plot:
    held = points["y"].drop_nulls().to_list()
    if unit == INDEX:
        held = [*held, 100.0]
    of_axis = "number" if unit == INDEX else unit
    axis = scales.value_axis(held, of_axis)
    labels = [
        Label(f"{one['letter']}  {one['text']}", one["y"], bold=True) for one in _lasts(points)
    ]
    bare = Plot(rows, None, size, palette, axis, [], labels, (0, 0, 0, 0), wording)
    return plots.roomy(bare, scales.tick_labels(axis.ticks, of_axis, wording))


def _lasts(points: pl.DataFrame) -> list[Row]:
    """The last figure of each series."""
    return (
        points.filter(pl.col("y").is_not_null())
        .unique("letter", keep="last", maintain_order=True)
        .to_dicts()
    )


def _layers(plot: Plot, points: pl.DataFrame, grid: pl.DataFrame) -> Iterator[alt.Chart | None]:
    x, x2, y, _ = charts.axes(plot)
    thin = {"type": "rule", "stroke": plot.palette.rule, "strokeWidth": 1}
    yield charts.layer("grid", marks.grid(plot), thin, x=x, x2=x2, y=y)
    placed = _placed(points, grid)
    looks = zip(plot.palette.lines, DASHES, SHAPES, strict=True)
    parts = placed.partition_by("letter", maintain_order=True)
    for own, (ink, dash, shape) in zip(parts, looks, strict=False):
        letter = str(own["letter"][0])
        line = {
            "type": "line", "stroke": ink, "strokeWidth": plot.size.line, "strokeDash": dash,
            "strokeJoin": "round",
        }  # fmt: skip
        rows = own.select("x", "y").to_dicts()
        yield charts.layer(f"line {letter}", rows, line, x=x, y=y)
        spots = [row for row in rows if row["y"] is not None]
        if plot.spacing < marks.TIGHT:
            spots = spots[-1:]
        point = {
            "type": "point", "opacity": 1, "shape": shape, "fill": ink, "strokeWidth": 1,
            "stroke": plot.palette.background, "size": plot.size.point * _OPTICAL[shape],
        }  # fmt: skip
        yield charts.layer(f"points {letter}", spots, point, x=x, y=y)
    tip = {"field": "tip", "type": "nominal"}
    strip = {"type": "rect", "fill": "transparent", "aria": True}
    yield charts.layer("tips", _tips(plot, points), strip, x=x, x2=x2, description=tip, tooltip=tip)
    yield charts.texts(plot)


def sample(place: int, palette: Palette) -> alt.LayerChart:
    """A short piece of the line at a place of the order, with its mark: for a key."""
    size = Size(44, 14)
    ink, dash, shape = palette.lines[place], DASHES[place], SHAPES[place]
    flat = {"type": "quantitative", "axis": None, "scale": {"domain": [0, 1], "nice": False}}
    x, y = {"field": "x", **flat}, {"field": "y", **flat}
    line = {"type": "line", "stroke": ink, "strokeWidth": 2, "strokeDash": dash}
    point = {
        "type": "point",
        "opacity": 1,
        "shape": shape,
        "fill": ink,
        "size": 44,
        "strokeWidth": 0,
    }
    ends = [{"x": 0.0, "y": 0.5}, {"x": 1.0, "y": 0.5}]
    middle = [{"x": 0.5, "y": 0.5}]
    layers = [
        charts.layer("line", ends, line, x=x, y=y),
        charts.layer("mark", middle, point, x=x, y=y),
    ]
    return charts.framed(size, (0, 0, 0, 0), layers)


def _tips(plot: Plot, points: pl.DataFrame) -> Iterator[Row]:
    known = points.filter(pl.col("y").is_not_null())
    said: dict[int, list[str]] = {}
    for end, letter, text in known.select("end_month", "letter", "text").iter_rows():
        said.setdefault(end, []).append(f"{letter} {text}")
    for row in plot.rows:
        if row["end_month"] in said:
            x, x2 = plot.reach(row["place"], row["place"])
            yield {"x": x, "x2": x2, "tip": f"{row['words']}: {', '.join(said[row['end_month']])}"}


def picture(
    points: pl.DataFrame, names: Mapping[str, str], size: Size, unit: str, wording: Wording = PLAIN
) -> str:
    """The chart as inline SVG, with its text alternative."""
    made = chart(points, size, THEMED, unit=unit, wording=wording)
    return svg.draw(made, alternative(points, names))


def alternative(points: pl.DataFrame, names: Mapping[str, str]) -> str:
    """What the chart shows, line by line: how many figures, its ends, its extremes."""
    return " ".join(
        told(own, f"{letter}, {names[str(letter)]}")
        for (letter,), own in points.group_by("letter", maintain_order=True)
    )


def told(points: pl.DataFrame, name: str) -> str:
    """What a line shows: `Calls: 8 figures, from 71 in Q1 2023/24 to 90 in Q4 2024/25. Lowest …`."""
    rows = points.filter(pl.col("y").is_not_null()).to_dicts()
    if not rows:
        return f"{name}: no figures."
    first, last = (f"{row['text']} in {row['words']}" for row in (rows[0], rows[-1]))
    if len(rows) == 1:
        return f"{name}: one figure, {last}."
    low, high = (
        f"{row['text']} in {row['words']}"
        for row in (min(rows, key=lambda r: r["y"]), max(rows, key=lambda r: r["y"]))
    )
    return f"{name}: {len(rows)} figures, from {first} to {last}. Lowest {low}, highest {high}."


def index_text(share: float | None, wording: Wording = PLAIN) -> str:
    """A share of the start as it reads: `112`."""
    return display.number(Decimal(str(round(share, 6))), 0, wording) if share is not None else "–"
