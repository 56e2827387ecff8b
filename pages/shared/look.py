"""The look: one stylesheet, one set of templates, every value escaped on its way into a page."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from kpi_core import display
from kpi_core.palette import DARK, LIGHT
from kpi_core.words import Alert, Direction, Rating

_HERE = Path(__file__).parent

#: Colours of words on their tints, light and dark; contrast at least 5.4 (see tests/test_look.py).
TINTS = {
    "tint-green": ("#e3f3ea", "#0f3323"), "on-green": ("#00703c", "#62d09a"),
    "tint-amber": ("#fdf0d9", "#3a2a0c"), "on-amber": ("#8a4b00", "#f5bd5a"),
    "tint-red": ("#fbe6e4", "#45191a"), "on-red": ("#b3261e", "#ff9a90"),
    "tint-none": ("#eceff3", "#26303b"), "none": ("#c3cad3", "#4a5665"),
}  # fmt: skip


@cache
def stylesheet() -> str:
    """The colours as variables that follow the theme, and the rules that use them."""
    pairs = {
        name.replace("_", "-"): (light, getattr(DARK, name))
        for name, light in asdict(LIGHT).items()
    }
    declared = " ".join(
        f"--kpi-{name}: light-dark({light}, {dark});"
        for name, (light, dark) in (pairs | TINTS).items()
    )
    return f".stApp {{ {declared} }}\n{(_HERE / 'look.css').read_text(encoding='utf-8')}"


@cache
def _templates() -> Environment:
    templates = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters.update(
        label=lambda rating: Rating(rating).label,
        meaning=lambda rating: Rating(rating).meaning,
        direction_meaning=lambda direction: Direction(direction).meaning,
        alert_label=lambda alert: Alert(alert).label,
        change=display.change,
        capitalised=lambda text: text[:1].upper() + text[1:],
    )
    return templates


def render(template: str, **values: Any) -> str:
    """A template filled in. Strings are escaped; only pictures drawn here pass as they are."""
    return _templates().get_template(template).render(**values)


def drawn(svg: str) -> Markup:
    """A picture of `kpi_core.svg`, packed to stand in a template.

    Streamlit cleans HTML of every SVG; `show` unpacks it again in the browser. No angle bracket
    may be left in it, or the cleaner takes the whole for an attack.
    """
    packed = json.dumps(svg).replace("<", "\\u003c").replace(">", "\\u003e")
    return Markup(f'<script type="application/json" class="kpi-picture">{packed}</script>')  # noqa: S704


#: Puts each packed picture in its place. It runs once the HTML around it stands in the page. After
#: a link within the page (see frame) the new heading takes the focus, so that it is read out.
_UNPACK = """
<script>
for (const packed of document.querySelectorAll("script.kpi-picture"))
  packed.outerHTML = JSON.parse(packed.textContent);
if (window.kpiMoved) {
  const heading = document.querySelector(".kpi h1");
  if (heading) { heading.tabIndex = -1; heading.focus({ preventScroll: true }); }
  window.kpiMoved = false;
}
</script>
"""


def show(html: str) -> None:
    """Put rendered HTML on the page, its pictures unpacked."""
    st.html(html + _UNPACK, unsafe_allow_javascript=True)
