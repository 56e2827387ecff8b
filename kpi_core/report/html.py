"""A paper as one HTML file that needs nothing beside it: styles and charts stand in it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from kpi_core.report.tree import LANGUAGE, Paper

_HERE = Path(__file__).parent


def html(paper: Paper) -> bytes:
    """The paper as a web page."""
    text = _template().render(
        paper=paper,
        blocks=[(type(block).__name__, block) for block in paper.blocks],
        language=LANGUAGE,
        style=_style(paper),
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


def _style(paper: Paper) -> str:
    """The colours of light and dark as variables, the rules that use them, and what every printed
    page has to say in its margins.
    """
    declared = " ".join(
        f"--kpi-{name}: light-dark({light}, {dark});"
        for name, (light, dark) in paper.organisation.colours.variables().items()
    )
    above, below = _quoted(" · ".join(paper.warnings)), _quoted(paper.made_from)
    margins = (
        f"@page {{ @top-left {{ content: {above}; }} @bottom-left {{ content: {below}; }} "
        '@bottom-right { content: counter(page) " / " counter(pages); } }'
    )
    rules = (_HERE / "paper.css").read_text(encoding="utf-8")
    return f":root {{ {declared} }}\n{rules}{margins}\n"


def _quoted(text: str) -> str:
    """The text as a string of CSS, that neither ends it nor the element it stands in."""
    return (
        '"'
        + "".join(one if one.isalnum() or one == " " else f"\\{ord(one):x} " for one in text)
        + '"'
    )
