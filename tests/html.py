"""HTML that a page shows, read back: its texts, its counts, its cards, its pictures."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

#: Everything that a template may write. A tag that is not here came out of somebody's text.
TAGS = frozenset(
    {
        "a",
        "article",
        "b",
        "br",
        "caption",
        "code",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "h1",
        "h2",
        "h3",
        "h4",
        "i",
        "li",
    }
    | {"ol", "p", "script", "section", "span", "style", "summary", "table", "tbody", "td", "th"}
    | {"thead", "tr", "ul"}
)
SVG = "{http://www.w3.org/2000/svg}"


class Shown(HTMLParser):
    """The HTML of a page, read as a browser would."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self.counts: dict[str, int] = {}
        self.indicators: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.handlers: set[str] = set()
        self.pictures: list[ET.Element] = []
        self.scripts: list[str] = []
        self._count = ""
        self._packed = False
        self._script = False
        self.feed(html)
        self.close()

    @property
    def text(self) -> str:
        """All the text, as it reads."""
        return " ".join(self.texts)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.add(tag)
        self.handlers.update(name for name in given if name.startswith("on"))
        if "data-count" in given:
            self._count = given["data-count"] or ""
        if "data-indicator" in given:
            self.indicators.append(given["data-indicator"] or "")
        if tag == "a":
            self.links.append(given.get("href") or "")
        self._packed = tag == "script" and given.get("class") == "kpi-picture"
        self._script = tag == "script" and not self._packed

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._packed = self._script = False

    def handle_data(self, data: str) -> None:
        if self._packed:
            self.pictures.append(ET.fromstring(json.loads(data)))  # noqa: S314 - ours
        elif self._script:
            self.scripts.append(data)
        else:
            self.texts.append(data)
            if self._count and data.strip().isdigit():
                self.counts[self._count] = int(data)
                self._count = ""
