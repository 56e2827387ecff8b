"""Pages and papers as they are drawn: their words, held against the values that they are about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from html.parser import HTMLParser

from kpi_core import cells, display, summary
from kpi_core.report.parts import NONE
from kpi_core.words import DECIDED, Alert, Direction, Rating
from tests.contradictions.statements import Activity, Kpi, Row, Told

_VOID = frozenset(("br", "hr", "img", "input", "link", "meta"))


@dataclass
class Element:
    """A part of a page with all the text inside it."""

    tag: str
    given: Mapping[str, str | None]
    inside: list[Element] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What a reader hears: nothing of what is hidden from those who do not see."""
        return " ".join("".join(self.parts).split())

    def all(self, tag: str = "", kind: str = "") -> list[Element]:
        """Every element inside with that tag and class."""
        found = []
        for one in self.inside:
            classes = (one.given.get("class") or "").split()
            if (not tag or one.tag == tag) and (not kind or kind in classes):
                found.append(one)
            found += one.all(tag, kind)
        return found

    def first(self, kind: str, tag: str = "") -> str:
        """The text of the first such element; empty without one."""
        found = self.all(tag, kind)
        return found[0].text if found else ""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Element("page", {})]
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            return
        element = Element(tag, dict(attrs))
        self.open[-1].inside.append(element)
        self.open.append(element)
        self.hidden += self._is_hidden(element)

    def handle_endtag(self, tag: str) -> None:
        if tag not in [element.tag for element in self.open]:
            return
        while True:
            closed = self.open.pop()
            self.hidden -= self._is_hidden(closed)
            if closed.tag == tag:
                return

    def handle_data(self, data: str) -> None:
        for element in [] if self.hidden else self.open:
            element.parts.append(data)

    @staticmethod
    def _is_hidden(element: Element) -> bool:
        return (
            element.tag in ("script", "style", "svg") or element.given.get("aria-hidden") == "true"
        )


def read(html: str) -> Element:
    """A page or paper in parts."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.open[0]


def on_cards(told: Told, html: str) -> Iterator[str]:
    """What the cards of a section's page say otherwise than the values."""
    cards = {one.given["data-indicator"]: one for one in read(html).all("article", "card")}
    for kpi in told.kpis:
        if card := cards.get(kpi.code):
            yield from _said(kpi.code, "card", _of_card(card), _wanted(kpi))
    for activity in told.activities:
        if card := cards.get(activity.code):
            yield from _said(activity.code, "card", _of_card(card), _wanted_of(activity))


def _of_card(card: Element) -> dict[str, str]:
    return {
        "rating": card.first("pill"),
        "direction": card.first("way"),
        "before": card.first("was"),
        "sentence": card.first("say"),
    }


def on_page(kpi: Kpi, html: str) -> Iterator[str]:
    """What an indicator's page says otherwise than the values: at its head, of its chart, of the year."""
    page = read(html)
    (head,) = [one for one in page.all("div", "kpi") if one.all("h1")]
    shown = {
        "rating": head.first("pill"),
        "direction": head.first("way"),
        "sentence": head.first("lead"),
    }
    yield from _said(kpi.code, "page", shown, _wanted(kpi))
    found = kpi.control
    promised = [one.text for one in page.all("p", "chance-words")]
    means = found.assurance or ("not stable, no assurance" if found.unstable else "")
    if means and not any(means.capitalize() in text for text in promised):
        yield f"{kpi.code}: {promised} on the page beside {means}"
    chances = {text for one in page.all("div", "chances") for text in _texts(one.inside)}
    if chances != set(_chances(kpi)):
        yield f"{kpi.code}: {chances} on the page beside {set(_chances(kpi))}"
    paragraphs = _texts(page.all("p"))
    for text in _outlook(kpi):
        if not any(text in paragraph for paragraph in paragraphs):
            yield f"{kpi.code}: no “{text}” on the page"


def _texts(elements: Iterable[Element]) -> list[str]:
    return [one.text for one in elements if one.text]


def _chances(kpi: Kpi) -> Iterator[str]:
    """`Green over 99%`"""
    made = kpi.ahead.forecast
    if made is None or made.chances is None:
        return
    for rating, chance in zip(DECIDED, made.chances, strict=True):
        if chance is not None:
            whole = round(100 * chance)
            said = {0: "under 1%", 100: "over 99%"}.get(whole, f"{whole}%")
            yield f"{kpi.wording.label(rating)} {said}"


