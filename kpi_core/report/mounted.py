"""Pictures of a page mounted on one sheet, to be taken along: in plain colours, each with its title."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from html import escape
from pathlib import Path

import vl_convert

from kpi_core.palette import LIGHT
from kpi_core.report import charted
from kpi_core.report.pdf import FONT

_FONTS = Path(__file__).parent / "fonts"
_SIZE = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)" width="[^"]*" height="[^"]*"')
_STYLE = re.compile(r' style="display:block[^"]*"')
_MARGIN, _LINE = 24.0, 20.0
#: Letters that a line of a title has, by the width of its picture.
_LETTERS_A_PIXEL = 0.135
#: A picture of points is twice as fine as a screen of old.
_SCALE = 2.0


def svg(head: str, note: str, pictures: Sequence[tuple[str, str]], columns: int) -> str:
    """One SVG of several pictures (a title and an inline SVG each), in rows of `columns`."""
    sizes = [_SIZE.search(picture) for _, picture in pictures]
    found = [(float(size[1]), float(size[2])) for size in sizes if size]
    width = max(one for one, _ in found)
    titles = [textwrap.wrap(title, int(width * _LETTERS_A_PIXEL)) for title, _ in pictures]
    parts, y = [_text(head, _MARGIN, _MARGIN + _LINE, "700", 18)], _MARGIN + 2.2 * _LINE
    for start in range(0, len(pictures), columns):
        row = range(start, min(start + columns, len(pictures)))
        lines = max(len(titles[place]) for place in row)
        for place in row:
            x = _MARGIN + (place - start) * (width + _MARGIN)
            parts += [
                _text(line, x, y + count * _LINE, "600", 14)
                for count, line in enumerate(titles[place])
            ]
            parts.append(_placed(pictures[place][1], x, y + (lines - 0.4) * _LINE))
        y += lines * _LINE + max(found[place][1] for place in row) + _MARGIN
    across = min(columns, len(pictures))
    wide = _MARGIN + across * (width + _MARGIN)
    parts.append(_text(note, _MARGIN, y, "400", 12))
    high = y + _MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide:g}" height="{high:g}" '
        f'viewBox="0 0 {wide:g} {high:g}"><title>{escape(head)}</title>'
        f'<rect width="100%" height="100%" fill="{LIGHT.background}"/>{"".join(parts)}</svg>'
    )


def png(drawn: str) -> bytes:
    """The sheet as a picture of points, with the fonts of papers."""
    vl_convert.register_font_directory(str(_FONTS))
    return bytes(vl_convert.svg_to_png(drawn, scale=_SCALE))


def _placed(picture: str, x: float, y: float) -> str:
    plain = charted.printed(picture, LIGHT, FONT)
    return _STYLE.sub("", plain, count=1).replace("<svg ", f'<svg x="{x:g}" y="{y:g}" ', 1)


def _text(text: str, x: float, y: float, weight: str, size: int) -> str:
    return (
        f'<text x="{x:g}" y="{y:g}" font-family="{FONT}, sans-serif" font-size="{size}" '
        f'font-weight="{weight}" fill="{LIGHT.text}">{escape(text)}</text>'
    )
