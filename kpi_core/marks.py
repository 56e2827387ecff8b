"""What a chart shows: its marks as plain rows, before anything is drawn.

Rows speak of x (a place of the axis), y (a figure) and ink (a colour), some of a stretch to x2 and
y2. `charts` hands them to altair as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from kpi_core.plots import LINES, RANGE, Plot, Row, drawn, kind_of, within
from kpi_core.wording import Wording
from kpi_core.words import Alert, Basis, Kind, Rating

_SHAPES = {"GREEN": "circle", "AMBER": "triangle-up", "RED": "square"}
#: What makes marks look equal in size, and the last one larger.
_OPTICAL = {"circle": 1.0, "triangle-up": 1.7, "square": 0.95}
_LAST = 2.2
#: With fewer pixels than the first between places points are small; than the second, few.
ROOMY, TIGHT = 9.0, 5.5
_SMALL = 0.5


def grid(plot: Plot) -> Iterator[Row]:
    """The lines at the ticks of the value axis."""
    return ({"x": plot.start, "x2": plot.end, "y": tick} for tick in plot.axis.ticks)


def stretches(
    plot: Plot, rows: list[Row], names: list[str]
) -> Iterator[tuple[float, float, tuple[Any, ...]]]:
    """Runs of places with the same figures: from, to (in places), the figures."""
    for figures, run in groupby(rows, key=lambda row: tuple(row[name] for name in names)):
        places = [row["place"] for row in run]
        yield *plot.reach(places[0], places[-1]), figures


def zones(plot: Plot) -> Iterator[Row]:
    """Where a value would be Green, Amber or Red, as far as target and floor say."""
    for x, x2, (target_from, target_to, floor_from, floor_to) in stretches(plot, plot.rows, LINES):
        if target_from is None and target_to is None:
            continue
        parts = [(Rating.GREEN, *within(plot.axis, target_from, target_to))]
        if target_from is not None and floor_from is not None:
            parts += [
                (Rating.AMBER, floor_from, target_from),
                (Rating.RED, plot.axis.low, floor_from),
            ]
        if target_to is not None and floor_to is not None:
            parts += [(Rating.AMBER, target_to, floor_to), (Rating.RED, floor_to, plot.axis.high)]
        for rating, y, y2 in parts:
            if y < y2:
                yield {"x": x, "x2": x2, "y": y, "y2": y2, "ink": plot.palette.zone(rating)}


def band(plot: Plot) -> Iterator[Row]:
    """The expected range."""
    for x, x2, (lower, upper) in stretches(plot, plot.rows, RANGE):
        if lower is not None or upper is not None:
            y, y2 = within(plot.axis, lower, upper)
            yield {"x": x, "x2": x2, "y": y, "y2": y2, "ink": plot.palette.band}


def line(plot: Plot, kind: str) -> Iterator[Row]:
    """The corners of the target's or floor's line: it steps, and a null breaks it."""
    corners = 0
    for name in LINES:
        rows = [row | {name: drawn(row, name)} for row in plot.rows]
        if kind_of(name) != kind or all(row[name] is None for row in rows):
            continue
        for x, x2, (figure,) in stretches(plot, rows, [name]):
            for end in (x, x2):
                yield {"x": end, "y": figure, "corner": corners}
                corners += 1
        yield {"x": plot.end, "y": None, "corner": corners}
        corners += 1


def trend(plot: Plot) -> Iterator[Row]:
    """The fitted line with its interval, kept inside the plot."""
    low, high = plot.axis.low, plot.axis.high
    for row in plot.rows:
        if row["fit"] is not None:
            lower, upper = row["fit_low"], row["fit_high"]
            yield {
                "x": row["place"],
                "y": min(max(row["fit"], low), high),
                "low": low if lower is None else min(max(lower, low), high),
                "high": high if upper is None else min(max(upper, low), high),
            }


def series(plot: Plot) -> Iterator[Row]:
    """The values in order; a null breaks the line, and so does a new definition."""
    anew = set(plot.breaks())
    for row in plot.rows:
        if row["place"] - 0.5 in anew:
            yield {"x": row["place"] - 0.5, "y": None}
        yield {"x": row["place"], "y": row["value"]}


def breaks(plot: Plot) -> Iterator[Row]:
    """An upright line where a new definition begins."""
    return ({"x": x, "y": plot.axis.low, "y2": plot.axis.high} for x in plot.breaks())


def points(plot: Plot) -> Iterator[Row]:
    """The points drawn: all where there is room, else the telling ones; the last one larger."""
    last = plot.last
    roomy = plot.spacing >= ROOMY
    all_drawn = plot.kind is not None and plot.spacing >= TIGHT
    for row in plot.rows if all_drawn else _telling(plot):
        if row["value"] is None:
            continue
        ink, hollow, shape = _look(plot, row)
        scale = _LAST if row is last else 1.0 if roomy else _SMALL
        # A rim of the background sets a mark off from its line; a hollow mark is all rim.
        rim = 0.5 if roomy or row is last else 0.0
        yield {
            "x": row["place"],
            "y": row["value"],
            "shape": shape,
            "area": plot.size.point * _OPTICAL[shape] * scale * (0.8 if hollow else 1.0),
            "ink": plot.palette.background if hollow else ink,
            "rim": ink if hollow else plot.palette.background,
            "weight": plot.size.line * (0.9 if hollow else rim),
        }


def _telling(plot: Plot) -> Iterator[Row]:
    """The last point, those with a gap on both sides, and those that change the standing."""
    values = [None, *(row["value"] for row in plot.rows), None]
    before: str | None = None
    for place, row in enumerate(plot.rows):
        standing = row["rating"] or row["alert"]
        changed = plot.kind is not None and standing != before and before is not None
        alone = values[place] is None and values[place + 2] is None
        if changed or alone or row is plot.last:
            yield row
        before = standing if row["value"] is not None else before


def _look(plot: Plot, row: Row) -> tuple[str, bool, str]:
    """A point's colour, whether it is hollow, and its shape."""
    rated = plot.palette.mark(row["rating"])
    if rated:
        return rated, False, _SHAPES[row["rating"]]
    if plot.kind is Kind.KPI:
        return plot.palette.muted, True, "circle"
    return plot.palette.series, row["alert"] in (Alert.ABOVE, Alert.BELOW), "circle"


