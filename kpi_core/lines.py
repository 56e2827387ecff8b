"""Several series in one picture: on one axis, or as shares of a common start; never on two axes.

Each line has its colour, its dash and its mark, and a letter where it ends, so that none of them has to
be told by colour alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

import altair as alt
import polars as pl

from kpi_core import charts, display, marks, plots, scales, svg
from kpi_core.palette import THEMED, Palette
from kpi_core.periods import Frequency, Period
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
#: What a share of the start begins with.
_START = 100.0
#: Of a series alone.
SMALL = Size(420, 170, text=12.0, figure=14.0)


def chart(
    points: pl.DataFrame,
    periods: Sequence[Period],
    size: Size,
    palette: Palette,
    *,
    unit: str = INDEX,
    wording: Wording = PLAIN,
) -> alt.LayerChart:
    """The lines of at most six series over some periods, each as long as it has figures.

    Takes, in the order of the series and of time: letter String (what a line is called), place Int32
    (its order, which settles its look), label, words String (of its period), end_month Int32, y
    Float64 null (a gap), text String (what y reads as). At least one figure is needed. A series may
    come less often than the periods; its figures stand where their periods end.
    """
    rows: list[Row] = [
        {
            "place": place, "period": str(one), "label": one.short, "words": one.words,
            "end_month": one.end_month, "value": None,
        }
        for place, one in enumerate(periods)
    ]  # fmt: skip
    plot = _plot(points, rows, size, palette, unit=unit, wording=wording)
    step = periods[0].frequency.months
    placed = points.with_columns(x=(pl.col("end_month") - periods[0].end_month) / step)
    return charts.framed(size, plot.padding, _layers(plot, placed, unit))


def finest(frequencies: Iterable[str]) -> Frequency:
    """The frequency that comes most often: months before quarters before years."""
    return min((Frequency(one) for one in frequencies), key=lambda one: one.months)


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
        held = [*held, _START]
    of_axis = "number" if unit == INDEX else unit
    axis = scales.value_axis(held, of_axis)
    lettered = points["letter"].n_unique() > 1
    labels = [
        Label(_end(one, lettered=lettered, last=rows[-1]), one["y"], bold=True)
        for one in _lasts(points)
    ]
    bare = Plot(rows, None, size, palette, axis, [], labels, (0, 0, 0, 0), wording)
    return plots.roomy(bare, scales.tick_labels(axis.ticks, of_axis, wording))


def _end(one: Row, *, lettered: bool, last: Row) -> str:
    """`A  90%` beside the end of a line, with its period where it ends before the others."""
    text = (
        one["text"] if one["end_month"] == last["end_month"] else f"{one['text']}, {one['label']}"
    )
    return f"{one['letter']}  {text}" if lettered else text


def _lasts(points: pl.DataFrame) -> list[Row]:
    """The last figure of each series."""
    return (
        points.filter(pl.col("y").is_not_null())
        .unique("letter", keep="last", maintain_order=True)
        .to_dicts()
    )


def _layers(plot: Plot, points: pl.DataFrame, unit: str) -> Iterator[alt.Chart | None]:
    x, x2, y, _ = charts.axes(plot)
    thin = {"type": "rule", "stroke": plot.palette.rule, "strokeWidth": 1}
    yield charts.layer("grid", marks.grid(plot), thin, x=x, x2=x2, y=y)
    if unit == INDEX:
        start = [{"x": plot.start, "x2": plot.end, "y": _START}]
        yield charts.layer("start", start, thin | {"stroke": plot.palette.muted}, x=x, x2=x2, y=y)
    for own in points.partition_by("place", maintain_order=True):
        place, letter = int(own["place"][0]), str(own["letter"][0])
        ink, dash, shape = plot.palette.lines[place], DASHES[place], SHAPES[place]
        line = {
            "type": "line", "stroke": ink, "strokeWidth": plot.size.line, "strokeDash": dash,
            "strokeJoin": "round",
        }  # fmt: skip
        rows = own.select("x", "y").to_dicts()
        yield charts.layer(f"line {letter}", rows, line, x=x, y=y)
        point = {
            "type": "point", "opacity": 1, "shape": shape, "fill": ink, "strokeWidth": 1,
            "stroke": plot.palette.background, "size": plot.size.point * _OPTICAL[shape],
        }  # fmt: skip
        yield charts.layer(f"points {letter}", _spots(plot, rows), point, x=x, y=y)
    yield charts.strips(_tips(plot, points), x, x2)
    yield charts.texts(plot)


def _spots(plot: Plot, rows: list[Row]) -> list[Row]:
    """The figures that get a mark: all where there is room, else the last and those that stand alone."""
    if plot.spacing >= marks.ROOMY:
        return [row for row in rows if row["y"] is not None]
    around = [None, *(row["y"] for row in rows), None]
    alone = [
        row
        for place, row in enumerate(rows)
        if row["y"] is not None and around[place] is None and around[place + 2] is None
    ]
    last = [row for row in rows if row["y"] is not None][-1:]
    return [*alone, *(row for row in last if row not in alone)]


def _tips(plot: Plot, points: pl.DataFrame) -> Iterator[Row]:
    """What each period says of itself: `Q2 2024/25: A 71%, B 64% (2024/25)`."""
    lettered = points["letter"].n_unique() > 1
    words = {row["end_month"]: row["words"] for row in plot.rows}
    said: dict[int, list[str]] = {}
    for end, letter, text, of in (
        points.filter(pl.col("y").is_not_null())
        .select("end_month", "letter", "text", "words")
        .iter_rows()
    ):
        beside = "" if of == words.get(end) else f" ({of})"
        said.setdefault(end, []).append(f"{letter} {text}{beside}" if lettered else text + beside)
    for row in plot.rows:
        if row["end_month"] in said:
            x, x2 = plot.reach(row["place"], row["place"])
            yield {"x": x, "x2": x2, "tip": f"{row['words']}: {', '.join(said[row['end_month']])}"}


def sample(place: int, palette: Palette) -> alt.LayerChart:
    """A short piece of the line at a place of the order, with its mark: for a key."""
    size = Size(44, 14)
    ink, dash, shape = palette.lines[place], DASHES[place], SHAPES[place]
    flat = {"type": "quantitative", "axis": None, "scale": {"domain": [0, 1], "nice": False}}
    x, y = {"field": "x", **flat}, {"field": "y", **flat}
    line = {"type": "line", "stroke": ink, "strokeWidth": 2, "strokeDash": dash}
    point = {
        "type": "point", "opacity": 1, "shape": shape, "fill": ink, "size": 44, "strokeWidth": 0,
    }  # fmt: skip
    ends = [{"x": 0.0, "y": 0.5}, {"x": 1.0, "y": 0.5}]
    middle = [{"x": 0.5, "y": 0.5}]
    layers = [
        charts.layer("line", ends, line, x=x, y=y),
        charts.layer("mark", middle, point, x=x, y=y),
    ]
    return charts.framed(size, (0, 0, 0, 0), layers)


def picture(
    points: pl.DataFrame,
    periods: Sequence[Period],
    names: Mapping[str, str],
    size: Size,
    *,
    unit: str,
    wording: Wording = PLAIN,
) -> str:
    """The chart as inline SVG, with its text alternative."""
    made = chart(points, periods, size, THEMED, unit=unit, wording=wording)
    return svg.draw(made, alternative(points, names))


def small(
    points: pl.DataFrame,
    periods: Sequence[Period],
    name: str,
    *,
    unit: str,
    wording: Wording = PLAIN,
) -> str:
    """One series alone, on an axis of its own, as small as a card: one look for all of them."""
    made = chart(points.with_columns(place=0), periods, SMALL, THEMED, unit=unit, wording=wording)
    return svg.draw(made, told(points, name))


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
