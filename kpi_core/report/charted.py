"""The charts of a paper: those of the pages, drawn together, and kept for the next paper."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from functools import lru_cache

import polars as pl

from kpi_core import charts, pictures, svg
from kpi_core.palette import VARIABLES, Palette
from kpi_core.report.tree import Picture
from kpi_core.wording import Wording

#: Pictures kept: five papers of a hundred.
_KEPT = 500
#: Vega draws in one thread at a time, but reading and tidying what it drew goes on beside it.
_THREADS = 2

Progress = Callable[[str, float], None]


def drawn(
    places: Iterable[tuple[str, str, pl.DataFrame]], wording: Wording, progress: Progress
) -> dict[str, Picture]:
    """The picture of each indicator that has a figure: code, name and history.places in."""
    wanted = [
        (code, *pictures.specified(own, name, charts.CARD, wording))
        for code, name, own in places
        if own["shown"].is_not_null().any()
    ]
    found = {}
    with ThreadPoolExecutor(_THREADS) as threads:
        made = threads.map(lambda one: _picture(*one[1:]), wanted)
        for count, ((code, _, alt), picture) in enumerate(zip(wanted, made, strict=True), 1):
            found[code] = Picture(picture, alt)
            progress("Drawing charts", count / len(wanted))
    return found


_picture = lru_cache(_KEPT)(svg.picture)


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
