"""The look: one stylesheet, one set of templates, every value escaped on its way into a page."""

from __future__ import annotations

import json
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import streamlit as st
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from kpi_core import display
from kpi_core.colours import UNSET, Colours
from kpi_core.organisation import Organisation
from kpi_core.wording import PLAIN, Wording
from kpi_core.words import Alert, Rating

_HERE = Path(__file__).parent

#: Organisations whose stylesheet and templates are kept.
_ORGANISATIONS = 32
#: Ratings without a standing share one look, unless the organisation gives them colours of their own.
_STANDLESS = (Rating.NO_DATA, Rating.NOT_RATED, Rating.UNDECIDED)


def stylesheet(organisation: Organisation | None) -> str:
    """The organisation's colours as variables that follow the theme, and the rules that use them."""
    return _stylesheet(organisation.colours if organisation else UNSET)


@lru_cache(_ORGANISATIONS)
def _stylesheet(colours: Colours) -> str:
    declared = " ".join(
        f"--kpi-{name}: {_either(*pair)};" for name, pair in colours.variables().items()
    )
    rules = (_HERE / "look.css").read_text(encoding="utf-8")
    return f".stApp {{ {declared} }}\n{rules}{_own_rules(colours)}"


def _own_rules(colours: Colours) -> str:
    """Rules for ratings without a standing that have colours of their own."""
    rules = []
    for rating, (light, dark) in colours.own:
        if rating in _STANDLESS:
            where = ", ".join(f".kpi .{part}.{slug(rating)}" for part in ("pill", "cell"))
            tint, text = _either(light.tint, dark.tint), _either(light.text, dark.text)
            rules.append(f"{where} {{ background: {tint}; color: {text}; }}\n")
    return "".join(rules)


def _either(light: str, dark: str) -> str:
    return f"light-dark({light}, {dark})"


def slug(rating: str) -> str:
    """A rating's class in the stylesheet: `no-data`."""
    return rating.lower().replace(" ", "-")


@lru_cache(_ORGANISATIONS)
def _templates(wording: Wording) -> Environment:
    """The templates of one organisation: nothing in them is shared with another's."""
    templates = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.globals["wording"] = wording
    templates.filters.update(
        label=wording.label,
        meaning=wording.meaning,
        direction_label=wording.direction_label,
        direction_meaning=wording.direction_meaning,
        alert_label=lambda alert: Alert(alert).label,
        change=partial(display.change, wording=wording),
        slug=slug,
        capitalised=lambda text: text[:1].upper() + text[1:],
    )
    return templates


def render(template: str, wording: Wording = PLAIN, /, **values: Any) -> str:
    """A template filled in, in the organisation's words.

    Strings are escaped; only pictures drawn here pass as they are.
    """
    return _templates(wording).get_template(template).render(**values)


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
