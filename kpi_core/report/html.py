"""A paper as one HTML file that needs nothing beside it: styles and charts stand in it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from kpi_core.colours import Colours
from kpi_core.report.tree import LANGUAGE, Paper

_HERE = Path(__file__).parent


def html(paper: Paper) -> bytes:
    """The paper as a web page."""
    text = _template().render(
        paper=paper,
        blocks=[(type(block).__name__, block) for block in paper.blocks],
        language=LANGUAGE,
        style=_style(paper.organisation.colours),
    )
    return text.encode()


@cache
def _template() -> Template:
    """Everything in it is escaped but the pictures, which `svg` has made, and the styles."""
    templates = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters["slug"] = lambda rating: rating.lower().replace(" ", "-")
    return templates.get_template("paper.html")


def _style(colours: Colours) -> str:
    """The colours of light and dark as variables, and the rules that use them."""
    declared = " ".join(
        f"--kpi-{name}: light-dark({light}, {dark});"
        for name, (light, dark) in colours.variables().items()
    )
    return f":root {{ {declared} }}\n{(_HERE / 'paper.css').read_text(encoding='utf-8')}"
