"""The charts of a paper: those of the pages, and kept for the next paper."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict

import polars as pl

from kpi_core import charts, pictures, svg
from kpi_core.palette import VARIABLES, Palette
from kpi_core.report.tree import Picture
from kpi_core.wording import Wording

#: Pictures kept for the next paper: five of a hundred.
_KEPT = 500

Progress = Callable[[str, float], None]

#: A chart in Vega-Lite, and its text alternative.
_Specified = tuple[str, str]

_known: dict[_Specified, str] = {}


def pictured(
    charted: Iterable[tuple[pl.DataFrame, Mapping[str, str]]], wording: Wording, progress: Progress
) -> dict[str, Picture]:
    """The pictures by indicator: of each part of a paper its history.places, and the names by code of
    those that have a chart.

    One after the other: Vega keeps Python's lock to itself, so a thread beside all else gains nothing.
    """
    progress("Drawing charts", 0.0)
    asked = {
        code: one
        for places, names in charted
        for code, one in pictures.each_specified(places, names, charts.CARD, wording)
    }
    held = {}
    for count, one in enumerate(asked.values(), 1):
        held[one] = _known.get(one) or svg.picture(*one)
        progress("Drawing charts", count / len(asked))
    progress("Drawing charts", 1.0)
    _keep(held)
    return {code: Picture(held[one], one[1]) for code, one in asked.items()}


def _keep(held: dict[_Specified, str]) -> None:
    """Pictures for the next paper; where they become too many, those of this one alone."""
    if len(_known) + len(held) > _KEPT:
        _known.clear()
    _known.update(held)


def printed(picture: str, palette: Palette, font: str) -> str:
    """A picture in the colours of one theme and in that font, to stand outside of a page."""
    for name, colour in asdict(palette).items():
        picture = picture.replace(_VARIABLE[name], colour)
    return _TEXTS.sub(_weighed, picture).replace(_PAGES_FONT, f"&quot;{font}&quot;")


_VARIABLE = dict(zip(asdict(charts.THEMED), VARIABLES.values(), strict=True))
_PAGES_FONT = charts.FONT.replace('"', "&quot;")
_TEXTS = re.compile(r'<(?:g|text)\b[^>]*\bfont-(?:family|weight)="[^>]*(?=>)')
_BOLD = 'font-weight="bold"'


def _weighed(tag: re.Match[str]) -> str:
    """The tag with the weight of its letters: what draws it takes a font of many weights at its
    lightest otherwise, whatever `font-weight` says.
    """
    weight = 700 if _BOLD in tag[0] else 400
    return f'{tag[0]} style="font-variation-settings: &quot;wght&quot; {weight}"'
