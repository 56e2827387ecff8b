"""A paper as a tagged PDF, compiled by Typst under PDF/UA-1: a missing text alternative fails it."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

import typst

from kpi_core.colours import Colours
from kpi_core.palette import Palette
from kpi_core.report import charted
from kpi_core.report.tree import Paper, Picture, Rated, Way
from kpi_core.words import Rating

_HERE = Path(__file__).parent
FONT = "Source Sans 3"

#: Dots per inch of a preview: a page of A4 is 660 pixels wide.
_PREVIEW = 80.0

#: What stands for a character that none of the fonts can show.
_UNKNOWN = "\N{REPLACEMENT CHARACTER}"
#: Up to here, Latin with its accents, the font has every letter.
_LATIN = 0x250
_PROBE = b"""#set document(title: "-")
#set text(font: ("Source Sans 3", "DejaVu Sans Mono"))
#text(sys.inputs.letters)"""
#: How Typst writes a character that cannot be seen.
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
_REFUSED = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)


def pdf(paper: Paper) -> bytes:
    """The paper as a PDF with title, language, tags, bookmarks and text alternatives."""
    return compiled(tree(paper), int(paper.written_at.timestamp()))


def pictured(paper: Paper) -> list[bytes]:
    """Each page of the PDF as a PNG, small enough for a preview."""
    content = _compiled(tree(paper), format="png", ppi=_PREVIEW)
    return content if isinstance(content, list) else [content]


def compiled(paper: dict[str, Any], moment: int) -> bytes:
    """The tree of a paper, as `tree` gives it, as a PDF that bears the moment (seconds since 1970)."""
    content = _compiled(paper, pdf_standards=["ua-1"], timestamp=moment)
    assert isinstance(content, bytes)  # noqa: S101 - a list of pages is only given of pictures
    return content


def _compiled(paper: dict[str, Any], **options: Any) -> bytes | list[bytes]:
    text = json.dumps(paper, ensure_ascii=False)
    lost = str.maketrans(dict.fromkeys(_not_in_fonts(text), _UNKNOWN))
    content: bytes | list[bytes]
    content, _ = typst.compile_with_warnings(
        (_HERE / "paper.typ").read_bytes(),
        font_paths=fonts(),
        ignore_system_fonts=True,
        sys_inputs={"paper": text.translate(lost)},
        **options,
    )
    return content


@cache
def fonts() -> typst.Fonts:
    """The fonts of papers: none of the machine's, so that every machine makes the same."""
    return typst.Fonts(include_system_fonts=False, font_paths=[str(_HERE / "fonts")])


def _not_in_fonts(text: str) -> set[str]:
    """The characters that no font of papers has: one of them would refuse the whole paper."""
    asked = {one for one in set(text) if ord(one) >= _LATIN}
    lost: set[str] = set()
    while asked:
        try:
            typst.compile(
                _PROBE,
                font_paths=fonts(),
                ignore_system_fonts=True,
                sys_inputs={"letters": " ".join(sorted(asked))},
                pdf_standards=["ua-1"],
                timestamp=0,
            )
        except typst.TypstError as error:
            refused = _REFUSED.search(error.message)
            found = set(_ESCAPED.sub(_character, refused[1])) & asked if refused else set()
            if not found:
                raise
            lost |= found
            asked -= found
        else:
            break
    return lost


def _character(escaped: re.Match[str]) -> str:
    return chr(int(escaped[1], 16))


def tree(paper: Paper) -> dict[str, Any]:
    """The paper in plain dicts and lists, with its colours; pictures in those of light paper."""
    colours = paper.organisation.colours
    palette = colours.palettes()[0]
    return {
        "organisation": paper.organisation.name,
        "name": paper.name,
        "title": paper.title,
        "subtitle": paper.subtitle,
        "keywords": [paper.kind, *([paper.edition.hash] if paper.edition else [])],
        "made_from": paper.made_from,
        "warnings": list(paper.warnings),
        "stamp": paper.edition.stamp if paper.edition else "",
        "is_wide": paper.is_wide,
        "tones": tones(colours, palette),
        "blocks": [_plain(block, palette) for block in paper.blocks],
    }


def tones(colours: Colours, palette: Palette) -> dict[str, Any]:
    """The colours of light paper by what they are for."""
    shades = {str(one): colours.of(one)[0] for one in Rating}
    return {
        "text": palette.text,
        "muted": palette.muted,
        "rule": palette.rule,
        "on_red": shades["RED"].text,
        "ratings": {name: {"tint": one.tint, "text": one.text} for name, one in shades.items()},
    }


def _plain(value: Any, palette: Palette) -> Any:
    if isinstance(value, Rated):
        return asdict(value) | {"shape": value.shape}
    if isinstance(value, Way):
        return asdict(value) | {"arrow": value.arrow}
    if isinstance(value, Picture):
        svg = charted.printed(value.svg, palette, FONT)
        return {"kind": "picture", "svg": svg, "alt": value.alt}
    if is_dataclass(value) and not isinstance(value, type):
        names = [field.name for field in fields(value)]
        held = {name: _plain(getattr(value, name), palette) for name in names}
        return {"kind": type(value).__name__.lower(), **held}
    if isinstance(value, tuple):
        return [_plain(one, palette) for one in value]
    return value
