"""An XmR chart as a picture: figures about their mean, between limits, special causes by their shape.

The colours are those that the NHS uses (blue for an improvement, orange for a concern, grey for
common cause), so that nobody takes them for ratings. Each has a shape of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import altair as alt
import polars as pl

from kpi_core import charts, display, marks, plots, scales, svg
from kpi_core.palette import THEMED, Palette
from kpi_core.plots import Label, Plot, Row, Size
from kpi_core.spc import Variation
from kpi_core.wording import PLAIN, Wording

#: The shape of each variation: as vega calls it, and as a character.
SHAPES = {
    Variation.IMPROVEMENT: ("diamond", "◆"),
    Variation.CONCERN: ("square", "■"),
    Variation.HIGHER: ("triangle-up", "▲"),
    Variation.LOWER: ("triangle-down", "▼"),
    Variation.COMMON: ("circle", "●"),
}
_LIMITS = ("mean", "lower", "upper")
_PROPOSED = tuple(f"proposed_{name}" for name in _LIMITS)
#: What makes special causes look equal in size, and larger than the other figures.
_OPTICAL = {"diamond": 2.4, "square": 1.5, "triangle-up": 2.2, "triangle-down": 2.2, "circle": 0.8}


def picture(places: pl.DataFrame, alternative: str, size: Size, wording: Wording = PLAIN) -> str:
    """The chart of places (see views.chance.Control) as inline SVG. Needs a figure with limits."""
    return svg.draw(chart(places, size, THEMED, wording), alternative)


def limit_text(figure: float, row: Row, wording: Wording) -> str:
    """A mean or limit as it reads: with one decimal more than the figures."""
    decimals = int(row["decimals"]) + 1
    return display.figure(Decimal(str(round(figure, 6))), row["unit"], decimals, wording)


def chart(
    places: pl.DataFrame, size: Size, palette: Palette, wording: Wording = PLAIN
) -> alt.LayerChart:
    """Limits, mean and target as lines, proposed limits as dashed ones, breaks as upright ones, and the
    figures.
    """
    plot = _plot(places, size, palette, wording)
    return charts.framed(size, plot.padding, _layers(plot))


def _plot(places: pl.DataFrame, size: Size, palette: Palette, wording: Wording) -> Plot:
    texts = [
        display.figure(shown, unit, decimals, wording)
        for shown, unit, decimals in places.select("shown", "unit", "decimals").iter_rows()
    ]
    rows = plots.rows_of(places.with_columns(text=pl.Series(texts, dtype=pl.String)))
    names = ("value", *_LIMITS, *_PROPOSED, "target_from", "target_to")
    held = [row[name] for row in rows for name in names if row[name] is not None]
    unit = str(rows[0]["unit"])
    axis = scales.value_axis(held, unit, apart=0.0)  # the limits are its measure
    labels = [plots.value_label(rows), *_labels(rows[-1], wording)]
    bare = Plot(rows, None, size, palette, axis, [], labels, (0, 0, 0, 0), wording)
    return plots.roomy(bare, scales.tick_labels(axis.ticks, unit, wording))


def _labels(last: Row, wording: Wording) -> Iterator[Label]:
    """What each line is, where it ends."""
    for name in _LIMITS:
        if last[name] is not None:
            yield Label(f"{name.capitalize()} {limit_text(last[name], last, wording)}", last[name])
    ends = {last["target_from"], last["target_to"]} - {None}
    for end in sorted(ends):
        yield Label(f"Target {scales.exact_label(end, last['unit'], wording)}", end)


def _layers(plot: Plot) -> Iterator[alt.Chart | None]:
    x, x2, y, y2 = charts.axes(plot)
    palette, thin = plot.palette, {"type": "rule", "strokeWidth": 1}
    yield charts.layer("grid", marks.grid(plot), {**thin, "stroke": palette.rule}, x=x, x2=x2, y=y)
    counts = {**thin, "stroke": palette.muted}
    dashed = {**thin, "stroke": palette.series, "strokeDash": [4, 3]}
    target = {**thin, "stroke": palette.text, "strokeWidth": 0.65 * plot.size.line}
    looks = {
        **dict.fromkeys(_LIMITS, counts),
        **dict.fromkeys(_PROPOSED, dashed),
        **dict.fromkeys(("target_from", "target_to"), target),
    }
    for name, look in looks.items():
        stage = "proposed_stage" if name in _PROPOSED else "stage"
        yield charts.layer(name, _level(plot, name, stage), look, x=x, x2=x2, y=y)
    upright = {**thin, "stroke": palette.text, "strokeDash": [2, 3]}
    yield charts.layer("breaks", _breaks(plot), upright, x=x, y=y, y2=y2)
    line = {"type": "line", "stroke": palette.series, "strokeWidth": 0.6 * plot.size.line}
    yield charts.layer("series", marks.series(plot), line, x=x, y=y)
    yield charts.layer(
        "points",
        _points(plot),
        {"type": "point", "opacity": 1},
        x=x,
        y=y,
        shape=charts.own("shape"),
        size=charts.own("area", "quantitative"),
        fill=charts.own("ink"),
        stroke=charts.own("rim"),
    )
    yield charts.strips(_tips(plot), x, x2)
    yield charts.texts(plot)


def _level(plot: Plot, name: str, stage: str) -> Iterator[Row]:
    """A level stretch for as long as a line keeps its height, and another for each stage."""
    for x, x2, (figure, _) in marks.stretches(plot, plot.rows, [name, stage]):
        if figure is not None:
            yield {"x": x, "x2": x2, "y": figure}


def _breaks(plot: Plot) -> Iterator[Row]:
    """Where limits begin anew."""
    for x, _, _ in list(marks.stretches(plot, plot.rows, ["stage"]))[1:]:
        yield {"x": x, "y": plot.axis.low, "y2": plot.axis.high}


def _points(plot: Plot) -> Iterator[Row]:
    """Every figure where there is room, else the special causes and the last."""
    palette = plot.palette
    inks = {Variation.IMPROVEMENT: palette.series, Variation.CONCERN: palette.amber}
    for row in plot.rows:
        means = Variation(row["variation"] or Variation.COMMON)
        special = means is not Variation.COMMON
        if row["value"] is None or not (special or row is plot.last or plot.spacing >= marks.TIGHT):
            continue
        yield {
            "x": row["place"],
            "y": row["value"],
            "shape": SHAPES[means][0],
            "area": plot.size.point * _OPTICAL[SHAPES[means][0]],
            "ink": inks.get(means, palette.text if special else palette.muted),
            "rim": palette.background,
        }


def _tips(plot: Plot) -> Iterator[Row]:
    for row in plot.rows:
        if row["value"] is not None:
            x, x2 = plot.reach(row["place"], row["place"])
            yield {"x": x, "x2": x2, "tip": f"{row['words']}: {', '.join(_said(row))}"}


def _said(row: dict[str, Any]) -> list[str]:
    """`71%`, `7 below the mean`, `concern`."""
    if row["cause"] is None:
        return [row["text"]]
    means = [] if row["variation"] == Variation.COMMON else [row["variation"]]
    return [row["text"], row["cause"], *means]


def alternative(
    places: pl.DataFrame,
    stretches: pl.DataFrame,
    name: str,
    target: str,
    wording: Wording = PLAIN,
) -> str:
    """What the chart shows, in words: its span, its limits, those proposed, its special causes, and what
    may be said of its target (`consistently met`; empty without one).
    """
    known = places.filter(pl.col("value").is_not_null()).to_dicts()
    first, last = (
        f"{display.figure(row['shown'], row['unit'], row['decimals'], wording)} in {row['words']}"
        for row in (known[0], known[-1])
    )
    mean, lower, upper = (limit_text(known[-1][limit], known[-1], wording) for limit in _LIMITS)
    causes = [told(row) for row in stretches.to_dicts()]
    said = [
        f"{name}, XmR chart: {len(known)} figures, from {first} to {last}.",
        f"Mean {mean}, limits {lower} to {upper}.",
        f"Special causes: {'; '.join(causes)}." if causes else "No special cause.",
    ]
    anew = places["stage"].n_unique() - 1
    if anew:
        said.append(f"Limits begin anew {'once' if anew == 1 else f'{anew} times'}.")
    again = proposed(places, wording)
    if again:
        said.append(f"Proposed from {again[0]}: mean {again[1]}, limits {again[2]} to {again[3]}.")
    if target:
        aim = display.band(
            known[-1]["target"], known[-1]["target_high"], known[-1]["unit"], wording
        )
        said.append(f"Target {aim}: {target}.")
    return " ".join(said)


def proposed(places: pl.DataFrame, wording: Wording = PLAIN) -> tuple[str, str, str, str] | None:
    """Since when the latest proposed limits would hold, and mean, lower and upper limit as they read."""
    row = places.filter(pl.col("value").is_not_null()).row(-1, named=True)
    if row["proposed_mean"] is None:
        return None
    since = places.filter(proposed_stage=row["proposed_stage"])["words"][0]
    mean, lower, upper = (limit_text(row[name], row, wording) for name in _PROPOSED)
    return since, mean, lower, upper


def told(row: Row) -> str:
    """`7 below the mean from Q1 2023/24 to Q3 2024/25 (concern)`."""
    when = f"in {row['first']}"
    if row["points"] > 1:
        when = f"from {row['first']} to {row['last']}"
    return f"{row['cause']} {when} ({row['variation']})"
