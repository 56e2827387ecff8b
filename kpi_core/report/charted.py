"""The charts of a paper: those of the pages, drawn together, and kept for the next paper."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
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

#: Any chart will do to get ready.
_ANY = pl.DataFrame({"value": [1.0], "label": [""], "text": [""], "words": [""], "place": [0]})


class Drawing:
    """The charts of a paper while they are drawn, in a thread beside all else.

    Vega draws one chart after the other and leaves Python's lock alone; so the figures of the paper
    are worked out while it gets ready, which takes most of a second, and while it draws.
    """

    def __init__(self, thread: Executor) -> None:
        self._thread = thread
        self._of: dict[str, _Specified] = {}
        self._new: dict[_Specified, Future[str]] = {}
        if not _known:
            thread.submit(svg.draw, charts.spark(_ANY, charts.LIGHT), "Ready.")

    def ask(self, places: Iterable[tuple[str, str, pl.DataFrame]], wording: Wording) -> None:
        """Have each indicator drawn that has a figure: its code, name and history.places."""
        for code, name, own in places:
            if own["shown"].is_not_null().any():
                one = self._of[code] = pictures.specified(own, name, charts.CARD, wording)
                if one not in _known and one not in self._new:
                    self._new[one] = self._thread.submit(svg.picture, *one)

    def finished(self, progress: Progress) -> dict[str, Picture]:
        """The pictures by indicator, once they are all there."""
        progress("Drawing charts", 0.0)
        held = {one: _known[one] for one in self._of.values() if one in _known}
        for count, (one, made) in enumerate(self._new.items(), 1):
            held[one] = made.result()
            progress("Drawing charts", count / len(self._new))
        progress("Drawing charts", 1.0)
        _keep(held)
        return {code: Picture(held[one], one[1]) for code, one in self._of.items()}


@contextmanager
def drawing() -> Iterator[Drawing]:
    """A thread that draws."""
    with ThreadPoolExecutor(1) as thread:
        yield Drawing(thread)


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
