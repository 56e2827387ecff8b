"""Pictures of a page mounted on one sheet, to be taken along: in plain colours, each with its title."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from html import escape

import typst

from kpi_core.palette import LIGHT
from kpi_core.report import charted
from kpi_core.report.pdf import FONT, fonts

_SIZE = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
_STYLE = re.compile(r' style="display:block[^"]*"')
_MARGIN, _LINE = 24.0, 20.0
_HEAD, _TITLE, _NOTE = (700, 18), (600, 14), (400, 12)
#: Letters that a line has room for, by its pixels and the size of its letters.
_LETTERS = 2.0
#: A picture of points is twice as fine as a screen of old.
_DOTS_PER_INCH = 192.0
_PAGE = b"""#set page(width: auto, height: auto, margin: 0pt)
#image(bytes(sys.inputs.picture), format: "svg")"""


def svg(
    head: str,
    note: str,
    pictures: Sequence[tuple[str, str]],
    columns: int,
    key: Sequence[tuple[str, str]] = (),
) -> str:
    """One SVG of several pictures (a title and an inline SVG each), in rows of `columns`.

    Above them stands a key: pieces of lines as inline SVG, with what each of them means.
    """
    sizes = [_size(picture) for _, picture in pictures]
    width = max(wide for wide, _ in sizes)
    across = min(columns, len(pictures))
    sheet = across * (width + _MARGIN) - _MARGIN
    parts, y = [], _MARGIN + 0.5 * _LINE
    for line in _wrapped(head, sheet, _HEAD):
        parts.append(_text(line, _MARGIN, y, _HEAD))
        y += 1.2 * _LINE
    for sample, meaning in key:
        wide, high = _size(sample)
        parts += [
            _placed(sample, _MARGIN, y - 0.25 * _LINE - high / 2),
            _text(meaning, _MARGIN + wide + 12, y, _TITLE),
        ]
        y += 1.1 * _LINE
    for start in range(0, len(pictures), across):
        row = pictures[start : start + across]
        titles = [list(_wrapped(title, width, _TITLE)) for title, _ in row]
        below = y + _LINE * max(map(len, titles)) - 0.4 * _LINE
        for place, (lines, (_, picture)) in enumerate(zip(titles, row, strict=True)):
            x = _MARGIN + place * (width + _MARGIN)
            parts += [_text(line, x, y + at * _LINE, _TITLE) for at, line in enumerate(lines)]
            parts.append(_placed(picture, x, below))
        y = below + max(high for _, high in sizes[start : start + across]) + 1.4 * _LINE
    for line in _wrapped(note, sheet, _NOTE):
        parts.append(_text(line, _MARGIN, y, _NOTE))
        y += 0.9 * _LINE
    wide, high = sheet + 2 * _MARGIN, y + 0.3 * _MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide:g}" height="{high:g}" '
        f'viewBox="0 0 {wide:g} {high:g}"><title>{escape(head)}</title>'
        f'<rect width="100%" height="100%" fill="{LIGHT.background}"/>{"".join(parts)}</svg>'
    )


def png(drawn: str) -> bytes:
    """The sheet as a picture of points, in the fonts of papers."""
    found = typst.compile(
        _PAGE, format="png", ppi=_DOTS_PER_INCH, font_paths=fonts(), ignore_system_fonts=True,
        sys_inputs={"picture": drawn},
    )  # fmt: skip
    return found[0] if isinstance(found, list) else found


def _size(picture: str) -> tuple[float, float]:
    found = _SIZE.search(picture)
    return (float(found[1]), float(found[2])) if found else (0.0, 0.0)


def _wrapped(text: str, width: float, look: tuple[int, int]) -> Iterator[str]:
    yield from textwrap.wrap(text, int(_LETTERS * width / look[1]))


def _placed(picture: str, x: float, y: float) -> str:
    plain = charted.printed(picture, LIGHT, FONT)
    return _STYLE.sub("", plain, count=1).replace("<svg ", f'<svg x="{x:g}" y="{y:g}" ', 1)


def _text(text: str, x: float, y: float, look: tuple[int, int]) -> str:
    weight, size = look
    return (
        f'<text x="{x:g}" y="{y:g}" font-family="&quot;{FONT}&quot;, sans-serif" font-size="{size}" '
        f'font-weight="{weight}" style="font-variation-settings: &quot;wght&quot; {weight}" '
        f'fill="{LIGHT.text}">{escape(text)}</text>'
    )
