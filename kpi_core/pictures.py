"""Rated histories as finished pictures, each with its text alternative made from the same figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

import polars as pl

from kpi_core import charts, display, limits, svg
from kpi_core.wording import PLAIN, Wording
from kpi_core.words import Amber, Kind, Rating


def points(places: pl.DataFrame, wording: Wording = PLAIN) -> pl.DataFrame:
    """The places of indicators (see history.places) in the shape that charts draw.

    Adds text, target_text and floor_text; figures become Float64, as displayed.
    """
    texts, targets, floors = [], [], []
    for row in places.iter_rows(named=True):
        unit = row["unit"]
        texts.append(display.figure(row["shown"], unit, row["decimals"], wording))
        targets.append(_limit(row["target"], row["target_high"], unit, wording))
        floors.append(_limit(row["floor"], row["floor_high"], unit, wording))
    numbers = ["target_from", "target_to", "floor_from", "floor_to", "lower", "upper"]
    return places.select(
        "indicator", "period", "label", "words", "place", "in_series",
        pl.col("shown").cast(pl.Float64).alias("value"),
        pl.col("rating").cast(pl.String), "rating_basis", "amber",
        *(pl.col(name).cast(pl.Float64) for name in numbers),
        pl.col("alert").cast(pl.String),
        pl.col("^fit(_low|_high)?$"),
    ).with_columns(
        pl.Series("text", texts, dtype=pl.String),
        pl.Series("target_text", targets, dtype=pl.String),
        pl.Series("floor_text", floors, dtype=pl.String),
    )  # fmt: skip


def _limit(low: Any, high: Any, unit: str, wording: Wording) -> str | None:
    return None if low is None else display.band(low, high, unit, wording)


def card(places: pl.DataFrame, name: str, wording: Wording = PLAIN) -> str:
    """The small chart of a card, as inline SVG in the colours of the page around it."""
    return _drawn(places, name, charts.CARD, wording)


def wide(places: pl.DataFrame, name: str, wording: Wording = PLAIN) -> str:
    """The same across a page."""
    return _drawn(places, name, charts.WIDE, wording)


def spark(places: pl.DataFrame, name: str, wording: Wording = PLAIN) -> str:
    """The run of the figures alone, small enough for a row of a table."""
    return svg.draw(
        charts.spark(points(places, wording), charts.THEMED), alternative(places, name, wording)
    )


def run(course: pl.DataFrame, name: str, unit: str, decimals: int, wording: Wording = PLAIN) -> str:
    """The course of one part of a breakdown (see breakdowns.Breakdown.runs), as small as `spark`."""
    rows = course.to_dicts()
    texts = [display.figure(row["value"], unit, decimals, wording) for row in rows]
    points = course.with_columns(
        label="words", value="unrounded", text=pl.Series(texts, dtype=pl.String)
    )
    known = [
        (row["words"], text)
        for row, text in zip(rows, texts, strict=True)
        if row["value"] is not None
    ]
    (first, was), (last, now) = known[0], known[-1]
    return svg.draw(
        charts.spark(points, charts.THEMED),
        f"{name}: {len(known)} figures, from {was} in {first} to {now} in {last}.",
    )


def _drawn(places: pl.DataFrame, name: str, size: charts.Size, wording: Wording) -> str:
    return svg.picture(*specified(places, name, size, wording))


def specified(
    places: pl.DataFrame, name: str, size: charts.Size, wording: Wording = PLAIN
) -> tuple[str, str]:
    """What a picture is drawn from: its chart in Vega-Lite, and its text alternative."""
    return _specified(places, points(places, wording), name, size, wording)


def each_specified(
    places: pl.DataFrame, names: Mapping[str, str], size: charts.Size, wording: Wording = PLAIN
) -> Iterator[tuple[str, tuple[str, str]]]:
    """The same for each indicator of `names`, by code, that has a figure among the places."""
    wanted = places.filter(
        pl.col("indicator").is_in(list(names))
        & pl.col("shown").is_not_null().any().over("indicator")
    )
    # A filter and a frame of points for each of a hundred indicators would take seconds.
    own, drawn = (
        frame.partition_by("indicator", as_dict=True) for frame in (wanted, points(wanted, wording))
    )
    for code, name in names.items():
        if (code,) in own:
            yield code, _specified(own[code,], drawn[code,], name, size, wording)


def _specified(
    places: pl.DataFrame, drawn: pl.DataFrame, name: str, size: charts.Size, wording: Wording
) -> tuple[str, str]:
    unit = str(places["unit"][0]) if places.height else "number"
    is_activity = places.height > 0 and str(places["kind"][0]) == Kind.ACTIVITY
    make = charts.activity_chart if is_activity else charts.kpi_chart
    chart = make(drawn, size, charts.THEMED, unit=unit, wording=wording)
    return svg.specification(chart), alternative(places, name, wording)


def alternative(places: pl.DataFrame, name: str, wording: Wording = PLAIN) -> str:
    """What a chart shows, in words: its span, its ends, its extremes, its limits, its ratings."""
    known = places.filter(pl.col("shown").is_not_null())
    if known.is_empty():
        return f"{name}: no figures charted."
    rows = known.to_dicts()
    first, last = rows[0], rows[-1]
    said = [f"{name}."]
    if len(rows) == 1:
        said.append(f"One figure: {_at(last, wording)}.")
    else:
        said.append(f"{len(rows)} figures, from {_at(first, wording)} to {_at(last, wording)}.")
    if len(rows) > len([first, last]):
        low, high = min(rows, key=lambda r: r["shown"]), max(rows, key=lambda r: r["shown"])
        said.append(f"Lowest {_at(low, wording)}, highest {_at(high, wording)}.")
    gaps = places.height - len(rows)
    if gaps:
        said.append(f"{gaps} {'period has' if gaps == 1 else 'periods have'} no figure.")
    said += [
        f"A new definition begins with {now['words']}: figures before it measure something else."
        for before, now in pairwise(rows)
        if before["in_series"] is False and now["in_series"]
    ]
    said.append(_limits(last, wording))
    return " ".join(part for part in said if part)


def _at(row: Mapping[str, Any], wording: Wording) -> str:
    figure = display.figure(row["shown"], row["unit"], row["decimals"], wording)
    rated = (
        row["rating"]
        if row["rating"] in {str(r) for r in (Rating.GREEN, Rating.AMBER, Rating.RED)}
        else None
    )
    return f"{figure} in {row['words']}" + (f" ({wording.label(rated)})" if rated else "")


def _limits(row: Mapping[str, Any], wording: Wording) -> str:
    unit = row["unit"]
    if row["target"] is not None:
        aim = display.band(row["target"], row["target_high"], unit, wording)
        return f"Target {aim}{_of_amber(row, wording)}."
    if row["lower"] is not None and row["upper"] is not None:
        return f"Expected range {display.band(row['lower'], row['upper'], unit, wording)}."
    return ""


def _of_amber(row: Mapping[str, Any], wording: Wording) -> str:
    """`, floor 80%`: the limit between Amber and Red by its name, where there is one."""
    name = wording.limit_name(limits.rule(row))
    if row["floor"] is None or not name:
        return ""
    limit = display.band(row["floor"], row["floor_high"], row["unit"], wording)
    return f", {'floor' if limits.rule(row) is Amber.FLOOR else name} {limit}"
