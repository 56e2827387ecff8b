"""An altair chart as a picture to stand in a page: inline SVG, small and accessible.

Vega's own SVG repeats every attribute on every mark, describes itself to screen readers part by
part, and paints a background. Here it becomes one image with one text alternative: what a mark
says of itself turns into its tooltip, what marks have in common moves to their group, and the
colours of `palette.THEMED` turn into CSS variables. Texts pass through an XML parser and writer,
so they need no escaping and can do no harm.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Any
from xml.etree import ElementTree as ET

import altair as alt
import vl_convert

from kpi_core.palette import VARIABLES

# Marks of different layers never share their rows: looking for such takes altair a quarter of its time.
alt.data_transformers.consolidate_datasets = False

_SVG = "http://www.w3.org/2000/svg"
_VEGALITE = ".".join(alt.VEGALITE_VERSION.split(".")[:2])

#: Attributes that say how a mark looks or where it is; all others are Vega's own business.
_KEPT = {
    "cx", "cy", "clip-path", "d", "fill", "fill-opacity", "font-family", "font-size", "font-style",
    "font-weight", "height", "href", "id", "offset", "opacity", "r", "rx", "ry", "stop-color",
    "stroke", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "stroke-opacity",
    "stroke-width", "text-anchor", "transform", "width", "x", "x1", "x2", "y", "y1", "y2",
}  # fmt: skip
#: Of these, the ones that a group hands down to what it holds.
_INHERITED = {
    "fill", "fill-opacity", "font-family", "font-size", "font-style", "font-weight", "stroke",
    "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "stroke-opacity", "stroke-width",
    "text-anchor",
}  # fmt: skip
_GEOMETRY = {"d", "height", "transform", "width", "x", "x1", "x2", "y", "y1", "y2"}
#: What it means when nothing is said, so that it need not be said.
_DEFAULTS = {
    ("opacity", "1"), ("font-weight", "normal"), ("stroke-dasharray", "1,0"), ("x2", "0"),
    ("y2", "0"), ("transform", "translate(0,0)"),
}  # fmt: skip

_NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
#: Characters that XML does not allow. One of them in a text that vl-convert measures raises no
#: error: it aborts the whole process (vega/vl-convert#220).
_FORBIDDEN = dict.fromkeys(
    [*range(9), 11, 12, *range(14, 32), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF]
)
_REFERENCE = re.compile(r"url\(#([\w-]+)\)")


def draw(chart: alt.TopLevelMixin, alt_text: str) -> str:
    """The chart as inline SVG: an image that says alt_text, and fits the width that it is given."""
    return picture(specification(chart), alt_text)


def specification(chart: alt.TopLevelMixin) -> str:
    """The chart in Vega-Lite, as text.

    Charts made here are known to be sound, so altair does not check them once more.
    """
    return json.dumps(printable(chart.to_dict(validate=False)))


def picture(spec: str, alt_text: str) -> str:
    """What `draw` gives, from the specification."""
    said = printable(alt_text)
    vega = vl_convert.vegalite_to_svg(spec, vl_version=_VEGALITE)
    drawn = ET.fromstring(vega)  # noqa: S314 - Vega's markup: no document type, no entities
    width, height = drawn.attrib["width"], drawn.attrib["height"]
    prefix = f"k{sha256((said + spec).encode()).hexdigest()[:8]}"
    image = ET.Element(
        "svg",
        {
            "xmlns": _SVG,
            "viewBox": drawn.attrib["viewBox"],
            "width": width,
            "height": height,
            "role": "img",
            "aria-label": said,
            "style": f"display:block;width:100%;max-width:{width}px;height:auto",
        },
    )
    body = ET.SubElement(image, "g", {"aria-hidden": "true"})
    body.extend(part for child in drawn for part in _tidy(child, prefix))
    return ET.tostring(image, encoding="unicode")


def printable(value: Any) -> Any:
    """The value with all that it holds, without the characters that cannot be drawn."""
    if isinstance(value, str):
        return value.translate(_FORBIDDEN) if not value.isprintable() else value
    if isinstance(value, dict):
        return {key: printable(held) for key, held in value.items()}
    if isinstance(value, list | tuple):
        return [printable(held) for held in value]
    return value


def _tidy(element: ET.Element, prefix: str) -> Iterator[ET.Element]:
    """The element without what shows nothing; of a group that does nothing, what it holds."""
    if element.get("class") in ("background", "foreground") and not _paints(element):
        return
    tag = element.tag.removeprefix(f"{{{_SVG}}}")
    kept = ET.Element(tag, dict(_attributes(element, prefix)))
    kept.text = element.text
    kept.extend(part for child in element for part in _tidy(child, prefix))
    if tag == "g":
        _hand_down(kept)
        yield from [kept] if kept.attrib and len(kept) else kept
        return
    said = element.get("aria-label")
    if said and element.get("role") == "graphics-symbol":
        if not _paints(kept):
            # A mark without any fill would not feel the pointer.
            kept.set("fill", "transparent")
        ET.SubElement(kept, "title").text = said
    yield kept


def _paints(element: ET.Element) -> bool:
    return any(
        element.get(name, "none") not in ("none", "transparent") for name in ("fill", "stroke")
    )


def _attributes(element: ET.Element, prefix: str) -> Iterator[tuple[str, str]]:
    for name, value in element.items():
        short = _NUMBER.sub(_rounded, value) if name in _GEOMETRY else value
        if name not in _KEPT or (name, short) in _DEFAULTS:
            continue
        if name == "id":
            yield name, f"{prefix}-{value}"
        elif name == "font-size":
            yield name, value.removesuffix("px")
        else:
            themed = VARIABLES.get(value, short)
            yield name, _REFERENCE.sub(rf"url(#{prefix}-\1)", themed)


def _rounded(number: re.Match[str]) -> str:
    # Tenths of a pixel are finer than a screen can show; the sum turns -0.0 into 0.
    return f"{round(float(number[0]), 1) + 0.0:.10g}"


def _hand_down(group: ET.Element) -> None:
    """Move to the group what all that it holds has in common."""
    for name in sorted(_INHERITED):
        values = {child.get(name) for child in group}
        value = values.pop() if len(values) == 1 and len(group) > 1 else None
        if value is not None:
            group.set(name, value)
            for child in group:
                del child.attrib[name]
