"""The lay-out of a chart: its size, its axes, its labels and the room that they leave for the plot.

All of it is settled here, in the plot's own terms (places across, figures up), so that nothing is
left to a renderer: not the ends of an axis, not the width of a margin, not the place of a label.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import polars as pl

from kpi_core import scales
from kpi_core.palette import Palette
from kpi_core.wording import PLAIN, Wording
from kpi_core.words import Amber, Kind

LINES = ["target_from", "target_to", "floor_from", "floor_to"]
RANGE = ["lower", "upper"]
TREND = ["fit", "fit_low", "fit_high"]
FIGURES = ["value", *LINES, *RANGE, *TREND]
#: Whether a figure is of the definition in force; false before a break.
SAME = "in_series"
TEXTS = ["text", "rating", "rating_basis", "target_text", "floor_text", "alert", "amber"]

#: The height that a line of text needs, by the size of its letters.
LEADING = 1.12

#: The least room beside the plot, by the size of the text: enough for `100%` and for `Target 85%`,
#: so that the plots of a row of cards line up.
LEFT, RIGHT = 3.1, 6.0

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Size:
    """Of a whole picture in pixels, labels included, with the sizes of its text and marks."""

    width: int
    height: int
    text: float = 11.0
    figure: float = 13.0
    line: float = 2.0
    point: float = 36.0

    @property
    def inset(self) -> float:
        """From the edge of the plot to the first and to the last place."""
        return 1.3 * math.sqrt(self.point)

    @property
    def gap(self) -> float:
        """Between the plot and the labels beside it."""
        return 0.65 * self.text


@dataclass(frozen=True, slots=True)
class Label:
    """What stands at the right of the plot, and the figure that it belongs to."""

    text: str
    y: float
    bold: bool = False
    ended: bool = False

    def width(self, size: Size) -> float:
        """In pixels."""
        return scales.text_width(self.text, size.figure if self.bold else size.text, bold=self.bold)


@dataclass(frozen=True, slots=True)
class Plot:
    """The data, the axes and the room that labels leave: left, right, top, bottom in pixels."""

    rows: list[Row]
    kind: Kind | None
    size: Size
    palette: Palette
    axis: scales.ValueAxis
    tick_labels: list[str]
    labels: list[Label]
    padding: tuple[float, float, float, float]
    wording: Wording = PLAIN

    @property
    def width(self) -> float:
        """Of the plot itself, in pixels."""
        return self.size.width - self.padding[0] - self.padding[1]

    @property
    def height(self) -> float:
        """Of the plot itself, in pixels."""
        return self.size.height - self.padding[2] - self.padding[3]

    @property
    def spacing(self) -> float:
        """Pixels between two places."""
        return (self.width - 2 * self.size.inset) / max(len(self.rows) - 1, 1)

    @property
    def start(self) -> float:
        """The left edge, in places."""
        return -0.5 if len(self.rows) == 1 else -self.size.inset / self.spacing

    @property
    def end(self) -> float:
        """The right edge, in places."""
        return len(self.rows) - 1 - self.start

    @property
    def last(self) -> Row:
        """The last place with a figure."""
        return next(row for row in reversed(self.rows) if row["value"] is not None)

    def reach(self, first: int, last: int) -> tuple[float, float]:
        """What a run of places covers: half-way to its neighbours, or to the edge."""
        final = last == len(self.rows) - 1
        return first - 0.5 if first else self.start, self.end if final else last + 0.5

    def across(self, pixels: float) -> float:
        """The x so many pixels right of the left edge."""
        return self.start + pixels * (self.end - self.start) / self.width

    def down(self, pixels: float) -> float:
        """The y so many pixels below the top."""
        return self.axis.high - pixels * (self.axis.high - self.axis.low) / self.height

    def breaks(self) -> Iterator[float]:
        """Where a new definition begins, in places: half-way before its first figure."""
        before = None
        for row in self.rows:
            same = row.get(SAME)  # rows of seasons and shifts know of no definition
            if same and before is False:
                yield row["place"] - 0.5
            before = before if same is None else same

    def placed_labels(self) -> list[tuple[Label, float]]:
        """The labels and the pixels below the top at which each stands, moved apart."""
        size, axis = self.size, self.axis
        heights = [LEADING * (size.figure if label.bold else size.text) for label in self.labels]
        wanted = [
            (axis.high - label.y) / (axis.high - axis.low) * self.height for label in self.labels
        ]
        over = size.figure / 2
        places = scales.spread(wanted, heights, -over, self.height + over)
        return list(zip(self.labels, places, strict=True))

    def tick_places(self) -> list[int]:
        """The places that bear a label below the plot."""
        periods = [row["period"] for row in self.rows]
        labels = [row["label"] for row in self.rows]
        return scales.tick_places(periods, labels, self.spacing, self.size.text)


def rows_of(points: pl.DataFrame) -> list[Row]:
    """The frame as rows, in order, with every column, its figures finite or absent."""
    absent = [name for name in [*FIGURES, *TEXTS, SAME] if name not in points.columns]
    figures = [pl.col(name).cast(pl.Float64) for name in FIGURES]
    return (
        points.with_columns(pl.lit(None).alias(name) for name in absent)
        .with_columns(pl.when(figure.is_finite()).then(figure) for figure in figures)
        .sort("place")
        .to_dicts()
    )


def plot_of(
    rows: list[Row], kind: Kind, size: Size, palette: Palette, *, unit: str, wording: Wording
) -> Plot:
    """A plot with room for its labels. Needs at least one figure."""
    if kind is not Kind.KPI:
        rows = [row | {"rating": None} for row in rows]
    context = LINES if kind is Kind.KPI else [*LINES, *RANGE]
    held = [row[name] for row in rows for name in ["value", *context] if row[name] is not None]
    axis = scales.value_axis(held, unit, apart(rows, context))
    labels = [value_label(rows), *_line_labels(rows, unit, wording)]
    if kind is Kind.ACTIVITY:
        labels += _band_label(rows, axis)
    bare = Plot(rows, kind, size, palette, axis, [], labels, (0, 0, 0, 0), wording)
    return roomy(bare, scales.tick_labels(axis.ticks, unit, wording))


def roomy(plot: Plot, ticks: list[str]) -> Plot:
    """The plot with the labels of its ticks, and room for these and its own labels."""
    rows, size = plot.rows, plot.size
    half_tick = max(scales.text_width(row["label"], size.text) for row in rows) / 2
    tick_widths = [scales.text_width(tick, size.text) for tick in ticks]
    overhang = half_tick - size.inset
    label_widths = [label.width(size) for label in plot.labels]
    left = max(max(tick_widths) + size.gap, overhang, LEFT * size.text)
    right = max(max(label_widths) + size.gap, overhang, RIGHT * size.text)
    padding = (left, right, size.figure / 2, 2 * size.text)
    return replace(plot, tick_labels=ticks, padding=padding)


def bare_plot_of(rows: list[Row], size: Size, palette: Palette) -> Plot:
    """A plot of the values alone, without axes and labels."""
    values = [row["value"] for row in rows if row["value"] is not None]
    axis = scales.value_axis(values, "number", apart(rows, LINES))
    return Plot(rows, None, size, palette, axis, [], [], (0, 0, size.inset, size.inset))


def apart(rows: list[Row], context: Iterable[str]) -> float | None:
    """The distance that counts as much in a chart: between the nearest two of its latest limits, such
    as target and floor; none where no two of them are known.
    """
    names = list(context)
    for row in reversed(rows):
        limits = sorted({row[name] for name in names if row[name] is not None})
        if len(limits) > 1:
            return float(min(after - before for before, after in pairwise(limits)))
    return None


def value_label(rows: list[Row]) -> Label:
    """The last figure, with its period when that is not the last of the axis."""
    last = next(row for row in reversed(rows) if row["value"] is not None)
    text = last["text"] or ""
    return Label(text if last is rows[-1] else f"{text}, {last['label']}", last["value"], bold=True)


def _line_labels(rows: list[Row], unit: str, wording: Wording) -> Iterator[Label]:
    """A label for each line where it ends; of a range each line bears its own end."""
    for name in LINES:
        last = next((row for row in reversed(rows) if row[name] is not None), None)
        if last is None or drawn(last, name) is None:
            continue
        if name.endswith("_to") and last[name] == last[name.replace("_to", "_from")]:
            continue  # a single target has one line and one label
        kind = kind_of(name)
        is_range = None not in (last[f"{kind}_from"], last[f"{kind}_to"])
        printed = None if is_range else last[f"{kind}_text"]
        ended = last is not rows[-1]
        # Beside a chart there is no room for the limit's full name.
        called = kind if kind == "target" or last["amber"] in (None, Amber.FLOOR) else "limit"
        what = f"Last {called}" if ended else called.capitalize()
        text = printed or scales.exact_label(last[name], unit, wording)
        yield Label(f"{what} {text}", last[name], ended=ended)


def _band_label(rows: list[Row], axis: scales.ValueAxis) -> Iterator[Label]:
    known = [row for row in rows if any(row[name] is not None for name in RANGE)]
    if known:
        lower, upper = within(axis, known[-1]["lower"], known[-1]["upper"])
        ended = known[-1] is not rows[-1]
        yield Label("last expected" if ended else "expected", (lower + upper) / 2, ended=ended)


def drawn(row: Row, name: str) -> float | None:
    """Where a row has that line of LINES; none for a limit of Amber that is the target itself."""
    figure: float | None = row[name]
    is_own_limit = row["amber"] in (None, Amber.FLOOR)
    if kind_of(name) == "floor" and not is_own_limit and figure == row[f"target_{name[6:]}"]:
        return None
    return figure


def kind_of(name: str) -> str:
    """Whether a column of LINES is about the target or the floor."""
    return name.partition("_")[0]


def within(axis: scales.ValueAxis, lower: float | None, upper: float | None) -> tuple[float, float]:
    """The part of the axis between two figures, either of which may be open."""
    return axis.low if lower is None else lower, axis.high if upper is None else upper
