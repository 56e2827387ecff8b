"""How often a rating came that was given some chance, as a picture: what was said, and what came."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import altair as alt
import polars as pl

from kpi_core import charts, marks, plots, scales, svg
from kpi_core.calibration import FIFTHS
from kpi_core.palette import THEMED, Palette
from kpi_core.plots import Label, Plot, Row, Size

_ALL = 100.0
_WHOLE = scales.ValueAxis(0.0, _ALL, (0.0, 20.0, 40.0, 60.0, 80.0, _ALL))
#: How far the line of what was said reaches to each side, in places.
_REACH = 0.3
_LARGER = 1.6


class _Classes(Plot):
    """A plot in which each place is a class, as wide as the others."""

    @property
    def spacing(self) -> float:
        """Pixels between two places."""
        return self.width / len(self.rows)

    @property
    def start(self) -> float:
        """The left edge, in places."""
        return -0.5


def classes() -> list[str]:
    """What each fifth of the chances is called: `0–20%`."""
    ends = [round(_ALL * fifth / FIFTHS) for fifth in range(FIFTHS + 1)]
    return [f"{low}–{high}%" for low, high in itertools.pairwise(ends)]


def picture(found: pl.DataFrame, tips: list[str], said: str, size: Size) -> str:
    """The chart as inline SVG: see `chart`."""
    return svg.draw(chart(found, tips, size, THEMED), said)


def chart(found: pl.DataFrame, tips: list[str], size: Size, palette: Palette) -> alt.LayerChart:
    """In each fifth a line at the chance that was said, and a point at how often it came.

    Takes what `calibration.reliability` gives, and what each of its rows says of itself.
    """
    own = {
        row["fifth"]: {**row, "tip": tip} for row, tip in zip(found.to_dicts(), tips, strict=True)
    }
    rows: list[Row] = [
        {
            "place": place, "period": str(place), "label": label, "tip": "",
            **dict.fromkeys(("said", "share", "low", "high")), **own.get(place, {}),
        }
        for place, label in enumerate(classes())
    ]  # fmt: skip
    bare = _Classes(rows, None, size, palette, _WHOLE, [], [Label("", 0.0)], (0, 0, 0, 0))
    ticks = [f"{tick:.0f}%" for tick in _WHOLE.ticks]
    plot = plots.roomy(bare, ticks)
    return charts.framed(size, plot.padding, _layers(plot))


def _layers(plot: Plot) -> Iterator[alt.Chart | None]:
    x, x2, y, y2 = charts.axes(plot)
    palette, line = plot.palette, plot.size.line
    thin = {"type": "rule", "stroke": palette.rule, "strokeWidth": 1}
    yield charts.layer("grid", marks.grid(plot), thin, x=x, x2=x2, y=y)
    known = [row for row in plot.rows if row["share"] is not None]
    steps = [
        {"x": left, "x2": right, "y": _ALL * row["place"] / FIFTHS, "y2": _ALL * (row["place"] + 1) / FIFTHS}
        for row in plot.rows
        for left, right in [plot.reach(row["place"], row["place"])]
    ]  # fmt: skip
    yield charts.layer(
        "meant", steps, {"type": "rect", "fill": palette.band}, x=x, x2=x2, y=y, y2=y2
    )
    spans = [{"x": row["place"], "y": _ALL * row["low"], "y2": _ALL * row["high"]} for row in known]
    bar = {"type": "rule", "strokeWidth": line, "stroke": palette.series}
    yield charts.layer("known within", spans, bar, x=x, y=y, y2=y2)
    said = [
        {"x": row["place"] - _REACH, "x2": row["place"] + _REACH, "y": _ALL * row["said"]}
        for row in known
    ]
    dash = {"type": "rule", "strokeWidth": line, "stroke": palette.text, "strokeDash": [6, 3]}
    yield charts.layer("said", said, dash, x=x, x2=x2, y=y)
    spots = [{"x": row["place"], "y": _ALL * row["share"]} for row in known]
    point = {
        "type": "point", "opacity": 1, "shape": "circle", "size": plot.size.point * _LARGER,
        "fill": palette.series, "stroke": palette.background, "strokeWidth": 1.5,
    }  # fmt: skip
    yield charts.layer("came", spots, point, x=x, y=y)
    yield charts.strips(marks.said_by(plot, known), x, x2)
    yield charts.texts(plot)