def tips(plot: Plot) -> Iterator[Row]:
    """A strip for each place that has something to say, with what it says."""
    for row in plot.rows:
        said = _said(row, plot.wording)
        if said:
            x, x2 = plot.reach(row["place"], row["place"])
            yield {"x": x, "x2": x2, "tip": f"{row['words']}: {', '.join(said)}"}


def said_by(plot: Plot, rows: Iterable[Row]) -> Iterator[Row]:
    """A strip for each of these places, with the `tip` that it has."""
    for row in rows:
        x, x2 = plot.reach(row["place"], row["place"])
        yield {"x": x, "x2": x2, "tip": row["tip"]}


def _said(row: Row, wording: Wording) -> list[str]:
    """The parts of a tooltip: `71%`, `Red`; a rating may have been published without a figure."""
    published = row["rating_basis"] == Basis.PUBLISHED and row["rating"] in _SHAPES
    if row["value"] is None:
        return (
            ["no figure printed", f"{wording.label(row['rating'])} as published"]
            if published
            else []
        )
    said = [row["text"] or ""]
    if row["rating"]:
        said.append(wording.label(row["rating"]) + (" as published" if published else ""))
    elif row["alert"]:
        said.append(Alert(row["alert"]).label)
    return said


def texts(plot: Plot) -> Iterator[Row]:
    """All that is written: the ticks of both axes, and the labels at the right."""
    size, palette = plot.size, plot.palette
    tick = {"size": size.text, "weight": "normal", "ink": palette.muted}
    for figure, text in zip(plot.axis.ticks, plot.tick_labels, strict=True):
        yield {"x": plot.across(-size.gap), "y": figure, "text": text, "align": "right", **tick}
    below = plot.down(plot.height + 1.4 * size.text)
    for place in plot.tick_places():
        text = plot.rows[place]["label"]
        yield {"x": place, "y": below, "text": text, "align": "center", **tick}
    for x in plot.breaks():
        # To the side on which there is more room.
        is_late = x > (plot.start + plot.end) / 2
        gap = plot.across(0.5 * size.text) - plot.start
        yield {
            "x": x - gap if is_late else x + gap,
            "y": plot.down(0.8 * size.text),
            "text": "new definition",
            "align": "right" if is_late else "left",
            **tick,
        }
    for label, pixels in plot.placed_labels():
        yield {
            "x": plot.across(plot.width + size.gap),
            "y": plot.down(pixels),
            "text": label.text,
            "align": "left",
            "size": size.figure if label.bold else size.text,
            "weight": "bold" if label.bold else "normal",
            "ink": palette.muted if label.ended else palette.text,
        }