def _outlook(kpi: Kpi) -> Iterator[str]:
    """Centre and interval of the outlook, as they read."""
    made = kpi.ahead.forecast
    if made is None:
        return
    unit, decimals = str(kpi.view.indicator["unit"]), int(str(kpi.view.indicator["decimals"]))
    centre, low, high = (
        display.figure(Decimal(str(round(figure, 6))), unit, decimals, kpi.wording)
        for figure in (made.outlook.centre, made.low, made.high)
    )
    yield f"at about {centre};"
    yield f"between {low} and {high}."


def on_paper(told: Told, html: str) -> Iterator[str]:
    """What a paper's cards say otherwise than the values, in the order of the report."""
    kpis, activities = (
        {one.code: one for one in told.kpis},
        {one.code: one for one in told.activities},
    )
    cards = iter(read(html).all("article"))
    for section in told.sections:
        for code in section.kpis["indicator"]:
            card = next(cards)
            shown = _of_table(card)
            if code in kpis:
                yield from _said(code, "paper", shown, _wanted(kpis[code]))
                yield from _in_paper(kpis[code], card)
        for row in section.activities.drop_nulls("value").iter_rows(named=True):
            card = next(cards)
            if (one := activities.get(row["indicator"])) is not None:
                said = summary.activity(one.row, one.at, one.wording)
                if not any(text.startswith(said) for text in _texts(card.all("p"))):
                    yield f"{one.code}: no “{said}” on the paper"
    if left := list(cards):
        yield f"{len(left)} cards more on the paper than in the report"


def _of_table(card: Element) -> dict[str, str]:
    names, figures = _texts(card.all("th")), [one.text for one in card.all("td")]
    row = dict(zip(names, figures, strict=True))
    return {
        "rating": row["Rating"],
        "direction": row["Direction"],
        "figure": row["Current"],
        "rating before": row["Previous rating"],
    }


def _in_paper(kpi: Kpi, card: Element) -> Iterator[str]:
    said = cells.said(kpi.row, kpi.at, kpi.wording)
    if " ".join(said.split()) not in _texts(card.all("p")):
        yield f"{kpi.code}: no “{said}” on the paper"


def _wanted(kpi: Kpi) -> dict[str, str]:
    """How the values of a KPI read."""
    row, label = kpi.row, kpi.wording.label
    return {
        "rating": label(row["rating"]),
        "direction": _way(row, kpi),
        "figure": cells.figure(row, "value", kpi.wording),
        "before": cells.was(row, kpi.at, kpi.wording),
        "rating before": NONE if row["previous_rating"] is None else label(row["previous_rating"]),
        "sentence": cells.said(row, kpi.at, kpi.wording),
    }


def _way(row: Row, kpi: Kpi) -> str:
    if row["direction"] == Direction.NOT_PRINTED:
        return "ot printed"  # `Not printed`, `Direction not printed`
    return "" if row["direction"] is None else kpi.wording.direction_label(row["direction"])


def _wanted_of(activity: Activity) -> dict[str, str]:
    row = activity.row
    alert = Alert(row["alert"]).label if row["alert"] else "No expected range"
    return {"rating": alert, "before": cells.was(row, activity.at, activity.wording)}


def _said(
    code: str, where: str, shown: Mapping[str, str], wanted: Mapping[str, str]
) -> Iterator[str]:
    """The same words on both sides; a rating may have `as published` behind it."""
    for name in [one for one in shown if one in wanted]:
        words = " ".join(wanted[name].split())
        behind = shown[name].removeprefix(words) if shown[name].startswith(words) else None
        if name == "direction" and words.startswith("ot "):
            behind = "" if words in shown[name] else None
        if behind is None or behind.strip() not in ("", "as published"):
            yield f"{code}: {name} is “{shown[name]}” on the {where}, its value “{words}”"


def rows_of_changes(html: str) -> Sequence[tuple[str, str]]:
    """The list of what changed: the pills of each row in words, and its sentence."""
    rows = [row for told in read(html).all("ul", "told") for row in told.all("li")]
    return [
        (" → ".join(one.text for one in row.all("span", "pill")), row.first("say")) for row in rows
    ]


def on_list(told: Told, html: str) -> Iterator[str]:
    """What the page of changes says otherwise than the values."""
    label = told.wording.label
    wanted = [
        (
            " → ".join(label(Rating(one)) for one in (row["was"], row["now"]) if one is not None),
            " ".join(row["sentence"].split()),
        )
        for row in told.changes.found.iter_rows(named=True)
    ]
    shown = list(rows_of_changes(html))
    if shown != wanted:
        yield f"what changed is {shown} on the page, {wanted} in the values"
